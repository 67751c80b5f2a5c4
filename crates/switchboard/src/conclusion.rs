//! Ends engagements (chats at the server), and notifies the participants, except an agent who ended the engagement. The
//! engagement is kept for *wrap-up*, the time until each agent releases it. It is removed when neither the consumer's
//! session nor an agent needs it any more. The *consumer* is the visitor's client.

use pipit_wire::vocabulary::{DisconnectReason, Role};
use pipit_wire::{ClientId, EngagementId, ExceptionCode, Refusal};

use crate::Switchboard;
use crate::engagement::{Engagement, Phase};

/// Why an engagement ends. The notification of a participant names the cause as a [`DisconnectReason`] of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EndCause {
    /// The agent who led the engagement concluded it.
    ByAgent(ClientId),
    /// The visitor concluded the engagement or left the queue.
    ByConsumer,
    /// The visitor's client has not polled for too long.
    ConsumerDisconnected,
    /// The spam rule ended the engagement because of the visitor's messages.
    Ejected,
    /// The spam rule ended the engagement because of this agent's messages.
    AgentEjected(ClientId),
    /// Nobody wrote for too long.
    Idle,
    /// The visitor waited in the queue for too long.
    QueueTimeout,
    /// The visitor waited, and no agent was logged on. The setting `conclude_without_agents` switches this cause on.
    NoAgents,
}

impl EndCause {
    /// The word of the API for this cause.
    fn reason(self) -> DisconnectReason {
        match self {
            Self::ByAgent(_) => DisconnectReason::AgentConcluded,
            Self::ByConsumer => DisconnectReason::EndUserConcluded,
            Self::ConsumerDisconnected => DisconnectReason::ParticipantLeft,
            Self::Ejected | Self::AgentEjected(_) => DisconnectReason::Ejected,
            Self::Idle => DisconnectReason::IdleTimeout,
            Self::QueueTimeout => DisconnectReason::QueueTimeout,
            Self::NoAgents => DisconnectReason::NoAgentsAvailable,
        }
    }

    /// The role and the client id of the participant who caused the end. If the server caused it, the role is `NONE` and
    /// there is no client id.
    fn initiator(self, consumer: ClientId) -> (Role, Option<ClientId>) {
        match self {
            Self::ByAgent(agent) | Self::AgentEjected(agent) => (Role::Lead, Some(agent)),
            Self::ByConsumer | Self::ConsumerDisconnected | Self::Ejected => {
                (Role::EndUser, Some(consumer))
            }
            Self::Idle | Self::QueueTimeout | Self::NoAgents => (Role::None, None),
        }
    }
}

impl Switchboard {
    /// Ends an engagement: puts its agents into wrap-up, and notifies the consumer and all agents except an agent who ended
    /// it. An agent to whom the engagement is offered is notified too. Does nothing when the engagement is over already.
    pub(crate) fn conclude(&mut self, id: EngagementId, cause: EndCause, now: i64) {
        let Some(engagement) = self.engagements.get_mut(&id) else {
            return;
        };
        if engagement.is_concluded() {
            return;
        }
        let reason = cause.reason();
        let (role, client) = cause.initiator(engagement.client);
        let agents = engagement.agents();
        let offered_to = engagement.pending_offer().map(|offer| offer.agent);
        engagement.phase = Phase::Concluded { since_ms: now };
        engagement.wrap_up.extend(&agents);
        engagement.push_concluded(reason.clone(), role.clone(), client, now);
        for agent in agents.into_iter().chain(offered_to) {
            // An agent whose messages were taken for spam has not asked for the end, so the agent is notified too.
            if Some(agent) != client || matches!(cause, EndCause::AgentEjected(_)) {
                self.push_disconnect(agent, id, client, reason.clone(), role.clone(), now);
            }
        }
        // If the engagement waited, the queue is shorter now. If an agent had an offer, the agent is free for another
        // engagement.
        self.route(now);
    }

    /// Ends the session of a consumer who has not fetched the end of the engagement in time.
    pub(crate) fn end_session(&mut self, id: EngagementId) {
        if let Some(engagement) = self.engagements.get_mut(&id) {
            engagement.session = None;
            // Without a session, a displaced poll need not be held any more.
            engagement.stream.end_all_polls();
        }
        self.remove_if_unused(id);
    }

    /// Removes the engagement if the consumer's session is over and no agent is in wrap-up.
    pub(crate) fn remove_if_unused(&mut self, id: EngagementId) {
        let is_unused =
            |engagement: &Engagement| engagement.session.is_none() && engagement.wrap_up.is_empty();
        if self.engagements.get(&id).is_some_and(is_unused) {
            self.engagements.remove(&id);
        }
    }

    /// Finds the engagement with this id.
    ///
    /// # Errors
    /// 404 ENGAGEMENT_ID_UNKNOWN when no engagement has this id.
    pub(crate) fn engagement_mut(&mut self, id: EngagementId) -> Result<&mut Engagement, Refusal> {
        self.engagements.get_mut(&id).ok_or_else(|| {
            Refusal::new(
                404,
                &ExceptionCode::EngagementIdUnknown,
                format!("There is no engagement {id}: it never was one, or it is over."),
            )
        })
    }
}
