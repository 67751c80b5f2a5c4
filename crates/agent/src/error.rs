//! What can come instead of an answer.

use pipit_fetch::NoAnswer;
use pipit_wire::{ExceptionCode, Refusal, WireError};

/// Why a call of the agent API came to nothing, sorted by what the caller does next.
#[derive(Clone, Debug, PartialEq)]
pub enum AgentError {
    /// The server said no: an error status, or an error inside a 200 (PAGE 000, 002, 003).
    /// Asking the same again will not help, unless the status is one of the server's own (5xx).
    Refused(Refusal),
    /// No answer came. Whether the server did what it was asked is unknown.
    Unreachable(NoAnswer),
    /// An answer came that is not one of this API: something else stands between, or it has changed.
    Unreadable(WireError),
}

impl AgentError {
    /// The exception code, where the server gave one that the pages know.
    pub fn code(&self) -> Option<ExceptionCode> {
        match self {
            Self::Refused(refusal) => refusal.error.code(),
            Self::Unreachable(_) | Self::Unreadable(_) => None,
        }
    }

    /// Whether the same request may fare better later: no answer, an unreadable one, or a fault of
    /// the server's own.
    pub fn may_pass(&self) -> bool {
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

impl From<WireError> for AgentError {
    fn from(why: WireError) -> Self {
        Self::Unreadable(why)
    }
}
