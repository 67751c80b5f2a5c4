//! What goes into the engine.

use pipit_wire::session::Session;

use crate::{Answers, EntryId, RequestId};

/// When an input came. The driver stamps it; the engine only compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// A clock that never goes back, in ms from any origin: for waits and deadlines.
    pub monotonic: u64,
    /// The wall clock, in ms since 1970: for labels, for a sleep, and to tell which of two
    /// conversations is the newer where nothing else does. It may be set in either direction.
    pub wall: i64,
}

impl Moment {
    /// How long ago another moment was, in ms: by whichever clock says more, for the monotonic one
    /// may stand still while the machine sleeps.
    pub(crate) fn since(self, other: Self) -> u64 {
        let monotonic = self.monotonic.saturating_sub(other.monotonic);
        let wall = u64::try_from(self.wall.saturating_sub(other.wall)).unwrap_or(0);
        monotonic.max(wall)
    }

    /// Whether the wall clock has run ahead of the monotonic one: the machine slept.
    pub(crate) fn has_slept_since(self, last: Self) -> bool {
        self.since(last) > self.monotonic.saturating_sub(last.monotonic) + SLEEP_MS
    }
}

/// Clocks that drift apart by more than this did not drift.
const SLEEP_MS: u64 = 5_000;

/// Something that happened.
#[derive(Clone, Debug)]
pub enum Input {
    /// The visitor or the page wants something.
    Command(Command),
    /// The page's answer to [`crate::Effect::GetSession`].
    Session(RequestId, Result<Session, SessionRefused>),
    /// The outcome of a request.
    Answer {
        /// Which.
        request: RequestId,
        /// How it came out.
        outcome: Outcome,
    },
    /// Time has passed.
    Tick,
    /// The page is seen again, or the network may be another: whatever waits is tried at once.
    Wake,
}

/// What the visitor or the page can want.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Start a conversation, or try again after one failed, or start anew after one ended. One that
    /// is being started already goes on with the answers that it was started with.
    Start(Answers),
    /// Post this text; starts a conversation, without answers, when none runs.
    Send(String),
    /// Post an entry again that is not known to have arrived: the visitor was asked.
    SendAgain(EntryId),
    /// Take back an entry that did not arrive.
    Discard(EntryId),
    /// The composer, of whichever tab, holds this text now.
    Typed(String),
    /// The visitor allows or forbids that typed text is seen before it is sent.
    AllowSneakPreview(bool),
    /// End the conversation, or leave the queue.
    End,
}

/// How a request came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The server answered.
    Answered {
        /// The HTTP status.
        status: u16,
        /// The header `Retry-After`, in ms.
        retry_after: Option<u64>,
        /// The body, whatever it is.
        body: String,
    },
    /// No answer came: whether the request arrived is not known.
    Lost,
    /// The request provably never left.
    NotSent,
}

/// Why the page gave no session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionRefused {
    /// Nothing is configured that could give one.
    NotConfigured,
    /// The page's callback or endpoint failed or could not be reached.
    Unavailable,
    /// What it gave is no session.
    Unreadable,
}
