//! A command that a following tab forwards to the leader.

use pipit_wire::{EngagementId, Fields};

use super::id::TabId;
use crate::conversation::Phase;
use crate::{Answers, Command, Engine, EntryId};

/// A command that a following tab forwards to the leader.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ForwardedCommand {
    /// The tab whose visitor gave the command.
    pub(super) tab: TabId,
    /// Its number among the commands of this tab.
    pub(super) number: i64,
    /// When the visitor gave it, in ms since 1970.
    pub(super) at: i64,
    /// What the visitor saw at that time.
    pub(super) observed: ObservedPhase,
    pub(super) command: Command,
}

/// What a visitor sees while giving a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ObservedPhase {
    /// No conversation runs.
    Idle,
    /// A conversation is being started.
    Starting,
    /// This engagement runs.
    Engagement(EngagementId),
}

impl ObservedPhase {
    /// What the visitor of a tab with this engine sees.
    pub(super) fn of(engine: &Engine) -> Self {
        match (engine.engagement(), &engine.conversation().phase) {
            (Some(engagement), _) => Self::Engagement(engagement),
            (None, Phase::Starting) => Self::Starting,
            (None, _) => Self::Idle,
        }
    }

    /// Whether what the visitor saw is over. A conversation that was being started may run by now.
    pub(super) fn is_over(self, now: Self) -> bool {
        match self {
            Self::Idle => false,
            Self::Starting => now == Self::Idle,
            Self::Engagement(_) => now != self,
        }
    }
}

impl ForwardedCommand {
    /// Whether this command starts a new conversation.
    pub(super) fn starts_conversation(&self) -> bool {
        self.observed == ObservedPhase::Idle
            && matches!(self.command, Command::Start(_) | Command::Send(_))
    }

    /// Whether the next command replaces this one soon. No tab waits until it is acknowledged.
    pub(super) fn is_transient(&self) -> bool {
        matches!(self.command, Command::Typed(_))
    }

    pub(super) fn write(&self) -> Fields {
        let mut fields = Fields::default();
        fields.put("tab", &self.tab.0);
        fields.put("number", &self.number);
        fields.put("at", &self.at);
        match &self.observed {
            ObservedPhase::Idle => {}
            ObservedPhase::Starting => fields.put("starting", &true),
            ObservedPhase::Engagement(engagement) => fields.put("engagement", engagement),
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
            observed: match fields.take("engagement") {
                Some(engagement) => ObservedPhase::Engagement(engagement),
                None if fields.take("starting") == Some(true) => ObservedPhase::Starting,
                None => ObservedPhase::Idle,
            },
            command,
        })
    }
}

fn entry(fields: &mut Fields) -> Option<EntryId> {
    let entry: i64 = fields.take("entry")?;
    Some(EntryId(entry.cast_unsigned()))
}
