//! What is where: for tests and people. No secrets.

use pipit_wire::{ClientId, EngagementId, WireObject as _};
use serde::Serialize;
use serde_json::Value;

use crate::Switchboard;
use crate::agent::AgentSession;
use crate::engagement::{Engagement, Phase};
use crate::stream::{Contact, Stream};

/// What is where. Ids are texts, for they may be above 2^53.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct State {
    /// The pool that answers.
    pub pool: String,
    /// Who waits, first to last.
    pub queue: Vec<String>,
    /// All engagements that somebody still holds.
    pub engagements: Vec<EngagementState>,
    /// All agents who are logged on.
    pub agents: Vec<AgentState>,
    /// Previews that the consumer had been told not to send.
    pub preview_violations: u64,
    /// Texts that were stopped by the spam rule.
    pub spam_hits: u64,
}

/// One engagement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EngagementState {
    /// Its id.
    pub engagement_id: String,
    /// What its session tells of the visitor.
    pub visitor: Value,
    /// Its consumer's client.
    pub client_id: String,
    /// `waiting`, `offered`, `chatting` or `concluded`.
    pub phase: &'static str,
    /// The leading agent's client, or that of the agent who is asked to lead.
    pub lead: Option<String>,
    /// The second agents' clients.
    pub conferees: Vec<String>,
    /// The clients of agents in wrap-up.
    pub wrap_up: Vec<String>,
    /// Visitors' messages that wait for an agent.
    pub backlog: usize,
    /// The consumer's session.
    pub session: SessionState,
}

/// One agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AgentState {
    /// The agent's account.
    pub account_id: String,
    /// The agent's client.
    pub client_id: String,
    /// The agent's name.
    pub name: String,
    /// As set by `setActivityStatus`.
    pub available: bool,
    /// How many engagements the agent has: offered, taking part, in wrap-up.
    pub occupied: usize,
    /// How many engagements the agent has asked for, at most.
    pub max: usize,
    /// The agent's session.
    pub session: SessionState,
}

/// One session's stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SessionState {
    /// Whether the session has been heard of lately.
    pub active: bool,
    /// Whether a poll is held.
    pub polling: bool,
    /// How many messages have not been fetched.
    pub pending: usize,
}

impl Switchboard {
    /// What is where.
    pub fn state(&self) -> State {
        State {
            pool: self.pool().pool.clone(),
            queue: self.queue().iter().map(EngagementId::to_string).collect(),
            engagements: self.engagements.values().map(engagement_state).collect(),
            agents: self
                .agents
                .values()
                .map(|agent| self.agent_state(agent))
                .collect(),
            preview_violations: self.preview_violations,
            spam_hits: self.spam_hits,
        }
    }

    fn agent_state(&self, agent: &AgentSession) -> AgentState {
        AgentState {
            account_id: agent.account.to_string(),
            client_id: agent.client.to_string(),
            name: agent.name.clone(),
            available: agent.available,
            occupied: self.occupied(agent.client),
            max: agent.wanted.map_or(0, |wanted| wanted.max),
            session: session_state(&agent.stream),
        }
    }
}

fn engagement_state(engagement: &Engagement) -> EngagementState {
    let (phase, lead) = match &engagement.phase {
        Phase::Waiting(waiting) => match waiting.offer {
            Some(offer) => ("offered", Some(offer.agent)),
            None => ("waiting", None),
        },
        Phase::Chatting(chatting) => ("chatting", Some(chatting.lead)),
        Phase::Concluded { .. } => ("concluded", None),
    };
    let conferees = engagement.chatting().map(|chatting| &chatting.conferees);
    EngagementState {
        engagement_id: engagement.id.to_string(),
        visitor: engagement.visitor.to_value(),
        client_id: engagement.client.to_string(),
        phase,
        lead: lead.map(|agent| agent.to_string()),
        conferees: texts(conferees.into_iter().flatten()),
        wrap_up: texts(&engagement.wrap_up),
        backlog: engagement.waiting().map_or(0, |it| it.backlog.len()),
        session: session_state(&engagement.stream),
    }
}

fn session_state<M>(stream: &Stream<M>) -> SessionState {
    SessionState {
        active: stream.contact() == Contact::Active,
        polling: stream.is_polling(),
        pending: stream.pending(),
    }
}

fn texts<'a>(clients: impl IntoIterator<Item = &'a ClientId>) -> Vec<String> {
    clients.into_iter().map(ClientId::to_string).collect()
}
