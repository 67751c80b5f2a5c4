//! The time at which the engine stops waiting for an answer.
//!
//! After the web page was suspended, in a frozen tab or on a sleeping machine, timers are overdue and answers may have
//! arrived. The browser may run the timers before it delivers the answers. An overdue deadline is therefore first
//! extended by a short grace period, so that an answer that has arrived is not thrown away.

use crate::input::Moment;

/// The grace period in ms: the time in which the browser delivers answers that have already arrived.
const GRACE_MS: u64 = 1_000;

/// A page whose timer is overdue by more than this, in ms, was clearly suspended.
const SUSPENDED_AFTER_MS: u64 = 2_000;

/// The greatest number of grace periods that a deadline can get. One grace period would not be enough, because a page
/// may be suspended again within it. The number is limited, because in a background page every timer is late:
/// without a limit, the deadline would never pass.
const MAX_GRACE_PERIODS: u8 = 3;

/// The time until which the engine awaits an answer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline {
    /// On the monotonic clock, in ms.
    at: u64,
    /// The number of grace periods that were added.
    grace_periods: u8,
}

impl Deadline {
    /// A deadline that expires `after_ms` from now.
    pub(crate) fn new(now: Moment, after_ms: u64) -> Self {
        Self {
            at: now.monotonic.saturating_add(after_ms),
            grace_periods: 0,
        }
    }

    /// The time at which [`Self::has_expired`] must be called again, on the monotonic clock, in ms.
    pub(crate) fn wake_at(&self) -> u64 {
        self.at
    }

    /// Whether the deadline is reached, so that the answer is no longer awaited. A call exactly at the deadline returns
    /// true, because the page was clearly not suspended. The first call after the deadline moves the deadline to one
    /// grace period from now and returns false, because the page may have been suspended briefly. A later call that is
    /// too late again does the same only if the page was clearly suspended (more than [`SUSPENDED_AFTER_MS`]), and only
    /// up to [`MAX_GRACE_PERIODS`] grace periods in all.
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

    /// Shortens the remaining time to at most one grace period. The caller does this if the machine slept longer than
    /// the request may take. The monotonic clock may have stood still meanwhile, so that the deadline seems far away.
    /// But an answer that does not arrive right away never arrives.
    pub(crate) fn bring_forward(&mut self, now: Moment) {
        self.at = self.at.min(now.monotonic.saturating_add(GRACE_MS));
    }
}
