//! The browser that all tabs share: its lock, which decides which tab leads, and its wall clock. `world::tab_lock`
//! grants the lock, and `world::tab_channel` carries the messages between tabs.

use std::collections::VecDeque;

use crate::ids::PageIndex;

#[derive(Debug, Default)]
pub(crate) struct Browser {
    /// The pages that hold the lock: one or none, unless a mutation grants it to several.
    pub(crate) lock_holders: Vec<PageIndex>,
    /// The pages that wait for the lock, first come first served.
    pub(crate) lock_queue: VecDeque<PageIndex>,
    /// How far the wall clock has been set forward, in ms.
    pub(crate) wall_skew_ms: i64,
}

impl Browser {
    pub(crate) fn holds_lock(&self, page: PageIndex) -> bool {
        self.lock_holders.contains(&page)
    }
}
