//! [`AgentError`]: what failed, and why.
//!
//! PAGE nnn: documented on that page of Oracle's API reference.

use pipit_fetch::NoAnswer;
use pipit_wire::{ExceptionCode, Refusal, UnexpectedBody};

/// The failure of one request. [`AgentError::is_transient`] says whether sending the same request again can help.
#[derive(Clone, Debug, PartialEq)]
pub struct AgentError {
    /// The operation's name in its address, such as `postMessage`.
    pub operation: &'static str,
    /// Why the request failed.
    pub failure: Failure,
}

/// Why a request failed.
#[derive(Clone, Debug, PartialEq)]
pub enum Failure {
    /// The server refused the request: the status is not from 200 to 299, or the body contains an error (PAGE 000, 002,
    /// 003).
    Refused(Refusal),
    /// No complete answer arrived. If the inner error is `Lost`, the server may have processed the request all the
    /// same; if it is `NotSent`, the request never left the client.
    Unreachable(NoAnswer),
    /// The status reports success, and the body is not the answer to the operation. Probably a proxy has answered, or
    /// the API has changed. The server may have processed the request.
    Unexpected(UnexpectedBody),
    /// The request needs an engagement (a conversation with a visitor), and the agent has accepted none. Nothing was sent.
    NoEngagement,
}

impl AgentError {
    /// The refusal; `None` if the request failed in another way.
    pub fn refusal(&self) -> Option<&Refusal> {
        match &self.failure {
            Failure::Refused(refusal) => Some(refusal),
            Failure::Unreachable(_) | Failure::Unexpected(_) | Failure::NoEngagement => None,
        }
    }

    /// The HTTP status of a refusal. If a refusal came with the status 200, it is the status that stands for its code.
    pub fn status(&self) -> Option<u16> {
        self.refusal().map(|refusal| refusal.status)
    }

    /// The exception code of a refusal. `None` if the request failed in another way, if the server sent no code, or if
    /// Oracle's API reference does not list the code.
    pub fn code(&self) -> Option<ExceptionCode> {
        self.refusal().and_then(|refusal| refusal.error.code())
    }

    /// The server's explanation of a refusal.
    pub fn text(&self) -> Option<&str> {
        self.refusal()
            .and_then(|refusal| refusal.error.text.as_deref())
    }

    /// Whether the same request may succeed later. That is so if no readable answer arrived (even if the request could
    /// not be sent), and after a refusal with the status 408 or 429, or with 500 or more.
    pub fn is_transient(&self) -> bool {
        match &self.failure {
            Failure::Refused(refusal) => {
                matches!(refusal.status, 408 | 429) || refusal.status >= 500
            }
            Failure::Unreachable(_) | Failure::Unexpected(_) => true,
            Failure::NoEngagement => false,
        }
    }
}

impl std::fmt::Display for AgentError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let operation = self.operation;
        match &self.failure {
            Failure::Refused(refusal) => {
                write!(f, "The chat server refused {operation} ({refusal}).")
            }
            Failure::Unreachable(reason) => {
                write!(f, "The chat server did not answer {operation} ({reason}).")
            }
            Failure::Unexpected(body) => write!(
                f,
                "Something else than the chat server answered {operation} (the answer was {body})."
            ),
            Failure::NoEngagement => {
                write!(
                    f,
                    "The agent has no conversation for {operation}: accept one first."
                )
            }
        }
    }
}

impl std::error::Error for AgentError {}
