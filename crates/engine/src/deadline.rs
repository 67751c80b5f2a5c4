//! How long the engine waits for an answer.
//!
//! A page that did not run for a while, in a frozen tab or on a sleeping machine, finds its timers
//! overdue and answers that arrived meanwhile; the browser does not promise which of them it delivers
//! first. An answer that has arrived must not be thrown away, so an overdue deadline is first extended
//! by a short grace period.

use crate::input::Moment;

/// The grace period in ms: within it the browser delivers what has already arrived.
const GRACE_MS: u64 = 1_000;

/// A timer that is later than this (ms) means that the page was suspended.
const SUSPENDED_AFTER_MS: u64 = 2_000;

/// How many grace periods a deadline can get. A page may be suspended again within a grace period;
/// but in a background page every timer is late, so the number must be limited.
const MAX_GRACE_PERIODS: u8 = 3;

/// The time until which an answer is awaited.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline {
    /// On the monotonic clock, in ms.
    at: u64,
    grace_periods: u8,
}

impl Deadline {
    /// A deadline that expires this many ms from now.
    pub(crate) fn new(now: Moment, millis: u64) -> Self {
        Self {
            at: now.monotonic.saturating_add(millis),
            grace_periods: 0,
        }
    }

    /// When to call [`Self::has_expired`] again, on the monotonic clock, in ms.
    pub(crate) fn wake_at(&self) -> u64 {
        self.at
    }

    /// Whether the answer is given up. A deadline that is overdue by any amount gets at least one
    /// grace period, because a page that was suspended until a moment ago looks the same as one that
    /// ran all the time.
    pub(crate) fn has_expired(&mut self, now: Moment) -> bool {
        let late_ms = now.monotonic.saturating_sub(self.at);
        let max_grace_periods = if late_ms > SUSPENDED_AFTER_MS {
            MAX_GRACE_PERIODS
        } else {
            1
        };
        if late_ms > 0 && self.grace_periods < max_grace_periods {
            self.grace_periods += 1;
            self.at = now.monotonic.saturating_add(GRACE_MS);
        }
        now.monotonic >= self.at
    }

    /// Shortens the wait to one grace period. For a machine that slept while the monotonic clock stood
    /// still: the answer arrives right away or never.
    pub(crate) fn bring_forward(&mut self, now: Moment) {
        self.at = self.at.min(now.monotonic.saturating_add(GRACE_MS));
    }
}
