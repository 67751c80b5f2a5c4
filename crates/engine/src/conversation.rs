//! The public types that describe a conversation to the widget, which draws it.
//!
//! The *page* is the web page that contains the widget. An *engagement* is a chat at the server; the agents in it are
//! one *lead*, who is responsible for it, and any number of *conferees*, who have joined it. A *poll* is a request for
//! new messages.

use std::rc::Rc;

use pipit_wire::vocabulary::{ActivityMode, ConnectionState, DisconnectReason, Role};
use pipit_wire::{AccountId, ClientId, EngagementId};

use crate::entries::Entries;
use crate::failure::Failure;
use crate::preview::SneakPreview;
use crate::survey::SurveyLink;

/// The conversation as the visitor may see it. It is cheap to clone, because its entries are shared.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Conversation {
    /// The current phase.
    pub phase: Phase,
    /// Messages and notices, oldest first.
    pub transcript: Entries,
    /// Whether the agent may see what the visitor is typing.
    pub sneak_preview: SneakPreview,
    /// Whether the server can be reached. Has no meaning while no engagement runs.
    pub connection: Connection,
}

/// Whether the server can be reached, as far as the polls show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Connection {
    /// Not known. This is the state at the beginning of an engagement, and after the engagement was resumed. A
    /// connected engagement returns to it when 45 s have passed since the most recent success, and no poll has failed
    /// in this time. Any engagement returns to it if the engine is woken (because the page becomes visible, the network
    /// may have changed or the machine has slept) and no poll has succeeded for 45 s. A tab that shows the conversation
    /// of another tab also has this state while it hears nothing from that tab.
    #[default]
    Asking,
    /// A poll has succeeded within the last 45 s, and at most one poll has failed since. Or polls had failed at once, and a
    /// poll has then stayed open for 3 s, because the network is back.
    Connected,
    /// The server cannot be reached. Two polls in a row have failed, or a poll was not answered by its deadline, or the
    /// most recent success was 45 s ago and one poll has failed since. The engine continues to poll.
    Lost,
}

/// The phase of a conversation.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Phase {
    /// No conversation has been started, or the visitor left before the conversation began.
    #[default]
    Idle,
    /// The page has been asked for a session (a token that authorizes a conversation), or the server has been asked for
    /// an engagement.
    Starting,
    /// The visitor waits for an agent.
    Queued(Wait),
    /// These agents take part, the lead first. The list is empty if all agents have left, and the server has not yet
    /// sent what happens next.
    Chatting(Vec<Agent>),
    /// The visitor waits for an agent again, in the same conversation, because an agent has transferred the visitor
    /// to a queue.
    Requeued(Wait),
    /// The conversation has ended.
    Concluded(Conclusion),
    /// The conversation did not start or was lost.
    Failed(Failure),
}

impl Phase {
    /// Whether an engagement runs: the server has made it, and it has not ended.
    pub fn is_live(&self) -> bool {
        matches!(
            self,
            Self::Queued(_) | Self::Chatting(_) | Self::Requeued(_)
        )
    }
}

/// What the server says about the visitor's wait. A value is `None` if the server has sent no usable value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wait {
    /// The position in the queue, from 1.
    pub position: Option<u32>,
    /// The time that this visitor will probably wait, in s.
    pub expected_seconds: Option<u32>,
    /// The average wait of all visitors, in s.
    pub average_seconds: Option<u32>,
}

/// An agent who takes part.
#[derive(Clone, Debug, PartialEq)]
pub struct Agent {
    /// The id of the agent's connection to the server.
    pub client_id: ClientId,
    /// The agent's account; `None` if the server does not name the account.
    pub account_id: Option<AccountId>,
    /// The agent's name; empty if the server sends no name.
    pub name: Rc<str>,
    /// The agent's part in the engagement, for example lead or conferee.
    pub role: Role,
    /// What the agent is doing, for example writing.
    pub activity: ActivityMode,
    /// The state of the agent's connection to the server.
    pub connection: ConnectionState,
    /// Whether the agent is a bot.
    pub is_virtual: bool,
}

/// How a conversation ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Conclusion {
    /// The engagement that ended.
    pub engagement_id: EngagementId,
    /// When it ended, in ms since 1970.
    pub at: i64,
    /// Why it ended.
    pub reason: DisconnectReason,
    /// The name of the agent who most recently joined as the lead. If no agent joined as the lead, the name of
    /// the first agent who joined; `None` if no agent ever joined.
    pub agent: Option<Rc<str>>,
    /// The survey to offer now; `None` if the server offers no survey for this reason, or if its
    /// address is not safe or not configured.
    pub survey: Option<SurveyLink>,
    /// Whether the server sends a survey by mail later.
    pub survey_by_mail: bool,
}
