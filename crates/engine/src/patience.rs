//! How long an answer is waited for.
//!
//! A page that did not run for a while, in a frozen tab or on a sleeping machine, finds its timers
//! overdue, and answers that have come meanwhile; the browser promises no order between them. What
//! has come must not be thrown away, so after a sleep there is a last chance before anything is
//! given up.

use crate::Moment;

/// Within this time the browser hands over what has come.
const LAST_CHANCE_MS: u64 = 1_000;

/// Until when an answer is waited for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    until: u64,
    is_last_chance: bool,
}

impl Patience {
    pub(crate) fn new(now: Moment, millis: u64) -> Self {
        Self {
            until: now.monotonic.saturating_add(millis),
            is_last_chance: false,
        }
    }

    /// When to ask again whether it is over.
    pub(crate) fn wake_at(&self) -> u64 {
        self.until
    }

    /// Whether the answer is given up. However little late it is asked: a page that ran all the
    /// time and one that slept until a moment ago cannot be told apart.
    pub(crate) fn is_over(&mut self, now: Moment) -> bool {
        if now.monotonic > self.until {
            self.last_chance(now);
        }
        now.monotonic >= self.until
    }

    /// It has slept: what has come meanwhile comes at once, or never. Given once.
    pub(crate) fn last_chance(&mut self, now: Moment) {
        if !self.is_last_chance {
            *self = Self {
                is_last_chance: true,
                ..Self::new(now, LAST_CHANCE_MS)
            };
        }
    }
}
