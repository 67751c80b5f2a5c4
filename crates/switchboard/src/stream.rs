//! A session's stream: what it has not fetched yet, the poll that waits for more, and when it was
//! last heard of.

use pipit_wire::SequenceNumber;

use crate::Switchboard;

/// A long poll that was begun and not yet answered. It is a ticket: the switchboard knows its
/// number, the caller keeps the rest.
pub trait LongPoll {
    /// What the poll is answered with.
    type Answer;

    /// When the poll is answered at the latest, in ms since 1970.
    fn until_ms(&self) -> i64;

    /// The answer, once there is one: messages, or none when the hold is over or another poll of
    /// the session has begun. `None`: not yet; ask again. Takes the messages out of the stream.
    fn answer(&self, board: &mut Switchboard, now: i64) -> Option<Self::Answer>;

    /// The client has hung up: the session's messages stay for its next poll.
    fn abandon(&self, board: &mut Switchboard, now: i64);
}

/// The poll that a stream knows of, and until when it is held, in ms since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hold {
    pub(crate) poll: u64,
    pub(crate) until_ms: i64,
}

/// Whether a session is heard of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Contact {
    Active,
    Absent,
}

#[derive(Debug)]
pub(crate) struct Stream<M> {
    pending: Vec<M>,
    last_sequence: i64,
    hold: Option<Hold>,
    seen_ms: i64,
    contact: Contact,
}

impl<M> Stream<M> {
    pub(crate) fn new(now: i64) -> Self {
        Self {
            pending: Vec::new(),
            last_sequence: 0,
            hold: None,
            seen_ms: now,
            contact: Contact::Active,
        }
    }

    /// Appends a message, made for its place in the stream. Places count from 1.
    pub(crate) fn push(&mut self, message: impl FnOnce(SequenceNumber) -> M) {
        self.last_sequence += 1;
        self.pending
            .push(message(SequenceNumber(self.last_sequence)));
    }

    /// A new poll begins, and ends the one before. Tells in which contact the session was.
    pub(crate) fn begin(&mut self, hold: Hold, now: i64) -> Contact {
        self.hold = Some(hold);
        self.seen_ms = now;
        std::mem::replace(&mut self.contact, Contact::Active)
    }

    /// The messages for a poll, as [`LongPoll::answer`] has it.
    pub(crate) fn answer(&mut self, hold: Hold, now: i64) -> Option<Vec<M>> {
        if self.hold != Some(hold) {
            return Some(Vec::new());
        }
        if self.pending.is_empty() && now < hold.until_ms {
            return None;
        }
        self.end(hold, now);
        Some(std::mem::take(&mut self.pending))
    }

    /// A poll is over without having taken anything.
    pub(crate) fn end(&mut self, hold: Hold, now: i64) {
        if self.hold == Some(hold) {
            self.hold = None;
            self.seen_ms = now;
        }
    }

    /// Takes back messages that were not fetched. Their places in the stream stay empty.
    pub(crate) fn recall(&mut self, unwanted: impl Fn(&M) -> bool) -> Vec<M> {
        let pending = std::mem::take(&mut self.pending);
        let (recalled, kept) = pending.into_iter().partition(unwanted);
        self.pending = kept;
        recalled
    }

    pub(crate) fn contains(&self, wanted: impl Fn(&M) -> bool) -> bool {
        self.pending.iter().any(wanted)
    }

    pub(crate) fn pending(&self) -> usize {
        self.pending.len()
    }

    pub(crate) fn is_polling(&self) -> bool {
        self.hold.is_some()
    }

    pub(crate) fn contact(&self) -> Contact {
        self.contact
    }

    pub(crate) fn mark_absent(&mut self) {
        self.contact = Contact::Absent;
    }

    /// Since when nothing has been heard, in ms since 1970. A held poll counts as heard until its
    /// hold is over.
    pub(crate) fn silent_since(&self) -> i64 {
        self.hold.map_or(self.seen_ms, |hold| hold.until_ms)
    }
}
