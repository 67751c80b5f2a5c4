//! The limits on what the engine may produce: effects for an input, entries, ticks, and the size of what is
//! shown and stored. All of them depend only on the size of the inputs, so that no input makes the engine work
//! or grow without end.

use std::rc::Rc;

use pipit_engine::{Command, Content, Conversation, Entry, Input, Notice, Outcome, TabInput};
use pipit_wire::WireObject;
use pipit_wire::consumer::GetMessagesResponse;

/// The number of effects that one input may have. Each message that it contains may have two more.
const MAX_EFFECTS: usize = 12;

/// A command that another tab forwards may have as many effects as this many messages.
const MESSAGES_OF_FORWARDED_COMMAND: usize = 4;

/// The number of ticks that the engine may request while time passes. It may request one more for each [`MS_PER_TICK`].
const MAX_TICKS: u64 = 20;
const MS_PER_TICK: u64 = 50;

/// The size of what may be stored for an empty conversation, in bytes.
const STORED_FOR_EMPTY: usize = 4_096;
/// What may be stored in addition for each entry, in bytes.
const STORED_PER_ENTRY: usize = 300;
/// What may be stored in addition for each byte of text. A control character takes six bytes in JSON.
const STORED_PER_BYTE: usize = 6;

/// The size of one or more inputs.
#[derive(Clone, Copy, Default)]
pub(crate) struct InputSize {
    /// The size of the texts, in bytes.
    pub(crate) bytes: usize,
    messages: usize,
    /// The number of entries that the inputs may add to the transcript.
    entries: usize,
}

impl InputSize {
    pub(crate) fn of(input: &Input) -> Self {
        match input {
            Input::Command(Command::Send(text)) => Self {
                bytes: text.len(),
                entries: 1,
                ..Self::default()
            },
            Input::Command(Command::Typed(text)) => Self {
                bytes: text.len(),
                ..Self::default()
            },
            Input::Command(Command::End) => Self {
                entries: 1,
                ..Self::default()
            },
            Input::Answer {
                outcome: Outcome::Answered { body, .. },
                ..
            } => Self::of_answer(body),
            Input::Session(_, Ok(session)) => {
                let texts = [&session.site, &session.pool, &session.domain];
                Self {
                    bytes: texts.into_iter().flatten().map(String::len).sum(),
                    ..Self::default()
                }
            }
            _ => Self::default(),
        }
    }

    /// The size of an input of a tab. A message of another tab contains at most as many commands as it has braces.
    pub(crate) fn of_tab_input(input: &TabInput) -> Self {
        match input {
            TabInput::Engine(input) => Self::of(input),
            TabInput::Draft(text) => Self {
                bytes: text.len(),
                ..Self::default()
            },
            TabInput::Message(text) => {
                let text = text.reveal();
                Self {
                    bytes: text.len(),
                    messages: MESSAGES_OF_FORWARDED_COMMAND * text.matches('{').count(),
                    ..Self::default()
                }
            }
            _ => Self::default(),
        }
    }

    /// The size of this and the other together.
    pub(crate) fn plus(self, other: Self) -> Self {
        Self {
            bytes: self.bytes + other.bytes,
            messages: self.messages + other.messages,
            entries: self.entries + other.entries,
        }
    }

    /// The size of an answer. A message may add two entries: a participant who joins, and the greeting.
    fn of_answer(body: &str) -> Self {
        let batch = GetMessagesResponse::from_json(body).unwrap_or_default();
        let messages = batch.system_messages.len();
        Self {
            bytes: body.len(),
            messages,
            entries: 2 * messages,
        }
    }

    /// The number of effects that these inputs may have.
    pub(crate) fn max_effects(self) -> usize {
        MAX_EFFECTS + 2 * self.messages
    }

    /// The number of entries that may be in the transcript after these inputs.
    pub(crate) fn max_entries(self, before: usize) -> usize {
        before + self.entries
    }
}

/// The number of ticks that the engine may request within this many ms.
pub(crate) fn max_ticks(millis: u64) -> u64 {
    MAX_TICKS + millis / MS_PER_TICK
}

/// Checks that what is shown and what is stored is limited by the size of the inputs, in bytes.
pub(crate) fn check_size(conversation: &Conversation, input_bytes: usize, stored: Option<&str>) {
    let transcript = &conversation.transcript;
    let shown_bytes: usize = transcript.iter().map(text_bytes).sum();
    assert!(
        shown_bytes <= input_bytes,
        "{shown_bytes} bytes are shown of {input_bytes}"
    );
    let name_bytes: usize = transcript.iter().map(name_bytes).sum();
    let max_stored = STORED_FOR_EMPTY
        + STORED_PER_ENTRY * transcript.len()
        + STORED_PER_BYTE * (input_bytes + name_bytes);
    let stored_bytes = stored.map_or(0, str::len);
    assert!(
        stored_bytes <= max_stored,
        "{stored_bytes} bytes are stored of {max_stored}"
    );
}

/// The size of an entry's own text, in bytes. It arrived with the entry.
fn text_bytes(entry: &Rc<Entry>) -> usize {
    match &entry.content {
        Content::Visitor { text, .. }
        | Content::Agent { body: text, .. }
        | Content::Notice(Notice::Server { text, .. }) => text.len(),
        Content::Notice(Notice::File(file)) => file.name.len(),
        Content::Notice(_) => 0,
    }
}

/// The size of a name in an entry, in bytes. It arrived once and may be in many entries.
fn name_bytes(entry: &Rc<Entry>) -> usize {
    match &entry.content {
        Content::Agent { name, .. }
        | Content::Notice(
            Notice::Joined(name)
            | Notice::ConfereeJoined(name)
            | Notice::LeadChanged(name)
            | Notice::Left(name, _),
        ) => name.len(),
        _ => 0,
    }
}
