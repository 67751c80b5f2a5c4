//! A web server that records every request. Tests use it to check what a page, or a frame in it, sends to whom.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;

use crate::test_server::built_site;

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct RecordedRequest {
    /// The HTTP method, such as `GET`.
    pub method: String,
    /// The path and the query.
    pub path: String,
    /// The header lines. The names are in lower case.
    pub headers: Vec<String>,
    /// The body as text.
    pub body: String,
}

impl RecordedRequest {
    /// Reads a request from a connection; `None` if the connection ends before the request does.
    pub async fn read(connection: &mut TcpStream) -> Option<Self> {
        read_request(connection).await
    }

    /// The value of a header; `None` if the request does not have it. `name` is in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.headers.iter().filter_map(|line| line.split_once(": "));
        lines.find_map(|(line_name, value)| (line_name == name).then_some(value))
    }
}

/// A running server. It serves the built site and the pages that a test adds, lets pages of every origin read its
/// answers, and sets the cookie `visitor=1` with each page. Dropping it ends the server.
#[derive(Debug)]
pub struct Recorder {
    port: u16,
    state: Arc<RecorderState>,
    task: AbortHandle,
}

/// The data that all connections of a server share.
#[derive(Debug, Default)]
struct RecorderState {
    /// The address from which the answers to `POST /chat-session` are fetched.
    session_address: String,
    /// The HTML of the pages that the test has added, by path.
    pages: Mutex<BTreeMap<String, String>>,
    /// The origins of the pages that may embed `/listed/frame.html`, separated by spaces.
    frame_origins: Mutex<String>,
    /// The origins of the chat servers to which `/listed/frame.html` may connect, separated by spaces.
    chat_servers: Mutex<String>,
    /// The header `Content-Security-Policy` of every `frame.html`; empty for none.
    frame_policy: Mutex<String>,
    requests: Mutex<Vec<RecordedRequest>>,
}

impl Recorder {
    /// Starts a server. It answers `POST /chat-session` with what `session_address` answers.
    pub async fn start(session_address: &str) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await;
        let listener = listener.expect("there is a free port");
        let address = listener.local_addr().expect("it has an address");
        let state = Arc::new(RecorderState {
            session_address: session_address.to_owned(),
            ..RecorderState::default()
        });
        let server_state = state.clone();
        let task = tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                let state = server_state.clone();
                // A browser may close a connection at any time.
                tokio::spawn(async move { state.answer(connection).await });
            }
        });
        Self {
            port: address.port(),
            state,
            task: task.abort_handle(),
        }
    }

    /// The server's origin.
    #[must_use]
    pub fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The server's origin with `localhost` in place of `127.0.0.1`. To browsers this is another site.
    #[must_use]
    pub fn other_site(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// Adds a page at this path.
    pub fn serve(&self, path: &str, html: &str) {
        lock(&self.state.pages).insert(path.to_owned(), html.to_owned());
    }

    /// Sets the lists in `/listed/frame.html`: the origins of the pages that may embed the frame, and those of the chat
    /// servers to which it may connect. Each list is separated by spaces. `/listed/` has a copy of the widget's files,
    /// as `cargo xtask bundle` makes it for these lists.
    pub fn set_frame_lists(&self, frame_origins: &str, chat_servers: &str) {
        frame_origins.clone_into(&mut lock(&self.state.frame_origins));
        chat_servers.clone_into(&mut lock(&self.state.chat_servers));
    }

    /// Sets the header `Content-Security-Policy` with which each `frame.html` is sent.
    pub fn set_frame_policy(&self, policy: &str) {
        policy.clone_into(&mut lock(&self.state.frame_policy));
    }

    /// All requests so far, oldest first.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        lock(&self.state.requests).clone()
    }

    /// The bodies of all `POST` requests to a path, oldest first.
    #[must_use]
    pub fn posted_bodies(&self, path: &str) -> Vec<String> {
        let posts = self.requests().into_iter();
        let posts = posts.filter(|request| request.method == "POST" && request.path == path);
        posts.map(|request| request.body).collect()
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl RecorderState {
    /// Reads one request, records it and answers it. `None` if the browser closes the connection, or if the path names
    /// no file.
    async fn answer(&self, mut connection: TcpStream) -> Option<()> {
        let request = read_request(&mut connection).await?;
        let (media_type, content) = match request.method.as_str() {
            "GET" => self.file(&request.path)?,
            "POST" if request.path == "/chat-session" => {
                ("application/json", self.session(&request.body).await?)
            }
            _ => ("application/json", b"{}".to_vec()),
        };
        let frame_policy = lock(&self.frame_policy).clone();
        let mut further_headers = String::new();
        if media_type.starts_with("text/html") {
            further_headers += "Set-Cookie: visitor=1; Path=/\r\n";
        }
        if request.path.ends_with("/frame.html") && !frame_policy.is_empty() {
            further_headers.extend(["Content-Security-Policy: ", &frame_policy, "\r\n"]);
        }
        lock(&self.requests).push(request);
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\nContent-Length: {}\r\nConnection: close\r\n\
             Cache-Control: no-store\r\nAccess-Control-Allow-Origin: *\r\n\
             Access-Control-Allow-Headers: Authorization, Content-Type, SessionId\r\n{further_headers}\r\n",
            content.len(),
        );
        connection.write_all(head.as_bytes()).await.ok()?;
        connection.write_all(&content).await.ok()
    }

    /// The media type and the content of a page or a file of the built site; `None` if the path has no extension.
    fn file(&self, path: &str) -> Option<(&'static str, Vec<u8>)> {
        let (path, _) = path.split_once('?').unwrap_or((path, ""));
        if let Some(page) = lock(&self.pages).get(path) {
            return Some(("text/html; charset=utf-8", page.clone().into_bytes()));
        }
        let media_type = match Path::new(path).extension()?.to_str()? {
            "html" => "text/html; charset=utf-8",
            "js" => "text/javascript",
            "wasm" => "application/wasm",
            _ => "application/json",
        };
        let source_path = path.replacen("/listed/", "/pipit/", 1);
        let file: PathBuf = built_site().join(source_path.trim_start_matches('/'));
        let mut content = std::fs::read(file).unwrap_or_default();
        if path == "/listed/frame.html" {
            let lists = [
                ("pipit-frame-origins", &self.frame_origins),
                ("pipit-chat-servers", &self.chat_servers),
            ];
            let html = String::from_utf8_lossy(&content).into_owned();
            let html = lists.iter().fold(html, |html, (name, list)| {
                let empty_list = format!("\"{name}\" content=\"\"");
                html.replace(
                    &empty_list,
                    &format!("\"{name}\" content=\"{}\"", lock(list)),
                )
            });
            content = html.into_bytes();
        }
        Some((media_type, content))
    }

    /// The session endpoint's answer to this body; `None` if it gives none.
    async fn session(&self, body: &str) -> Option<Vec<u8>> {
        let client = reqwest::Client::new();
        let answer = client
            .post(&self.session_address)
            .body(body.to_owned())
            .send();
        Some(answer.await.ok()?.bytes().await.ok()?.to_vec())
    }
}

/// Reads a request; `None` if the connection ends before the request does.
async fn read_request(connection: &mut TcpStream) -> Option<RecordedRequest> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        if connection.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let body = bytes.split_off(end + 4);
    let head = String::from_utf8_lossy(&bytes).into_owned();
    let mut lines = head.lines();
    let mut request_line = lines.next()?.split(' ');
    let method = request_line.next()?.to_owned();
    let path = request_line.next()?.to_owned();
    let headers = lines.filter_map(|line| {
        let (name, value) = line.split_once(": ")?;
        Some(format!("{}: {value}", name.to_ascii_lowercase()))
    });
    let mut request = RecordedRequest {
        method,
        path,
        headers: headers.collect(),
        body: String::new(),
    };
    let length = request.header("content-length");
    let length = length.map_or(Some(0), |length| length.parse::<usize>().ok())?;
    let mut body = body;
    while body.len() < length {
        if connection.read_buf(&mut body).await.ok()? == 0 {
            return None;
        }
    }
    request.body = String::from_utf8_lossy(&body).into_owned();
    Some(request)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
