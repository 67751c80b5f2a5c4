//! The transcript: the messages of the visitor, the messages of the agents, and notices, in the order in which the
//! widget shows them. The *lead* is the agent who is responsible for the engagement (the chat at the server). All other
//! agents in the engagement are *conferees*.

use std::rc::Rc;

use pipit_untrusted_text::{bounded, changed_by, clean_name};
use pipit_wire::vocabulary::DisconnectReason;
use pipit_wire::{ClientId, SequenceNumber};

use crate::file::SharedFile;

/// Identifies an entry. Ids count up, and an id is never used again, even in a later conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryId(pub u64);

/// One message or notice of the transcript.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The id by which commands refer to this entry.
    pub id: EntryId,
    /// When it was written or happened, in ms since 1970. This is the server's time if the server's message contains
    /// one, and otherwise the time of this machine.
    pub at: i64,
    /// The sequence number of the server's message. `None` if the message has no number, or if the entry was
    /// made on this machine.
    pub sequence: Option<SequenceNumber>,
    /// The message or the notice.
    pub content: Content,
}

/// The content of an entry.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// A message of the visitor.
    Visitor {
        /// The text exactly as it is sent.
        text: Rc<str>,
        /// Whether the message has reached the server.
        delivery: Delivery,
    },
    /// A message of an agent.
    Agent {
        /// The id of the connection of the agent who wrote it.
        client_id: ClientId,
        /// The agent's name; empty if the server does not name the agent.
        name: Rc<str>,
        /// Plain text, or HTML if `rich` is true.
        body: Rc<str>,
        /// Whether the server marks the body as HTML.
        rich: bool,
    },
    /// Something that happened in the conversation.
    Notice(Notice),
}

/// Whether a message of the visitor has reached the server. The API does not report whether an agent has
/// read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// The message waits to be posted: for the messages before it, for an engagement, or for a server that can
    /// be reached and accepts messages again.
    Queued,
    /// The request that posts it is open.
    Sending,
    /// The server has accepted the message.
    Accepted,
    /// The message was sent, or another tab may have sent it, and no usable answer was received. So it may have
    /// arrived. It is sent again only if the visitor asks, because the server takes repeated text for abuse.
    Unknown,
    /// The message did not arrive.
    Failed(PostFailure),
}

/// Why a message did not arrive. The numbers are HTTP statuses of the answer to the post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PostFailure {
    /// The lead has left the conversation (409).
    LeadLeft,
    /// The server took the message for abuse and ended the conversation (409).
    TakenForAbuse,
    /// The server refused the message for another reason: a status of 4xx other than 401, 403, 408, 409 and
    /// 429.
    Refused,
    /// The conversation ended before the server took the message.
    ConversationEnded,
}

/// Something that happened in the conversation, besides messages of the visitor and of agents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// An agent with this name joined as the lead.
    Joined(Rc<str>),
    /// An agent with this name joined as a conferee.
    ConfereeJoined(Rc<str>),
    /// An agent with this name left, for this reason.
    Left(Rc<str>, DisconnectReason),
    /// An agent with this name, who had already joined, is the lead now.
    LeadChanged(Rc<str>),
    /// The visitor waits in the queue again.
    Requeued,
    /// A message of the server may be missing here. Its answer to a request for messages did not arrive or could not be
    /// read, or sequence numbers are missing. The API has no way to ask for that answer again. The entry's
    /// [`Entry::sequence`] is the highest number that had arrived before. The notice is removed if the numbers show
    /// later that nothing is missing.
    Gap,
    /// An agent sent a file.
    File(Rc<SharedFile>),
    /// A text for the visitor that no agent has written, or whose author is not known.
    Server {
        /// Plain text, or HTML if `rich` is true.
        text: Rc<str>,
        /// Whether the server marks the text as HTML.
        rich: bool,
    },
    /// A message of the server could not be read.
    Unreadable,
    /// The conversation ended, for this reason.
    Concluded(DisconnectReason),
}

impl Entry {
    /// Whether this is the notice that a message may be missing.
    fn is_gap(&self) -> bool {
        self.content == Content::Notice(Notice::Gap)
    }
}

impl Content {
    /// The content with bounded texts and clean names. The transcript calls this for each entry that it takes, because
    /// servers, agents, other tabs and the storage may send anything. A message of the visitor does not change: it must
    /// be sent exactly as it was written.
    fn bounded(self) -> Self {
        match self {
            Self::Visitor { .. } => self,
            Self::Agent {
                client_id,
                name,
                body,
                rich,
            } => Self::Agent {
                client_id,
                name: changed_by(clean_name, name),
                body: changed_by(bounded, body),
                rich,
            },
            Self::Notice(notice) => Self::Notice(notice.bounded()),
        }
    }
}

impl Notice {
    /// The notice with bounded texts and clean names.
    fn bounded(self) -> Self {
        let clean = |name| changed_by(clean_name, name);
        match self {
            Self::Joined(name) => Self::Joined(clean(name)),
            Self::ConfereeJoined(name) => Self::ConfereeJoined(clean(name)),
            Self::Left(name, reason) => Self::Left(clean(name), reason),
            Self::LeadChanged(name) => Self::LeadChanged(clean(name)),
            Self::File(file) => Self::File(Rc::new(SharedFile::clone(&file).bounded())),
            Self::Server { text, rich } => Self::Server {
                text: changed_by(bounded, text),
                rich,
            },
            Self::Requeued | Self::Gap | Self::Unreadable | Self::Concluded(_) => self,
        }
    }
}

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
    entries: Rc<Vec<Rc<Entry>>>,
    /// The id of the next entry.
    next_id: u64,
    /// Entries with this id or a higher one belong to the current engagement. Sequence numbers can be
    /// compared only within one engagement.
    engagement_start: u64,
    /// Entries with this id or a higher one have sequence numbers that can be compared with those of the next message.
    /// It is higher than `engagement_start` if the server's numbers have begun again within the engagement.
    numbering_start: u64,
    /// The number of notices that a message may be missing. While it is 0, [`Self::gaps`] does not search for them.
    gap_count: usize,
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
        let mut entries: Vec<Rc<Entry>> = Vec::new();
        for mut entry in stored {
            if entries.iter().all(|other| other.id != entry.id) {
                entry.content = entry.content.bounded();
                entries.push(Rc::new(entry));
            }
        }
        let gap_count = entries.iter().filter(|entry| entry.is_gap()).count();
        let free_id = entries
            .iter()
            .map(|entry| entry.id.0.saturating_add(1))
            .max();
        Self {
            entries: Rc::new(entries),
            next_id: next_id.max(free_id.unwrap_or(0)),
            engagement_start,
            numbering_start: numbering_start.unwrap_or(engagement_start),
            gap_count,
        }
    }

    /// The entries, oldest first.
    pub(crate) fn entries(&self) -> &Rc<Vec<Rc<Entry>>> {
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
        let index = self.index_of(stamp.sequence);
        let entry = Entry {
            id,
            at: stamp.at,
            sequence: stamp.sequence,
            content: content.bounded(),
        };
        Rc::make_mut(&mut self.entries).insert(index, Rc::new(entry));
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
            self.gap_count += 1;
        }
    }

    /// The notices that a message may be missing, oldest first, each with the highest sequence number before it. Only
    /// those are returned whose numbers can be compared with those of the next message.
    pub(crate) fn gaps(&self) -> Vec<(EntryId, SequenceNumber)> {
        if self.gap_count == 0 {
            return Vec::new();
        }
        let entries = self.entries.iter();
        let gaps = entries.filter(|entry| entry.id.0 >= self.numbering_start && entry.is_gap());
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
        self.entries = Rc::default();
        self.gap_count = 0;
    }

    /// Removes the entry with this id, if it exists.
    pub(crate) fn remove(&mut self, id: EntryId) {
        if self.entry(id).is_some_and(|entry| entry.is_gap()) {
            self.gap_count = self.gap_count.saturating_sub(1);
        }
        Rc::make_mut(&mut self.entries).retain(|entry| entry.id != id);
    }

    /// Sets the delivery of a message of the visitor. Does nothing if the message already has that delivery,
    /// or if the entry does not exist or is not a message of the visitor.
    pub(crate) fn set_delivery(&mut self, id: EntryId, new_delivery: Delivery) {
        let old_delivery = self.visitor_message(id).map(|(_, delivery)| delivery);
        if old_delivery.is_none_or(|old_delivery| old_delivery == new_delivery) {
            return;
        }
        let entries = Rc::make_mut(&mut self.entries);
        if let Some(entry) = entries.iter_mut().rev().find(|entry| entry.id == id)
            && let Content::Visitor { delivery, .. } = &mut Rc::make_mut(entry).content
        {
            *delivery = new_delivery;
        }
    }

    /// The entry with this id; `None` if there is none.
    pub(crate) fn entry(&self, id: EntryId) -> Option<&Rc<Entry>> {
        self.entries.iter().rev().find(|entry| entry.id == id)
    }

    /// The text and the delivery of a message of the visitor; `None` if the entry does not exist or is not a
    /// message of the visitor.
    pub(crate) fn visitor_message(&self, id: EntryId) -> Option<(Rc<str>, Delivery)> {
        match &self.entry(id)?.content {
            Content::Visitor { text, delivery } => Some((text.clone(), *delivery)),
            Content::Agent { .. } | Content::Notice(_) => None,
        }
    }

    /// The index at which an entry with this sequence number is inserted: before the first entry of the current
    /// engagement that has a higher number. The index is the end if no entry has a higher number, or if `sequence` is
    /// `None`.
    fn index_of(&self, sequence: Option<SequenceNumber>) -> usize {
        let mut index = self.entries.len();
        let Some(sequence) = sequence else {
            return index;
        };
        for (candidate, entry) in self.entries.iter().enumerate().rev() {
            if entry.id.0 < self.numbering_start {
                break;
            }
            match entry.sequence {
                Some(other) if other > sequence => index = candidate,
                Some(_) => break,
                None => {}
            }
        }
        index
    }
}
