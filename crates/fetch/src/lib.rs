//! One POST over a page's `fetch`: out goes a [`Call`], back comes an [`Answer`] or [`NoAnswer`],
//! whatever the page has done to `fetch`. The widget and the agent shim both ask this way.
//!
//! The request is built with gloo-net. It is neither sent nor read with it: gloo-net 0.7 panics
//! when a wrapped `fetch` (ad blocker, consent tool) throws, rejects with something that is not an
//! `Error`, or answers something that is not a `Response`; and it lets a request that nobody waits
//! for run on.

use gloo_net::http::{Headers, Request};
use gloo_timers::callback::Timeout;
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, RequestCredentials, RequestRedirect, Response};

/// A POST of JSON text. It has no debug form, for its headers hold tokens.
pub struct Call {
    /// The address; a path alone is one of the page's own server.
    pub url: String,
    /// Headers beside the content type.
    pub headers: Vec<(&'static str, String)>,
    /// JSON text.
    pub body: String,
    /// Whether cookies go with it.
    pub cookies: Cookies,
    /// How long to wait for the whole answer, in ms; `None` waits until it is aborted.
    pub timeout_ms: Option<u32>,
}

/// Whether a call carries cookies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cookies {
    /// Never: the chat server knows its visitors by headers.
    Omit,
    /// The page's own, to the page's own server.
    SameOrigin,
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The header `Retry-After` where it is a number, in ms.
    pub retry_after_ms: Option<u64>,
    /// The body, whatever it is.
    pub body: String,
}

/// No answer came; with the reason, as far as the browser tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoAnswer {
    /// The request could not be made, so it provably never left.
    NotSent(String),
    /// Whether the request arrived is not known.
    Lost(String),
}

impl std::fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (Self::NotSent(reason) | Self::Lost(reason)) = self;
        f.write_str(reason)
    }
}

impl std::error::Error for NoAnswer {}

/// Aborts its call when dropped; after the call has come back that does nothing.
pub struct AbortOnDrop(Option<AbortController>);

impl AbortOnDrop {
    /// For one call. In a browser without `AbortController` the call runs on, unheard.
    #[allow(clippy::new_without_default, reason = "it is a handle, not a value")]
    pub fn new() -> Self {
        Self(AbortController::new().ok())
    }

    /// The `AbortSignal`, for a function of the page's; `undefined` where there is none.
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

/// Sends the call, when first polled, and waits for the whole answer; until `abort` is dropped.
///
/// # Errors
/// [`NoAnswer`], when no whole answer came.
pub fn post(
    call: Call,
    abort: &AbortOnDrop,
) -> impl Future<Output = Result<Answer, NoAnswer>> + use<> {
    answer(call, abort.0.clone())
}

async fn answer(call: Call, abort: Option<AbortController>) -> Result<Answer, NoAnswer> {
    let _timeout = abort
        .clone()
        .zip(call.timeout_ms)
        .map(|(controller, timeout_ms)| Timeout::new(timeout_ms, move || controller.abort()));
    let request = request(call, abort.as_ref())?;
    let response: Response = fetch(&request)
        .await?
        .dyn_into()
        .map_err(|_| NoAnswer::Lost("fetch answered something that is no response".to_owned()))?;
    let body = settle(response.text()).await?;
    Ok(Answer {
        status: response.status(),
        retry_after_ms: Headers::from_raw(response.headers())
            .get("Retry-After")
            .and_then(|seconds| seconds.trim().parse::<u64>().ok())
            .map(|seconds| seconds.saturating_mul(1_000)),
        body: body.as_string().unwrap_or_default(),
    })
}

fn request(call: Call, abort: Option<&AbortController>) -> Result<web_sys::Request, NoAnswer> {
    let not_sent = |thrown: JsValue| NoAnswer::NotSent(reason(&thrown));
    let headers = web_sys::Headers::new().map_err(not_sent)?;
    let json = ("Content-Type", "application/json; charset=utf-8".to_owned());
    for (name, value) in call.headers.iter().chain([&json]) {
        // A browser may quote the value in its error, and the value may be a token.
        headers.set(name, value).map_err(|_| {
            NoAnswer::NotSent(format!("the value of the header {name} cannot be sent"))
        })?;
    }
    let signal = abort.map(AbortController::signal);
    // No word on caching: answers to POST are not kept, and `no-store` would keep Chromium from
    // remembering preflights, so that each call would cost two.
    Request::post(&call.url)
        .headers(Headers::from_raw(headers))
        .credentials(match call.cookies {
            Cookies::Omit => RequestCredentials::Omit,
            Cookies::SameOrigin => RequestCredentials::SameOrigin,
        })
        // A redirect would carry a session's header to a host that nobody allowed.
        .redirect(RequestRedirect::Error)
        .abort_signal(signal.as_ref())
        .body(call.body)
        .map(web_sys::Request::from)
        .map_err(|error| NoAnswer::NotSent(error.to_string()))
}

/// Calls the page's `fetch`, whoever made it.
async fn fetch(request: &web_sys::Request) -> Result<JsValue, NoAnswer> {
    let global = js_sys::global();
    let called = Reflect::get(&global, &"fetch".into())
        .and_then(JsCast::dyn_into::<Function>)
        .and_then(|fetch| fetch.call1(&global, request));
    settle(called.map(|answer: JsValue| Promise::resolve(&answer))).await
}

async fn settle(promise: Result<Promise, JsValue>) -> Result<JsValue, NoAnswer> {
    let lost = |thrown: JsValue| NoAnswer::Lost(reason(&thrown));
    JsFuture::from(promise.map_err(lost)?).await.map_err(lost)
}

/// The reason in a value that was thrown: a text, an error's message, or nothing readable.
fn reason(thrown: &JsValue) -> String {
    let message = || {
        let message = Reflect::get(thrown, &"message".into()).ok()?;
        message.as_string()
    };
    thrown
        .as_string()
        .or_else(message)
        .unwrap_or_else(|| "no reason given".to_owned())
}
