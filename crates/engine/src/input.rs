//! The inputs that the driver (the code that runs the engine) hands to the engine: commands, answers and the
//! passing of time. The *page* is the web page that contains the widget.

use pipit_wire::UnexpectedBody;
use pipit_wire::session::Session;

use crate::effect::RequestId;
use crate::entry::EntryId;
use crate::form_answers::FormAnswers;

/// The time of an input, on two clocks. The driver reads the clocks; the engine reads no clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// A clock that never goes back, in ms since any fixed time. Waits and deadlines use it.
    pub monotonic: u64,
    /// The wall clock, in ms since 1970. It may be set in either direction. It labels the entries of the transcript,
    /// shows that the machine slept, and decides which conversation is newer if two tabs have each begun one.
    pub wall: i64,
}

impl Moment {
    /// The time that has passed since an earlier moment, in ms. The clock that shows the longer time counts,
    /// because the monotonic clock may stand still while the machine sleeps.
    pub(crate) fn since(self, earlier: Self) -> u64 {
        let monotonic_ms = self.monotonic.saturating_sub(earlier.monotonic);
        let wall_ms = u64::try_from(self.wall.saturating_sub(earlier.wall)).unwrap_or(0);
        monotonic_ms.max(wall_ms)
    }

    /// Whether the machine has slept since an earlier moment: the wall clock has advanced clearly further
    /// than the monotonic clock. A wall clock that was set forward looks the same.
    pub(crate) fn has_slept_since(self, earlier: Self) -> bool {
        self.since(earlier) > self.monotonic.saturating_sub(earlier.monotonic) + MAX_DRIFT_MS
    }
}

/// Between two inputs, the clocks of a machine that is awake drift apart by less than this, in ms.
const MAX_DRIFT_MS: u64 = 5_000;

/// Something that happened outside the engine.
#[derive(Clone, Debug)]
pub enum Input {
    /// The visitor or the page has given a command.
    Command(Command),
    /// The page has answered [`crate::Effect::GetSession`].
    Session(RequestId, Result<Session, SessionRefused>),
    /// A request to the chat server has ended, with or without an answer.
    Answer {
        /// The id of the request.
        request: RequestId,
        /// How the request ended.
        outcome: Outcome,
    },
    /// Time has passed, and a deadline or the end of a pause may be reached.
    Tick,
    /// The page is visible again, or the network may have changed. If the next poll (request for new
    /// messages) waits for the end of a pause, it is sent at once.
    Wake,
}

/// A command of the visitor or the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Start a conversation, also after an earlier conversation has failed or ended. While a conversation is
    /// starting or running, the command does nothing. If the visitor left during a start, and its request to the
    /// server is still open, that start goes on with its own form answers.
    Start(FormAnswers),
    /// Post this text. If no conversation is starting or running, start one without form answers.
    Send(String),
    /// Post the message in this entry again. Its delivery has failed or is unknown, and the visitor has
    /// asked for another attempt.
    SendAgain(EntryId),
    /// Remove the message in this entry. Its delivery has failed.
    Discard(EntryId),
    /// The composer (the field in which the visitor types) now contains this text.
    Typed(String),
    /// Set whether the agent may see a typed text before the visitor sends it.
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
        /// The header `Retry-After`, in ms; `None` if the answer does not have this header.
        retry_after: Option<u64>,
        /// The body as text. Its content type is not checked.
        body: String,
    },
    /// No answer arrived, so it is not known whether the request has reached the server.
    Lost,
    /// The request certainly did not leave the browser.
    NotSent,
}

/// Why the page supplied no session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionRefused {
    /// The page's options name no way to get a session.
    NotConfigured,
    /// The page's callback or endpoint failed, could not be reached or took too long.
    Unavailable,
    /// The page's callback or endpoint returned something that is not a session.
    Unreadable(UnexpectedBody),
}

impl SessionRefused {
    /// Whether another attempt can help. It can help if the page's server was not reached, if its answer was cut, or if
    /// somebody else has answered in its place: the network's sign-in page, or a service worker while the browser is
    /// offline. Whole JSON that is no session is a fault of the page's server, which would answer in the same way.
    pub(crate) fn can_pass(&self) -> bool {
        !matches!(
            self,
            Self::NotConfigured | Self::Unreadable(UnexpectedBody::OtherJson)
        )
    }
}
