//! One POST over `fetch`: out goes a [`Call`], back comes an [`Answer`] or [`Unreachable`], whatever
//! the page has done to `fetch`.
//!
//! The request is built with gloo-net. It is neither sent nor read with it: gloo-net 0.7 panics
//! when a wrapped `fetch` (ad blocker, consent tool) throws, rejects with something that is not an
//! `Error`, or answers something that is not a `Response`; and it lets a request that nobody waits
//! for run on.

use gloo_net::http::{Headers, Request};
use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal, Response};

/// A POST of JSON text. It has no debug form, for its headers hold tokens.
pub struct Call {
    /// The address; a path alone is one of the page's own server.
    pub url: String,
    /// Headers beside the content type.
    pub headers: Vec<(&'static str, String)>,
    /// JSON text.
    pub body: String,
    /// How long to wait for the whole answer, in ms.
    pub timeout_ms: u32,
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body, whatever it is.
    pub body: String,
}

/// No answer came; the reason, as far as the browser tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreachable(pub String);

impl std::fmt::Display for Unreachable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unreachable {}

/// Sends the call and waits for the whole answer. The request is aborted when the returned future
/// is dropped.
///
/// # Errors
/// [`Unreachable`] when no answer came in time or at all.
pub async fn post(call: Call) -> Result<Answer, Unreachable> {
    let abort = AbortOnDrop(AbortController::new().map_err(unreachable)?);
    let request = request(call, &abort)?;
    let response: Response = fetch(&request)
        .await?
        .dyn_into()
        .map_err(|_| Unreachable("fetch answered something that is no response".to_owned()))?;
    let body = settle(response.text()).await?;
    Ok(Answer {
        status: response.status(),
        body: body.as_string().unwrap_or_default(),
    })
}

struct AbortOnDrop(AbortController);

impl AbortOnDrop {
    fn or_after(&self, timeout_ms: u32) -> AbortSignal {
        let timeout = AbortSignal::timeout_with_u32(timeout_ms);
        AbortSignal::any(&Array::of2(&self.0.signal(), &timeout))
    }
}

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

fn request(call: Call, abort: &AbortOnDrop) -> Result<web_sys::Request, Unreachable> {
    let headers = web_sys::Headers::new().map_err(unreachable)?;
    let json = ("Content-Type", "application/json; charset=utf-8".to_owned());
    for (name, value) in call.headers.iter().chain([&json]) {
        // A browser may quote the value in its error, and the value may be a token.
        headers
            .set(name, value)
            .map_err(|_| Unreachable(format!("the value of the header {name} cannot be sent")))?;
    }
    Request::post(&call.url)
        .headers(Headers::from_raw(headers))
        .abort_signal(Some(&abort.or_after(call.timeout_ms)))
        .body(call.body)
        .map(web_sys::Request::from)
        .map_err(|error| Unreachable(error.to_string()))
}

/// Calls the page's `fetch`, whoever made it.
async fn fetch(request: &web_sys::Request) -> Result<JsValue, Unreachable> {
    let global = js_sys::global();
    let called = Reflect::get(&global, &"fetch".into())
        .and_then(JsCast::dyn_into::<Function>)
        .and_then(|fetch| fetch.call1(&global, request));
    settle(called.map(|answer: JsValue| Promise::resolve(&answer))).await
}

async fn settle(promise: Result<Promise, JsValue>) -> Result<JsValue, Unreachable> {
    JsFuture::from(promise.map_err(unreachable)?)
        .await
        .map_err(unreachable)
}

/// The reason in a value that was thrown: a text, an error's message, or nothing readable.
#[allow(clippy::needless_pass_by_value, reason = "it is what map_err calls")]
fn unreachable(thrown: JsValue) -> Unreachable {
    let text = thrown.as_string().or_else(|| {
        Reflect::get(&thrown, &"message".into())
            .ok()
            .and_then(|message| message.as_string())
    });
    Unreachable(text.unwrap_or_else(|| "no reason given".to_owned()))
}
