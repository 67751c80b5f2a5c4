//! The time and the randomness of the browser. Nothing else in the widget asks for either.

use pipit_engine::Moment;

/// The current moment on both clocks.
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

/// The time until a moment of the monotonic clock, in ms. It is never 0: a timer that fires slightly
/// early still fires after that moment.
pub(crate) fn millis_until(at: u64) -> u32 {
    u32::try_from(at.saturating_sub(now().monotonic) + 1).unwrap_or(u32::MAX >> 1)
}

/// A seed for the jitter of the engine and the id of the tab. It protects no secret.
pub(crate) fn seed() -> u64 {
    js_sys::Math::random().to_bits()
}
