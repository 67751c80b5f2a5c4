//! The effects of the desk's state machine: what `page.rs` has to do after an input. An *engagement* is one conversation
//! with a visitor, in the words of the chat server.

use pipit_wire::EngagementId;
use pipit_wire::agent::{AssignmentAction, AssignmentType};
use pipit_wire::vocabulary::ActivityMode;

/// A task for `page.rs`, which performs effects in the order in which the desk returns them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Effect {
    /// Log the agent on.
    LogOn,
    /// Send this request.
    Send(Request),
}

/// A request to the chat server.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Request {
    /// Sets whether the agent takes new engagements.
    SetAvailable(bool),
    /// Asks for another engagement. The server offers it by a message, when a visitor waits.
    Assignment {
        /// The number of the agent's engagements that have ended and are not released yet.
        idle: i32,
        /// The highest number of engagements that the agent takes at the same time.
        max: i32,
    },
    /// Accepts or declines an offered engagement. The type repeats the agent's role that the offer named.
    Acknowledge(EngagementId, AssignmentAction, AssignmentType),
    /// Posts a text to a conversation. The number is the index of the text's entry in the transcript.
    Post(EngagementId, usize, String),
    /// Signals the agent's activity to the visitor.
    Signal(EngagementId, Signal),
    /// Puts the engagement back into a queue.
    Transfer(EngagementId),
    /// Ends the conversation.
    Conclude(EngagementId),
    /// Releases the ended conversation, which then does not occupy the agent any more.
    Release(EngagementId),
    /// Logs the agent off.
    LogOff {
        /// Whether the agent is logged off even though conversations are open.
        force: bool,
    },
}

/// The agent's activity in one conversation, as its visitor learns it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Signal {
    pub(crate) mode: ActivityMode,
    /// Whether the agent is looking at this conversation.
    pub(crate) focus: bool,
}
