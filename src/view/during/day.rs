//! Days of the visitor's calendar. The transcript shows the name of a day above the first entry of that day.

use crate::browser_clock;
use crate::locale::{TextKey, Texts};

/// A day in the visitor's time zone, as the number of days since 1 January 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Day(i64);

const DAY_MILLIS: i64 = 24 * 60 * 60_000;

impl Day {
    /// The day of a time in ms since 1970.
    pub(crate) fn of(epoch_millis: i64) -> Self {
        Self(browser_clock::local_millis(epoch_millis).div_euclid(DAY_MILLIS))
    }

    /// The current day.
    #[allow(
        clippy::cast_possible_truncation,
        reason = "the clock's ms since 1970 are far from the limit of an i64"
    )]
    pub(crate) fn today() -> Self {
        Self::of(browser_clock::wall_millis() as i64)
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
