//! What the desk asks the page to do.

use pipit_wire::EngagementId;
use pipit_wire::agent::{AssignmentAction, AssignmentType};
use pipit_wire::vocabulary::ActivityMode;

/// A task for the page. The page performs effects in the order in which the desk returns them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Effect {
    LogOn,
    Send(Request),
}

/// A request to the server.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Request {
    SetAvailable(bool),
    /// Asks for engagements; see `AgentSession::request_assignment`.
    Assignment {
        idle: i32,
        max: i32,
    },
    Acknowledge(EngagementId, AssignmentAction, AssignmentType),
    /// Posts the text, which is the conversation's entry with this index.
    Post(EngagementId, usize, String),
    Signal(EngagementId, Signal),
    Conclude(EngagementId),
    Release(EngagementId),
    LogOff {
        force: bool,
    },
}

/// The agent's activity, as it is signalled to one visitor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Signal {
    pub(crate) mode: ActivityMode,
    /// Whether the agent is looking at this conversation.
    pub(crate) focus: bool,
}
