//! What happens when nobody does anything: absence, idleness, waits and answers that took too long.

use pipit_wire::vocabulary::ConnectionState;
use pipit_wire::{ClientId, EngagementId};

use crate::end::Ending;
use crate::engagement::{Engagement, Phase};
use crate::stream::{Contact, Stream};
use crate::{Config, Switchboard};

/// A time-out that runs. The order decides between those of one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Timeout {
    ConsumerAbsent(EngagementId),
    ConsumerGone(EngagementId),
    AgentAbsent(ClientId),
    AgentGone(ClientId),
    Queue(EngagementId),
    Offer(EngagementId),
    Passed(EngagementId, ClientId),
    Idle(EngagementId),
    Linger(EngagementId),
}

impl Switchboard {
    /// When the next time-out is due, in ms since 1970, if any runs. Long polls are not among them:
    /// their callers know when they end.
    pub fn next_deadline(&self) -> Option<i64> {
        self.next_timeout().map(|(at, _)| at)
    }

    /// Lets everything happen that is due by `now`, each at its own time.
    pub fn tick(&mut self, now: i64) {
        while let Some((at, timeout)) = self.next_timeout().filter(|(at, _)| *at <= now) {
            self.expire(timeout, at);
        }
    }

    fn next_timeout(&self) -> Option<(i64, Timeout)> {
        let engagements = self.engagements.values();
        let of_engagements = engagements.flat_map(|engagement| {
            self.phase_timeouts(engagement)
                .into_iter()
                .chain(self.presence_timeout(engagement))
        });
        let agents = self.agents.values();
        let of_agents = agents.map(|agent| {
            let (absent, gone) = (Timeout::AgentAbsent, Timeout::AgentGone);
            self.silence(&agent.stream, absent(agent.client), gone(agent.client))
        });
        of_engagements.chain(of_agents).min()
    }

    fn phase_timeouts(&self, engagement: &Engagement) -> Vec<(i64, Timeout)> {
        let id = engagement.id;
        let offer = engagement.open_offer();
        let mut timeouts = Vec::from_iter(offer.map(|it| (it.until_ms, Timeout::Offer(id))));
        match &engagement.phase {
            Phase::Waiting(waiting) => {
                let patience_ms = self.config.queue_timeout_ms;
                timeouts.push((waiting.since_ms + patience_ms, Timeout::Queue(id)));
                let passed = waiting.passed.iter();
                timeouts.extend(passed.map(|(agent, until)| (*until, Timeout::Passed(id, *agent))));
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

    fn presence_timeout(&self, engagement: &Engagement) -> Option<(i64, Timeout)> {
        let (absent, gone) = (Timeout::ConsumerAbsent, Timeout::ConsumerGone);
        let id = engagement.id;
        (!engagement.is_concluded()).then(|| self.silence(&engagement.stream, absent(id), gone(id)))
    }

    /// The time-out of a session that is silent: first absent, then gone.
    fn silence<M>(&self, stream: &Stream<M>, absent: Timeout, gone: Timeout) -> (i64, Timeout) {
        let since = stream.silent_since();
        match stream.contact() {
            Contact::Active => (since + self.config.absent_ms, absent),
            Contact::Absent => (since + self.gone_ms(), gone),
        }
    }

    /// How long a session may be silent before it is given up.
    fn gone_ms(&self) -> i64 {
        let Config {
            absent_ms,
            absent_retries,
            ..
        } = self.config;
        absent_ms.saturating_mul(absent_retries)
    }

    fn expire(&mut self, timeout: Timeout, now: i64) {
        match timeout {
            Timeout::ConsumerAbsent(id) => {
                if let Some(engagement) = self.engagements.get_mut(&id) {
                    engagement.stream.mark_absent();
                }
            }
            Timeout::ConsumerGone(id) => self.conclude(id, Ending::ConsumerGone, now),
            Timeout::AgentAbsent(agent) => self.agent_absent(agent, now),
            Timeout::AgentGone(agent) => {
                self.agent_is(agent, &ConnectionState::Disconnected, None, now);
                self.log_off(agent, now);
            }
            Timeout::Queue(id) => self.conclude(id, Ending::QueueTimeout, now),
            Timeout::Offer(id) => self.offer_expires(id, now),
            Timeout::Passed(id, agent) => {
                let engagement = self.engagements.get_mut(&id);
                if let Some(waiting) = engagement.and_then(Engagement::waiting_mut) {
                    waiting.passed.remove(&agent);
                }
                self.route(now);
            }
            Timeout::Idle(id) => self.conclude(id, Ending::Idle, now),
            Timeout::Linger(id) => self.end_session(id),
        }
    }

    fn agent_absent(&mut self, agent: ClientId, now: i64) {
        let remaining_ms = self.gone_ms() - self.config.absent_ms;
        if let Some(session) = self.agents.get_mut(&agent) {
            session.stream.mark_absent();
        }
        let seconds = Some(remaining_ms / 1_000);
        self.agent_is(agent, &ConnectionState::Absent, seconds, now);
    }
}
