//! The transcript: the entries (messages of the visitor, messages of the agents, and notices) in the order in which the
//! widget shows them.

use std::rc::Rc;

use pipit_wire::SequenceNumber;

use crate::chunked_list::Place;
use crate::entries::Entries;
use crate::entry::{Content, Delivery, Entry, EntryId, Notice};

/// The time and the sequence number of a new entry.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EntryStamp {
    /// See [`Entry::at`].
    pub(crate) at: i64,
    /// See [`Entry::sequence`].
    pub(crate) sequence: Option<SequenceNumber>,
}

impl EntryStamp {
    /// The stamp of an entry that is made on this machine; `at` is in ms since 1970.
    pub(crate) fn local(at: i64) -> Self {
        Self { at, sequence: None }
    }
}

/// The entries in the order in which they are shown. Cloning is cheap, because the entries are shared.
#[derive(Clone, Debug, Default)]
pub(crate) struct Transcript {
    entries: Entries,
    /// The id of the next entry.
    next_id: u64,
    /// Entries with this id or a higher one belong to the current engagement. Sequence numbers can be
    /// compared only within one engagement.
    engagement_start: u64,
    /// Entries with this id or a higher one have sequence numbers that can be compared with those of the next message.
    /// It is higher than `engagement_start` if the server's numbers have begun again within the engagement.
    numbering_start: u64,
}

impl Transcript {
    /// The transcript of a snapshot. If two stored entries have the same id, the second entry is dropped,
    /// because entries are distinguished only by their ids. If a stored entry already has the id `next_id` or
    /// a higher one, the next id is higher than all stored ids.
    pub(crate) fn restored(
        stored: impl Iterator<Item = Entry>,
        next_id: u64,
        engagement_start: u64,
        numbering_start: Option<u64>,
    ) -> Self {
        let mut entries = Entries::default();
        for mut entry in stored {
            if entries.entry(entry.id).is_none() {
                entry.content = entry.content.bounded();
                entries.push(Rc::new(entry));
            }
        }
        let newest = entries.summary().newest;
        let free_id = newest.map(|newest| newest.0.saturating_add(1));
        Self {
            entries,
            next_id: next_id.max(free_id.unwrap_or(0)),
            engagement_start,
            numbering_start: numbering_start.unwrap_or(engagement_start),
        }
    }

    /// The entries, oldest first.
    pub(crate) fn entries(&self) -> &Entries {
        &self.entries
    }

    /// The id of the next entry, for a snapshot.
    pub(crate) fn next_id(&self) -> u64 {
        self.next_id
    }

    /// The lowest id that an entry of the current engagement can have, for a snapshot.
    pub(crate) fn engagement_start(&self) -> u64 {
        self.engagement_start
    }

    /// The lowest id of an entry whose sequence number can be compared with that of the next message, for a snapshot.
    /// `None` if all entries of the engagement can.
    pub(crate) fn numbering_start(&self) -> Option<u64> {
        Some(self.numbering_start).filter(|start| *start != self.engagement_start)
    }

    /// Adds an entry, at the place that its sequence number gives it. An entry without a number is added at
    /// the end.
    pub(crate) fn add(&mut self, stamp: EntryStamp, content: Content) -> EntryId {
        let id = EntryId(self.next_id);
        self.next_id += 1;
        let following = self.first_with_higher_number(stamp.sequence);
        let place = following.and_then(|following| self.place(following));
        let entry = Rc::new(Entry {
            id,
            at: stamp.at,
            sequence: stamp.sequence,
            content: content.bounded(),
        });
        match place {
            Some(place) => self.entries.insert_before(place, entry),
            None => self.entries.push(entry),
        }
        id
    }

    /// Adds the notice that a message may be missing, unless the latest entry is already this notice. `after` is the
    /// highest sequence number that has arrived; `at` is the time in ms since 1970.
    pub(crate) fn add_gap(&mut self, at: i64, after: Option<SequenceNumber>) {
        let latest = self.entries.last();
        let is_noted = latest.is_some_and(|latest| {
            latest.is_gap() && latest.sequence == after && latest.id.0 >= self.numbering_start
        });
        if !is_noted {
            let sequence = after;
            self.add_notice(EntryStamp { at, sequence }, Notice::Gap);
        }
    }

    /// The notices that a message may be missing, oldest first, each with the highest sequence number before it. Only
    /// those are returned whose numbers can be compared with those of the next message.
    pub(crate) fn gaps(&self) -> Vec<(EntryId, SequenceNumber)> {
        let entries = self.entries.items_where(&|summary| summary.gaps > 0);
        let gaps = entries
            .into_iter()
            .filter(|entry| entry.id.0 >= self.numbering_start && entry.is_gap());
        gaps.filter_map(|entry| Some((entry.id, entry.sequence?)))
            .collect()
    }

    /// Whether an entry of the current engagement shows this text of a message with this sequence number.
    pub(crate) fn shows(&self, sequence: SequenceNumber, text: &str) -> bool {
        let mut entries = self.entries.iter().rev();
        entries.any(|entry| {
            let shown = match &entry.content {
                Content::Agent { body, .. }
                | Content::Notice(Notice::Server { text: body, .. }) => Some(body),
                Content::Visitor { .. } | Content::Notice(_) => None,
            };
            entry.id.0 >= self.engagement_start
                && entry.sequence == Some(sequence)
                && shown.is_some_and(|shown| **shown == *text)
        })
    }

    /// Adds a notice, at the place that its sequence number gives it.
    pub(crate) fn add_notice(&mut self, stamp: EntryStamp, notice: Notice) {
        self.add(stamp, Content::Notice(notice));
    }

    /// Begins a new engagement. Its entries follow all earlier entries, because its sequence numbers cannot be
    /// compared with those of an earlier engagement. The messages that the visitor has just written and that wait at
    /// the end of the transcript belong to it, because they are posted in it.
    pub(crate) fn begin_engagement(&mut self) {
        let newest_first = self.entries.iter().rev();
        let waiting = newest_first.take_while(|entry| {
            matches!(
                entry.content,
                Content::Visitor {
                    delivery: Delivery::Queued,
                    ..
                }
            )
        });
        let first_id = waiting.map(|entry| entry.id.0).last();
        self.engagement_start = first_id.unwrap_or(self.next_id);
        self.numbering_start = self.engagement_start;
    }

    /// Notes that the server's sequence numbers begin again. The next messages follow all earlier entries.
    pub(crate) fn restart_numbers(&mut self) {
        self.numbering_start = self.next_id;
    }

    /// Whether the server may send a message of the visitor back in the current engagement: the message is being posted,
    /// or it belongs to this engagement and may have arrived.
    pub(crate) fn may_be_echoed(&self, id: EntryId, delivery: Delivery) -> bool {
        match delivery {
            Delivery::Sending => true,
            Delivery::Unknown => id.0 >= self.engagement_start,
            Delivery::Queued | Delivery::Accepted | Delivery::Failed(_) => false,
        }
    }

    /// Removes all entries. Their ids are not used again.
    pub(crate) fn clear(&mut self) {
        self.entries = Entries::default();
    }

    /// Removes the entry with this id, if it exists.
    pub(crate) fn remove(&mut self, id: EntryId) {
        if let Some(place) = self.place(id) {
            self.entries.remove(place);
        }
    }

    /// Sets the delivery of a message of the visitor. Does nothing if the message already has that delivery,
    /// or if the entry does not exist or is not a message of the visitor.
    pub(crate) fn set_delivery(&mut self, id: EntryId, new_delivery: Delivery) {
        let old_delivery = self.visitor_message(id).map(|(_, delivery)| delivery);
        if old_delivery.is_none_or(|old_delivery| old_delivery == new_delivery) {
            return;
        }
        if let Some(place) = self.place(id) {
            self.entries.change(place, &|entry| {
                if let Content::Visitor { delivery, .. } = &mut entry.content {
                    *delivery = new_delivery;
                }
            });
        }
    }

    /// The entry with this id; `None` if there is none.
    pub(crate) fn entry(&self, id: EntryId) -> Option<&Rc<Entry>> {
        self.entries.entry(id)
    }

    /// The text and the delivery of a message of the visitor; `None` if the entry does not exist or is not a
    /// message of the visitor.
    pub(crate) fn visitor_message(&self, id: EntryId) -> Option<(Rc<str>, Delivery)> {
        match &self.entry(id)?.content {
            Content::Visitor { text, delivery } => Some((text.clone(), *delivery)),
            Content::Agent { .. } | Content::Notice(_) => None,
        }
    }

    /// The entry before which an entry with this sequence number is inserted: the first entry of the current numbering
    /// that has a higher number. `None` if no entry has a higher number, or if `sequence` is `None`.
    fn first_with_higher_number(&self, sequence: Option<SequenceNumber>) -> Option<EntryId> {
        let sequence = sequence?;
        let mut first = None;
        for entry in self.entries.iter().rev() {
            if entry.id.0 < self.numbering_start {
                break;
            }
            match entry.sequence {
                Some(other) if other > sequence => first = Some(entry.id),
                Some(_) => break,
                None => {}
            }
        }
        first
    }

    fn place(&self, id: EntryId) -> Option<Place> {
        self.entries
            .place(&|summary| summary.may_contain(id), &|entry| entry.id == id)
    }
}
