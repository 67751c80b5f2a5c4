//! Reads the browser's clocks and random numbers for the rest of the runtime. The engine cannot read them itself,
//! so the runtime hands them to the engine.

use pipit_engine::{Moment, PageId};

use crate::browser_clock;

/// The current time on the monotonic clock, which never goes back, and on the wall clock.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "both clocks count positive ms below 2^53"
)]
pub(crate) fn now() -> Moment {
    Moment {
        monotonic: browser_clock::monotonic_millis() as u64,
        wall: wall() as i64,
    }
}

/// The wall clock, in ms since 1970.
pub(crate) fn wall() -> f64 {
    browser_clock::wall_millis()
}

/// The time from now until `at`, a time on the monotonic clock, in ms. One ms is added, so that a timer that
/// fires slightly early does not fire before `at`. If the result does not fit into a `u32`, it is 2^31 - 1 ms,
/// the longest delay that a browser's timer accepts.
pub(crate) fn millis_until(at: u64) -> u32 {
    u32::try_from(at.saturating_sub(now().monotonic) + 1).unwrap_or(u32::MAX >> 1)
}

/// The id of the loaded page: the time at which the page began to load, in ms since 1970. A reload gives the page a later
/// time. A new instance of the widget on the same page has the same time. In a browser without `performance`, the id is
/// 0.
#[allow(
    clippy::cast_possible_truncation,
    reason = "the fraction of a ms does not matter"
)]
pub(crate) fn page_id() -> PageId {
    PageId(browser_clock::time_origin().map_or(0, |origin| origin as i64))
}

/// A random seed for the engine, which derives the tab's id and the random part of its pauses from it. Nothing secret
/// depends on it.
pub(crate) fn seed() -> u64 {
    browser_clock::random_seed()
}
