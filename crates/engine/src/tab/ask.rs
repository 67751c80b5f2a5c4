//! What a following tab wants of the leader.

use std::collections::BTreeMap;

use pipit_wire::{EngagementId, Fields};

use super::TabId;
use crate::conversation::Phase;
use crate::{Answers, Command, Engine, EntryId};

/// So many tabs are remembered; of those that spoke last.
const TABS: usize = 32;

/// A command of a following tab.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ask {
    /// Whose it is.
    pub(super) tab: TabId,
    /// Its number among those of this tab.
    pub(super) number: i64,
    /// When the visitor wanted it, in ms since 1970.
    pub(super) at: i64,
    /// What the visitor saw.
    pub(super) during: During,
    pub(super) command: Command,
}

/// What a visitor sees who wants something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum During {
    /// No conversation runs.
    Rest,
    /// One is being started.
    Start,
    /// One runs.
    Engagement(EngagementId),
}

impl During {
    /// What an engine is busy with.
    pub(super) fn of(engine: &Engine) -> Self {
        match (engine.engagement(), &engine.conversation().phase) {
            (Some(engagement), _) => Self::Engagement(engagement),
            (None, Phase::Starting) => Self::Start,
            (None, _) => Self::Rest,
        }
    }

    /// Whether what the visitor saw is no more. What was being started may run by now.
    pub(super) fn is_over(self, now: Self) -> bool {
        match self {
            Self::Rest => false,
            Self::Start => now == Self::Rest,
            Self::Engagement(_) => now != self,
        }
    }
}

impl Ask {
    /// Whether it begins a conversation where none runs.
    pub(super) fn begins(&self) -> bool {
        self.during == During::Rest && matches!(self.command, Command::Start(_) | Command::Send(_))
    }

    /// Whether it is soon outdated, so that nobody waits for an answer to it.
    pub(super) fn is_passing(&self) -> bool {
        matches!(self.command, Command::Typed(_))
    }

    pub(super) fn write(&self) -> Fields {
        let mut fields = Fields::default();
        fields.put("tab", &self.tab.0);
        fields.put("number", &self.number);
        fields.put("at", &self.at);
        match &self.during {
            During::Rest => {}
            During::Start => fields.put("starting", &true),
            During::Engagement(engagement) => fields.put("engagement", engagement),
        }
        let (name, text, entry) = match &self.command {
            Command::Start(answers) => ("start", Some(answers.json()), None),
            Command::Send(text) => ("send", Some(text.as_str()), None),
            Command::Typed(text) => ("typed", Some(text.as_str()), None),
            Command::SendAgain(entry) => ("sendAgain", None, Some(entry)),
            Command::Discard(entry) => ("discard", None, Some(entry)),
            Command::AllowSneakPreview(true) => ("allowPreview", None, None),
            Command::AllowSneakPreview(false) => ("forbidPreview", None, None),
            Command::End => ("end", None, None),
        };
        fields.put("command", &name.to_owned());
        if let Some(text) = text {
            fields.put("text", &text.to_owned());
        }
        if let Some(EntryId(entry)) = entry {
            fields.put("entry", &entry.cast_signed());
        }
        fields
    }

    pub(super) fn read(mut fields: Fields) -> Option<Self> {
        let name: String = fields.take("command")?;
        let mut text = || fields.take::<String>("text");
        let command = match name.as_str() {
            "start" => Command::Start(text().map(Answers::from_json).unwrap_or_default()),
            "send" => Command::Send(text()?),
            "typed" => Command::Typed(text()?),
            "sendAgain" => Command::SendAgain(entry(&mut fields)?),
            "discard" => Command::Discard(entry(&mut fields)?),
            "allowPreview" => Command::AllowSneakPreview(true),
            "forbidPreview" => Command::AllowSneakPreview(false),
            "end" => Command::End,
            _ => return None,
        };
        Some(Self {
            tab: TabId(fields.take("tab")?),
            number: fields.take("number")?,
            at: fields.take("at")?,
            during: match fields.take("engagement") {
                Some(engagement) => During::Engagement(engagement),
                None if fields.take("starting") == Some(true) => During::Start,
                None => During::Rest,
            },
            command,
        })
    }
}

fn entry(fields: &mut Fields) -> Option<EntryId> {
    let entry: i64 = fields.take("entry")?;
    Some(EntryId(entry.cast_unsigned()))
}

/// The last ask of each tab that a leader has heard.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Heard {
    last: BTreeMap<TabId, i64>,
    /// Who spoke last comes last.
    order: Vec<TabId>,
}

impl Heard {
    pub(super) fn knows(&self, ask: &Ask) -> bool {
        self.last
            .get(&ask.tab)
            .is_some_and(|last| ask.number <= *last)
    }

    pub(super) fn hear(&mut self, tab: TabId, number: i64) {
        self.last.insert(tab, number);
        self.order.retain(|it| *it != tab);
        self.order.push(tab);
        if self.order.len() > TABS {
            let silent = self.order.remove(0);
            self.last.remove(&silent);
        }
    }

    pub(super) fn write(&self) -> Vec<Fields> {
        let one = |tab: &TabId| {
            let mut fields = Fields::default();
            fields.put("tab", &tab.0);
            fields.put("number", self.last.get(tab).unwrap_or(&0));
            fields
        };
        self.order.iter().map(one).collect()
    }

    pub(super) fn read(heard: Vec<Fields>) -> Self {
        let mut read = Self::default();
        for mut fields in heard {
            if let (Some(tab), Some(number)) = (fields.take("tab"), fields.take("number")) {
                read.hear(TabId(tab), number);
            }
        }
        read
    }
}
