//! The two clocks of a page.

use pipit_engine::Moment;

/// A clock that never goes back, and one that can be set.
#[derive(Clone, Copy)]
pub(crate) struct Clock {
    /// In ms.
    pub(crate) now: u64,
    /// How far the wall clock is ahead of the other, in ms.
    ahead: i64,
}

impl Clock {
    pub(crate) fn new() -> Self {
        Self {
            now: 1_000,
            ahead: 1_800_000_000_000,
        }
    }

    /// Sets the wall clock ahead by so many ms, or back.
    pub(crate) fn set_ahead(&mut self, millis: i64) {
        self.ahead = self.ahead.saturating_add(millis);
    }

    pub(crate) fn moment(&self) -> Moment {
        Moment {
            monotonic: self.now,
            wall: self.ahead.saturating_add_unsigned(self.now),
        }
    }
}
