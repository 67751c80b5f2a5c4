//! The witness: a record of what has truly happened in a world (one simulated run). The checks of `world::check`
//! compare this record with what the pages show. `world::record` and other files of `world/` write it. The record must
//! reveal the mistakes of the *engine*, the library that runs the visitor's side of the chat, so it is made from the
//! visitor's actions and from what happens at the server and on the network. If a field depends on what a tab shows or on
//! what the engine reports, its doc says so.
//!
//! Virtual times are in ms since the start of the world.

use std::collections::{BTreeMap, BTreeSet};

use pipit_engine::Phase;
use pipit_wire::consumer::{RequestEngagementResponse, SystemMessage};
use pipit_wire::vocabulary::{DisconnectReason, SneakPreviewState};

use crate::ids::{PacketId, PageIndex};

/// After this time, in ms, an open poll shows that the network is back, if polls had failed at once before. The checks do not
/// take it from the engine, so that a change by mistake is noticed.
pub(crate) const HELD_AFTER_MS: u64 = 3_000;

/// The whole record of one world.
#[derive(Debug, Default)]
pub(crate) struct Witness {
    /// Every text that the visitor has sent, and what has become of it.
    pub(crate) texts: BTreeMap<String, VisitorText>,
    /// The visitor's texts that must be visible on a page. A text is removed if the visitor discards or replaces it, if
    /// a new conversation clears it, or if all pages that knew it are closed or frozen.
    pub(crate) expected_texts: Vec<String>,
    /// The messages that the tabs have received, one stream for each engagement (chat) that is still shown. The last
    /// stream belongs to the engagement that has most recently received messages.
    pub(crate) streams: Vec<MessageStream>,
    /// The messages of agents that the server has handed over: they were in its answer to a poll, whether a tab has
    /// received that answer or not.
    pub(crate) handed_over: Vec<HandedOver>,
    /// The polls whose failure a leader has learned, with the virtual time, in ms. Forgotten when another tab leads, which
    /// may not know of the failure.
    pub(crate) failed_polls: BTreeMap<PacketId, u64>,
    /// The texts of agents that a page may show but need not show, because they were cleared, or because only a frozen
    /// or closed tab had received them.
    pub(crate) optional_messages: BTreeSet<String>,
    /// The texts of the visitor and of agents from before the visitor was forgotten. No running tab may have them.
    pub(crate) forgotten_texts: BTreeSet<String>,
    /// The number of times the visitor has started a conversation.
    pub(crate) start_count: u32,
    /// By the number of the start: how many engagements the server has created because of it.
    pub(crate) engagements_by_start: BTreeMap<u32, u32>,
    /// By the number of the start: how many engagements may be created in addition to the first. If the browser sends a
    /// `requestEngagement` twice, the server refuses the second transmission, and the engine may then send another
    /// request.
    pub(crate) extra_engagements_by_start: BTreeMap<u32, u32>,
    /// The phase that the leader (the tab that talks to the server for all tabs) has most recently shown.
    pub(crate) leader_phase: Phase,
    /// The session id of the running conversation. `None` if no conversation is running.
    pub(crate) session: Option<String>,
    /// The session ids of the conversations that have ended on every open page.
    pub(crate) ended_sessions: BTreeSet<String>,
    /// By session id: what the tabs know about the sneak preview.
    pub(crate) preview_rules: BTreeMap<String, PreviewRules>,
    /// Whether a fault may have kept a tab from learning the preview rules in time. If so, the tab may break the rules,
    /// and the server may count violations.
    pub(crate) may_have_missed_preview_rules: bool,
    /// Whether a page leads, or may lead later, that may not know what other pages had received: a copy in which the visitor
    /// has continued, or a page that had left before it was frozen.
    pub(crate) is_outdated_copy_continued: bool,
    /// The virtual time at which a tab most recently received the answer to a poll or to `requestEngagement`, in ms.
    pub(crate) latest_answer_at: u64,
    /// Whether the most recent poll that has ended has failed so soon that the network must have been gone.
    pub(crate) has_poll_failed_at_once: bool,
    /// The virtual time from which a poll that stayed open has most recently shown that the network is back, in ms; 0 if none
    /// has.
    pub(crate) latest_held_at: u64,
    /// The virtual time since which the leader shows a live conversation and has no open poll, in ms. `None` if the
    /// leader shows no live conversation, or has an open poll.
    pub(crate) no_poll_since: Option<u64>,
    /// The virtual time since which the tab that holds the lock has been frozen while another tab shows a live
    /// conversation, in ms. `None` if the tab with the lock is not frozen, or no running tab shows a live conversation.
    /// (The tab that holds the lock is the leader.)
    pub(crate) leader_frozen_since: Option<u64>,
}

/// What has happened to a text that the visitor has sent.
#[derive(Debug)]
pub(crate) struct VisitorText {
    /// The page on which the visitor wrote the text.
    pub(crate) written_on: PageIndex,
    /// The number of times agents may see the text without a defect.
    pub(crate) max_seen_count: u32,
    /// The number of times the server has accepted the text.
    pub(crate) accepted_count: u32,
    /// The number of times agents have seen the text.
    pub(crate) seen_count: u32,
    /// The id of the session in which the server most recently accepted the text. `None` if the server has never
    /// accepted it, or if the server has lost its state since then.
    pub(crate) session: Option<String>,
    /// Whether a leader has shown the text as an entry of its own transcript. Until then, only a follower (a tab that
    /// does not lead) knows the text.
    pub(crate) was_shown_by_leader: bool,
    /// Whether a leader has shown the text as *accepted*.
    pub(crate) was_shown_accepted: bool,
    /// Whether a leader has shown the text as *unknown*, or the browser has sent it twice. If a leader shows the text
    /// as *failed* later, only the most recent attempt has failed: the server may have accepted an earlier attempt.
    pub(crate) is_uncertain: bool,
}

impl Default for VisitorText {
    fn default() -> Self {
        Self {
            written_on: 0,
            max_seen_count: 1,
            accepted_count: 0,
            seen_count: 0,
            session: None,
            was_shown_by_leader: false,
            was_shown_accepted: false,
            is_uncertain: false,
        }
    }
}

/// A message of an agent in the server's answer to a poll.
#[derive(Debug)]
pub(crate) struct HandedOver {
    /// The session id of the poll.
    pub(crate) session: String,
    pub(crate) number: i64,
    /// The poll.
    pub(crate) packet: PacketId,
    /// The virtual time at which the server has answered, in ms.
    pub(crate) at: u64,
}

/// The messages of one engagement that the tabs have received.
#[derive(Debug, Default)]
pub(crate) struct MessageStream {
    /// The session id that belongs to the engagement.
    pub(crate) session: String,
    /// By sequence number: the text of an agent that must be shown. `None` if the message has no text of an agent, or
    /// if the text need not be shown any more.
    pub(crate) messages: BTreeMap<i64, Option<String>>,
    /// The gaps in the sequence numbers that the engine has reported. Each pair has the number just before and the number
    /// just after the missing messages.
    pub(crate) reported_gaps: Vec<(i64, i64)>,
    /// Whether a tab has received the end of the engagement.
    is_over: bool,
}

/// What the tabs know about the sneak preview of a session. A sneak preview shows the agent what the visitor is typing.
#[derive(Debug, Default)]
pub(crate) struct PreviewRules {
    /// Whether the site (the customer's account at the chat service) allows previews. `None` if the server has not
    /// said.
    pub(crate) state: Option<SneakPreviewState>,
    /// The sequence number of the newest message about the agent's focus.
    pub(crate) focus_number: i64,
    /// Whether the agent is looking at this chat, as the message with `focus_number` says. `None` if no message has
    /// said it.
    pub(crate) has_agent_focus: Option<bool>,
    /// The virtual time at which a preview was most recently sent, in ms. `None` before the first preview.
    pub(crate) text_sent_at: Option<u64>,
}

impl Witness {
    /// Returns the record of a text. Creates the record if the text is not known.
    pub(crate) fn text_mut(&mut self, text: &str) -> &mut VisitorText {
        self.texts.entry(text.to_owned()).or_default()
    }

    /// Returns the preview rules of a session. Creates empty rules if the session is not known.
    pub(crate) fn preview_rules_mut(&mut self, session: &str) -> &mut PreviewRules {
        self.preview_rules.entry(session.to_owned()).or_default()
    }

    /// Records that a tab has received the answer to `requestEngagement` at this virtual time, in ms.
    pub(crate) fn record_engagement(&mut self, answer: &RequestEngagementResponse, now: u64) {
        let Some(session) = &answer.session_id else {
            return;
        };
        self.select_stream(session.reveal());
        self.latest_answer_at = now;
        let rules = self.preview_rules_mut(session.reveal());
        rules.state.clone_from(&answer.sneak_preview_state);
    }

    /// Records `batch`: the messages of an answer to a poll, which a tab has received. `batch` must not have the messages
    /// that a fault has repeated. Of the messages after the end of the engagement, only texts count. `session` is the
    /// session id.
    pub(crate) fn record_batch(&mut self, session: &str, batch: &[SystemMessage]) {
        self.select_stream(session);
        let mut numbered: Vec<(i64, &SystemMessage)> = batch
            .iter()
            .filter_map(|message| Some((message.stamp().sequence_number?.0, message)))
            .collect();
        numbered.sort_by_key(|(number, _)| *number);
        let mut has_ended = false;
        for (number, message) in numbered {
            if has_ended && !matches!(message, SystemMessage::MessagePosted(_)) {
                continue;
            }
            self.record_message(session, number, message);
            if ends_engagement(message) {
                self.record_end();
                has_ended = true;
            }
        }
    }

    /// Records that the server has answered a poll with these messages at this virtual time, in ms.
    pub(crate) fn record_handing_over(
        &mut self,
        session: &str,
        packet: PacketId,
        messages: &[SystemMessage],
        at: u64,
    ) {
        for message in messages {
            if let SystemMessage::MessagePosted(posted) = message
                && !self.texts.contains_key(&posted.body)
                && let Some(number) = message.stamp().sequence_number
            {
                self.handed_over.push(HandedOver {
                    session: session.to_owned(),
                    number: number.0,
                    packet,
                    at,
                });
            }
        }
    }

    /// Whether a tab has received the end of the engagement that most recently received messages.
    pub(crate) fn is_over(&self) -> bool {
        self.streams.last().is_some_and(|stream| stream.is_over)
    }

    /// Makes the stream of this session the last stream. Creates the stream if the session has none. A session that has
    /// a stream can become the last again: the other tabs have started a new conversation, and one tab then continues
    /// the old conversation.
    fn select_stream(&mut self, session: &str) {
        let mut streams = self.streams.iter();
        let position = streams.position(|stream| stream.session == session);
        let stream = match position {
            Some(index) => self.streams.remove(index),
            None => MessageStream {
                session: session.to_owned(),
                ..MessageStream::default()
            },
        };
        self.streams.push(stream);
        self.session = Some(session.to_owned());
    }

    /// Records that a tab has received the end of the engagement of the last stream.
    fn record_end(&mut self) {
        if let Some(stream) = self.streams.last_mut() {
            stream.is_over = true;
        }
    }

    /// Records a message in the last stream. If the message is about the agent's focus, records it in the preview rules
    /// too.
    fn record_message(&mut self, session: &str, number: i64, message: &SystemMessage) {
        let rules = self.preview_rules_mut(session);
        if let SystemMessage::ActivityChanged(changed) = message
            && number > rules.focus_number
        {
            rules.state.clone_from(&changed.sneak_preview_state);
            rules.focus_number = number;
            rules.has_agent_focus = changed.sneak_preview_focus;
        }
        // A posted text that the visitor has not sent comes from an agent.
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

/// Whether a message ends the engagement. A transfer to another queue is not an end.
fn ends_engagement(message: &SystemMessage) -> bool {
    matches!(message, SystemMessage::Concluded(it) if it.reason != Some(DisconnectReason::TransferredToQueue))
}
