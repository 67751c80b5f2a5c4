//! Handles the agent's actions on the page. An action that needs the server returns a request, and `responses.rs`
//! applies the answer when it arrives. Until then, the state shows at most that the request is pending.

use pipit_wire::EngagementId;
use pipit_wire::agent::AssignmentAction;

use super::conversation::{Delivery, Sender, Stage};
use super::effect::Request;
use super::input::Action;
use super::state::{Desk, SessionState};

impl Desk {
    /// Applies an action. Returns the request that the action requires; `None` if it requires none.
    pub(super) fn handle_action(&mut self, action: Action) -> Option<Request> {
        match action {
            Action::SetAvailable(is_available) => return Some(Request::SetAvailable(is_available)),
            Action::Accept(id) => return self.acknowledge(id, AssignmentAction::Accept),
            Action::Decline(id) => return self.acknowledge(id, AssignmentAction::Decline),
            Action::Send => return self.send_draft(),
            Action::Transfer => return self.end_stage(Stage::Open, Request::Transfer),
            Action::Conclude => return self.end_stage(Stage::Open, Request::Conclude),
            Action::Release => return self.end_stage(Stage::WrapUp, Request::Release),
            Action::LogOff => return self.log_off(),
            Action::Select(id) => self.select(id),
            Action::EditDraft(text) => self.set_draft(text),
            Action::Insert(text) => self.insert(&text),
            Action::ToggleResearching => self.toggle_researching(),
            Action::CancelLogOff => self.set_confirming_log_off(false),
            Action::DismissNotice => self.notice = None,
        }
        None
    }

    /// The request that accepts or declines an offered engagement (a conversation with a visitor). `None` if the engagement
    /// is not offered any more, or if an earlier request that accepts or declines it is pending.
    fn acknowledge(&mut self, id: EngagementId, action: AssignmentAction) -> Option<Request> {
        let conversation = self.conversation_mut(id)?;
        let assignment_type = conversation.assignment_type.clone();
        conversation
            .mark_request_pending(Stage::Offered)
            .then_some(Request::Acknowledge(id, action, assignment_type))
    }

    /// The request that ends this stage of the selected conversation; `None` if no conversation is selected, if it is in
    /// another stage, or if the request is pending already.
    fn end_stage(
        &mut self,
        stage: Stage,
        request: impl FnOnce(EngagementId) -> Request,
    ) -> Option<Request> {
        let conversation = self.selected_mut()?;
        let id = conversation.id;
        conversation
            .mark_request_pending(stage)
            .then(|| request(id))
    }

    /// Replaces the text in the composer (the field in which the agent writes) by this text. This ends the status
    /// *looking into it*, which the visitor sees.
    fn set_draft(&mut self, text: String) {
        if let Some(conversation) = self.selected_mut() {
            conversation.is_researching = false;
            conversation.draft = text;
        }
    }

    /// Adds a text to the end of the composer's text, after a blank.
    fn insert(&mut self, text: &str) {
        if let Some(conversation) = self.selected_mut() {
            let draft = conversation.draft.trim_end();
            let blank = if draft.is_empty() { "" } else { " " };
            let draft = [draft, blank, text].concat();
            self.set_draft(draft);
        }
    }

    /// Moves the composer's text to the transcript. Returns the request that posts it. If the composer is empty or no open
    /// conversation is selected, changes nothing and returns `None`.
    fn send_draft(&mut self) -> Option<Request> {
        let conversation = self.selected_mut()?;
        let text = conversation.draft.trim().to_owned();
        if text.is_empty() || conversation.stage != Stage::Open {
            return None;
        }
        conversation.draft.clear();
        conversation.is_researching = false;
        let index = conversation.entries.len();
        conversation.add_entry(Sender::Agent(Delivery::Sending), &text);
        Some(Request::Post(conversation.id, index, text))
    }

    /// Turns the status *looking into it* of the selected conversation on or off.
    fn toggle_researching(&mut self) {
        if let Some(conversation) = self.selected_mut() {
            conversation.is_researching = !conversation.is_researching;
        }
    }

    /// The request that logs the agent off. If a conversation is open and the page does not yet ask the agent to
    /// confirm, makes the page ask, and returns `None`. A call while the page asks counts as the confirmation.
    fn log_off(&mut self) -> Option<Request> {
        let mut conversations = self.conversations.iter();
        let has_open_conversation = conversations.any(|it| it.stage == Stage::Open);
        if has_open_conversation && !self.is_confirming_log_off() {
            self.set_confirming_log_off(true);
            return None;
        }
        Some(Request::LogOff {
            force: has_open_conversation,
        })
    }

    fn is_confirming_log_off(&self) -> bool {
        matches!(
            self.session,
            SessionState::LoggedOn {
                is_confirming_log_off: true,
                ..
            }
        )
    }

    fn set_confirming_log_off(&mut self, is_confirming: bool) {
        if let SessionState::LoggedOn {
            is_confirming_log_off,
            ..
        } = &mut self.session
        {
            *is_confirming_log_off = is_confirming;
        }
    }
}
