//! The state of the desk. Every change begins with [`Desk::handle`], which passes the agent's actions to `actions.rs`, the
//! results of polls to `messages.rs`, and the answers to requests to `responses.rs`.

use pipit_wire::{ClientId, EngagementId};

use super::conversation::{Conversation, Stage};
use super::effect::{Effect, Request};
use super::input::Input;

/// The highest number of engagements (conversations with visitors) that the agent takes at the same time.
const MAX_ENGAGEMENTS: i32 = 3;

/// Everything that the page shows, and whether the agent can see it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Desk {
    pub(crate) session: SessionState,
    /// Offered, open and ended engagements, in the order in which they arrived.
    pub(crate) conversations: Vec<Conversation>,
    /// The conversation that is shown. It is open or in wrap-up (over and not yet released), because an offer cannot be
    /// selected. `None` while no conversation is shown.
    pub(crate) selected: Option<EngagementId>,
    /// The most recent error, or other news that the agent must see, until the agent dismisses it.
    pub(crate) notice: Option<String>,
    /// The agent's own name; `None` until the server has sent it with an offer.
    pub(crate) agent_name: Option<String>,
    /// The current time, in ms since 1970, as the page has set it before the latest input.
    pub(crate) now: i64,
    /// Whether the page is visible. The selected conversation has the agent's focus only while the page is visible.
    is_visible: bool,
}

/// The state of the agent's session.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum SessionState {
    LoggingOn,
    LoggedOn {
        /// The agent's client id in this session.
        client: ClientId,
        /// Whether the agent takes new engagements.
        is_available: bool,
        /// Whether the most recent poll has succeeded. True before the first poll has ended.
        is_connected: bool,
        /// Whether the page asks the agent to confirm the log-off, because conversations are open.
        is_confirming_log_off: bool,
    },
    /// The session is over, or the log-on failed. The text is a sentence that says why.
    LoggedOff(String),
}

impl Desk {
    /// Makes the desk of a page whose first log-on has not begun.
    pub(crate) fn new(is_visible: bool) -> Self {
        Self {
            session: SessionState::LoggingOn,
            conversations: Vec::new(),
            selected: None,
            notice: None,
            agent_name: None,
            now: 0,
            is_visible,
        }
    }

    /// Applies an input and returns the effects that the page has to perform.
    pub(crate) fn handle(&mut self, input: Input) -> Vec<Effect> {
        let mut requests = Vec::new();
        match input {
            // A new session begins without the conversations and the notice of the previous one.
            Input::LogOn => {
                let now = self.now;
                *self = Self::new(self.is_visible);
                self.now = now;
                return vec![Effect::LogOn];
            }
            Input::LoggedOn(client) => requests.push(self.start_session(client)),
            Input::LogOnFailed(reason) => self.end_session(reason),
            // The results of an earlier session have no effect.
            Input::Polled(client, _) | Input::Answered(client, ..)
                if self.client() != Some(client) => {}
            Input::Polled(_, result) => requests.extend(self.handle_poll(result)),
            Input::Answered(_, request, answer) => {
                requests.extend(self.handle_answer(request, answer));
            }
            Input::Action(action) => requests.extend(self.handle_action(action)),
            Input::VisibilityChanged(is_visible) => self.is_visible = is_visible,
        }
        self.stamp_entries();
        requests.extend(self.pending_signals());
        requests.into_iter().map(Effect::Send).collect()
    }

    /// Gives the new entries of all transcripts their time.
    fn stamp_entries(&mut self) {
        let now = self.now;
        for conversation in &mut self.conversations {
            let newest_first = conversation.entries.iter_mut().rev();
            for entry in newest_first.take_while(|entry| entry.at.is_none()) {
                entry.at = Some(now);
            }
        }
    }

    /// The conversation that is shown; `None` if none is selected.
    pub(crate) fn selected_conversation(&self) -> Option<&Conversation> {
        let selected = self.selected?;
        self.conversations.iter().find(|it| it.id == selected)
    }

    /// Whether the agent takes new engagements.
    pub(crate) fn is_available(&self) -> bool {
        matches!(
            self.session,
            SessionState::LoggedOn {
                is_available: true,
                ..
            }
        )
    }

    /// Begins a session. Returns the request that makes the agent available.
    fn start_session(&mut self, client: ClientId) -> Request {
        self.session = SessionState::LoggedOn {
            client,
            is_available: false,
            is_connected: true,
            is_confirming_log_off: false,
        };
        Request::SetAvailable(true)
    }

    /// Ends the session and removes all conversations. `reason` is a sentence for the agent. The notice stays.
    pub(super) fn end_session(&mut self, reason: String) {
        self.session = SessionState::LoggedOff(reason);
        self.conversations.clear();
        self.selected = None;
    }

    /// The agent's client id; `None` while the agent is not logged on.
    pub(super) fn client(&self) -> Option<ClientId> {
        match self.session {
            SessionState::LoggedOn { client, .. } => Some(client),
            SessionState::LoggingOn | SessionState::LoggedOff(_) => None,
        }
    }

    pub(super) fn conversation_mut(&mut self, id: EngagementId) -> Option<&mut Conversation> {
        self.conversations.iter_mut().find(|it| it.id == id)
    }

    pub(super) fn selected_mut(&mut self) -> Option<&mut Conversation> {
        self.conversation_mut(self.selected?)
    }

    /// Selects a conversation, unless it is only offered.
    pub(super) fn select(&mut self, id: EngagementId) {
        let conversation = self.conversation_mut(id);
        if let Some(accepted) = conversation.filter(|it| it.stage != Stage::Offered) {
            accepted.unread_count = 0;
            self.selected = Some(id);
        }
    }

    /// Removes an engagement. If it was selected, the first other conversation is selected.
    pub(super) fn remove(&mut self, id: EngagementId) {
        self.conversations.retain(|it| it.id != id);
        if self.selected == Some(id) {
            self.selected = None;
            let mut rest = self.conversations.iter();
            if let Some(next) = rest.find(|it| it.stage != Stage::Offered) {
                self.select(next.id);
            }
        }
    }

    /// The request for another engagement; `None` if the agent is not available. Its number `idle` is the number of
    /// engagements in wrap-up (over and not yet released).
    pub(super) fn request_assignment(&self) -> Option<Request> {
        let conversations = self.conversations.iter();
        let idle = conversations.filter(|it| it.stage == Stage::WrapUp).count();
        self.is_available().then_some(Request::Assignment {
            // The number is small, so the conversion does not fail.
            idle: i32::try_from(idle).unwrap_or(MAX_ENGAGEMENTS),
            max: MAX_ENGAGEMENTS,
        })
    }

    /// The requests that signal the agent's activity, for the open conversations in which it has changed since the previous
    /// signal.
    fn pending_signals(&mut self) -> Vec<Request> {
        let focused = self.selected.filter(|_| self.is_visible);
        let conversations = self.conversations.iter_mut();
        let open = conversations.filter(|it| it.stage == Stage::Open);
        open.filter_map(|conversation| {
            let signal = conversation.next_signal(focused == Some(conversation.id))?;
            Some(Request::Signal(conversation.id, signal))
        })
        .collect()
    }
}
