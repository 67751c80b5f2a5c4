//! Faults of the network that tests plan with `POST /sandbox/network`: connections that end, requests that do not
//! arrive or are refused by a proxy, answers that are delayed, cut in half or never sent, and answers that somebody else
//! sends. They apply to the operations of the chat REST API only: the browser's CORS preflights, the endpoints for
//! sessions and requests to `/sandbox/…` are never affected.

use std::convert::Infallible;
use std::future::{Future, pending};
use std::num::NonZeroU32;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody, to_bytes};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use http_body::Frame;
use pipit_wire::Refusal;
use serde::Deserialize;

use crate::clock::Clock;
use crate::fault_plan::{CallSelector, FaultPlan};
use crate::response::bad_request;

/// The body of `POST /sandbox/network`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NetworkRequest {
    /// The calls to which the fault applies; see [`CallSelector::parse`].
    operation: String,
    /// The fault. Required, unless `times` is 0.
    fault: Option<NetworkFault>,
    /// The number of calls to which the fault applies; 0 cancels the fault that was planned for the same `operation`.
    /// `None`: the fault applies until it is cancelled.
    times: Option<u32>,
}

/// A fault of the network, as it affects one call.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum NetworkFault {
    /// The connection ends before the request is processed.
    DropBefore,
    /// The request is processed, then the connection ends without an answer.
    DropAfter,
    /// The answer is delayed by this many ms.
    DelayMs(u64),
    /// Nothing arrives in this direction, and the connection stays open.
    BlackHole(Direction),
    /// A proxy answers, and the request is not processed.
    Refuse(ProxyRefusal),
    /// The connection ends in the middle of the answer's body.
    Cut,
    /// The answer arrives, and the connection ends after it: the client cannot use it for the next request.
    Close,
    /// Somebody else answers in the server's place, with a status that does not report a failure.
    SomebodyElse(Substitute),
}

/// The answer of somebody else.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Substitute {
    /// What the answer consists of.
    sends: SubstituteBody,
    /// Whether the server processes the request, so that only its answer is replaced.
    #[serde(default)]
    processed: bool,
}

/// What somebody else sends. All kinds have status 200, except those whose description names another status.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SubstituteBody {
    /// The web page of a network's sign-in, or of a service worker.
    Html,
    /// The JSON of another service.
    Json,
    /// A text that is not JSON.
    Text,
    /// Nothing.
    Empty,
    /// Nothing, with status 204.
    NoContent,
    /// A redirect to another address, with status 302.
    Redirect,
}

/// A direction in which data travels.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Direction {
    /// Requests to the server.
    In,
    /// Answers from the server.
    Out,
}

/// The answer of a proxy that refuses a request.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProxyRefusal {
    status: u16,
    /// The value of the header `Retry-After`, in s; `None` omits the header.
    retry_after: Option<u32>,
}

/// The planned faults of the network.
#[derive(Debug, Default)]
pub(crate) struct NetworkFaults(FaultPlan<NetworkFault>);

impl NetworkFaults {
    /// Plans a fault, or cancels one if `times` is 0.
    pub(crate) fn set(&mut self, request: &NetworkRequest) -> Result<(), Refusal> {
        let calls = CallSelector::parse(&request.operation)?;
        let times = match request.times.map(NonZeroU32::new) {
            Some(None) => {
                self.0.cancel(&calls);
                return Ok(());
            }
            Some(times) => times,
            None => None,
        };
        let fault = request.fault.ok_or_else(|| {
            bad_request("The request needs a fault, or times 0 to cancel the planned fault.")
        })?;
        if let NetworkFault::Refuse(ProxyRefusal { status, .. }) = fault
            && !matches!(status, 400..=599)
        {
            return Err(bad_request(
                "A proxy refuses with a status from 400 to 599.",
            ));
        }
        self.0.set(calls, fault, times);
        Ok(())
    }

    /// Cancels all planned faults.
    pub(crate) fn clear(&mut self) {
        self.0.cancel_all();
    }

    /// Returns the planned fault for a request that has just arrived, and counts the call as one of the fault's `times`;
    /// `None` if the request is processed as usual. `operation` is `side/name`, for example `consumer/postMessage`.
    pub(crate) fn take_for_request(&mut self, operation: &str) -> Option<NetworkFault> {
        self.0
            .take_next(operation, NetworkFault::is_before_processing)
    }

    /// Returns the planned fault for a call whose answer is ready, and counts the call as one of the fault's `times`;
    /// `None` if the answer is sent as usual.
    pub(crate) fn take_for_answer(&mut self, operation: &str) -> Option<NetworkFault> {
        self.0
            .take_next(operation, |fault| !fault.is_before_processing())
    }
}

impl NetworkFault {
    /// Whether the fault prevents the server from processing the request.
    fn is_before_processing(&self) -> bool {
        matches!(
            self,
            Self::DropBefore
                | Self::BlackHole(Direction::In)
                | Self::Refuse(_)
                | Self::SomebodyElse(Substitute {
                    processed: false,
                    ..
                })
        )
    }

    /// Applies the fault to one call. `answer` is a future that returns the server's answer. A fault that prevents the
    /// processing never polls this future, so the request is not processed.
    pub(crate) async fn apply_to(
        self,
        clock: &Clock,
        answer: impl Future<Output = Response>,
    ) -> Response {
        match self {
            Self::DropBefore => broken_response(),
            Self::DropAfter => {
                answer.await;
                broken_response()
            }
            Self::DelayMs(delay) => {
                let answer = answer.await;
                clock.sleep(Duration::from_millis(delay)).await;
                answer
            }
            Self::BlackHole(Direction::In) => never().await,
            Self::BlackHole(Direction::Out) => {
                answer.await;
                never().await
            }
            Self::Refuse(refusal) => refusal.answer(),
            Self::Cut => cut_in_half(answer.await).await,
            Self::SomebodyElse(substitute) => {
                if substitute.processed {
                    answer.await;
                }
                substitute.sends.response()
            }
            Self::Close => {
                let mut answer = answer.await;
                let close = HeaderValue::from_static("close");
                answer.headers_mut().insert(header::CONNECTION, close);
                answer
            }
        }
    }
}

/// Never returns. The future is dropped when the client closes the connection.
async fn never() -> Response {
    match pending::<Infallible>().await {}
}

impl SubstituteBody {
    fn response(self) -> Response {
        let page = "<!doctype html><title>Sign in</title><h1>Welcome to this network</h1>";
        let (status, media_type, body) = match self {
            Self::Html => (StatusCode::OK, "text/html; charset=utf-8", page),
            Self::Json => (StatusCode::OK, "application/json", r#"{"ok":true}"#),
            Self::Text => (StatusCode::OK, "text/plain", "offline"),
            Self::Empty => (StatusCode::OK, "text/plain", ""),
            Self::NoContent => (StatusCode::NO_CONTENT, "text/plain", ""),
            Self::Redirect => (StatusCode::FOUND, "text/html; charset=utf-8", page),
        };
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
        if status == StatusCode::FOUND {
            headers.insert(header::LOCATION, HeaderValue::from_static("/sandbox/state"));
        }
        response
    }
}

impl ProxyRefusal {
    /// The proxy's answer. Its body is not JSON, because a proxy does not know the chat REST API.
    fn answer(self) -> Response {
        let mut response = Response::new(Body::from("A planned fault of the sandbox."));
        let status = StatusCode::from_u16(self.status);
        *response.status_mut() = status.unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
        if let Some(seconds) = self.retry_after {
            let headers = response.headers_mut();
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// Returns the answer with half of its body, although the header `Content-Length` announces the whole body. After the
/// half, the connection ends. An answer without a body has no half, so its connection ends at once.
async fn cut_in_half(answer: Response) -> Response {
    let (mut head, body) = answer.into_parts();
    let whole = to_bytes(body, usize::MAX).await.unwrap_or_default();
    if whole.is_empty() {
        return broken_response();
    }
    let length = HeaderValue::from(whole.len());
    head.headers.insert(header::CONTENT_LENGTH, length);
    let half = whole.slice(..whole.len() / 2);
    Response::from_parts(head, Body::new(BrokenBody::After(half)))
}

/// A response whose connection ends before any byte of it is sent.
fn broken_response() -> Response {
    Response::new(Body::new(BrokenBody::AtOnce))
}

/// A response body that fails. The HTTP library hyper then ends the connection.
enum BrokenBody {
    /// Fails before hyper has sent a byte, even of the headers.
    AtOnce,
    /// Delivers these bytes, and continues as [`Self::WhenSent`].
    After(Bytes),
    /// Is not ready when hyper first asks for more bytes, and fails when hyper asks again. Between the two questions,
    /// hyper sends the bytes that it has.
    WhenSent,
}

impl HttpBody for BrokenBody {
    type Data = Bytes;
    type Error = ConnectionDropped;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, ConnectionDropped>>> {
        match std::mem::replace(&mut *self, Self::AtOnce) {
            Self::AtOnce => Poll::Ready(Some(Err(ConnectionDropped))),
            Self::After(bytes) => {
                *self = Self::WhenSent;
                Poll::Ready(Some(Ok(Frame::data(bytes))))
            }
            Self::WhenSent => {
                context.waker().wake_by_ref();
                Poll::Pending
            }
        }
    }
}

/// The error of a connection that was ended on purpose.
#[derive(Debug)]
struct ConnectionDropped;

impl std::fmt::Display for ConnectionDropped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the connection was dropped by a planned fault")
    }
}

impl std::error::Error for ConnectionDropped {}
