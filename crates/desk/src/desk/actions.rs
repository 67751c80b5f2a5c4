//! Handles the agent's actions on the page. Most of them send a request; its answer changes the state later.

use pipit_wire::EngagementId;
use pipit_wire::agent::AssignmentAction;

use super::conversation::{Delivery, Sender, Stage};
use super::effect::Request;
use super::input::Action;
use super::state::{Desk, SessionState};

impl Desk {
    /// Applies an action. Returns the request that has to be sent because of it, if any.
    pub(super) fn handle_action(&mut self, action: Action) -> Option<Request> {
        match action {
            Action::SetAvailable(available) => return Some(Request::SetAvailable(available)),
            Action::Accept(id) => return self.acknowledge(id, AssignmentAction::Accept),
            Action::Decline(id) => return self.acknowledge(id, AssignmentAction::Decline),
            Action::Send => return self.send_draft(),
            Action::Conclude => return self.leave_stage(Stage::Open, Request::Conclude),
            Action::Release => return self.leave_stage(Stage::WrapUp, Request::Release),
            Action::LogOff => return self.log_off(),
            Action::Select(id) => self.select(id),
            Action::EditDraft(text) => self.set_draft(text),
            Action::ToggleResearching => self.toggle_researching(),
            Action::CancelLogOff => self.set_confirming_log_off(false),
            Action::DismissNotice => self.notice = None,
        }
        None
    }

    fn acknowledge(&mut self, id: EngagementId, action: AssignmentAction) -> Option<Request> {
        let conversation = self.conversation_mut(id)?;
        let assignment_type = conversation.assignment_type.clone();
        conversation
            .start_leaving_stage(Stage::Offered)
            .then_some(Request::Acknowledge(id, action, assignment_type))
    }

    /// Sends the request that ends a stage of the selected conversation.
    fn leave_stage(
        &mut self,
        stage: Stage,
        request: impl FnOnce(EngagementId) -> Request,
    ) -> Option<Request> {
        let conversation = self.selected_mut()?;
        let id = conversation.id;
        conversation.start_leaving_stage(stage).then(|| request(id))
    }

    fn set_draft(&mut self, text: String) {
        if let Some(conversation) = self.selected_mut() {
            conversation.is_researching = false;
            conversation.draft = text;
        }
    }

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

    fn toggle_researching(&mut self) {
        if let Some(conversation) = self.selected_mut() {
            conversation.is_researching = !conversation.is_researching;
        }
    }

    /// Logs off. If conversations are open, the agent has to confirm it by a second action.
    fn log_off(&mut self) -> Option<Request> {
        let mut conversations = self.conversations.iter();
        let is_engaged = conversations.any(|it| it.stage == Stage::Open);
        if is_engaged && !self.is_confirming_log_off() {
            self.set_confirming_log_off(true);
            return None;
        }
        Some(Request::LogOff { force: is_engaged })
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

    fn set_confirming_log_off(&mut self, confirming: bool) {
        if let SessionState::LoggedOn {
            is_confirming_log_off,
            ..
        } = &mut self.session
        {
            *is_confirming_log_off = confirming;
        }
    }
}
