//! Formats numbers and times, and determines plural categories, with `Intl` of the browser.
//!
//! A script of the page may have replaced or removed parts of `Intl`, and `Intl` throws on a time that JavaScript cannot
//! represent. Therefore every call here may fail, and then a plain form without `Intl` is used: digits, a time such as
//! `18:55`, a day such as `2026-11-20`, and the English plural.

use std::cell::OnceCell;

use js_sys::{Array, Object};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::browser_clock;
use crate::js_object::JsObject;

// js-sys declares these functions without `catch`, or converts their results to texts without a check. There, an
// exception or a result that is no text would end the Rust code that called the function.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = Intl, js_name = getCanonicalLocales)]
    fn canonical_locales(tag: &str) -> Result<Array, JsValue>;

    type NumberFormat;
    #[wasm_bindgen(catch, constructor, js_namespace = Intl)]
    fn new(tag: &str, options: &Object) -> Result<NumberFormat, JsValue>;
    #[wasm_bindgen(catch, method)]
    fn format(this: &NumberFormat, number: f64) -> Result<JsValue, JsValue>;

    type DateTimeFormat;
    #[wasm_bindgen(catch, constructor, js_namespace = Intl)]
    fn new(tag: &str, options: &Object) -> Result<DateTimeFormat, JsValue>;
    #[wasm_bindgen(catch, method)]
    fn format(this: &DateTimeFormat, epoch_millis: f64) -> Result<JsValue, JsValue>;

    type PluralRules;
    #[wasm_bindgen(catch, constructor, js_namespace = Intl)]
    fn new(tag: &str) -> Result<PluralRules, JsValue>;
    #[wasm_bindgen(catch, method)]
    fn select(this: &PluralRules, number: u32) -> Result<JsValue, JsValue>;
}

/// Whether a text is a language tag. If the browser's `Intl` does not even accept `en`, every text of letters, digits and
/// hyphens counts as one.
pub(super) fn is_language_tag(text: &str) -> bool {
    canonical_locales(text).is_ok()
        || canonical_locales("en").is_err()
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// Formats a number with the locale's digits and separators.
pub(super) fn number(tag: &str, number: u32) -> String {
    format_number(tag, number.into(), &[]).unwrap_or_else(|| number.to_string())
}

/// Formats a number of bytes in the largest unit, up to gigabytes, in which the amount is at least 1; zero bytes are
/// given in bytes. One kilobyte is 1,000 bytes.
#[allow(
    clippy::cast_precision_loss,
    reason = "only one fraction digit is shown"
)]
pub(super) fn file_size(tag: &str, bytes: u64) -> String {
    let units = ["byte", "kilobyte", "megabyte", "gigabyte"];
    let mut amount = bytes as f64;
    let mut unit_index = 0;
    while amount >= 1_000.0 && unit_index + 1 < units.len() {
        amount /= 1_000.0;
        unit_index += 1;
    }
    let unit = units.get(unit_index).copied().unwrap_or_default();
    let options = [
        ("style", "unit".into()),
        ("unit", unit.into()),
        ("unitDisplay", "short".into()),
        ("maximumFractionDigits", 1.into()),
    ];
    // A whole number is enough for the plain form.
    let plain_amount = bytes / 1_000_u64.pow(u32::try_from(unit_index).unwrap_or_default());
    format_number(tag, amount, &options)
        .unwrap_or_else(|| [&plain_amount.to_string(), " ", unit].concat())
}

/// The plural category of a number, such as `one` or `few`, in CLDR (the Unicode database of languages).
pub(super) fn plural_category(tag: &str, number: u32) -> String {
    let category = PluralRules::new(tag).and_then(|rules| rules.select(number));
    let english = || if number == 1 { "one" } else { "other" };
    text_of(category).unwrap_or_else(|| english().to_owned())
}

/// The formats of times in one locale. The browser needs half a millisecond to make one, so each is made once.
#[derive(Default)]
pub(super) struct TimeFormats {
    clock: OnceCell<DateTimeFormat>,
    day: OnceCell<DateTimeFormat>,
}

/// Formats a time in ms since 1970 as hours and minutes in the visitor's time zone. `formats` belong to the same tag.
pub(super) fn clock_time(formats: &TimeFormats, tag: &str, epoch_millis: i64) -> String {
    // The locale decides between forms such as `6:55 PM` and `06:55`.
    let options = || vec![("hour", "numeric".into()), ("minute", "2-digit".into())];
    format_time(&formats.clock, tag, epoch_millis, options).unwrap_or_else(|| {
        let minutes = browser_clock::local_millis(epoch_millis).div_euclid(60_000);
        let (hour, minute) = (
            minutes.div_euclid(60).rem_euclid(24),
            minutes.rem_euclid(60),
        );
        [&two_digits(hour), ":", &two_digits(minute)].concat()
    })
}

/// Formats the day of a time in ms since 1970, in the visitor's time zone and in the long form of the locale, such as
/// `20 November 2026`. `formats` belong to the same tag.
pub(super) fn day(formats: &TimeFormats, tag: &str, epoch_millis: i64) -> String {
    let options = || vec![("dateStyle", "long".into())];
    format_time(&formats.day, tag, epoch_millis, options).unwrap_or_else(|| {
        let days = browser_clock::local_millis(epoch_millis).div_euclid(86_400_000);
        let (year, month, day) = civil_date(days);
        [
            &year.to_string(),
            "-",
            &two_digits(month),
            "-",
            &two_digits(day),
        ]
        .concat()
    })
}

/// The year, the month from 1 and the day from 1 of a day in the Gregorian calendar; `days` counts from 1 January 1970.
fn civil_date(days: i64) -> (i64, i64, i64) {
    // The calculation counts years from March, so that the leap day is the last day of a year. 719,468 days lie between
    // 1 March of the year 0 and 1 January 1970, and 146,097 days are 400 years.
    let days = days.saturating_add(719_468);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12 + 1;
    let year = year_of_era + days.div_euclid(146_097) * 400 + i64::from(month <= 2);
    (year, month, day)
}

fn two_digits(number: i64) -> String {
    let digits = number.to_string();
    if number < 10 {
        ["0", &digits].concat()
    } else {
        digits
    }
}

/// Formats a number; `None` if `Intl` fails.
fn format_number(tag: &str, number: f64, options: &[(&str, JsValue)]) -> Option<String> {
    let format = NumberFormat::new(tag, &format_options(options));
    text_of(format.and_then(|format| format.format(number)))
}

/// Formats a time in ms since 1970; `None` if `Intl` fails. If `cell` has no format yet, makes one with these options.
#[allow(clippy::cast_precision_loss, reason = "exact up to the year 287396")]
fn format_time(
    cell: &OnceCell<DateTimeFormat>,
    tag: &str,
    epoch_millis: i64,
    options: impl Fn() -> Vec<(&'static str, JsValue)>,
) -> Option<String> {
    // The page may have replaced the constructor by a function that leads to another call of this function, which then
    // fills the cell first. Both formats are the same.
    if cell.get().is_none() {
        let format = DateTimeFormat::new(tag, &format_options(&options())).ok()?;
        let _ = cell.set(format);
    }
    text_of(cell.get()?.format(epoch_millis as f64))
}

/// The text that a call returned; `None` if it failed, or returned something else or an empty text.
fn text_of(result: Result<JsValue, JsValue>) -> Option<String> {
    result.ok()?.as_string().filter(|text| !text.is_empty())
}

/// An object with the options of a format, from pairs of a name and a value.
fn format_options(members: &[(&str, JsValue)]) -> Object {
    let options = members
        .iter()
        .fold(JsObject::new(), |options, (name, value)| {
            options.with(name, value)
        });
    options.into_options()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plain_date_is_right() {
        for (days, date) in [
            (0, (1970, 1, 1)),
            (-1, (1969, 12, 31)),
            (59, (1970, 3, 1)),
            (11_016, (2000, 2, 29)),
            (20_777, (2026, 11, 20)),
            (-719_468, (0, 3, 1)),
            (2_932_896, (9999, 12, 31)),
        ] {
            assert_eq!(civil_date(days), date, "{days}");
        }
        civil_date(i64::MAX);
        civil_date(i64::MIN);
    }
}
