//! The public interface of a `getMessages` request that the switchboard holds. Consumers (visitors' clients) and agents
//! each have an implementation, in `consumer/poll.rs` and `agent/poll.rs`.

use std::task::Waker;

use crate::Switchboard;

/// A long poll that has begun. The caller keeps this value and asks it for the answer. The switchboard itself remembers only
/// which poll it holds for each session: at most one, the newest.
pub trait LongPoll {
    /// The response that the client gets.
    type Answer;

    /// When the hold ends, in ms since 1970. From then on `answer` returns an answer even if there are no messages.
    fn hold_ends_ms(&self) -> i64;

    /// Returns the answer, and removes its messages from the session's stream. The answer has no messages if none
    /// arrived until the hold ended, if this poll was answered or abandoned before, if another poll of the session has
    /// displaced it (it is then answered at once or, if another displaced poll was answered within the last second, when
    /// its hold ends), or if the session is over. In an agent's answer, a `ChatGetTimeout` then says that there is no message.
    ///
    /// Returns `None` while the poll has to be held: ask again later.
    fn answer(&self, switchboard: &mut Switchboard, now: i64) -> Option<Self::Answer>;

    /// Wakes `waker` at the next change after which [`answer`](Self::answer) may have an answer, if that is not the end of
    /// the hold. At once, if the session has ended.
    fn wake_on_change(&self, switchboard: &mut Switchboard, waker: &Waker);

    /// Ends the poll because the client has closed the connection. The messages stay for the session's next poll. Has no
    /// effect on a poll that was answered.
    fn abandon(&self, switchboard: &mut Switchboard, now: i64);
}
