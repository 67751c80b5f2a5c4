//! Performs the operations of the consumer (the visitor's client): reads the request, calls the switchboard (the server's
//! rules), and writes the response.
//!
//! FOUND: seen in Oracle's own clients or answers.

use axum::http::Method;
use pipit_switchboard::{Consumer, check_consumer_request};
use pipit_wire::consumer::{Method as OperationMethod, Operation, ProactiveAvailableType};
use pipit_wire::{Refusal, WireObject};

use crate::api_request::{ApiRequest, Members, read_object};
use crate::app_state::AppState;
use crate::held_poll::wait_for_answer;
use crate::operations::Side;
use crate::response::{ApiResult, Refused, json_object};

/// The header with the consumer's session id. (FOUND)
const SESSION_HEADER: &str = "SessionId";

/// The consumer's side of the API.
pub(crate) struct ConsumerSide;

impl Side for ConsumerSide {
    const NAME: &'static str = "consumer";

    type Operation = Operation;

    fn operation(name: &str) -> Option<Operation> {
        Operation::from_name(name)
    }

    fn method(operation: &Operation) -> Method {
        match operation.method() {
            OperationMethod::Get => Method::GET,
            OperationMethod::Post => Method::POST,
        }
    }

    fn is_called_with_post(operation: &Operation) -> bool {
        *operation == Operation::GetQueueStats
    }

    fn noted(operation: &Operation, refused: Refused) -> Refused {
        // The pages about the consumer's operations list no codes.
        refused.noted(operation.statuses(), None)
    }

    async fn perform(operation: Operation, app: &AppState, request: &ApiRequest) -> ApiResult {
        match operation {
            Operation::RequestEngagement => request_engagement(app, request),
            Operation::GetMessages => get_messages(app, request).await,
            Operation::PostMessage => in_session(app, request, operation, |consumer, body| {
                consumer.post_message(&body)
            }),
            Operation::Activity => in_session(app, request, operation, |consumer, body| {
                consumer.activity(&body)
            }),
            Operation::ConcludeEngagement => {
                in_session(app, request, operation, |consumer, body| {
                    consumer.conclude_engagement(&body)
                })
            }
            Operation::GetQueueStats => {
                let query = checked(app, operation, queue_stats_members(app, request)?)?;
                Ok(json_object(&app.mutate(|switchboard, now| {
                    switchboard.check_pool(request.pool(), now)?;
                    Ok::<_, Refusal>(switchboard.queue_stats(&query))
                })?))
            }
            // This operation accepts every pool.
            Operation::GetEngagementQueue => {
                let query = checked(app, operation, request.members_of_parameter()?)?;
                Ok(json_object(&app.mutate(|switchboard, _| {
                    switchboard.engagement_queue(&query)
                })))
            }
        }
    }
}

fn request_engagement(app: &AppState, request: &ApiRequest) -> ApiResult {
    let token = request.bearer()?;
    let body = checked(app, Operation::RequestEngagement, request.members()?)?;
    Ok(json_object(&app.mutate(|switchboard, now| {
        switchboard.check_pool(request.pool(), now)?;
        let claims = app.tokens.verify_visitor(token, now)?;
        switchboard.request_engagement(&claims, &body, now)
    })?))
}

async fn get_messages(app: &AppState, request: &ApiRequest) -> ApiResult {
    let session_id = request.required_header(SESSION_HEADER)?;
    let body = checked(app, Operation::GetMessages, request.members()?)?;
    // The switchboard checks the pool (the group of chat servers) of a poll itself. It tells the current pool to a client
    // that polls a former pool.
    let poll = app.mutate(|switchboard, now| {
        let consumer = switchboard.consumer(session_id, now)?;
        consumer.get_messages(&body, request.pool())
    })?;
    Ok(json_object(&wait_for_answer(app, poll).await))
}

/// Performs an operation that needs the session of a consumer, except `getMessages`. Refuses a request that names a pool
/// that is unknown, or that the site (the customer's account) left too long ago.
fn in_session<Body: WireObject, Answer: WireObject>(
    app: &AppState,
    request: &ApiRequest,
    operation: Operation,
    perform: impl FnOnce(Consumer<'_>, Body) -> Result<Answer, Refusal>,
) -> ApiResult {
    let session_id = request.required_header(SESSION_HEADER)?;
    let body = checked(app, operation, request.members()?)?;
    Ok(json_object(&app.mutate(|switchboard, now| {
        switchboard.check_pool(request.pool(), now)?;
        perform(switchboard.consumer(session_id, now)?, body)
    })?))
}

/// Checks the members of a request, and reads them.
fn checked<T: WireObject>(
    app: &AppState,
    operation: Operation,
    members: Members,
) -> Result<T, Refusal> {
    check_consumer_request(operation, &members, app.strictness)?;
    read_object(members)
}

/// The members of a request for `getQueueStats`. They are in the address. If the sandbox is lenient, a POST may have them in
/// its body, and may leave them out: a public client of the API does so. (FOUND: the POST. INFERRED: the defaults.)
fn queue_stats_members(app: &AppState, request: &ApiRequest) -> Result<Members, Refusal> {
    if request.method != Method::POST {
        return request.members_of_parameter();
    }
    let mut members = request.members()?;
    let queue = app.read(|switchboard, _| switchboard.config().queue_id);
    members.entry("queueId").or_insert(queue.into());
    members
        .entry("chatProactiveAvailableType")
        .or_insert(ProactiveAvailableType::Agents.as_str().into());
    Ok(members)
}
