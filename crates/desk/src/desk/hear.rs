//! What the stream says.

use pipit_agent::AgentError;
use pipit_wire::agent::{
    AgentMessage, ChatDisconnectNotification, ChatEngagementAssignment,
    ChatEngagementParticipantAdded, ChatPostMessage, DestinationType,
};
use pipit_wire::vocabulary::{DisconnectReason, Role};
use pipit_wire::{ClientId, EngagementId, ExceptionCode};

use super::conversation::farewell;
use super::{Conversation, Desk, Duty, From, Request, Stage};

const SOMEBODY: &str = "Another agent";

impl Desk {
    pub(super) fn hear(&mut self, heard: Result<Vec<AgentMessage>, AgentError>) -> Vec<Request> {
        let messages = match heard {
            Ok(messages) => messages,
            Err(error) if error.is_transient() => {
                self.set_connected(false);
                return Vec::new();
            }
            Err(error) => {
                self.end(session_over(&error));
                return Vec::new();
            }
        };
        self.set_connected(true);
        let messages = messages.into_iter();
        messages
            .filter_map(|message| self.message(message))
            .collect()
    }

    fn set_connected(&mut self, now: bool) {
        if let Duty::On { connected, .. } = &mut self.duty {
            *connected = now;
        }
    }

    fn message(&mut self, message: AgentMessage) -> Option<Request> {
        match message {
            AgentMessage::ChatEngagementAssignment(assignment) => self.offered(&assignment),
            AgentMessage::ChatPostMessage(message) => self.posted(&message),
            AgentMessage::ChatActivitySignal(signal) => {
                self.conversation_mut(signal.engagement_id?)?.typed(&signal);
            }
            AgentMessage::ChatEngagementParticipantAdded(added) => self.joined(&added),
            AgentMessage::ChatDisconnectNotification(gone) => return self.disconnected(&gone),
            AgentMessage::ChatSystemError(error) => {
                self.notice = error.text.or(error.error_condition);
            }
            // The shim follows the pool; the others say nothing to the agent.
            AgentMessage::ChatConfigChangeNotification(_)
            | AgentMessage::ChatGetTimeout(_)
            | AgentMessage::Unknown(_) => {}
        }
        None
    }

    fn offered(&mut self, assignment: &ChatEngagementAssignment) {
        self.remove(assignment.engagement_id);
        self.conversations.push(Conversation::offered(assignment));
    }

    /// A message names no engagement: that is its destination.
    fn posted(&mut self, message: &ChatPostMessage) {
        let (front, own) = (self.front, self.client());
        let destination = message.envelope.destination_id.map(EngagementId);
        let sender = message.envelope.sender_id.map(ClientId);
        let conversation = destination.and_then(|id| self.conversation_mut(id));
        let Some(conversation) = conversation.filter(|_| sender != own) else {
            return;
        };
        let from = match &message.envelope.sender_type {
            Some(DestinationType::Agent) => {
                let name = sender.and_then(|client| conversation.colleagues.get(&client));
                From::Colleague(name.map_or(SOMEBODY, String::as_str).to_owned())
            }
            Some(DestinationType::System) => From::System,
            _ => From::Visitor,
        };
        if from == From::Visitor {
            conversation.typing = None;
            conversation.unread += usize::from(front != Some(conversation.id));
        }
        conversation.say(from, &message.body);
    }

    fn joined(&mut self, added: &ChatEngagementParticipantAdded) {
        let own = self.client();
        let conversation = added.engagement_id.and_then(|id| self.conversation_mut(id));
        let Some(conversation) = conversation.filter(|_| added.client_id != own) else {
            return;
        };
        if added.role == Some(Role::EndUser) {
            // The agent is in, whatever became of the answer to the acknowledgement.
            conversation.open();
            return;
        }
        let name = added.name.as_deref().unwrap_or(SOMEBODY);
        if let Some(client) = added.client_id {
            conversation.colleagues.insert(client, name.to_owned());
        }
        conversation.say(From::System, &format!("{name} joined."));
    }

    fn disconnected(&mut self, gone: &ChatDisconnectNotification) -> Option<Request> {
        let own = self.client();
        let conversation = self.conversation_mut(gone.engagement_id?)?;
        let id = conversation.id;
        let unanswered = conversation.stage == Stage::Offered && !conversation.leaving_stage;
        let by_visitor = gone.role == Some(Role::EndUser);
        match gone.reason.as_ref() {
            _ if unanswered => {
                self.remove(id);
                self.ask()
            }
            Some(DisconnectReason::TransferredToQueue) => {
                self.notice = Some(format!("{} waits again.", conversation.visitor));
                self.remove(id);
                self.ask()
            }
            Some(DisconnectReason::ParticipantLeft) if gone.client_id == own => {
                self.remove(id);
                self.ask()
            }
            Some(DisconnectReason::ParticipantLeft) if !by_visitor => {
                let client = gone.client_id;
                let name = client.and_then(|client| conversation.colleagues.remove(&client));
                let name = name.as_deref().unwrap_or(SOMEBODY);
                conversation.say(From::System, &format!("{name} left."));
                None
            }
            reason => {
                conversation.wrap_up(farewell(reason));
                None
            }
        }
    }
}

fn session_over(error: &AgentError) -> String {
    match error.code() {
        Some(ExceptionCode::AccessDenied) => {
            "Your session is over: you have logged on elsewhere, or were away for too long."
                .to_owned()
        }
        _ => format!("Your session is over. {error}"),
    }
}
