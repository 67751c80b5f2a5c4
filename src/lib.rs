//! Pipit: a consumer chat widget for sites on Oracle B2C Service.
//!
//! This crate is the widget in the browser. It draws what the engine says (`view`), performs what
//! the engine asks (`runtime`), and holds every word (`locale`). What a conversation *is* lives in
//! `pipit-engine`; what goes over the wire lives in `pipit-wire`.
//!
//! The loader calls [`mount`], once per page.

mod attachments;
mod availability;
mod form;
mod locale;
mod news;
mod options;
mod runtime;
mod transcript_file;
mod view;

use std::rc::Rc;

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// Draws the widget into `root`, a `<div>` inside an open shadow root that has adopted the
/// widget's style sheet.
///
/// `options` is an object with any of `jwt`, `getSession`, `sessionEndpoint`, `site`, `pool`,
/// `baseUrl`, `surveyBase`, `surveyTemplate`, `allowedHosts`, `absentLimitSeconds`, `title`, `theme`,
/// `accent`, `side`, `mode`, `form`, `prefill`, `consent`, `attachments`, `away`, `leaveMessage`, `messageForm`, `news`, `locale`, `language`, `words`. They are texts
/// but for `getSession`, a function that returns a session or a promise of one; `allowedHosts`, a list
/// of texts; `absentLimitSeconds`, a number; `form`, a list of fields, and `prefill`, values by the
/// names of such; `attachments`, what moves files (`npm/attachments.ts`); `away`, `leaveMessage` and `messageForm`, what is
/// done when nobody is there (`npm/away.ts`); `news`, what tells of unread
/// messages (`npm/news.ts`); `language`, what a file of `src/locale` holds (English where it is not given), and
/// `words`, which holds some of the same.
///
/// # Errors
/// A text that names the option that cannot be read.
#[wasm_bindgen]
pub fn mount(root: web_sys::Element, options: &JsValue) -> Result<(), JsValue> {
    let wrong = |told: String| JsValue::from(told.as_str());
    let mut options = options::Options::read(options).map_err(wrong)?;
    let link = view::Link {
        words: Rc::new(options.words().map_err(wrong)?),
        form: Rc::new(options.form().map_err(wrong)?),
        message_form: Rc::new(options.message_form().map_err(wrong)?),
        runtime: runtime::Runtime::new(&options),
        parts: options.parts,
    };
    view::draw(root, link, options.title, options.look);
    Ok(())
}
