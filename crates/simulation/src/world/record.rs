//! Updates the witness, the record with which the checks compare what the pages show. The sources are the visitor's
//! commands, the answers that reach the browser, and the pages. The macro `note!` writes a line into the log of the
//! simulated run.
//!
//! Some texts disappear without a defect: the visitor replaces them, a new conversation clears them, or only a tab that
//! was closed or frozen knew them. The functions named `forget_…` remove these texts from the list of texts that must
//! be visible.

use std::collections::BTreeMap;

use pipit_engine::{
    Command, Content, Conversation, Delivery, Entry, EntryId, Notice, Outcome, Phase,
};
use pipit_wire::consumer::{
    ActivityResponse, GetMessagesResponse, Operation, RequestEngagementResponse, SystemMessage,
};
use pipit_wire::{Response, WireObject};

use super::World;
use crate::ids::{PacketId, PageIndex};
use crate::network::is_answer;
use crate::page::Page;
use crate::server::session_id;
use crate::witness::HELD_AFTER_MS;

/// The greatest entry id that the leader (the tab that talks to the server for all tabs) assigns. The other tabs give
/// greater ids to messages that they have not yet forwarded to the leader.
const MAX_LEADER_ENTRY_ID: u64 = u64::MAX / 2;

/// What the visitor does.
impl World {
    /// Records a command that the visitor is about to give on a page.
    pub(super) fn record_command(&mut self, index: PageIndex, command: &Command) {
        if matches!(command, Command::Send(_) | Command::Typed(_)) {
            self.forget_draft(index);
        }
        let shown = self.page(index).shown.clone();
        let has_no_chat = matches!(
            shown.phase,
            Phase::Idle | Phase::Failed(_) | Phase::Concluded(_)
        );
        if has_no_chat && matches!(command, Command::Start(_) | Command::Send(_)) {
            self.witness.start_count += 1;
        }
        match command {
            Command::Send(text) => {
                self.witness.text_mut(text).written_on = index;
                self.witness.expected_texts.push(text.clone());
            }
            Command::SendAgain(entry) if shown.phase.is_live() => {
                if let Some(text) = visitor_text(&shown, *entry) {
                    // The server may have an earlier attempt, so agents may see the text once more.
                    let record = self.witness.text_mut(&text);
                    record.max_seen_count += u32::from(record.is_uncertain);
                }
            }
            Command::Discard(entry) => {
                let text = visitor_text(&shown, *entry);
                let expected = &mut self.witness.expected_texts;
                expected.retain(|it| Some(it) != text.as_ref());
            }
            _ => {}
        }
    }

    /// Forgets the texts in the draft, which the visitor is about to replace. A draft contains sent texts only if a
    /// reload has moved them there because they had not reached the server.
    fn forget_draft(&mut self, index: PageIndex) {
        let draft = self.page(index).draft.clone();
        let expected = &mut self.witness.expected_texts;
        expected.retain(|text| !draft.lines().any(|line| line == text));
    }
}

/// How the conversation changes.
impl World {
    /// Records the phase of the leader after an input of the leader; ignores inputs of other tabs. If a new
    /// conversation has begun, the transcript of the previous conversation was cleared, so the cleared texts are
    /// forgotten. If another tab has sent a live conversation to the leader, the texts that no running tab shows are
    /// forgotten. One input can end a conversation and start the next. Then no tab has shown the end, so the witness is
    /// also asked whether the conversation was over.
    pub(super) fn record_conversation_change(&mut self, index: PageIndex, is_tab_message: bool) {
        if self.leader() != Some(index) {
            return;
        }
        let after = self.page(index).shown.phase.clone();
        let before = std::mem::replace(&mut self.witness.leader_phase, after.clone());
        let was_over =
            matches!(before, Phase::Concluded(_)) || (before.is_live() && self.witness.is_over());
        let has_begun = was_over && matches!(after, Phase::Starting | Phase::Idle);
        let is_from_other_tab = is_tab_message && !before.is_live() && after.is_live();
        if has_begun {
            self.forget_cleared_texts(index);
            let streams = std::mem::take(&mut self.witness.streams);
            let messages = streams
                .into_iter()
                .flat_map(|stream| stream.messages.into_values());
            self.witness.optional_messages.extend(messages.flatten());
        } else if is_from_other_tab {
            self.tally.states.insert("a conversation from another tab");
            self.forget_lost_knowledge();
        }
    }

    /// Records that a tab has become the leader. Forgets what only a closed or frozen tab knew.
    pub(super) fn record_new_leader(&mut self, index: PageIndex) {
        let page = self.page(index);
        // A page that was reloaded may be the previous leader, so nothing would have been taken over.
        if page.shown.phase.is_live() && page.reload_count == 0 {
            self.tally.states.insert("another tab takes over");
        }
        self.forget_lost_knowledge();
    }

    /// Records since when the tab that holds the lock has been frozen while another tab shows a live conversation.
    pub(super) fn record_frozen_leader(&mut self) {
        let is_frozen = |index: &PageIndex| self.page(*index).is_frozen();
        let is_waiting = |page: &Page| page.is_running() && page.shown.phase.is_live();
        let is_leader_frozen =
            self.browser.lock_holders.iter().any(is_frozen) && self.pages.iter().any(is_waiting);
        self.witness.leader_frozen_since = match self.witness.leader_frozen_since {
            since @ Some(_) if is_leader_frozen => since,
            _ => is_leader_frozen.then_some(self.now),
        };
    }

    /// Forgets what no running tab shows. These texts of the visitor need not be visible any more, and these messages
    /// of agents become optional: a tab may show them or not.
    fn forget_lost_knowledge(&mut self) {
        let pages = self.pages.iter().filter(|page| page.is_running());
        let pages: Vec<&Page> = pages.collect();
        let is_known = |text: &String| pages.iter().any(|page| has_text(page, text, false));
        self.witness.expected_texts.retain(is_known);
        // For each text of an agent: the greatest number of times that a single tab shows the text.
        let mut known_counts: BTreeMap<&str, usize> = BTreeMap::new();
        for page in &pages {
            let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
            let entries = page.shown.transcript.iter();
            for text in entries.filter_map(|it| agent_text(&it.content)) {
                *counts.entry(text).or_default() += 1;
            }
            for (text, count) in counts {
                let known_count = known_counts.entry(text).or_default();
                *known_count = count.max(*known_count);
            }
        }
        self.witness.failed_polls.clear();
        let optional = &mut self.witness.optional_messages;
        let streams = self.witness.streams.iter_mut();
        for message in streams.flat_map(|stream| stream.messages.values_mut()) {
            let is_lost = |text: &mut String| match known_counts.get_mut(text.as_str()) {
                Some(remaining @ 1..) => {
                    *remaining -= 1;
                    false
                }
                Some(0) | None => true,
            };
            optional.extend(message.take_if(is_lost));
        }
        for (text, record) in &mut self.witness.texts {
            record.was_shown_accepted &= pages.iter().any(|page| is_accepted(&page.shown, text));
        }
    }

    /// Forgets the texts that were written on a page that is closed now, and that no open page shows.
    pub(super) fn forget_texts_of_closed_page(&mut self, index: PageIndex) {
        let written_on = |text: &String| self.witness.texts.get(text).map(|it| it.written_on);
        let expected = self.witness.expected_texts.iter().cloned();
        let lost: Vec<String> = expected
            .filter(|text| written_on(text) == Some(index) && !self.is_shown(text))
            .collect();
        let expected = &mut self.witness.expected_texts;
        expected.retain(|text| !lost.contains(text));
    }

    /// Forgets the texts that a new conversation on this page has cleared. A text stays if this page still shows it, or
    /// if another tab has not forwarded it to the leader yet.
    fn forget_cleared_texts(&mut self, index: PageIndex) {
        let texts = std::mem::take(&mut self.witness.expected_texts);
        let stays = |text: &String| {
            let record = self.witness.texts.get(text);
            let was_shown_by_leader = record.is_some_and(|it| it.was_shown_by_leader);
            let mut pages = self.pages.iter().enumerate();
            pages.any(|(page_index, page)| {
                let is_other = page_index != index;
                let is_relevant = !is_other || (!page.is_closed && !was_shown_by_leader);
                is_relevant && has_text(page, text, is_other)
            })
        };
        self.witness.expected_texts = texts.into_iter().filter(stays).collect();
    }

    /// Whether an open page shows a text, or has it as a draft.
    fn is_shown(&self, text: &str) -> bool {
        let mut open = self.pages.iter().filter(|page| !page.is_closed);
        open.any(|page| has_text(page, text, false))
    }
}

/// What reaches the browser, and what the pages show.
impl World {
    /// Records the outcome of a request, after the leader has received this outcome.
    pub(super) fn record_outcome(&mut self, packet: PacketId, outcome: &Outcome) {
        note!(self, "  {}", describe(outcome));
        let Some(sent) = self.network.packet(packet) else {
            return;
        };
        let request = &sent.request;
        if request.operation == Operation::GetMessages {
            self.witness.has_poll_failed_at_once =
                !is_answer(request.operation, outcome) && self.now - sent.sent_at < HELD_AFTER_MS;
        }
        if request.operation == Operation::GetMessages && may_have_lost_messages(outcome) {
            self.witness.failed_polls.insert(packet, self.now);
            return;
        }
        let Outcome::Answered { body, .. } = outcome else {
            return;
        };
        if !is_answer(request.operation, outcome) {
            return;
        }
        let session = session_id(&request.authorization).map(str::to_owned);
        match (request.operation, session) {
            (Operation::RequestEngagement, _) => {
                if let Ok(answer) = RequestEngagementResponse::from_json(body) {
                    self.witness.record_engagement(&answer, self.now);
                    // No fault may put messages of the previous session into an answer of the new session.
                    self.network.forget_batches();
                }
            }
            (Operation::GetMessages, Ok(session)) => {
                self.witness.latest_answer_at = self.now;
                // `Fault::Cut` may have removed the end of the list.
                let arrived = messages_in(body);
                let mut messages = self.network.messages(packet).to_vec();
                messages.retain(|message| arrived.contains(message));
                if messages.len() < self.network.messages(packet).len() {
                    self.witness.failed_polls.insert(packet, self.now);
                }
                self.witness.record_batch(&session, &messages);
                // `Fault::Repeated` repeats this batch in a later answer.
                self.network.latest_batch = messages;
            }
            (Operation::Activity, Ok(session)) => {
                if let Ok(answer) = ActivityResponse::from_json(body)
                    && answer.sneak_preview_state.is_some()
                {
                    self.witness.preview_rules_mut(&session).state = answer.sneak_preview_state;
                }
            }
            _ => {}
        }
    }

    /// Records what the leader shows after an input. Also calls `poll_after_the_end` and `resend_unknown_text`, which
    /// imitate defects of the client, each only in a simulated run with this defect.
    pub(super) fn record_shown(&mut self) {
        self.has_unchecked_input = true;
        let Some(leader) = self.leader() else {
            return;
        };
        let conversation = self.page(leader).shown.clone();
        self.tally.add_conversation(&conversation);
        for entry in &conversation.transcript {
            if let Content::Visitor { text, delivery } = &entry.content
                && let Some(record) = self.witness.texts.get_mut(&**text)
            {
                record.was_shown_by_leader |= entry.id.0 <= MAX_LEADER_ENTRY_ID;
                record.was_shown_accepted |= *delivery == Delivery::Accepted;
                record.is_uncertain |= *delivery == Delivery::Unknown;
            }
        }
        let is_live = conversation.phase.is_live();
        // The session has ended when no open tab shows a live conversation, and no message that waits for a tab can
        // still change what the tab shows.
        let mut open = self.pages.iter().filter(|page| !page.is_closed);
        let is_live_anywhere =
            open.any(|page| page.shown.phase.is_live() || page.may_have_unread_tab_messages());
        if !is_live_anywhere && let Some(session) = self.witness.session.take() {
            self.witness.ended_sessions.insert(session);
            self.poll_after_the_end();
        }
        let page = self.page(leader);
        let has_poll = page.open_polls(&self.network).next().is_some();
        self.witness.no_poll_since = match self.witness.no_poll_since {
            _ if has_poll || !is_live => None,
            since => since.or(Some(self.now)),
        };
        self.resend_unknown_text();
    }
}

/// The messages that can be read in the body of an answer to `getMessages`.
fn messages_in(body: &str) -> Vec<SystemMessage> {
    let Response::Answer(members) = Operation::GetMessages.read_response(200, body) else {
        return Vec::new();
    };
    let batch: Result<GetMessagesResponse, _> = members.into_object();
    batch.unwrap_or_default().system_messages
}

/// Whether the outcome of a poll shows that the server's messages may be lost. A refusal (4xx, and 503) shows that the
/// server has not carried out the request that it answers. If the browser has sent the request twice, the page cannot
/// know of the other transmission; then only the numbers of later messages can show the loss.
fn may_have_lost_messages(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::NotSent => false,
        Outcome::Lost => true,
        Outcome::Answered { status, .. } if *status >= 400 => {
            matches!(status, 408 | 500..=502 | 504..)
        }
        Outcome::Answered { .. } => !is_answer(Operation::GetMessages, outcome),
    }
}

/// The text that an agent or the server has written in an entry. `None` for any other entry.
pub(super) fn agent_text(content: &Content) -> Option<&str> {
    match content {
        Content::Agent { body, .. } | Content::Notice(Notice::Server { text: body, .. }) => {
            Some(body)
        }
        _ => None,
    }
}

/// Whether a tab shows a text of the visitor, or has it as a line of the draft. With `only_unforwarded`, an entry
/// counts only if the tab has not forwarded it to the leader yet.
fn has_text(page: &Page, text: &str, only_unforwarded: bool) -> bool {
    let mut draft_lines = page.draft.lines();
    let mut entries = page.shown.transcript.iter();
    let is_match = |entry: &Entry| matches!(&entry.content, Content::Visitor { text: shown, .. } if **shown == *text);
    let counts = |entry: &Entry| !only_unforwarded || entry.id.0 > MAX_LEADER_ENTRY_ID;
    draft_lines.any(|line| line == text) || entries.any(|entry| counts(entry) && is_match(entry))
}

/// Whether a tab shows a text as *accepted*.
fn is_accepted(shown: &Conversation, text: &str) -> bool {
    let mut entries = shown.transcript.iter();
    entries.any(|entry| matches!(&entry.content, Content::Visitor { text: shown, delivery: Delivery::Accepted } if **shown == *text))
}

/// The text of an entry that the visitor has written. `None` if there is no such entry.
fn visitor_text(conversation: &Conversation, entry: EntryId) -> Option<String> {
    let mut entries = conversation.transcript.iter();
    match &entries.find(|it| it.id == entry)?.content {
        Content::Visitor { text, .. } => Some(text.as_ref().to_owned()),
        _ => None,
    }
}

/// Describes an outcome in a few words, for the log.
fn describe(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Answered { status, body, .. } => format!("{status}, {} bytes", body.len()),
        other => format!("{other:?}"),
    }
}
