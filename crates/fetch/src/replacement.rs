//! A replaced `fetch`. A script of the page may replace the page's `fetch`, for example to add headers. If a call fails, the
//! function that [`set_fetch_finder`] has set finds out whether the replacement is the cause. If it is, all further calls
//! use the `fetch` that this function returns. A replacement that works stays in use.

use std::cell::{Cell, RefCell};

use js_sys::{Array, Date, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::{Answer, Call, NoAnswer};

/// The finder is asked at most once in this time, in ms. While a server cannot be reached, all calls fail.
const PAUSE_MS: f64 = 10_000.0;

/// The statuses with which a server refuses a call whose headers were replaced. Such a call has had no effect.
const REFUSALS: [u16; 4] = [400, 401, 403, 415];

thread_local! {
    static FINDER: RefCell<Option<Function>> = const { RefCell::new(None) };
    /// The `fetch` that is used in place of the page's; `None` while the page's is used.
    static WORKING_FETCH: RefCell<Option<JsValue>> = const { RefCell::new(None) };
    /// When the finder was most recently asked, in ms since 1970.
    static ASKED_AT: Cell<f64> = const { Cell::new(0.0) };
}

/// Sets the function that finds a `fetch` that works. It gets the address, the names of the headers, and whether the
/// server has refused the call. It returns a promise of a function, or of `undefined` if the page's `fetch` is not the
/// cause.
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

/// Whether `fetch` may be a replacement that has broken the call. Whether it has broken a call that the server refused,
/// only a repetition can show.
pub(crate) fn may_be_broken(
    fetch: &JsValue,
    call: &Call,
    result: &Result<Answer, NoAnswer>,
) -> bool {
    let has_failed = match result {
        Ok(answer) => call.is_repeatable && REFUSALS.contains(&answer.status),
        Err(NoAnswer::NotSent(_)) => false,
        Err(NoAnswer::Lost(_)) => true,
    };
    let is_in_pause = || Date::now() - ASKED_AT.get() < PAUSE_MS;
    has_failed && !is_built_in(fetch) && !is_in_pause()
}

/// Whether a function says that it is the browser's own `fetch`. A bound function and a proxy have no name in their text.
fn is_built_in(fetch: &JsValue) -> bool {
    let text = fetch
        .dyn_ref::<Function>()
        .map(|fetch| String::from(fetch.to_string()));
    text.is_some_and(|text| text.starts_with("function fetch(") && text.contains("[native code]"))
}

/// Asks the finder. `None` if the page's `fetch` is not the cause, or if no finder is set.
pub(crate) async fn find(call: &Call, is_refused: bool) -> Option<JsValue> {
    let finder = FINDER.with(|it| it.borrow().clone())?;
    ASKED_AT.set(Date::now());
    let names = call.headers.iter().map(|(name, _)| JsValue::from(*name));
    let names: Array = names.chain(["Content-Type".into()]).collect();
    let url = call.url.as_str().into();
    let found = finder.call3(&JsValue::NULL, &url, &names, &is_refused.into());
    let found = JsFuture::from(Promise::resolve(&found.ok()?)).await.ok()?;
    found.is_function().then_some(found)
}
