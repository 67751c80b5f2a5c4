//! Pipit: a consumer chat widget for sites on Oracle B2C Service.
//!
//! This crate is the widget in the browser. It draws what the engine says (`view`), performs what
//! the engine asks (`runtime`), and holds every word (`locale`). What a conversation *is* lives in
//! `pipit-engine`; what goes over the wire lives in `pipit-wire`.
//!
//! The loader calls [`mount`], once per page.

mod locale;
mod options;
mod runtime;
mod view;

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// Draws the widget into `root`, a `<div>` inside an open shadow root that has adopted the
/// widget's style sheet.
///
/// `options` is an object with any of `jwt`, `getSession`, `sessionEndpoint`, `site`, `pool`,
/// `baseUrl`, `surveyBase`, `surveyTemplate`, `allowedHosts`, `title`; all texts but `getSession`,
/// a function that returns a session or a promise of one, and `allowedHosts`, a list of texts.
///
/// # Errors
/// A text that names the option that cannot be read.
#[wasm_bindgen]
pub fn mount(root: web_sys::Element, options: &JsValue) -> Result<(), JsValue> {
    let options = options::Options::read(options).map_err(|told| JsValue::from(told.as_str()))?;
    let title = options.title.clone();
    let runtime = runtime::Runtime::new(&options);
    view::draw(root, runtime, title);
    Ok(())
}
