//! Agents whom the sandbox plays itself: they log on when the sandbox starts, accept every conversation, and answer. They
//! use the operations of the API as any agent does, without HTTP.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use pipit_switchboard::{Agent, AgentClaims};
use pipit_wire::agent::{
    AgentMessage, AgentRequest, AssignmentAcknowledgementRequest, AssignmentAction,
    AssignmentActionType, AssignmentType, CreateAutomatedAgentSessionRequest, DestinationType,
    EngagementRequest, PostMessageRequest, RequestAssignmentRequest,
};
use pipit_wire::{AccountId, EngagementId, Fields, Refusal};

use crate::agent_account::{AgentAccount, Behaviour};
use crate::app_state::AppState;
use crate::held_poll::wait_for_answer;

/// The number of conversations that an automated agent has at a time.
const MAX_ENGAGEMENTS: i32 = 100;

/// The pause before an agent whose session has ended logs on again, for example after `/sandbox/reset`.
const PAUSE: Duration = Duration::from_millis(100);

/// One task for each automated agent. The tasks end when the servers stop.
pub(crate) fn tasks(
    app: &Arc<AppState>,
) -> impl Iterator<Item = impl Future<Output = ()> + Send + use<>> {
    let automated = app
        .agents
        .iter()
        .filter(|agent| agent.behaviour != Behaviour::Human);
    automated.map(|agent| run(Arc::clone(app), agent.clone()))
}

/// Plays one agent until the servers stop.
async fn run(app: Arc<AppState>, agent: AgentAccount) {
    let mut stopping = app.stopping();
    while !app.is_stopping() {
        tokio::select! {
            // A refusal means that the session is over.
            _ = hold_session(&app, &agent) => {}
            _ = stopping.wait_for(|is_stopping| *is_stopping) => return,
        }
        app.clock.sleep(PAUSE).await;
    }
}

/// A session of an automated agent.
struct Session<'a> {
    app: &'a AppState,
    agent: &'a AgentAccount,
    id: String,
    /// The number of the agent's answers in each engagement.
    answer_counts: BTreeMap<EngagementId, usize>,
}

/// Logs the agent on, and answers until the server refuses an operation.
async fn hold_session(app: &AppState, agent: &AgentAccount) -> Result<(), Refusal> {
    let claims = AgentClaims {
        account: AccountId(agent.account),
        name: agent.name.clone(),
    };
    let request = CreateAutomatedAgentSessionRequest {
        logon_override: Some(true),
        ..CreateAutomatedAgentSessionRequest::default()
    };
    let created =
        app.mutate(|switchboard, now| switchboard.create_agent_session(&claims, &request, now))?;
    let id = created.echo.session_id;
    let mut session = Session {
        app,
        agent,
        id: id.map(|id| id.reveal().to_owned()).unwrap_or_default(),
        answer_counts: BTreeMap::new(),
    };
    session.call(|agent| {
        agent.request_assignment(&RequestAssignmentRequest {
            assignment_requested: true,
            idle_session_count: 0,
            max_session_count: MAX_ENGAGEMENTS,
            agent: AgentRequest::default(),
            unknown: Fields::default(),
        })
    })?;
    // A poll of a server that stops is answered at once, so the loop would never wait.
    while !app.is_stopping() {
        let poll = session.call(|agent| agent.get_messages(&AgentRequest::default(), None))?;
        for message in wait_for_answer(app, poll).await.get_response_types {
            session.handle(message)?;
        }
    }
    Ok(())
}

impl Session<'_> {
    /// Performs an operation of the agent.
    fn call<T>(
        &self,
        operation: impl FnOnce(Agent<'_>) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let account = AccountId(self.agent.account);
        self.app
            .mutate(|switchboard, now| operation(switchboard.agent(&self.id, account, now)?))
    }

    /// Reacts to a message of the server. An operation within an engagement can be refused because the engagement has just
    /// ended, which is no reason to log on again.
    fn handle(&mut self, message: AgentMessage) -> Result<(), Refusal> {
        match message {
            AgentMessage::ChatEngagementAssignment(assignment) => {
                let kind = assignment.kind.as_deref().unwrap_or("LEAD");
                let request = AssignmentAcknowledgementRequest {
                    action: AssignmentAction::Accept,
                    action_type: AssignmentActionType::Auto,
                    assignment_type: AssignmentType::from(kind),
                    engagement_id: assignment.engagement_id,
                    agent: AgentRequest::default(),
                    unknown: Fields::default(),
                };
                let _ = self.call(|agent| agent.assignment_acknowledgement(&request));
            }
            AgentMessage::ChatPostMessage(message)
                if message.envelope.sender_type == Some(DestinationType::EndUser) =>
            {
                if let Some(id) = message.envelope.destination_id.map(EngagementId) {
                    self.answer(id, &message.body);
                }
            }
            AgentMessage::ChatDisconnectNotification(notification) => {
                if let Some(id) = notification.engagement_id {
                    self.answer_counts.remove(&id);
                    let _ = self.call(|agent| {
                        agent.release_chat(&EngagementRequest::new(id, AgentRequest::default()))
                    });
                }
            }
            _ => {}
        }
        // Fails if the session is over.
        self.call(|_| Ok(()))
    }

    /// Answers a text of the visitor.
    fn answer(&mut self, id: EngagementId, text: &str) {
        let count = self.answer_counts.entry(id).or_default();
        let number = *count;
        *count += 1;
        match &self.agent.behaviour {
            Behaviour::Human => {}
            Behaviour::Echo => self.post(id, text),
            Behaviour::Scripted(replies) => {
                if let Some(reply) = replies.get(number) {
                    self.post(id, reply);
                }
                if number + 1 >= replies.len() {
                    let _ = self.call(|agent| {
                        agent.conclude_chat(&EngagementRequest::new(id, AgentRequest::default()))
                    });
                    let _ = self.call(|agent| {
                        agent.release_chat(&EngagementRequest::new(id, AgentRequest::default()))
                    });
                    self.answer_counts.remove(&id);
                }
            }
        }
    }

    fn post(&self, id: EngagementId, body: &str) {
        let request = PostMessageRequest::plain_text(id, body.to_owned(), AgentRequest::default());
        let _ = self.call(|agent| agent.post_message(&request));
    }
}
