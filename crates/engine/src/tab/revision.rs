//! The revision of a leader's statement: comparing two revisions shows which tab has the newer state.

use super::id::TabId;
use crate::input::Moment;
use crate::stored::stored_object;

/// If the wall clock falls back by less than this, in ms, nobody has set it.
const CLOCK_SET_BACK_MS: i64 = 1_000;

/// The revision of the last statement that a tab knows.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Revision {
    /// The first tab that led this conversation; `None` before a conversation exists. Two tabs that
    /// know nothing of each other start conversations with different first leaders.
    first_leader: Option<TabId>,
    /// Counts up and is never below the wall clock, because two leaders of one conversation may each
    /// miss the last statement of the other.
    number: i64,
    /// When the statement was made, in ms since 1970, by the clock of the tab that holds this value.
    at: i64,
}

impl Revision {
    /// The next revision issued by `leader`. A leader without a conversation never outranks a leader
    /// with one.
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

    /// This revision with the higher number of the two, so that the next one is above both.
    pub(super) fn raised_to(self, other: Self) -> Self {
        let number = self.number.max(other.number);
        Self { number, ..self }
    }

    /// Whether this revision is the newer one. Of two conversations that began independently, the one
    /// with the later statement wins.
    pub(super) fn is_newer_than(&self, other: &Self) -> bool {
        if self.first_leader == other.first_leader {
            self.number > other.number
        } else {
            self.at > other.at
        }
    }

    /// Corrects the time of this revision if the wall clock was set back between two moments.
    /// Otherwise statements made from now on would look older than this one.
    pub(super) fn correct_for_clock(&mut self, from: Moment, to: Moment) {
        let elapsed = to.monotonic.saturating_sub(from.monotonic).cast_signed();
        let set_back = from.wall.saturating_add(elapsed).saturating_sub(to.wall);
        if set_back >= CLOCK_SET_BACK_MS {
            self.at = self.at.saturating_sub(set_back);
        }
    }
}

stored_object! {
    Revision {
        first_leader: maybe "founder",
        number: required "word",
        at: required "at",
    }
}
