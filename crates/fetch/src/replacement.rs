//! Finds a `fetch` that works if a script of the page has replaced the page's `fetch` (for example to add headers) and
//! the replacement breaks calls. If a call fails and [`may_be_broken`] holds, the *finder*, the function that
//! [`set_fetch_finder`] has set, finds out whether the replacement is the cause. If it is, later calls use the `fetch`
//! that the finder returns, until the page is reloaded. A replacement that works stays in use.

use std::cell::{Cell, RefCell};

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::{Answer, Call, NoAnswer};

/// The finder is asked at most once in this time, in ms. While a server cannot be reached, all calls fail.
const PAUSE_MS: f64 = 10_000.0;

/// The statuses with which a server refuses a call if the replacement has removed or changed its headers. A refused
/// call has had no effect.
const REFUSALS: [u16; 4] = [400, 401, 403, 415];

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = Date, js_name = now)]
    fn date_now() -> Result<JsValue, JsValue>;
}

thread_local! {
    static FINDER: RefCell<Option<Function>> = const { RefCell::new(None) };
    /// The `fetch` that is used in place of the page's; `None` while the page's is used.
    static WORKING_FETCH: RefCell<Option<JsValue>> = const { RefCell::new(None) };
    /// When the finder was most recently asked, in ms since 1970; 0 if it was never asked.
    static ASKED_AT: Cell<f64> = const { Cell::new(0.0) };
}

/// Sets the function that finds a `fetch` that works (the finder). It gets three arguments: the address of the call
/// that failed, the names of its headers, and a boolean, which is true if a server has refused the call and false if no
/// answer arrived. It returns a promise of a function, or of `undefined` if the page's `fetch` is not the cause.
pub fn set_fetch_finder(finder: Function) {
    FINDER.with(|it| it.replace(Some(finder)));
}

/// The `fetch` for the next call. It is `undefined` if the page has removed its own.
pub(crate) fn fetch_in_use() -> JsValue {
    let working = WORKING_FETCH.with(|it| it.borrow().clone());
    working.unwrap_or_else(|| {
        let fetch = Reflect::get(&js_sys::global(), &"fetch".into());
        fetch.unwrap_or(JsValue::UNDEFINED)
    })
}

/// Uses this `fetch` for all further calls.
pub(crate) fn use_from_now(working_fetch: JsValue) {
    WORKING_FETCH.with(|it| it.replace(Some(working_fetch)));
}

/// Whether the finder must be asked: `fetch` may be a replacement that has broken the call, and the finder was not
/// asked within [`PAUSE_MS`]. A call that the server refused counts only if it may be repeated, because only a
/// repetition can show whether the replacement is the cause.
pub(crate) fn may_be_broken(
    fetch: &JsValue,
    call: &Call,
    result: &Result<Answer, NoAnswer>,
) -> bool {
    let has_failed = match result {
        Ok(answer) => call.is_repeatable && REFUSALS.contains(&answer.status),
        Err(NoAnswer::NotSent(_)) => false,
        Err(NoAnswer::Lost(_) | NoAnswer::Unreadable) => true,
    };
    let is_in_pause = || now() - ASKED_AT.get() < PAUSE_MS;
    has_failed && !is_built_in(fetch) && !is_in_pause()
}

/// The wall clock, in ms since 1970; infinity if a script of the page has broken `Date`, so that no pause lasts for ever.
pub(crate) fn now() -> f64 {
    date_now()
        .ok()
        .and_then(|now| now.as_f64())
        .unwrap_or(f64::INFINITY)
}

/// Whether `fetch`, converted to a text, looks like the browser's own. A bound function and a proxy also have
/// `[native code]` in their text, but no name, so they do not count as built in.
fn is_built_in(fetch: &JsValue) -> bool {
    // A script of the page may have replaced `toString`, too.
    let text = Reflect::get(fetch, &"toString".into())
        .and_then(JsValue::dyn_into::<Function>)
        .and_then(|to_text| to_text.call0(fetch));
    text.is_ok_and(|text| {
        let text = text.as_string().unwrap_or_default();
        text.starts_with("function fetch(") && text.contains("[native code]")
    })
}

/// Asks the finder for a `fetch` that works. `None` if the page's `fetch` is not the cause, if no finder is set, or if
/// the finder fails.
pub(crate) async fn find(call: &Call, is_refused: bool) -> Option<JsValue> {
    let finder = FINDER.with(|it| it.borrow().clone())?;
    ASKED_AT.set(now());
    let names = call.headers.iter().map(|(name, _)| JsValue::from(*name));
    let names: Array = names.chain(["Content-Type".into()]).collect();
    let url = call.url.as_str().into();
    let found = finder.call3(&JsValue::NULL, &url, &names, &is_refused.into());
    let found = JsFuture::from(Promise::resolve(&found.ok()?)).await.ok()?;
    found.is_function().then_some(found)
}
