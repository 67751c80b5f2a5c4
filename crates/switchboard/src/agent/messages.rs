//! What agents are told.

use pipit_wire::agent::{
    AgentMessage, ChatActivitySignal, ChatDisconnectNotification, ChatEngagementParticipantAdded,
    ChatPostMessage, DestinationType, Envelope, Visibility,
};
use pipit_wire::vocabulary::{DisconnectReason, Role};
use pipit_wire::{ClientId, EngagementId};

use super::AgentSession;
use crate::Switchboard;
use crate::engagement::Engagement;
use crate::ids::SYSTEM_CLIENT;

/// The `messageType` of messages that are no text. INFERRED.
const NO_TEXT: &str = "NONE";

impl AgentSession {
    /// A message of the server to this agent.
    pub(crate) fn tell_system(&mut self, now: i64, message: impl FnOnce(Envelope) -> AgentMessage) {
        let envelope = Envelope {
            destination_id: Some(self.client.0),
            destination_type: Some(DestinationType::Agent),
            sender_id: Some(SYSTEM_CLIENT.0),
            sender_type: Some(DestinationType::System),
            message_type: Some(NO_TEXT.to_owned()),
            visibility: Some(Visibility::All),
            created_time: Some(now),
            ..Envelope::default()
        };
        self.tell(envelope, message);
    }

    /// A message that has its envelope but for the place in this stream.
    pub(crate) fn tell(
        &mut self,
        envelope: Envelope,
        message: impl FnOnce(Envelope) -> AgentMessage,
    ) {
        self.stream.push(|sequence_number| {
            message(Envelope {
                sequence_number: Some(sequence_number),
                ..envelope
            })
        });
    }

    pub(crate) fn tell_posted(&mut self, message: &ChatPostMessage) {
        self.tell(message.envelope.clone(), |envelope| {
            AgentMessage::ChatPostMessage(Box::new(ChatPostMessage {
                envelope,
                ..message.clone()
            }))
        });
    }
}

impl Engagement {
    /// The envelope of a visitor's message.
    pub(crate) fn envelope_from_visitor(&self, now: i64) -> Envelope {
        Envelope {
            destination_id: Some(self.id.0),
            destination_type: Some(DestinationType::Engagement),
            sender_id: Some(self.client.0),
            sender_type: Some(DestinationType::EndUser),
            message_type: Some("TEXT".to_owned()),
            visibility: Some(Visibility::All),
            created_time: Some(now),
            ..Envelope::default()
        }
    }
}

impl Switchboard {
    pub(crate) fn post_to_agents(&mut self, agents: &[ClientId], message: &ChatPostMessage) {
        for agent in agents {
            if let Some(agent) = self.agents.get_mut(agent) {
                agent.tell_posted(message);
            }
        }
    }

    /// What the visitor is doing, to all agents of the engagement.
    pub(crate) fn signal_agents(
        &mut self,
        id: EngagementId,
        signal: &ChatActivitySignal,
        now: i64,
    ) {
        let Some(engagement) = self.engagements.get(&id) else {
            return;
        };
        let envelope = Envelope {
            message_type: Some(NO_TEXT.to_owned()),
            ..engagement.envelope_from_visitor(now)
        };
        for agent in engagement.agents() {
            if let Some(agent) = self.agents.get_mut(&agent) {
                agent.tell(envelope.clone(), |envelope| {
                    AgentMessage::ChatActivitySignal(Box::new(ChatActivitySignal {
                        envelope,
                        ..signal.clone()
                    }))
                });
            }
        }
    }

    /// Tells an agent that a participant, or the agent itself, is out of an engagement.
    pub(crate) fn tell_disconnect(
        &mut self,
        agent: ClientId,
        id: EngagementId,
        who: Option<ClientId>,
        reason: DisconnectReason,
        role: Role,
        now: i64,
    ) {
        if let Some(agent) = self.agents.get_mut(&agent) {
            agent.tell_system(now, |envelope| {
                AgentMessage::ChatDisconnectNotification(Box::new(ChatDisconnectNotification {
                    engagement_id: Some(id),
                    client_id: who,
                    reason: Some(reason),
                    role: Some(role),
                    envelope,
                    ..ChatDisconnectNotification::default()
                }))
            });
        }
    }

    /// Tells an agent who else takes part.
    pub(crate) fn tell_participant(
        &mut self,
        agent: ClientId,
        participant: ChatEngagementParticipantAdded,
        now: i64,
    ) {
        if let Some(agent) = self.agents.get_mut(&agent) {
            agent.tell_system(now, |envelope| {
                let added = ChatEngagementParticipantAdded {
                    envelope,
                    ..participant
                };
                AgentMessage::ChatEngagementParticipantAdded(Box::new(added))
            });
        }
    }
}
