//! A simulated agent: the account, its session at the server, and what is to be done for each engagement.
//! `world::agent_actions` makes the agents act.

use std::collections::BTreeMap;

use pipit_switchboard::{AgentPoll, LongPoll};
use pipit_wire::agent::AssignmentType;
use pipit_wire::{AccountId, EngagementId};

#[derive(Debug)]
pub(crate) struct SimulatedAgent {
    pub(crate) account: AccountId,
    pub(crate) session: Option<AgentSession>,
    pub(crate) poll: Option<AgentPoll>,
    /// Until this time, in ms, the agent's client sends nothing.
    pub(crate) away_until: u64,
    pub(crate) engagements: BTreeMap<EngagementId, EngagementStage>,
}

#[derive(Clone, Debug)]
pub(crate) struct AgentSession {
    pub(crate) id: String,
    pub(crate) client: i64,
}

/// How far an agent has got with an engagement.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum EngagementStage {
    /// The engagement was offered, in this role.
    Offered(AssignmentType),
    /// The agent holds the engagement.
    Leading,
    /// The engagement has ended and must be released.
    WrapUp,
}

impl SimulatedAgent {
    pub(crate) fn new(account: i64) -> Self {
        Self {
            account: AccountId(account),
            session: None,
            poll: None,
            away_until: 0,
            engagements: BTreeMap::new(),
        }
    }

    /// When the server answers the poll at the latest, in ms since 1970.
    pub(crate) fn poll_deadline(&self) -> Option<i64> {
        self.poll.as_ref().map(LongPoll::hold_ends_ms)
    }

    pub(crate) fn log_off(&mut self) {
        self.session = None;
        self.poll = None;
        self.engagements.clear();
    }
}
