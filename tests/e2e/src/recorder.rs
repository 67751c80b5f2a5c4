//! A web server that records every request: for tests of what a page, or a frame in it, sends where.

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
    /// `GET`, `POST`, …
    pub method: String,
    /// Path and query.
    pub path: String,
    /// The header lines, in small letters up to the colon.
    pub headers: Vec<String>,
    /// The body as text.
    pub body: String,
}

impl RecordedRequest {
    /// The value of a header, whose name is in small letters.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.headers.iter().filter_map(|line| line.split_once(": "));
        lines.find_map(|(its, value)| (its == name).then_some(value))
    }
}

/// A running server. It serves the built site and pages of the test's own, lets pages of every origin read its answers,
/// and sets the cookie `visitor=1` with each page. It ends when dropped.
#[derive(Debug)]
pub struct Recorder {
    port: u16,
    shared: Arc<Shared>,
    task: AbortHandle,
}

#[derive(Debug, Default)]
struct Shared {
    /// Answers `POST /chat-session` in place of this server.
    session_address: String,
    pages: Mutex<BTreeMap<String, String>>,
    /// The lists of `/listed/frame.html`.
    frame_origins: Mutex<String>,
    chat_servers: Mutex<String>,
    requests: Mutex<Vec<RecordedRequest>>,
}

impl Recorder {
    /// Starts a server whose `/chat-session` gives what this address gives.
    pub async fn start(session_address: &str) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await;
        let listener = listener.expect("there is a free port");
        let address = listener.local_addr().expect("it has an address");
        let shared = Arc::new(Shared {
            session_address: session_address.to_owned(),
            ..Shared::default()
        });
        let serving = shared.clone();
        let task = tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                let shared = serving.clone();
                // A browser may close a connection at any time.
                tokio::spawn(async move { shared.answer(connection).await });
            }
        });
        Self {
            port: address.port(),
            shared,
            task: task.abort_handle(),
        }
    }

    /// Its origin.
    #[must_use]
    pub fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The same server by the machine's other name, which to a browser is another site.
    #[must_use]
    pub fn other_site(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// Serves a page.
    pub fn serve(&self, path: &str, html: &str) {
        lock(&self.shared.pages).insert(path.to_owned(), html.to_owned());
    }

    /// Serves the script tag's files in `/listed/` too, as `cargo xtask bundle` makes them for these embedding pages and
    /// chat servers: origins with spaces between.
    pub fn list(&self, frame_origins: &str, chat_servers: &str) {
        frame_origins.clone_into(&mut lock(&self.shared.frame_origins));
        chat_servers.clone_into(&mut lock(&self.shared.chat_servers));
    }

    /// All requests until now.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        lock(&self.shared.requests).clone()
    }

    /// The bodies of all posts to a path.
    #[must_use]
    pub fn posted(&self, path: &str) -> Vec<String> {
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

impl Shared {
    async fn answer(&self, mut connection: TcpStream) -> Option<()> {
        let request = read(&mut connection).await?;
        let (kind, content) = match request.method.as_str() {
            "GET" => self.file(&request.path)?,
            "POST" if request.path == "/chat-session" => {
                ("application/json", self.session(&request.body).await?)
            }
            _ => ("application/json", b"{}".to_vec()),
        };
        lock(&self.requests).push(request);
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\
             Cache-Control: no-store\r\nAccess-Control-Allow-Origin: *\r\n\
             Access-Control-Allow-Headers: Authorization, Content-Type, SessionId\r\n{}\r\n",
            content.len(),
            if kind.starts_with("text/html") {
                "Set-Cookie: visitor=1; Path=/\r\n"
            } else {
                ""
            }
        );
        connection.write_all(head.as_bytes()).await.ok()?;
        connection.write_all(&content).await.ok()
    }

    fn file(&self, path: &str) -> Option<(&'static str, Vec<u8>)> {
        let (path, _) = path.split_once('?').unwrap_or((path, ""));
        if let Some(page) = lock(&self.pages).get(path) {
            return Some(("text/html; charset=utf-8", page.clone().into_bytes()));
        }
        let kind = match Path::new(path).extension()?.to_str()? {
            "html" => "text/html; charset=utf-8",
            "js" => "text/javascript",
            "wasm" => "application/wasm",
            _ => "application/json",
        };
        let place = path.replacen("/listed/", "/pipit/", 1);
        let file: PathBuf = built_site().join(place.trim_start_matches('/'));
        let mut content = std::fs::read(file).unwrap_or_default();
        if path == "/listed/frame.html" {
            let lists = [
                ("pipit-frame-origins", &self.frame_origins),
                ("pipit-chat-servers", &self.chat_servers),
            ];
            let html = String::from_utf8_lossy(&content).into_owned();
            let html = lists.iter().fold(html, |html, (name, list)| {
                let empty = format!("\"{name}\" content=\"\"");
                html.replace(&empty, &format!("\"{name}\" content=\"{}\"", lock(list)))
            });
            content = html.into_bytes();
        }
        Some((kind, content))
    }

    async fn session(&self, body: &str) -> Option<Vec<u8>> {
        let client = reqwest::Client::new();
        let answer = client
            .post(&self.session_address)
            .body(body.to_owned())
            .send();
        Some(answer.await.ok()?.bytes().await.ok()?.to_vec())
    }
}

async fn read(connection: &mut TcpStream) -> Option<RecordedRequest> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
        if connection.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let body = bytes.split_off(end + 4);
    let head = String::from_utf8_lossy(&bytes).into_owned();
    let mut lines = head.lines();
    let mut first = lines.next()?.split(' ');
    let (method, path) = (first.next()?.to_owned(), first.next()?.to_owned());
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
