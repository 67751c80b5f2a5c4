//! The messages between tabs. A message is one line of JSON; a snapshot of the conversation, where the
//! message has one, follows as the second line.

use pipit_wire::{Fields, Secret, WireValue as _};

use super::acked::AckedCommands;
use super::forwarded::ForwardedCommand;
use super::id::TabId;
use super::revision::Revision;
use crate::snapshot::Freshness;

#[derive(Debug, PartialEq)]
pub(super) enum Message {
    /// A tab has joined, or has reason to believe that the leader is gone.
    Hello {
        from: TabId,
        /// The conversation that the tab has, if the leader may have an older one.
        shared: Option<SharedSnapshot>,
    },
    /// A statement of the leader.
    Statement(Statement),
    /// The leader runs and has nothing new to say.
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

impl SharedSnapshot {
    pub(super) fn put_into(&self, fields: &mut Fields) {
        self.revision.put_into(fields);
        fields.put("heard", &self.acked.write());
        if self.freshness == Freshness::MayBeOutdated {
            fields.put("behind", &true);
        }
    }

    pub(super) fn take_from(fields: &mut Fields, snapshot: Option<&str>) -> Option<Self> {
        Some(Self {
            revision: Revision::take_from(fields)?,
            acked: AckedCommands::read(fields.take("heard").unwrap_or_default()),
            freshness: match fields.take("behind") {
                Some(true) => Freshness::MayBeOutdated,
                _ => Freshness::Latest,
            },
            snapshot: snapshot.map(Secret::new),
        })
    }
}

impl Message {
    pub(super) fn write(&self) -> Secret {
        let mut fields = Fields::default();
        let (name, snapshot) = match self {
            Self::Hello { from, shared } => {
                fields.put("from", &from.0);
                if let Some(shared) = shared {
                    shared.put_into(&mut fields);
                }
                (
                    "hello",
                    shared.as_ref().and_then(|shared| shared.snapshot.as_ref()),
                )
            }
            Self::Statement(statement) => {
                fields.put("from", &statement.from.0);
                match statement.to {
                    ReplyTo::Nobody => {}
                    ReplyTo::Tab(to) => fields.put("to", &to.0),
                    ReplyTo::Everyone => fields.put("toAll", &true),
                }
                put_reached_for(&mut fields, statement.reached_for_ms);
                statement.shared.put_into(&mut fields);
                ("state", statement.shared.snapshot.as_ref())
            }
            Self::Heartbeat { reached_for_ms } => {
                put_reached_for(&mut fields, *reached_for_ms);
                ("beat", None)
            }
            Self::Commands(commands) => {
                let commands = commands.iter().map(ForwardedCommand::write);
                fields.put("asks", &commands.collect::<Vec<_>>());
                ("asks", None)
            }
        };
        fields.put("is", &name.to_owned());
        let first = fields.write().to_string();
        Secret::new(join_lines(first, snapshot.map(Secret::reveal)))
    }

    /// Reads a text from the channel; `None` if it is no message of a tab.
    pub(super) fn read(text: &str) -> Option<Self> {
        let (mut fields, snapshot) = read_lines(text)?;
        let name: String = fields.take("is")?;
        Some(match name.as_str() {
            "hello" => Self::Hello {
                from: TabId(fields.take("from")?),
                shared: SharedSnapshot::take_from(&mut fields, snapshot),
            },
            "state" => Self::Statement(Statement {
                from: TabId(fields.take("from")?),
                to: match fields.take("to") {
                    Some(to) => ReplyTo::Tab(TabId(to)),
                    None if fields.take("toAll") == Some(true) => ReplyTo::Everyone,
                    None => ReplyTo::Nobody,
                },
                reached_for_ms: take_reached_for(&mut fields),
                shared: SharedSnapshot::take_from(&mut fields, snapshot)?,
            }),
            "beat" => Self::Heartbeat {
                reached_for_ms: take_reached_for(&mut fields),
            },
            "asks" => {
                let commands: Vec<Fields> = fields.take("asks")?;
                let commands = commands.into_iter().filter_map(ForwardedCommand::read);
                Self::Commands(commands.collect())
            }
            _ => return None,
        })
    }
}

fn put_reached_for(fields: &mut Fields, reached_for_ms: Option<u64>) {
    if let Some(reached_for_ms) = reached_for_ms {
        fields.put("sure", &reached_for_ms.cast_signed());
    }
}

fn take_reached_for(fields: &mut Fields) -> Option<u64> {
    let reached_for_ms: i64 = fields.take("sure")?;
    Some(reached_for_ms.unsigned_abs())
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
