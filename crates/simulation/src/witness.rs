//! What has truly happened, seen from outside: what the checks compare the engine's word with.

use std::collections::{BTreeMap, BTreeSet};

use pipit_engine::Phase;
use pipit_wire::consumer::{RequestEngagementResponse, SystemMessage};
use pipit_wire::vocabulary::{DisconnectReason, SneakPreviewState};

use crate::page::PageNo;

#[derive(Debug, Default)]
pub(crate) struct Witness {
    /// All that the visitor ever wrote.
    pub(crate) texts: BTreeMap<String, Text>,
    /// What of it belongs on the page: not what was taken back, or cleared with its conversation.
    pub(crate) page: Vec<String>,
    /// What the engine was handed of each engagement whose messages belong on the page; that of the
    /// one heard last comes last.
    pub(crate) streams: Vec<Stream>,
    /// What an agent has said and only a tab knows that sleeps or is gone. It may be seen again.
    pub(crate) forgotten: BTreeSet<String>,
    /// How often the visitor has begun.
    pub(crate) starts: u32,
    /// Engagements by the start that made them.
    pub(crate) engagements: BTreeMap<u32, u32>,
    /// Starts whose request the browser has sent twice: the copy is refused, and so the client may
    /// ask once more.
    pub(crate) forgiven_engagements: BTreeMap<u32, u32>,
    /// What the tab that leads has last shown.
    pub(crate) phase: Phase,
    /// The session of the conversation that runs.
    pub(crate) session: Option<String>,
    /// The sessions whose end was shown.
    pub(crate) ended: BTreeSet<String>,
    /// What the visitor was told of the preview, in each session.
    pub(crate) previews: BTreeMap<String, Preview>,
    /// The network has been late or has repeated itself: the server may blame the visitor for that.
    pub(crate) is_unpunctual: bool,
    /// When the server was last heard, in ms.
    pub(crate) heard_at: u64,
    /// Since when no poll has been out though one should be, in ms.
    pub(crate) no_poll_since: Option<u64>,
    /// Since when the tab that holds the lock has slept while another waits for it, in ms.
    pub(crate) leaderless_since: Option<u64>,
}

/// What became of a text of the visitor.
#[derive(Debug)]
pub(crate) struct Text {
    /// The tab in which it was written.
    pub(crate) writer: PageNo,
    /// How often an agent may see it.
    pub(crate) allowed: u32,
    /// How often the server has taken it.
    pub(crate) taken: u32,
    /// How often an agent has seen it.
    pub(crate) seen: u32,
    /// The session in which the server last took it.
    pub(crate) session: Option<String>,
    /// Whether a tab that leads has shown it as its own.
    pub(crate) was_led: bool,
    pub(crate) was_accepted: bool,
    /// It was shown *unknown*, or the browser has sent it twice: a later *failed* tells only of the
    /// last try.
    pub(crate) is_uncertain: bool,
}

impl Default for Text {
    fn default() -> Self {
        Self {
            writer: 0,
            allowed: 1,
            taken: 0,
            seen: 0,
            session: None,
            was_led: false,
            was_accepted: false,
            is_uncertain: false,
        }
    }
}

/// The messages of one engagement that the engine was handed.
#[derive(Debug, Default)]
pub(crate) struct Stream {
    /// Whose messages they are.
    session: String,
    /// By number; with what is to be shown of it as an agent's words.
    pub(crate) messages: BTreeMap<i64, Option<String>>,
    /// The holes that the engine has told of: the numbers before and behind each.
    pub(crate) told_holes: Vec<(i64, i64)>,
    /// Whether the engine was handed the end.
    is_over: bool,
}

/// What the visitor was told of the preview.
#[derive(Debug, Default)]
pub(crate) struct Preview {
    pub(crate) state: Option<SneakPreviewState>,
    /// The agent's word, and the number under which it came.
    pub(crate) focus: (i64, Option<bool>),
    pub(crate) text_sent_at: Option<u64>,
}

impl Witness {
    pub(crate) fn text(&mut self, text: &str) -> &mut Text {
        self.texts.entry(text.to_owned()).or_default()
    }

    /// The engine is handed a new engagement.
    pub(crate) fn begin(&mut self, answer: &RequestEngagementResponse, now: u64) {
        let Some(session) = &answer.session_id else {
            return;
        };
        self.hear(session.reveal());
        self.heard_at = now;
        let preview = self.preview(session.reveal());
        preview.state.clone_from(&answer.sneak_preview_state);
    }

    /// A conversation is heard: a new one, or one that a tab goes on with after others have begun,
    /// and forgotten, another.
    fn hear(&mut self, session: &str) {
        let mut streams = self.streams.iter();
        let known = streams.position(|stream| stream.session == session);
        let stream = match known {
            Some(index) => self.streams.remove(index),
            None => Stream {
                session: session.to_owned(),
                ..Stream::default()
            },
        };
        self.streams.push(stream);
        self.session = Some(session.to_owned());
    }

    pub(crate) fn preview(&mut self, session: &str) -> &mut Preview {
        self.previews.entry(session.to_owned()).or_default()
    }

    /// The engine is handed a batch of a session, as the server meant it.
    pub(crate) fn hand(&mut self, session: &str, batch: &[SystemMessage]) {
        self.hear(session);
        let mut numbered: Vec<(i64, &SystemMessage)> = batch
            .iter()
            .filter_map(|message| Some((message.stamp().sequence_number?.0, message)))
            .collect();
        numbered.sort_by_key(|(number, _)| *number);
        for (number, message) in numbered {
            self.take(session, number, message);
            if ends(message) {
                self.end();
                break;
            }
        }
    }

    fn end(&mut self) {
        if let Some(stream) = self.streams.last_mut() {
            stream.is_over = true;
        }
    }

    /// Whether the conversation that was heard last is known to be over.
    pub(crate) fn is_over(&self) -> bool {
        self.streams.last().is_some_and(|stream| stream.is_over)
    }

    fn take(&mut self, session: &str, number: i64, message: &SystemMessage) {
        let preview = self.preview(session);
        if let SystemMessage::ActivityChanged(changed) = message
            && number > preview.focus.0
        {
            preview.state.clone_from(&changed.sneak_preview_state);
            preview.focus = (number, changed.sneak_preview_focus);
        }
        let words = match message {
            SystemMessage::MessagePosted(posted) if !self.texts.contains_key(&posted.body) => {
                Some(posted.body.clone())
            }
            SystemMessage::ParticipantAdded(added) => added.greeting.clone(),
            _ => None,
        };
        if let Some(stream) = self.streams.last_mut() {
            stream.messages.insert(number, words);
        }
    }
}

fn ends(message: &SystemMessage) -> bool {
    matches!(message, SystemMessage::Concluded(it) if it.reason != Some(DisconnectReason::TransferredToQueue))
}
