//! How a request to the chat server ended. The part of the engine that sent the request (for example the poll) gets
//! this as a [`Reply`]. A reply counts as an answer only if its body is an answer to the request's operation. So no
//! part can mistake a response of somebody else, such as a proxy, for an answer of the chat server.

use pipit_wire::consumer::Operation;
use pipit_wire::{Fields, Response, UnexpectedBody};

use crate::input::Outcome;

/// The end of a request.
#[derive(Debug)]
pub(crate) enum Reply<'a> {
    /// The body is the chat server's answer to the operation, with these members; there are none if the body is empty.
    Answer(Fields),
    /// The response reports that the operation failed: by a status outside of 200 to 299, or by an error in its body.
    Refusal {
        /// The HTTP status. If that is from 200 to 299, the status that stands for the error in the body.
        status: u16,
        /// The header `Retry-After`, in ms; `None` if it is absent or is not a whole number of seconds.
        retry_after: Option<u64>,
        /// The body of the response.
        body: &'a str,
    },
    /// The status is from 200 to 299, but the body is no answer of the chat server to the operation. Probably somebody
    /// else has answered, so it is not known whether the request has reached the server. The text is the body.
    Unexpected(UnexpectedBody, &'a str),
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
                Response::Unexpected(kind) => Self::Unexpected(kind, body),
            },
            Outcome::Lost => Self::Lost,
            Outcome::NotSent => Self::NotSent,
        }
    }

    /// Whether the server may have carried out the request, although this is no answer to it. For a poll, this means
    /// that messages may be lost. A status that refuses the request (4xx, and 503) shows that the server has not carried
    /// it out; 408 shows nothing.
    pub(crate) fn may_have_carried(&self) -> bool {
        match self {
            Self::Answer(_) | Self::NotSent => false,
            Self::Refusal { status, .. } => matches!(status, 408 | 500..=502 | 504..),
            Self::Unexpected(..) | Self::Lost => true,
        }
    }
}

/// Whether the body of a refusal is a web page. Somebody else than the chat server may have sent it, such as a proxy or
/// the network's sign-in page.
pub(crate) fn is_web_page(body: &str) -> bool {
    UnexpectedBody::of(body) == UnexpectedBody::Html
}
