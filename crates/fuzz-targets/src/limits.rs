//! The limits on what the engine may produce: effects of an input, entries of the transcript, ticks, and the size of
//! what is shown and stored. An *effect* is a task that the engine gives to the web page, such as a request. A *tick* is
//! an input that wakes the engine at the time that the engine has requested. The limit of the ticks depends on the time
//! that passes; all other limits depend on the size of the inputs. Without these limits, a malicious server could keep
//! the engine busy or fill the storage.

use std::rc::Rc;

use pipit_engine::{Command, Content, Conversation, Entry, Input, Notice, Outcome, TabInput};
use pipit_untrusted_text::{bounded, clean_file_name, clean_name};
use pipit_wire::Response;
use pipit_wire::consumer::{GetMessagesResponse, Operation};

/// The maximum number of effects of an input without messages. Each message in the input allows two more effects.
const MAX_EFFECTS: usize = 12;

/// A command that another tab has forwarded may have as many effects as this many messages of the server.
const MESSAGES_PER_FORWARDED_COMMAND: usize = 4;

/// The number of ticks that the engine may request even in the shortest period.
const MAX_TICKS: u64 = 20;
/// In a longer period, the engine may request one more tick for each time span of this length, in ms.
const MS_PER_TICK: u64 = 50;

/// The number of bytes that may be stored for an empty conversation.
const STORED_FOR_EMPTY: usize = 4_096;
/// The number of bytes that may be stored in addition for each entry of the transcript.
const STORED_PER_ENTRY: usize = 300;
/// The number of bytes that may be stored in addition for each byte of text. JSON writes a control character with six
/// bytes.
const STORED_PER_BYTE: usize = 6;

/// The size of one or more inputs.
#[derive(Clone, Copy, Default)]
pub(crate) struct InputSize {
    /// The size of the texts that may be shown or stored, in bytes.
    pub(crate) bytes: usize,
    /// The number of the server's messages. A forwarded command counts as several messages.
    messages: usize,
    /// The number of entries that the inputs may add to the transcript.
    entries: usize,
}

impl InputSize {
    /// The size of an input of an engine.
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
            // The entry is the notice that the visitor has ended the conversation.
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
            // The texts of all other inputs are neither shown nor stored.
            _ => Self::default(),
        }
    }

    /// The size of an input of a tab. A message from another tab contains at most as many commands as opening braces,
    /// because each command is a JSON object. The entries of messages are not counted, because the driver of a tab does
    /// not limit them.
    pub(crate) fn of_tab_input(input: &TabInput) -> Self {
        match input {
            TabInput::Engine(input) => Self::of(input),
            TabInput::Draft(text) | TabInput::ReplaceDraft(text) => Self {
                bytes: text.len(),
                ..Self::default()
            },
            TabInput::Message(text) => {
                let text = text.reveal();
                Self {
                    bytes: text.len(),
                    messages: MESSAGES_PER_FORWARDED_COMMAND * text.matches('{').count(),
                    ..Self::default()
                }
            }
            _ => Self::default(),
        }
    }

    /// The sum of both sizes.
    pub(crate) fn plus(self, other: Self) -> Self {
        Self {
            bytes: self.bytes + other.bytes,
            messages: self.messages + other.messages,
            entries: self.entries + other.entries,
        }
    }

    /// The size of an answer with this body. One message may add three entries: that messages are missing before it, that
    /// a participant has joined, and the participant's greeting.
    fn of_answer(body: &str) -> Self {
        let response: GetMessagesResponse = match Operation::GetMessages.read_response(200, body) {
            Response::Answer(members) => members.into_object().unwrap_or_default(),
            Response::Refusal { .. } | Response::Unexpected(_) => GetMessagesResponse::default(),
        };
        let messages = response.system_messages.len();
        Self {
            bytes: body.len(),
            messages,
            entries: 3 * messages,
        }
    }

    /// The maximum number of effects of these inputs.
    pub(crate) fn max_effects(self) -> usize {
        MAX_EFFECTS + 2 * self.messages
    }

    /// The maximum number of entries of the transcript after one input. `entries_before` is the number before the input.
    /// Any input may add the notice that a poll has failed or taken too long.
    pub(crate) fn max_entries(self, entries_before: usize) -> usize {
        entries_before + self.entries + 1
    }
}

/// The maximum number of ticks that the engine may request within this many ms.
pub(crate) fn max_ticks(millis: u64) -> u64 {
    MAX_TICKS + millis / MS_PER_TICK
}

/// Checks that what is shown and what is stored is not too large for inputs with this many bytes of text. `stored` is
/// `None` if nothing is stored.
pub(crate) fn check_size(conversation: &Conversation, input_bytes: usize, stored: Option<&str>) {
    let transcript = &conversation.transcript;
    transcript
        .iter()
        .for_each(|entry| check_texts(&entry.content));
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

/// Checks that every text of an entry is bounded, and every name clean. The visitor's own message stays as it is.
fn check_texts(content: &Content) {
    match content {
        Content::Agent { body, name, .. } => {
            assert_eq!(bounded(body), **body);
            assert_eq!(clean_name(name), **name);
        }
        Content::Notice(Notice::Server { text, .. }) => assert_eq!(bounded(text), **text),
        Content::Notice(Notice::File(file)) => {
            assert_eq!(clean_file_name(&file.name), *file.name);
            assert_eq!(clean_name(&file.from), *file.from);
        }
        Content::Notice(
            Notice::Joined(name)
            | Notice::ConfereeJoined(name)
            | Notice::LeadChanged(name)
            | Notice::Left(name, _),
        ) => assert_eq!(clean_name(name), **name),
        _ => {}
    }
}

/// The size of the text of an entry, in bytes. Each text is part of an input, and no two entries show the same part, so
/// all texts together are not larger than all inputs.
fn text_bytes(entry: &Rc<Entry>) -> usize {
    match &entry.content {
        Content::Visitor { text, .. }
        | Content::Agent { body: text, .. }
        | Content::Notice(Notice::Server { text, .. }) => text.len(),
        Content::Notice(Notice::File(file)) => file.name.len(),
        Content::Notice(_) => 0,
    }
}

/// The size of the participant's name in an entry, in bytes. A name arrives once and may then be in many entries, so
/// names count for what is stored and not for what is shown.
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
