//! [`FetchTransport`]: the transport of a web page, over the page's `fetch`.

use futures_util::FutureExt as _;
use futures_util::future::{Either, LocalBoxFuture, select};
use gloo_timers::future::TimeoutFuture;
use js_sys::{Function, Object, Promise, Reflect};
use pipit_fetch::{AbortOnDrop, Call, Cookies};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::{HttpRequest, HttpResponse, Method, NoAnswer, Transport};

/// Sends requests with the page's `fetch`, without cookies, and uses the browser's clock. A POST goes through
/// `crates/fetch`, which copes with a `fetch` that a script of the page has replaced.
#[derive(Clone, Copy, Debug, Default)]
pub struct FetchTransport;

impl Transport for FetchTransport {
    fn send(
        &self,
        request: HttpRequest,
    ) -> LocalBoxFuture<'static, Result<HttpResponse, NoAnswer>> {
        match request.method {
            Method::Get => get(request).boxed_local(),
            Method::Post => post(request).boxed_local(),
        }
    }

    fn sleep(&self, duration_ms: u32) -> LocalBoxFuture<'static, ()> {
        TimeoutFuture::new(duration_ms).boxed_local()
    }

    #[allow(
        clippy::cast_possible_truncation,
        reason = "a whole number of milliseconds, far below 2^53"
    )]
    fn now_ms(&self) -> i64 {
        js_sys::Date::now() as i64
    }
}

async fn post(request: HttpRequest) -> Result<HttpResponse, NoAnswer> {
    let call = Call {
        url: request.url,
        headers: request.headers,
        body: request.body,
        cookies: Cookies::Omit,
        is_repeatable: false,
        outlives_page: false,
        timeout_ms: Some(request.timeout_ms),
    };
    // The handle lives until the answer arrives. If this future is dropped earlier, the handle aborts the request.
    let abort = AbortOnDrop::new();
    let answer = pipit_fetch::post(call, &abort).await?;
    Ok(HttpResponse {
        status: answer.status,
        retry_after_ms: answer.retry_after_ms,
        body: answer.body,
    })
}

/// Sends a GET request. `crates/fetch` has none, because the visitor's widget sends none.
async fn get(request: HttpRequest) -> Result<HttpResponse, NoAnswer> {
    let abort = AbortOnDrop::new();
    let timeout = TimeoutFuture::new(request.timeout_ms);
    let answer = answer_of_get(&request, abort.signal()).boxed_local();
    match select(answer, timeout).await {
        Either::Left((answer, _)) => answer,
        Either::Right(_) => Err(NoAnswer::Lost("no answer in time".to_owned())),
    }
}

async fn answer_of_get(request: &HttpRequest, signal: JsValue) -> Result<HttpResponse, NoAnswer> {
    let headers = Object::new();
    for (name, value) in &request.headers {
        set(&headers, name, &value.as_str().into())?;
    }
    let init = Object::new();
    set(&init, "headers", &headers)?;
    set(&init, "credentials", &"omit".into())?;
    // Following a redirect would send the session's headers to a host that nobody has allowed.
    set(&init, "redirect", &"error".into())?;
    set(&init, "signal", &signal)?;
    let global = js_sys::global();
    let url = JsValue::from(&request.url);
    let fetch = member::<Function>(&global, "fetch")?;
    let answer = settled(fetch.call2(&global, &url, &init)).await?;
    let status = Reflect::get(&answer, &"status".into()).ok();
    let status = status.and_then(|status| status.as_f64());
    let text = member::<Function>(&answer, "text")?;
    let body = settled(text.call0(&answer)).await?;
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a status has three digits"
    )]
    let status = status.ok_or(NoAnswer::Unreadable)? as u16;
    Ok(HttpResponse {
        status,
        retry_after_ms: None,
        body: body.as_string().ok_or(NoAnswer::Unreadable)?,
    })
}

/// Sets a member of the options of `fetch`.
fn set(target: &Object, name: &str, value: &JsValue) -> Result<(), NoAnswer> {
    let result = Reflect::set(target, &name.into(), value);
    result
        .map(drop)
        .map_err(|_| NoAnswer::NotSent(format!("{name} cannot be set")))
}

/// A member of a JavaScript object, which must have this type.
fn member<T: wasm_bindgen::JsCast>(object: &JsValue, name: &str) -> Result<T, NoAnswer> {
    let value = Reflect::get(object, &name.into()).ok();
    value
        .and_then(|value| value.dyn_into().ok())
        .ok_or(NoAnswer::Unreadable)
}

/// Waits for the promise that a JavaScript function has returned.
async fn settled(returned: Result<JsValue, JsValue>) -> Result<JsValue, NoAnswer> {
    let lost = |thrown: JsValue| {
        let text = Reflect::get(&thrown, &"message".into()).ok();
        let text = text.and_then(|text| text.as_string());
        NoAnswer::Lost(text.unwrap_or_else(|| "no reason given".to_owned()))
    };
    let promise = Promise::resolve(&returned.map_err(lost)?);
    JsFuture::from(promise).await.map_err(lost)
}
