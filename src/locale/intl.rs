//! Formats numbers and times, and determines plural categories, with `Intl` of the browser.
//!
//! `Intl` throws on a text that is not a language tag, so each tag that is passed here must first be accepted by
//! [`is_language_tag`].

use js_sys::{Array, Date, Intl, Number, Object, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// `Intl.getCanonicalLocales`. Returns the browser's exception if the text is not a language tag. The crate js-sys
    /// declares this function without `catch`: there the exception would abort the Rust code that called it.
    #[wasm_bindgen(catch, js_namespace = Intl, js_name = getCanonicalLocales)]
    fn canonical_locales(tag: &str) -> Result<Array, JsValue>;
}

/// Whether a text is a language tag.
pub(super) fn is_language_tag(text: &str) -> bool {
    canonical_locales(text).is_ok()
}

/// Formats a number with the locale's digits and separators.
pub(super) fn number(tag: &str, number: u32) -> String {
    String::from(Number::from(number).to_locale_string(tag))
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
    let options = format_options(&[
        ("style", "unit".into()),
        ("unit", unit.into()),
        ("unitDisplay", "short".into()),
        ("maximumFractionDigits", 1.into()),
    ]);
    let format = Intl::NumberFormat::new(&Array::of1(&tag.into()), &options);
    let formatted = format.format().call1(&JsValue::NULL, &amount.into());
    formatted
        .ok()
        .and_then(|text| text.as_string())
        .unwrap_or_default()
}

/// The plural category of a number, such as `one` or `few`, in CLDR (the Unicode database of languages).
pub(super) fn plural_category(tag: &str, number: u32) -> String {
    let rules = Intl::PluralRules::new(&Array::of1(&tag.into()), &Object::new());
    String::from(rules.select(number.into()))
}

/// Formats a time in ms since 1970 as hours and minutes in the visitor's time zone.
pub(super) fn clock_time(tag: &str, epoch_millis: i64) -> String {
    // The locale decides between forms such as `6:55 PM` and `06:55`.
    let options = format_options(&[("hour", "numeric".into()), ("minute", "2-digit".into())]);
    String::from(date(epoch_millis).to_locale_time_string_with_options(tag, &options))
}

/// Formats the day of a time in ms since 1970, in the visitor's time zone and in the long form of the locale, such as
/// `20 November 2026`.
pub(super) fn day(tag: &str, epoch_millis: i64) -> String {
    let options = format_options(&[("dateStyle", "long".into())]);
    String::from(date(epoch_millis).to_locale_date_string(tag, &options))
}

#[allow(clippy::cast_precision_loss, reason = "exact up to the year 287396")]
fn date(epoch_millis: i64) -> Date {
    Date::new(&JsValue::from_f64(epoch_millis as f64))
}

/// An object with the options of a format, from pairs of a name and a value.
fn format_options(members: &[(&str, JsValue)]) -> Object {
    let options = Object::new();
    for (name, value) in members {
        let written = Reflect::set(&options, &JsValue::from(*name), value);
        debug_assert!(written.is_ok(), "a plain object accepts any member");
    }
    options
}
