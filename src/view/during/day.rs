//! Days as the visitor's calendar has them.

use js_sys::Date;
use wasm_bindgen::JsValue;

use crate::locale::{TextKey, Texts};

/// A day in the visitor's zone, counted from the first of 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Day(i64);

const MINUTE_MILLIS: i64 = 60_000;
const DAY_MILLIS: i64 = 24 * 60 * MINUTE_MILLIS;

impl Day {
    /// The day of a time in ms since 1970.
    #[allow(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        reason = "exact up to the year 287396, and no zone is so far from Greenwich"
    )]
    pub(crate) fn of(epoch_millis: i64) -> Self {
        let date = Date::new(&JsValue::from_f64(epoch_millis as f64));
        // Not a number where there is no such date; as an integer that is 0.
        let behind_greenwich = date.get_timezone_offset() as i64;
        let here = epoch_millis.saturating_sub(behind_greenwich * MINUTE_MILLIS);
        Self(here.div_euclid(DAY_MILLIS))
    }

    #[allow(clippy::cast_possible_truncation, reason = "it is not so late")]
    pub(crate) fn today() -> Self {
        Self::of(Date::now() as i64)
    }

    /// Its name as seen from today; `epoch_millis` is any time of it.
    pub(crate) fn name(self, texts: &Texts, today: Self, epoch_millis: i64) -> String {
        match today.0 - self.0 {
            0 => texts.get(TextKey::Today).to_string(),
            1 => texts.get(TextKey::Yesterday).to_string(),
            _ => texts.day(epoch_millis),
        }
    }
}
