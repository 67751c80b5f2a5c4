//! The sequence numbers of the server's messages. With these numbers, each message is taken only once, the messages of
//! one answer are taken in the right order, and the engine knows which numbers are missing.
//!
//! The numbers of one engagement (a chat at the server) increase. A server that moves an engagement to another pool or
//! node may begin again with low numbers (INFERRED). A message is therefore a repetition only if its number *and* its
//! [`Identity`] were seen.

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
    above: Vec<(SequenceNumber, Identity)>,
    /// The messages whose number another message has had since: the numbers began again, or one number was used twice.
    superseded: Vec<(SequenceNumber, Identity)>,
}

/// Distinguishes two messages that have the same number: a hash of a message's name, time and text. It is short, because
/// it is stored for each remembered number. 0 if it is not known, as in a record of an earlier version.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Identity(pub(crate) u16);

/// Whether a message with a number was seen before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arrival {
    /// No message with this number was seen.
    New,
    /// This message was seen.
    Repeated,
    /// A message with this number was seen, and it was another one.
    OtherWithSameNumber,
    /// A message with this number was seen. Whether it was this one is not remembered.
    Forgotten,
}

impl Identity {
    /// The identity of a message (FNV-1a).
    pub(crate) fn of(message: &SystemMessage, stamp: &Stamp) -> Self {
        let text = match message {
            SystemMessage::MessagePosted(posted) => Some(&posted.body),
            SystemMessage::ParticipantAdded(added) => added.name.as_ref(),
            SystemMessage::ConsumerErrorOccurred(error) => error.text.as_ref(),
            _ => None,
        };
        let time = stamp
            .created_time
            .as_ref()
            .map(pipit_wire::ServiceTime::epoch_millis);
        let time = time.unwrap_or_default().to_le_bytes();
        let parts = [
            message.name().as_bytes(),
            &time,
            text.map_or(&[], |text| text.as_bytes()),
        ];
        let mut hash: u32 = 0x811c_9dc5;
        for byte in parts.into_iter().flatten() {
            hash = (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
        }
        let [first, second, third, fourth] = hash.to_le_bytes();
        Self(u16::from_le_bytes([first ^ third, second ^ fourth]).max(1))
    }
}

impl SeenNumbers {
    /// The numbers as they were stored. A number without an identity gets the unknown one.
    pub(crate) fn restored(
        floor: Option<SequenceNumber>,
        above: Vec<SequenceNumber>,
        identities: Vec<u16>,
    ) -> Self {
        let mut seen = Self {
            floor,
            ..Self::default()
        };
        let identities = identities.into_iter().chain(std::iter::repeat(0));
        for (number, identity) in above.into_iter().zip(identities) {
            seen.insert(number, Identity(identity));
        }
        seen
    }

    /// What a snapshot stores: the floor, and the highest `count` numbers above it. Lower numbers become
    /// part of the floor.
    pub(crate) fn highest(
        &self,
        count: usize,
    ) -> (Option<SequenceNumber>, Vec<(SequenceNumber, Identity)>) {
        let skipped_count = self.above.len().saturating_sub(count);
        let (skipped, highest) = self.above.split_at(skipped_count);
        let floor = skipped.last().map(|(number, _)| *number).or(self.floor);
        (floor, highest.to_vec())
    }

    /// The highest number that was seen; `None` if none was.
    pub(crate) fn latest(&self) -> Option<SequenceNumber> {
        let last = self.above.last().map(|(number, _)| *number);
        last.or(self.floor)
    }

    /// A warning if numbers are missing between the highest number seen and this number. `None` if this is the
    /// next number or a lower number, or if no number above the floor was seen yet.
    pub(crate) fn gap_before(&self, sequence: SequenceNumber) -> Option<Warning> {
        let (highest, _) = *self.above.last()?;
        let follows_without_gap = sequence.0 <= highest.0.saturating_add(1);
        (!follows_without_gap).then_some(Warning::MessagesMissing {
            after: highest.0,
            before: sequence.0,
        })
    }

    /// Whether every number from `after + 1` to `last` was seen.
    pub(crate) fn has_all(&self, after: SequenceNumber, last: SequenceNumber) -> bool {
        let after = self.floor.map_or(after.0, |floor| floor.0.max(after.0));
        let seen = self.above.iter();
        let seen_count = seen
            .filter(|(number, _)| (after..=last.0).contains(&number.0) && number.0 != after)
            .count();
        let needed_count = last.0.saturating_sub(after);
        i64::try_from(seen_count).is_ok_and(|seen_count| seen_count >= needed_count)
    }

    /// Whether a message with this number and this identity was seen. Does not remember it.
    pub(crate) fn arrival(&self, sequence: SequenceNumber, identity: Identity) -> Arrival {
        if self.superseded.contains(&(sequence, identity)) {
            return Arrival::Repeated;
        }
        if self.floor.is_some_and(|floor| sequence <= floor) {
            return Arrival::Forgotten;
        }
        match self.position(sequence) {
            Ok(index) => match self.above.get(index) {
                Some((_, seen)) if *seen == identity => Arrival::Repeated,
                Some((_, Identity(0))) | None => Arrival::Forgotten,
                Some(_) => Arrival::OtherWithSameNumber,
            },
            Err(_) => Arrival::New,
        }
    }

    /// Remembers a message. If another message has had its number, both are recognized from now on.
    pub(crate) fn insert(&mut self, sequence: SequenceNumber, identity: Identity) {
        if self.floor.is_some_and(|floor| sequence <= floor) {
            return;
        }
        match self.position(sequence) {
            Ok(index) => {
                if let Some(seen) = self.above.get_mut(index) {
                    self.superseded
                        .push(std::mem::replace(seen, (sequence, identity)));
                }
            }
            Err(index) => self.above.insert(index, (sequence, identity)),
        }
        if self.above.len() > MAX_REMEMBERED {
            self.floor = Some(self.above.remove(0).0);
        }
        let excess = self.superseded.len().saturating_sub(MAX_REMEMBERED);
        self.superseded.drain(..excess);
    }

    /// Notes that the server's numbers begin again. Lower numbers than before are then new. A message from before is
    /// still recognized.
    pub(crate) fn restart(&mut self) {
        self.superseded.append(&mut self.above);
        self.floor = None;
    }

    fn position(&self, sequence: SequenceNumber) -> Result<usize, usize> {
        self.above
            .binary_search_by_key(&sequence, |(number, _)| *number)
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
