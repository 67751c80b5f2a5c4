//! Days of the visitor's calendar. The transcript shows the name of a day above the first entry of that day.

use js_sys::Date;
use wasm_bindgen::JsValue;

use crate::locale::{TextKey, Texts};

/// A day in the visitor's time zone, as the number of days since 1 January 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Day(i64);

const MINUTE_MILLIS: i64 = 60_000;
const DAY_MILLIS: i64 = 24 * 60 * MINUTE_MILLIS;

impl Day {
    /// The day of a time in ms since 1970.
    #[allow(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        reason = "exact up to the year 287396, and a zone's offset is a few hundred minutes"
    )]
    pub(crate) fn of(epoch_millis: i64) -> Self {
        let date = Date::new(&JsValue::from_f64(epoch_millis as f64));
        // The offset is positive west of Greenwich. For an impossible date the offset is NaN, and the cast makes it 0.
        let offset_minutes = date.get_timezone_offset() as i64;
        let local_millis = epoch_millis.saturating_sub(offset_minutes * MINUTE_MILLIS);
        Self(local_millis.div_euclid(DAY_MILLIS))
    }

    /// The current day.
    #[allow(
        clippy::cast_possible_truncation,
        reason = "the clock's ms since 1970 are far from the limit of an i64"
    )]
    pub(crate) fn today() -> Self {
        Self::of(Date::now() as i64)
    }

    /// The day's name for the visitor: *Today*, *Yesterday* or the date. `epoch_millis` is any time on the day to name.
    pub(crate) fn name(self, texts: &Texts, today: Self, epoch_millis: i64) -> String {
        match today.0 - self.0 {
            0 => texts.get(TextKey::Today).to_string(),
            1 => texts.get(TextKey::Yesterday).to_string(),
            _ => texts.day(epoch_millis),
        }
    }
}
