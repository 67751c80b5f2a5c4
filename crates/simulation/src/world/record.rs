//! Keeps the witness up to date: from what the visitor does, from what reaches the browser, and from what the
//! pages show.
//!
//! A text that no tab can know any more must not be expected, and a message that only a lost tab knew must not be
//! demanded. The functions named `forget_…` see to that.

use std::collections::BTreeMap;

use pipit_engine::{
    Command, Content, Conversation, Delivery, Entry, EntryId, Notice, Outcome, Phase,
};
use pipit_wire::consumer::{ActivityResponse, Operation, RequestEngagementResponse};
use pipit_wire::{Fields, WireObject};

use super::World;
use crate::ids::{PacketId, PageIndex};
use crate::page::Page;
use crate::server::session_id;

/// Entries with greater ids belong to a follower, and are not yet in the transcript of the leader.
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
            self.witness.starts += 1;
        }
        match command {
            Command::Send(text) => {
                self.witness.text(text).writer = index;
                self.witness.expected_texts.push(text.clone());
            }
            Command::SendAgain(entry) if shown.phase.is_live() => {
                if let Some(text) = visitor_text(&shown, *entry) {
                    let record = self.witness.text(&text);
                    record.max_seen += u32::from(record.is_uncertain);
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

    /// The visitor replaces the draft. After a reload, the draft can contain texts that were not sent; they are not
    /// expected any more.
    fn forget_draft(&mut self, index: PageIndex) {
        let draft = self.page(index).draft.clone();
        let expected = &mut self.witness.expected_texts;
        expected.retain(|text| !draft.lines().any(|line| line == text));
    }
}

/// How the conversation changes.
impl World {
    /// Records the phase of the leader after an input. A new conversation clears the transcript of the previous
    /// one, and so does one that another tab has sent; a text that was written with this input stays. One input
    /// can contain the end of one conversation and the start of the next, so that no tab has shown the end.
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
            self.tally.states.insert("a conversation is brought along");
            self.forget_lost_knowledge();
        }
    }

    /// Another tab becomes the leader. What only a tab knew that is closed or frozen is lost.
    pub(super) fn record_new_leader(&mut self, index: PageIndex) {
        let page = self.page(index);
        if page.shown.phase.is_live() && page.load_count == 0 {
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

    /// Forgets what no running tab shows: its texts are not expected, and its messages need not be shown.
    fn forget_lost_knowledge(&mut self) {
        let pages = self.pages.iter().filter(|page| page.is_running());
        let pages: Vec<&Page> = pages.collect();
        let is_known = |text: &String| pages.iter().any(|page| has_text(page, text, false));
        self.witness.expected_texts.retain(is_known);
        // How often each text of an agent is shown, in the tab that shows it most often.
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
        let optional = &mut self.witness.optional_messages;
        let streams = self.witness.streams.iter_mut();
        for message in streams.flat_map(|stream| stream.messages.values_mut()) {
            let is_lost = |text: &mut String| match known_counts.get_mut(text.as_str()) {
                Some(left @ 1..) => {
                    *left -= 1;
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

    /// Forgets the texts that only a closed page knew.
    pub(super) fn forget_texts_of_closed_page(&mut self, index: PageIndex) {
        let writer = |text: &String| self.witness.texts.get(text).map(|it| it.writer);
        let expected = self.witness.expected_texts.iter().cloned();
        let lost: Vec<String> = expected
            .filter(|text| writer(text) == Some(index) && !self.is_shown(text))
            .collect();
        let expected = &mut self.witness.expected_texts;
        expected.retain(|text| !lost.contains(text));
    }

    /// Forgets the texts that a new conversation has cleared. A text stays if the page still shows it, or if
    /// another tab has not sent it to the leader yet.
    fn forget_cleared_texts(&mut self, index: PageIndex) {
        let texts = std::mem::take(&mut self.witness.expected_texts);
        let stays = |text: &String| {
            let record = self.witness.texts.get(text);
            let was_shown_by_leader = record.is_some_and(|it| it.was_shown_by_leader);
            let mut pages = self.pages.iter().enumerate();
            pages.any(|(it, page)| {
                let may_count = it == index || (!page.is_closed && !was_shown_by_leader);
                may_count && has_text(page, text, it != index)
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
    /// Records an outcome that the leader has received.
    pub(super) fn record_outcome(&mut self, packet: PacketId, outcome: &Outcome) {
        note!(self, "  {}", describe(outcome));
        let sent = self.network.packet(packet).map(|packet| &packet.request);
        let Outcome::Answered {
            status: 200, body, ..
        } = outcome
        else {
            return;
        };
        let Some(request) = sent else {
            return;
        };
        let session = session_id(&request.authorization).map(str::to_owned);
        match (request.operation, session) {
            (Operation::RequestEngagement, _) => {
                if let Ok(answer) = RequestEngagementResponse::from_json(body) {
                    self.witness.record_engagement(&answer, self.now);
                    self.network.forget_batches();
                }
            }
            (Operation::GetMessages, Ok(session)) if Fields::from_json(body).is_ok() => {
                self.witness.last_answer_at = self.now;
                let messages = self.network.messages(packet);
                self.witness.record_batch(&session, messages);
                // A later batch may repeat this one.
                self.network.last_batch = messages.to_vec();
            }
            (Operation::Activity, Ok(session)) => {
                if let Ok(answer) = ActivityResponse::from_json(body)
                    && answer.sneak_preview_state.is_some()
                {
                    self.witness.preview(&session).state = answer.sneak_preview_state;
                }
            }
            _ => {}
        }
    }

    /// Records what the leader shows after an input.
    pub(super) fn record_shown(&mut self) {
        self.has_unchecked_input = true;
        let Some(leader) = self.leader() else {
            return;
        };
        let conversation = self.page(leader).shown.clone();
        self.tally.add_conversation(&conversation);
        for entry in conversation.transcript.iter() {
            if let Content::Visitor { text, delivery } = &entry.content
                && let Some(record) = self.witness.texts.get_mut(&**text)
            {
                record.was_shown_by_leader |= entry.id.0 <= MAX_LEADER_ENTRY_ID;
                record.was_shown_accepted |= *delivery == Delivery::Accepted;
                record.is_uncertain |= *delivery == Delivery::Unknown;
            }
        }
        let is_live = conversation.phase.is_live();
        let mut open = self.pages.iter().filter(|page| !page.is_closed);
        let is_live_anywhere =
            open.any(|page| page.shown.phase.is_live() || page.has_unread_tab_messages());
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

/// The text of an agent, or of the server, that an entry shows.
pub(super) fn agent_text(content: &Content) -> Option<&str> {
    match content {
        Content::Agent { body, .. } | Content::Notice(Notice::Server { text: body, .. }) => {
            Some(body)
        }
        _ => None,
    }
}

/// Whether a tab shows a text, or has it as a draft. With `only_unforwarded`, an entry counts only if the
/// leader has not received it yet.
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

/// The text of the visitor that an entry shows.
fn visitor_text(conversation: &Conversation, entry: EntryId) -> Option<String> {
    let mut entries = conversation.transcript.iter();
    match &entries.find(|it| it.id == entry)?.content {
        Content::Visitor { text, .. } => Some(text.as_ref().to_owned()),
        _ => None,
    }
}

/// The outcome in a few words, for the log.
fn describe(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Answered { status, body, .. } => format!("{status}, {} bytes", body.len()),
        other => format!("{other:?}"),
    }
}
