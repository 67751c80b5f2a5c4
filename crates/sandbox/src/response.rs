//! Builds HTTP responses: objects of the chat REST API as JSON, and refusals (the error answers of the API).

use axum::body::Body;
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use pipit_wire::{ExceptionCode, Fields, Refusal, WireObject, WireValue as _};

/// The media type of JSON, without a blank before `charset`, as in Oracle's API reference.
const JSON: HeaderValue = HeaderValue::from_static("application/json;charset=utf-8");

/// The result of a request's handler: a response, or a refusal that [`into_response`] turns into a response.
pub(crate) type ApiResult = Result<Response, Refused>;

/// A refusal, with what its response has in addition to the refusal's status and body.
#[derive(Debug)]
pub(crate) struct Refused {
    refusal: Box<Refusal>,
    /// The value of the header `Allow`, which a response with status 405 has.
    allow: Option<Method>,
    /// A sentence that says what in the refusal is the sandbox's own, because no page of Oracle's API reference lists it.
    /// It is the member `sandboxNote` of the body.
    note: Option<String>,
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        let note = matches!(refusal.status, 405 | 413).then(|| own_status(refusal.status));
        Self {
            refusal: Box::new(refusal),
            allow: None,
            note,
        }
    }
}

impl Refused {
    /// The refusal of a request with another method than the allowed one.
    pub(crate) fn wrong_method(allowed: &Method, found: &Method) -> Self {
        let text = format!("This is called with {allowed}, not with {found}.");
        Self {
            allow: Some(allowed.clone()),
            ..Refusal::new(405, &ExceptionCode::BadRequest, text).into()
        }
    }

    /// Adds the note, if the status or the code of the refusal is not in these lists. `None` as `codes` means that the
    /// reference lists no codes.
    pub(crate) fn noted(self, statuses: &[u16], codes: Option<&[ExceptionCode]>) -> Self {
        let status = self.refusal.status;
        let code = self.refusal.error.code();
        let is_own_code = codes
            .zip(code.as_ref())
            .is_some_and(|(codes, code)| !codes.contains(code));
        let note = if !statuses.contains(&status) {
            Some(own_status(status))
        } else if is_own_code {
            let code = code.as_ref().map_or("", ExceptionCode::as_str);
            Some(format!(
                "The code {code} is the sandbox's own here: Oracle's API reference does not list it \
                 for this operation."
            ))
        } else {
            None
        };
        Self { note, ..self }
    }
}

fn own_status(status: u16) -> String {
    format!(
        "The status {status} is the sandbox's own here: Oracle's API reference does not list it for \
         this operation."
    )
}

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
    let refused = match result {
        Ok(response) => return response,
        Err(refused) => refused,
    };
    let status = StatusCode::from_u16(refused.refusal.status);
    let mut body = refused.refusal.body();
    if let (Some(note), Ok(mut members)) = (refused.note, Fields::from_json(&body)) {
        members.put("sandboxNote", &note);
        body = members.write().to_string();
    }
    let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = json_text(status, body);
    let allow = refused
        .allow
        .and_then(|method| HeaderValue::from_str(method.as_str()).ok());
    if let Some(allow) = allow {
        response.headers_mut().insert(header::ALLOW, allow);
    }
    response
}

/// The response that reports a refusal.
pub(crate) fn refuse(refusal: Refusal) -> Response {
    into_response(Err(refusal.into()))
}

/// The response for an address whose parts are not percent-encoded UTF-8.
pub(crate) fn unreadable_address() -> Response {
    refuse(bad_request(
        "The address is not percent-encoded UTF-8 text.",
    ))
}

/// The response for an address that does not exist.
pub(crate) async fn unknown_address(uri: Uri) -> Response {
    refuse(not_found(&format!("There is nothing at {}.", uri.path())))
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
        "This needs Basic authentication: the sandbox's user and password are demo and demo. Every \
         agent is a user too, with the same password.",
    );
    let challenge = [(header::WWW_AUTHENTICATE, "Basic realm=\"pipit-sandbox\"")];
    (challenge, refuse(refusal)).into_response()
}
