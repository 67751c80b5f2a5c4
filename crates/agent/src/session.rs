//! The half that asks.

use std::rc::Rc;

use pipit_wire::agent::{
    AgentRequest, AgentResponse, AssignmentAcknowledgementRequest, AssignmentAction,
    AssignmentActionType, AssignmentType, AvailabilityStatus, ConcludeEngagementResponse,
    CreateAutomatedAgentSessionRequest, DestinationType, EngagementRequest, LogoffRequest,
    MessageType, Operation, PostMessageRequest, PostMessageResponse, RequestAssignmentRequest,
    RequestAssignmentResponse, SetActivityStatusRequest, SetInteractionStatusRequest, Visibility,
};
use pipit_wire::vocabulary::ActivityMode;
use pipit_wire::{AccountId, ClientId, EngagementId, Fields, Secret, WireError, WireObject};

use crate::line::{Credential, Line};
use crate::{AgentError, Retrieval, Service};

/// An agent who is logged on. Every request carries the session, the account, the pool, a count
/// and the time. All methods fail with [`AgentError`].
pub struct AgentSession {
    line: Rc<Line>,
    client_id: ClientId,
}

impl AgentSession {
    /// Logs the agent on with the token of `agentTokens`, and puts an older session of the account
    /// out: a desk that was reloaded must get its agent back. FOUND.
    ///
    /// The agent is not available yet. The [`Retrieval`] should start at once.
    ///
    /// # Errors
    /// [`AgentError::Unreadable`] also when the answer names no session or no client (PAGE 000 to
    /// 004 show both in every answer).
    pub async fn log_on(
        service: Service,
        account: AccountId,
        token: Secret,
    ) -> Result<(Self, Retrieval), AgentError> {
        let line = Line::new(service, Credential::Token(token));
        let created: AgentResponse = line
            .ask(Operation::CreateAutomatedAgentSession, |agent| {
                CreateAutomatedAgentSessionRequest {
                    logon_override: Some(true),
                    agent,
                    ..CreateAutomatedAgentSessionRequest::default()
                }
            })
            .await?;
        let session = created.echo.session_id;
        let id = session.ok_or(WireError::Missing("sessionId"))?;
        let client_id = created.echo.client_id;
        let client_id = client_id.ok_or(WireError::Missing("clientId"))?;
        let line = Rc::new(line.known_as(Credential::Session { id, account }));
        let retrieval = Retrieval(Rc::clone(&line));
        Ok((Self { line, client_id }, retrieval))
    }

    /// The agent's own client: the sender of this session's messages.
    pub fn client_id(&self) -> ClientId {
        self.client_id
    }

    /// Tells whether the agent takes engagements. FOUND.
    pub async fn set_available(&self, available: bool) -> Result<(), AgentError> {
        let status = if available {
            AvailabilityStatus::Available
        } else {
            AvailabilityStatus::Unavailable
        };
        self.tell(Operation::SetActivityStatus, |agent| {
            SetActivityStatusRequest {
                status,
                agent,
                unknown: Fields::default(),
            }
        })
        .await
    }

    /// Asks for an engagement; `idle` of the agent's engagements are idle, and `max` are taken at
    /// once. PAGE 000.
    ///
    /// True when one was assigned at once. It comes by the [`Retrieval`] in either case.
    pub async fn request_assignment(&self, idle: i32, max: i32) -> Result<bool, AgentError> {
        let answer: RequestAssignmentResponse = self
            .line
            .ask(Operation::RequestAssignment, |agent| {
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

    /// Takes or declines an assigned engagement, by hand, in the part it was assigned for. FOUND.
    pub async fn acknowledge(
        &self,
        engagement_id: EngagementId,
        action: AssignmentAction,
        assignment_type: AssignmentType,
    ) -> Result<(), AgentError> {
        self.tell(Operation::AssignmentAcknowledgement, |agent| {
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

    /// Writes plain text to everybody in the engagement. PAGE 003.
    pub async fn post(&self, engagement: EngagementId, body: &str) -> Result<(), AgentError> {
        let answered: Result<PostMessageResponse, _> = self
            .line
            .ask(Operation::PostMessage, |agent| PostMessageRequest {
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

    /// Tells what the agent is doing in one engagement. FOUND.
    ///
    /// `focus`: whether the agent has this engagement in front; without it the visitor's client
    /// sends no text before it is sent for good. `preview`: what the agent has typed, if the visitor
    /// may see it.
    pub async fn set_interaction_status(
        &self,
        engagement_id: EngagementId,
        mode: ActivityMode,
        focus: bool,
        preview: Option<String>,
    ) -> Result<(), AgentError> {
        self.tell(Operation::SetInteractionStatus, |agent| {
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
            .line
            .ask(Operation::ConcludeChat, |agent| about(engagement, agent))
            .await;
        answered.map(drop)
    }

    /// Ends the wrap-up: the agent is free for another engagement. FOUND.
    pub async fn release(&self, engagement: EngagementId) -> Result<(), AgentError> {
        self.tell(Operation::ReleaseChat, |agent| about(engagement, agent))
            .await
    }

    /// Logs the agent off, with `force` though engagements are open. FOUND by name. The
    /// [`Retrieval`] of this session hears nothing more.
    pub async fn log_off(&self, force: bool) -> Result<(), AgentError> {
        self.tell(Operation::Logoff, |agent| LogoffRequest {
            force_logoff: Some(force),
            agent,
            ..LogoffRequest::default()
        })
        .await
    }

    /// Asks where the answer holds nothing but the echo.
    async fn tell<B: WireObject>(
        &self,
        operation: Operation,
        body: impl FnOnce(AgentRequest) -> B,
    ) -> Result<(), AgentError> {
        let answered: Result<AgentResponse, _> = self.line.ask(operation, body).await;
        answered.map(drop)
    }
}

fn about(engagement_id: EngagementId, agent: AgentRequest) -> EngagementRequest {
    EngagementRequest {
        engagement_id,
        agent,
        unknown: Fields::default(),
    }
}
