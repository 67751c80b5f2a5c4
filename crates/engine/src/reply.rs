//! How a request to the chat server ended, as the part of the engine that sent it gets to know it. A part never sees a
//! successful status without the answer that belongs to it, so no part can take a response of somebody else for an
//! answer of the chat server.

use pipit_wire::consumer::Operation;
use pipit_wire::{Fields, Response, UnexpectedBody};

use crate::input::Outcome;

/// The end of a request.
#[derive(Debug)]
pub(crate) enum Reply<'a> {
    /// The chat server has performed the operation, and its answer has these members.
    Answer(Fields),
    /// The response reports that the operation failed.
    Refusal {
        /// The HTTP status, or the status that stands for the error in the answer.
        status: u16,
        /// The header `Retry-After`, in ms; `None` without this header.
        retry_after: Option<u64>,
        /// The body of the response.
        body: &'a str,
    },
    /// The status reports success, and somebody else than the chat server has answered. It is not known whether the
    /// request has reached the server.
    Unexpected(UnexpectedBody),
    /// No response arrived, so it is not known whether the request has reached the server.
    Lost,
    /// The request certainly did not leave the browser.
    NotSent,
}

impl<'a> Reply<'a> {
    /// Reads the outcome of a request to this operation.
    pub(crate) fn read(operation: Operation, outcome: &'a Outcome) -> Self {
        match outcome {
            Outcome::Answered {
                status,
                retry_after,
                body,
            } => match operation.read_response(*status, body) {
                Response::Answer(answer) => Self::Answer(answer),
                Response::Refusal { status } => Self::Refusal {
                    status,
                    retry_after: *retry_after,
                    body,
                },
                Response::Unexpected(kind) => Self::Unexpected(kind),
            },
            Outcome::Lost => Self::Lost,
            Outcome::NotSent => Self::NotSent,
        }
    }
}
