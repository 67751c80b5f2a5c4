//! What the agent does on the page.

use pipit_wire::EngagementId;
use pipit_wire::agent::AssignmentAction;

use super::{Delivery, Desk, Duty, From, Request, Stage};

/// What the agent does on the page. What names no engagement is meant for the one in front.
#[derive(Clone, Debug)]
pub(crate) enum Click {
    SetAvailable(bool),
    Accept(EngagementId),
    Decline(EngagementId),
    ToFront(EngagementId),
    /// The composer now holds this text.
    Draft(String),
    Send,
    /// Begins or ends looking into it.
    Research,
    Conclude,
    Release,
    LogOff,
    /// Does not log off after all.
    Stay,
    DismissNotice,
}

impl Desk {
    pub(super) fn click(&mut self, click: Click) -> Option<Request> {
        match click {
            Click::SetAvailable(available) => return Some(Request::SetAvailable(available)),
            Click::Accept(id) => return self.acknowledge(id, AssignmentAction::Accept),
            Click::Decline(id) => return self.acknowledge(id, AssignmentAction::Decline),
            Click::Send => return self.send(),
            Click::Conclude => return self.leave_stage(Stage::Open, Request::Conclude),
            Click::Release => return self.leave_stage(Stage::WrapUp, Request::Release),
            Click::LogOff => return self.log_off(),
            Click::ToFront(id) => self.bring_to_front(id),
            Click::Draft(text) => self.draft(text),
            Click::Research => self.research(),
            Click::Stay => self.set_leaving(false),
            Click::DismissNotice => self.notice = None,
        }
        None
    }

    fn acknowledge(&mut self, id: EngagementId, action: AssignmentAction) -> Option<Request> {
        let conversation = self.conversation_mut(id)?;
        let part = conversation.part.clone();
        conversation
            .begin_to_leave(Stage::Offered)
            .then_some(Request::Acknowledge(id, action, part))
    }

    /// Asks for the step that leads out of a stage.
    fn leave_stage(
        &mut self,
        stage: Stage,
        request: impl FnOnce(EngagementId) -> Request,
    ) -> Option<Request> {
        let conversation = self.in_front_mut()?;
        let id = conversation.id;
        conversation.begin_to_leave(stage).then(|| request(id))
    }

    fn draft(&mut self, text: String) {
        if let Some(conversation) = self.in_front_mut() {
            conversation.researching = false;
            conversation.draft = text;
        }
    }

    fn send(&mut self) -> Option<Request> {
        let conversation = self.in_front_mut()?;
        let text = conversation.draft.trim().to_owned();
        if text.is_empty() || conversation.stage != Stage::Open {
            return None;
        }
        conversation.draft.clear();
        conversation.researching = false;
        let index = conversation.entries.len();
        conversation.say(From::Agent(Delivery::Sending), &text);
        Some(Request::Post(conversation.id, index, text))
    }

    fn research(&mut self) {
        if let Some(conversation) = self.in_front_mut() {
            conversation.researching = !conversation.researching;
        }
    }

    /// Logs off, after a question when visitors would be left alone.
    fn log_off(&mut self) -> Option<Request> {
        let mut conversations = self.conversations.iter();
        let engaged = conversations.any(|it| it.stage == Stage::Open);
        if engaged && !self.is_leaving() {
            self.set_leaving(true);
            return None;
        }
        Some(Request::LogOff { force: engaged })
    }

    fn is_leaving(&self) -> bool {
        matches!(self.duty, Duty::On { leaving: true, .. })
    }

    fn set_leaving(&mut self, now: bool) {
        if let Duty::On { leaving, .. } = &mut self.duty {
            *leaving = now;
        }
    }
}
