//! Answers: JSON in the media type that the pages print.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use pipit_wire::{ExceptionCode, Refusal, WireObject};

/// As the pages print it: no blank.
const JSON: HeaderValue = HeaderValue::from_static("application/json;charset=utf-8");

/// What a handler comes to.
pub(crate) type Outcome = Result<Response, Refusal>;

/// 200 with an object of the API.
pub(crate) fn object(object: &impl WireObject) -> Response {
    json(StatusCode::OK, object.to_json())
}

/// A status with JSON text.
pub(crate) fn json(status: StatusCode, text: String) -> Response {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, JSON);
    response
}

/// Makes the response of an outcome.
pub(crate) fn respond(outcome: Outcome) -> Response {
    outcome.unwrap_or_else(|refusal| {
        let status = StatusCode::from_u16(refusal.status);
        json(
            status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            refusal.body(),
        )
    })
}

/// The answer where there is nothing.
pub(crate) async fn nothing_here(uri: Uri) -> Response {
    respond(Err(not_found(&format!(
        "There is nothing at {}.",
        uri.path()
    ))))
}

pub(crate) fn not_found(text: &str) -> Refusal {
    Refusal::new(404, &ExceptionCode::BadRequest, text)
}

pub(crate) fn bad_request(text: impl Into<String>) -> Refusal {
    Refusal::new(400, &ExceptionCode::BadRequest, text)
}

/// Who asks without the Basic user.
pub(crate) fn unauthorized() -> Response {
    let refusal = Refusal::new(
        401,
        &ExceptionCode::AccessDenied,
        "This needs Basic authentication: the sandbox's user and password are demo and demo.",
    );
    let challenge = [(header::WWW_AUTHENTICATE, "Basic realm=\"pipit-sandbox\"")];
    (challenge, respond(Err(refusal))).into_response()
}
