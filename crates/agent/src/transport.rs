//! [`Transport`]: what a client of the agent API needs of its surroundings, which are a web page, a test, or a chat server
//! in the same process.

use futures_util::future::LocalBoxFuture;
pub use pipit_fetch::NoAnswer;
pub use pipit_wire::consumer::Method;

/// Sends requests and knows the time. Everything that the client does is repeatable with a transport of a test's own, which
/// may answer without a network and may have a virtual clock.
pub trait Transport {
    /// Sends a request and returns the complete answer, whatever its status is. Dropping the future aborts the request.
    fn send(&self, request: HttpRequest)
    -> LocalBoxFuture<'static, Result<HttpResponse, NoAnswer>>;

    /// Waits for this time, in ms.
    fn sleep(&self, duration_ms: u32) -> LocalBoxFuture<'static, ()>;

    /// The current time, in ms since 1970.
    fn now_ms(&self) -> i64;
}

/// An HTTP request. It has no debug form, because its headers contain tokens.
#[derive(Clone)]
pub struct HttpRequest {
    /// GET, or POST with JSON text.
    pub method: Method,
    /// The complete address.
    pub url: String,
    /// The headers, without `Content-Type`: a transport adds `application/json; charset=utf-8` to a POST.
    pub headers: Vec<(&'static str, String)>,
    /// The body. It is empty if the method is GET.
    pub body: String,
    /// The longest wait for the complete answer, in ms.
    pub timeout_ms: u32,
}

/// An HTTP answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpResponse {
    /// The HTTP status.
    pub status: u16,
    /// The pause that the header `Retry-After` demands, in ms. `None` if there is no such header.
    pub retry_after_ms: Option<u64>,
    /// The body as text.
    pub body: String,
}
