//! The faults of the network. They have the names of the sandbox's switch `network`, which `docs/sandbox.md` describes.

use serde::{Deserialize, Serialize};

/// A fault that strikes one call.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum NetworkFault {
    /// The connection ends before the request is processed.
    DropBefore,
    /// The request is processed, and the connection ends without a byte of the answer.
    DropAfter,
    /// The connection ends in the middle of the answer.
    Cut,
    /// The request is processed at once, and the answer is sent this much later, in ms.
    DelayMs(u64),
    /// The connection stays open, and nothing is answered.
    BlackHole(Direction),
    /// A proxy on the way refuses the request.
    Refuse {
        /// The HTTP status.
        status: u16,
        /// The header `Retry-After`, in s.
        #[serde(skip_serializing_if = "Option::is_none")]
        retry_after: Option<u32>,
    },
    /// Somebody else answers in the server's place.
    SomebodyElse {
        /// What the answer consists of.
        sends: SubstituteBody,
        /// Whether the server processes the request, so that only its answer is replaced.
        #[serde(default)]
        processed: bool,
    },
}

/// Which way the data of a black hole goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// The request does not arrive.
    In,
    /// The request is processed, and its answer does not arrive.
    Out,
}

/// What somebody else sends, with status 200 unless another is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SubstituteBody {
    /// A web page.
    Html,
    /// The JSON of another service.
    Json,
    /// A text that is not JSON.
    Text,
    /// Nothing.
    Empty,
    /// Nothing, with status 204.
    NoContent,
}

impl NetworkFault {
    /// Whether the chat server processes a request that this fault strikes.
    pub fn lets_process(&self) -> bool {
        match self {
            Self::DropBefore | Self::BlackHole(Direction::In) | Self::Refuse { .. } => false,
            Self::SomebodyElse { processed, .. } => *processed,
            Self::DropAfter | Self::Cut | Self::DelayMs(_) | Self::BlackHole(Direction::Out) => {
                true
            }
        }
    }
}
