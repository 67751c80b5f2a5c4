//! The one place that asks for the time and for randomness.

use pipit_engine::Moment;

/// Now, by both clocks.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "both clocks count positive ms far below 2^53"
)]
pub(crate) fn now() -> Moment {
    let monotonic = web_sys::window()
        .and_then(|window| window.performance())
        .map_or_else(js_sys::Date::now, |performance| performance.now());
    Moment {
        monotonic: monotonic as u64,
        wall: wall() as i64,
    }
}

/// The wall clock, in ms since 1970.
pub(crate) fn wall() -> f64 {
    js_sys::Date::now()
}

/// How long until a moment of the monotonic clock, in ms; never 0, so that a timer that fires a
/// little early finds its moment come.
pub(crate) fn millis_until(at: u64) -> u32 {
    u32::try_from(at.saturating_sub(now().monotonic) + 1).unwrap_or(u32::MAX >> 1)
}

/// A seed for the engine's jitter; nothing secret hangs on it.
pub(crate) fn seed() -> u64 {
    js_sys::Math::random().to_bits()
}
