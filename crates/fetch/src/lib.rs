//! Sends one POST by the page's `fetch`: [`post`] turns a [`Call`] into an [`Answer`] or [`NoAnswer`]. The widget and the
//! agent's client use it for all of their requests.
//!
//! gloo-net builds the request, but does not send it. gloo-net 0.7 panics when a wrapped `fetch` (by an ad blocker or a
//! consent tool) throws, rejects with something other than an `Error`, or returns something other than a `Response`.
//! It also never aborts a request whose future was dropped.

use gloo_net::http::{Headers, Request};
use gloo_timers::callback::Timeout;
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, RequestCredentials, RequestRedirect, Response};

/// A POST of JSON text. It has no debug form because its headers contain tokens.
pub struct Call {
    /// The address. A path alone is an address at the page's own server.
    pub url: String,
    /// The headers, without the content type.
    pub headers: Vec<(&'static str, String)>,
    /// The body: JSON text.
    pub body: String,
    /// Whether the request carries cookies.
    pub cookies: Cookies,
    /// How long to wait for the complete answer, in ms; `None` waits until the call is aborted.
    pub timeout_ms: Option<u32>,
}

/// Whether a call carries cookies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cookies {
    /// No cookies. The chat server identifies its visitors by headers.
    Omit,
    /// The page's own cookies, in requests to the page's own server.
    SameOrigin,
}

/// The server's answer, with any status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The header `Retry-After`, if it is a number, in ms.
    pub retry_after_ms: Option<u64>,
    /// The body, as text.
    pub body: String,
}

/// The error when no complete answer arrived, with the reason as far as the browser names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoAnswer {
    /// The request could not be built, so it was certainly not sent.
    NotSent(String),
    /// The answer is lost. Whether the server got the request is unknown.
    Lost(String),
}

impl std::fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (Self::NotSent(reason) | Self::Lost(reason)) = self;
        f.write_str(reason)
    }
}

impl std::error::Error for NoAnswer {}

/// Aborts its call when it is dropped. That has no effect on a call that has ended.
pub struct AbortOnDrop(Option<AbortController>);

impl AbortOnDrop {
    /// Makes a handle for one call. In a browser without `AbortController` a dropped call continues, and its answer is
    /// ignored.
    #[allow(clippy::new_without_default, reason = "it is a handle, not a value")]
    pub fn new() -> Self {
        Self(AbortController::new().ok())
    }

    /// The `AbortSignal`, for a function of the page; `undefined` if the browser has none.
    pub fn signal(&self) -> JsValue {
        let controller = self.0.as_ref();
        controller.map_or(JsValue::UNDEFINED, |controller| controller.signal().into())
    }
}

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        if let Some(controller) = &self.0 {
            controller.abort();
        }
    }
}

/// Sends the call when it is first polled, and waits for the complete answer. Dropping `abort` ends the wait.
///
/// # Errors
/// [`NoAnswer`], when no complete answer arrived.
pub fn post(
    call: Call,
    abort: &AbortOnDrop,
) -> impl Future<Output = Result<Answer, NoAnswer>> + use<> {
    send(call, abort.0.clone())
}

async fn send(call: Call, abort: Option<AbortController>) -> Result<Answer, NoAnswer> {
    let _timeout = abort
        .clone()
        .zip(call.timeout_ms)
        .map(|(controller, timeout_ms)| Timeout::new(timeout_ms, move || controller.abort()));
    let request = build_request(call, abort.as_ref())?;
    let response: Response = call_fetch(&request)
        .await?
        .dyn_into()
        .map_err(|_| NoAnswer::Lost("fetch answered something that is no response".to_owned()))?;
    let body = await_promise(response.text()).await?;
    Ok(Answer {
        status: response.status(),
        retry_after_ms: Headers::from_raw(response.headers())
            .get("Retry-After")
            .and_then(|seconds| seconds.trim().parse::<u64>().ok())
            .map(|seconds| seconds.saturating_mul(1_000)),
        body: body.as_string().unwrap_or_default(),
    })
}

fn build_request(
    call: Call,
    abort: Option<&AbortController>,
) -> Result<web_sys::Request, NoAnswer> {
    let not_sent = |thrown: JsValue| NoAnswer::NotSent(error_text(&thrown));
    let headers = web_sys::Headers::new().map_err(not_sent)?;
    let json = ("Content-Type", "application/json; charset=utf-8".to_owned());
    for (name, value) in call.headers.iter().chain([&json]) {
        // The browser's error is not passed on: it may quote the value, which may be a token.
        headers.set(name, value).map_err(|_| {
            NoAnswer::NotSent(format!("the value of the header {name} cannot be sent"))
        })?;
    }
    let signal = abort.map(AbortController::signal);
    // The cache mode stays the default. Answers to POST are not cached anyway, and with `no-store` Chromium would not
    // cache preflights either, so each call would cost two requests.
    Request::post(&call.url)
        .headers(Headers::from_raw(headers))
        .credentials(match call.cookies {
            Cookies::Omit => RequestCredentials::Omit,
            Cookies::SameOrigin => RequestCredentials::SameOrigin,
        })
        // A redirect would send the session's headers to a host that is not allowed.
        .redirect(RequestRedirect::Error)
        .abort_signal(signal.as_ref())
        .body(call.body)
        .map(web_sys::Request::from)
        .map_err(|error| NoAnswer::NotSent(error.to_string()))
}

/// Calls the page's `fetch`, which may be a wrapper of it.
async fn call_fetch(request: &web_sys::Request) -> Result<JsValue, NoAnswer> {
    let global = js_sys::global();
    let called = Reflect::get(&global, &"fetch".into())
        .and_then(JsCast::dyn_into::<Function>)
        .and_then(|fetch| fetch.call1(&global, request));
    await_promise(called.map(|answer: JsValue| Promise::resolve(&answer))).await
}

/// Awaits a promise. An exception that was thrown instead of it counts as a lost answer.
async fn await_promise(promise: Result<Promise, JsValue>) -> Result<JsValue, NoAnswer> {
    let lost = |thrown: JsValue| NoAnswer::Lost(error_text(&thrown));
    JsFuture::from(promise.map_err(lost)?).await.map_err(lost)
}

/// The text of a thrown value: the value itself, an error's message, or a default text.
fn error_text(thrown: &JsValue) -> String {
    let message = || {
        let message = Reflect::get(thrown, &"message".into()).ok()?;
        message.as_string()
    };
    thrown
        .as_string()
        .or_else(message)
        .unwrap_or_else(|| "no reason given".to_owned())
}
