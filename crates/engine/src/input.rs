//! What goes into the engine: commands, answers and the passing of time.

use pipit_wire::session::Session;

use crate::answers::Answers;
use crate::effect::RequestId;
use crate::transcript::EntryId;

/// The time of an input. The driver reads the clocks; the engine only compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// A clock that never goes back, in ms from any origin. Waits and deadlines use it.
    pub monotonic: u64,
    /// The wall clock, in ms since 1970. It may be set in either direction. It labels entries, shows
    /// that the machine slept, and decides which of two unrelated conversations is the newer one.
    pub wall: i64,
}

impl Moment {
    /// How much time has passed since an earlier moment, in ms. The clock that shows more decides,
    /// because the monotonic one may stand still while the machine sleeps.
    pub(crate) fn since(self, earlier: Self) -> u64 {
        let monotonic_ms = self.monotonic.saturating_sub(earlier.monotonic);
        let wall_ms = u64::try_from(self.wall.saturating_sub(earlier.wall)).unwrap_or(0);
        monotonic_ms.max(wall_ms)
    }

    /// Whether the machine slept since an earlier moment: the wall clock has run ahead of the
    /// monotonic one.
    pub(crate) fn has_slept_since(self, earlier: Self) -> bool {
        self.since(earlier) > self.monotonic.saturating_sub(earlier.monotonic) + MAX_DRIFT_MS
    }
}

/// Clocks do not drift apart by more than this between two inputs, in ms.
const MAX_DRIFT_MS: u64 = 5_000;

/// Something that happened.
#[derive(Clone, Debug)]
pub enum Input {
    /// The visitor or the page wants something.
    Command(Command),
    /// The page has answered [`crate::Effect::GetSession`].
    Session(RequestId, Result<Session, SessionRefused>),
    /// A request has an outcome.
    Answer {
        /// The id of the request.
        request: RequestId,
        /// How it ended.
        outcome: Outcome,
    },
    /// Time has passed.
    Tick,
    /// The page is visible again, or the network may have changed: requests that wait for a pause are
    /// tried at once.
    Wake,
}

/// What the visitor or the page can want.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Start a conversation, try again after one failed, or start a new one after one ended. While a
    /// conversation is starting, the answers of the first start count.
    Start(Answers),
    /// Post this text. Starts a conversation without answers when none runs.
    Send(String),
    /// Post an entry again that may not have arrived. The visitor has been asked first.
    SendAgain(EntryId),
    /// Remove an entry that did not arrive.
    Discard(EntryId),
    /// The composer of any tab now holds this text.
    Typed(String),
    /// The visitor allows or forbids that the agent sees typed text before it is sent.
    AllowSneakPreview(bool),
    /// End the conversation, or leave the queue.
    End,
}

/// How a request ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The server answered.
    Answered {
        /// The HTTP status.
        status: u16,
        /// The header `Retry-After`, in ms.
        retry_after: Option<u64>,
        /// The body, whatever its content type.
        body: String,
    },
    /// No answer arrived, so it is not known whether the request did.
    Lost,
    /// The request provably never left the browser.
    NotSent,
}

/// Why the page gave no session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionRefused {
    /// The page has configured no source of sessions.
    NotConfigured,
    /// The page's callback or endpoint failed or could not be reached.
    Unavailable,
    /// The page's callback or endpoint gave something that is not a session.
    Unreadable,
}
