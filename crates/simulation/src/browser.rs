//! The state of the browser in which all of the visitor's pages are open, each in its own tab: the lock and the wall
//! clock. The tab whose page holds the lock leads: it talks to the chat server for all tabs. `world::tab_lock` grants
//! the lock, and `world::tab_channel` carries the messages between tabs.

use std::collections::VecDeque;

use crate::ids::PageIndex;

/// The part of the browser's state that all pages share.
#[derive(Debug, Default)]
pub(crate) struct Browser {
    /// The pages that hold the lock. There is at most one, except with `Mutation::NoLeaderLock`: this imitated defect
    /// grants the lock to every page that asks.
    pub(crate) lock_holders: Vec<PageIndex>,
    /// The pages that wait for the lock. The first one gets it next.
    pub(crate) lock_queue: VecDeque<PageIndex>,
    /// The sum of all changes of the wall clock (the time of day that pages see), in ms. Negative if the clock is
    /// behind the true time.
    pub(crate) wall_skew_ms: i64,
}

impl Browser {
    /// Whether this page holds the lock.
    pub(crate) fn holds_lock(&self, page: PageIndex) -> bool {
        self.lock_holders.contains(&page)
    }
}
