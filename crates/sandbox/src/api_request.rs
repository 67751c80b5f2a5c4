//! A request that the server has read completely: method, query, headers and body. If a method of [`ApiRequest`]
//! fails, it returns a refusal, which the client gets as the answer.

use std::collections::BTreeMap;

use axum::body::to_bytes;
use axum::extract::{Query, Request};
use axum::http::{HeaderMap, Method, header};
use pipit_wire::{ExceptionCode, Refusal, WireObject};

use crate::response::bad_request;

/// The largest body that is accepted, in bytes.
const MAX_BODY: usize = 1024 * 1024;

/// A body that is too large is read up to this number of bytes before the request is refused. Without this, the server
/// would end the connection before the client gets the refusal.
const MAX_READ: usize = 16 * MAX_BODY;

/// A request to one of the sandbox's servers. Most are calls of the chat REST API.
#[derive(Debug)]
pub(crate) struct ApiRequest {
    pub(crate) method: Method,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
    query: BTreeMap<String, String>,
}

impl ApiRequest {
    /// Reads a request completely. Refuses it if the query is not percent-encoded text, or if the body is too large or is
    /// not UTF-8.
    pub(crate) async fn read(http_request: Request) -> Result<Self, Refusal> {
        let (parts, body) = http_request.into_parts();
        let Ok(Query(query)) = Query::try_from_uri(&parts.uri) else {
            return Err(bad_request("The query is not percent-encoded text."));
        };
        let body_bytes = to_bytes(body, MAX_READ).await;
        let Some(bytes) = body_bytes.ok().filter(|bytes| bytes.len() <= MAX_BODY) else {
            return Err(Refusal::new(
                413,
                &ExceptionCode::BadRequest,
                "The body is larger than 1 MB.",
            ));
        };
        let Ok(body) = String::from_utf8(bytes.into()) else {
            return Err(bad_request("The body is not UTF-8 text."));
        };
        Ok(Self {
            method: parts.method,
            headers: parts.headers,
            body,
            query,
        })
    }

    /// Parses the body as an object of the API.
    pub(crate) fn object<T: WireObject>(&self) -> Result<T, Refusal> {
        read_object("The body", &self.body)
    }

    /// Parses the query's parameter `request` as an object of the API.
    pub(crate) fn request_parameter<T: WireObject>(&self) -> Result<T, Refusal> {
        let Some(text) = self.query.get("request") else {
            return Err(bad_request(
                "The query needs the parameter request, with JSON.",
            ));
        };
        read_object("The parameter request", text)
    }

    /// The pool (group of chat servers) that the query names; `None` if it names none.
    pub(crate) fn pool(&self) -> Option<&str> {
        self.query.get("pool").map(String::as_str)
    }

    /// The value of a header; `None` if it is missing or contains characters other than visible ASCII.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The value of a header, or a refusal with status 403 if [`Self::header`] returns `None`.
    pub(crate) fn required_header(&self, name: &str) -> Result<&str, Refusal> {
        self.header(name).ok_or_else(|| {
            Refusal::new(
                403,
                &ExceptionCode::AccessDenied,
                format!("The header {name} is missing."),
            )
        })
    }

    /// The token in the header `Authorization: Bearer …`.
    pub(crate) fn bearer(&self) -> Result<&str, Refusal> {
        let value = self.required_header(header::AUTHORIZATION.as_str())?;
        value.strip_prefix("Bearer ").ok_or_else(|| {
            Refusal::new(
                403,
                &ExceptionCode::AccessDenied,
                "The header Authorization must be \"Bearer \" and the token.",
            )
        })
    }

    /// Refuses the request if its HTTP method is not `method`.
    pub(crate) fn require_method(&self, method: &Method) -> Result<(), Refusal> {
        if self.method == method {
            return Ok(());
        }
        Err(Refusal::new(
            405,
            &ExceptionCode::BadRequest,
            format!(
                "This operation is called with {method}, not with {}.",
                self.method
            ),
        ))
    }
}

/// Parses text as an object of the API. `what` names the text in the refusal.
fn read_object<T: WireObject>(what: &str, text: &str) -> Result<T, Refusal> {
    T::from_json(text).map_err(|error| bad_request(format!("{what} cannot be read: {error}.")))
}
