//! The entries of the transcript: the messages of the visitor, the messages of the agents, and notices. The *lead* is the
//! agent who is responsible for the engagement (the chat at the server). All other agents in the engagement are
//! *conferees*.

use std::rc::Rc;

use pipit_untrusted_text::{bounded, changed_by, clean_name};
use pipit_wire::vocabulary::DisconnectReason;
use pipit_wire::{ClientId, SequenceNumber};

use crate::file::SharedFile;

/// Identifies an entry. Ids count up, and an id is never used again, even in a later conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryId(pub u64);

impl EntryId {
    /// The id of a message that this tab has forwarded to the leading tab, until the leading tab has given the message an
    /// id. `index` counts the forwarded messages from 0. An engine counts its ids up from 0, so the highest are free.
    pub fn forwarded(index: u64) -> Self {
        Self(u64::MAX - index)
    }

    /// Whether this is an id of [`Self::forwarded`].
    pub fn is_forwarded(self) -> bool {
        self.0 > u64::MAX / 2
    }
}

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
    pub(crate) fn is_gap(&self) -> bool {
        self.content == Content::Notice(Notice::Gap)
    }
}

impl Content {
    /// Whether this is a message or a file from an agent, or stands in the place of one. Only these count as unread.
    pub fn is_from_agent(&self) -> bool {
        matches!(
            self,
            Self::Agent { .. } | Self::Notice(Notice::File(_) | Notice::Unreadable)
        )
    }

    /// The name of the agent from whom a message or file comes; `None` if it comes from no agent.
    pub(crate) fn agent_name(&self) -> Option<&Rc<str>> {
        match self {
            Self::Agent { name, .. } => Some(name),
            Self::Notice(Notice::File(file)) => Some(&file.from),
            Self::Visitor { .. } | Self::Notice(_) => None,
        }
    }

    /// The content with bounded texts and clean names. The transcript calls this for each entry that it takes, because
    /// servers, agents, other tabs and the storage may send anything. A message of the visitor does not change: it must
    /// be sent exactly as it was written.
    pub(crate) fn bounded(self) -> Self {
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
