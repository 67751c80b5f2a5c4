//! The revision of a statement. A statement is a message with which the leading tab (the only tab of a site that
//! talks to the chat server) sends the conversation to the other tabs. If two tabs know different statements, the
//! comparison of their revisions shows which tab has the newer conversation.

use super::id::TabId;
use crate::input::Moment;
use crate::stored::stored_object;

/// If the wall clock falls back by at least this time, in ms, somebody has set it back. Smaller steps are
/// inaccuracies.
const CLOCK_SET_BACK_MS: i64 = 1_000;

/// The revision of the newest statement that a tab knows.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Revision {
    /// The first tab that led this conversation; `None` before a conversation exists. It distinguishes
    /// conversations that two tabs have started independently.
    first_leader: Option<TabId>,
    /// A number that increases with each statement. The number of a statement with a conversation is at least the
    /// time of the statement, in ms since 1970. Counting alone is not enough: two successive leaders may each miss a
    /// statement of the other leader, and would then use the same number.
    number: i64,
    /// The time of the newest statement with a conversation, in ms since 1970, on the wall clock of the machine.
    at: i64,
}

impl Revision {
    /// The revision of the next statement of `leader`. Without a conversation, only the number counts up. The time
    /// stays as it is, so that the revision does not become newer than that of a conversation which another tab has
    /// started.
    pub(super) fn next(self, leader: TabId, has_conversation: bool, now: Moment) -> Self {
        let number = self.number.saturating_add(1);
        if !has_conversation {
            return Self { number, ..self };
        }
        Self {
            first_leader: self.first_leader.or(Some(leader)),
            number: number.max(now.wall),
            at: now.wall,
        }
    }

    /// This revision, with the higher of the two numbers, so that the next revision has a higher number than both.
    pub(super) fn raised_to(self, other: Self) -> Self {
        let number = self.number.max(other.number);
        Self { number, ..self }
    }

    /// Whether this revision is newer than `other`. Of two conversations that began independently, the one
    /// with the later statement wins.
    pub(super) fn is_newer_than(&self, other: &Self) -> bool {
        if self.first_leader == other.first_leader {
            self.number > other.number
        } else {
            self.at > other.at
        }
    }

    /// Corrects the time of this revision if the wall clock was set back between the moments `from` and `to`.
    /// Without the correction, later statements would look older than the statement with this revision.
    pub(super) fn correct_for_clock(&mut self, from: Moment, to: Moment) {
        let elapsed = to.monotonic.saturating_sub(from.monotonic).cast_signed();
        let set_back = from.wall.saturating_add(elapsed).saturating_sub(to.wall);
        if set_back >= CLOCK_SET_BACK_MS {
            self.at = self.at.saturating_sub(set_back);
        }
    }
}

// After each member come its mode and its JSON name. The module `stored` explains the modes. In short: `required` must
// be present, and `maybe` may be absent. The names in quotes are part of the format in storage and between tabs.
stored_object! {
    Revision {
        first_leader: maybe "founder",
        number: required "word",
        at: required "at",
    }
}
