//! The transcript: the messages of the visitor, the messages of the agents, and notices, in the order in which the
//! widget shows them. The *lead* is the agent who is responsible for the engagement (the chat at the server). All other
//! agents in the engagement are *conferees*.

use std::rc::Rc;

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
}

impl Transcript {
    /// The transcript of a snapshot. If two stored entries have the same id, the second entry is dropped,
    /// because entries are distinguished only by their ids. If a stored entry already has the id `next_id` or
    /// a higher one, the next id is higher than all stored ids.
    pub(crate) fn restored(
        stored: impl Iterator<Item = Entry>,
        next_id: u64,
        engagement_start: u64,
    ) -> Self {
        let mut entries: Vec<Rc<Entry>> = Vec::new();
        for entry in stored {
            if entries.iter().all(|other| other.id != entry.id) {
                entries.push(Rc::new(entry));
            }
        }
        let free_id = entries
            .iter()
            .map(|entry| entry.id.0.saturating_add(1))
            .max();
        Self {
            entries: Rc::new(entries),
            next_id: next_id.max(free_id.unwrap_or(0)),
            engagement_start,
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
            content,
        };
        Rc::make_mut(&mut self.entries).insert(index, Rc::new(entry));
        id
    }

    /// Adds a notice, at the place that its sequence number gives it.
    pub(crate) fn add_notice(&mut self, stamp: EntryStamp, notice: Notice) {
        self.add(stamp, Content::Notice(notice));
    }

    /// Begins a new engagement. Its entries follow all earlier entries, because its sequence numbers cannot be
    /// compared with those of an earlier engagement.
    pub(crate) fn begin_engagement(&mut self) {
        self.engagement_start = self.next_id;
    }

    /// Removes all entries. Their ids are not used again.
    pub(crate) fn clear(&mut self) {
        self.entries = Rc::default();
    }

    /// Removes the entry with this id, if it exists.
    pub(crate) fn remove(&mut self, id: EntryId) {
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

    /// The text and the delivery of a message of the visitor; `None` if the entry does not exist or is not a
    /// message of the visitor.
    pub(crate) fn visitor_message(&self, id: EntryId) -> Option<(Rc<str>, Delivery)> {
        let entry = self.entries.iter().rev().find(|entry| entry.id == id)?;
        match &entry.content {
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
            if entry.id.0 < self.engagement_start {
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
