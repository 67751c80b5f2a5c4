//! Times as the visitor's browser writes them.

use js_sys::{Date, Object, Reflect};
use wasm_bindgen::JsValue;

/// Hours and minutes of a wall-clock time in ms since 1970, in the visitor's zone.
#[allow(clippy::cast_precision_loss, reason = "exact up to the year 287396")]
pub(crate) fn clock_time(epoch_millis: i64) -> String {
    let options = Object::new();
    for part in ["hour", "minute"] {
        let written = Reflect::set(&options, &part.into(), &"2-digit".into());
        debug_assert!(written.is_ok(), "a plain object takes members");
    }
    let date = Date::new(&JsValue::from_f64(epoch_millis as f64));
    String::from(date.to_locale_time_string_with_options("default", &options))
}
