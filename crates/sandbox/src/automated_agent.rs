//! Agents whom the sandbox plays itself: they log on when the sandbox starts, accept every conversation, and answer. They
//! use the operations of the API as any agent does, without HTTP.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use pipit_script::{AgentDeed, AgentName, AgentStep};
use pipit_switchboard::{Agent, AgentClaims};
use pipit_wire::agent::{
    AgentMessage, AgentRequest, AssignmentAcknowledgementRequest, AssignmentAction,
    AssignmentActionType, AssignmentType, CreateAutomatedAgentSessionRequest, DestinationType,
    EngagementRequest, PostMessageRequest, RequestAssignmentRequest, SetInteractionStatusRequest,
};
use pipit_wire::vocabulary::ActivityMode;
use pipit_wire::{AccountId, EngagementId, Fields, Refusal};

use crate::agent_account::{AgentAccount, Behaviour};
use crate::app_state::AppState;
use crate::held_poll::wait_for_answer;
use crate::switches::made_up_file;

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
    /// The agent's own client id.
    client_id: i64,
    /// How far a scripted agent is in each engagement.
    parts: BTreeMap<EngagementId, Part>,
}

/// How far a scripted agent is in one engagement.
#[derive(Default)]
struct Part {
    /// The number of steps that were performed.
    performed: usize,
    /// The number of texts of the visitor that no step has awaited yet.
    unread: usize,
    /// The end of the current pause, in ms since 1970. `None` if the current step is no pause, or has not begun.
    pause_ends_ms: Option<i64>,
    /// Whether the agent looks at the conversation.
    is_away: bool,
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
        client_id: created.echo.client_id.map_or(0, |id| id.0),
        parts: BTreeMap::new(),
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
        let batch = match session.next_pause_end() {
            None => Some(wait_for_answer(app, poll).await),
            Some(ends_ms) => tokio::select! {
                batch = wait_for_answer(app, poll) => Some(batch),
                () = app.clock.sleep_until(ends_ms) => None,
            },
        };
        for message in batch.into_iter().flat_map(|it| it.get_response_types) {
            session.handle(message)?;
        }
        session.go_on();
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
                let accepted = self.call(|agent| agent.assignment_acknowledgement(&request));
                if accepted.is_ok() {
                    self.parts.entry(assignment.engagement_id).or_default();
                }
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
                    self.parts.remove(&id);
                    self.release(id);
                }
            }
            _ => {}
        }
        // Fails if the session is over.
        self.call(|_| Ok(()))
    }

    /// Answers a text of the visitor.
    fn answer(&mut self, id: EngagementId, text: &str) {
        match &self.agent.behaviour {
            Behaviour::Human => {}
            Behaviour::Echo => self.post(id, text, None),
            Behaviour::Scripted(_) => {
                if let Some(part) = self.parts.get_mut(&id) {
                    part.unread += 1;
                }
            }
        }
    }

    /// The end of the pause that ends first, in ms since 1970.
    fn next_pause_end(&self) -> Option<i64> {
        let parts = self.parts.values();
        parts.filter_map(|part| part.pause_ends_ms).min()
    }

    /// Performs the steps of a scripted agent that can be performed now, in all engagements.
    fn go_on(&mut self) {
        let Behaviour::Scripted(steps) = &self.agent.behaviour else {
            return;
        };
        let ids: Vec<EngagementId> = self.parts.keys().copied().collect();
        for id in ids {
            while let Some(deed) = self.take_step(id, steps) {
                self.perform(id, &deed);
            }
        }
    }

    /// Takes the next deed in an engagement. `None` if the agent waits there, or has performed all steps.
    fn take_step(&mut self, id: EngagementId, steps: &[AgentStep]) -> Option<AgentDeed> {
        let now = self.app.clock.now();
        let part = self.parts.get_mut(&id)?;
        loop {
            match steps.get(part.performed)? {
                AgentStep::AwaitMessage => part.unread = part.unread.checked_sub(1)?,
                AgentStep::Pause(ms) => {
                    let ends_ms = now.saturating_add(i64::try_from(*ms).unwrap_or(i64::MAX));
                    if *part.pause_ends_ms.get_or_insert(ends_ms) > now {
                        return None;
                    }
                    part.pause_ends_ms = None;
                }
                AgentStep::Do(deed) => {
                    part.performed += 1;
                    return Some(deed.clone());
                }
            }
            part.performed += 1;
        }
    }

    /// Does what a step says. What the server refuses is left out, because a real visitor may have done something else than
    /// the script says.
    fn perform(&mut self, id: EngagementId, deed: &AgentDeed) {
        match deed {
            AgentDeed::Say { text } => self.post(id, text, None),
            AgentDeed::SayHtml { html } => self.post(id, html, Some(true)),
            AgentDeed::Typing { is_typing: true } => self.report(id, ActivityMode::Responding),
            AgentDeed::Typing { is_typing: false } => self.report(id, ActivityMode::Listening),
            AgentDeed::Looks { has_focus } => {
                if let Some(part) = self.parts.get_mut(&id) {
                    part.is_away = !has_focus;
                }
                self.report(id, ActivityMode::Listening);
            }
            AgentDeed::SendFile {
                name,
                content_type,
                size,
            } => {
                let file = made_up_file(name.clone(), content_type.clone(), i64::from(*size));
                let _ = self
                    .app
                    .mutate(|switchboard, now| switchboard.send_file(id, file, now));
            }
            AgentDeed::TransferToQueue {} => {
                self.parts.remove(&id);
                let request = EngagementRequest::new(id, AgentRequest::default());
                let _ = self.call(|agent| agent.reroute_engagement(&request));
            }
            AgentDeed::Conference {} => {
                let other = AccountId(AgentName::First.other().account());
                let _ = self
                    .app
                    .mutate(|switchboard, now| switchboard.invite(id, other, now));
            }
            AgentDeed::Conclude {} => {
                self.parts.remove(&id);
                let request = EngagementRequest::new(id, AgentRequest::default());
                let _ = self.call(|agent| agent.conclude_chat(&request));
                self.release(id);
            }
            // An automated agent stays signed in, and has accepted the conversation.
            AgentDeed::SignIn {}
            | AgentDeed::SignOut {}
            | AgentDeed::Accept {}
            | AgentDeed::Decline {}
            | AgentDeed::Disconnect {}
            | AgentDeed::Reconnect {} => {}
        }
    }

    fn post(&self, id: EngagementId, body: &str, rich_text: Option<bool>) {
        let plain = PostMessageRequest::plain_text(id, body.to_owned(), AgentRequest::default());
        let request = PostMessageRequest { rich_text, ..plain };
        let _ = self.call(|agent| agent.post_message(&request));
    }

    /// Reports what the agent does in an engagement.
    fn report(&self, engagement_id: EngagementId, mode: ActivityMode) {
        let is_away = self.parts.get(&engagement_id).is_some_and(|it| it.is_away);
        let request = SetInteractionStatusRequest {
            client_id: self.client_id,
            engagement_id,
            mode,
            sneak_preview: None,
            sneak_preview_focus: Some(!is_away),
            sneak_preview_interval: None,
            sneak_preview_state: None,
            visibility: None,
            agent: AgentRequest::default(),
            unknown: Fields::default(),
        };
        let _ = self.call(|agent| agent.set_interaction_status(&request));
    }

    /// Ends the wrap-up of an engagement.
    fn release(&self, id: EngagementId) {
        let request = EngagementRequest::new(id, AgentRequest::default());
        let _ = self.call(|agent| agent.release_chat(&request));
    }
}
