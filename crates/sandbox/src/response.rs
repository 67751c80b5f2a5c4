//! Builds HTTP responses: objects of the chat REST API as JSON, and refusals (the error answers of the API).

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use pipit_wire::{ExceptionCode, Refusal, WireObject};

/// The media type of JSON, without a blank before `charset`, as in Oracle's API reference.
const JSON: HeaderValue = HeaderValue::from_static("application/json;charset=utf-8");

/// The result of a request's handler: a response, or a refusal that [`into_response`] turns into a response.
pub(crate) type ApiResult = Result<Response, Refusal>;

/// A response with status 200 and an object of the API.
pub(crate) fn json_object(object: &impl WireObject) -> Response {
    json_text(StatusCode::OK, object.to_json())
}

/// A response with a status and JSON text.
pub(crate) fn json_text(status: StatusCode, text: String) -> Response {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, JSON);
    response
}

/// Turns a handler's result into a response. An invalid status of a refusal becomes 500.
pub(crate) fn into_response(result: ApiResult) -> Response {
    result.unwrap_or_else(|refusal| {
        let status = StatusCode::from_u16(refusal.status);
        json_text(
            status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            refusal.body(),
        )
    })
}

/// The response for an address that does not exist.
pub(crate) async fn unknown_address(uri: Uri) -> Response {
    into_response(Err(not_found(&format!(
        "There is nothing at {}.",
        uri.path()
    ))))
}

/// A refusal with status 404, for an address that the sandbox does not know. Its code is `BadRequest`,
/// because no code of the API stands for an unknown address.
pub(crate) fn not_found(text: &str) -> Refusal {
    Refusal::new(404, &ExceptionCode::BadRequest, text)
}

/// A refusal with status 400.
pub(crate) fn bad_request(text: impl Into<String>) -> Refusal {
    Refusal::new(400, &ExceptionCode::BadRequest, text)
}

/// The response to a request without valid Basic authentication.
pub(crate) fn unauthorized() -> Response {
    let refusal = Refusal::new(
        401,
        &ExceptionCode::AccessDenied,
        "This needs Basic authentication: the sandbox's user and password are demo and demo.",
    );
    let challenge = [(header::WWW_AUTHENTICATE, "Basic realm=\"pipit-sandbox\"")];
    (challenge, into_response(Err(refusal))).into_response()
}
