//! One engagement (a chat with one visitor, in the words of the server), as the desk shows it: its stage, its transcript,
//! and the signals that its visitor gets about the agent's activity.

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
    /// The role that the server offers to the agent: to lead the engagement, or to join it as a second agent.
    pub(crate) assignment_type: AssignmentType,
    /// The visitor's name, or "Visitor" if the server has sent no name.
    pub(crate) visitor: String,
    /// The question that the visitor entered before the chat; `None` if there was none.
    pub(crate) question: Option<String>,
    /// What else the server says about the visitor.
    pub(crate) about_visitor: Visitor,
    /// The transcript. Entries are never removed or moved, because requests refer to them by index.
    pub(crate) entries: Vec<Entry>,
    /// The visitor's unsent text; `None` if the visitor is not typing and no unsent text is known.
    pub(crate) typing: Option<Typing>,
    /// The text in the composer, which the agent has not sent.
    pub(crate) draft: String,
    /// Whether the agent has set the status *looking into it*, which the visitor sees.
    pub(crate) is_researching: bool,
    /// The number of the visitor's messages that arrived while the conversation was not selected.
    pub(crate) unread_count: usize,
    /// Whether the answer to a request that ends the stage is pending: to accept or decline the offer, to end the
    /// conversation, or to release it. The buttons for these requests are then disabled.
    pub(crate) is_request_pending: bool,
    /// The most recent signal to the visitor about the agent's activity; `None` before the first signal.
    pub(super) last_signal: Option<Signal>,
    /// The names of the other agents who take part.
    pub(super) other_agents: BTreeMap<ClientId, String>,
}

/// What the server says about a visitor besides the name and the question. A member is `None` if the server has not sent it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Visitor {
    pub(crate) email: Option<String>,
    /// The address of the web page on which the visitor started the chat.
    pub(crate) page: Option<String>,
    /// When the visitor began to wait, in ms since 1970.
    pub(crate) waits_since: Option<i64>,
}

/// The stages of an engagement at the desk, from first to last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// The agent has neither accepted nor declined the engagement.
    Offered,
    /// The agent and the visitor can write.
    Open,
    /// The conversation has ended, and the agent has not released it yet.
    WrapUp,
}

/// A line of the transcript.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) sender: Sender,
    /// When the desk has added the line, in ms since 1970; `None` while the input that adds it is handled.
    pub(crate) at: Option<i64>,
    pub(crate) text: String,
}

/// The sender of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Sender {
    Visitor,
    /// The agent at this desk.
    Agent(Delivery),
    /// Another agent, with this name.
    OtherAgent(String),
    /// The chat server, or the desk itself, for example with the reason for the end.
    System,
}

/// The delivery state of the agent's own message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Delivery {
    Sending,
    Sent,
    /// The server has refused the message.
    Refused,
    /// The request got no answer, so it is not known whether the server has the message.
    Unsure,
}

/// The visitor's unsent text (the *sneak preview*).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Typing {
    /// Empty if the server has not sent the text, for example because the agent may not see it.
    pub(crate) text: String,
    /// Whether the visitor is typing now. False while the visitor pauses.
    pub(crate) is_writing: bool,
}

impl Conversation {
    /// Makes an offered conversation from the server's offer.
    pub(super) fn from_assignment(assignment: &ChatEngagementAssignment) -> Self {
        let contact = assignment.contact_info.clone().unwrap_or_default();
        let names = [contact.first_name, contact.last_name];
        let full_name = names.into_iter().flatten().collect::<Vec<_>>().join(" ");
        Self {
            id: assignment.engagement_id,
            stage: Stage::Offered,
            assignment_type: match &assignment.kind {
                Some(kind) => AssignmentType::from(kind.as_str()),
                // An offer without a type is an offer to lead.
                None => AssignmentType::Lead,
            },
            visitor: match full_name.trim() {
                "" => "Visitor".to_owned(),
                name => name.to_owned(),
            },
            question: given(contact.question),
            about_visitor: Visitor {
                email: given(contact.email_address),
                page: given(contact.referrer_url),
                waits_since: assignment.engagement_create_time.filter(|time| *time > 0),
            },
            entries: Vec::new(),
            typing: None,
            draft: String::new(),
            is_researching: false,
            unread_count: 0,
            is_request_pending: false,
            last_signal: None,
            other_agents: BTreeMap::new(),
        }
    }

    /// Adds an entry at the end of the transcript.
    pub(super) fn add_entry(&mut self, sender: Sender, text: &str) {
        let text = text.to_owned();
        let at = None;
        self.entries.push(Entry { sender, at, text });
    }

    /// Takes over what the server reports about the visitor's typing.
    pub(super) fn set_typing(&mut self, signal: &ChatActivitySignal) {
        let typing = Typing {
            text: signal.sneak_preview.clone().unwrap_or_default(),
            is_writing: signal.mode == Some(ActivityMode::Responding),
        };
        self.typing = (typing.is_writing || !typing.text.is_empty()).then_some(typing);
    }

    /// Called before a request that ends `stage` is sent. If the conversation is in this stage and no such request is
    /// pending, marks the request as pending and returns true. Otherwise changes nothing and returns false: the request
    /// must not be sent.
    pub(super) fn mark_request_pending(&mut self, stage: Stage) -> bool {
        let can_send = self.stage == stage && !self.is_request_pending;
        if can_send {
            self.is_request_pending = true;
        }
        can_send
    }

    /// Opens an offered conversation. Changes nothing if the conversation is open or in wrap-up already.
    pub(super) fn open(&mut self) {
        if self.stage == Stage::Offered {
            self.stage = Stage::Open;
            self.is_request_pending = false;
        }
    }

    /// Moves the conversation to wrap-up, and adds `reason` to the transcript. If it is in wrap-up already, nothing
    /// changes.
    pub(super) fn wrap_up(&mut self, reason: &str) {
        if self.stage != Stage::WrapUp {
            self.stage = Stage::WrapUp;
            self.is_request_pending = false;
            self.typing = None;
            self.add_entry(Sender::System, reason);
        }
    }

    /// The signal about the agent's activity that the visitor has to get now; `None` if it equals the previous signal.
    /// `has_focus` states whether the agent sees this conversation. The result is remembered as sent.
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

/// A text that is not blank.
fn given(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}

/// The sentence that says why a conversation ended, for the agent. For every reason that is
/// not listed here, and for none, it says that the visitor has left.
pub(super) fn end_text(reason: Option<&DisconnectReason>) -> &'static str {
    match reason {
        Some(DisconnectReason::AgentConcluded) => "An agent ended the conversation.",
        Some(DisconnectReason::EndUserConcluded) => "The visitor ended the conversation.",
        Some(DisconnectReason::IdleTimeout) => "The conversation ended: nobody wrote for a while.",
        Some(DisconnectReason::Ejected) => "The visitor was removed from the conversation.",
        _ => "The visitor has left the conversation.",
    }
}
