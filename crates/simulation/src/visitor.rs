//! What the visitor still intends to do. `world::visitor_actions` chooses the next action.

use crate::chance::Chance;

#[derive(Debug)]
pub(crate) struct Visitor {
    /// The number of messages that the visitor has written.
    pub(crate) written: u32,
    /// The number of messages that the visitor writes before calm begins.
    pub(crate) max_written: u32,
    /// The number of conversations that the visitor still starts after one has ended.
    pub(crate) restarts_left: u32,
    /// Whether the visitor sends texts again whose delivery is unknown.
    pub(crate) resends_unknown: bool,
    /// Whether the visitor has finished. Set after the last message, which is sent once calm has begun.
    pub(crate) is_done: bool,
}

impl Visitor {
    pub(crate) fn draw(chance: &mut Chance, resends_unknown: bool) -> Self {
        Self {
            written: 0,
            max_written: u32::try_from(chance.between(2, 12)).unwrap_or_default(),
            restarts_left: u32::try_from(chance.between(0, 2)).unwrap_or_default(),
            resends_unknown,
            is_done: false,
        }
    }
}
