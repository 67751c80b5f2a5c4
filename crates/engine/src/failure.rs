//! The reasons why a conversation does not start or is lost. The widget shows the visitor a text for each
//! reason. The *page* is the web page that contains the widget.
//!
//! The page supplies a *session* with a token, which authorizes the start of a conversation. The *session id*
//! comes from the server with the engagement (a chat at the server), and authorizes every later request.
//!
//! PAGE nnn: documented on that page of Oracle's API reference.

use pipit_wire::UnexpectedBody;
use pipit_wire::consumer::ResultType;

use crate::input::SessionRefused;

/// Why a conversation did not start or was lost. The numbers are statuses of the server's answer to
/// `requestEngagement`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The page gave no session.
    NoSession(SessionRefused),
    /// The site or the address of the chat server is neither configured nor part of the session.
    NoAddress,
    /// 400: the server did not understand the request.
    BadRequest,
    /// 401 or 403: the server refused the token.
    TokenRefused,
    /// 404: the site or the pool does not exist.
    NotFound,
    /// 408: the request timed out.
    TimedOut,
    /// 409: the routing rules took the engagement out of the queue.
    Dequeued,
    /// 5xx: the chat server failed.
    ServerError,
    /// Any other status.
    UnexpectedStatus(u16),
    /// 200 with a `resultType` other than SUCCESS.
    NotStarted(ResultType),
    /// 200 with a body that contains no engagement: somebody else than the chat server has answered, or the answer
    /// was cut.
    UnexpectedBody(UnexpectedBody),
    /// No answer to `requestEngagement` arrived in time. Perhaps the server could not be reached.
    Unreachable,
    /// The engagement had started. Then the server refused its session id or no longer knew it, or no poll
    /// (request for messages) succeeded for so long that the server must have ended the engagement.
    SessionLost,
    /// The page that performed the start was unloaded before the start ended, or the stored engagement or failure
    /// cannot be read. After a reload, this also replaces a failure after which the visitor could not try again,
    /// because the page may now be configured differently. The visitor may try again.
    Interrupted,
}

impl Failure {
    /// The failure for an answer to `requestEngagement` with an error status (PAGE 001).
    pub(crate) fn from_status(status: u16) -> Self {
        match status {
            400 => Self::BadRequest,
            401 | 403 => Self::TokenRefused,
            404 => Self::NotFound,
            408 => Self::TimedOut,
            409 => Self::Dequeued,
            500..=599 => Self::ServerError,
            other => Self::UnexpectedStatus(other),
        }
    }

    /// Whether another attempt can help. It cannot help if the page is misconfigured, or if a routing rule
    /// or the opening hours exclude a chat, because the next attempt would fail in the same way.
    pub fn can_try_again(&self) -> bool {
        match self {
            Self::NoSession(refused) => refused.can_pass(),
            Self::NoAddress | Self::BadRequest | Self::NotFound | Self::Dequeued => false,
            Self::NotStarted(result) => !matches!(
                result,
                ResultType::FailOutOfHours | ResultType::FailHoliday | ResultType::FailRuleDequeue
            ),
            Self::TokenRefused
            | Self::TimedOut
            | Self::ServerError
            | Self::UnexpectedStatus(_)
            | Self::UnexpectedBody(_)
            | Self::Unreachable
            | Self::SessionLost
            | Self::Interrupted => true,
        }
    }
}
