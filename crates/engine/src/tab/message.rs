//! What tabs say to each other: a line of JSON, and behind it, where there is one, what the leader's
//! engine keeps.

use pipit_wire::{Fields, Secret, WireValue as _};

use super::TabId;
use super::ask::{Ask, Heard};
use super::word::Word;
use crate::kept::Trust;

#[derive(Debug, PartialEq)]
pub(super) enum Message {
    /// A tab is there, or doubts that the leader is.
    Hello {
        from: TabId,
        /// What it knows, where that may be more than the leader does.
        known: Option<Known>,
    },
    /// The leader's word.
    State(State),
    /// The leader is there; nothing is new.
    Beat { sure_ms: Option<u64> },
    /// What a following tab wants, as far as it knows of no leader that has heard it: each time all
    /// of it, so that nothing is passed over.
    Asks(Vec<Ask>),
}

/// Whose greeting a word of the leader's answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum To {
    Nobody,
    Tab(TabId),
    /// It has just begun to lead.
    Everyone,
}

/// What there is, and what the leader has heard.
#[derive(Debug, PartialEq)]
pub(super) struct State {
    pub(super) from: TabId,
    pub(super) to: To,
    /// For how long the server counts as reached; `None` where it is not.
    pub(super) sure_ms: Option<u64>,
    pub(super) known: Known,
}

/// What a tab knows of the conversation.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Known {
    /// The leader's last word in it.
    pub(super) word: Word,
    pub(super) heard: Heard,
    /// Whether a leader may have gone on since.
    pub(super) trust: Trust,
    /// What the engine of the leader keeps.
    pub(super) kept: Option<Secret>,
}

impl Known {
    pub(super) fn put_into(&self, fields: &mut Fields) {
        self.word.put_into(fields);
        fields.put("heard", &self.heard.write());
        if self.trust == Trust::Behind {
            fields.put("behind", &true);
        }
    }

    pub(super) fn take_from(fields: &mut Fields, kept: Option<&str>) -> Option<Self> {
        Some(Self {
            word: Word::take_from(fields)?,
            heard: Heard::read(fields.take("heard").unwrap_or_default()),
            trust: match fields.take("behind") {
                Some(true) => Trust::Behind,
                _ => Trust::Fresh,
            },
            kept: kept.map(Secret::new),
        })
    }
}

impl Message {
    pub(super) fn write(&self) -> Secret {
        let mut fields = Fields::default();
        let (name, kept) = match self {
            Self::Hello { from, known } => {
                fields.put("from", &from.0);
                if let Some(known) = known {
                    known.put_into(&mut fields);
                }
                (
                    "hello",
                    known.as_ref().and_then(|known| known.kept.as_ref()),
                )
            }
            Self::State(state) => {
                fields.put("from", &state.from.0);
                match state.to {
                    To::Nobody => {}
                    To::Tab(to) => fields.put("to", &to.0),
                    To::Everyone => fields.put("toAll", &true),
                }
                put_sure(&mut fields, state.sure_ms);
                state.known.put_into(&mut fields);
                ("state", state.known.kept.as_ref())
            }
            Self::Beat { sure_ms } => {
                put_sure(&mut fields, *sure_ms);
                ("beat", None)
            }
            Self::Asks(asks) => {
                fields.put("asks", &asks.iter().map(Ask::write).collect::<Vec<_>>());
                ("asks", None)
            }
        };
        fields.put("is", &name.to_owned());
        Secret::new(two_lines(&fields, kept.map(Secret::reveal)))
    }

    /// Reads what another tab has said; `None` when it is nothing of ours.
    pub(super) fn read(text: &str) -> Option<Self> {
        let (mut fields, kept) = read_two_lines(text)?;
        let name: String = fields.take("is")?;
        Some(match name.as_str() {
            "hello" => Self::Hello {
                from: TabId(fields.take("from")?),
                known: Known::take_from(&mut fields, kept),
            },
            "state" => Self::State(State {
                from: TabId(fields.take("from")?),
                to: match fields.take("to") {
                    Some(to) => To::Tab(TabId(to)),
                    None if fields.take("toAll") == Some(true) => To::Everyone,
                    None => To::Nobody,
                },
                sure_ms: sure(&mut fields),
                known: Known::take_from(&mut fields, kept)?,
            }),
            "beat" => Self::Beat {
                sure_ms: sure(&mut fields),
            },
            "asks" => {
                let asks: Vec<Fields> = fields.take("asks")?;
                Self::Asks(asks.into_iter().filter_map(Ask::read).collect())
            }
            _ => return None,
        })
    }
}

fn put_sure(fields: &mut Fields, sure_ms: Option<u64>) {
    if let Some(sure_ms) = sure_ms {
        fields.put("sure", &sure_ms.cast_signed());
    }
}

fn sure(fields: &mut Fields) -> Option<u64> {
    let sure_ms: i64 = fields.take("sure")?;
    Some(sure_ms.unsigned_abs())
}

/// JSON texts have no line breaks of their own.
pub(super) fn two_lines(first: &Fields, second: Option<&str>) -> String {
    let mut text = first.write().to_string();
    if let Some(second) = second {
        text.push('\n');
        text.push_str(second);
    }
    text
}

pub(super) fn read_two_lines(text: &str) -> Option<(Fields, Option<&str>)> {
    let (first, second) = match text.split_once('\n') {
        Some((first, second)) => (first, Some(second)),
        None => (text, None),
    };
    Some((Fields::from_json(first).ok()?, second))
}
