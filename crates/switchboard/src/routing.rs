//! The queue: the order of the engagements (chats at the server) that wait, and the choice of the agent to whom each is
//! offered. An agent has one *slot* for each engagement that the agent can have at a time (`maxSessionCount`). An
//! engagement that the agent has, or that is offered to the agent, occupies one slot.

use std::collections::BTreeMap;

use pipit_wire::agent::AssignmentType;
use pipit_wire::{ClientId, EngagementId};

use crate::Switchboard;
use crate::agent_session::AgentSession;
use crate::conclusion::EndCause;
use crate::engagement::{Engagement, Offer};
use crate::message_stream::Presence;

/// The number of occupied slots, by the client id of the agent.
pub(crate) type OccupiedSlots = BTreeMap<ClientId, usize>;

impl Switchboard {
    /// The engagements that wait, in the order of the queue.
    pub(crate) fn queue(&self) -> Vec<EngagementId> {
        let engagements = self.engagements.values();
        let mut queue: Vec<(i64, EngagementId)> = engagements
            .filter_map(|engagement| Some((engagement.waiting()?.rank, engagement.id)))
            .collect();
        queue.sort_unstable();
        queue.into_iter().map(|(_, id)| id).collect()
    }

    /// A rank that puts an engagement at the end of the queue.
    pub(crate) fn rank_at_end(&self) -> i64 {
        let waiting = self.engagements.values().filter_map(Engagement::waiting);
        waiting.map(|waiting| waiting.rank + 1).max().unwrap_or(0)
    }

    /// A rank that puts an engagement at the front of the queue.
    pub(crate) fn rank_at_front(&self) -> i64 {
        let waiting = self.engagements.values().filter_map(Engagement::waiting);
        waiting.map(|waiting| waiting.rank - 1).min().unwrap_or(0)
    }

    /// The average wait, in s. Until a wait has been measured, this is the value in the settings.
    pub(crate) fn average_wait_seconds(&self) -> i64 {
        let measured = self.wait_times.average_seconds();
        measured.unwrap_or(self.config.average_wait_seconds)
    }

    /// Offers waiting engagements to agents with free slots, then announces new positions in the queue to the visitors. If
    /// `conclude_without_agents` is on and no agent is logged on, ends all waiting engagements instead. Call this function
    /// after every change that may have freed a slot or changed the queue.
    pub(crate) fn route(&mut self, now: i64) {
        if self.config.conclude_without_agents && self.agents.is_empty() {
            for id in self.queue() {
                self.conclude(id, EndCause::NoAgents, now);
            }
        }
        let mut occupied = self.occupied_slots();
        // Without a free slot, no engagement of the queue needs a look.
        let mut free_slots: usize = self.free_slots_with(&occupied).iter().sum();
        for id in self.queue() {
            if free_slots == 0 {
                break;
            }
            if let Some(agent) = self.choose_agent(id, &occupied) {
                self.offer_to(agent, id, now);
                *occupied.entry(agent).or_default() += 1;
                free_slots -= 1;
            }
        }
        self.announce_positions(now);
    }

    /// Chooses the agent for a waiting engagement: the agent with the least work, and among agents with equal work the one
    /// who never had an offer or whose most recent offer was longest ago. An agent's work is the number of occupied slots,
    /// without those that the agent reports as idle. `None` if the engagement is offered already or if no agent can take it.
    /// `occupied` has the occupied slots of each agent.
    fn choose_agent(&self, id: EngagementId, occupied: &OccupiedSlots) -> Option<ClientId> {
        let waiting = self.engagements.get(&id)?.waiting()?;
        if waiting.offer.is_some() {
            return None;
        }
        let candidates = self.agents.values().filter(|agent| {
            !waiting.declined_until.contains_key(&agent.client)
                && free_slots_of(agent, occupied) > 0
        });
        let least_work = candidates.min_by_key(|agent| {
            let idle = agent.requested.map_or(0, |requested| requested.idle);
            let work = occupied.get(&agent.client).copied().unwrap_or(0);
            (
                work.saturating_sub(idle),
                agent.last_offered_ms,
                agent.client,
            )
        });
        least_work.map(|agent| agent.client)
    }

    /// The number of free slots of each agent who has any.
    pub(crate) fn free_slots(&self) -> Vec<usize> {
        self.free_slots_with(&self.occupied_slots())
    }

    fn free_slots_with(&self, occupied: &OccupiedSlots) -> Vec<usize> {
        let agents = self.agents.values();
        let slots = agents.map(|agent| free_slots_of(agent, occupied));
        slots.filter(|slots| *slots > 0).collect()
    }

    /// The number of engagements that occupy each agent: those offered to the agent, those in which the agent takes
    /// part, and those in wrap-up (over for the agent, and not yet released). An agent without any is not in the map.
    pub(crate) fn occupied_slots(&self) -> OccupiedSlots {
        let mut occupied = OccupiedSlots::new();
        for engagement in self.engagements.values() {
            let offered_to = engagement.pending_offer().map(|offer| offer.agent);
            let mut agents = engagement.agents();
            agents.extend(engagement.wrap_up.iter().copied().chain(offered_to));
            agents.sort_unstable();
            agents.dedup();
            for agent in agents {
                *occupied.entry(agent).or_default() += 1;
            }
        }
        occupied
    }

    /// The number of offers that the agent has not answered yet.
    pub(crate) fn count_offers_to(&self, agent: ClientId) -> usize {
        let offers = self
            .engagements
            .values()
            .filter_map(Engagement::pending_offer);
        offers.filter(|offer| offer.agent == agent).count()
    }

    /// Offers a waiting engagement to an agent.
    fn offer_to(&mut self, agent: ClientId, id: EngagementId, now: i64) {
        let expires_ms = now + self.config.assignment_ms;
        let Some(engagement) = self.engagements.get_mut(&id) else {
            return;
        };
        let kind = match engagement.first_engaged_ms {
            None => AssignmentType::Lead,
            // An agent has led the engagement before, and it has come back to the queue.
            Some(_) => AssignmentType::Transfer,
        };
        if let Some(waiting) = engagement.waiting_mut() {
            waiting.offer = Some(Offer { agent, expires_ms });
        }
        if let Some(session) = self.agents.get_mut(&agent) {
            session.last_offered_ms = Some(now);
        }
        self.push_assignment(agent, id, &kind, now);
    }

    /// Announces the new position to each visitor whose position has changed. A position is counted from 1, among the
    /// engagements with the same queue id.
    fn announce_positions(&mut self, now: i64) {
        let average_seconds = self.average_wait_seconds();
        let mut last_positions = BTreeMap::new();
        for id in self.queue() {
            let Some(engagement) = self.engagements.get_mut(&id) else {
                continue;
            };
            let position = last_positions.entry(engagement.queue).or_insert(0);
            *position += 1;
            let Some(waiting) = engagement.waiting_mut() else {
                continue;
            };
            if waiting.announced_position != Some(*position) {
                waiting.announced_position = Some(*position);
                engagement.push_wait_information(*position, average_seconds, now);
            }
        }
    }
}

/// The number of further engagements that the agent can take now. 0 for an agent who is unavailable or absent, or who
/// has not asked for engagements.
fn free_slots_of(agent: &AgentSession, occupied: &OccupiedSlots) -> usize {
    let is_reachable = agent.is_available && agent.stream.presence() == Presence::Active;
    match agent.requested.filter(|_| is_reachable) {
        Some(requested) => {
            let occupied = occupied.get(&agent.client).copied().unwrap_or(0);
            requested.max.saturating_sub(occupied)
        }
        None => 0,
    }
}
