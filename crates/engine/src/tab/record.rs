//! What a tab keeps for its own reload: its draft, its panel, its open asks, and the conversation.

use pipit_wire::{Fields, Secret};

use super::ask::{Ask, Heard};
use super::message::{read_two_lines, two_lines};
use super::word::Word;
use super::{Company, Tab, TabEffect};
use crate::kept::Trust;
use crate::{Command, Moment};

impl Tab {
    /// Tells the driver what to keep, when that has changed.
    pub(super) fn keep(&mut self) {
        let now = self.record().map(Secret::new);
        if now != self.kept {
            self.kept.clone_from(&now);
            self.effects.push_back(TabEffect::Keep(now));
        }
    }

    fn record(&self) -> Option<String> {
        let conversation = self.engine.snapshot();
        let is_blank = conversation.is_none()
            && self.draft.is_empty()
            && !self.is_open
            && self.asks.is_empty();
        if is_blank {
            return None;
        }
        let mut fields = Fields::default();
        fields.put("draft", &self.draft.to_string());
        fields.put("open", &self.is_open);
        // A start would not outlive the reload, and what the visitor has told for it is not kept.
        let asks = self.asks.iter();
        let asks = asks.filter(|ask| !matches!(ask.command, Command::Start(_)));
        fields.put("asks", &asks.map(Ask::write).collect::<Vec<_>>());
        self.last_word.put_into(&mut fields);
        fields.put("heard", &self.heard.write());
        fields.put("alone", &(self.leads() && !self.has_others));
        Some(two_lines(&fields, conversation))
    }

    /// Shows what was kept. An ask that would begin a conversation is a draft again: nothing begins
    /// without the visitor.
    pub(super) fn read(&mut self, now: Moment, kept: &str) {
        let Some((mut fields, conversation)) = read_two_lines(kept) else {
            return;
        };
        self.engine.load_snapshot(now, conversation);
        self.is_open = fields.take("open").unwrap_or_default();
        self.heard = Heard::read(fields.take("heard").unwrap_or_default());
        self.last_word = Word::take_from(&mut fields).unwrap_or_default();
        let was_alone = self.company == Company::Alone || fields.take("alone") == Some(true);
        self.trust = if was_alone {
            Trust::Fresh
        } else {
            Trust::Behind
        };
        let mut drafts: Vec<String> = Vec::new();
        let asks: Vec<Fields> = fields.take("asks").unwrap_or_default();
        for ask in asks.into_iter().filter_map(Ask::read) {
            if !ask.begins() {
                self.asks.push_back(ask);
            } else if let Command::Send(text) = ask.command {
                drafts.push(text);
            }
        }
        let draft: String = fields.take("draft").unwrap_or_default();
        drafts.extend(Some(draft).filter(|draft| !draft.is_empty()));
        self.draft = drafts.join("\n").into();
    }
}
