//! The half of an agent's session that sends requests. (`message_receiver.rs` has the half that polls for messages.)
//!
//! PAGE nnn: documented on that page of Oracle's API reference. FOUND: seen in Oracle's own clients or answers.

use std::rc::Rc;

use pipit_wire::agent::{
    AgentRequest, AgentResponse, AssignmentAcknowledgementRequest, AssignmentAction,
    AssignmentActionType, AssignmentType, AvailabilityStatus, ConcludeEngagementResponse,
    CreateAutomatedAgentSessionRequest, EngagementRequest, LogoffRequest, Operation,
    PostMessageRequest, PostMessageResponse, RequestAssignmentRequest, RequestAssignmentResponse,
    SetActivityStatusRequest, SetInteractionStatusRequest,
};
use pipit_wire::vocabulary::ActivityMode;
use pipit_wire::{AccountId, ClientId, EngagementId, Fields, Secret, UnexpectedBody, WireObject};

use crate::api_client::{ApiClient, Credential};
use crate::{AgentError, MessageReceiver, ServiceAddress};

/// The session of an agent who is logged on. An *engagement* is one conversation with a visitor, in which the agent
/// takes part. Every request of the session carries the session id, the account, a sequence number, the time and, if
/// the site has one, the pool. If a request fails, the method that sent it returns an [`AgentError`].
pub struct AgentSession {
    client: Rc<ApiClient>,
    /// See [`client_id`](Self::client_id).
    client_id: ClientId,
}

impl AgentSession {
    /// Logs the agent on with the token from the operation `agentTokens`. An older session of the same account ends, so that
    /// an agent can log on again after reloading the page. (FOUND)
    ///
    /// To get engagements, call [`set_available`](Self::set_available) and then
    /// [`request_assignment`](Self::request_assignment). Call [`MessageReceiver::next`] at once, because the server marks an
    /// agent who does not poll as absent.
    ///
    /// # Errors
    /// [`AgentError`]. An answer without a session id or without a client id is [`AgentError::Unexpected`]; the sample
    /// answers in Oracle's API reference all have both ids. (PAGE 000 to 004)
    pub async fn log_on(
        address: ServiceAddress,
        account: AccountId,
        token: Secret,
    ) -> Result<(Self, MessageReceiver), AgentError> {
        let client = ApiClient::new(address, Credential::Token(token));
        let created: AgentResponse = client
            .call(Operation::CreateAutomatedAgentSession, |agent| {
                CreateAutomatedAgentSessionRequest {
                    logon_override: Some(true),
                    agent,
                    ..CreateAutomatedAgentSessionRequest::default()
                }
            })
            .await?;
        let id = created
            .echo
            .session_id
            .ok_or(AgentError::Unexpected(UnexpectedBody::OtherJson))?;
        let client_id = created
            .echo
            .client_id
            .ok_or(AgentError::Unexpected(UnexpectedBody::OtherJson))?;
        let client = Rc::new(client.with_credential(Credential::Session { id, account }));
        let receiver = MessageReceiver(Rc::clone(&client));
        Ok((Self { client, client_id }, receiver))
    }

    /// The agent's own client id. It identifies this agent as the sender or the subject of messages.
    pub fn client_id(&self) -> ClientId {
        self.client_id
    }

    /// Sets whether the agent accepts engagements. (FOUND)
    pub async fn set_available(&self, available: bool) -> Result<(), AgentError> {
        let status = if available {
            AvailabilityStatus::Available
        } else {
            AvailabilityStatus::Unavailable
        };
        self.call_for_echo(Operation::SetActivityStatus, |agent| {
            SetActivityStatusRequest {
                status,
                // The desk has no words of its own for the two statuses.
                sub_type_id: Some(0),
                agent,
                unknown: Fields::default(),
            }
        })
        .await
    }

    /// Asks for an engagement. `idle` is the number of the agent's engagements in which nothing happens; `max` is the number
    /// of engagements that the agent accepts at the same time. (PAGE 000)
    ///
    /// Returns true if the server has assigned an engagement at once, and false if the agent has to wait for one. The
    /// assignment itself always arrives as a message of the [`MessageReceiver`].
    pub async fn request_assignment(&self, idle: i32, max: i32) -> Result<bool, AgentError> {
        let answer: RequestAssignmentResponse = self
            .client
            .call(Operation::RequestAssignment, |agent| {
                RequestAssignmentRequest {
                    assignment_requested: true,
                    idle_session_count: idle,
                    max_session_count: max,
                    agent,
                    unknown: Fields::default(),
                }
            })
            .await?;
        let result = answer.chat_request_assignment_result;
        Ok(result.is_some_and(|result| result.assignment_made))
    }

    /// Accepts or declines an engagement that was assigned to the agent. `assignment_type` is the type in the
    /// message that assigned the engagement. (FOUND)
    pub async fn acknowledge(
        &self,
        engagement_id: EngagementId,
        action: AssignmentAction,
        assignment_type: AssignmentType,
    ) -> Result<(), AgentError> {
        self.call_for_echo(Operation::AssignmentAcknowledgement, |agent| {
            AssignmentAcknowledgementRequest {
                action,
                action_type: AssignmentActionType::Manual,
                assignment_type,
                engagement_id,
                agent,
                unknown: Fields::default(),
            }
        })
        .await
    }

    /// Posts plain text to all participants of the engagement. (PAGE 003)
    pub async fn post(&self, engagement: EngagementId, body: &str) -> Result<(), AgentError> {
        let answered: Result<PostMessageResponse, _> = self
            .client
            .call(Operation::PostMessage, |agent| {
                PostMessageRequest::plain_text(engagement, body.to_owned(), agent)
            })
            .await;
        answered.map(drop)
    }

    /// Reports what the agent is doing in one engagement. (FOUND)
    ///
    /// `focus` states whether the agent is looking at this engagement. If not, the visitor's client sends no sneak previews
    /// (texts that are typed and not sent). `preview` is the text that the agent has typed and not sent; `None` keeps this
    /// text from the visitor.
    pub async fn set_interaction_status(
        &self,
        engagement_id: EngagementId,
        mode: ActivityMode,
        focus: bool,
        preview: Option<String>,
    ) -> Result<(), AgentError> {
        self.call_for_echo(Operation::SetInteractionStatus, |agent| {
            SetInteractionStatusRequest {
                client_id: self.client_id.0,
                engagement_id,
                mode,
                sneak_preview: preview,
                sneak_preview_focus: Some(focus),
                sneak_preview_interval: None,
                visibility: None,
                agent,
                unknown: Fields::default(),
            }
        })
        .await
    }

    /// Ends the engagement for the visitor. It still occupies the agent (*wrap-up*) until [`release`](Self::release).
    /// (PAGE 002)
    pub async fn conclude(&self, engagement: EngagementId) -> Result<(), AgentError> {
        let answered: Result<ConcludeEngagementResponse, _> = self
            .client
            .call(Operation::ConcludeChat, |agent| {
                EngagementRequest::new(engagement, agent)
            })
            .await;
        answered.map(drop)
    }

    /// Ends the wrap-up, after which the agent is free for another engagement. (FOUND)
    pub async fn release(&self, engagement: EngagementId) -> Result<(), AgentError> {
        self.call_for_echo(Operation::ReleaseChat, |agent| {
            EngagementRequest::new(engagement, agent)
        })
        .await
    }

    /// Logs the agent off. If `force` is true, the agent is logged off even while engagements are open. All later polls of
    /// the [`MessageReceiver`] are refused. (Only the name of the operation is FOUND.)
    pub async fn log_off(&self, force: bool) -> Result<(), AgentError> {
        self.call_for_echo(Operation::Logoff, |agent| LogoffRequest {
            force_logoff: Some(force),
            agent,
            ..LogoffRequest::default()
        })
        .await
    }

    /// Sends a request to an operation without a result. The answer contains only the *echo*: members that every answer has,
    /// some of them repeated from the request.
    async fn call_for_echo<B: WireObject>(
        &self,
        operation: Operation,
        body: impl FnOnce(AgentRequest) -> B,
    ) -> Result<(), AgentError> {
        let answered: Result<AgentResponse, _> = self.client.call(operation, body).await;
        answered.map(drop)
    }
}
