//! A session's stream: the messages that its client has not fetched yet, the poll (`getMessages` request) that waits for
//! them, and the time of the most recent contact. Every consumer (visitor's client) and every agent has a stream; the two
//! kinds have different message types.

use std::task::Waker;

use pipit_wire::SequenceNumber;

/// After a new poll has displaced a held one, which is answered at once, the next displaced poll of the session is
/// answered at once only if this time has passed, in ms. Without this limit, two clients of one session that poll again
/// as soon as they are answered would displace each other more than a thousand times a second.
const DISPLACED_GAP_MS: i64 = 1_000;
/// How often the current pool is named at once to a client that polls the former pool, within the time for which a poll
/// is held. Further polls are held, so that a client that ignores the new pool does not poll without a pause. The number
/// is above 1, because the answer that names the pool can be lost.
const MAX_POOL_REMINDERS: usize = 3;

/// A poll that a stream holds or has held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct HeldPoll {
    /// The poll's number, unique within the switchboard.
    pub(crate) number: u64,
    /// When the hold ends, in ms since 1970. From then on, the poll is answered even if there is no message.
    pub(crate) hold_ends_ms: i64,
}

/// Whether the session's client has polled within the configured time (`absent_ms`). A new session is active; a time-out
/// marks it as absent, and the next poll as active.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presence {
    Active,
    Absent,
}

/// The stream of one session. `M` is the type of its messages.
#[derive(Debug)]
pub(crate) struct MessageStream<M> {
    /// The messages that the client has not fetched, oldest first.
    pending: Vec<M>,
    /// The sequence number of the newest message; 0 before the first message.
    last_sequence: i64,
    /// The poll that waits for messages; `None` while the client is not polling.
    held_poll: Option<HeldPoll>,
    /// When a poll most recently began or ended, in ms since 1970. Before the first poll, this is the time at which the
    /// session began.
    last_contact_ms: i64,
    presence: Presence,
    /// Polls that newer polls displaced and that are not answered at once. They get no messages, and are answered when
    /// their hold ends.
    displaced_polls: Vec<HeldPoll>,
    /// When a displaced poll was most recently answered at once, in ms since 1970; `None` before the first.
    displaced_answer_ms: Option<i64>,
    /// When the current pool was named to the client because it polled the former pool, in ms since 1970, oldest first.
    pool_reminders_ms: Vec<i64>,
    /// Who waits for the next change that may give a held poll its answer. Nobody else is woken, so that a message to one
    /// session costs nothing in the thousands of others.
    wakers: Vec<Waker>,
}

impl<M> MessageStream<M> {
    pub(crate) fn new(now: i64) -> Self {
        Self {
            pending: Vec::new(),
            last_sequence: 0,
            held_poll: None,
            last_contact_ms: now,
            presence: Presence::Active,
            displaced_polls: Vec::new(),
            displaced_answer_ms: None,
            pool_reminders_ms: Vec::new(),
            wakers: Vec::new(),
        }
    }

    /// Wakes `waker` at the next change that may give a held poll its answer: a message, the end of the poll, or the end of
    /// the session. The end of the hold is a time, and no change.
    pub(crate) fn wake_on_change(&mut self, waker: &Waker) {
        if !self.wakers.iter().any(|known| known.will_wake(waker)) {
            self.wakers.push(waker.clone());
        }
    }

    fn wake(&mut self) {
        for waker in self.wakers.drain(..) {
            waker.wake();
        }
    }

    /// Appends the message that the function `message` builds from the next sequence number. The first number is 1.
    pub(crate) fn push(&mut self, message: impl FnOnce(SequenceNumber) -> M) {
        self.last_sequence += 1;
        self.pending
            .push(message(SequenceNumber(self.last_sequence)));
        self.wake();
    }

    /// Begins a new poll, which displaces the previous one: that poll gets an empty list, at once or, if a displaced poll
    /// was answered less than `DISPLACED_GAP_MS` ago, when its hold ends. Returns the presence that the session had before
    /// the new poll.
    pub(crate) fn begin_poll(&mut self, poll: HeldPoll, now: i64) -> Presence {
        if let Some(displaced) = self.held_poll.replace(poll) {
            let is_too_soon = |answered_ms: i64| now - answered_ms < DISPLACED_GAP_MS;
            if self.displaced_answer_ms.is_some_and(is_too_soon) {
                self.displaced_polls.push(displaced);
            } else {
                self.displaced_answer_ms = Some(now);
            }
            self.wake();
        }
        self.last_contact_ms = now;
        std::mem::replace(&mut self.presence, Presence::Active)
    }

    /// Takes the pending messages for a poll. The list is empty if none arrived until the hold ended, or if the poll has
    /// ended already. The result is `None` while the poll has to be held.
    pub(crate) fn take_for_poll(&mut self, poll: HeldPoll, now: i64) -> Option<Vec<M>> {
        if self.held_poll != Some(poll) {
            if self.displaced_polls.contains(&poll) && now < poll.hold_ends_ms {
                return None;
            }
            self.end_poll(poll, now);
            return Some(Vec::new());
        }
        if self.pending.is_empty() && now < poll.hold_ends_ms {
            return None;
        }
        self.end_poll(poll, now);
        Some(std::mem::take(&mut self.pending))
    }

    /// Ends a poll without taking messages. Does nothing if the poll has ended already.
    pub(crate) fn end_poll(&mut self, poll: HeldPoll, now: i64) {
        self.displaced_polls.retain(|displaced| *displaced != poll);
        if self.held_poll == Some(poll) {
            self.held_poll = None;
            self.last_contact_ms = now;
        }
        self.wake();
    }

    /// Ends all polls, so that each is answered with an empty list.
    pub(crate) fn end_all_polls(&mut self) {
        self.held_poll = None;
        self.displaced_polls.clear();
        self.wake();
    }

    /// Whether a poll of the former pool may be answered at once with the name of the current pool. If it may, the answer
    /// is counted. `hold_ms` is the time for which a poll is held.
    pub(crate) fn count_pool_reminder(&mut self, hold_ms: i64, now: i64) -> bool {
        self.pool_reminders_ms
            .retain(|named_ms| now - named_ms < hold_ms);
        let is_allowed = self.pool_reminders_ms.len() < MAX_POOL_REMINDERS;
        if is_allowed {
            self.pool_reminders_ms.push(now);
        }
        is_allowed
    }

    /// Removes the pending messages, and begins the sequence numbers again.
    pub(crate) fn restart(&mut self) -> Vec<M> {
        self.last_sequence = 0;
        std::mem::take(&mut self.pending)
    }

    /// Removes the pending messages that meet the condition, and returns them. Their sequence numbers are not used again.
    pub(crate) fn withdraw(&mut self, is_withdrawn: impl Fn(&M) -> bool) -> Vec<M> {
        let pending = std::mem::take(&mut self.pending);
        let (withdrawn, kept) = pending.into_iter().partition(is_withdrawn);
        self.pending = kept;
        withdrawn
    }

    /// Whether a pending message meets the condition.
    pub(crate) fn contains(&self, condition: impl Fn(&M) -> bool) -> bool {
        self.pending.iter().any(condition)
    }

    /// The number of pending messages.
    pub(crate) fn pending_count(&self) -> usize {
        self.pending.len()
    }

    pub(crate) fn is_polling(&self) -> bool {
        self.held_poll.is_some()
    }

    pub(crate) fn presence(&self) -> Presence {
        self.presence
    }

    /// Marks the client as present without a poll. Returns the presence before.
    pub(crate) fn mark_present(&mut self, now: i64) -> Presence {
        self.last_contact_ms = now;
        std::mem::replace(&mut self.presence, Presence::Active)
    }

    pub(crate) fn mark_absent(&mut self) {
        self.presence = Presence::Absent;
    }

    /// The time from which the client's silence is counted, in ms since 1970. While a poll is held, this is the end of the
    /// hold, because a held poll counts as contact until its hold ends.
    pub(crate) fn silent_since_ms(&self) -> i64 {
        self.held_poll
            .map_or(self.last_contact_ms, |poll| poll.hold_ends_ms)
    }
}

/// A session that ends without a last message still ends its polls.
impl<M> Drop for MessageStream<M> {
    fn drop(&mut self) {
        self.wake();
    }
}
