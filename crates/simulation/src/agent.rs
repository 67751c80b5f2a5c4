//! A simulated chat agent: the account, the session at the chat server, and what the agent must do next in each
//! engagement (the API's name for one chat). `world::agent_actions` makes the agents act.

use std::collections::BTreeMap;

use pipit_switchboard::{AgentPoll, LongPoll};
use pipit_wire::agent::AssignmentType;
use pipit_wire::{AccountId, EngagementId};

/// A chat agent. The simulation does what the agent's client program does in reality. A *virtual time* counts from the
/// start of the simulated run.
#[derive(Debug)]
pub(crate) struct SimulatedAgent {
    pub(crate) account: AccountId,
    /// The name that visitors see.
    pub(crate) name: String,
    /// `None` while the agent is not logged on.
    pub(crate) session: Option<AgentSession>,
    /// The agent's open poll: a request that the server answers as soon as it has messages for the agent, or after a
    /// fixed time without messages. `None` while no poll is open.
    pub(crate) poll: Option<AgentPoll>,
    /// The agent's client sends nothing before this virtual time, in ms.
    pub(crate) away_until: u64,
    /// The engagements for which the agent still has something to do. An engagement is added when it is offered to the
    /// agent. It is removed when the agent declines or releases it, when the server refuses the agent's acceptance,
    /// when the engagement goes back to the queue, or when the agent logs off.
    pub(crate) engagements: BTreeMap<EngagementId, EngagementStage>,
}

/// The ids that the server gave the agent when the agent logged on.
#[derive(Clone, Debug)]
pub(crate) struct AgentSession {
    /// The session id, which all further requests of the agent contain.
    pub(crate) id: String,
    /// The id of the agent's connection, which reports of the agent's activity contain.
    pub(crate) client_id: i64,
}

/// What an agent must do next for an engagement.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum EngagementStage {
    /// The engagement was offered to the agent, in this role. The agent must accept or decline it.
    Offered(AssignmentType),
    /// The agent has accepted the engagement and writes to the visitor.
    Leading,
    /// The engagement has ended. The agent must release it.
    WrapUp,
}

impl SimulatedAgent {
    /// Creates an agent with this account, who is not logged on.
    pub(crate) fn new(account: i64) -> Self {
        Self {
            account: AccountId(account),
            name: format!("Agent {account}"),
            session: None,
            poll: None,
            away_until: 0,
            engagements: BTreeMap::new(),
        }
    }

    /// The time at which the server answers the open poll even without messages, on the server's clock, in ms since
    /// 1970. `None` without an open poll.
    pub(crate) fn poll_deadline(&self) -> Option<i64> {
        self.poll.as_ref().map(LongPoll::hold_ends_ms)
    }

    /// Forgets the session, its poll and its engagements.
    pub(crate) fn log_off(&mut self) {
        self.session = None;
        self.poll = None;
        self.engagements.clear();
    }
}
