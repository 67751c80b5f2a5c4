//! Why a conversation did not come about, or was lost: a cause for each, with its own words in the
//! widget's `locale`.

use pipit_wire::consumer::ResultType;

use crate::SessionRefused;

/// Why a conversation did not come about, or was lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The page gave no session.
    NoSession(SessionRefused),
    /// Site or address of the chat server are neither configured nor told by the session.
    NoAddress,
    /// 400: the request was not understood.
    BadRequest,
    /// 403: the token was refused.
    TokenRefused,
    /// 404: no such site or pool.
    NotFound,
    /// 408: the request timed out.
    TimedOut,
    /// 409: the engagement was dequeued by the routing rules.
    Dequeued,
    /// 5xx: the chat server failed.
    ServerError,
    /// Another status.
    UnexpectedStatus(u16),
    /// 200 with a `resultType` other than SUCCESS.
    NotStarted(ResultType),
    /// 200, but the body tells of no engagement.
    Unreadable,
    /// The server could not be reached.
    Unreachable,
    /// The engagement was there, and the server knows its session no more.
    SessionLost,
    /// The page was left before the server had answered, or after a failure.
    Interrupted,
}

impl Failure {
    /// What a status of `requestEngagement` other than 200 means. PAGE 001.
    pub(crate) fn of_status(status: u16) -> Self {
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

    /// Whether trying again can help. A page that is set up wrongly, and a rule or an hour that
    /// says no, say the same again.
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
