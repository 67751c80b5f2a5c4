//! The plans of the simulated visitor: how much the visitor will still write, and how often start again.
//! `world::visitor_actions` chooses each action.

use crate::chance::Chance;

#[derive(Debug)]
pub(crate) struct Visitor {
    /// The number of messages that the visitor has written so far.
    pub(crate) written_count: u32,
    /// Once the visitor has written this many messages, no more are written in a running chat until the faults cease.
    pub(crate) max_written_count: u32,
    /// The number of times the visitor will still start a new conversation after one has ended.
    pub(crate) restarts_left: u32,
    /// Whether the visitor sends a message again if its delivery is *unknown*.
    pub(crate) resends_unknown: bool,
    /// Whether the visitor has finished. Once the faults have ceased, the visitor writes one final message if a
    /// conversation is live, and has finished then.
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
