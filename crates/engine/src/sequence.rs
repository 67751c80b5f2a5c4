//! The sequence numbers of the server's messages. With them each message is taken only once, and the messages
//! of one answer are taken in the order of their numbers.

use std::collections::BTreeSet;

use pipit_wire::SequenceNumber;
use pipit_wire::consumer::{Stamp, SystemMessage};

use crate::effect::Warning;

/// The number of sequence numbers that are remembered one by one. It is larger than the range in which a
/// server could change the order of messages.
const MAX_REMEMBERED: usize = 1_000;

/// The sequence numbers of the messages that were taken.
#[derive(Debug, Default)]
pub(crate) struct SeenNumbers {
    /// This number and all lower ones count as seen; `None` before any number was forgotten.
    floor: Option<SequenceNumber>,
    /// The numbers above the floor that were seen.
    above: BTreeSet<SequenceNumber>,
}

impl SeenNumbers {
    /// The numbers as they were stored.
    pub(crate) fn restored(floor: Option<SequenceNumber>, above: Vec<SequenceNumber>) -> Self {
        let mut seen = Self {
            floor,
            above: BTreeSet::new(),
        };
        // Inserted one by one, because collecting into a set would add a sort to the WASM.
        for number in above {
            seen.above.insert(number);
        }
        seen
    }

    /// What a snapshot stores: the floor, and the highest `count` numbers above it. Lower numbers become
    /// part of the floor.
    pub(crate) fn highest(&self, count: usize) -> (Option<SequenceNumber>, Vec<SequenceNumber>) {
        let skipped = self.above.len().saturating_sub(count);
        let last_skipped = self.above.iter().take(skipped).next_back().copied();
        let highest = self.above.iter().skip(skipped).copied().collect();
        (last_skipped.or(self.floor), highest)
    }

    /// A warning if numbers are missing between the highest number seen and this one. `None` if this is the
    /// next number or a lower one, or if no number was seen yet.
    pub(crate) fn gap_before(&self, sequence: SequenceNumber) -> Option<Warning> {
        let highest = *self.above.last()?;
        let is_next = sequence.0 <= highest.0.saturating_add(1);
        (!is_next).then_some(Warning::MessagesMissing {
            after: highest.0,
            before: sequence.0,
        })
    }

    /// Remembers a number. Returns whether it is new.
    pub(crate) fn insert(&mut self, sequence: SequenceNumber) -> bool {
        if self.floor.is_some_and(|floor| sequence <= floor) {
            return false;
        }
        let is_new = self.above.insert(sequence);
        if self.above.len() > MAX_REMEMBERED {
            self.floor = self.above.pop_first();
        }
        is_new
    }
}

/// Sorts the messages of one answer by their numbers. A message without a number stays directly after the
/// message that preceded it.
pub(crate) fn in_order(
    messages: Vec<SystemMessage>,
) -> impl Iterator<Item = (Stamp, SystemMessage)> {
    let mut last_number = None;
    let mut numbered = Vec::new();
    for message in messages {
        let stamp = message.stamp();
        last_number = stamp.sequence_number.or(last_number);
        numbered.push((last_number, stamp, message));
    }
    numbered.sort_by_key(|(number, ..)| *number);
    numbered
        .into_iter()
        .map(|(_, stamp, message)| (stamp, message))
}
