//! Numbers, plurals and times as the browser's `Intl` has them. Each tag must be one that [`is_tag`]
//! takes: `Intl` throws at any other.

use js_sys::{Array, Date, Intl, Number, Object, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// As in js-sys, but a tag that is none is an error.
    #[wasm_bindgen(catch, js_namespace = Intl, js_name = getCanonicalLocales)]
    fn canonical_locales(tag: &str) -> Result<Array, JsValue>;
}

/// Whether a text is a language tag.
pub(crate) fn is_tag(text: &str) -> bool {
    canonical_locales(text).is_ok()
}

/// A number with the locale's digits and separators.
pub(crate) fn number(tag: &str, number: u32) -> String {
    String::from(Number::from(number).to_locale_string(tag))
}

/// A number of bytes, in the unit that one says: kB are thousands.
#[allow(clippy::cast_precision_loss, reason = "one digit is told")]
pub(crate) fn size(tag: &str, bytes: u64) -> String {
    let units = ["byte", "kilobyte", "megabyte", "gigabyte"];
    let mut number = bytes as f64;
    let mut unit = 0;
    while number >= 1_000.0 && unit + 1 < units.len() {
        number /= 1_000.0;
        unit += 1;
    }
    let options = Object::new();
    let members: [(&str, JsValue); 4] = [
        ("style", "unit".into()),
        ("unit", units.get(unit).copied().unwrap_or_default().into()),
        ("unitDisplay", "short".into()),
        ("maximumFractionDigits", 1.into()),
    ];
    for (name, value) in &members {
        let written = Reflect::set(&options, &JsValue::from(*name), value);
        debug_assert!(written.is_ok(), "a plain object takes members");
    }
    let format = Intl::NumberFormat::new(&Array::of1(&tag.into()), &options);
    let told = format.format().call1(&JsValue::NULL, &number.into());
    told.ok()
        .and_then(|told| told.as_string())
        .unwrap_or_default()
}

/// The plural category of CLDR to which a number belongs: `one`, `few`, …
pub(crate) fn plural_category(tag: &str, number: u32) -> String {
    let rules = Intl::PluralRules::new(&Array::of1(&tag.into()), &Object::new());
    String::from(rules.select(number.into()))
}

/// Hours and minutes of a wall-clock time in ms since 1970, in the visitor's zone.
#[allow(clippy::cast_precision_loss, reason = "exact up to the year 287396")]
pub(crate) fn clock_time(tag: &str, epoch_millis: i64) -> String {
    let options = Object::new();
    // As the locale writes it: `6:55 PM`, but `06:55`.
    for (part, width) in [("hour", "numeric"), ("minute", "2-digit")] {
        let written = Reflect::set(&options, &part.into(), &width.into());
        debug_assert!(written.is_ok(), "a plain object takes members");
    }
    let date = Date::new(&JsValue::from_f64(epoch_millis as f64));
    String::from(date.to_locale_time_string_with_options(tag, &options))
}

/// The day of a wall-clock time in ms since 1970, in the visitor's zone, with the month in letters.
#[allow(clippy::cast_precision_loss, reason = "exact up to the year 287396")]
pub(crate) fn day(tag: &str, epoch_millis: i64) -> String {
    let options = Object::new();
    let written = Reflect::set(&options, &"dateStyle".into(), &"long".into());
    debug_assert!(written.is_ok(), "a plain object takes members");
    let date = Date::new(&JsValue::from_f64(epoch_millis as f64));
    String::from(date.to_locale_date_string(tag, &options))
}
