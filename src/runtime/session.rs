//! Gets a session from the page: by its function, from its address, or the token it was given.

use js_sys::{Function, JSON, Object, Promise, Reflect};
use pipit_engine::{Answers, SessionReason, SessionRefused, SessionWanted};
use pipit_fetch::{AbortOnDrop, Call, Cookies};
use pipit_wire::session::Session;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::clock;
use crate::options::SessionSource;

/// A token that lives no longer than this is as good as run out, in ms.
const LEAST_LIFE_MS: f64 = 5_000.0;

/// A session for one engagement, in any of the three shapes (see [`Session::read`]); until `abort`
/// is dropped. A function that gives a token which has run out is asked once more.
pub(crate) fn get(
    source: SessionSource,
    wanted: SessionWanted,
    abort: &AbortOnDrop,
) -> impl Future<Output = Result<Session, SessionRefused>> + use<> {
    let signal = abort.signal();
    let answer = match &source {
        SessionSource::Endpoint(address) => Some(posted(address, &wanted.answers, abort)),
        _ => None,
    };
    async move {
        match (source, answer) {
            (SessionSource::Callback(function), _) => called(&function, &wanted, &signal).await,
            (SessionSource::Token(jwt), _) => read_text(&jwt),
            (_, Some(answer)) => answer.await,
            _ => Err(SessionRefused::NotConfigured),
        }
    }
}

async fn called(
    function: &Function,
    wanted: &SessionWanted,
    signal: &JsValue,
) -> Result<Session, SessionRefused> {
    let reason = match wanted.reason {
        SessionReason::Start => "start",
        SessionReason::Rejected => "rejected",
    };
    let answers = &wanted.answers;
    let session = call(function, reason, answers, signal).await?;
    if runs_out(session.jwt.reveal()) {
        return call(function, "expiring", answers, signal).await;
    }
    Ok(session)
}

async fn call(
    function: &Function,
    reason: &str,
    answers: &Answers,
    signal: &JsValue,
) -> Result<Session, SessionRefused> {
    let asked = Object::new();
    let unavailable = |_: JsValue| SessionRefused::Unavailable;
    Reflect::set(&asked, &"reason".into(), &reason.into()).map_err(unavailable)?;
    Reflect::set(&asked, &"signal".into(), signal).map_err(unavailable)?;
    let answers = JSON::parse(answers.json()).map_err(unavailable)?;
    Reflect::set(&asked, &"answers".into(), &answers).map_err(unavailable)?;
    let given = function
        .call1(&JsValue::NULL, &asked)
        .map_err(unavailable)?;
    let given = JsFuture::from(Promise::resolve(&given))
        .await
        .map_err(unavailable)?;
    if let Some(text) = given.as_string() {
        return read_text(&text);
    }
    let text = JSON::stringify(&given).map_err(|_| SessionRefused::Unreadable)?;
    Session::from_json(&String::from(text)).map_err(|_| SessionRefused::Unreadable)
}

/// Whether a token says that its time is over. One that says nothing is left to the server.
fn runs_out(jwt: &str) -> bool {
    let expires = || {
        let claims = jwt.split('.').nth(1)?.replace('-', "+").replace('_', "/");
        let claims = web_sys::window()?.atob(&claims).ok()?;
        let claims = JSON::parse(&claims).ok()?;
        Reflect::get(&claims, &"exp".into()).ok()?.as_f64()
    };
    expires().is_some_and(|seconds: f64| seconds * 1_000.0 < clock::wall() + LEAST_LIFE_MS)
}

fn posted(
    address: &str,
    answers: &Answers,
    abort: &AbortOnDrop,
) -> impl Future<Output = Result<Session, SessionRefused>> + use<> {
    let call = Call {
        url: address.to_owned(),
        headers: Vec::new(),
        body: answers.json().to_owned(),
        cookies: Cookies::SameOrigin,
        timeout_ms: None,
    };
    let answered = pipit_fetch::post(call, abort);
    async move {
        match answered.await {
            Ok(answer) if (200..300).contains(&answer.status) => {
                Session::from_json(&answer.body).map_err(|_| SessionRefused::Unreadable)
            }
            Ok(_) | Err(_) => Err(SessionRefused::Unavailable),
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
