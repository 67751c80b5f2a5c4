//! Sends HTTP POST requests through the web page's `fetch`. [`post`] sends one [`Call`] and returns an [`Answer`], or
//! [`NoAnswer`] with the reason. The widget's WASM and the agent's client (`crates/agent`) send their requests with it.
//!
//! This crate calls `fetch` itself, and not by the crate gloo-net, because an ad blocker or a consent tool may have replaced
//! the page's `fetch`. gloo-net 0.7 panics if the replacement throws, rejects with something other than an `Error`, or
//! returns something other than a `Response`. gloo-net also does not abort a request whose future is dropped.
//!
//! If the replacement breaks requests, a function that the page's TypeScript has set by [`set_fetch_finder`] finds a
//! `fetch` that works. The module `replacement` decides when that function is asked.

mod replacement;
mod response;

use gloo_timers::callback::Timeout;
use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Request};

pub use replacement::set_fetch_finder;
pub use response::MAX_BODY_BYTES;

/// A POST request with JSON text. The type has no `Debug` form, because the headers contain tokens.
pub struct Call {
    /// The URL. If it is only a path, the request goes to the web page's own server.
    pub url: String,
    /// The headers, without `Content-Type`, which [`post`] adds.
    pub headers: Vec<(&'static str, String)>,
    /// The body: JSON text.
    pub body: String,
    /// Which cookies the request carries.
    pub cookies: Cookies,
    /// The longest wait for the complete answer, in ms. `None` sets no limit.
    pub timeout_ms: Option<u32>,
    /// Whether the call may be sent once more if the page's `fetch` has certainly broken it, although the server may have
    /// received it. Never true for a message of the visitor, which could then arrive twice.
    pub is_repeatable: bool,
    /// Whether the browser finishes the call if the page is left meanwhile (`keepalive`).
    pub outlives_page: bool,
}

/// Which cookies a call carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cookies {
    /// No cookies. The chat server identifies visitors and agents by headers.
    Omit,
    /// The web page's own cookies, if the request goes to the page's own server. Other servers get no cookies.
    SameOrigin,
}

/// The server's complete answer. Its status may be an error status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The pause that the header `Retry-After` demands, in ms. `None` if the header is absent or cannot be read.
    pub retry_after_ms: Option<u64>,
    /// The body, as text. It is empty if the answer has none.
    pub body: String,
}

impl Answer {
    /// Whether the status is a success.
    fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// The error if no complete answer arrived. The text is the reason, or `no reason given` if the browser gives no reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoAnswer {
    /// The request could not be built, so it was certainly not sent.
    NotSent(String),
    /// No complete answer arrived in time, or the call was aborted, or `fetch` failed, or the answer is longer than
    /// [`MAX_BODY_BYTES`]. Whether the server has received the request is unknown.
    Lost(String),
    /// `fetch`, which a script of the page must have replaced, returned something that cannot be read as a response.
    /// Whether the server has received the request is unknown.
    Unreadable,
}

impl std::fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::NotSent(reason) | Self::Lost(reason) => reason,
            Self::Unreadable => "fetch answered something that is no response",
        })
    }
}

impl std::error::Error for NoAnswer {}

/// A handle for one call. Dropping it aborts the call; if the call has ended, dropping has no effect.
pub struct AbortOnDrop(Option<AbortController>);

impl AbortOnDrop {
    /// Makes a handle for one call. In a browser without `AbortController` the handle cannot abort the call: the request
    /// continues, and its timeout has no effect.
    #[allow(clippy::new_without_default, reason = "it is a handle, not a value")]
    pub fn new() -> Self {
        Self(AbortController::new().ok())
    }

    /// The `AbortSignal` of this handle, for a JavaScript function of the web page. It is `undefined` if the browser has no
    /// `AbortController`.
    pub fn signal(&self) -> JsValue {
        let controller = self.0.as_ref();
        controller.map_or(JsValue::UNDEFINED, |controller| controller.signal().into())
    }

    /// Drops this handle without aborting the call.
    pub fn let_finish(mut self) {
        self.0 = None;
    }
}

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        if let Some(controller) = &self.0 {
            controller.abort();
        }
    }
}

/// Sends a call and waits for the complete answer. The request is sent when the future is first polled. Dropping `abort`
/// ends the wait with [`NoAnswer::Lost`].
///
/// # Errors
/// [`NoAnswer`] if no complete answer arrived.
pub fn post(
    call: Call,
    abort: &AbortOnDrop,
) -> impl Future<Output = Result<Answer, NoAnswer>> + use<> {
    send(call, abort.0.clone())
}

/// Does what [`post`] says. This function owns its `abort`, so the caller can drop the handle while this future waits.
/// That aborts the call. The timer `_timeout` is dropped at the end, so that it cannot abort a call that has ended.
async fn send(call: Call, abort: Option<AbortController>) -> Result<Answer, NoAnswer> {
    let _timeout = abort
        .clone()
        .zip(call.timeout_ms)
        .map(|(controller, timeout_ms)| Timeout::new(timeout_ms, move || controller.abort()));
    let fetch = replacement::fetch_in_use();
    let result = send_by(&fetch, &call, abort.as_ref()).await;
    let is_aborted = abort.as_ref().is_some_and(|abort| abort.signal().aborted());
    if is_aborted || !replacement::may_be_broken(&fetch, &call, &result) {
        return result;
    }
    let is_refused = result.is_ok();
    let Some(working_fetch) = replacement::find(&call, is_refused).await else {
        return result;
    };
    if !call.is_repeatable {
        replacement::use_from_now(working_fetch);
        return result;
    }
    let repeated = send_by(&working_fetch, &call, abort.as_ref()).await;
    // The finder has not tried the call that was refused.
    if is_refused && !repeated.as_ref().is_ok_and(Answer::is_success) {
        return result;
    }
    replacement::use_from_now(working_fetch);
    repeated
}

/// Sends a call once, by this function.
async fn send_by(
    fetch: &JsValue,
    call: &Call,
    abort: Option<&AbortController>,
) -> Result<Answer, NoAnswer> {
    let request = build_request(call, abort)?;
    let answer = call_fetch(fetch, &request).await?;
    response::read(&answer).await
}

/// Builds the request without sending it. Fails with [`NoAnswer::NotSent`] only.
fn build_request(call: &Call, abort: Option<&AbortController>) -> Result<Request, NoAnswer> {
    let not_sent = |thrown: JsValue| NoAnswer::NotSent(error_text(&thrown));
    let headers = web_sys::Headers::new().map_err(not_sent)?;
    let json = ("Content-Type", "application/json; charset=utf-8".to_owned());
    for (name, value) in call.headers.iter().chain([&json]) {
        // The browser's error is not passed on: it may quote the value, which may be a token.
        headers.set(name, value).map_err(|_| {
            NoAnswer::NotSent(format!("the value of the header {name} cannot be sent"))
        })?;
    }
    // Without a prototype, nothing that a script of the page has put into `Object.prototype` counts as a part of the request.
    let init: Object = Object::create(JsValue::NULL.unchecked_ref());
    let signal = abort.map_or(JsValue::UNDEFINED, |abort| abort.signal().into());
    let credentials = match call.cookies {
        Cookies::Omit => "omit",
        Cookies::SameOrigin => "same-origin",
    };
    // The cache mode is the default, because browsers do not cache answers to POST requests. With `no-store` Chromium
    // would not cache CORS preflights either, so that each call would need two requests.
    let members: [(&str, JsValue); 7] = [
        ("method", "POST".into()),
        ("headers", headers.into()),
        ("credentials", credentials.into()),
        // Following a redirect would send the session's headers to a host that nobody has allowed.
        ("redirect", "error".into()),
        ("signal", signal),
        // A browser that does not know this member ends the request with its page.
        ("keepalive", call.outlives_page.into()),
        ("body", call.body.as_str().into()),
    ];
    for (name, value) in members {
        Reflect::set(&init, &name.into(), &value).map_err(not_sent)?;
    }
    Request::new_with_str_and_init(&call.url, init.unchecked_ref()).map_err(not_sent)
}

/// Calls `fetch`, which a script of the page may have replaced. Returns what its promise resolves to, which may be
/// anything.
async fn call_fetch(fetch: &JsValue, request: &Request) -> Result<JsValue, NoAnswer> {
    let called = fetch
        .dyn_ref::<Function>()
        .ok_or(JsValue::NULL)
        .and_then(|fetch| fetch.call1(&js_sys::global(), request));
    await_value(called).await
}

/// Awaits a value. A replaced `fetch` may return something other than a promise, which `Promise::resolve` accepts too.
/// `value` is `Err` if the function that should return the promise threw an exception. An exception and a rejected
/// promise both count as [`NoAnswer::Lost`].
async fn await_value(value: Result<JsValue, JsValue>) -> Result<JsValue, NoAnswer> {
    let lost = |thrown: JsValue| NoAnswer::Lost(error_text(&thrown));
    let promise = Promise::resolve(&value.map_err(lost)?);
    JsFuture::from(promise).await.map_err(lost)
}

/// The text of a thrown value: the value itself if it is a text, otherwise its member `message`, otherwise a default.
fn error_text(thrown: &JsValue) -> String {
    let message = || {
        let member = Reflect::get(thrown, &"message".into()).ok()?;
        member.as_string()
    };
    thrown
        .as_string()
        .or_else(message)
        .unwrap_or_else(|| "no reason given".to_owned())
}
