//! The routes for files. Visitors upload files to the customer's server; `getTempFile` of the service site (Oracle's
//! website for the customer) delivers the files that agents send. The sandbox has no such files, so it delivers a file
//! with made-up content.
//!
//! FOUND: seen in Oracle's own clients or answers.

use std::sync::Arc;

use axum::Router;
use axum::body::{Bytes, to_bytes};
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use serde::Deserialize;
use serde_json::json;

use crate::app_state::AppState;
use crate::upload_store::Upload;

/// The size of the largest upload that is accepted, and of the largest file that `getTempFile` delivers, in bytes.
const MAX_BYTES: usize = 16 * 1024 * 1024;

/// The routes of the customer's server.
pub(crate) fn uploads() -> Router<Arc<AppState>> {
    Router::new()
        .route("/upload", any(upload))
        .route("/files/{number}/{name}", get(uploaded_file))
}

/// The route of the service site.
pub(crate) fn service_site() -> Router<Arc<AppState>> {
    Router::new().route("/ci/oit/getTempFile", get(temporary_file))
}

/// Stores an uploaded file. The response has the members that the service site's `fileUpload` returns (FOUND), and one
/// more: `url`, the address from which the agent can fetch the file. A form that cannot be read, or an upload that is too
/// large, counts as a form without a file.
async fn upload(State(app): State<Arc<AppState>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, MAX_BYTES).await.ok();
    let Some(file) = body.and_then(|body| parse_form(&parts.headers, &body)) else {
        // 4 is PHP's code for a form without a file.
        let error = json!({ "error": 4, "errorMessage": "There is no file." });
        return plain_text(error.to_string());
    };
    let (name, size) = (file.name.clone(), file.content.len());
    let number = app.uploads.insert(file);
    let url = format!(
        "/files/{number}/{}",
        pipit_wire::url::encode_path_segment(&name)
    );
    let answer = json!({ "name": name, "tmp_name": number.to_string(), "error": 0, "size": size, "url": url });
    plain_text(answer.to_string())
}

/// A response in the form that the service site uses: JSON with the media type of plain text.
fn plain_text(text: String) -> Response {
    ([(header::CONTENT_TYPE, "text/plain")], text).into_response()
}

/// Delivers an uploaded file by its number. The name in the address does not matter.
async fn uploaded_file(
    State(app): State<Arc<AppState>>,
    Path((number, _)): Path<(usize, String)>,
) -> Response {
    match app.uploads.get(number) {
        Some(file) => attachment(file.content),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The query of `getTempFile`. All five members are required. (FOUND)
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(
    dead_code,
    reason = "the query must have all members, but only the value of `file_size` matters"
)]
struct TemporaryFileQuery {
    content_type: String,
    created_time: String,
    file_size: usize,
    local_file_name: String,
    user_file_name: String,
}

/// Delivers a file of `fileSize` bytes (at most [`MAX_BYTES`]), all of them `x`. The status is 400 if a
/// member of the query is missing, or if the header `Accept` does not name JSON. (FOUND)
async fn temporary_file(
    headers: HeaderMap,
    query: Result<Query<TemporaryFileQuery>, axum::extract::rejection::QueryRejection>,
) -> Response {
    let accept = headers.get(header::ACCEPT).and_then(|it| it.to_str().ok());
    let accepts_json = accept.is_some_and(|accept| accept.contains("application/json"));
    match query {
        Ok(Query(file)) if accepts_json => {
            attachment(vec![b'x'; file.file_size.min(MAX_BYTES)].into())
        }
        _ => StatusCode::BAD_REQUEST.into_response(),
    }
}

/// A response that the browser saves as a file and does not show.
fn attachment(content: Bytes) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream"),
        (header::CONTENT_DISPOSITION, "attachment"),
    ];
    (headers, content).into_response()
}

/// Extracts the file from a form with the single field `file`, as browsers write it: the bytes between the first blank
/// line and the final boundary. `None` if the form is different.
fn parse_form(headers: &HeaderMap, body: &Bytes) -> Option<Upload> {
    let content_type = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let boundary = content_type.strip_prefix("multipart/form-data; boundary=")?;
    let end = format!("\r\n--{boundary}--");
    let head_length = find(body, b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(body.get(..head_length)?).into_owned();
    let (_, after_name) = head.split_once("name=\"file\"; filename=\"")?;
    let (name, _) = after_name.split_once('"')?;
    let from_content = body.slice(head_length + 4..);
    let length = find(&from_content, end.as_bytes())?;
    Some(Upload {
        name: name.to_owned(),
        content: from_content.slice(..length),
    })
}

/// The position at which `wanted` begins in `bytes`; `None` if `wanted` does not occur.
fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|it| it == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_of_a_form_has_all_its_bytes() {
        let mut headers = HeaderMap::new();
        let content_type = "multipart/form-data; boundary=----x";
        headers.insert(header::CONTENT_TYPE, content_type.parse().unwrap());
        let body = "------x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a b.txt\"\r\n\
            Content-Type: text/plain\r\n\r\none\r\n\r\ntwo\r\n------x--\r\n";
        let file = parse_form(&headers, &Bytes::from_static(body.as_bytes())).unwrap();
        assert_eq!(
            (file.name.as_str(), &file.content[..]),
            ("a b.txt", &b"one\r\n\r\ntwo"[..])
        );
    }
}
