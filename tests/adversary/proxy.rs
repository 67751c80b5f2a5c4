//! A proxy between the browser and the test server. It serves the site and the chat server's API under one origin, so that
//! the page may read every answer, also a broken one. It breaks the answers that a test selects, in the ways of
//! `breakage.rs`, and remembers the secrets that it has seen.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use pipit_e2e::{RecordedRequest, TestServer};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;

use super::breakage::{Breakage, Step};

/// The answer of a server: status line and headers with the empty line after them, and the body.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) head: String,
    pub(super) body: Vec<u8>,
}

/// The path to which a page posts a text that [`Proxy::report`] returns.
const REPORT: &str = "/report";

/// A running proxy. Dropping it ends it.
pub(super) struct Proxy {
    port: u16,
    state: Arc<ProxyState>,
    task: AbortHandle,
}

/// The data that all connections share.
struct ProxyState {
    /// Host and port of the site.
    site: String,
    /// Host and port of the API.
    api: String,
    /// The operation whose next answer is broken, and how.
    plan: Mutex<Option<(&'static str, Breakage)>>,
    /// The most recent whole answer of each operation. A breakage may send it again.
    earlier: Mutex<BTreeMap<String, Answer>>,
    /// The tokens and session ids of all requests.
    secrets: Mutex<BTreeSet<String>>,
    /// The most recent text that a page has sent to [`REPORT`].
    report: Mutex<String>,
    /// The operations of all requests, oldest first.
    operations: Mutex<Vec<String>>,
}

impl Proxy {
    pub(super) async fn start(server: &TestServer) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await;
        let listener = listener.expect("there is a free port");
        let port = listener.local_addr().expect("it has an address").port();
        let host = |url: String| url.trim_start_matches("http://").to_owned();
        let state = Arc::new(ProxyState {
            site: host(server.site()),
            api: host(server.api()),
            plan: Mutex::default(),
            earlier: Mutex::default(),
            secrets: Mutex::default(),
            report: Mutex::default(),
            operations: Mutex::default(),
        });
        let shared = state.clone();
        let task = tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                let state = shared.clone();
                // A browser may close a connection at any time.
                tokio::spawn(async move { state.serve(connection).await });
            }
        });
        let task = task.abort_handle();
        Self { port, state, task }
    }

    pub(super) fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Breaks the next answer of an operation. `operation` is the last part of its address.
    pub(super) fn break_next(&self, operation: &'static str, breakage: Breakage) {
        *lock(&self.state.plan) = Some((operation, breakage));
    }

    /// Whether the planned breakage still waits for an answer.
    pub(super) fn is_planned(&self) -> bool {
        lock(&self.state.plan).is_some()
    }

    /// The most recent text that a page has sent to `/report`.
    pub(super) fn report(&self) -> String {
        lock(&self.state.report).clone()
    }

    /// The number of requests for an operation so far.
    pub(super) fn count(&self, operation: &str) -> usize {
        let operations = lock(&self.state.operations);
        operations.iter().filter(|it| *it == operation).count()
    }

    /// The tokens and session ids that the browser has sent so far.
    pub(super) fn secrets(&self) -> Vec<String> {
        lock(&self.state.secrets).iter().cloned().collect()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl ProxyState {
    /// Answers the one request of a connection. `None` if the browser or the server closes the connection early.
    async fn serve(&self, mut connection: TcpStream) -> Option<()> {
        let request = RecordedRequest::read(&mut connection).await?;
        self.remember_secrets(&request);
        let path = request.path.split('?').next().unwrap_or_default();
        if path == REPORT {
            *lock(&self.report) = request.body;
            return connection
                .write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
                .await
                .ok();
        }
        let operation = path.rsplit('/').next().unwrap_or_default().to_owned();
        lock(&self.operations).push(operation.clone());
        let is_api = path.starts_with("/engagement/") || path.starts_with("/ci/");
        let server = if is_api { &self.api } else { &self.site };
        let mut closed = [0];
        let bytes = tokio::select! {
            bytes = forward(server, &request) => bytes?,
            // The browser has closed the connection, so the server must learn that nobody waits for the poll any more.
            _ = connection.read(&mut closed) => return None,
        };
        let answer = split(&bytes)?;
        let is_post = request.method == "POST";
        let breakage = self.take_plan(&operation).filter(|_| is_post);
        let Some(breakage) = breakage else {
            if is_post {
                lock(&self.earlier).insert(operation, answer);
            }
            return connection.write_all(&bytes).await.ok();
        };
        let steps = breakage.steps(&answer, &self.earlier(&operation));
        for step in steps {
            match step {
                Step::Send(bytes) => connection.write_all(&bytes).await.ok()?,
                Step::Pause(time) => tokio::time::sleep(time).await,
                // Closing a socket without lingering sends a reset.
                Step::Reset => return connection.set_zero_linger().ok(),
            }
        }
        Some(())
    }

    fn remember_secrets(&self, request: &RecordedRequest) {
        let token = request
            .header("authorization")
            .and_then(|it| it.strip_prefix("Bearer "));
        let secrets = [token, request.header("sessionid")].into_iter().flatten();
        lock(&self.secrets).extend(secrets.map(str::to_owned));
    }

    /// Takes the plan if it is for this operation.
    fn take_plan(&self, operation: &str) -> Option<Breakage> {
        let plan = &mut *lock(&self.plan);
        let (_, breakage) = plan.take_if(|(planned, _)| *planned == operation)?;
        Some(breakage)
    }

    /// The most recent answer of this operation, and of another one.
    fn earlier(&self, operation: &str) -> [Option<Answer>; 2] {
        let earlier = lock(&self.earlier);
        let other = earlier.iter().find(|(name, _)| *name != operation);
        [
            earlier.get(operation).cloned(),
            other.map(|(_, answer)| answer.clone()),
        ]
    }
}

/// Sends a request to a server, and returns the bytes of the whole answer.
async fn forward(server: &str, request: &RecordedRequest) -> Option<Vec<u8>> {
    let mut upstream = TcpStream::connect(server).await.ok()?;
    let kept = request.headers.iter().filter(|line| {
        let hop = ["connection:", "host:", "accept-encoding:"];
        !hop.iter().any(|name| line.starts_with(name))
    });
    let headers: Vec<_> = kept.map(String::as_str).collect();
    let head = format!(
        "{} {} HTTP/1.1\r\nhost: {server}\r\nconnection: close\r\n{}\r\n\r\n",
        request.method,
        request.path,
        headers.join("\r\n")
    );
    upstream.write_all(head.as_bytes()).await.ok()?;
    upstream.write_all(request.body.as_bytes()).await.ok()?;
    let mut bytes = Vec::new();
    upstream.read_to_end(&mut bytes).await.ok()?;
    Some(bytes)
}

fn split(bytes: &[u8]) -> Option<Answer> {
    let end = bytes.windows(4).position(|it| it == b"\r\n\r\n")? + 4;
    let (head, body) = bytes.split_at(end);
    let head = String::from_utf8_lossy(head).into_owned();
    Some(Answer {
        head,
        body: body.to_vec(),
    })
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
