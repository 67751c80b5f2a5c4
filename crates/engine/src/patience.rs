//! How long an answer is waited for.
//!
//! A page that did not run for a while, in a frozen tab or on a sleeping machine, finds its timers
//! overdue, and answers that have come meanwhile; the browser promises no order between them. What
//! has come must not be thrown away, so after a sleep there is a last chance before anything is
//! given up.

use crate::Moment;

/// Within this time the browser hands over what has come.
const LAST_CHANCE_MS: u64 = 1_000;

/// So much too late no timer is but in a page that slept.
const ASLEEP_MS: u64 = 2_000;

/// A page may sleep again within its last chance; but where every timer is late, in the background,
/// the chances must end.
const CHANCES: u8 = 3;

/// Until when an answer is waited for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    until: u64,
    chances: u8,
}

impl Patience {
    pub(crate) fn new(now: Moment, millis: u64) -> Self {
        Self {
            until: now.monotonic.saturating_add(millis),
            chances: 0,
        }
    }

    /// When to ask again whether it is over.
    pub(crate) fn wake_at(&self) -> u64 {
        self.until
    }

    /// Whether the answer is given up. However little late it is asked: a page that ran all the
    /// time and one that slept until a moment ago cannot be told apart.
    pub(crate) fn is_over(&mut self, now: Moment) -> bool {
        let late = now.monotonic.saturating_sub(self.until);
        let chances = if late > ASLEEP_MS { CHANCES } else { 1 };
        if late > 0 && self.chances < chances {
            self.chances += 1;
            self.until = now.monotonic.saturating_add(LAST_CHANCE_MS);
        }
        now.monotonic >= self.until
    }

    /// The machine has slept, though this clock stood still: what has come comes at once, or never.
    pub(crate) fn hurry(&mut self, now: Moment) {
        self.until = self.until.min(now.monotonic.saturating_add(LAST_CHANCE_MS));
    }
}
