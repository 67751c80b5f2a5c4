//! How an engagement ends, and what is left of it.

use pipit_wire::vocabulary::{DisconnectReason, Role};
use pipit_wire::{ClientId, EngagementId, ExceptionCode, Refusal};

use crate::Switchboard;
use crate::engagement::{Engagement, Phase};

/// Why an engagement ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// The lead agent concluded it.
    ByAgent(ClientId),
    /// The visitor concluded it or left the queue.
    ByConsumer,
    /// The visitor's client has not polled for too long.
    ConsumerGone,
    /// By the spam rule.
    Ejected,
    /// Nobody wrote.
    Idle,
    /// It waited too long.
    QueueTimeout,
    /// No agent is logged on.
    NoAgents,
}

impl Ending {
    fn reason(self) -> DisconnectReason {
        match self {
            Self::ByAgent(_) => DisconnectReason::AgentConcluded,
            Self::ByConsumer => DisconnectReason::EndUserConcluded,
            Self::ConsumerGone => DisconnectReason::ParticipantLeft,
            Self::Ejected => DisconnectReason::Ejected,
            Self::Idle => DisconnectReason::IdleTimeout,
            Self::QueueTimeout => DisconnectReason::QueueTimeout,
            Self::NoAgents => DisconnectReason::NoAgentsAvailable,
        }
    }

    /// Whose doing it is, and which client that is.
    fn doer(self, consumer: ClientId) -> (Role, Option<ClientId>) {
        match self {
            Self::ByAgent(agent) => (Role::Lead, Some(agent)),
            Self::ByConsumer | Self::ConsumerGone | Self::Ejected => {
                (Role::EndUser, Some(consumer))
            }
            Self::Idle | Self::QueueTimeout | Self::NoAgents => (Role::None, None),
        }
    }
}

impl Switchboard {
    /// Ends an engagement: everybody is told, and the agents who took part are in wrap-up. Does
    /// nothing when it is over already.
    pub(crate) fn conclude(&mut self, id: EngagementId, ending: Ending, now: i64) {
        let Some(engagement) = self.engagements.get_mut(&id) else {
            return;
        };
        if engagement.is_concluded() {
            return;
        }
        let reason = ending.reason();
        let (role, client) = ending.doer(engagement.client);
        let taking_part = engagement.agents();
        let asked = engagement.open_offer().map(|offer| offer.agent);
        engagement.phase = Phase::Concluded { since_ms: now };
        engagement.wrap_up.extend(&taking_part);
        engagement.tell_concluded(reason.clone(), role.clone(), client, now);
        for agent in taking_part.into_iter().chain(asked) {
            if Some(agent) != client {
                self.tell_disconnect(agent, id, client, reason.clone(), role.clone(), now);
            }
        }
        self.route(now);
    }

    /// Ends the session of a consumer who has not fetched the end in time.
    pub(crate) fn end_session(&mut self, id: EngagementId) {
        if let Some(engagement) = self.engagements.get_mut(&id) {
            engagement.session = None;
        }
        self.forget_if_done(id);
    }

    /// Forgets an engagement whose consumer knows that it is over, and which no agent holds.
    pub(crate) fn forget_if_done(&mut self, id: EngagementId) {
        let done = |it: &Engagement| it.session.is_none() && it.wrap_up.is_empty();
        if self.engagements.get(&id).is_some_and(done) {
            self.engagements.remove(&id);
        }
    }

    /// The engagement of an id.
    ///
    /// # Errors
    /// 404 ENGAGEMENT_ID_UNKNOWN.
    pub(crate) fn engagement(&mut self, id: EngagementId) -> Result<&mut Engagement, Refusal> {
        self.engagements.get_mut(&id).ok_or_else(|| {
            Refusal::new(
                404,
                &ExceptionCode::EngagementIdUnknown,
                format!("There is no engagement {id}: it never was one, or it is over."),
            )
        })
    }
}
