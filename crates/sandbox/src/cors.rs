//! CORS: decides which web pages may read the API's answers. Pages of this machine and pages of the origins that the
//! options list may read them.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::app_state::AppState;

/// The methods that a page of an allowed origin may use.
const METHODS: HeaderValue = HeaderValue::from_static("GET, POST, OPTIONS");
/// The request headers that a page of an allowed origin may send. `SessionId` is the visitor's session, `X-JSESSIONID` and
/// `X-AID` are the agent's session and account. The last one is for browser tests that get an agent's token themselves;
/// in production only servers do that.
const HEADERS: HeaderValue = HeaderValue::from_static(
    "Content-Type, Authorization, SessionId, X-JSESSIONID, X-AID, OSvC-CREST-Application-Context",
);
/// The response headers that a page of an allowed origin may read, in addition to those that browsers always let it read.
const EXPOSED: HeaderValue = HeaderValue::from_static("Retry-After");
/// The time for which a browser may remember the answer to a preflight, in s.
const MAX_AGE: HeaderValue = HeaderValue::from_static("600");

/// The middleware: answers preflights (the browser's questions whether a page may send a request) itself, and lets
/// pages of allowed origins read all answers. Pages of other origins get no permission, so their browser does not let
/// them read the answers.
pub(crate) async fn apply(
    State(app): State<Arc<AppState>>,
    request: Request,
    next: Next,
) -> Response {
    let origin = request.headers().get(header::ORIGIN).cloned();
    let allowed_origin = origin.filter(|origin| is_allowed(&app.allowed_origins, origin));
    let mut response = if is_preflight(&request) {
        preflight(allowed_origin.is_some())
    } else {
        next.run(request).await
    };
    let headers = response.headers_mut();
    // Caches must not give the answer for one origin to a page of another, so answers without a permission say this too.
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    if let Some(origin) = allowed_origin {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    }
    response
}

fn is_preflight(request: &Request) -> bool {
    let requested_method = header::ACCESS_CONTROL_REQUEST_METHOD;
    request.method() == Method::OPTIONS && request.headers().contains_key(requested_method)
}

fn preflight(is_allowed: bool) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    if is_allowed {
        let headers: &mut HeaderMap = response.headers_mut();
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, METHODS);
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HEADERS);
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, MAX_AGE);
    }
    response
}

/// Whether pages of this origin may read the answers: the options list the origin, or it belongs to this machine. The
/// port of an origin of this machine does not matter, because the site and development servers have different ports.
fn is_allowed(listed: &[String], origin: &HeaderValue) -> bool {
    let Ok(origin) = origin.to_str() else {
        return false;
    };
    listed.iter().any(|allowed| allowed == origin) || is_local(origin)
}

/// Whether an origin belongs to this machine: `http://127.0.0.1` or `http://localhost`, with any port.
fn is_local(origin: &str) -> bool {
    let Some(host) = origin.strip_prefix("http://") else {
        return false;
    };
    let (name, port) = host.rsplit_once(':').unwrap_or((host, "80"));
    matches!(name, "127.0.0.1" | "localhost") && port.parse::<u16>().is_ok()
}
