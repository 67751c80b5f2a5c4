//! Performs the agent's operations of the chat REST API: reads the request, calls the switchboard (the server's rules),
//! and writes the response.

use axum::http::Method;
use pipit_switchboard::{Agent, check_agent_request};
use pipit_wire::agent::{ACCOUNT_HEADER, Operation, SESSION_HEADER};
use pipit_wire::consumer::Method as ApiMethod;
use pipit_wire::{AccountId, ExceptionCode, Refusal, WireObject};

use crate::api_request::{ApiRequest, read_object};
use crate::app_state::AppState;
use crate::held_poll::wait_for_answer;
use crate::operations::Side;
use crate::response::{ApiResult, Refused, json_object};

/// The agent's side of the API.
pub(crate) struct AgentSide;

impl Side for AgentSide {
    const NAME: &'static str = "agent";

    type Operation = Operation;

    fn operation(name: &str) -> Option<Operation> {
        Operation::from_name(name)
    }

    fn method(operation: &Operation) -> Method {
        match operation.method() {
            ApiMethod::Get => Method::GET,
            ApiMethod::Post => Method::POST,
        }
    }

    fn is_called_with_post(_operation: &Operation) -> bool {
        true
    }

    fn noted(operation: &Operation, refused: Refused) -> Refused {
        refused.noted(Operation::STATUSES, Some(operation.exception_codes()))
    }

    async fn perform(operation: Operation, app: &AppState, request: &ApiRequest) -> ApiResult {
        /// Performs an operation of a session by the method of the switchboard's agent that is named after it.
        macro_rules! by_method {
            ($($operation:ident => $method:ident,)+) => {
                match operation {
                    Operation::CreateAutomatedAgentSession => create_session(app, request),
                    Operation::GetMessages => get_messages(app, request).await,
                    $(Operation::$operation => {
                        in_session(app, request, operation, |agent, body| agent.$method(&body))
                    })+
                }
            };
        }
        by_method! {
            SetActivityStatus => set_activity_status,
            RequestAssignment => request_assignment,
            AssignmentAcknowledgement => assignment_acknowledgement,
            PostMessage => post_message,
            SetInteractionStatus => set_interaction_status,
            ConcludeChat => conclude_chat,
            ReleaseChat => release_chat,
            SetEngagementProperty => set_engagement_property,
            ModifyProperties => modify_properties,
            RetrieveAgentsAndQueues => retrieve_agents_and_queues,
            RerouteEngagement => reroute_engagement,
            RerouteAvailability => reroute_availability,
            Logoff => logoff,
        }
    }
}

fn create_session(app: &AppState, request: &ApiRequest) -> ApiResult {
    let token = request.bearer()?;
    let body = checked(app, Operation::CreateAutomatedAgentSession, request)?;
    Ok(json_object(&app.mutate(|switchboard, now| {
        switchboard.check_pool(request.pool(), now)?;
        let claims = app.tokens.verify_agent(token, now)?;
        switchboard.create_agent_session(&claims, &body, now)
    })?))
}

async fn get_messages(app: &AppState, request: &ApiRequest) -> ApiResult {
    let (session_id, account) = credentials(request)?;
    let body = checked(app, Operation::GetMessages, request)?;
    // The switchboard checks the pool (the group of chat servers) of a poll itself. It tells the current pool to an agent
    // who polls a former pool.
    let poll = app.mutate(|switchboard, now| {
        let agent = switchboard.agent(session_id, account, now)?;
        agent.get_messages(&body, request.pool())
    })?;
    Ok(json_object(&wait_for_answer(app, poll).await))
}

/// Performs an operation that needs the session of an agent, except `getMessages`. Refuses a request that names a pool
/// that is unknown, or that the site (the customer's account) left too long ago.
fn in_session<Body: WireObject, Answer: WireObject>(
    app: &AppState,
    request: &ApiRequest,
    operation: Operation,
    perform: impl FnOnce(Agent<'_>, Body) -> Result<Answer, Refusal>,
) -> ApiResult {
    let (session_id, account) = credentials(request)?;
    let body = checked(app, operation, request)?;
    Ok(json_object(&app.mutate(|switchboard, now| {
        switchboard.check_pool(request.pool(), now)?;
        perform(switchboard.agent(session_id, account, now)?, body)
    })?))
}

/// Checks the body of a request, and reads it.
fn checked<T: WireObject>(
    app: &AppState,
    operation: Operation,
    request: &ApiRequest,
) -> Result<T, Refusal> {
    // The cURL command in the reference of the one GET operation has POST, so a lenient sandbox accepts a body too.
    let members = if request.method == Method::GET {
        request.members_of_parameter()?
    } else {
        request.members()?
    };
    check_agent_request(operation, &members, app.strictness)?;
    read_object(members)
}

/// Reads the session id and the account from the request's headers. Both are required.
fn credentials(request: &ApiRequest) -> Result<(&str, AccountId), Refusal> {
    let session_id = request.required_header(SESSION_HEADER)?;
    let account = request.required_header(ACCOUNT_HEADER)?;
    let account = account.trim().parse().map(AccountId).map_err(|_| {
        Refusal::new(
            403,
            &ExceptionCode::AccessDenied,
            format!("The header {ACCOUNT_HEADER} must be an account's number."),
        )
    })?;
    Ok((session_id, account))
}
