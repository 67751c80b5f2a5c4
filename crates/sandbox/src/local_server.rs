//! A sandbox without a network: a function from a request to its answer, with a clock that its owner sets. The same routes
//! as in a server with ports answer, so a page in a browser, a program in Node.js or a test meets the same chat server.

use std::future::Future;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, HttpBody as _};
use axum::http::Request;
use axum::response::Response;
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use crate::api::{self, Task};
use crate::app_state::AppState;
use crate::clock::Clock;
use crate::manual_clock::ManualClock;
use crate::options::Options;
use crate::server_address::ServerAddress;
use crate::token::SecretKey;

/// A sandbox without a network. It has the routes of the API's port, and its clock stands still until
/// [`set_time`](Self::set_time) sets it.
#[derive(Debug)]
pub struct LocalServer {
    app: Arc<AppState>,
    router: Router,
}

/// A request to a [`LocalServer`].
#[derive(Clone, Debug, Default)]
pub struct LocalRequest {
    /// The HTTP method, such as `POST`.
    pub method: String,
    /// The path with the query, such as `/session?a=b`.
    pub path: String,
    /// The headers, in any order and any case.
    pub headers: Vec<(String, String)>,
    /// The body; empty if there is none.
    pub body: Vec<u8>,
}

/// The answer of a [`LocalServer`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The headers, with names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, or what was sent of it.
    pub body: Vec<u8>,
    /// Whether a planned fault has ended the connection after [`body`](Self::body). If that is empty, the client has got no
    /// byte of the answer.
    pub is_cut_off: bool,
}

impl LocalServer {
    /// Makes a sandbox whose clock shows `now_ms` (in ms since 1970), and its background tasks, which the caller must run as
    /// long as the sandbox is used. `domain` and `port` are the address of the chat server that the sandbox gives to its
    /// clients. The options about ports, files and the speed of the clock have no effect.
    ///
    /// # Errors
    /// A sentence that says which option is invalid, or that the system has no random numbers.
    pub fn new(
        options: &Options,
        (domain, port): (&str, Option<u16>),
        now_ms: i64,
    ) -> Result<(Self, Vec<impl Future<Output = ()> + Send + use<>>), String> {
        options.config.check()?;
        options.check()?;
        let no_randomness = |cause| format!("The system gives no random numbers: {cause}.");
        let mut key: SecretKey = [0; 64];
        getrandom::fill(&mut key).map_err(no_randomness)?;
        let seed = match options.seed {
            Some(seed) => seed,
            None => getrandom::u64().map_err(no_randomness)?,
        };
        let address = ServerAddress {
            domain: domain.to_owned(),
            port,
        };
        let clock = Clock::Manual(ManualClock::new(now_ms));
        let app = Arc::new(AppState::new(options, seed, key, clock, address));
        let router = api::router(&app);
        let tasks: Vec<Task> = api::tasks(&app);
        Ok((Self { app, router }, tasks))
    }

    /// Answers a request. The future of a poll (`getMessages`) ends when the server answers it. Dropping the future means
    /// that the client has closed the connection.
    pub fn answer(
        &self,
        request: LocalRequest,
    ) -> impl Future<Output = LocalAnswer> + Send + use<> {
        let router = self.router.clone();
        async move {
            match http_request(request) {
                Ok(request) => {
                    // The error type of a router has no values.
                    let answered = router.oneshot(request).await;
                    let Ok(response) = answered;
                    read(response).await
                }
                Err(error) => LocalAnswer {
                    status: 400,
                    headers: Vec::new(),
                    body: error.to_string().into_bytes(),
                    is_cut_off: false,
                },
            }
        }
    }

    /// The time of the sandbox's clock, in ms since 1970.
    pub fn now(&self) -> i64 {
        self.app.clock.now()
    }

    /// Sets the clock, in ms since 1970. What is due by then happens when the background tasks and the futures of
    /// [`answer`](Self::answer) are polled again. An earlier time than the current one has no effect.
    pub fn set_time(&self, now_ms: i64) {
        self.app.clock.set(now_ms);
    }

    /// The next time at which something happens in the sandbox if no request arrives, in ms since 1970: a time-out, or the
    /// end of a held poll.
    pub fn next_wake(&self) -> Option<i64> {
        self.app.clock.next_wake()
    }

    /// Ends all held polls, without messages.
    pub fn stop(&self) {
        self.app.stop();
    }
}

/// The request in the form of the HTTP library.
fn http_request(request: LocalRequest) -> Result<Request<Body>, axum::http::Error> {
    let mut builder = Request::builder()
        .method(request.method.as_str())
        .uri(request.path);
    for (name, value) in request.headers {
        builder = builder.header(name, value);
    }
    builder.body(Body::from(request.body))
}

/// Reads an answer until its end, or until the planned fault that ends it.
async fn read(response: Response) -> LocalAnswer {
    let (head, mut body) = response.into_parts();
    let mut bytes = Vec::new();
    let mut is_cut_off = false;
    while !is_cut_off && !body.is_end_stream() {
        match body.frame().await {
            Some(Ok(frame)) => bytes.extend(frame.into_data().unwrap_or_default()),
            Some(Err(_)) => is_cut_off = true,
            None => break,
        }
    }
    let headers = head.headers.iter().map(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes());
        (name.as_str().to_owned(), value.into_owned())
    });
    LocalAnswer {
        status: head.status.as_u16(),
        headers: headers.collect(),
        body: bytes,
        is_cut_off,
    }
}
