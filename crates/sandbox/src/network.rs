//! A bad network between the operations and their clients: connections that end, answers that come
//! late, in half, or never. Preflights, sessions and switches are not touched by it.

use std::convert::Infallible;
use std::future::{Future, pending, ready};
use std::num::NonZeroU32;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use http_body::Frame;
use pipit_wire::Refusal;
use serde::Deserialize;
use tokio::time::sleep;

use crate::answer::bad_request;
use crate::hall::Hall;
use crate::orders::{Calls, Orders};

/// The body of `POST /sandbox/network`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NetworkRequest {
    /// See [`Calls::named`].
    operation: String,
    /// Needed unless `times` is 0.
    fault: Option<NetworkFault>,
    /// How often; 0 clears the operation's fault, and without it the fault stands until then.
    times: Option<u32>,
}

/// What can befall a call.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum NetworkFault {
    /// The connection ends before the request is processed.
    DropBefore,
    /// The request is processed, then the connection ends without an answer.
    DropAfter,
    /// The answer comes so many ms late.
    DelayMs(u64),
    /// What goes this way never comes, and the connection stays.
    BlackHole(Way),
    /// A proxy on the way answers, and the request is not processed.
    Refuse(ProxyRefusal),
    /// The connection ends in the middle of the answer's body.
    Cut,
    /// The answer comes, and its connection is not used again.
    Close,
}

/// To the server, or from it.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Way {
    In,
    Out,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ProxyRefusal {
    status: u16,
    /// The header `Retry-After`, in s.
    retry_after: Option<u32>,
}

/// The faults that stand.
#[derive(Debug, Default)]
pub(crate) struct Network(Orders<NetworkFault>);

impl Network {
    pub(crate) fn set(&mut self, request: &NetworkRequest) -> Result<(), Refusal> {
        let calls = Calls::named(&request.operation)?;
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
        self.0.place(calls, fault, times);
        Ok(())
    }

    pub(crate) fn clear(&mut self) {
        self.0.cancel_all();
    }

    fn meets_request(&mut self, operation: &str) -> Option<NetworkFault> {
        self.0.next(operation, NetworkFault::keeps_from_server)
    }

    fn meets_answer(&mut self, operation: &str) -> Option<NetworkFault> {
        self.0.next(operation, |fault| !fault.keeps_from_server())
    }
}

/// Lets the calls of the operations meet the network's faults. A fault of answers meets an answer
/// when it leaves, so also that of a poll which was held already when the fault was set.
pub(crate) async fn apply(State(hall): State<Arc<Hall>>, request: Request, next: Next) -> Response {
    let Some(operation) = operation(request.uri().path()) else {
        return next.run(request).await;
    };
    let fault = hall.network().meets_request(&operation);
    if let Some(fault) = fault {
        return fault.befall(next.run(request)).await;
    }
    let answer = next.run(request).await;
    let fault = hall.network().meets_answer(&operation);
    match fault {
        Some(fault) => fault.befall(ready(answer)).await,
        None => answer,
    }
}

/// The side and the name of the operation at `/engagement/api/{side}/{site}/v1/{name}`.
fn operation(path: &str) -> Option<String> {
    let mut parts = path.strip_prefix("/engagement/api/")?.split('/');
    Some(format!("{}/{}", parts.next()?, parts.next_back()?))
}

impl NetworkFault {
    /// Whether the server never sees a request that meets it.
    fn keeps_from_server(&self) -> bool {
        matches!(
            self,
            Self::DropBefore | Self::BlackHole(Way::In) | Self::Refuse(_)
        )
    }

    /// What the client gets in place of the answer.
    async fn befall(self, answer: impl Future<Output = Response>) -> Response {
        match self {
            Self::DropBefore => broken(Broken::AtOnce),
            Self::DropAfter => {
                answer.await;
                broken(Broken::AtOnce)
            }
            Self::DelayMs(delay) => {
                let answer = answer.await;
                sleep(Duration::from_millis(delay)).await;
                answer
            }
            Self::BlackHole(Way::In) => never().await,
            Self::BlackHole(Way::Out) => {
                answer.await;
                never().await
            }
            Self::Refuse(refusal) => refusal.answer(),
            Self::Cut => cut(answer.await).await,
            Self::Close => {
                let mut answer = answer.await;
                let close = HeaderValue::from_static("close");
                answer.headers_mut().insert(header::CONNECTION, close);
                answer
            }
        }
    }
}

/// Until the client hangs up.
async fn never() -> Response {
    match pending::<Infallible>().await {}
}

impl ProxyRefusal {
    /// As proxies do: no JSON, and no error of the chat service.
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

/// The answer with half of its body, though its head promises the whole.
async fn cut(answer: Response) -> Response {
    let (mut head, body) = answer.into_parts();
    let whole = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let length = HeaderValue::from(whole.len());
    head.headers.insert(header::CONTENT_LENGTH, length);
    let half = whole.slice(..whole.len() / 2);
    Response::from_parts(head, Body::new(Broken::After(half)))
}

fn broken(body: Broken) -> Response {
    Response::new(Body::new(body))
}

/// A body that fails, whereupon hyper ends the connection.
enum Broken {
    /// Before hyper has sent anything, the answer's head included.
    AtOnce,
    /// After these bytes.
    After(Bytes),
    /// When hyper has sent what it was given: it does while a body has nothing ready.
    WhenSent,
}

impl HttpBody for Broken {
    type Data = Bytes;
    type Error = Dropped;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Dropped>>> {
        match std::mem::replace(&mut *self, Self::AtOnce) {
            Self::AtOnce => Poll::Ready(Some(Err(Dropped))),
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

/// The network's doing.
#[derive(Debug)]
struct Dropped;

impl std::fmt::Display for Dropped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the connection was dropped, as ordered from the sandbox")
    }
}

impl std::error::Error for Dropped {}
