//! A session's stream: the messages that its client has not fetched yet, the poll (`getMessages` request) that waits for
//! them, and the time of the most recent contact. Every consumer (visitor's client) and every agent has a stream; the two
//! kinds have different message types.

use pipit_wire::SequenceNumber;

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
}

impl<M> MessageStream<M> {
    pub(crate) fn new(now: i64) -> Self {
        Self {
            pending: Vec::new(),
            last_sequence: 0,
            held_poll: None,
            last_contact_ms: now,
            presence: Presence::Active,
        }
    }

    /// Appends the message that the function `message` builds from the next sequence number. The first number is 1.
    pub(crate) fn push(&mut self, message: impl FnOnce(SequenceNumber) -> M) {
        self.last_sequence += 1;
        self.pending
            .push(message(SequenceNumber(self.last_sequence)));
    }

    /// Begins a new poll, which ends the previous one: that poll gets an empty list. Returns the presence that the session
    /// had before the new poll.
    pub(crate) fn begin_poll(&mut self, poll: HeldPoll, now: i64) -> Presence {
        self.held_poll = Some(poll);
        self.last_contact_ms = now;
        std::mem::replace(&mut self.presence, Presence::Active)
    }

    /// Takes the pending messages for a poll. The list is empty if none arrived until the hold ended, or if the poll has
    /// ended already. The result is `None` while the poll has to be held.
    pub(crate) fn take_for_poll(&mut self, poll: HeldPoll, now: i64) -> Option<Vec<M>> {
        if self.held_poll != Some(poll) {
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
        if self.held_poll == Some(poll) {
            self.held_poll = None;
            self.last_contact_ms = now;
        }
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
