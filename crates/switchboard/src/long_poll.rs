//! The public interface of a `getMessages` request that the switchboard holds. Consumers and agents each have an
//! implementation, in `consumer/poll.rs` and `agent/poll.rs`.

use crate::Switchboard;

/// A long poll that has begun. The switchboard keeps only the poll's number; the caller keeps this value and asks it for
/// the answer.
pub trait LongPoll {
    /// The response that the client gets.
    type Answer;

    /// When the hold ends, in ms since 1970. From then on `answer` returns an answer even if there are no messages.
    fn hold_ends_ms(&self) -> i64;

    /// Returns the answer, and removes its messages from the session's stream. The answer has no messages if the hold has
    /// ended or if the session has begun another poll. `None` if the poll has to be held: ask again later.
    fn answer(&self, switchboard: &mut Switchboard, now: i64) -> Option<Self::Answer>;

    /// Ends the poll because the client has closed the connection. The messages stay for the session's next poll. Has no
    /// effect on a poll that was answered.
    fn abandon(&self, switchboard: &mut Switchboard, now: i64);
}
