//! What a tab stores for its own reload. One tab of a site leads: only its engine talks to the chat server. The other
//! tabs forward the visitor's commands to the leader. The *record* of a tab contains the conversation, the state of
//! the panel, and the commands that no leader has acknowledged. The draft is stored separately, because it changes
//! with every key press.

use std::rc::Rc;

use pipit_wire::{Fields, WireValue as _};

use super::acked::AckedCommands;
use super::forwarded::ForwardedCommand;
use super::id::TabId;
use super::io::{TabEffect, TabMode};
use super::machine::Tab;
use super::marker::ForgetMarker;
use super::message::{join_lines, read_lines};
use super::page_id::PageId;
use super::panel_state::PanelState;
use super::revision::Revision;
use crate::snapshot::Freshness;
use crate::stored::{Stored, stored_object};
use crate::{Command, Moment, SavedRecord};

/// The stored record of a tab, without the conversation.
#[derive(Debug, PartialEq)]
pub(super) struct TabRecord {
    /// Whether the panel is open.
    pub(super) is_open: bool,
    /// The commands that no leader has acknowledged, except commands to start a conversation.
    pub(super) commands: Vec<ForwardedCommand>,
    /// Shows which of two tabs knows the newer conversation.
    pub(super) revision: Revision,
    /// For each tab, the highest number of its commands that a leader has applied.
    pub(super) acked: AckedCommands,
    /// Whether this tab was the leader and knew of no other tab. If so, its stored conversation is certainly the
    /// latest.
    pub(super) was_alone: bool,
    /// The tab from which this tab's storage descends. `None` if the browser has locks.
    pub(super) group: Option<TabId>,
    /// The page that wrote this record. `None` if the browser has locks, or if the page has given the claim up (the
    /// module `claim` explains it).
    pub(super) page: Option<PageId>,
    /// The latest time at which a page of the group took the claim, in ms since 1970; `None` if none did.
    pub(super) claimed_at: Option<i64>,
    /// The latest forgetting that this tab knew when it wrote the record. If the site's marker is higher, the record and
    /// the draft are forgotten.
    pub(super) marker: ForgetMarker,
    /// The draft in a record of an earlier version; `None` in new records.
    pub(super) draft: Option<String>,
}

// The names in quotes are part of the stored format. The module `stored` explains the words before them.
stored_object! {
    TabRecord {
        is_open: defaulted "open",
        commands: defaulted "asks",
        revision: flat_or_default,
        acked: defaulted "heard",
        was_alone: defaulted "alone",
        group: maybe "group",
        page: maybe "page",
        claimed_at: maybe "claimed",
        marker: defaulted "forgotten",
        draft: outdated "draft",
    }
}

impl Tab {
    /// Asks the driver to store the record and the draft, if they have changed. A text can move between the
    /// record and the draft: a draft becomes a message, or a message that was not sent becomes a draft. The text is
    /// stored in its new place before it is removed from the old place, so that a crash between the two writes does
    /// not lose it.
    pub(super) fn save(&mut self) {
        let has_new_draft = self.draft != self.saved_draft;
        if has_new_draft && !self.draft.is_empty() {
            self.save_draft();
        }
        self.save_record();
        if has_new_draft && self.draft.is_empty() {
            self.save_draft();
        }
    }

    /// Asks the driver to store the draft.
    fn save_draft(&mut self) {
        self.saved_draft = self.draft.clone();
        self.effects
            .push_back(TabEffect::SaveDraft(self.draft.clone()));
    }

    /// Asks the driver to store the record, if it has changed.
    fn save_record(&mut self) {
        let members = self.record_head().map(|head| head.write().to_string());
        let head = members.map(|members| join_lines(members, self.engine.snapshot_head()));
        let is_saved = match (&head, &self.saved) {
            (Some(head), Some(saved)) => saved.has_head(head),
            (None, None) => true,
            _ => false,
        };
        if !is_saved {
            let pieces = match self.engine.snapshot_head() {
                Some(_) => self.engine.snapshot_pieces(),
                None => &[],
            };
            self.saved = head.map(|head| Rc::new(SavedRecord::new(head, pieces)));
            self.effects.push_back(TabEffect::Save(self.saved.clone()));
        }
    }

    /// The members of the record, without the conversation; `None` if there is nothing to store. There is always a record
    /// beside a draft, because only the record says whether the draft is forgotten.
    fn record_head(&self) -> Option<Fields> {
        let needs_marker = self.marker > ForgetMarker::default() && !self.draft.is_empty();
        let has_content =
            self.engine.snapshot_head().is_some() || !self.forwarded.is_empty() || needs_marker;
        let is_open = match self.panel {
            PanelState::Closed => false,
            PanelState::Open => true,
            PanelState::OpenSinceBefore => has_content,
        };
        if !has_content && !is_open {
            return None;
        }
        // A start command is left out: a reload ends the start, and form answers are never stored.
        let commands = self.forwarded.iter();
        let commands = commands.filter(|it| !matches!(it.command, Command::Start(_)));
        let record = TabRecord {
            is_open,
            commands: commands.cloned().collect(),
            revision: self.revision,
            acked: self.acked.clone(),
            was_alone: self.has_left_alone || self.leads() && !self.has_others,
            claimed_at: Some(self.claim.latest_since).filter(|since| *since > 0),
            group: (self.mode != TabMode::Shared).then_some(self.group),
            page: (self.mode != TabMode::Shared && !self.claim.has_released()).then_some(self.page),
            marker: self.marker,
            draft: None,
        };
        let mut fields = Fields::default();
        record.put_into(&mut fields);
        Some(fields)
    }

    /// Shows the conversation of a stored record. A message that would start a conversation becomes a draft, because
    /// a reload must not start a conversation. It is put before the draft that was stored.
    pub(super) fn restore(&mut self, now: Moment, record: &str) {
        let Some((mut fields, snapshot)) = read_lines(record) else {
            return;
        };
        self.engine.load_snapshot(now, snapshot);
        let Some(record) = TabRecord::take_from(&mut fields) else {
            return;
        };
        self.marker = record.marker;
        self.panel = if record.is_open {
            PanelState::Open
        } else {
            PanelState::Closed
        };
        self.acked = record.acked;
        self.revision = record.revision;
        self.group = record.group.unwrap_or(self.group);
        self.claim.latest_since = self.claim.latest_since.max(record.claimed_at.unwrap_or(0));
        self.may_be_held = record.page.is_some_and(|page| page != self.page);
        let was_alone = self.mode == TabMode::Alone || record.was_alone;
        self.freshness = if was_alone && !self.may_be_held {
            Freshness::Latest
        } else {
            Freshness::MayBeOutdated
        };
        let mut drafts: Vec<String> = Vec::new();
        for forwarded in record.commands {
            if !forwarded.starts_conversation() {
                self.forwarded.push_back(forwarded);
            } else if let Command::Send(text) = forwarded.command {
                drafts.push(text);
            }
        }
        let draft = if self.draft.is_empty() {
            record.draft.unwrap_or_default()
        } else {
            self.draft.to_string()
        };
        drafts.extend(Some(draft).filter(|draft| !draft.is_empty()));
        self.draft = drafts.join("\n").into();
    }
}
