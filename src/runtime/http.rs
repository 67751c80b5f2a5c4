//! One request by fetch. Requests are built with gloo-net; the fetch itself is awaited here, for
//! gloo-net panics when a page's wrapped `fetch` (an ad blocker, a consent tool) throws or rejects
//! with something that is not an `Error`. Whatever such a `fetch` does becomes an [`Outcome`].

use gloo_net::http::{Method, RequestBuilder, Response};
use js_sys::{Function, Promise, Reflect};
use pipit_engine::Outcome;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, RequestCache, RequestCredentials, RequestRedirect};

/// A request that can be aborted from outside.
pub struct Call {
    signal: Option<web_sys::AbortSignal>,
    credentials: RequestCredentials,
}

/// Aborts its [`Call`] when dropped; after the call has ended that does nothing.
pub struct AbortOnDrop(Option<AbortController>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        if let Some(controller) = &self.0 {
            controller.abort();
        }
    }
}

impl Call {
    /// A call without cookies, and what aborts it.
    pub fn new() -> (Self, AbortOnDrop) {
        let controller = AbortController::new().ok();
        let call = Self {
            signal: controller.as_ref().map(AbortController::signal),
            credentials: RequestCredentials::Omit,
        };
        (call, AbortOnDrop(controller))
    }

    /// The same with the page's own cookies, for the page's own server.
    #[must_use]
    pub fn with_cookies(self) -> Self {
        Self {
            credentials: RequestCredentials::SameOrigin,
            ..self
        }
    }

    /// Posts a JSON text and waits for the whole answer. `NotSent` when the request could not even
    /// be built; `Lost` when no whole answer came, for whatever reason.
    pub async fn post(&self, url: &str, headers: &[(&str, &str)], body: &str) -> Outcome {
        match self.request(url, headers, body) {
            Some(request) => answer(request).await.unwrap_or(Outcome::Lost),
            None => Outcome::NotSent,
        }
    }

    fn request(&self, url: &str, headers: &[(&str, &str)], body: &str) -> Option<web_sys::Request> {
        let mut builder = RequestBuilder::new(url)
            .method(Method::POST)
            .credentials(self.credentials)
            .cache(RequestCache::NoStore)
            // A redirect would carry the session's header to a host that nobody allowed.
            .redirect(RequestRedirect::Error)
            .abort_signal(self.signal.as_ref())
            .header("Content-Type", "application/json; charset=utf-8");
        for (name, value) in headers {
            if !is_header_value(value) {
                return None;
            }
            builder = builder.header(name, value);
        }
        builder.body(body).ok().map(Into::into)
    }
}

/// gloo-net panics on a header that the browser refuses.
fn is_header_value(value: &str) -> bool {
    !value.is_empty() && value.bytes().all(|byte| (0x20..0x7f).contains(&byte))
}

async fn answer(request: web_sys::Request) -> Result<Outcome, JsValue> {
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let fetch: Function = Reflect::get(&window, &JsValue::from("fetch"))?.dyn_into()?;
    let promise = Promise::resolve(&fetch.call1(&window, &request)?);
    let response: web_sys::Response = JsFuture::from(promise).await?.dyn_into()?;
    let body = JsFuture::from(response.text()?).await?;
    let response = Response::from(response);
    Ok(Outcome::Answered {
        status: response.status(),
        retry_after: response
            .headers()
            .get("Retry-After")
            .and_then(|seconds| seconds.trim().parse::<u64>().ok())
            .map(|seconds| seconds.saturating_mul(1_000)),
        body: body.as_string().unwrap_or_default(),
    })
}
