//! Files: the customer's own place for visitors' uploads, and the service site's `getTempFile` for those of
//! agents. Kept in memory, the newest few.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::{Mutex, PoisonError};

use axum::Router;
use axum::body::{Bytes, to_bytes};
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use serde::Deserialize;
use serde_json::json;

use crate::hall::Hall;

/// The largest upload that is taken, in bytes.
const MAX_BYTES: usize = 16 * 1024 * 1024;

/// So many files are kept.
const KEPT: usize = 8;

/// What was uploaded.
#[derive(Debug, Default)]
pub(crate) struct Files(Mutex<(usize, VecDeque<(usize, Upload)>)>);

#[derive(Clone, Debug)]
struct Upload {
    name: String,
    content: Bytes,
}

impl Files {
    /// Keeps a file. Returns its number.
    fn keep(&self, upload: Upload) -> usize {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (next, files) = &mut *kept;
        *next += 1;
        files.push_back((*next, upload));
        if files.len() > KEPT {
            files.pop_front();
        }
        *next
    }

    fn get(&self, number: usize) -> Option<Upload> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut files = kept.1.iter();
        files
            .find(|(of, _)| *of == number)
            .map(|(_, upload)| upload.clone())
    }
}

/// The customer's own server.
pub(crate) fn uploads() -> Router<Arc<Hall>> {
    Router::new()
        .route("/upload", any(upload))
        .route("/files/{number}/{name}", get(file))
}

/// The service site.
pub(crate) fn service_site() -> Router<Arc<Hall>> {
    Router::new().route("/ci/oit/getTempFile", get(temporary_file))
}

/// As the service site's `fileUpload` answers, with the address at which the agent can fetch it. FOUND but
/// for `url`, which is the customer's own.
async fn upload(State(hall): State<Arc<Hall>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let read = to_bytes(body, MAX_BYTES).await.ok();
    let Some(file) = read.and_then(|body| file_of_form(&parts.headers, &body)) else {
        let none = json!({ "error": 4, "errorMessage": "There is no file." });
        return plain(none.to_string());
    };
    let (name, size) = (file.name.clone(), file.content.len());
    let number = hall.files.keep(file);
    let url = format!(
        "/files/{number}/{}",
        pipit_wire::url::encode_path_segment(&name)
    );
    let answer = json!({ "name": name, "tmp_name": number.to_string(), "error": 0, "size": size, "url": url });
    plain(answer.to_string())
}

/// JSON as plain text, as the service site has it.
fn plain(text: String) -> Response {
    ([(header::CONTENT_TYPE, "text/plain")], text).into_response()
}

async fn file(State(hall): State<Arc<Hall>>, Path((number, _)): Path<(usize, String)>) -> Response {
    match hall.files.get(number) {
        Some(file) => attached(file.content),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// All five are required. FOUND.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "they have to be there")]
struct TemporaryFile {
    content_type: String,
    created_time: String,
    file_size: usize,
    local_file_name: String,
    user_file_name: String,
}

/// A file of as many bytes as was told. 400 to who does not accept JSON. FOUND.
async fn temporary_file(
    headers: HeaderMap,
    asked: Result<Query<TemporaryFile>, axum::extract::rejection::QueryRejection>,
) -> Response {
    let accept = headers.get(header::ACCEPT).and_then(|it| it.to_str().ok());
    let accepts_json = accept.is_some_and(|accept| accept.contains("application/json"));
    match asked {
        Ok(Query(file)) if accepts_json => {
            attached(vec![b'x'; file.file_size.min(MAX_BYTES)].into())
        }
        _ => StatusCode::BAD_REQUEST.into_response(),
    }
}

fn attached(content: Bytes) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream"),
        (header::CONTENT_DISPOSITION, "attachment"),
    ];
    (headers, content).into_response()
}

/// The file of a form as browsers write one: the bytes between the first blank line and the last boundary.
fn file_of_form(headers: &HeaderMap, body: &Bytes) -> Option<Upload> {
    let kind = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let boundary = kind.strip_prefix("multipart/form-data; boundary=")?;
    let end = format!("\r\n--{boundary}--");
    let head_length = find(body, b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(body.get(..head_length)?).into_owned();
    let (_, name) = head.split_once("name=\"file\"; filename=\"")?;
    let (name, _) = name.split_once('"')?;
    let content = body.slice(head_length + 4..);
    let length = find(&content, end.as_bytes())?;
    Some(Upload {
        name: name.to_owned(),
        content: content.slice(..length),
    })
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|it| it == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_has_a_file_with_all_its_bytes() {
        let mut headers = HeaderMap::new();
        let kind = "multipart/form-data; boundary=----x";
        headers.insert(header::CONTENT_TYPE, kind.parse().unwrap());
        let body = "------x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a b.txt\"\r\n\
            Content-Type: text/plain\r\n\r\none\r\n\r\ntwo\r\n------x--\r\n";
        let file = file_of_form(&headers, &Bytes::from_static(body.as_bytes())).unwrap();
        assert_eq!(
            (file.name.as_str(), &file.content[..]),
            ("a b.txt", &b"one\r\n\r\ntwo"[..])
        );
    }
}
