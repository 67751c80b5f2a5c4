//! The queue: who waits where, and which agent is asked.

use std::collections::{BTreeMap, VecDeque};

use pipit_wire::agent::AssignmentType;
use pipit_wire::{ClientId, EngagementId};

use crate::Switchboard;
use crate::end::Ending;
use crate::engagement::{Engagement, Offer};
use crate::stream::Contact;

/// How many waits the average is taken over.
const MEASURED_WAITS: usize = 20;

/// The latest waits, in ms.
#[derive(Debug, Default)]
pub(crate) struct Waits(VecDeque<i64>);

impl Waits {
    pub(crate) fn record(&mut self, wait_ms: i64) {
        self.0.truncate(MEASURED_WAITS - 1);
        self.0.push_front(wait_ms);
    }

    fn average_seconds(&self) -> Option<i64> {
        let count = i64::try_from(self.0.len()).ok()?;
        let sum = self.0.iter().sum::<i64>();
        sum.checked_div(count).map(|average_ms| average_ms / 1_000)
    }
}

impl Switchboard {
    /// Who waits, first to last.
    pub(crate) fn queue(&self) -> Vec<EngagementId> {
        let waiting = self.engagements.values();
        let mut queue: Vec<(i64, EngagementId)> = waiting
            .filter_map(|engagement| Some((engagement.waiting()?.place, engagement.id)))
            .collect();
        queue.sort_unstable();
        queue.into_iter().map(|(_, id)| id).collect()
    }

    /// A place behind all who wait.
    pub(crate) fn last_place(&self) -> i64 {
        let places = self.engagements.values().filter_map(Engagement::waiting);
        places.map(|waiting| waiting.place + 1).max().unwrap_or(0)
    }

    pub(crate) fn first_place(&self) -> i64 {
        let places = self.engagements.values().filter_map(Engagement::waiting);
        places.map(|waiting| waiting.place - 1).min().unwrap_or(0)
    }

    pub(crate) fn average_wait_seconds(&self) -> i64 {
        let measured = self.waits.average_seconds();
        measured.unwrap_or(self.config.average_wait_seconds)
    }

    /// Gives waiting engagements to agents with room for them, then tells who waits where. Called
    /// after everything that may have made room or moved the queue.
    pub(crate) fn route(&mut self, now: i64) {
        if self.config.conclude_without_agents && self.agents.is_empty() {
            for id in self.queue() {
                self.conclude(id, Ending::NoAgents, now);
            }
        }
        for id in self.queue() {
            if let Some(agent) = self.agent_for(id) {
                self.offer(id, agent, now);
            }
        }
        self.tell_positions(now);
    }

    /// The agent to be asked: the one with the least work, then the one who was asked longest ago.
    fn agent_for(&self, id: EngagementId) -> Option<ClientId> {
        let waiting = self.engagements.get(&id)?.waiting()?;
        if waiting.offer.is_some() {
            return None;
        }
        let candidates = self.agents.values().filter(|agent| {
            !waiting.passed.contains_key(&agent.client) && self.free_places_of(agent.client) > 0
        });
        let least_work = candidates.min_by_key(|agent| {
            let idle = agent.wanted.map_or(0, |wanted| wanted.idle);
            let work = self.occupied(agent.client).saturating_sub(idle);
            (work, agent.asked_ms, agent.client)
        });
        least_work.map(|agent| agent.client)
    }

    /// The free places of each agent who has any.
    pub(crate) fn free_places(&self) -> Vec<usize> {
        let places = self.agents.keys().map(|agent| self.free_places_of(*agent));
        places.filter(|places| *places > 0).collect()
    }

    /// How many engagements the agent can be given now.
    fn free_places_of(&self, agent: ClientId) -> usize {
        let Some(session) = self.agents.get(&agent) else {
            return 0;
        };
        let reachable = session.available && session.stream.contact() == Contact::Active;
        match session.wanted.filter(|_| reachable) {
            Some(wanted) => wanted.max.saturating_sub(self.occupied(agent)),
            None => 0,
        }
    }

    pub(crate) fn occupied(&self, agent: ClientId) -> usize {
        let engagements = self.engagements.values();
        engagements.filter(|it| it.occupies(agent)).count()
    }

    /// How many assignments wait for the agent's answer.
    pub(crate) fn offers_to(&self, agent: ClientId) -> usize {
        let offers = self.engagements.values().filter_map(Engagement::open_offer);
        offers.filter(|offer| offer.agent == agent).count()
    }

    fn offer(&mut self, id: EngagementId, agent: ClientId, now: i64) {
        let until_ms = now + self.config.assignment_ms;
        let Some(engagement) = self.engagements.get_mut(&id) else {
            return;
        };
        let kind = match engagement.first_engaged_ms {
            None => AssignmentType::Lead,
            Some(_) => AssignmentType::Transfer,
        };
        if let Some(waiting) = engagement.waiting_mut() {
            waiting.offer = Some(Offer { agent, until_ms });
        }
        if let Some(session) = self.agents.get_mut(&agent) {
            session.asked_ms = Some(now);
        }
        self.tell_assignment(agent, id, &kind, now);
    }

    fn tell_positions(&mut self, now: i64) {
        let average_seconds = self.average_wait_seconds();
        let mut ahead = BTreeMap::new();
        for id in self.queue() {
            let Some(engagement) = self.engagements.get_mut(&id) else {
                continue;
            };
            let position = ahead.entry(engagement.queue).or_insert(0);
            *position += 1;
            let told = engagement
                .waiting_mut()
                .map(|waiting| &mut waiting.told_position);
            if let Some(told) = told.filter(|told| **told != Some(*position)) {
                *told = Some(*position);
                engagement.tell_position(*position, average_seconds, now);
            }
        }
    }
}
