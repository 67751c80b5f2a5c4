//! The half of an agent's session that sends requests.
//!
//! PAGE nnn: documented on that page of Oracle's API reference. FOUND: seen in Oracle's own clients or answers.
//! INFERRED: our assumption.

use std::rc::Rc;

use pipit_wire::agent::{
    AgentRequest, AgentResponse, AssignmentAcknowledgementRequest, AssignmentAction,
    AssignmentActionType, AssignmentType, AvailabilityStatus, ConcludeEngagementResponse,
    CreateAutomatedAgentSessionRequest, DestinationType, EngagementRequest, LogoffRequest,
    MessageType, Operation, PostMessageRequest, PostMessageResponse, RequestAssignmentRequest,
    RequestAssignmentResponse, SetActivityStatusRequest, SetInteractionStatusRequest, Visibility,
};
use pipit_wire::vocabulary::ActivityMode;
use pipit_wire::{AccountId, ClientId, EngagementId, Fields, ReadError, Secret, WireObject};

use crate::api_client::{ApiClient, Credential};
use crate::{AgentError, MessageReceiver, ServiceAddress};

/// An agent who is logged on. Every request carries the session id, the account, the pool, a sequence number and the
/// time. All methods fail with [`AgentError`].
pub struct AgentSession {
    client: Rc<ApiClient>,
    client_id: ClientId,
}

impl AgentSession {
    /// Logs the agent on with the token of `agentTokens`. An older session of the account ends, so that a reloaded desk
    /// can log on again. FOUND.
    ///
    /// The agent is not available yet. Start to poll with the [`MessageReceiver`] at once.
    ///
    /// # Errors
    /// [`AgentError::Unreadable`] also when the answer has no session id or no client id (on PAGE 000 to
    /// 004 every answer has both).
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
        let session = created.echo.session_id;
        let id = session.ok_or(ReadError::Missing("sessionId"))?;
        let client_id = created.echo.client_id;
        let client_id = client_id.ok_or(ReadError::Missing("clientId"))?;
        let client = Rc::new(client.with_credential(Credential::Session { id, account }));
        let receiver = MessageReceiver(Rc::clone(&client));
        Ok((Self { client, client_id }, receiver))
    }

    /// The agent's own client id: the sender of this session's messages.
    pub fn client_id(&self) -> ClientId {
        self.client_id
    }

    /// Sets whether the agent takes engagements. FOUND.
    pub async fn set_available(&self, available: bool) -> Result<(), AgentError> {
        let status = if available {
            AvailabilityStatus::Available
        } else {
            AvailabilityStatus::Unavailable
        };
        self.call_for_echo(Operation::SetActivityStatus, |agent| {
            SetActivityStatusRequest {
                status,
                agent,
                unknown: Fields::default(),
            }
        })
        .await
    }

    /// Asks for an engagement. `idle` is the number of the agent's idle engagements, `max` the number of engagements that
    /// the agent takes at the same time. PAGE 000.
    ///
    /// Returns whether one was assigned at once. The [`MessageReceiver`] receives the assignment in either case.
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

    /// Accepts or declines an assigned engagement. `assignment_type` is that of the assignment. FOUND.
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

    /// Posts plain text to everybody in the engagement. PAGE 003.
    pub async fn post(&self, engagement: EngagementId, body: &str) -> Result<(), AgentError> {
        let answered: Result<PostMessageResponse, _> = self
            .client
            .call(Operation::PostMessage, |agent| PostMessageRequest {
                body: body.to_owned(),
                destination_id: engagement.0,
                destination_type: DestinationType::Engagement,
                message_type: MessageType::Text,
                visibility: Some(Visibility::All),
                message_id: None,
                rich_text: None,
                message_data_map: None,
                agent,
                unknown: Fields::default(),
            })
            .await;
        answered.map(drop)
    }

    /// Reports what the agent is doing in one engagement. FOUND.
    ///
    /// `focus` is whether the agent is looking at this engagement; if not, the visitor's client sends no sneak previews.
    /// `preview` is the text that the agent has typed, if the visitor may see it.
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
                agent,
                unknown: Fields::default(),
            }
        })
        .await
    }

    /// Ends the engagement; the agent is in wrap-up until [`release`](Self::release). PAGE 002.
    pub async fn conclude(&self, engagement: EngagementId) -> Result<(), AgentError> {
        let answered: Result<ConcludeEngagementResponse, _> = self
            .client
            .call(Operation::ConcludeChat, |agent| {
                engagement_request(engagement, agent)
            })
            .await;
        answered.map(drop)
    }

    /// Ends the wrap-up: the agent is free for another engagement. FOUND.
    pub async fn release(&self, engagement: EngagementId) -> Result<(), AgentError> {
        self.call_for_echo(Operation::ReleaseChat, |agent| {
            engagement_request(engagement, agent)
        })
        .await
    }

    /// Logs the agent off, with `force` even if engagements are open. The [`MessageReceiver`] of this session fails
    /// afterwards. FOUND: the name of the operation only.
    pub async fn log_off(&self, force: bool) -> Result<(), AgentError> {
        self.call_for_echo(Operation::Logoff, |agent| LogoffRequest {
            force_logoff: Some(force),
            agent,
            ..LogoffRequest::default()
        })
        .await
    }

    /// Sends a request whose answer contains nothing besides the echo.
    async fn call_for_echo<B: WireObject>(
        &self,
        operation: Operation,
        body: impl FnOnce(AgentRequest) -> B,
    ) -> Result<(), AgentError> {
        let answered: Result<AgentResponse, _> = self.client.call(operation, body).await;
        answered.map(drop)
    }
}

fn engagement_request(engagement_id: EngagementId, agent: AgentRequest) -> EngagementRequest {
    EngagementRequest {
        engagement_id,
        agent,
        unknown: Fields::default(),
    }
}
