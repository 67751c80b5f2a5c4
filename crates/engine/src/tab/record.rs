//! What a tab stores for its own reload: a record with its panel, its open commands and the conversation,
//! and, in a place of its own because it changes with every key press, the draft.

use std::rc::Rc;

use pipit_wire::{Fields, Secret, WireValue as _};

use super::acked::AckedCommands;
use super::forwarded::ForwardedCommand;
use super::io::{TabEffect, TabMode};
use super::machine::Tab;
use super::message::{join_lines, read_lines, split_lines};
use super::revision::Revision;
use crate::snapshot::Freshness;
use crate::{Command, Moment};

impl Tab {
    /// Has the driver store the record and the draft, if they have changed. A text is first stored as a
    /// draft and removed from the record later, or the other way round, so that a crash loses neither.
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

    fn save_draft(&mut self) {
        self.saved_draft = self.draft.clone();
        self.effects
            .push_back(TabEffect::SaveDraft(self.draft.clone()));
    }

    fn save_record(&mut self) {
        let snapshot = self.engine.snapshot();
        let head = self.record_head().map(|head| head.write().to_string());
        let saved = self.saved.as_ref().map(Secret::reveal);
        let is_saved = match (&head, saved) {
            (Some(head), Some(saved)) => split_lines(saved) == (head.as_str(), snapshot),
            (None, None) => true,
            _ => false,
        };
        if !is_saved {
            self.saved = head.map(|head| Secret::new(join_lines(head, snapshot)));
            self.effects.push_back(TabEffect::Save(self.saved.clone()));
        }
    }

    /// Everything in the record except the conversation; `None` when nothing is worth storing.
    fn record_head(&self) -> Option<Fields> {
        let is_blank =
            self.engine.snapshot().is_none() && !self.is_open && self.forwarded.is_empty();
        if is_blank {
            return None;
        }
        let mut fields = Fields::default();
        fields.put("open", &self.is_open);
        // A start does not outlive the reload, and the visitor's answers are never stored.
        let stored = self.forwarded.iter();
        let stored = stored.filter(|it| !matches!(it.command, Command::Start(_)));
        fields.put(
            "asks",
            &stored.map(ForwardedCommand::write).collect::<Vec<_>>(),
        );
        self.revision.put_into(&mut fields);
        fields.put("heard", &self.acked.write());
        fields.put("alone", &(self.leads() && !self.has_others));
        Some(fields)
    }

    /// Shows the stored conversation. A text that would start a conversation becomes a draft again:
    /// only the visitor starts one.
    pub(super) fn restore(&mut self, now: Moment, record: &str) {
        let Some((mut fields, snapshot)) = read_lines(record) else {
            return;
        };
        self.engine.load_snapshot(now, snapshot);
        self.is_open = fields.take("open").unwrap_or_default();
        self.acked = AckedCommands::read(fields.take("heard").unwrap_or_default());
        self.revision = Revision::take_from(&mut fields).unwrap_or_default();
        let was_alone = self.mode == TabMode::Alone || fields.take("alone") == Some(true);
        self.freshness = if was_alone {
            Freshness::Latest
        } else {
            Freshness::MayBeOutdated
        };
        let mut drafts: Vec<String> = Vec::new();
        let commands: Vec<Fields> = fields.take("asks").unwrap_or_default();
        for forwarded in commands.into_iter().filter_map(ForwardedCommand::read) {
            if !forwarded.starts_conversation() {
                self.forwarded.push_back(forwarded);
            } else if let Command::Send(text) = forwarded.command {
                drafts.push(text);
            }
        }
        // Earlier versions stored the draft in the record.
        let old_draft = || fields.take::<String>("draft").map(Rc::from);
        let draft = Some(self.draft.clone()).filter(|draft| !draft.is_empty());
        let draft: Option<Rc<str>> = draft.or_else(old_draft);
        let draft = draft.filter(|draft| !draft.is_empty());
        drafts.extend(draft.map(|draft| draft.to_string()));
        self.draft = drafts.join("\n").into();
    }
}
