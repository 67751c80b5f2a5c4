//! Lets the visitor leave a shared computer: the host of the page has the widget forget the visitor. The browser keeps the
//! *marker*, the number of times that this has happened, in a storage that all tabs share. The macro `note!` writes a
//! line into the log of the simulated run.

use pipit_engine::{Content, TabInput, TabMode};
use pipit_wire::Secret;

use super::World;
use super::record::agent_text;
use crate::ids::PageIndex;
use crate::invariant::Invariant;
use crate::mutation::Mutation;

impl World {
    /// Has the widget forget the visitor on this page. As the widget's script does, first removes what this page has
    /// stored and raises the marker. The browser then tells the pages that run.
    pub(super) fn forget_visitor(&mut self, index: PageIndex) {
        note!(self, "tab {index} forgets the visitor");
        if self.tab_mode == TabMode::Alone {
            // Afterwards the copies of a tab would have nothing in common, and this simulation has one conversation.
            for other in self.open_pages().into_iter().filter(|it| *it != index) {
                self.close_page(other);
            }
        }
        self.tally.states.insert("forgotten");
        self.record_forgetting();
        self.forget_marker.0 += 1;
        let page = self.page_mut(index);
        page.stored_draft = "".into();
        let stored = std::mem::take(&mut page.storage).text();
        let marker = self.forget_marker;
        self.tab_input(index, TabInput::Forget(marker), None);
        if let Some(stored) = stored {
            let record = TabInput::ConcludeRecord(Secret::new(stored));
            self.tab_input(index, record, None);
        }
        if self.mutation == Some(Mutation::HidesForgetting) {
            return;
        }
        for other in self.open_pages() {
            if other != index && self.page(other).is_running() {
                self.tab_input(other, TabInput::Forget(marker), None);
            }
        }
    }

    /// Hands the marker to a tab, as the widget does before each input. Returns whether the tab did not know it.
    pub(super) fn hand_over_marker(&mut self, index: PageIndex) -> bool {
        let marker = self.forget_marker;
        let now = self.moment();
        let page = self.page_mut(index);
        let is_new = page.tab.forget_marker() < marker;
        if is_new && self.mutation != Some(Mutation::HidesForgetting) {
            let page = self.page_mut(index);
            // These answers wait for a verification, and belong to the conversation that is forgotten now.
            page.unverified_answers.clear();
            page.tab.handle(now, TabInput::Forget(marker));
        }
        is_new
    }

    /// [`Mutation::HidesForgetting`]: removes the marker from a message between tabs.
    pub(super) fn without_marker(&self, message: Secret) -> Secret {
        if self.mutation == Some(Mutation::HidesForgetting) {
            Secret::new(
                message
                    .reveal()
                    .replacen("\"forgotten\":", "\"no-marker\":", 1),
            )
        } else {
            message
        }
    }

    /// Records that everything that was written so far has to be gone.
    fn record_forgetting(&mut self) {
        let witness = &mut self.witness;
        let streams = std::mem::take(&mut witness.streams);
        let received = streams
            .into_iter()
            .flat_map(|stream| stream.messages.into_values().flatten());
        witness.optional_messages.extend(received);
        // An agent's greeting is the same in every conversation.
        let agent_texts = witness.optional_messages.iter();
        let agent_texts = agent_texts.filter(|text| !text.starts_with("Hi, "));
        witness.forgotten_texts.extend(agent_texts.cloned());
        witness
            .forgotten_texts
            .extend(witness.texts.keys().cloned());
        witness.expected_texts.clear();
        witness.ended_sessions.extend(witness.session.take());
    }

    /// Checks [`Invariant::ForgottenIsGone`] for a message that a tab is about to send to the others.
    pub(super) fn check_broadcast(&mut self, message: &Secret) {
        if let Some(text) = self.forgotten_text_in(message.reveal()) {
            self.report_breach(Invariant::ForgottenIsGone, || {
                format!("{text:?} is sent to the other tabs")
            });
        }
    }

    /// The first forgotten text that a record or a message contains.
    fn forgotten_text_in(&self, record: &str) -> Option<String> {
        let mut texts = self.witness.forgotten_texts.iter();
        texts
            .find(|text| record.contains(&format!("{text}\"")))
            .cloned()
    }
}

/// Checks [`Invariant::ForgottenIsGone`].
pub(super) fn forgotten_is_gone(world: &World) -> Option<String> {
    let is_forgotten = |text: &str| world.witness.forgotten_texts.contains(text);
    let running = world.pages.iter().enumerate();
    running
        .filter(|(_, page)| page.is_running() && !page.is_catching_up)
        .find_map(|(index, page)| {
            let entries = page.shown.transcript.iter();
            let mut shown = entries.filter_map(|entry| match &entry.content {
                Content::Visitor { text, .. } => Some(&**text),
                content => agent_text(content),
            });
            let mut drafts = page.draft.lines().chain(page.stored_draft.lines());
            if let Some(text) = shown.find(|text| is_forgotten(text)) {
                return Some(format!("tab {index} shows {text:?}"));
            }
            if let Some(text) = drafts.find(|text| is_forgotten(text)) {
                return Some(format!("tab {index} has the draft {text:?}"));
            }
            let stored = page.storage.text().unwrap_or_default();
            let text = world.forgotten_text_in(&stored)?;
            Some(format!("tab {index} stores {text:?}"))
        })
}
