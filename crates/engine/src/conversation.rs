//! What to draw: the conversation as the visitor may know it.

use std::rc::Rc;

use pipit_wire::vocabulary::{ActivityMode, ConnectionState, DisconnectReason, Role};
use pipit_wire::{AccountId, ClientId, EngagementId};

use crate::transcript::Entry;
use crate::{Failure, SneakPreview, SurveyLink};

/// The conversation as the visitor may know it. Cheap to clone: entries are shared.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Conversation {
    /// Where it stands.
    pub phase: Phase,
    /// What was said and what happened, oldest first.
    pub transcript: Vec<Rc<Entry>>,
    /// Whether the agent may see what is being typed.
    pub sneak_preview: SneakPreview,
    /// Whether the server is reached. Tells nothing where there is no engagement.
    pub connection: Connection,
    /// What stands in the composer; each tab has its own.
    pub draft: Rc<str>,
    /// Whether the panel is open; each tab has its own.
    pub is_open: bool,
    /// How many entries there have been: the next one's name.
    pub(crate) entries: u64,
    /// How many there had been when the engagement began: sequence numbers count within it.
    pub(crate) entries_before: u64,
}

/// Whether the server is reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Connection {
    /// It was asked and has not answered yet: after a start, a reload or a sleep.
    #[default]
    Asking,
    /// A poll has come back within its deadline.
    Connected,
    /// It does not answer, and is asked again and again.
    Lost,
}

/// Where a conversation stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Phase {
    /// None has been started.
    #[default]
    Idle,
    /// The page was asked for a session, or the server for an engagement.
    Starting,
    /// It waits for an agent.
    Queued(Wait),
    /// Agents are there; the lead first. Empty only while the server settles who leads.
    Chatting(Vec<Agent>),
    /// It waits for an agent again (`TRANSFERRED_TO_QUEUE`): the same conversation, not an end.
    Requeued(Wait),
    /// It is over.
    Concluded(Conclusion),
    /// It did not come about, or was lost.
    Failed(Failure),
}

impl Phase {
    /// Whether there is an engagement at the server.
    pub fn is_live(&self) -> bool {
        matches!(
            self,
            Self::Queued(_) | Self::Chatting(_) | Self::Requeued(_)
        )
    }
}

/// What is known of the wait; each may be unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wait {
    /// Counts from 1.
    pub position: Option<u32>,
    /// In s.
    pub expected_seconds: Option<u32>,
    /// In s.
    pub average_seconds: Option<u32>,
}

/// An agent who takes part.
#[derive(Clone, Debug, PartialEq)]
pub struct Agent {
    /// The agent's connection.
    pub client_id: ClientId,
    /// The agent's account, where it is told.
    pub account_id: Option<AccountId>,
    /// The agent's name; empty where it is not told.
    pub name: Rc<str>,
    /// As what.
    pub role: Role,
    /// What the agent is doing.
    pub activity: ActivityMode,
    /// Whether the agent can be reached.
    pub connection: ConnectionState,
    /// Whether the agent is a bot.
    pub is_virtual: bool,
}

/// How a conversation ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Conclusion {
    /// Which one.
    pub engagement_id: EngagementId,
    /// Why.
    pub reason: DisconnectReason,
    /// The agent who led last; `None` when no agent ever came.
    pub agent: Option<Rc<str>>,
    /// The survey to offer now.
    pub survey: Option<SurveyLink>,
    /// Whether a survey comes by mail later.
    pub survey_by_mail: bool,
}
