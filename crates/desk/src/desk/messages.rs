//! Handles the results of polls (requests for new messages): applies the server's messages to the desk, and notes whether
//! the connection or the session is lost. An *engagement* is one conversation with a visitor, in the words of the server.

use pipit_agent::AgentError;
use pipit_wire::agent::{
    AgentMessage, ChatDisconnectNotification, ChatEngagementAssignment,
    ChatEngagementParticipantAdded, ChatPostMessage, DestinationType,
};
use pipit_wire::vocabulary::{DisconnectReason, Role};
use pipit_wire::{ClientId, EngagementId, ExceptionCode};

use super::conversation::{Conversation, Sender, Stage, end_text};
use super::effect::Request;
use super::state::{Desk, SessionState};

/// The name of an agent whose name the server has not sent.
const UNNAMED_AGENT: &str = "Another agent";

impl Desk {
    /// Applies a poll's result. Returns the requests that the messages require. After an error that may pass (a transient
    /// error), the connection counts as lost until a poll succeeds. Every other error ends the session.
    pub(super) fn handle_poll(
        &mut self,
        result: Result<Vec<AgentMessage>, AgentError>,
    ) -> Vec<Request> {
        let messages = match result {
            Ok(messages) => messages,
            Err(error) if error.is_transient() => {
                self.set_connected(false);
                return Vec::new();
            }
            Err(error) => {
                self.end_session(session_over_text(&error));
                return Vec::new();
            }
        };
        self.set_connected(true);
        messages
            .into_iter()
            .filter_map(|message| self.handle_message(message))
            .collect()
    }

    fn set_connected(&mut self, new_value: bool) {
        if let SessionState::LoggedOn { is_connected, .. } = &mut self.session {
            *is_connected = new_value;
        }
    }

    /// Applies one message. Returns the request that it requires; `None` if it requires none.
    fn handle_message(&mut self, message: AgentMessage) -> Option<Request> {
        match message {
            AgentMessage::ChatEngagementAssignment(assignment) => self.add_offer(&assignment),
            AgentMessage::ChatPostMessage(message) => self.add_message(&message),
            AgentMessage::ChatActivitySignal(signal) => {
                let conversation = self.conversation_mut(signal.engagement_id?)?;
                conversation.set_typing(&signal);
            }
            AgentMessage::ChatEngagementParticipantAdded(added) => self.add_participant(&added),
            AgentMessage::ChatDisconnectNotification(notification) => {
                return self.handle_disconnect(&notification);
            }
            AgentMessage::ChatSystemError(error) => {
                self.notice = error.text.or(error.error_condition);
            }
            // The crate `pipit-agent` has already moved to the new pool (the group of chat servers) that the first
            // message names. The second says only that there was no message. The third is a kind that the desk does not
            // know.
            AgentMessage::ChatConfigChangeNotification(_)
            | AgentMessage::ChatGetTimeout(_)
            | AgentMessage::Unknown(_) => {}
        }
        None
    }

    /// Adds an offered engagement. If it is listed already, the new offer replaces it.
    fn add_offer(&mut self, assignment: &ChatEngagementAssignment) {
        self.remove(assignment.engagement_id);
        let own_name = assignment
            .agent_info
            .as_ref()
            .and_then(|agent| agent.name.clone());
        self.agent_name = own_name.or(self.agent_name.take());
        let conversation = Conversation::from_assignment(assignment);
        self.conversations.push(conversation);
    }

    /// Adds a posted message to its conversation, unless this agent has posted it. The destination of the message is the
    /// id of the engagement.
    fn add_message(&mut self, message: &ChatPostMessage) {
        let (selected, own_client) = (self.selected, self.client());
        let engagement = message.envelope.destination_id.map(EngagementId);
        let sender_client = message.envelope.sender_id.map(ClientId);
        let conversation = engagement.and_then(|id| self.conversation_mut(id));
        let Some(conversation) = conversation.filter(|_| sender_client != own_client) else {
            return;
        };
        let sender = match &message.envelope.sender_type {
            Some(DestinationType::Agent) => {
                let name = sender_client.and_then(|client| conversation.other_agents.get(&client));
                Sender::OtherAgent(name.map_or(UNNAMED_AGENT, String::as_str).to_owned())
            }
            Some(DestinationType::System) => Sender::System,
            // A message without a known type of sender counts as the visitor's, so that the agent sees it as new.
            _ => Sender::Visitor,
        };
        if sender == Sender::Visitor {
            conversation.typing = None;
            conversation.unread_count += usize::from(selected != Some(conversation.id));
        }
        conversation.add_entry(sender, &message.body);
    }

    /// Handles the arrival of a participant other than this agent.
    fn add_participant(&mut self, added: &ChatEngagementParticipantAdded) {
        let own_client = self.client();
        let conversation = added.engagement_id.and_then(|id| self.conversation_mut(id));
        let Some(conversation) = conversation.filter(|_| added.client_id != own_client) else {
            return;
        };
        if added.role == Some(Role::EndUser) {
            // The server announces the visitor only to agents who take part. The acceptance has therefore succeeded,
            // even if its answer was lost.
            conversation.open();
            return;
        }
        let name = added.name.as_deref().unwrap_or(UNNAMED_AGENT);
        if let Some(client) = added.client_id {
            conversation.other_agents.insert(client, name.to_owned());
        }
        conversation.add_entry(Sender::System, &format!("{name} joined."));
        // The visitor sees the greeting as the first words of that agent.
        if let Some(greeting) = added.greeting.as_deref().filter(|text| !text.is_empty()) {
            conversation.add_entry(Sender::OtherAgent(name.to_owned()), greeting);
        }
    }

    /// Handles the departure of a participant, which may end the conversation or take it from this agent. If this agent
    /// does not take part any more, removes the conversation, and returns the request for another engagement if the
    /// agent is available.
    fn handle_disconnect(&mut self, notification: &ChatDisconnectNotification) -> Option<Request> {
        let own_client = self.client();
        let conversation = self.conversation_mut(notification.engagement_id?)?;
        let id = conversation.id;
        let is_unanswered_offer =
            conversation.stage == Stage::Offered && !conversation.is_request_pending;
        let is_visitor = notification.role == Some(Role::EndUser);
        match notification.reason.as_ref() {
            // The offer was withdrawn before the agent accepted or declined it. If a request that accepts or declines
            // it is pending, one of the next arms applies, because the agent may take part already.
            _ if is_unanswered_offer => {
                self.remove(id);
                self.request_assignment()
            }
            Some(DisconnectReason::TransferredToQueue) => {
                self.notice = Some(format!("{} waits again.", conversation.visitor));
                self.remove(id);
                self.request_assignment()
            }
            // This agent has left.
            Some(DisconnectReason::ParticipantLeft) if notification.client_id == own_client => {
                self.remove(id);
                self.request_assignment()
            }
            // Another agent has left.
            Some(DisconnectReason::ParticipantLeft) if !is_visitor => {
                let client = notification.client_id;
                let name = client.and_then(|client| conversation.other_agents.remove(&client));
                let name = name.as_deref().unwrap_or(UNNAMED_AGENT);
                conversation.add_entry(Sender::System, &format!("{name} left."));
                None
            }
            reason => {
                conversation.wrap_up(end_text(reason));
                None
            }
        }
    }
}

/// The sentence that says why the session is over.
fn session_over_text(error: &AgentError) -> String {
    match error.code() {
        Some(ExceptionCode::AccessDenied) => {
            "Your session is over: you have logged on elsewhere, or were away for too long."
                .to_owned()
        }
        _ => format!("Your session is over. {error}"),
    }
}
