//! Requests a session from the page: by a function of the host, from an address of its server, or as a
//! token in the options.

use js_sys::{Function, JSON, Object, Promise, Reflect};
use pipit_engine::{FormAnswers, SessionReason, SessionRefused, SessionRequest};
use pipit_fetch::{AbortOnDrop, Call, Cookies};
use pipit_wire::session::Session;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::clock;
use crate::config::session_source::SessionSource;

/// A token that expires within this time, in ms, counts as expired.
const MIN_REMAINING_MS: f64 = 5_000.0;

/// Requests a session for one engagement, in any of the three shapes (see [`Session::read`]), until
/// `abort` is dropped. If a function returns an expired token, it is called once more.
pub(crate) fn request(
    source: SessionSource,
    session_request: SessionRequest,
    abort: &AbortOnDrop,
) -> impl Future<Output = Result<Session, SessionRefused>> + use<> {
    let signal = abort.signal();
    let answer = match &source {
        SessionSource::Endpoint(address) => {
            Some(post_answers(address, &session_request.form_answers, abort))
        }
        _ => None,
    };
    async move {
        match (source, answer) {
            (SessionSource::Callback(function), _) => {
                call_until_fresh(&function, &session_request, &signal).await
            }
            (SessionSource::Token(jwt), _) => parse_session(&jwt),
            (_, Some(answer)) => answer.await,
            _ => Err(SessionRefused::NotConfigured),
        }
    }
}

async fn call_until_fresh(
    function: &Function,
    session_request: &SessionRequest,
    signal: &JsValue,
) -> Result<Session, SessionRefused> {
    let reason = match session_request.reason {
        SessionReason::Start => "start",
        SessionReason::Rejected => "rejected",
    };
    let answers = &session_request.form_answers;
    let session = call(function, reason, answers, signal).await?;
    if is_expired(session.jwt.reveal()) {
        return call(function, "expiring", answers, signal).await;
    }
    Ok(session)
}

async fn call(
    function: &Function,
    reason: &str,
    answers: &FormAnswers,
    signal: &JsValue,
) -> Result<Session, SessionRefused> {
    let argument = Object::new();
    let unavailable = |_: JsValue| SessionRefused::Unavailable;
    Reflect::set(&argument, &"reason".into(), &reason.into()).map_err(unavailable)?;
    Reflect::set(&argument, &"signal".into(), signal).map_err(unavailable)?;
    let answers = JSON::parse(answers.json()).map_err(unavailable)?;
    Reflect::set(&argument, &"answers".into(), &answers).map_err(unavailable)?;
    let returned = function
        .call1(&JsValue::NULL, &argument)
        .map_err(unavailable)?;
    let session = JsFuture::from(Promise::resolve(&returned))
        .await
        .map_err(unavailable)?;
    if let Some(text) = session.as_string() {
        return parse_session(&text);
    }
    let text = JSON::stringify(&session).map_err(|_| SessionRefused::Unreadable)?;
    Session::from_json(&String::from(text)).map_err(|_| SessionRefused::Unreadable)
}

/// Whether a token is expired by its own claim. A token without that claim is left to the server.
fn is_expired(jwt: &str) -> bool {
    let expiry = || {
        let claims = jwt.split('.').nth(1)?.replace('-', "+").replace('_', "/");
        let claims = web_sys::window()?.atob(&claims).ok()?;
        let claims = JSON::parse(&claims).ok()?;
        Reflect::get(&claims, &"exp".into()).ok()?.as_f64()
    };
    expiry().is_some_and(|seconds: f64| seconds * 1_000.0 < clock::wall() + MIN_REMAINING_MS)
}

fn post_answers(
    address: &str,
    answers: &FormAnswers,
    abort: &AbortOnDrop,
) -> impl Future<Output = Result<Session, SessionRefused>> + use<> {
    let call = Call {
        url: address.to_owned(),
        headers: Vec::new(),
        body: answers.json().to_owned(),
        cookies: Cookies::SameOrigin,
        timeout_ms: None,
    };
    let response = pipit_fetch::post(call, abort);
    async move {
        match response.await {
            Ok(answer) if (200..300).contains(&answer.status) => {
                Session::from_json(&answer.body).map_err(|_| SessionRefused::Unreadable)
            }
            Ok(_) | Err(_) => Err(SessionRefused::Unavailable),
        }
    }
}

/// Parses a text that is either a session as JSON or only the token.
fn parse_session(text: &str) -> Result<Session, SessionRefused> {
    let text = text.trim();
    let session = if text.starts_with('{') {
        Session::from_json(text)
    } else {
        Session::read(&serde_json::json!({ "jwt": text }))
    };
    session.map_err(|_| SessionRefused::Unreadable)
}
