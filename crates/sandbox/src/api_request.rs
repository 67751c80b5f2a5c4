//! A request that the server has read completely: method, query, headers and body. If a method of [`ApiRequest`]
//! fails, it returns a refusal, which the client gets as the answer.

use std::collections::BTreeMap;
use std::error::Error;
use std::iter::successors;

use axum::body::to_bytes;
use axum::extract::{Query, Request};
use axum::http::{HeaderMap, Method, header};
use http_body_util::LengthLimitError;
use pipit_wire::{ExceptionCode, Fields, Refusal, WireObject};
use serde_json::{Map, Value};

use crate::response::{Refused, bad_request};

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
        let bytes = match to_bytes(body, MAX_READ).await {
            Ok(bytes) if bytes.len() <= MAX_BODY => bytes,
            Ok(_) => return Err(too_large()),
            Err(error) if is_length_limit(&error) => return Err(too_large()),
            Err(_) => {
                return Err(bad_request(
                    "The body ended before its announced length, or its chunks cannot be read.",
                ));
            }
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

    /// Parses the body as an object of the API. `check` checks the members before they are read.
    pub(crate) fn object<T: WireObject>(
        &self,
        check: impl FnOnce(&Members) -> Result<(), Refusal>,
    ) -> Result<T, Refusal> {
        let members = self.members()?;
        check(&members)?;
        read_object(members)
    }

    /// The members of the body, which must be a JSON object. An empty body counts as `{}`, because Oracle's samples send
    /// no body if all members of a request are optional.
    pub(crate) fn members(&self) -> Result<Members, Refusal> {
        read_members("The body", &self.body)
    }

    /// The members of the query's parameter `request`, which must be a JSON object.
    pub(crate) fn members_of_parameter(&self) -> Result<Members, Refusal> {
        let Some(text) = self.query.get("request") else {
            return Err(bad_request(
                "The query needs the parameter request, with JSON.",
            ));
        };
        read_members("The parameter request", text)
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
    pub(crate) fn require_method(&self, method: &Method) -> Result<(), Refused> {
        if self.method == method {
            return Ok(());
        }
        Err(Refused::wrong_method(method, &self.method))
    }
}

/// The members of a JSON object.
pub(crate) type Members = Map<String, Value>;

/// Parses text as the members of a JSON object. `what` names the text in the refusal.
pub(crate) fn read_members(what: &str, text: &str) -> Result<Members, Refusal> {
    let json = text.trim_start_matches('\u{feff}').trim();
    if json.is_empty() {
        return Ok(Members::new());
    }
    let members = Fields::from_json(json);
    members
        .map(|fields| fields.0)
        .map_err(|error| bad_request(format!("{what} cannot be read: {error}.")))
}

/// Reads members as an object of the API.
pub(crate) fn read_object<T: WireObject>(members: Members) -> Result<T, Refusal> {
    Fields(members)
        .into_object()
        .map_err(|error| bad_request(format!("The request cannot be read: {error}.")))
}

fn too_large() -> Refusal {
    Refusal::new(
        413,
        &ExceptionCode::BadRequest,
        "The body is larger than 1 MB.",
    )
}

/// Whether reading failed because the body is too large, and not because the connection ended early.
fn is_length_limit(error: &(dyn Error + 'static)) -> bool {
    let mut causes = successors(Some(error), |&error| error.source());
    causes.any(<dyn Error + 'static>::is::<LengthLimitError>)
}
