//! Reads the browser's clocks, its time zone and its random numbers, whatever scripts of the page have done to `Date`,
//! `performance`, `Math` and `crypto`. Each of them may be missing, may throw, or may return something else than a number.
//! js-sys and web-sys would then end the Rust code that called them.

use std::cell::Cell;

use js_sys::{Reflect, Uint32Array};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::Event;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = Date, js_name = now)]
    fn date_now() -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_namespace = performance, js_name = now)]
    fn performance_now() -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_namespace = Math, js_name = random)]
    fn math_random() -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_namespace = crypto, js_name = getRandomValues)]
    fn random_values(numbers: &Uint32Array) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_name = Date)]
    type LocalDate;
    #[wasm_bindgen(catch, constructor, js_class = "Date")]
    fn new(epoch_millis: f64) -> Result<LocalDate, JsValue>;
    #[wasm_bindgen(catch, method, js_name = getTimezoneOffset)]
    fn offset_minutes(this: &LocalDate) -> Result<JsValue, JsValue>;
}

/// A quarter of an hour in ms.
const QUARTER_MILLIS: i64 = 15 * 60_000;

/// The latest time that a JavaScript `Date` can represent, in ms since 1970.
const MAX_MILLIS: f64 = 8.64e15;

thread_local! {
    /// The latest value that [`monotonic_millis`] has returned.
    static LATEST: Cell<f64> = const { Cell::new(0.0) };
    /// The most recent quarter of an hour for which [`local_millis`] has asked the browser (the number of quarters since
    /// 1970), and its answer in ms.
    static ZONE_OFFSET: Cell<(i64, i64)> = const { Cell::new((i64::MIN, 0)) };
}

/// The wall clock, in ms since 1970. If `Date` is of no use, `performance` stands in for it. If that is of no use either,
/// the time counts from the page's load.
pub(crate) fn wall_millis() -> f64 {
    positive_number(date_now())
        .unwrap_or_else(|| time_origin().unwrap_or_default() + page_millis().unwrap_or_default())
}

/// The monotonic clock, in ms. It never goes back.
pub(crate) fn monotonic_millis() -> f64 {
    let now = page_millis().unwrap_or_else(wall_millis);
    LATEST.set(now.max(LATEST.get()));
    LATEST.get()
}

/// The time since the page began to load, in ms. If `performance` is of no use, the time of a new event stands in for it.
fn page_millis() -> Option<f64> {
    positive_number(performance_now()).or_else(|| {
        let event = Event::new("time").ok()?;
        positive_number(Reflect::get(&event, &"timeStamp".into()))
    })
}

/// When the page began to load, in ms since 1970; `None` if the browser does not tell.
pub(crate) fn time_origin() -> Option<f64> {
    let performance = Reflect::get(&js_sys::global(), &"performance".into()).ok()?;
    positive_number(Reflect::get(&performance, &"timeOrigin".into()))
}

/// A time in ms since 1970, as a clock on the visitor's wall shows it: the offset of the time zone is added. Without a
/// `Date` that can be used, it is the time in UTC.
pub(crate) fn local_millis(epoch_millis: i64) -> i64 {
    // A zone changes its offset only at the beginning of a quarter. Successive messages are usually of the same quarter,
    // and the browser needs some microseconds for each answer.
    let quarter = epoch_millis.div_euclid(QUARTER_MILLIS);
    let (known_quarter, mut offset) = ZONE_OFFSET.get();
    if quarter != known_quarter {
        offset = zone_offset_millis(epoch_millis);
        ZONE_OFFSET.set((quarter, offset));
    }
    epoch_millis.saturating_sub(offset)
}

/// How far the clocks of the visitor's time zone are behind UTC at a time in ms since 1970, in ms; 0 if the browser has no
/// usable answer.
#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "exact up to the year 287396, and a zone's offset is a few hundred minutes"
)]
fn zone_offset_millis(epoch_millis: i64) -> i64 {
    let offset = LocalDate::new(epoch_millis as f64).and_then(|date| date.offset_minutes());
    let offset = offset.ok().and_then(|minutes| minutes.as_f64());
    // The offset is positive west of Greenwich. For an impossible date it is NaN.
    let offset = offset.filter(|minutes| minutes.abs() < 10_000.0);
    offset.unwrap_or_default() as i64 * 60_000
}

/// A random number. Nothing secret depends on it. A page may have replaced `Math.random` by a function that gives every
/// tab the same numbers, so other sources are added.
pub(crate) fn random_seed() -> u64 {
    let numbers = Uint32Array::new_with_length(2);
    let crypto = random_values(&numbers).map_or(0, |_| {
        u64::from(numbers.get_index(0)) << 32 | u64::from(numbers.get_index(1))
    });
    let sources = [
        positive_number(math_random()).unwrap_or_default(),
        wall_millis(),
        monotonic_millis(),
        time_origin().unwrap_or_default(),
    ];
    // Each step mixes all bits, so that no two sources cancel each other.
    sources.iter().fold(crypto, |seed, source| {
        let mixed = (seed ^ source.to_bits()).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        mixed ^ mixed >> 29
    })
}

/// The number that a call returned, if it is one that a clock can show.
fn positive_number(result: Result<JsValue, JsValue>) -> Option<f64> {
    let number = result.ok()?.as_f64()?;
    (0.0..=MAX_MILLIS).contains(&number).then_some(number)
}
