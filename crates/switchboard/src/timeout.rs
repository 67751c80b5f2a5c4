//! The time-outs of participants, offers and engagements (chats at the server). A participant who does not poll becomes
//! absent, and is later disconnected. An offer of an engagement to an agent expires. An engagement ends because no
//! agent accepts it or nobody writes. The session of an ended engagement ends. In this file the *consumer* is the
//! visitor's client.

use pipit_wire::vocabulary::ConnectionState;
use pipit_wire::{ClientId, EngagementId};

use crate::conclusion::EndCause;
use crate::engagement::{Engagement, Phase};
use crate::message_stream::{MessageStream, Presence};
use crate::{Config, Switchboard};

/// A running time-out. Each variant says what is the case when the time-out is due. Of several time-outs that are due at
/// the same time, the variant that is listed first is performed first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Timeout {
    /// The consumer counts as active, and has not polled for `absent_ms`.
    ConsumerAbsent(EngagementId),
    /// The consumer counts as absent, and has not polled for `absent_ms` times `absent_retries`.
    ConsumerDisconnected(EngagementId),
    /// The agent counts as active, and has not polled for `absent_ms`.
    AgentAbsent(ClientId),
    /// The agent counts as absent, and has not polled for `absent_ms` times `absent_retries`.
    AgentDisconnected(ClientId),
    /// `queue_timeout_ms` have passed since the engagement's current wait began, and no agent has accepted it.
    Queue(EngagementId),
    /// An agent has not answered an offer for `assignment_ms`.
    Offer(EngagementId),
    /// `declined_ms` have passed since the agent declined the engagement, did not answer the offer, or lost the engagement by
    /// a transfer. It may be offered to this agent again.
    Declined(EngagementId, ClientId),
    /// An agent leads the engagement, and neither side has written for `idle_ms`.
    Idle(EngagementId),
    /// The engagement ended `linger_ms` ago, and the consumer has not fetched its end.
    Linger(EngagementId),
}

impl Switchboard {
    /// When the next time-out is due, in ms since 1970; `None` if there is none. This looks at every session.
    pub fn next_deadline(&self) -> Option<i64> {
        self.next_timeout().map(|(due_ms, _)| due_ms)
    }

    /// A time before which no time-out is due, in ms since 1970. It may be earlier than
    /// [`next_deadline`](Self::next_deadline), and costs nothing.
    pub fn deadline_bound(&self) -> i64 {
        self.deadline_bound
    }

    /// Runs all time-outs that are due. Every operation does this first.
    pub fn tick(&mut self, now: i64) {
        if self.deadline_bound <= now {
            let mut next = self.next_timeout();
            while let Some((due_ms, timeout)) = next
                && due_ms <= now
            {
                self.expire(timeout, due_ms);
                next = self.next_timeout();
            }
            self.deadline_bound = next.map_or(i64::MAX, |(due_ms, _)| due_ms);
        }
        // What the caller does now may begin a time-out, and none is shorter than this.
        let earliest_new = now.saturating_add(self.shortest_timeout_ms());
        self.deadline_bound = self.deadline_bound.min(earliest_new);
    }

    /// The shortest time that a time-out has from its beginning.
    fn shortest_timeout_ms(&self) -> i64 {
        let Config {
            absent_ms,
            queue_timeout_ms,
            assignment_ms,
            declined_ms,
            idle_ms,
            linger_ms,
            ..
        } = self.config;
        [
            absent_ms,
            self.disconnect_ms(),
            queue_timeout_ms,
            assignment_ms,
            declined_ms,
            idle_ms,
            linger_ms,
        ]
        .into_iter()
        .fold(i64::MAX, i64::min)
    }

    /// The time-out that is due next, and when, in ms since 1970.
    fn next_timeout(&self) -> Option<(i64, Timeout)> {
        let engagements = self.engagements.values();
        let of_engagements = engagements.flat_map(|engagement| {
            self.phase_timeouts(engagement)
                .into_iter()
                .chain(self.consumer_timeout(engagement))
        });
        let agents = self.agents.values();
        let of_agents = agents.map(|agent| {
            let absent = Timeout::AgentAbsent(agent.client);
            let disconnected = Timeout::AgentDisconnected(agent.client);
            self.silence_timeout(&agent.stream, absent, disconnected)
        });
        of_engagements.chain(of_agents).min()
    }

    /// The time-outs that depend on the engagement's phase, each with the time at which it is due.
    fn phase_timeouts(&self, engagement: &Engagement) -> Vec<(i64, Timeout)> {
        let id = engagement.id;
        let offer = engagement.pending_offer();
        let mut timeouts =
            Vec::from_iter(offer.map(|offer| (offer.expires_ms, Timeout::Offer(id))));
        match &engagement.phase {
            Phase::Waiting(waiting) => {
                let queue_ms = self.config.queue_timeout_ms;
                timeouts.push((waiting.since_ms + queue_ms, Timeout::Queue(id)));
                let declined = waiting.declined_until.iter();
                timeouts
                    .extend(declined.map(|(agent, until)| (*until, Timeout::Declined(id, *agent))));
            }
            Phase::Chatting(chatting) => {
                timeouts.push((chatting.active_ms + self.config.idle_ms, Timeout::Idle(id)));
            }
            Phase::Concluded { since_ms } if engagement.session.is_some() => {
                timeouts.push((since_ms + self.config.linger_ms, Timeout::Linger(id)));
            }
            Phase::Concluded { .. } => {}
        }
        timeouts
    }

    /// The time-out of a consumer that does not poll; `None` after the end of the engagement, when `Linger` runs instead.
    fn consumer_timeout(&self, engagement: &Engagement) -> Option<(i64, Timeout)> {
        if engagement.is_concluded() {
            return None;
        }
        let absent = Timeout::ConsumerAbsent(engagement.id);
        let disconnected = Timeout::ConsumerDisconnected(engagement.id);
        Some(self.silence_timeout(&engagement.stream, absent, disconnected))
    }

    /// The time-out of a session whose client does not poll, and when it is due: `absent` for a client that counts as active,
    /// `disconnected` for a client that counts as absent.
    fn silence_timeout<M>(
        &self,
        stream: &MessageStream<M>,
        absent: Timeout,
        disconnected: Timeout,
    ) -> (i64, Timeout) {
        let silent_since_ms = stream.silent_since_ms();
        match stream.presence() {
            Presence::Active => (silent_since_ms + self.config.absent_ms, absent),
            Presence::Absent => (silent_since_ms + self.disconnect_ms(), disconnected),
        }
    }

    /// The time without a poll after which a client is disconnected, in ms.
    fn disconnect_ms(&self) -> i64 {
        let Config {
            absent_ms,
            absent_retries,
            ..
        } = self.config;
        absent_ms.saturating_mul(absent_retries)
    }

    /// Performs what the time-out demands. `now` is the time at which it was due.
    fn expire(&mut self, timeout: Timeout, now: i64) {
        match timeout {
            Timeout::ConsumerAbsent(id) => {
                if let Some(engagement) = self.engagements.get_mut(&id) {
                    engagement.stream.mark_absent();
                }
            }
            Timeout::ConsumerDisconnected(id) => {
                self.conclude(id, EndCause::ConsumerDisconnected, now);
            }
            Timeout::AgentAbsent(agent) => self.mark_agent_absent(agent, now),
            Timeout::AgentDisconnected(agent) => {
                self.announce_connection_state(agent, &ConnectionState::Disconnected, None, now);
                self.log_off(agent, now);
            }
            Timeout::Queue(id) => self.conclude(id, EndCause::QueueTimeout, now),
            Timeout::Offer(id) => self.expire_offer(id, now),
            Timeout::Declined(id, agent) => {
                let engagement = self.engagements.get_mut(&id);
                if let Some(waiting) = engagement.and_then(Engagement::waiting_mut) {
                    waiting.declined_until.remove(&agent);
                }
                self.route(now);
            }
            Timeout::Idle(id) => self.conclude(id, EndCause::Idle, now),
            Timeout::Linger(id) => self.end_session(id),
        }
    }

    /// Marks the agent as absent, and announces to the agent's visitors in how many seconds the agent will be disconnected.
    fn mark_agent_absent(&mut self, agent: ClientId, now: i64) {
        let remaining_ms = self.disconnect_ms() - self.config.absent_ms;
        if let Some(session) = self.agents.get_mut(&agent) {
            session.stream.mark_absent();
        }
        let seconds = Some(remaining_ms / 1_000);
        self.announce_connection_state(agent, &ConnectionState::Absent, seconds, now);
    }
}
