//! Gets a session from the page: by its function, from its address, or the token it was given.

use js_sys::{Function, Object, Promise, Reflect};
use pipit_engine::{Outcome, SessionRefused};
use pipit_wire::session::Session;
use serde_json::Value;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::http::Call;
use crate::options::SessionSource;

/// A session for one engagement, in any of the three shapes (see [`Session::read`]).
pub(crate) async fn get(source: &SessionSource) -> Result<Session, SessionRefused> {
    match source {
        SessionSource::Callback(function) => called(function).await,
        SessionSource::Endpoint(address) => posted(address).await,
        SessionSource::Token(jwt) => read_text(jwt),
        SessionSource::None => Err(SessionRefused::NotConfigured),
    }
}

async fn called(function: &Function) -> Result<Session, SessionRefused> {
    let asked = Object::new();
    let unavailable = |_: JsValue| SessionRefused::Unavailable;
    Reflect::set(&asked, &"reason".into(), &"start".into()).map_err(unavailable)?;
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
    let (call, abort) = Call::new();
    let outcome = call.with_cookies().post(address, &[], "{}").await;
    drop(abort);
    match outcome {
        Outcome::Answered {
            status: 200..=299,
            body,
            ..
        } => Session::from_json(&body).map_err(|_| SessionRefused::Unreadable),
        Outcome::Answered { .. } | Outcome::Lost | Outcome::NotSent => {
            Err(SessionRefused::Unavailable)
        }
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
