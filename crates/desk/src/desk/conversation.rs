//! One engagement, as the desk knows it.

use std::collections::BTreeMap;

use pipit_wire::agent::{AssignmentType, ChatActivitySignal, ChatEngagementAssignment};
use pipit_wire::vocabulary::{ActivityMode, DisconnectReason};
use pipit_wire::{ClientId, EngagementId};

use super::Signal;

/// One engagement, as the desk knows it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Conversation {
    pub(crate) id: EngagementId,
    pub(crate) stage: Stage,
    /// As what the agent takes part.
    pub(crate) part: AssignmentType,
    /// The visitor's name, or "Visitor".
    pub(crate) visitor: String,
    /// What the visitor asked before the chat.
    pub(crate) question: Option<String>,
    /// Only ever appended to.
    pub(crate) entries: Vec<Entry>,
    pub(crate) typing: Option<Typing>,
    /// What stands in the composer.
    pub(crate) draft: String,
    pub(crate) researching: bool,
    /// How many of the visitor's messages came while another conversation was in front.
    pub(crate) unread: usize,
    /// A request is under way that leads out of the stage.
    pub(crate) leaving_stage: bool,
    /// What the visitor was last told about the agent.
    pub(super) told: Option<Signal>,
    /// The other agents who take part, by client.
    pub(super) colleagues: BTreeMap<ClientId, String>,
}

/// How far an engagement is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Waits for the agent's answer.
    Offered,
    Open,
    /// Has ended; the agent has not released it.
    WrapUp,
}

/// A line of the transcript.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) from: From,
    pub(crate) text: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum From {
    Visitor,
    Agent(Delivery),
    /// Another agent, by name.
    Colleague(String),
    System,
}

/// What became of a message of the agent's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Delivery {
    Sending,
    Sent,
    /// The server refused it.
    Refused,
    /// No answer came: it may have arrived.
    Unsure,
}

/// What the visitor is typing; the text is empty where it may not be seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Typing {
    pub(crate) text: String,
    /// False: the visitor has paused.
    pub(crate) writing: bool,
}

impl Conversation {
    pub(super) fn offered(assignment: &ChatEngagementAssignment) -> Self {
        let contact = assignment.contact_info.clone().unwrap_or_default();
        let names = [contact.first_name, contact.last_name];
        let name = names.into_iter().flatten().collect::<Vec<_>>().join(" ");
        Self {
            id: assignment.engagement_id,
            stage: Stage::Offered,
            part: match &assignment.kind {
                Some(kind) => AssignmentType::from(kind.as_str()),
                None => AssignmentType::Lead,
            },
            visitor: match name.trim() {
                "" => "Visitor".to_owned(),
                name => name.to_owned(),
            },
            question: contact.question.filter(|text| !text.trim().is_empty()),
            entries: Vec::new(),
            typing: None,
            draft: String::new(),
            researching: false,
            unread: 0,
            leaving_stage: false,
            told: None,
            colleagues: BTreeMap::new(),
        }
    }

    pub(super) fn say(&mut self, from: From, text: &str) {
        let text = text.to_owned();
        self.entries.push(Entry { from, text });
    }

    pub(super) fn typed(&mut self, signal: &ChatActivitySignal) {
        let typing = Typing {
            text: signal.sneak_preview.clone().unwrap_or_default(),
            writing: signal.mode == Some(ActivityMode::Responding),
        };
        self.typing = (typing.writing || !typing.text.is_empty()).then_some(typing);
    }

    /// Notes that the step out of `stage` is asked for; false when it cannot be, or is already.
    pub(super) fn begin_to_leave(&mut self, stage: Stage) -> bool {
        let may = self.stage == stage && !self.leaving_stage;
        self.leaving_stage |= may;
        may
    }

    /// The agent takes part, if it is not over already.
    pub(super) fn open(&mut self) {
        if self.stage == Stage::Offered {
            self.stage = Stage::Open;
            self.leaving_stage = false;
        }
    }

    /// It is over, if it was not already.
    pub(super) fn wrap_up(&mut self, why: &str) {
        if self.stage != Stage::WrapUp {
            self.stage = Stage::WrapUp;
            self.leaving_stage = false;
            self.typing = None;
            self.say(From::System, why);
        }
    }

    /// What the visitor should know about the agent and was not told yet. `seen`: whether the agent
    /// sees the conversation.
    pub(super) fn news(&mut self, seen: bool) -> Option<Signal> {
        let mode = if self.researching {
            ActivityMode::Researching
        } else if seen && !self.draft.trim().is_empty() {
            ActivityMode::Responding
        } else {
            ActivityMode::Listening
        };
        let signal = Signal { mode, focus: seen };
        let news = self.told.as_ref() != Some(&signal);
        self.told = Some(signal.clone());
        news.then_some(signal)
    }
}

/// Why a conversation ended, for the agent who led it.
pub(super) fn farewell(reason: Option<&DisconnectReason>) -> &'static str {
    match reason {
        Some(DisconnectReason::AgentConcluded) => "An agent ended the conversation.",
        Some(DisconnectReason::EndUserConcluded) => "The visitor ended the conversation.",
        Some(DisconnectReason::IdleTimeout) => "The conversation ended: nobody wrote for a while.",
        Some(DisconnectReason::Ejected) => "The visitor was removed from the conversation.",
        _ => "The visitor has left the conversation.",
    }
}
