//! The messages between tabs. A message is one line of JSON; a snapshot of the conversation, where the
//! message has one, follows as the second line.

use pipit_wire::{Fields, Secret, WireValue as _};

use super::acked::AckedCommands;
use super::forwarded::ForwardedCommand;
use super::id::TabId;
use super::revision::Revision;
use crate::snapshot::Freshness;
use crate::stored::{Stored, stored_choice, stored_enum, stored_object};

#[derive(Debug, PartialEq)]
pub(super) enum Message {
    /// A tab has joined, or has not received anything from the leader for too long.
    Hello {
        from: TabId,
        /// The conversation that the tab has, if the leader may have an older one.
        shared: Option<SharedSnapshot>,
    },
    /// A statement of the leader.
    Statement(Statement),
    /// The leader runs and the conversation has not changed.
    Heartbeat { reached_for_ms: Option<u64> },
    /// All commands of a following tab that no leader has acknowledged. Each message repeats all of
    /// them, so that none is skipped.
    Commands(Vec<ForwardedCommand>),
}

/// The tab whose [`Message::Hello`] a statement answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ReplyTo {
    Nobody,
    Tab(TabId),
    /// The sender has just become the leader.
    Everyone,
}

/// The state of the conversation, and the commands that the leader has applied.
#[derive(Debug, PartialEq)]
pub(super) struct Statement {
    pub(super) from: TabId,
    pub(super) to: ReplyTo,
    /// For how long, in ms, the server still counts as reached; `None` where it does not.
    pub(super) reached_for_ms: Option<u64>,
    pub(super) shared: SharedSnapshot,
}

/// The conversation as one tab hands it to another.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct SharedSnapshot {
    /// The revision of the last statement that the snapshot includes.
    pub(super) revision: Revision,
    pub(super) acked: AckedCommands,
    pub(super) freshness: Freshness,
    /// The snapshot of the leader's engine.
    pub(super) snapshot: Option<Secret>,
}

stored_enum! {
    Message in "is" {
        "hello" => Hello { from: required "from", shared: maybe_flat },
        "state" => Statement(statement: flat),
        "beat" => Heartbeat { reached_for_ms: maybe "sure" },
        "asks" => Commands(commands: required "asks"),
    }
}

stored_object! {
    Statement {
        from: required "from",
        to: flat,
        reached_for_ms: maybe "sure",
        shared: flat,
    }
    SharedSnapshot {
        revision: flat,
        acked: defaulted "heard",
        freshness: flat,
        snapshot: elsewhere,
    }
}

stored_choice! {
    ReplyTo {
        "to" => Tab(to),
        "toAll" => Everyone,
        else Nobody,
    }
}

stored_choice! {
    Freshness {
        "behind" => MayBeOutdated,
        else Latest,
    }
}

impl Message {
    /// The text of this message for the channel.
    pub(super) fn to_text(&self) -> Secret {
        let mut fields = Fields::default();
        self.put_into(&mut fields);
        let shared = match self {
            Self::Hello { shared, .. } => shared.as_ref(),
            Self::Statement(statement) => Some(&statement.shared),
            Self::Heartbeat { .. } | Self::Commands(_) => None,
        };
        let snapshot = shared.and_then(|shared| shared.snapshot.as_ref());
        let first = fields.write().to_string();
        Secret::new(join_lines(first, snapshot.map(Secret::reveal)))
    }

    /// Reads a text from the channel; `None` if it is no message of a tab.
    pub(super) fn from_text(text: &str) -> Option<Self> {
        let (mut fields, snapshot) = read_lines(text)?;
        let mut message = Self::take_from(&mut fields)?;
        let shared = match &mut message {
            Self::Hello { shared, .. } => shared.as_mut(),
            Self::Statement(statement) => Some(&mut statement.shared),
            Self::Heartbeat { .. } | Self::Commands(_) => None,
        };
        if let Some(shared) = shared {
            shared.snapshot = snapshot.map(Secret::new);
        }
        Some(message)
    }
}

/// One line of JSON and, on a second line, a snapshot. JSON text contains no line breaks.
pub(super) fn join_lines(mut first: String, snapshot: Option<&str>) -> String {
    if let Some(snapshot) = snapshot {
        first.push('\n');
        first.push_str(snapshot);
    }
    first
}

/// The parts of a text that [`join_lines`] has made.
pub(super) fn split_lines(text: &str) -> (&str, Option<&str>) {
    match text.split_once('\n') {
        Some((first, snapshot)) => (first, Some(snapshot)),
        None => (text, None),
    }
}

/// The object and the snapshot in such a text; `None` if its first line is no object.
pub(super) fn read_lines(text: &str) -> Option<(Fields, Option<&str>)> {
    let (first, snapshot) = split_lines(text);
    Some((Fields::from_json(first).ok()?, snapshot))
}
