//! Pipit: a consumer chat widget for sites on Oracle B2C Service.
//!
//! This crate is the panel in the browser. It draws what the engine says (`view`), performs what
//! the engine asks (`runtime`), and holds every word (`locale`). What a conversation *is* lives in
//! `pipit-engine`; what goes over the wire lives in `pipit-wire`. The launcher, and all that stands on
//! a page before the visitor opens the panel, is TypeScript: `npm/`.
//!
//! The two talk through [`mount`] and [`call`], in messages of plain data.

mod attachments;
mod availability;
mod config;
mod door;
mod form;
mod js_object;
mod live;
mod locale;
mod news;
mod options;
mod part;
mod runtime;
mod talk;
mod transcript_file;
mod unread;
mod view;

use js_sys::Function;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::Element;

/// Draws the panel into `place`, an element inside an open shadow root that has adopted the widget's
/// style sheets. There is one panel per page: one that runs is destroyed.
///
/// `options` is an object with any of these:
/// - texts: `jwt`, `sessionEndpoint`, `site`, `pool`, `baseUrl`, `surveyBase`, `surveyTemplate`, `title`, `mode`,
///   `consent`, `locale`;
/// - `allowedHosts`, a list of texts, and `absentLimitSeconds`, a number;
/// - `getSession`, a function that gives a session or a promise of one; `beforeSend` and `beforeRender`, functions
///   that may change what is sent and shown; `leaveMessage`, one that takes what the form for messages holds;
/// - `form` and `messageForm`, lists of fields, and `prefill`, values by the names of such;
/// - `words`, texts of the host's own, and `language`, what a file of `src/locale` holds (English where it is not
///   given);
/// - `away`, whether somebody is there, as `npm/away.ts` says it; `attachments`, what moves files
///   (`npm/attachments.ts`); `news`, what knows of the sound (`npm/news.ts`); and `resumes`, there when a
///   conversation is known to go on.
///
/// The panel can be seen and written in at once. The command `load` fetches the conversation's part, which does
/// the rest of what [`call`] takes; until it is here, [`call`] knows `open`, `close`, `destroy` and `load` only.
///
/// `report(name, payload)` is told what happens, see `npm/events.ts`.
///
/// # Errors
/// A text that names the option that cannot be read.
#[wasm_bindgen]
pub fn mount(place: &Element, options: &JsValue, report: Function) -> Result<(), JsValue> {
    door::mount(place, options, report).map_err(|told| JsValue::from(told.as_str()))
}

/// What the page wants of the panel; `npm/chat.ts` lists the commands and what each takes and gives.
///
/// # Errors
/// A text that begins with the error's code, as `E_FORM: …`.
#[wasm_bindgen]
pub fn call(command: &str, argument: &JsValue) -> Result<JsValue, JsValue> {
    door::call(command, argument).map_err(|told| JsValue::from(told.as_str()))
}

/// How many rows and stretches of the transcript have been drawn; only where assertions are on.
#[cfg(debug_assertions)]
#[doc(hidden)]
pub fn drawn() -> u32 {
    view::during::render_count::total()
}
