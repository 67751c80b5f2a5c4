//! The last word of a leader: by it two tabs see which of them knows what is newer.

use pipit_wire::Fields;

use super::TabId;
use crate::Moment;

/// A clock that is behind by less than this, in ms, was not set back.
const SET_BACK_MS: i64 = 1_000;

/// The last word of a leader that a tab knows of.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Word {
    /// The first tab that led in its conversation; `None` before there is one. Tabs that know nothing
    /// of each other have different ones.
    founder: Option<TabId>,
    /// Counts up, and not below the wall clock: two leaders of one conversation may each miss the
    /// other's last word.
    number: i64,
    /// When it was said, in ms since 1970, as the clock of the tab that knows it would have it now.
    at: i64,
}

impl Word {
    /// The word of this leader after it. One that has no conversation to speak of does not outbid
    /// who has.
    pub(super) fn next(self, leader: TabId, has_conversation: bool, now: Moment) -> Self {
        let number = self.number.saturating_add(1);
        if !has_conversation {
            return Self { number, ..self };
        }
        Self {
            founder: self.founder.or(Some(leader)),
            number: number.max(now.wall),
            at: now.wall,
        }
    }

    /// This word, where another was the last: what is said behind it counts up from both.
    pub(super) fn behind(self, other: Self) -> Self {
        let number = self.number.max(other.number);
        Self { number, ..self }
    }

    /// Whether who knows it knows more. Of two conversations begun by tabs that did not know of each
    /// other, the one that was spoken of last counts.
    pub(super) fn is_newer_than(&self, other: &Self) -> bool {
        if self.founder == other.founder {
            self.number > other.number
        } else {
            self.at > other.at
        }
    }

    /// Time has gone from one moment to another: when the clock was set back meanwhile, a word that
    /// comes from now on would look older than this one.
    pub(super) fn age(&mut self, from: Moment, to: Moment) {
        let passed = to.monotonic.saturating_sub(from.monotonic).cast_signed();
        let set_back = from.wall.saturating_add(passed).saturating_sub(to.wall);
        if set_back >= SET_BACK_MS {
            self.at = self.at.saturating_sub(set_back);
        }
    }

    pub(super) fn put_into(&self, fields: &mut Fields) {
        if let Some(founder) = self.founder {
            fields.put("founder", &founder.0);
        }
        fields.put("word", &self.number);
        fields.put("at", &self.at);
    }

    pub(super) fn take_from(fields: &mut Fields) -> Option<Self> {
        Some(Self {
            founder: fields.take("founder").map(TabId),
            number: fields.take("word")?,
            at: fields.take("at")?,
        })
    }
}
