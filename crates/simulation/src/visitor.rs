//! The plans of the simulated visitor: how many messages to write, how many conversations to start, and whether to send
//! a message again. `world::visitor_actions` chooses each action.

use crate::chance::Chance;

/// The plans of the visitor, and how much of them is already done.
#[derive(Debug)]
pub(crate) struct Visitor {
    /// The number of messages that the visitor has written so far.
    pub(crate) written_count: u32,
    /// The number of messages after which the visitor writes no more in a running chat, until the faults cease.
    pub(crate) max_written_count: u32,
    /// The number of times the visitor will still start a new conversation after one has ended.
    pub(crate) restarts_left: u32,
    /// Whether the visitor sends a message again if its delivery is *unknown*: the server may or may not have it.
    pub(crate) resends_unknown: bool,
    /// Whether the visitor has finished. The visitor finishes after the faults have ceased: with one final message if a
    /// conversation is live, and otherwise without a message.
    pub(crate) is_done: bool,
}

impl Visitor {
    /// Draws the plans of a visitor.
    pub(crate) fn draw(chance: &mut Chance, resends_unknown: bool) -> Self {
        Self {
            written_count: 0,
            max_written_count: u32::try_from(chance.between(2, 12)).unwrap_or_default(),
            restarts_left: u32::try_from(chance.between(0, 2)).unwrap_or_default(),
            resends_unknown,
            is_done: false,
        }
    }
}
