//! The messages between the tabs that share one conversation. One tab leads: only its engine talks to the chat
//! server. The other tabs follow: they show the leader's conversation. The first line of a message is a JSON
//! object. If the message contains a snapshot of the conversation, the snapshot is the second line. The names
//! in quotes are part of the format. The module `stored` explains the macros and words such as `required` and
//! `maybe`.

use pipit_wire::{Fields, Secret, WireValue as _};

use super::acked::AckedCommands;
use super::claim::ClaimMessage;
use super::forwarded::ForwardedCommand;
use super::id::TabId;
use super::marker::ForgetMarker;
use super::revision::Revision;
use crate::Moment;
use crate::snapshot::{self, Freshness};
use crate::stored::{Stored, stored_choice, stored_enum, stored_object};

/// A message of a tab to all other tabs.
#[derive(Debug, PartialEq)]
pub(super) enum Message {
    /// A tab contacts the leader, for example because the tab has joined, or has received nothing from the leader for
    /// too long. The leader answers with a statement.
    Hello {
        from: TabId,
        /// The conversation that the tab has, if the leader may have an older one.
        shared: Option<SharedSnapshot>,
    },
    /// The leader, or a tab that is about to lead, states the conversation and the commands that a leader has applied.
    Statement(Statement),
    /// The leader runs and the conversation has not changed.
    Heartbeat {
        /// See [`Statement::reached_for_ms`].
        reached_for_ms: Option<u64>,
    },
    /// All commands of a following tab that no leader has acknowledged. The message contains the older ones again, so
    /// that the leader skips none. Only typed text, which is never acknowledged, is not repeated.
    Commands(Vec<ForwardedCommand>),
    /// The sender has forgotten its conversation. What counts is the marker that every message contains.
    Forgotten,
    /// A message about the claim, which stands in for the lock of the browser.
    Claim(ClaimMessage),
}

/// The name of the member with the sender's [`ForgetMarker`].
const MARKER: &str = "forgotten";

/// The reason why a tab makes a statement. For each of these reasons, all other tabs receive the statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ReplyTo {
    /// The conversation has changed, or commands were applied.
    Nobody,
    /// The tab with this id has sent a [`Message::Hello`].
    Tab(TabId),
    /// The sender is about to lead, or has just become the leader. A tab that has a newer conversation answers with a
    /// [`Message::Hello`] that contains it.
    Everyone,
}

/// The state of the conversation, and the commands that a leader has applied.
#[derive(Debug, PartialEq)]
pub(super) struct Statement {
    pub(super) from: TabId,
    pub(super) to: ReplyTo,
    /// The time for which the server still counts as reachable, in ms; `None` if it does not count as reachable,
    /// or if no engagement (a chat at the server) runs.
    pub(super) reached_for_ms: Option<u64>,
    pub(super) shared: SharedSnapshot,
}

/// The conversation as one tab hands it to another.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct SharedSnapshot {
    /// The revision of the most recent statement that the snapshot includes.
    pub(super) revision: Revision,
    /// For each tab, the highest number of a command that a leader has applied.
    pub(super) acked: AckedCommands,
    /// Whether this conversation is the latest, or another tab may have a newer one.
    pub(super) freshness: Freshness,
    /// The snapshot of the sender's engine; `None` if the sender has no conversation.
    pub(super) snapshot: Option<Secret>,
}

stored_enum! {
    Message in "is" {
        "hello" => Hello { from: required "from", shared: maybe_flat },
        "state" => Statement(statement: flat),
        "beat" => Heartbeat { reached_for_ms: maybe "sure" },
        "asks" => Commands(commands: required "asks"),
        "forgotten" => Forgotten,
        else Claim,
    }
}

stored_enum! {
    ClaimMessage in "is" {
        "ask" => Ask { from: required "from" },
        "hold" => Hold { from: required "from", since: required "since" },
        "may-be-held" => MayBeHeld { from: required "from", since: required "since" },
        "release" => Release { from: required "from" },
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
        // The snapshot is the second line of the message.
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
    /// The text of this message for the channel between the tabs. `group` says which tabs share the conversation;
    /// `None` if all tabs of the site do. `marker` is the latest forgetting that the sender knows.
    pub(super) fn to_text(&self, group: Option<TabId>, marker: ForgetMarker) -> Secret {
        let mut fields = Fields::default();
        self.put_into(&mut fields);
        if marker > ForgetMarker::default() {
            fields.put(MARKER, &marker);
        }
        if let Some(group) = group {
            fields.put("group", &group);
        }
        let shared = match self {
            Self::Hello { shared, .. } => shared.as_ref(),
            Self::Statement(statement) => Some(&statement.shared),
            Self::Heartbeat { .. } | Self::Commands(_) | Self::Forgotten | Self::Claim(_) => None,
        };
        let snapshot = shared.and_then(|shared| shared.snapshot.as_ref());
        let first = fields.write().to_string();
        Secret::new(join_lines(first, snapshot.map(Secret::reveal)))
    }

    /// Reads a text from the channel, and the marker of its sender; `None` if it is not a message of a tab of this group.
    pub(super) fn from_text(text: &str, group: Option<TabId>) -> Option<(Self, ForgetMarker)> {
        let (mut fields, snapshot) = read_lines(text)?;
        if fields.take("group") != group {
            return None;
        }
        let marker = fields.take(MARKER).unwrap_or_default();
        let mut message = Self::take_from(&mut fields)?;
        let shared = match &mut message {
            Self::Hello { shared, .. } => shared.as_mut(),
            Self::Statement(statement) => Some(&mut statement.shared),
            Self::Heartbeat { .. } | Self::Commands(_) | Self::Forgotten | Self::Claim(_) => None,
        };
        if let Some(shared) = shared {
            shared.snapshot = snapshot.map(Secret::new);
        }
        Some((message, marker))
    }
}

impl SharedSnapshot {
    /// Whether the conversation has ended.
    pub(super) fn has_ended(&self, now: Moment) -> bool {
        let snapshot = self.snapshot.as_ref().map(Secret::reveal);
        snapshot.is_some_and(|snapshot| snapshot::has_ended(now, snapshot))
    }
}

/// Appends the snapshot, if there is one, as a second line to `first`, a line of JSON. Neither line contains a line
/// break itself.
pub(super) fn join_lines(mut first: String, snapshot: Option<&str>) -> String {
    if let Some(snapshot) = snapshot {
        first.push('\n');
        first.push_str(snapshot);
    }
    first
}

/// Reads the JSON object and the snapshot in a text that [`join_lines`] has made. `None` if the first line is not a
/// JSON object.
pub(super) fn read_lines(text: &str) -> Option<(Fields, Option<&str>)> {
    let (first, snapshot) = match text.split_once('\n') {
        Some((first, snapshot)) => (first, Some(snapshot)),
        None => (text, None),
    };
    Some((Fields::from_json(first).ok()?, snapshot))
}
