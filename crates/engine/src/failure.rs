//! Why a conversation did not start or was lost. Each cause has its own text in the widget's `locale`.
//!
//! PAGE nnn: documented on that page of Oracle's API reference. FOUND: seen in Oracle's own clients or
//! answers. INFERRED: our assumption.

use pipit_wire::consumer::ResultType;

use crate::input::SessionRefused;

/// Why a conversation did not start or was lost.
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
    /// 409: the routing rules dequeued the engagement.
    Dequeued,
    /// 5xx: the chat server failed.
    ServerError,
    /// Any other status.
    UnexpectedStatus(u16),
    /// 200 with a `resultType` other than SUCCESS.
    NotStarted(ResultType),
    /// 200 with a body that contains no engagement.
    Unreadable,
    /// The server could not be reached.
    Unreachable,
    /// The engagement had started, and the server no longer knows its session id.
    SessionLost,
    /// The page was unloaded during a start, or after a failure that excluded another attempt. After the
    /// reload the visitor may try again.
    Interrupted,
}

impl Failure {
    /// The failure that a status of `requestEngagement` other than 200 stands for (PAGE 001).
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

    /// Whether trying again can help. It cannot when the page is misconfigured, or when a routing rule
    /// or the opening hours exclude a chat: the next attempt would get the same answer.
    pub fn can_try_again(&self) -> bool {
        match self {
            Self::NoSession(refused) => *refused == SessionRefused::Unavailable,
            Self::NoAddress | Self::BadRequest | Self::NotFound | Self::Dequeued => false,
            Self::NotStarted(result) => !matches!(
                result,
                ResultType::FailOutOfHours | ResultType::FailHoliday | ResultType::FailRuleDequeue
            ),
            Self::TokenRefused
            | Self::TimedOut
            | Self::ServerError
            | Self::UnexpectedStatus(_)
            | Self::Unreadable
            | Self::Unreachable
            | Self::SessionLost
            | Self::Interrupted => true,
        }
    }
}
