//! What has truly happened in a world, as an observer outside the engine knows it. The checks compare it with what the
//! engine shows. `world::record` writes most of it; nothing here is taken from the engine without a second source.

use std::collections::{BTreeMap, BTreeSet};

use pipit_engine::Phase;
use pipit_wire::consumer::{RequestEngagementResponse, SystemMessage};
use pipit_wire::vocabulary::{DisconnectReason, SneakPreviewState};

use crate::ids::PageIndex;

#[derive(Debug, Default)]
pub(crate) struct Witness {
    /// Every text that the visitor has written.
    pub(crate) texts: BTreeMap<String, VisitorText>,
    /// The texts that must be visible. A text is removed if the visitor discards it, or if its conversation is cleared.
    pub(crate) expected_texts: Vec<String>,
    /// The messages that the tabs have received, for each engagement that is still shown. The engagement with the
    /// latest messages is the last one.
    pub(crate) streams: Vec<MessageStream>,
    /// Messages of agents that only a tab knew which is frozen or closed. They may be shown, and need not be.
    pub(crate) optional_messages: BTreeSet<String>,
    /// How often the visitor has started a conversation.
    pub(crate) starts: u32,
    /// The number of engagements that each start has created.
    pub(crate) engagements: BTreeMap<u32, u32>,
    /// The number of further engagements that each start may create: the server refuses a request that the browser
    /// has repeated, and the engine may then request an engagement once more.
    pub(crate) extra_engagements: BTreeMap<u32, u32>,
    /// The phase that the leader showed last.
    pub(crate) leader_phase: Phase,
    /// The session of the running conversation.
    pub(crate) session: Option<String>,
    /// The sessions whose end was shown.
    pub(crate) ended_sessions: BTreeSet<String>,
    /// What the tabs know about the sneak preview, in each session.
    pub(crate) previews: BTreeMap<String, PreviewRules>,
    /// A fault may have kept a tab from learning the preview rules in time, so the server may count violations.
    pub(crate) may_have_missed_preview_rules: bool,
    /// When the server last answered a poll or created an engagement, in ms.
    pub(crate) last_answer_at: u64,
    /// Since when the leader has had no poll although it should, in ms.
    pub(crate) no_poll_since: Option<u64>,
    /// Since when the tab that holds the lock has been frozen while another tab waits for it, in ms.
    pub(crate) leader_frozen_since: Option<u64>,
}

/// What has happened to a text of the visitor.
#[derive(Debug)]
pub(crate) struct VisitorText {
    /// The page on which it was written.
    pub(crate) writer: PageIndex,
    /// How often agents may see it.
    pub(crate) max_seen: u32,
    /// How often the server has accepted it.
    pub(crate) accepted: u32,
    /// How often agents have seen it.
    pub(crate) seen: u32,
    /// The session in which the server last accepted it. `None` if the server has lost it since.
    pub(crate) session: Option<String>,
    /// Whether a leader has shown it as an entry of its own transcript.
    pub(crate) was_shown_by_leader: bool,
    /// Whether it was shown as *accepted*.
    pub(crate) was_shown_accepted: bool,
    /// It was shown as *unknown*, or the browser has sent it twice. If it is shown as *failed* later, that applies only
    /// to the last attempt.
    pub(crate) is_uncertain: bool,
}

impl Default for VisitorText {
    fn default() -> Self {
        Self {
            writer: 0,
            max_seen: 1,
            accepted: 0,
            seen: 0,
            session: None,
            was_shown_by_leader: false,
            was_shown_accepted: false,
            is_uncertain: false,
        }
    }
}

/// The messages of one engagement that the tabs have received.
#[derive(Debug, Default)]
pub(crate) struct MessageStream {
    session: String,
    /// By sequence number: the text of an agent that must be shown, if the message has one.
    pub(crate) messages: BTreeMap<i64, Option<String>>,
    /// The gaps that the engine has reported: the sequence numbers before and after each.
    pub(crate) reported_gaps: Vec<(i64, i64)>,
    /// Whether a tab has received the end of the engagement.
    is_over: bool,
}

/// What the tabs know about the sneak preview of a session.
#[derive(Debug, Default)]
pub(crate) struct PreviewRules {
    pub(crate) state: Option<SneakPreviewState>,
    /// The sequence number of the last message about the agent's focus, and the focus.
    pub(crate) focus: (i64, Option<bool>),
    /// When a preview was last sent, in ms.
    pub(crate) text_sent_at: Option<u64>,
}

impl Witness {
    pub(crate) fn text(&mut self, text: &str) -> &mut VisitorText {
        self.texts.entry(text.to_owned()).or_default()
    }

    pub(crate) fn preview(&mut self, session: &str) -> &mut PreviewRules {
        self.previews.entry(session.to_owned()).or_default()
    }

    /// Records that a tab has received a new engagement.
    pub(crate) fn record_engagement(&mut self, answer: &RequestEngagementResponse, now: u64) {
        let Some(session) = &answer.session_id else {
            return;
        };
        self.select_stream(session.reveal());
        self.last_answer_at = now;
        let preview = self.preview(session.reveal());
        preview.state.clone_from(&answer.sneak_preview_state);
    }

    /// Records a batch of messages that a tab has received. Faults of the network are not in it.
    pub(crate) fn record_batch(&mut self, session: &str, batch: &[SystemMessage]) {
        self.select_stream(session);
        let mut numbered: Vec<(i64, &SystemMessage)> = batch
            .iter()
            .filter_map(|message| Some((message.stamp().sequence_number?.0, message)))
            .collect();
        numbered.sort_by_key(|(number, _)| *number);
        for (number, message) in numbered {
            self.record_message(session, number, message);
            if ends_engagement(message) {
                self.record_end();
                break;
            }
        }
    }

    /// Whether the engagement with the latest messages is known to have ended.
    pub(crate) fn is_over(&self) -> bool {
        self.streams.last().is_some_and(|stream| stream.is_over)
    }

    /// Makes the stream of this session the last one. It is a new one, or one that a tab continues after other tabs
    /// have started, and forgotten, another conversation.
    fn select_stream(&mut self, session: &str) {
        let mut streams = self.streams.iter();
        let known = streams.position(|stream| stream.session == session);
        let stream = match known {
            Some(index) => self.streams.remove(index),
            None => MessageStream {
                session: session.to_owned(),
                ..MessageStream::default()
            },
        };
        self.streams.push(stream);
        self.session = Some(session.to_owned());
    }

    fn record_end(&mut self) {
        if let Some(stream) = self.streams.last_mut() {
            stream.is_over = true;
        }
    }

    fn record_message(&mut self, session: &str, number: i64, message: &SystemMessage) {
        let preview = self.preview(session);
        if let SystemMessage::ActivityChanged(changed) = message
            && number > preview.focus.0
        {
            preview.state.clone_from(&changed.sneak_preview_state);
            preview.focus = (number, changed.sneak_preview_focus);
        }
        let agent_text = match message {
            SystemMessage::MessagePosted(posted) if !self.texts.contains_key(&posted.body) => {
                Some(posted.body.clone())
            }
            SystemMessage::ParticipantAdded(added) => added.greeting.clone(),
            _ => None,
        };
        if let Some(stream) = self.streams.last_mut() {
            stream.messages.insert(number, agent_text);
        }
    }
}

fn ends_engagement(message: &SystemMessage) -> bool {
    matches!(message, SystemMessage::Concluded(it) if it.reason != Some(DisconnectReason::TransferredToQueue))
}
