//! Snapshots of a conversation: the text that is stored for a reload and handed to other tabs.
//!
//! A *step* is one input to the engine and everything that follows from it. A snapshot is stored before the
//! requests of the same step are sent. After a crash during a step, the storage has either the state before that
//! step or the state after it.
//!
//! A snapshot contains the session id, because the conversation cannot continue without that id. A snapshot never
//! contains the token with which the conversation was started.
//!
//! The modules `entry`, `live` and `ended` declare the formats of the transcript's entries (messages and notices), of a
//! running conversation and of an ended or failed conversation.

mod ended;
mod entry;
mod live;

use std::rc::Rc;

use pipit_untrusted_text::{changed_by, clean_name};
use pipit_wire::{Fields, Secret, WireValue};

use crate::conclude::ConcludeRequest;
use crate::conversation::Conclusion;
use crate::endpoint::SessionEndpoint;
use crate::entries::Entries;
use crate::entry::{Content, Delivery, Entry};
use crate::failure::Failure;
use crate::input::Moment;
use crate::preview::SneakPreview;
use crate::state::{Stage, State};
use crate::stored::{Stored, stored_object};
use crate::transcript::Transcript;

use ended::read_failure;
use live::{LiveRecord, PhaseName};

/// The version of the format. Snapshots of another version are ignored.
const VERSION: i64 = 1;

/// At most this many entries are stored (the newest), because the storage of a tab is small.
const MAX_ENTRIES: usize = 500;

/// A snapshot seldom grows by more than this, in bytes.
const MAX_GROWTH: usize = 1_024;

/// At most this many bytes of entries are stored (the newest), because a reload has to read and draw all of them. A
/// message of the visitor that has not arrived is stored in any case.
const MAX_ENTRY_BYTES: usize = 500_000;

/// The snapshot that the driver (the code that runs the engine) was most recently asked to store, with what
/// is needed to write the next snapshot quickly.
#[derive(Debug, Default)]
pub(crate) struct SnapshotCache {
    /// The snapshot; `None` if the state has nothing to store.
    text: Option<Secret>,
    /// The JSON text of the snapshot without the transcript. `None` if the state has nothing to store, or if the
    /// snapshot was loaded and not written by this cache.
    head: Option<Secret>,
    /// The entries from which the snapshot was written.
    entries: Entries,
    /// The JSON text of each entry in the snapshot. The next snapshot has the same text for every entry that does
    /// not change.
    entry_texts: Vec<EntryText>,
}

/// An entry and its JSON text.
#[derive(Clone, Debug)]
struct EntryText {
    entry: Rc<Entry>,
    json: Rc<str>,
}

/// Whether a snapshot has the newest state of its conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Freshness {
    /// No other tab has continued the conversation since the snapshot.
    Latest,
    /// Another tab may have continued the conversation since the snapshot. That tab may have sent the messages
    /// that wait in this snapshot, and may have sent the failed messages again.
    MayBeOutdated,
}

impl SnapshotCache {
    /// The cache after this snapshot was loaded from storage. The driver does not have to store the snapshot
    /// again.
    pub(crate) fn loaded(text: &str) -> Self {
        Self {
            text: Some(Secret::new(text)),
            ..Self::default()
        }
    }

    /// The current snapshot; `None` if there is nothing to store.
    pub(crate) fn text(&self) -> Option<&Secret> {
        self.text.as_ref()
    }

    /// Makes the snapshot of this state the current snapshot, and returns whether it differs from the
    /// previous snapshot. If neither the transcript nor another member has changed, no new text is written,
    /// because that takes time for a long transcript.
    pub(crate) fn update(&mut self, state: &State) -> bool {
        let head = write_state(state).map(|fields| Secret::new(fields.write().to_string()));
        let entries = state.transcript.entries();
        if self.head.is_some() && self.head == head && self.entries.is_same(entries) {
            return false;
        }
        let text = head.as_ref().map(|head| self.write(head.reveal(), entries));
        self.head = head;
        self.entries = entries.clone();
        let text = text.map(Secret::new);
        let has_changed = text != self.text;
        if has_changed {
            self.text = text;
        }
        has_changed
    }

    /// Writes a snapshot from its head and its entries, and remembers the text of each entry.
    fn write(&mut self, head: &str, entries: &Entries) -> String {
        // A snapshot is usually little longer than the previous one. Without this, the text would be copied several times
        // while it grows.
        let previous_length = self.text.as_ref().map_or(0, |text| text.reveal().len());
        let mut text = String::with_capacity(previous_length + MAX_GROWTH);
        text.push_str(head.strip_suffix('}').unwrap_or(head));
        self.append_transcript(&mut text, entries);
        text
    }

    /// Adds the transcript, if it is not empty, as the last member to a JSON object whose closing brace is missing.
    /// Then adds the brace.
    fn append_transcript(&mut self, text: &mut String, entries: &Entries) {
        self.update_entry_texts(entries);
        let mut separator = ",\"transcript\":[";
        for entry_text in &self.entry_texts {
            text.push_str(separator);
            text.push_str(&entry_text.json);
            separator = ",";
        }
        text.push_str(if self.entry_texts.is_empty() {
            "}"
        } else {
            "]}"
        });
    }

    /// Makes the texts of the entries that are stored: the newest, as far as [`MAX_ENTRIES`] and [`MAX_ENTRY_BYTES`] allow.
    fn update_entry_texts(&mut self, entries: &Entries) {
        let previous_texts = std::mem::take(&mut self.entry_texts);
        // Entries keep their order, so each search begins before the text that the previous search has found.
        let mut candidates = previous_texts.iter().rev();
        let mut bytes: usize = 0;
        for entry in entries.iter().rev().take(MAX_ENTRIES) {
            if bytes > MAX_ENTRY_BYTES && !is_undelivered(entry) {
                continue;
            }
            let mut search = candidates.clone();
            let entry_text = match search.find(|candidate| Rc::ptr_eq(&candidate.entry, entry)) {
                Some(unchanged) => {
                    candidates = search;
                    unchanged.clone()
                }
                None => EntryText {
                    entry: entry.clone(),
                    json: Entry::write(entry).to_string().into(),
                },
            };
            bytes += entry_text.json.len();
            if bytes <= MAX_ENTRY_BYTES || is_undelivered(entry) {
                self.entry_texts.push(entry_text);
            }
        }
        self.entry_texts.reverse();
    }
}

/// Whether an entry is a message of the visitor that may not have arrived.
fn is_undelivered(entry: &Entry) -> bool {
    matches!(&entry.content, Content::Visitor { delivery, .. } if *delivery != Delivery::Accepted)
}

/// The members of a snapshot except the transcript. `live`, `conclusion` and `failure` belong to different
/// stages of the conversation, so at most one of the three is present.
#[derive(Debug)]
struct SnapshotRecord {
    version: i64,
    /// Whether the visitor lets the agent see text before it is sent.
    is_preview_allowed: bool,
    /// Entries with this id or a higher id belong to the current engagement.
    engagement_start: u64,
    /// Entries with this id or a higher id have comparable sequence numbers; `None` if all of the engagement have.
    numbering_start: Option<u64>,
    /// The id of the next entry that is added to the transcript.
    next_entry_id: u64,
    /// The phase of a conversation that is starting or running; `None` in any other stage.
    phase: Option<PhaseName>,
    live: Option<LiveRecord>,
    conclusion: Option<Conclusion>,
    /// The members of the failure. They are read in a second step, so that a failure that this version does not know
    /// still counts as a failure.
    failure: Option<Fields>,
    /// An engagement that the visitor has left and whose end the server has not confirmed.
    conclude_request: Option<SessionEndpoint>,
}

// The module `stored` explains words such as `required` and `maybe`. The names in quotes are part of the format, so
// they must not change, even where the member has a clearer name now.
stored_object! {
    SnapshotRecord {
        version: required "version",
        is_preview_allowed: or(true) "previewAllowed",
        engagement_start: defaulted "entriesBefore",
        numbering_start: maybe "numbersFrom",
        next_entry_id: defaulted "entries",
        phase: maybe "phase",
        live: maybe "live",
        conclusion: maybe "ended",
        failure: maybe "failed",
        conclude_request: maybe "ending",
    }
}

/// Reads a snapshot; `None` if it cannot be read or has another version.
pub(crate) fn read(now: Moment, snapshot: &str) -> Option<State> {
    let mut fields = Fields::from_json(snapshot).ok()?;
    let record = SnapshotRecord::take_from(&mut fields)?;
    if record.version != VERSION {
        return None;
    }
    let entries: Vec<Entry> = fields.take("transcript").unwrap_or_default();
    let mut sneak_preview = SneakPreview::default();
    sneak_preview.set_allowed(record.is_preview_allowed);
    let conclude_request = record.conclude_request;
    let stage = if let Some(live) = record.live {
        let live = live.restore(now, record.phase, &mut sneak_preview);
        Stage::Live(Box::new(live))
    } else if fields.0.contains_key("live") {
        // The snapshot has an engagement that cannot be read: `take_from` leaves such a member in `fields`.
        Stage::Failed(Failure::Interrupted)
    } else if let Some(mut conclusion) = record.conclusion {
        conclusion.agent = conclusion.agent.map(|name| changed_by(clean_name, name));
        // Earlier versions stored no time.
        if conclusion.at == 0 {
            conclusion.at = now.wall;
        }
        Stage::Concluded(conclusion)
    } else if let Some(failure) = record.failure {
        Stage::Failed(read_failure(failure).unwrap_or(Failure::Interrupted))
    } else if record.phase == Some(PhaseName::Starting) {
        // This engine has sent no request for that start: another tab began it, or this page before a reload.
        Stage::StartingElsewhere
    } else {
        Stage::Idle
    };
    Some(State {
        transcript: Transcript::restored(
            entries.into_iter(),
            record.next_entry_id,
            record.engagement_start,
            record.numbering_start,
        ),
        stage,
        sneak_preview,
        conclude_request: conclude_request.map(|session| ConcludeRequest::new(now, session)),
    })
}

/// Whether the conversation of a snapshot has ended.
pub(crate) fn has_ended(now: Moment, snapshot: &str) -> bool {
    read(now, snapshot).is_some_and(|state| matches!(state.stage, Stage::Concluded(_)))
}

/// The members of a snapshot except the transcript; `None` if there is nothing to store.
fn write_state(state: &State) -> Option<Fields> {
    let is_idle = matches!(state.stage, Stage::Idle);
    let is_blank = is_idle
        && state.transcript.entries().is_empty()
        && state.sneak_preview.is_allowed()
        && state.conclude_request.is_none();
    if is_blank {
        return None;
    }
    let mut record = SnapshotRecord {
        version: VERSION,
        is_preview_allowed: state.sneak_preview.is_allowed(),
        engagement_start: state.transcript.engagement_start(),
        numbering_start: state.transcript.numbering_start(),
        next_entry_id: state.transcript.next_id(),
        phase: None,
        live: None,
        conclusion: None,
        failure: None,
        conclude_request: state
            .conclude_request
            .as_ref()
            .map(|request| request.session().clone()),
    };
    match &state.stage {
        Stage::Idle => {}
        Stage::Starting(_) | Stage::StartingElsewhere => record.phase = Some(PhaseName::Starting),
        Stage::Live(live) => {
            let (phase, live) = LiveRecord::of(live, &state.sneak_preview);
            record.phase = Some(phase);
            record.live = Some(live);
        }
        Stage::Concluded(conclusion) => record.conclusion = Some(conclusion.clone()),
        Stage::Failed(failure) => {
            let mut fields = Fields::default();
            failure.put_into(&mut fields);
            record.failure = Some(fields);
        }
    }
    let mut fields = Fields::default();
    record.put_into(&mut fields);
    Some(fields)
}

#[cfg(test)]
mod tests;
