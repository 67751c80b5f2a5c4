//! Pipit: a chat widget for websites whose support team works in Oracle B2C Service.
//!
//! This crate is the panel in the browser, compiled to WebAssembly. The rules of a conversation are in `pipit-engine`,
//! and the requests and answers of the chat API in `pipit-wire`. The launcher (the button that opens the panel) and
//! everything else that a web page needs before the visitor opens the panel is TypeScript in `npm/`.
//!
//! Data flows in one direction. The visitor's actions (`view`) and the page's commands (`js_api`) become inputs of the
//! engine; `runtime` performs the effects that the engine asks for; `view` draws the resulting conversation, and `app`
//! derives the page's events from that conversation. `config` holds the options that the web page sets, `form` the
//! forms that the visitor fills in, and `locale` every text that the panel itself shows. `transcript_file` writes a
//! conversation as a file, `visibility` tells whether the page is visible, `browser_clock` reads the browser's clocks,
//! `js_object` builds JavaScript objects, and `page_error` has the errors that the page receives.
//!
//! With the feature `headless`, the library exports no panel to JavaScript, and has the module `headless`: a conversation without a
//! view. Only the crate `pipit-headless` uses the feature.
//!
//! The code is loaded in three steps. The first WASM module draws the panel, in which the visitor can usually type at
//! once. The second module, the conversation part, has the engine and the runtime, so a message can leave when it is
//! loaded. The third module, the content, draws everything about messages. `lazy_module` explains how the code is split.

mod app;
mod browser_clock;
mod config;
mod form;
#[cfg(feature = "headless")]
pub mod headless;
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
#[cfg(not(feature = "headless"))]
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::Element;

/// Draws the panel into `place`, an element inside an open shadow root that has adopted the widget's style sheets. A
/// page has at most one panel: a call whose `options` can be read destroys the previous panel.
///
/// `options` is an object; `src/config/options.rs` declares its members. `emit(name, payload)` receives every event
/// that `src/app/page_event.rs` declares, and the report `state`, which contains what the launcher shows.
///
/// The panel can be opened at once. The command `load` fetches the conversation part, which performs the commands
/// that need a conversation. Until this part is loaded, [`call`] performs only `load` and the commands that open, close
/// and destroy the panel.
///
/// # Errors
/// An object `{ code, message }`. An option cannot be read, and the message names it; or no element can be added to
/// `place`.
#[cfg_attr(not(feature = "headless"), wasm_bindgen)]
pub fn mount(place: &Element, options: &JsValue, emit: Function) -> Result<(), JsValue> {
    js_api::mount(place, options, emit).map_err(JsValue::from)
}

/// Performs a command of the page; `src/js_api/command.rs` declares all commands. Returns the result: `undefined`, or a
/// promise. The reason of a rejected promise has the same form as the error below.
///
/// # Errors
/// An object `{ code, message }`, such as `{ code: "E_FORM", message: "the visitor has to …" }`.
#[cfg_attr(not(feature = "headless"), wasm_bindgen)]
pub fn call(command: &str, argument: &JsValue) -> Result<JsValue, JsValue> {
    js_api::call(command, argument).map_err(JsValue::from)
}

/// The number of renders of the transcript's rows and chunks since the page was loaded. For tests: a release build does
/// not have this function.
#[cfg(debug_assertions)]
#[doc(hidden)]
pub fn drawn() -> u32 {
    view::during::render_count::total()
}
