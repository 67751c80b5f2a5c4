//! Faults of the network between the server and its clients: connections that end, and answers that are late, cut in half
//! or never arrive. They apply to the API's operations, not to preflights, session endpoints and switches.

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
use tokio::time::sleep;

use crate::fault_plan::{CallSelector, FaultPlan};
use crate::response::bad_request;

/// The body of `POST /sandbox/network`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NetworkRequest {
    /// The calls that fail; see [`CallSelector::parse`].
    operation: String,
    /// The fault. Required, unless `times` is 0.
    fault: Option<NetworkFault>,
    /// The number of calls that fail; 0 cancels the fault. If it is missing, the fault applies until it is cancelled.
    times: Option<u32>,
}

/// What can happen to a call.
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
    /// The answer arrives, and its connection is not used again.
    Close,
}

/// The direction: to the server, or from it.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Direction {
    In,
    Out,
}

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
            bad_request("The network needs a fault, or times 0 to clear the one that stands.")
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

    pub(crate) fn clear(&mut self) {
        self.0.cancel_all();
    }

    /// The fault for a request that has just arrived; `None` if it is processed as usual. `operation` is `side/name`.
    pub(crate) fn take_for_request(&mut self, operation: &str) -> Option<NetworkFault> {
        self.0
            .take_next(operation, NetworkFault::is_before_processing)
    }

    /// The fault for an answer that is about to be sent; `None` if it is sent as usual. `operation` is `side/name`.
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
            Self::DropBefore | Self::BlackHole(Direction::In) | Self::Refuse(_)
        )
    }

    /// Turns the answer into what the client gets.
    pub(crate) async fn apply_to(self, answer: impl Future<Output = Response>) -> Response {
        match self {
            Self::DropBefore => broken(BrokenBody::AtOnce),
            Self::DropAfter => {
                answer.await;
                broken(BrokenBody::AtOnce)
            }
            Self::DelayMs(delay) => {
                let answer = answer.await;
                sleep(Duration::from_millis(delay)).await;
                answer
            }
            Self::BlackHole(Direction::In) => never().await,
            Self::BlackHole(Direction::Out) => {
                answer.await;
                never().await
            }
            Self::Refuse(refusal) => refusal.answer(),
            Self::Cut => cut_in_half(answer.await).await,
            Self::Close => {
                let mut answer = answer.await;
                let close = HeaderValue::from_static("close");
                answer.headers_mut().insert(header::CONNECTION, close);
                answer
            }
        }
    }
}

/// Never returns; the client hangs up at some time, which drops the future.
async fn never() -> Response {
    match pending::<Infallible>().await {}
}

impl ProxyRefusal {
    /// The proxy's answer: no JSON, and not an error of the chat API.
    fn answer(self) -> Response {
        let mut response = Response::new(Body::from("A proxy that was ordered from the sandbox."));
        let status = StatusCode::from_u16(self.status);
        *response.status_mut() = status.unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
        if let Some(seconds) = self.retry_after {
            let headers = response.headers_mut();
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// The answer with half of its body. Its header `Content-Length` still promises the whole.
async fn cut_in_half(answer: Response) -> Response {
    let (mut head, body) = answer.into_parts();
    let whole = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let length = HeaderValue::from(whole.len());
    head.headers.insert(header::CONTENT_LENGTH, length);
    let half = whole.slice(..whole.len() / 2);
    Response::from_parts(head, Body::new(BrokenBody::After(half)))
}

/// A response whose connection ends before anything of it is sent.
fn broken(body: BrokenBody) -> Response {
    Response::new(Body::new(body))
}

/// A body that fails. When it does, hyper ends the connection.
enum BrokenBody {
    /// Fails before hyper has sent anything, the answer's headers included.
    AtOnce,
    /// Fails after these bytes.
    After(Bytes),
    /// Fails at the next poll. Until then hyper sends the bytes that it has, because the body has nothing ready.
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
        f.write_str("the connection was dropped, as ordered from the sandbox")
    }
}

impl std::error::Error for ConnectionDropped {}
