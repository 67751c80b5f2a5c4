//! The live page at `/sandbox/` of the API's port: the state, each request with its answer as it happens, and buttons for
//! some switches. The page consists of three files in `live_page/` and has a strict Content-Security-Policy.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Deserialize;

use crate::app_state::AppState;
use crate::response::json_text;

/// The page needs only its own files and switches. It may not be in a frame, because its buttons change the sandbox.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

pub(crate) fn router() -> Router<Arc<AppState>> {
    Router::new()
        .route("/sandbox/", get(page))
        .route("/sandbox/page.css", get(style))
        .route("/sandbox/page.js", get(script))
        .route("/sandbox/exchanges", get(exchanges))
}

async fn page() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
    ];
    (headers, include_str!("live_page/index.html")).into_response()
}

async fn style() -> Response {
    let headers = [(header::CONTENT_TYPE, "text/css; charset=utf-8")];
    (headers, include_str!("live_page/page.css")).into_response()
}

async fn script() -> Response {
    let headers = [(header::CONTENT_TYPE, "text/javascript; charset=utf-8")];
    (headers, include_str!("live_page/page.js")).into_response()
}

/// The query of `GET /sandbox/exchanges`.
#[derive(Debug, Deserialize)]
struct After {
    /// The revision of the newest change that the page knows.
    #[serde(default)]
    after: u64,
}

/// Answers with the requests that began or ended after a revision.
async fn exchanges(State(app): State<Arc<AppState>>, query: Query<After>) -> Response {
    let text = serde_json::to_string(&app.exchanges.changed_after(query.after));
    json_text(StatusCode::OK, text.unwrap_or_default())
}
