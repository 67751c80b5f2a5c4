//! The addresses that the server answers: `/chat-session` for browsers, `/health` for balancers, and, on a port of its
//! own, `/metrics`. The order of the checks matters: what is cheap comes first, and the service site last.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, ALLOW,
    CACHE_CONTROL, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, ORIGIN, RETRY_AFTER, VARY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::Response;
use axum::routing::{any, get};
use axum::{Extension, Router};
use governor::clock::DefaultClock;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use pipit_wire::session::SessionInformation;
use tokio::time::timeout;

use crate::answers::{Choices, read_answers};
use crate::client_address::client_address;
use crate::limiter::Limiter;
use crate::login::{SignIn, find_visitor};
use crate::metrics::Metrics;
use crate::refusal::Refusal;
use crate::service_site::{ServiceFailure, ServiceSite, Session};
use crate::settings::{LoginSettings, Settings};

/// The longest body that is read, in bytes.
const MAX_BODY_BYTES: usize = 16_384;

/// How long a body may take to arrive.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// The address at the other end of the connection, which `server` adds to each request.
#[derive(Clone, Copy)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// Everything that answers a request.
pub(crate) struct Endpoint {
    allowed_origins: Vec<String>,
    choices: Choices,
    proxies: usize,
    login: LoginSettings,
    limiter: Limiter,
    service_site: ServiceSite,
    metrics: Metrics,
}

/// An answer that is no refusal.
enum Answer {
    Session(Session),
    /// The browser asked whether a page may send its request.
    Preflight,
}

impl Endpoint {
    /// # Errors
    /// A text if the certificates of this machine cannot be read.
    pub(crate) fn new(settings: Settings) -> Result<Self, String> {
        Ok(Self {
            allowed_origins: settings.allowed_origins,
            choices: settings.choices,
            proxies: settings.proxies,
            login: settings.login,
            limiter: Limiter::new(
                settings.chats_per_minute,
                settings.chats_per_minute_in_all,
                DefaultClock::default(),
            ),
            service_site: ServiceSite::new(settings.service_site)?,
            metrics: Metrics::new(),
        })
    }

    /// Forgets clients whose requests no longer count. Call it now and then.
    pub(crate) fn forget_idle_clients(&self) {
        self.limiter.forget_idle_clients();
    }

    async fn answer(&self, peer: IpAddr, request: Request) -> Result<Answer, Refusal> {
        let origin = request.headers().get(ORIGIN);
        if origin.is_some_and(|origin| !self.is_allowed(origin)) {
            return Err(Refusal::OriginNotAllowed);
        }
        if request.method() == Method::OPTIONS {
            return Ok(Answer::Preflight);
        }
        if request.method() != Method::POST {
            return Err(Refusal::MethodNotAllowed);
        }
        let client = client_address(request.headers(), peer, self.proxies);
        self.limiter.count_request(client)?;
        if !is_json(request.headers()) {
            return Err(Refusal::UnsupportedType);
        }
        let sign_in = find_visitor(&self.login, request.headers(), peer);
        let body = read_body(request).await?;
        let mut information = read_answers(&body, &self.choices).ok_or(Refusal::Malformed)?;
        self.metrics.count_login(&sign_in);
        if let SignIn::SignedIn(visitor) = sign_in {
            visitor.replace_claims(&mut information);
        }
        self.limiter.count_session()?;
        self.establish_session(&information)
            .await
            .map(Answer::Session)
    }

    async fn establish_session(
        &self,
        information: &SessionInformation,
    ) -> Result<Session, Refusal> {
        let _call = self.metrics.begin_call();
        let start = Instant::now();
        let outcome = self.service_site.establish_session(information).await;
        self.metrics.observe_service(start.elapsed());
        outcome.map_err(|failure| {
            eprintln!("pipit-session: establishSessions: {failure}");
            match failure {
                ServiceFailure::Timeout => Refusal::ServiceTimeout,
                ServiceFailure::NoConnection(_)
                | ServiceFailure::Status(_)
                | ServiceFailure::BrokenAnswer
                | ServiceFailure::NoSession => Refusal::ServiceUnavailable,
            }
        })
    }

    fn is_allowed(&self, origin: &HeaderValue) -> bool {
        let allowed = &self.allowed_origins;
        allowed.iter().any(|it| it.as_bytes() == origin.as_bytes())
    }

    /// Makes a response, with the headers that all answers to browsers have.
    fn respond(&self, origin: Option<&HeaderValue>, outcome: Result<Answer, Refusal>) -> Response {
        let (mut response, code) = match outcome {
            Ok(Answer::Session(session)) => (json(StatusCode::OK, session.to_json()), ""),
            Ok(Answer::Preflight) => {
                let mut response = Response::new(Body::empty());
                *response.status_mut() = StatusCode::NO_CONTENT;
                (response, "")
            }
            Err(refusal) => (refuse(refusal), refusal.status_and_code().1),
        };
        self.metrics.count_answer(response.status().as_u16(), code);
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(VARY, HeaderValue::from_static("Origin"));
        if let Some(origin) = origin.filter(|origin| self.is_allowed(origin)) {
            headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
            let methods = HeaderValue::from_static("POST");
            headers.insert(ACCESS_CONTROL_ALLOW_METHODS, methods);
            let accepted_headers = HeaderValue::from_static("Content-Type");
            headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, accepted_headers);
        }
        response
    }
}

/// The routes for browsers and balancers.
pub(crate) fn router(endpoint: Arc<Endpoint>) -> Router {
    Router::new()
        .route("/chat-session", any(serve_session))
        .route("/health", get(serve_health))
        .fallback(serve_unknown_address)
        .with_state(endpoint)
}

/// The route for Prometheus.
pub(crate) fn metrics_router(endpoint: Arc<Endpoint>) -> Router {
    Router::new()
        .route("/metrics", get(serve_metrics))
        .with_state(endpoint)
}

async fn serve_session(
    State(endpoint): State<Arc<Endpoint>>,
    Extension(Peer(peer)): Extension<Peer>,
    request: Request,
) -> Response {
    let origin = request.headers().get(ORIGIN).cloned();
    let outcome = endpoint.answer(peer, request).await;
    endpoint.respond(origin.as_ref(), outcome)
}

async fn serve_unknown_address(
    State(endpoint): State<Arc<Endpoint>>,
    request: Request,
) -> Response {
    endpoint.respond(request.headers().get(ORIGIN), Err(Refusal::NotFound))
}

/// Says that the server runs. It does not ask the service site: a balancer that removed this server for a fault of the
/// service site would remove all of them.
async fn serve_health() -> Response {
    let mut response = json(StatusCode::OK, r#"{"status":"ok"}"#.to_owned());
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn serve_metrics(State(endpoint): State<Arc<Endpoint>>) -> Response {
    let text = endpoint.metrics.text(endpoint.limiter.client_count());
    let mut response = Response::new(Body::from(text));
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

/// Whether the body is declared as JSON. Forms of other sites can send other types without asking the server first.
fn is_json(headers: &HeaderMap) -> bool {
    let declared = headers.get(CONTENT_TYPE).and_then(|it| it.to_str().ok());
    let kind = declared.and_then(|text| text.split(';').next());
    kind.is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

/// Reads the body. A body that is declared to be too long is refused before it arrives.
async fn read_body(request: Request) -> Result<Vec<u8>, Refusal> {
    let declared = request.headers().get(CONTENT_LENGTH);
    let declared = declared.and_then(|it| it.to_str().ok()?.parse::<usize>().ok());
    if declared.is_some_and(|length| length > MAX_BODY_BYTES) {
        return Err(Refusal::TooLarge);
    }
    let body = Limited::new(request.into_body(), MAX_BODY_BYTES).collect();
    match timeout(BODY_TIMEOUT, body).await {
        Ok(Ok(body)) => Ok(body.to_bytes().into()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Refusal::TooLarge),
        // The connection broke, so nobody will read the answer.
        Ok(Err(_)) => Err(Refusal::Malformed),
        Err(_) => Err(Refusal::RequestTimeout),
    }
}

fn json(status: StatusCode, text: String) -> Response {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

fn refuse(refusal: Refusal) -> Response {
    let (status, code) = refusal.status_and_code();
    let mut response = json(status, format!(r#"{{"error":"{code}"}}"#));
    let headers = response.headers_mut();
    match refusal {
        Refusal::MethodNotAllowed => {
            headers.insert(ALLOW, HeaderValue::from_static("POST, OPTIONS"));
        }
        Refusal::RateLimited {
            retry_after_seconds,
        } => {
            headers.insert(RETRY_AFTER, retry_after_seconds.into());
        }
        // The rest of the body is not read, so that the connection cannot be used again.
        Refusal::TooLarge | Refusal::RequestTimeout => {
            headers.insert(CONNECTION, HeaderValue::from_static("close"));
        }
        _ => {}
    }
    response
}
