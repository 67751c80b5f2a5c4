//! The desk as a state without I/O: messages of the server and clicks go in, a state to draw and
//! effects to perform come out.

mod answer;
mod click;
mod conversation;
mod hear;
#[cfg(test)]
mod tests;

use pipit_agent::AgentError;
use pipit_wire::agent::{AgentMessage, AssignmentAction, AssignmentType};
use pipit_wire::vocabulary::ActivityMode;
use pipit_wire::{ClientId, EngagementId};

pub(crate) use click::Click;
pub(crate) use conversation::{Conversation, Delivery, Entry, From, Stage, Typing};

/// How many engagements the agent takes at once.
const MAX_ENGAGEMENTS: i32 = 3;

/// All that the page shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Desk {
    pub(crate) duty: Duty,
    /// Offered, open and ended engagements, in the order in which they came.
    pub(crate) conversations: Vec<Conversation>,
    /// The conversation that fills the page; never one that is only offered.
    pub(crate) front: Option<EngagementId>,
    /// The last thing that went wrong, until it is dismissed.
    pub(crate) notice: Option<String>,
    /// Whether the page can be seen.
    visible: bool,
}

/// Whether the agent is at work.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Duty {
    LoggingOn,
    On {
        /// The agent's client in this session.
        client: ClientId,
        /// Whether new engagements may come.
        available: bool,
        /// False while the server cannot be heard.
        connected: bool,
        /// The agent wants to log off, and is asked whether the visitors may be left.
        leaving: bool,
    },
    /// The session is over, or never began; why, in words.
    Off(String),
}

/// What happens to the desk.
#[derive(Clone, Debug)]
pub(crate) enum Input {
    LogOn,
    LoggedOn(ClientId),
    /// Why, in words.
    LogOnFailed(String),
    /// A batch of the receiver of one session.
    Heard(ClientId, Result<Vec<AgentMessage>, AgentError>),
    /// A request has been answered, or not.
    Answered(Request, Result<(), AgentError>),
    /// The agent did something on the page.
    Click(Click),
    /// Whether the page can be seen.
    Visible(bool),
}

/// What is to be done, in the order given.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Effect {
    LogOn,
    Ask(Request),
}

/// A request to the server.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Request {
    SetAvailable(bool),
    Assignment {
        idle: i32,
        max: i32,
    },
    Acknowledge(EngagementId, AssignmentAction, AssignmentType),
    /// The text that is the conversation's entry of this index.
    Post(EngagementId, usize, String),
    Signal(EngagementId, Signal),
    Conclude(EngagementId),
    Release(EngagementId),
    LogOff {
        force: bool,
    },
}

/// What a visitor is told about the agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Signal {
    pub(crate) mode: ActivityMode,
    /// Whether the agent can see this conversation.
    pub(crate) focus: bool,
}

impl Desk {
    /// A desk before its first log on. `visible`: whether the page can be seen.
    pub(crate) fn new(visible: bool) -> Self {
        Self {
            duty: Duty::LoggingOn,
            conversations: Vec::new(),
            front: None,
            notice: None,
            visible,
        }
    }

    /// Takes one input in and says what to do about it.
    pub(crate) fn take(&mut self, input: Input) -> Vec<Effect> {
        let mut requests = Vec::new();
        match input {
            Input::LogOn => {
                *self = Self::new(self.visible);
                return vec![Effect::LogOn];
            }
            Input::LoggedOn(client) => requests.push(self.begin(client)),
            Input::LogOnFailed(why) => self.end(why),
            // What an older session's receiver still says is of no interest.
            Input::Heard(client, _) if self.client() != Some(client) => {}
            Input::Heard(_, heard) => requests.extend(self.hear(heard)),
            Input::Answered(request, answer) => requests.extend(self.answered(request, answer)),
            Input::Click(click) => requests.extend(self.click(click)),
            Input::Visible(visible) => self.visible = visible,
        }
        requests.extend(self.signals());
        requests.into_iter().map(Effect::Ask).collect()
    }

    /// The conversation in front.
    pub(crate) fn in_front(&self) -> Option<&Conversation> {
        let front = self.front?;
        self.conversations.iter().find(|it| it.id == front)
    }

    /// Whether engagements may come.
    pub(crate) fn is_available(&self) -> bool {
        matches!(
            self.duty,
            Duty::On {
                available: true,
                ..
            }
        )
    }

    fn begin(&mut self, client: ClientId) -> Request {
        self.duty = Duty::On {
            client,
            available: false,
            connected: true,
            leaving: false,
        };
        Request::SetAvailable(true)
    }

    fn end(&mut self, why: String) {
        self.duty = Duty::Off(why);
        self.conversations.clear();
        self.front = None;
    }

    fn client(&self) -> Option<ClientId> {
        match self.duty {
            Duty::On { client, .. } => Some(client),
            Duty::LoggingOn | Duty::Off(_) => None,
        }
    }

    fn conversation_mut(&mut self, id: EngagementId) -> Option<&mut Conversation> {
        self.conversations.iter_mut().find(|it| it.id == id)
    }

    fn in_front_mut(&mut self) -> Option<&mut Conversation> {
        self.conversation_mut(self.front?)
    }

    fn bring_to_front(&mut self, id: EngagementId) {
        let conversation = self.conversation_mut(id);
        if let Some(it) = conversation.filter(|it| it.stage != Stage::Offered) {
            it.unread = 0;
            self.front = Some(id);
        }
    }

    /// The engagement is no longer this agent's; another comes to the front in its place.
    fn remove(&mut self, id: EngagementId) {
        self.conversations.retain(|it| it.id != id);
        if self.front == Some(id) {
            self.front = None;
            let mut rest = self.conversations.iter();
            if let Some(next) = rest.find(|it| it.stage != Stage::Offered) {
                self.bring_to_front(next.id);
            }
        }
    }

    /// Asks for another engagement, if one is wanted. Those in wrap-up are idle.
    fn ask(&self) -> Option<Request> {
        let ended = self.conversations.iter();
        let idle = ended.filter(|it| it.stage == Stage::WrapUp).count();
        self.is_available().then_some(Request::Assignment {
            idle: i32::try_from(idle).unwrap_or(MAX_ENGAGEMENTS),
            max: MAX_ENGAGEMENTS,
        })
    }

    /// What the visitors are to be told: the signals that differ from those each was told last.
    fn signals(&mut self) -> Vec<Request> {
        let seen = self.front.filter(|_| self.visible);
        let conversations = self.conversations.iter_mut();
        let open = conversations.filter(|it| it.stage == Stage::Open);
        open.filter_map(|it| {
            let signal = it.news(seen == Some(it.id))?;
            Some(Request::Signal(it.id, signal))
        })
        .collect()
    }
}
