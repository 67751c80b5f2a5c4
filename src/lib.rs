//! Pipit: a consumer chat widget for sites on Oracle B2C Service.
//!
//! This crate is the panel in the browser, compiled to WebAssembly. What a conversation *is* lives in `pipit-engine`, and
//! what goes over the wire in `pipit-wire`. The launcher, and everything that is on a page before the visitor opens the
//! panel, is TypeScript: `npm/`.
//!
//! Data flows one way round. The visitor's actions (`view`) and the page's commands (`js_api`) become inputs of the
//! engine; `runtime` performs the effects that the engine asks for; `view` draws the conversation that results, and
//! `app` derives the page's events from it. `config` holds what the host has chosen, `form` what the visitor is asked
//! before a conversation, and `locale` every text that the visitor reads.
//!
//! The code is loaded in two steps: a first module draws a panel that can be typed in, and the conversation part follows.
//! `lazy_module` explains what that means for the code.

mod app;
mod config;
mod form;
mod js_api;
mod js_object;
mod lazy_module;
mod locale;
mod page_error;
mod runtime;
mod transcript_file;
mod view;
mod visibility;

use js_sys::Function;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::Element;

/// Draws the panel into `place`, an element inside an open shadow root that has adopted the widget's style sheets. A page
/// has one panel; mounting another destroys the one before.
///
/// `options` is an object; `src/config/options.rs` declares its members. `emit(name, payload)` receives every event that
/// `src/app/page_event.rs` declares, and the report `state`.
///
/// The visitor can see the panel and type in it at once. The command `load` fetches the conversation part, which performs
/// most commands; before that, [`call`] knows only those of the panel.
///
/// # Errors
/// An object `{ code, message }`; the message names the option that cannot be read.
#[wasm_bindgen]
pub fn mount(place: &Element, options: &JsValue, emit: Function) -> Result<(), JsValue> {
    js_api::mount(place, options, emit).map_err(JsValue::from)
}

/// Performs a command of the page; `src/js_api/command.rs` declares all commands. Returns the result: `undefined`, or a
/// promise, which is rejected with errors of the same shape.
///
/// # Errors
/// An object `{ code, message }`, such as `{ code: "E_FORM", message: "the visitor has to …" }`.
#[wasm_bindgen]
pub fn call(command: &str, argument: &JsValue) -> Result<JsValue, JsValue> {
    js_api::call(command, argument).map_err(JsValue::from)
}

/// How many rows and stretches of the transcript have been drawn; only where assertions are on.
#[cfg(debug_assertions)]
#[doc(hidden)]
pub fn drawn() -> u32 {
    view::during::render_count::total()
}
