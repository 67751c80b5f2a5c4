//! The public interface of a `getMessages` request that the switchboard holds. Consumers and agents each have an
//! implementation, in `consumer/poll.rs` and `agent/poll.rs`.

use crate::Switchboard;

/// A long poll that was begun and not yet answered. The switchboard keeps only the poll's number; the caller
/// keeps this value and asks it for the answer.
pub trait LongPoll {
    /// The response of the operation.
    type Answer;

    /// When the poll is answered at the latest, in ms since 1970.
    fn until_ms(&self) -> i64;

    /// Takes the messages out of the stream, as soon as the poll has an answer: messages, or an empty batch when
    /// the hold is over or another poll of the session has begun. `None` means: not yet, ask again.
    fn answer(&self, switchboard: &mut Switchboard, now: i64) -> Option<Self::Answer>;

    /// Ends the poll because the client has hung up. The messages stay for the session's next poll.
    fn abandon(&self, switchboard: &mut Switchboard, now: i64);
}
