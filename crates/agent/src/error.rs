//! The error of every call to the agent API.
//!
//! PAGE nnn: documented on that page of Oracle's API reference. FOUND: seen in Oracle's own clients or answers.
//! INFERRED: our assumption.

use pipit_fetch::NoAnswer;
use pipit_wire::{ExceptionCode, ReadError, Refusal};

/// Why a call of the agent API failed. The variants differ in what the caller can do next.
#[derive(Clone, Debug, PartialEq)]
pub enum AgentError {
    /// The server refused the request by an error status, or by an error inside a 200 (PAGE 000, 002, 003).
    /// Repeating the request does not help, unless the status is 5xx.
    Refused(Refusal),
    /// No answer arrived. Whether the server has processed the request is unknown.
    Unreachable(NoAnswer),
    /// The answer is not one of this API: a proxy has answered, or the API has changed.
    Unreadable(ReadError),
}

impl AgentError {
    /// The exception code; `None` if the server sent none, or one that Oracle's API reference does not list.
    pub fn code(&self) -> Option<ExceptionCode> {
        match self {
            Self::Refused(refusal) => refusal.error.code(),
            Self::Unreachable(_) | Self::Unreadable(_) => None,
        }
    }

    /// Whether the same request may succeed later: after no answer, an unreadable one, or a status of 5xx.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Refused(refusal) => refusal.status >= 500,
            Self::Unreachable(_) | Self::Unreadable(_) => true,
        }
    }
}

impl std::fmt::Display for AgentError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused(refusal) => write!(f, "The chat server refused ({refusal})."),
            Self::Unreachable(why) => write!(f, "The chat server did not answer ({why})."),
            Self::Unreadable(why) => {
                write!(f, "The chat server's answer could not be read ({why}).")
            }
        }
    }
}

impl std::error::Error for AgentError {}

impl From<NoAnswer> for AgentError {
    fn from(why: NoAnswer) -> Self {
        Self::Unreachable(why)
    }
}

impl From<ReadError> for AgentError {
    fn from(why: ReadError) -> Self {
        Self::Unreadable(why)
    }
}
