//! The record that a tab stores for its own reload: its draft, its panel, its open commands, and the
//! conversation.

use pipit_wire::{Fields, Secret};

use super::acked::AckedCommands;
use super::forwarded::ForwardedCommand;
use super::io::{TabEffect, TabMode};
use super::machine::Tab;
use super::message::{read_lines, write_lines};
use super::revision::Revision;
use crate::snapshot::Freshness;
use crate::{Command, Moment};

impl Tab {
    /// Has the driver store the record, if it has changed.
    pub(super) fn save(&mut self) {
        let record = self.record().map(Secret::new);
        if record != self.saved {
            self.saved.clone_from(&record);
            self.effects.push_back(TabEffect::Save(record));
        }
    }

    fn record(&self) -> Option<String> {
        let snapshot = self.engine.snapshot();
        let is_blank = snapshot.is_none()
            && self.draft.is_empty()
            && !self.is_open
            && self.forwarded.is_empty();
        if is_blank {
            return None;
        }
        let mut fields = Fields::default();
        fields.put("draft", &self.draft.to_string());
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
        Some(write_lines(&fields, snapshot))
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
        let draft: String = fields.take("draft").unwrap_or_default();
        drafts.extend(Some(draft).filter(|draft| !draft.is_empty()));
        self.draft = drafts.join("\n").into();
    }
}
