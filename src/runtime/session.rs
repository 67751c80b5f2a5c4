//! Gets a session from the page: by its function, from its address, or the token it was given.

use js_sys::{Function, Object, Promise, Reflect};
use pipit_engine::{SessionReason, SessionRefused};
use pipit_fetch::{AbortOnDrop, Call, Cookies};
use pipit_wire::session::Session;
use serde_json::Value;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use crate::options::SessionSource;

/// How long the page's server may take for a session, in ms.
const TIMEOUT_MS: u32 = 20_000;

/// A session for one engagement, in any of the three shapes (see [`Session::read`]).
pub(crate) async fn get(
    source: &SessionSource,
    reason: SessionReason,
) -> Result<Session, SessionRefused> {
    match source {
        SessionSource::Callback(function) => called(function, reason).await,
        SessionSource::Endpoint(address) => posted(address).await,
        SessionSource::Token(jwt) => read_text(jwt),
        SessionSource::None => Err(SessionRefused::NotConfigured),
    }
}

async fn called(function: &Function, reason: SessionReason) -> Result<Session, SessionRefused> {
    let reason = match reason {
        SessionReason::Start => "start",
        SessionReason::Rejected => "rejected",
    };
    let asked = Object::new();
    let unavailable = |_: JsValue| SessionRefused::Unavailable;
    Reflect::set(&asked, &"reason".into(), &reason.into()).map_err(unavailable)?;
    let given = function
        .call1(&JsValue::NULL, &asked)
        .map_err(unavailable)?;
    let given = JsFuture::from(Promise::resolve(&given))
        .await
        .map_err(unavailable)?;
    match given.as_string() {
        Some(text) => read_text(&text),
        None => serde_wasm_bindgen::from_value::<Value>(given)
            .ok()
            .and_then(|value| Session::read(&value).ok())
            .ok_or(SessionRefused::Unreadable),
    }
}

async fn posted(address: &str) -> Result<Session, SessionRefused> {
    let call = Call {
        url: address.to_owned(),
        headers: Vec::new(),
        body: "{}".to_owned(),
        cookies: Cookies::SameOrigin,
        timeout_ms: Some(TIMEOUT_MS),
    };
    let answered = pipit_fetch::post(call, &AbortOnDrop::new()).await;
    match answered {
        Ok(answer) if (200..300).contains(&answer.status) => {
            Session::from_json(&answer.body).map_err(|_| SessionRefused::Unreadable)
        }
        Ok(_) | Err(_) => Err(SessionRefused::Unavailable),
    }
}

/// A text is a session as JSON, or the token alone.
fn read_text(text: &str) -> Result<Session, SessionRefused> {
    let text = text.trim();
    let session = if text.starts_with('{') {
        Session::from_json(text)
    } else {
        Session::read(&serde_json::json!({ "jwt": text }))
    };
    session.map_err(|_| SessionRefused::Unreadable)
}
