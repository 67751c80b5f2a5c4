//! The sequence numbers of the server's messages. With these numbers, each message is taken only once, and
//! the messages of one answer are taken in the right order.

use pipit_wire::SequenceNumber;
use pipit_wire::consumer::{Stamp, SystemMessage};

use crate::effect::Warning;

/// At most this many sequence numbers are remembered one by one. No server is expected to deliver a message only after
/// this many messages with higher numbers.
const MAX_REMEMBERED: usize = 1_000;

/// The sequence numbers of the messages that were taken.
#[derive(Debug, Default)]
pub(crate) struct SeenNumbers {
    /// This number and all lower numbers count as seen. `None` if all seen numbers are in `above`.
    floor: Option<SequenceNumber>,
    /// The numbers above the floor that were seen, lowest first. They are in a sorted list, because a
    /// `BTreeSet` would add 3 kB to the WASM.
    above: Vec<SequenceNumber>,
}

impl SeenNumbers {
    /// The numbers as they were stored.
    pub(crate) fn restored(floor: Option<SequenceNumber>, above: Vec<SequenceNumber>) -> Self {
        let mut seen = Self {
            floor,
            above: Vec::new(),
        };
        for number in above {
            seen.insert(number);
        }
        seen
    }

    /// What a snapshot stores: the floor, and the highest `count` numbers above it. Lower numbers become
    /// part of the floor.
    pub(crate) fn highest(&self, count: usize) -> (Option<SequenceNumber>, Vec<SequenceNumber>) {
        let skipped_count = self.above.len().saturating_sub(count);
        let (skipped, highest) = self.above.split_at(skipped_count);
        (skipped.last().copied().or(self.floor), highest.to_vec())
    }

    /// A warning if numbers are missing between the highest number seen and this number. `None` if this is the
    /// next number or a lower number, or if no number above the floor was seen yet.
    pub(crate) fn gap_before(&self, sequence: SequenceNumber) -> Option<Warning> {
        let highest = *self.above.last()?;
        let follows_without_gap = sequence.0 <= highest.0.saturating_add(1);
        (!follows_without_gap).then_some(Warning::MessagesMissing {
            after: highest.0,
            before: sequence.0,
        })
    }

    /// Remembers a number. Returns whether it is new.
    pub(crate) fn insert(&mut self, sequence: SequenceNumber) -> bool {
        if self.floor.is_some_and(|floor| sequence <= floor) {
            return false;
        }
        let Err(index) = self.above.binary_search(&sequence) else {
            return false;
        };
        self.above.insert(index, sequence);
        if self.above.len() > MAX_REMEMBERED {
            self.floor = Some(self.above.remove(0));
        }
        true
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
