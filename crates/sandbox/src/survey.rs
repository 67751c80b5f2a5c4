//! A page that stands in for the survey page of the service site (Oracle's website for the customer). The page lists the
//! values in its own address, so that a test can check which survey was opened.
//!
//! FOUND: seen in Oracle's own clients or answers.

use std::sync::Arc;

use axum::Router;
use axum::http::Uri;
use axum::routing::get;
use percent_encoding::percent_decode_str;

use crate::app_state::AppState;

pub(crate) fn router() -> Router<Arc<AppState>> {
    Router::new().route("/ci/documents/detail/{*pairs}", get(page))
}

/// Answers with one line for each pair of key and value in the page's address. After `/ci/documents/detail`, the segments
/// of the path are alternately keys and values: `/5/101/7/12` has the pairs (5, 101) and (7, 12). (FOUND) A last key
/// without a value is left out.
async fn page(uri: Uri) -> String {
    let pairs = uri.path().trim_start_matches("/ci/documents/detail/");
    let parts: Vec<String> = pairs
        .split('/')
        .map(|part| percent_decode_str(part).decode_utf8_lossy().into_owned())
        .collect();
    let lines = parts.chunks(2).filter_map(|pair| match pair {
        [key, value] => Some(format!("{}: {value}\n", meaning(key))),
        _ => None,
    });
    let lines: String = lines.collect();
    format!("The survey page of the sandbox\n\n{lines}")
}

/// The meaning of a key in the address of a survey. A key without a known meaning is returned as it is.
fn meaning(key: &str) -> &str {
    match key {
        "1" => "track",
        "5" => "survey",
        "6" => "table",
        "7" => "engagement",
        "12" => "auth",
        "15" => "account",
        other => other,
    }
}
