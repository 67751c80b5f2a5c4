//! The conversation as the visitor may know it: what the widget draws.

use std::rc::Rc;

use pipit_wire::vocabulary::{ActivityMode, ConnectionState, DisconnectReason, Role};
use pipit_wire::{AccountId, ClientId, EngagementId};

use crate::failure::Failure;
use crate::preview::SneakPreview;
use crate::survey::SurveyLink;
use crate::transcript::Entry;

/// The conversation as the visitor may know it. Cheap to clone, because entries are shared.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Conversation {
    /// Its current phase.
    pub phase: Phase,
    /// Messages and notices, oldest first.
    pub transcript: Rc<Vec<Rc<Entry>>>,
    /// Whether the agent may see what is being typed.
    pub sneak_preview: SneakPreview,
    /// Whether the server can be reached. Meaningless while there is no engagement.
    pub connection: Connection,
}

/// Whether the server can be reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Connection {
    /// A poll is open and has not been answered yet: after a start, a reload or a sleep.
    #[default]
    Asking,
    /// The last poll was answered within its deadline.
    Connected,
    /// The server does not answer; polls are repeated.
    Lost,
}

/// The phase of a conversation.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Phase {
    /// No conversation has been started.
    #[default]
    Idle,
    /// The page has been asked for a session, or the server for an engagement.
    Starting,
    /// The visitor waits for an agent.
    Queued(Wait),
    /// Agents take part, the lead first. Empty only after the last one left, until the server says what
    /// happens next.
    Chatting(Vec<Agent>),
    /// The visitor waits for an agent again (`TRANSFERRED_TO_QUEUE`). The conversation is the same one.
    Requeued(Wait),
    /// The conversation has ended.
    Concluded(Conclusion),
    /// The conversation did not start or was lost.
    Failed(Failure),
}

impl Phase {
    /// Whether the server has an engagement for this conversation.
    pub fn is_live(&self) -> bool {
        matches!(
            self,
            Self::Queued(_) | Self::Chatting(_) | Self::Requeued(_)
        )
    }
}

/// What the server says about the wait; any of it may be missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wait {
    /// The position in the queue, from 1.
    pub position: Option<u32>,
    /// How long this visitor will probably wait, in s.
    pub expected_seconds: Option<u32>,
    /// How long visitors wait on average, in s.
    pub average_seconds: Option<u32>,
}

/// An agent who takes part.
#[derive(Clone, Debug, PartialEq)]
pub struct Agent {
    /// The agent's connection.
    pub client_id: ClientId,
    /// The agent's account, if the server names it.
    pub account_id: Option<AccountId>,
    /// The agent's name; empty when the server does not name it.
    pub name: Rc<str>,
    /// Whether the agent leads or has joined the lead.
    pub role: Role,
    /// Whether the agent is writing.
    pub activity: ActivityMode,
    /// The state of the agent's connection to the server.
    pub connection: ConnectionState,
    /// Whether the agent is a virtual one: a bot.
    pub is_virtual: bool,
}

/// How a conversation ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Conclusion {
    /// The engagement that ended.
    pub engagement_id: EngagementId,
    /// Why it ended.
    pub reason: DisconnectReason,
    /// The last lead; `None` when no agent ever joined.
    pub agent: Option<Rc<str>>,
    /// The survey to offer now.
    pub survey: Option<SurveyLink>,
    /// Whether the server sends a survey by mail later.
    pub survey_by_mail: bool,
}
