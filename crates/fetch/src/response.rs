//! Reads an answer: its status, one header and its body. A script of the page may have replaced `fetch`, and may answer with
//! anything: with a `Response` of another window, with an object that looks like one, or with a proxy, whose members throw.
//! Therefore every member is read without a check of its type, and every call may fail.

use js_sys::{Array, Function, Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;

use crate::replacement::now;
use crate::{Answer, NoAnswer, await_value};

#[wasm_bindgen]
extern "C" {
    // js-sys declares the function without `catch`. A script of the page may have removed or broken `Date`.
    #[wasm_bindgen(catch, js_namespace = Date, js_name = parse)]
    fn parse_date(text: &str) -> Result<JsValue, JsValue>;
}

/// The longest body that is read, in bytes. A longer body is refused, because a hostile or broken server could fill the
/// memory of the page with it.
pub const MAX_BODY_BYTES: usize = 8 * 1024 * 1024;

/// Reads the complete answer.
///
/// # Errors
/// [`NoAnswer::Lost`] if the body breaks off or is too long, and [`NoAnswer::Unreadable`] if the value is no response.
pub(crate) async fn read(response: &JsValue) -> Result<Answer, NoAnswer> {
    let status = member(response, "status").and_then(|status| status.as_f64());
    let status = status.ok_or(NoAnswer::Unreadable)?;
    let declared_bytes = header(response, "Content-Length").and_then(|text| text.parse().ok());
    let body = if declared_bytes.is_some_and(|bytes: usize| bytes > MAX_BODY_BYTES) {
        cancel(&member(response, "body").unwrap_or_default());
        return Err(too_long());
    } else if let Some(reader) = stream_reader(response) {
        read_stream(&reader).await?
    } else {
        read_text(response).await?
    };
    let retry_after = header(response, "Retry-After");
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a status has three digits"
    )]
    Ok(Answer {
        status: status as u16,
        retry_after_ms: retry_after.and_then(|value| read_retry_after(response, value.trim())),
        body,
    })
}

/// Reads the value of `Retry-After`: a number of seconds, or a date. A date is compared with the server's clock, which
/// the header `Date` states, or with the clock of this machine if the browser hides that header. Returns ms.
fn read_retry_after(response: &JsValue, value: &str) -> Option<u64> {
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(seconds.saturating_mul(1_000));
    }
    // A date begins with the day of the week. `Date.parse` also reads other texts, such as `1.5`, as dates.
    let is_date = value.starts_with(|first: char| first.is_ascii_alphabetic());
    let parse = |text: &str| parse_date(text).ok().and_then(|time| time.as_f64());
    let server_time = header(response, "Date").and_then(|date| parse(&date));
    let now = server_time
        .filter(|time| time.is_finite())
        .unwrap_or_else(now);
    let pause_ms = parse(value)? - now;
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the value is finite and not negative"
    )]
    (is_date && pause_ms.is_finite()).then(|| pause_ms.max(0.0) as u64)
}

/// The reader of the body's stream. `None` if the response has no stream, or if its function `text` is not that of the
/// page's own class `Response`: a script of the page may then have replaced the way in which the body is read.
fn stream_reader(response: &JsValue) -> Option<JsValue> {
    let class = member(&js_sys::global(), "Response")?;
    let usual_text = member(&member(&class, "prototype")?, "text")?;
    let has_usual_text = Object::is(&member(response, "text")?, &usual_text);
    let body = member(response, "body").filter(|_| has_usual_text)?;
    call(&body, "getReader", &[]).ok()
}

/// Reads a stream to its end. A byte order mark at the beginning is left in the text.
async fn read_stream(reader: &JsValue) -> Result<String, NoAnswer> {
    let mut bytes = Vec::new();
    loop {
        let step = await_value(call(reader, "read", &[])).await?;
        if member(&step, "done").is_some_and(|done| done.is_truthy()) {
            return Ok(String::from_utf8_lossy(&bytes).into_owned());
        }
        let chunk = member(&step, "value").ok_or(NoAnswer::Unreadable)?;
        let chunk_bytes = member(&chunk, "byteLength").and_then(|bytes| bytes.as_f64());
        #[allow(
            clippy::cast_precision_loss,
            reason = "both numbers are far below 2^53"
        )]
        let total_bytes = bytes.len() as f64 + chunk_bytes.ok_or(NoAnswer::Unreadable)?;
        #[allow(clippy::cast_precision_loss, reason = "the limit is far below 2^53")]
        if total_bytes > MAX_BODY_BYTES as f64 {
            cancel(reader);
            return Err(too_long());
        }
        bytes.append(&mut bytes_of(&chunk).ok_or(NoAnswer::Unreadable)?);
    }
}

/// The bytes of a part of a stream. The part may come from another window, so it is copied into an array of this window.
fn bytes_of(chunk: &JsValue) -> Option<Vec<u8>> {
    let class: Function = member(&js_sys::global(), "Uint8Array")?.dyn_into().ok()?;
    let array = Reflect::construct(&class, &Array::of1(chunk)).ok()?;
    Some(array.dyn_into::<Uint8Array>().ok()?.to_vec())
}

/// Reads the body by the function `text` of the response.
async fn read_text(response: &JsValue) -> Result<String, NoAnswer> {
    let text = await_value(call(response, "text", &[])).await?;
    // `text` may give a `String` object in place of a text.
    let primitive = || call(&text, "valueOf", &[]).ok()?.as_string();
    let text = text
        .as_string()
        .or_else(primitive)
        .ok_or(NoAnswer::Unreadable)?;
    if text.len() > MAX_BODY_BYTES {
        return Err(too_long());
    }
    Ok(text)
}

/// Ends the transfer of a body.
fn cancel(stream: &JsValue) {
    let cancelled = call(stream, "cancel", &[]);
    // Awaited, because the browser would report a failure as an unhandled rejection.
    spawn_local(async move {
        let _ = await_value(cancelled).await;
    });
}

fn too_long() -> NoAnswer {
    NoAnswer::Lost(format!("the answer is longer than {MAX_BODY_BYTES} bytes"))
}

/// The value of a header; `None` if it is absent or cannot be read.
fn header(response: &JsValue, name: &str) -> Option<String> {
    let headers = member(response, "headers")?;
    call(&headers, "get", &[name.into()]).ok()?.as_string()
}

/// A member of a value; `None` if it is `undefined` or `null`, or if reading it throws.
fn member(value: &JsValue, name: &str) -> Option<JsValue> {
    let member = Reflect::get(value, &name.into()).ok()?;
    (!member.is_undefined() && !member.is_null()).then_some(member)
}

/// Calls a method of a value.
fn call(value: &JsValue, name: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
    let method: Function = Reflect::get(value, &name.into())?.dyn_into()?;
    method.apply(value, &arguments.iter().collect())
}
