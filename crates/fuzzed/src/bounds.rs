//! How much may come of an input: effects, entries, ticks, and what is kept.

use std::rc::Rc;

use pipit_engine::{Command, Content, Conversation, Entry, Input, Notice, Outcome, TabInput};
use pipit_wire::WireObject;
use pipit_wire::consumer::GetMessagesResponse;

/// One input has at most so many effects, and two more for each message that it brings.
const EFFECTS: usize = 12;

/// A command of another tab has as many effects as so many messages.
const MESSAGES_OF_AN_ASK: usize = 4;

/// So many ticks are wanted at most in a wait, and one more for each of [`TICK_MS`].
const TICKS: u64 = 20;
const TICK_MS: u64 = 50;

/// What is kept is at most so many bytes, and so many more for each entry; a control character
/// takes six bytes in JSON.
const KEPT_OF_NOTHING: usize = 4_096;
const KEPT_OF_AN_ENTRY: usize = 300;
const KEPT_OF_A_BYTE: usize = 6;

/// How much an input brings.
#[derive(Clone, Copy, Default)]
pub(crate) struct Brought {
    /// Texts, in bytes.
    pub(crate) bytes: usize,
    messages: usize,
    /// So many lines the transcript may grow by.
    entries: usize,
}

impl Brought {
    pub(crate) fn by(input: &Input) -> Self {
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
            } => Self::by_answer(body),
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

    /// What another tab says brings its text, and at most so many commands as it has braces.
    pub(crate) fn by_tab(input: &TabInput) -> Self {
        match input {
            TabInput::Engine(input) => Self::by(input),
            TabInput::Draft(text) => Self {
                bytes: text.len(),
                ..Self::default()
            },
            TabInput::Message(text) => {
                let text = text.reveal();
                Self {
                    bytes: text.len(),
                    messages: MESSAGES_OF_AN_ASK * text.matches('{').count(),
                    ..Self::default()
                }
            }
            _ => Self::default(),
        }
    }

    /// What this brings and the other.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            bytes: self.bytes + other.bytes,
            messages: self.messages + other.messages,
            entries: self.entries + other.entries,
        }
    }

    /// A greeting has a line of its own.
    fn by_answer(body: &str) -> Self {
        let batch = GetMessagesResponse::from_json(body).unwrap_or_default();
        let messages = batch.system_messages.len();
        Self {
            bytes: body.len(),
            messages,
            entries: 2 * messages,
        }
    }

    pub(crate) fn most_effects(self) -> usize {
        EFFECTS + 2 * self.messages
    }

    pub(crate) fn most_entries(self, before: usize) -> usize {
        before + self.entries
    }
}

/// How many ticks may be wanted within so many ms.
pub(crate) fn most_ticks(millis: u64) -> u64 {
    TICKS + millis / TICK_MS
}

/// What is shown, and what is kept, is bounded by what came in.
pub(crate) fn check_size(conversation: &Conversation, came_in: usize, kept: Option<&str>) {
    let transcript = &conversation.transcript;
    let said: usize = transcript.iter().map(said).sum();
    assert!(said <= came_in, "{said} bytes are shown of {came_in}");
    let named: usize = transcript.iter().map(named).sum();
    let most =
        KEPT_OF_NOTHING + KEPT_OF_AN_ENTRY * transcript.len() + KEPT_OF_A_BYTE * (came_in + named);
    let kept = kept.map_or(0, str::len);
    assert!(kept <= most, "{kept} bytes are kept of {most}");
}

/// How much text of an entry has come in with it.
fn said(entry: &Rc<Entry>) -> usize {
    match &entry.content {
        Content::Visitor { text, .. }
        | Content::Agent { body: text, .. }
        | Content::Notice(Notice::Server { text, .. }) => text.len(),
        Content::Notice(Notice::File(file)) => file.name.len(),
        Content::Notice(_) => 0,
    }
}

/// How much text of an entry came in once for many entries.
fn named(entry: &Rc<Entry>) -> usize {
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
