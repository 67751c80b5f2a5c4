//! [`AgentError`]: the reason why a call of the agent API failed.
//!
//! PAGE nnn: documented on that page of Oracle's API reference.

use pipit_fetch::NoAnswer;
use pipit_wire::{ExceptionCode, Refusal, UnexpectedBody};

/// The reason why a call of the agent API failed. [`AgentError::is_transient`] says whether sending the same
/// call again can help.
#[derive(Clone, Debug, PartialEq)]
pub enum AgentError {
    /// The server refused the request: the status is not from 200 to 299, or the body contains an error (PAGE 000, 002,
    /// 003).
    Refused(Refusal),
    /// No complete answer arrived. If the inner error is `Lost`, the server may have processed the request all the
    /// same; if it is `NotSent`, the request never left the browser.
    Unreachable(NoAnswer),
    /// The status reports success, and the body is not the answer to the operation. Probably a proxy has answered, or
    /// the API has changed. The server may have processed the request.
    Unexpected(UnexpectedBody),
}

impl AgentError {
    /// The exception code of a refusal. `None` if the call failed in another way, if the server sent no code, or if
    /// Oracle's API reference does not list the code.
    pub fn code(&self) -> Option<ExceptionCode> {
        match self {
            Self::Refused(refusal) => refusal.error.code(),
            Self::Unreachable(_) | Self::Unexpected(_) => None,
        }
    }

    /// Whether the same request may succeed later. That is so if no readable answer arrived (even if the request could
    /// not be sent), and after a refusal with a status of 500 or more.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Refused(refusal) => refusal.status >= 500,
            Self::Unreachable(_) | Self::Unexpected(_) => true,
        }
    }
}

impl std::fmt::Display for AgentError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused(refusal) => write!(f, "The chat server refused ({refusal})."),
            Self::Unreachable(reason) => write!(f, "The chat server did not answer ({reason})."),
            Self::Unexpected(body) => write!(
                f,
                "Something else than the chat server answered (the answer was {body})."
            ),
        }
    }
}

impl std::error::Error for AgentError {}

impl From<NoAnswer> for AgentError {
    fn from(reason: NoAnswer) -> Self {
        Self::Unreachable(reason)
    }
}
