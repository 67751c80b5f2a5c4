//! A command that a following tab forwards to the leading tab, whose engine applies it.

use pipit_wire::{EngagementId, Value, WireValue};

use super::id::TabId;
use crate::conversation::Phase;
use crate::stored::{stored_choice, stored_enum, stored_object};
use crate::{Command, Engine, FormAnswers};

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

    /// Whether the phase that the visitor saw has ended, if the engine is in phase `now`. If the visitor saw that a
    /// conversation was starting, and it runs now, the phase does not count as ended: the command is still valid.
    pub(super) fn has_ended(self, now: Self) -> bool {
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

    /// Whether the next command of the same kind replaces this one: text that the visitor is typing. The
    /// leader does not acknowledge such a command.
    pub(super) fn is_transient(&self) -> bool {
        matches!(self.command, Command::Typed(_))
    }
}

stored_object! {
    ForwardedCommand {
        tab: required "tab",
        number: required "number",
        at: required "at",
        observed: flat,
        command: flat,
    }
}

stored_choice! {
    ObservedPhase {
        "engagement" => Engagement(engagement),
        "starting" => Starting,
        else Idle,
    }
}

stored_enum! {
    Command in "command" {
        "start" => Start(form_answers: defaulted "text"),
        "send" => Send(text: required "text"),
        "typed" => Typed(text: required "text"),
        "sendAgain" => SendAgain(entry: required "entry"),
        "discard" => Discard(entry: required "entry"),
        "allowPreview" => AllowSneakPreview[true],
        "forbidPreview" => AllowSneakPreview[false],
        "end" => End,
    }
}

impl WireValue for FormAnswers {
    fn read(value: &Value) -> Option<Self> {
        String::read(value).map(Self::from_json)
    }

    fn write(&self) -> Value {
        Value::from(self.json())
    }
}
