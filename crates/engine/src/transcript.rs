//! What was said and what happened.

use std::rc::Rc;

use pipit_wire::vocabulary::DisconnectReason;
use pipit_wire::{ClientId, SequenceNumber};

use crate::SharedFile;
use crate::conversation::Conversation;

/// Names an entry for as long as the engine lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryId(pub u64);

/// One line of the transcript.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its name.
    pub id: EntryId,
    /// When, in ms since 1970, for a label; by the server's clock where it tells.
    pub at: i64,
    /// Its place in the server's stream; `None` for what began here.
    pub sequence: Option<SequenceNumber>,
    /// What it is.
    pub content: Content,
}

/// What a line of the transcript is.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// The visitor's message.
    Visitor {
        /// To the letter.
        text: Rc<str>,
        /// How far it has come.
        delivery: Delivery,
    },
    /// An agent's message.
    Agent {
        /// From which connection.
        client_id: ClientId,
        /// From whom; empty where it was not told.
        name: Rc<str>,
        /// Text, or HTML where `rich` is true.
        body: Rc<str>,
        /// Whether the server marks it as HTML.
        rich: bool,
    },
    /// Something that happened.
    Notice(Notice),
}

/// How far a message of the visitor has come. `Accepted` is the most that this API ever says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// It waits for its turn.
    Queued,
    /// It is on its way.
    Sending,
    /// The server has it.
    Accepted,
    /// No answer came: it may have arrived or not. Never sent again unasked, for the server takes
    /// repeated text for abuse.
    Unknown,
    /// It did not arrive.
    Failed(PostFailure),
}

/// Why a message did not arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PostFailure {
    /// The agent who led the conversation has left it (409).
    LeadLeft,
    /// The server took it for abuse and ended the conversation (409).
    TakenForAbuse,
    /// The server refused it as it is (400, 404, 413).
    Refused,
    /// The conversation was over.
    Over,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// An agent joined and leads.
    Joined(Rc<str>),
    /// A second agent joined.
    JoinedToo(Rc<str>),
    /// An agent left.
    Left(Rc<str>, DisconnectReason),
    /// Another agent leads.
    TakenOver(Rc<str>),
    /// Back in the queue.
    WaitingAgain,
    /// An agent sent a file.
    File(Rc<SharedFile>),
    /// The server's own words to the visitor.
    Server {
        /// Text, or HTML where `rich` is true.
        text: Rc<str>,
        /// Whether the server marks it as HTML.
        rich: bool,
    },
    /// The end.
    Concluded(DisconnectReason),
}

impl Conversation {
    /// Adds an entry where its place in the stream says; without one, at the end.
    pub(crate) fn add(
        &mut self,
        at: i64,
        sequence: Option<SequenceNumber>,
        content: Content,
    ) -> EntryId {
        let id = EntryId(self.entries);
        self.entries += 1;
        let index = self.place(sequence);
        let entry = Entry {
            id,
            at,
            sequence,
            content,
        };
        self.transcript.insert(index, Rc::new(entry));
        id
    }

    /// Behind the last entry whose place is not later, and behind all of an earlier engagement.
    fn place(&self, sequence: Option<SequenceNumber>) -> usize {
        let Some(sequence) = sequence else {
            return self.transcript.len();
        };
        let mut index = self.transcript.len();
        for (at, entry) in self.transcript.iter().enumerate().rev() {
            if entry.id.0 < self.entries_before {
                break;
            }
            match entry.sequence {
                Some(other) if other > sequence => index = at,
                Some(_) => break,
                None => {}
            }
        }
        index
    }

    pub(crate) fn remove(&mut self, id: EntryId) {
        self.transcript.retain(|entry| entry.id != id);
    }

    pub(crate) fn set_delivery(&mut self, id: EntryId, to: Delivery) {
        let found = self
            .transcript
            .iter_mut()
            .rev()
            .find(|entry| entry.id == id);
        if let Some(entry) = found
            && let Content::Visitor { delivery, .. } = &mut Rc::make_mut(entry).content
        {
            *delivery = to;
        }
    }

    /// A message of the visitor: its text and how far it has come.
    pub(crate) fn visitor_message(&self, id: EntryId) -> Option<(Rc<str>, Delivery)> {
        let entry = self.transcript.iter().rev().find(|entry| entry.id == id)?;
        match &entry.content {
            Content::Visitor { text, delivery } => Some((text.clone(), *delivery)),
            Content::Agent { .. } | Content::Notice(_) => None,
        }
    }
}
