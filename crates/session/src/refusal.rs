//! The reasons for which the server gives no session. Each has a status and a short code, which is all that a browser
//! learns. `examples/session-endpoint/README.md` has the same table for all session endpoints.

use axum::http::StatusCode;

/// Why a request gets no session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The body is no JSON object, or has a member that is not accepted.
    Malformed,
    /// The page's origin is not listed in the settings.
    OriginNotAllowed,
    /// The server has no such address.
    NotFound,
    /// The method is neither POST nor OPTIONS.
    MethodNotAllowed,
    /// The body did not arrive in time.
    RequestTimeout,
    /// The body is longer than allowed.
    TooLarge,
    /// The body is not declared as JSON.
    UnsupportedType,
    /// There were too many requests: of this client, or of all clients.
    RateLimited {
        /// How long the client has to wait, in s; at least 1.
        retry_after_seconds: u64,
    },
    /// The service site refused, failed, or answered without a session.
    ServiceUnavailable,
    /// The service site did not answer in time.
    ServiceTimeout,
}

impl Refusal {
    /// The status and the code of the answer.
    pub(crate) const fn status_and_code(self) -> (StatusCode, &'static str) {
        match self {
            Self::Malformed => (StatusCode::BAD_REQUEST, "malformed"),
            Self::OriginNotAllowed => (StatusCode::FORBIDDEN, "origin_not_allowed"),
            Self::NotFound => (StatusCode::NOT_FOUND, "not_found"),
            Self::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed"),
            Self::RequestTimeout => (StatusCode::REQUEST_TIMEOUT, "request_timeout"),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too_large"),
            Self::UnsupportedType => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_type"),
            Self::RateLimited { .. } => (StatusCode::TOO_MANY_REQUESTS, "rate_limited"),
            Self::ServiceUnavailable => (StatusCode::BAD_GATEWAY, "service_unavailable"),
            Self::ServiceTimeout => (StatusCode::GATEWAY_TIMEOUT, "service_timeout"),
        }
    }
}
