//! What agents are told.

use pipit_wire::agent::{
    AgentMessage, ChatActivitySignal, ChatDisconnectNotification, ChatEngagementParticipantAdded,
    ChatPostMessage, DestinationType, Tail, Visibility,
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
    pub(crate) fn tell_system(&mut self, now: i64, message: impl FnOnce(Tail) -> AgentMessage) {
        let tail = Tail {
            destination_id: Some(self.client.0),
            destination_type: Some(DestinationType::Agent),
            sender_id: Some(SYSTEM_CLIENT.0),
            sender_type: Some(DestinationType::System),
            message_type: Some(NO_TEXT.to_owned()),
            visibility: Some(Visibility::All),
            created_time: Some(now),
            ..Tail::default()
        };
        self.tell(tail, message);
    }

    /// A message that has its tail but for the place in this stream.
    pub(crate) fn tell(&mut self, tail: Tail, message: impl FnOnce(Tail) -> AgentMessage) {
        self.stream.push(|sequence_number| {
            message(Tail {
                sequence_number: Some(sequence_number),
                ..tail
            })
        });
    }

    pub(crate) fn tell_posted(&mut self, message: &ChatPostMessage) {
        self.tell(message.tail.clone(), |tail| {
            AgentMessage::ChatPostMessage(Box::new(ChatPostMessage {
                tail,
                ..message.clone()
            }))
        });
    }
}

impl Engagement {
    /// The tail of a visitor's message.
    pub(crate) fn tail_from_visitor(&self, now: i64) -> Tail {
        Tail {
            destination_id: Some(self.id.0),
            destination_type: Some(DestinationType::Engagement),
            sender_id: Some(self.client.0),
            sender_type: Some(DestinationType::EndUser),
            message_type: Some("TEXT".to_owned()),
            visibility: Some(Visibility::All),
            created_time: Some(now),
            ..Tail::default()
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
        let tail = Tail {
            message_type: Some(NO_TEXT.to_owned()),
            ..engagement.tail_from_visitor(now)
        };
        for agent in engagement.agents() {
            if let Some(agent) = self.agents.get_mut(&agent) {
                agent.tell(tail.clone(), |tail| {
                    AgentMessage::ChatActivitySignal(Box::new(ChatActivitySignal {
                        tail,
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
            agent.tell_system(now, |tail| {
                AgentMessage::ChatDisconnectNotification(Box::new(ChatDisconnectNotification {
                    engagement_id: Some(id),
                    client_id: who,
                    reason: Some(reason),
                    role: Some(role),
                    tail,
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
            agent.tell_system(now, |tail| {
                let added = ChatEngagementParticipantAdded {
                    tail,
                    ..participant
                };
                AgentMessage::ChatEngagementParticipantAdded(Box::new(added))
            });
        }
    }
}
