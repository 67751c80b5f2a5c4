//! Gets a session (with the token for the chat server) in the way that the page has configured: from a function of the
//! web team, from an address of the web team's server, or from a token in the options.

use js_sys::{Function, JSON, Promise, Reflect};
use pipit_engine::{FormAnswers, SessionReason, SessionRefused, SessionRequest};
use pipit_fetch::{AbortOnDrop, Call, Cookies};
use pipit_wire::UnexpectedBody;
use pipit_wire::session::Session;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::clock;
use crate::config::session_source::SessionSource;
use crate::js_object::JsObject;

/// A token that expires in less than this time, in ms, counts as expired.
const MIN_REMAINING_MS: f64 = 5_000.0;

/// Requests a session for one engagement (one chat at the server). The session may have any of the forms that
/// [`Session::read`] accepts; the function of the page may also return only the token. Dropping `abort` aborts the
/// request.
pub(crate) fn request(
    source: SessionSource,
    session_request: SessionRequest,
    abort: &AbortOnDrop,
) -> impl Future<Output = Result<Session, SessionRefused>> + use<> {
    let signal = abort.signal();
    let answer = match &source {
        SessionSource::Endpoint(address) => Some(post_form_answers(
            address,
            &session_request.form_answers,
            abort,
        )),
        _ => None,
    };
    async move {
        match (source, answer) {
            (SessionSource::Callback(function), _) => {
                call_again_if_expired(&function, &session_request, &signal).await
            }
            (SessionSource::Token(jwt), _) => parse_session(&jwt),
            (_, Some(answer)) => answer.await,
            _ => Err(SessionRefused::NotConfigured),
        }
    }
}

/// Calls the function of the page. If the token that it returns has expired, calls the function once more, with the
/// reason `expiring`. The second result is used even if its token has expired too.
async fn call_again_if_expired(
    function: &Function,
    session_request: &SessionRequest,
    signal: &JsValue,
) -> Result<Session, SessionRefused> {
    let reason = match session_request.reason {
        SessionReason::Start => "start",
        SessionReason::Rejected => "rejected",
    };
    let form_answers = &session_request.form_answers;
    let session = call(function, reason, form_answers, signal).await?;
    if is_expired(session.jwt.reveal()) {
        return call(function, "expiring", form_answers, signal).await;
    }
    Ok(session)
}

/// Calls the function of the page with the object `{ reason, signal, answers }`: why a session is needed, the signal
/// that is aborted if the session is no longer needed, and the values of the form. Reads the session from the result: an
/// object, a text that [`parse_session`] accepts, or a promise of either.
async fn call(
    function: &Function,
    reason: &str,
    form_answers: &FormAnswers,
    signal: &JsValue,
) -> Result<Session, SessionRefused> {
    let unavailable = |_: JsValue| SessionRefused::Unavailable;
    let answers = JSON::parse(form_answers.json()).map_err(unavailable)?;
    let argument = JsObject::new()
        .with("reason", reason)
        .with("signal", signal)
        .with("answers", answers);
    let returned = function
        .call1(&JsValue::NULL, &argument.into())
        .map_err(unavailable)?;
    let session = JsFuture::from(Promise::resolve(&returned))
        .await
        .map_err(unavailable)?;
    if let Some(text) = session.as_string() {
        return parse_session(&text);
    }
    // The page would return the same again, so the visitor is not offered another attempt.
    let unreadable = || SessionRefused::Unreadable(UnexpectedBody::OtherJson);
    let json = JSON::stringify(&session).map_err(|_| unreadable())?;
    // For undefined, a function or a symbol, `JSON.stringify` returns undefined in place of a text.
    let json = JsValue::from(json).as_string().ok_or_else(unreadable)?;
    read_session(&json)
}

/// Whether a token has expired, or expires within [`MIN_REMAINING_MS`], according to its claim `exp` (the time at which
/// it expires, in s since 1970). A token without a readable `exp` does not count as expired: the server decides whether
/// to accept it.
fn is_expired(jwt: &str) -> bool {
    let expiry = || {
        let encoded_claims = jwt.split('.').nth(1)?.replace('-', "+").replace('_', "/");
        let claims_json = web_sys::window()?.atob(&encoded_claims).ok()?;
        let claims = JSON::parse(&claims_json).ok()?;
        Reflect::get(&claims, &"exp".into()).ok()?.as_f64()
    };
    expiry().is_some_and(|seconds: f64| seconds * 1_000.0 < clock::wall() + MIN_REMAINING_MS)
}

/// Posts the form answers to an address of the web team's server, which answers with a session. Cookies are sent
/// only to the page's own origin.
fn post_form_answers(
    address: &str,
    form_answers: &FormAnswers,
    abort: &AbortOnDrop,
) -> impl Future<Output = Result<Session, SessionRefused>> + use<> {
    let call = Call {
        url: address.to_owned(),
        headers: Vec::new(),
        body: form_answers.json().to_owned(),
        cookies: Cookies::SameOrigin,
        // The engine has a deadline for each request and aborts it itself.
        timeout_ms: None,
        // A repetition does no harm: it only gets another session, and the unused session expires.
        is_repeatable: true,
        outlives_page: false,
    };
    let response = pipit_fetch::post(call, abort);
    async move {
        match response.await {
            Ok(answer) if (200..300).contains(&answer.status) => read_session(&answer.body),
            Ok(_) | Err(_) => Err(SessionRefused::Unavailable),
        }
    }
}

/// Parses a text that is either a session as JSON or only the token. A text with a space, a line break, `<` or `{` is
/// no token: it is JSON, or something else that came instead of a session, such as a web page.
fn parse_session(text: &str) -> Result<Session, SessionRefused> {
    let text = text.trim();
    if text.is_empty() || text.contains([' ', '\n', '<', '{']) {
        return read_session(text);
    }
    Session::read(&serde_json::json!({ "jwt": text })).map_err(|_| unreadable(text))
}

/// Reads a session from the JSON that the page or its server has given.
fn read_session(text: &str) -> Result<Session, SessionRefused> {
    Session::from_json(text).map_err(|_| unreadable(text))
}

fn unreadable(text: &str) -> SessionRefused {
    SessionRefused::Unreadable(UnexpectedBody::of(text))
}
