//! The transcript: messages and notices, each with its place.

use std::rc::Rc;

use pipit_wire::vocabulary::DisconnectReason;
use pipit_wire::{ClientId, SequenceNumber};

use crate::conversation::Conversation;
use crate::file::SharedFile;

/// Identifies an entry. Ids count up and are not used again, not even in a later conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryId(pub u64);

/// One line of the transcript.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its id.
    pub id: EntryId,
    /// When it was written or happened, in ms since 1970: by the server's clock if the message has a time,
    /// otherwise by this machine's.
    pub at: i64,
    /// Its number in the server's stream; `None` for an entry that began on this machine.
    pub sequence: Option<SequenceNumber>,
    /// What it shows.
    pub content: Content,
}

/// What a line of the transcript shows.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// A message of the visitor.
    Visitor {
        /// The text exactly as it is sent.
        text: Rc<str>,
        /// Whether it has reached the server.
        delivery: Delivery,
    },
    /// A message of an agent.
    Agent {
        /// The connection of the agent who wrote it.
        client_id: ClientId,
        /// The agent's name; empty when the server does not name it.
        name: Rc<str>,
        /// Plain text, or HTML if `rich` is true.
        body: Rc<str>,
        /// Whether the server marks it as HTML.
        rich: bool,
    },
    /// Something that happened.
    Notice(Notice),
}

/// How far a message of the visitor has got. The API reports nothing beyond `Accepted`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// It waits for the messages before it, or for an engagement.
    Queued,
    /// The request that posts it is open.
    Sending,
    /// The server has it.
    Accepted,
    /// No answer arrived, so it may have been posted or not. It is sent again only if the visitor asks,
    /// because the server takes repeated text for abuse.
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
    /// The server refused it (another status of 4xx).
    Refused,
    /// The conversation ended before it was sent.
    Over,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// An agent joined and leads.
    Joined(Rc<str>),
    /// An agent joined beside the lead.
    JoinedToo(Rc<str>),
    /// An agent left.
    Left(Rc<str>, DisconnectReason),
    /// Another agent, who was there already, leads now.
    TakenOver(Rc<str>),
    /// The visitor waits in the queue again.
    WaitingAgain,
    /// An agent sent a file.
    File(Rc<SharedFile>),
    /// A text of the server itself for the visitor.
    Server {
        /// Plain text, or HTML if `rich` is true.
        text: Rc<str>,
        /// Whether the server marks it as HTML.
        rich: bool,
    },
    /// The conversation ended, for this reason.
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
