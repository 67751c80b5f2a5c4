//! A command that one tab forwards to another. One tab of a site leads: only its engine talks to the chat server.
//! The other tabs follow: they forward the visitor's commands to the leader, whose engine applies them.

use pipit_wire::{EngagementId, Value, WireValue};

use super::id::TabId;
use crate::conversation::Phase;
use crate::stored::{stored_choice, stored_enum, stored_object};
use crate::{Command, Engine, FormAnswers};

/// A command that a following tab forwards to the leader. A leader that is not sure that it still leads keeps its own
/// commands in the same form.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ForwardedCommand {
    /// The tab in which the visitor gave the command.
    pub(super) tab: TabId,
    /// The number of the command among the commands of that tab.
    pub(super) number: i64,
    /// When the visitor gave the command, in ms since 1970.
    pub(super) at: i64,
    /// What the visitor saw at that time.
    pub(super) observed: ObservedPhase,
    pub(super) command: Command,
}

/// What a visitor sees while giving a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ObservedPhase {
    /// No conversation runs: none was started, or the previous one has ended or failed.
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

    /// Whether the phase that the visitor saw is over now that the engine is in phase `now`. If the visitor saw that a
    /// conversation was starting, and that conversation runs now, the phase does not count as ended: the command is
    /// still valid. `Idle` never ends, so that a message from a tab without a conversation still reaches a conversation
    /// that another tab has started meanwhile.
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

    /// Whether the next command of the same kind replaces this command. This is so for the text that the visitor is
    /// typing. The leader does not acknowledge a transient command.
    pub(super) fn is_transient(&self) -> bool {
        matches!(self.command, Command::Typed(_))
    }
}

// The module `stored` explains these macros and words such as `required`. The names in quotes are part of the format in
// storage and between tabs.
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

/// Form answers are forwarded as their JSON text.
impl WireValue for FormAnswers {
    fn read(value: &Value) -> Option<Self> {
        String::read(value).map(Self::from_json)
    }

    fn write(&self) -> Value {
        Value::from(self.json())
    }
}
