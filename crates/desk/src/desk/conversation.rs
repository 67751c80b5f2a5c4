//! One engagement, as the desk shows it.

use std::collections::BTreeMap;

use pipit_wire::agent::{AssignmentType, ChatActivitySignal, ChatEngagementAssignment};
use pipit_wire::vocabulary::{ActivityMode, DisconnectReason};
use pipit_wire::{ClientId, EngagementId};

use super::effect::Signal;

/// One engagement, as the desk shows it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Conversation {
    pub(crate) id: EngagementId,
    pub(crate) stage: Stage,
    /// Whether the agent leads the engagement or joins it.
    pub(crate) assignment_type: AssignmentType,
    /// The visitor's name, or "Visitor".
    pub(crate) visitor: String,
    /// The question that the visitor entered before the chat; `None` if there was none.
    pub(crate) question: Option<String>,
    /// The transcript. Entries are only ever appended, because requests refer to them by index.
    pub(crate) entries: Vec<Entry>,
    /// What the visitor is typing; `None` while the visitor is not typing.
    pub(crate) typing: Option<Typing>,
    /// The text in the composer.
    pub(crate) draft: String,
    pub(crate) is_researching: bool,
    /// How many of the visitor's messages arrived while the conversation was not selected.
    pub(crate) unread: usize,
    /// Whether a request is pending that will end the stage. Its buttons are disabled meanwhile.
    pub(crate) is_leaving_stage: bool,
    /// The most recent signal to the visitor; `None` before the first.
    pub(super) last_signal: Option<Signal>,
    /// The names of the other agents who take part.
    pub(super) other_agents: BTreeMap<ClientId, String>,
}

/// The stages of an engagement at the desk, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// The agent has not accepted or declined it.
    Offered,
    Open,
    /// It has ended, and the agent has not released it.
    WrapUp,
}

/// A line of the transcript.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) sender: Sender,
    pub(crate) text: String,
}

/// The sender of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Sender {
    Visitor,
    /// The agent at this desk.
    Agent(Delivery),
    /// Another agent, with the name.
    OtherAgent(String),
    System,
}

/// The delivery state of the agent's own message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Delivery {
    Sending,
    Sent,
    /// The server refused it.
    Refused,
    /// No answer arrived, so the message may or may not have arrived.
    Unsure,
}

/// What the visitor is typing. The text is empty if the agent may not see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Typing {
    pub(crate) text: String,
    /// Whether the visitor is typing now; false after a pause.
    pub(crate) is_writing: bool,
}

impl Conversation {
    pub(super) fn from_assignment(assignment: &ChatEngagementAssignment) -> Self {
        let contact = assignment.contact_info.clone().unwrap_or_default();
        let names = [contact.first_name, contact.last_name];
        let full_name = names.into_iter().flatten().collect::<Vec<_>>().join(" ");
        Self {
            id: assignment.engagement_id,
            stage: Stage::Offered,
            assignment_type: match &assignment.kind {
                Some(kind) => AssignmentType::from(kind.as_str()),
                None => AssignmentType::Lead,
            },
            visitor: match full_name.trim() {
                "" => "Visitor".to_owned(),
                name => name.to_owned(),
            },
            question: contact.question.filter(|text| !text.trim().is_empty()),
            entries: Vec::new(),
            typing: None,
            draft: String::new(),
            is_researching: false,
            unread: 0,
            is_leaving_stage: false,
            last_signal: None,
            other_agents: BTreeMap::new(),
        }
    }

    pub(super) fn add_entry(&mut self, sender: Sender, text: &str) {
        let text = text.to_owned();
        self.entries.push(Entry { sender, text });
    }

    /// Shows the visitor's typing.
    pub(super) fn set_typing(&mut self, signal: &ChatActivitySignal) {
        let typing = Typing {
            text: signal.sneak_preview.clone().unwrap_or_default(),
            is_writing: signal.mode == Some(ActivityMode::Responding),
        };
        self.typing = (typing.is_writing || !typing.text.is_empty()).then_some(typing);
    }

    /// Marks that a request to end `stage` is being sent. Returns false, and changes nothing, if the conversation is in
    /// another stage or such a request is pending already.
    pub(super) fn start_leaving_stage(&mut self, stage: Stage) -> bool {
        let can_start = self.stage == stage && !self.is_leaving_stage;
        self.is_leaving_stage |= can_start;
        can_start
    }

    /// Opens an offered conversation. In a later stage nothing changes.
    pub(super) fn open(&mut self) {
        if self.stage == Stage::Offered {
            self.stage = Stage::Open;
            self.is_leaving_stage = false;
        }
    }

    /// Moves the conversation to wrap-up, with a system entry that says why it ended. In wrap-up nothing changes.
    pub(super) fn wrap_up(&mut self, reason: &str) {
        if self.stage != Stage::WrapUp {
            self.stage = Stage::WrapUp;
            self.is_leaving_stage = false;
            self.typing = None;
            self.add_entry(Sender::System, reason);
        }
    }

    /// The signal that the visitor has to get now; `None` if it would repeat the last one.
    pub(super) fn next_signal(&mut self, has_focus: bool) -> Option<Signal> {
        let mode = if self.is_researching {
            ActivityMode::Researching
        } else if has_focus && !self.draft.trim().is_empty() {
            ActivityMode::Responding
        } else {
            ActivityMode::Listening
        };
        let signal = Signal {
            mode,
            focus: has_focus,
        };
        let is_new = self.last_signal.as_ref() != Some(&signal);
        self.last_signal = Some(signal.clone());
        is_new.then_some(signal)
    }
}

/// The sentence that says why a conversation ended, for the agent.
pub(super) fn end_text(reason: Option<&DisconnectReason>) -> &'static str {
    match reason {
        Some(DisconnectReason::AgentConcluded) => "An agent ended the conversation.",
        Some(DisconnectReason::EndUserConcluded) => "The visitor ended the conversation.",
        Some(DisconnectReason::IdleTimeout) => "The conversation ended: nobody wrote for a while.",
        Some(DisconnectReason::Ejected) => "The visitor was removed from the conversation.",
        _ => "The visitor has left the conversation.",
    }
}
