//! A serialisable overview of queue, engagements (chats) and agents, for tests and for people who use the sandbox (the
//! test chat server). `GET /sandbox/state` returns it as JSON, so renaming a member changes that interface. It contains no
//! session ids and no tokens.

use pipit_wire::{ClientId, EngagementId, WireObject as _};
use serde::Serialize;
use serde_json::Value;

use crate::Switchboard;
use crate::agent_session::AgentSession;
use crate::engagement::{Engagement, Phase};
use crate::message_stream::{MessageStream, Presence};
use crate::routing::OccupiedSlots;

/// The overview of a switchboard. All ids are texts, because JavaScript cannot represent numbers above 2^53 exactly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SwitchboardState {
    /// The id of the current pool (group of chat servers).
    pub pool: String,
    /// The ids of the engagements that wait, in the order of the queue.
    pub queue: Vec<String>,
    /// All engagements that have not ended, and the ended ones that the visitor's client or an agent still needs.
    pub engagements: Vec<EngagementState>,
    /// All agents who are logged on.
    pub agents: Vec<AgentState>,
    /// The number of sneak previews (texts that are typed and not sent yet) that visitors' clients should not have sent,
    /// because the server had forbidden previews, or because the previous preview was too recent.
    pub preview_violations: u64,
    /// The number of texts that the spam rule stopped.
    pub spam_hits: u64,
}

/// One engagement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EngagementState {
    /// The engagement's id.
    pub engagement_id: String,
    /// What the server of the customer (the company that runs the chat) knows about the visitor, as JSON.
    pub visitor: Value,
    /// The client id of the consumer, which is the visitor's client.
    pub client_id: String,
    /// `waiting`, `offered` (the engagement waits, and is offered to an agent), `chatting` or `concluded`.
    pub phase: &'static str,
    /// In the phase `chatting`, the client id of the lead (the agent who is responsible for the engagement); in the phase
    /// `offered`, that of the agent who has the offer; `None` in the other phases.
    pub lead: Option<String>,
    /// The client ids of the conferees (the other agents who have joined).
    pub conferees: Vec<String>,
    /// The client ids of the agents in wrap-up: the engagement is over for them, and they have not released it.
    pub wrap_up: Vec<String>,
    /// The number of the visitor's messages that the next lead gets; 0 if the engagement does not wait in the queue.
    pub backlog: usize,
    /// The message stream of the visitor's session.
    pub session: SessionState,
}

/// One agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AgentState {
    /// The id of the agent's account.
    pub account_id: String,
    /// The agent's client id.
    pub client_id: String,
    /// The agent's name.
    pub name: String,
    /// Whether the agent takes engagements, as set by `setActivityStatus` or by the agent's answer to an offer.
    pub available: bool,
    /// The number of engagements that occupy the agent: those that are offered to the agent, those in which the agent
    /// takes part, and those for which the agent is in wrap-up.
    pub occupied: usize,
    /// The `maxSessionCount` of the agent's most recent `requestAssignment`; 0 while the agent asks for no engagements.
    pub max: usize,
    /// The message stream of the agent's session.
    pub session: SessionState,
}

/// The message stream of one session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SessionState {
    /// Whether the client has polled recently enough to count as present.
    pub active: bool,
    /// Whether the server holds a poll of the client.
    pub polling: bool,
    /// The number of messages that the client has not fetched.
    pub pending: usize,
}

impl Switchboard {
    /// Returns an overview of the switchboard.
    pub fn state(&self) -> SwitchboardState {
        let occupied = self.occupied_slots();
        SwitchboardState {
            pool: self.pool().pool.clone(),
            queue: self.queue().iter().map(EngagementId::to_string).collect(),
            engagements: self.engagements.values().map(engagement_state).collect(),
            agents: self
                .agents
                .values()
                .map(|agent| agent_state(agent, &occupied))
                .collect(),
            preview_violations: self.preview_violations,
            spam_hits: self.spam_hits,
        }
    }
}

fn agent_state(agent: &AgentSession, occupied: &OccupiedSlots) -> AgentState {
    AgentState {
        account_id: agent.account.to_string(),
        client_id: agent.client.to_string(),
        name: agent.name.clone(),
        available: agent.is_available,
        occupied: occupied.get(&agent.client).copied().unwrap_or(0),
        max: agent.requested.map_or(0, |requested| requested.max),
        session: session_state(&agent.stream),
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
        conferees: id_texts(conferees.into_iter().flatten()),
        wrap_up: id_texts(&engagement.wrap_up),
        backlog: engagement
            .waiting()
            .map_or(0, |waiting| waiting.backlog.len()),
        session: session_state(&engagement.stream),
    }
}

fn session_state<M>(stream: &MessageStream<M>) -> SessionState {
    SessionState {
        active: stream.presence() == Presence::Active,
        polling: stream.is_polling(),
        pending: stream.pending_count(),
    }
}

fn id_texts<'a>(clients: impl IntoIterator<Item = &'a ClientId>) -> Vec<String> {
    clients.into_iter().map(ClientId::to_string).collect()
}
