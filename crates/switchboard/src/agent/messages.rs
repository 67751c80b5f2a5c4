//! Messages to agents about an engagement (a chat at the server): text, typing, participants who join or leave, and the
//! end.

use pipit_wire::agent::{
    AgentMessage, ChatActivitySignal, ChatDisconnectNotification, ChatEngagementParticipantAdded,
    ChatPostMessage, DestinationType, Envelope, Visibility,
};
use pipit_wire::vocabulary::{DisconnectReason, Role};
use pipit_wire::{ClientId, EngagementId};

use crate::Switchboard;
use crate::agent_session::NO_TEXT;
use crate::engagement::Engagement;

impl Engagement {
    /// The envelope (sender, destination and visibility) of a message from the visitor to the agents.
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
    /// Appends a text message to the streams of these agents. An agent's *stream* holds the messages that the agent's
    /// client has not fetched yet.
    pub(crate) fn post_to_agents(&mut self, agents: &[ClientId], message: &ChatPostMessage) {
        for agent in agents {
            if let Some(agent) = self.agents.get_mut(agent) {
                agent.push_message_posted(message);
            }
        }
    }

    /// Sends the visitor's activity to all agents of the engagement: whether the visitor is typing, and perhaps the
    /// text so far.
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
                agent.push(envelope.clone(), |envelope| {
                    AgentMessage::ChatActivitySignal(Box::new(ChatActivitySignal {
                        envelope,
                        ..signal.clone()
                    }))
                });
            }
        }
    }

    /// Tells an agent that a participant has left an engagement or that the engagement has ended. `participant` may be
    /// the agent who gets the message; it is `None` if the server has ended the engagement. `role` is the participant's
    /// role in the engagement. It is `NONE` if the server has ended the engagement, or if the participant is an
    /// agent who had only an offer.
    pub(crate) fn push_disconnect(
        &mut self,
        agent: ClientId,
        id: EngagementId,
        participant: Option<ClientId>,
        reason: DisconnectReason,
        role: Role,
        now: i64,
    ) {
        if let Some(agent) = self.agents.get_mut(&agent) {
            agent.push_from_server(now, |envelope| {
                AgentMessage::ChatDisconnectNotification(Box::new(ChatDisconnectNotification {
                    engagement_id: Some(id),
                    // Page 004 prints the member. 0 is nobody's client id.
                    client_id: Some(participant.unwrap_or(ClientId(0))),
                    reason: Some(reason),
                    role: Some(role),
                    envelope,
                    ..ChatDisconnectNotification::default()
                }))
            });
        }
    }

    /// Tells an agent that a visitor or another agent takes part in an engagement. `participant` is the whole message
    /// except its envelope, which this function adds.
    pub(crate) fn push_participant_added(
        &mut self,
        agent: ClientId,
        participant: ChatEngagementParticipantAdded,
        now: i64,
    ) {
        if let Some(agent) = self.agents.get_mut(&agent) {
            agent.push_from_server(now, |envelope| {
                let added = ChatEngagementParticipantAdded {
                    envelope,
                    ..participant
                };
                AgentMessage::ChatEngagementParticipantAdded(Box::new(added))
            });
        }
    }
}
