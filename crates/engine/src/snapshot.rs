//! Snapshots of a conversation: the text that is stored for a reload and handed to other tabs.
//!
//! The engine asks for each snapshot to be stored before it sends a request. After a crash at any step
//! the storage has either the state before that step or the state after it. A snapshot contains the
//! session id, because the conversation could not go on without it, but never the token.

mod ended;
mod entry;
mod live;

use std::collections::BTreeMap;
use std::rc::Rc;

use pipit_wire::{Fields, Secret, WireValue};

use crate::conclude::ConcludeRequest;
use crate::conversation::Conclusion;
use crate::endpoint::SessionEndpoint;
use crate::failure::Failure;
use crate::input::Moment;
use crate::preview::SneakPreview;
use crate::state::{Stage, State};
use crate::stored::{Stored, stored_object};
use crate::transcript::{Entry, EntryId, Transcript};

use ended::read_failure;
use live::{LiveRecord, PhaseName};

/// The version of the format. Snapshots of another version are ignored.
const VERSION: i64 = 1;

/// At most this many entries are stored, because the storage of a tab is small.
const MAX_ENTRIES: usize = 500;

/// The snapshot that the driver was last asked to store.
#[derive(Debug, Default)]
pub(crate) struct SnapshotCache {
    text: Option<Secret>,
    /// The JSON text of its members except the transcript; `None` when it is unknown.
    head: Option<Secret>,
    /// The entries that it was written from.
    entries: Rc<Vec<Rc<Entry>>>,
    /// The JSON text of each entry in it: most entries are the same in the next snapshot.
    lines: BTreeMap<EntryId, (Rc<Entry>, String)>,
}

/// Whether a snapshot is the latest of its conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Freshness {
    /// It is.
    Latest,
    /// Another tab may have gone on since. It may have sent messages that wait in this snapshot, and
    /// may have sent failed ones again.
    MayBeOutdated,
}

impl SnapshotCache {
    /// A snapshot that was loaded from storage, so that it is stored already.
    pub(crate) fn loaded(text: &str) -> Self {
        Self {
            text: Some(Secret::new(text)),
            ..Self::default()
        }
    }

    /// The current snapshot; `None` when nothing is worth storing.
    pub(crate) fn text(&self) -> Option<&Secret> {
        self.text.as_ref()
    }

    /// Makes the snapshot of this state the current one. Whether it differs from the one before. Most
    /// inputs change neither the transcript nor the other members: then no text is put together.
    pub(crate) fn update(&mut self, state: &State) -> bool {
        let head = write_state(state).map(|fields| Secret::new(fields.write().to_string()));
        let entries = state.transcript.entries();
        if self.head.is_some() && self.head == head && Rc::ptr_eq(&self.entries, entries) {
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

    fn write(&mut self, head: &str, entries: &[Rc<Entry>]) -> String {
        let mut text = head.strip_suffix('}').unwrap_or(head).to_owned();
        self.append_transcript(&mut text, entries);
        text
    }

    /// Adds the last member to a JSON object whose closing brace is missing.
    fn append_transcript(&mut self, text: &mut String, entries: &[Rc<Entry>]) {
        let skipped = entries.len().saturating_sub(MAX_ENTRIES);
        let mut lines = BTreeMap::new();
        let mut separator = ",\"transcript\":[";
        for entry in entries.iter().skip(skipped) {
            let line = self.line(entry);
            text.push_str(separator);
            text.push_str(&line);
            separator = ",";
            lines.insert(entry.id, (entry.clone(), line));
        }
        text.push_str(if lines.is_empty() { "}" } else { "]}" });
        self.lines = lines;
    }

    /// The JSON text of an entry. It is written again only if the entry has changed.
    fn line(&mut self, entry: &Rc<Entry>) -> String {
        match self.lines.remove(&entry.id) {
            Some((same, line)) if Rc::ptr_eq(&same, entry) => line,
            _ => Entry::write(entry).to_string(),
        }
    }
}

/// Everything in a snapshot except the transcript.
#[derive(Debug)]
struct SnapshotRecord {
    version: i64,
    is_preview_allowed: bool,
    engagement_start: u64,
    next_entry_id: u64,
    phase: Option<PhaseName>,
    live: Option<LiveRecord>,
    conclusion: Option<Conclusion>,
    failure: Option<Fields>,
    conclude_request: Option<SessionEndpoint>,
}

stored_object! {
    SnapshotRecord {
        version: required "version",
        is_preview_allowed: or(true) "previewAllowed",
        engagement_start: defaulted "entriesBefore",
        next_entry_id: defaulted "entries",
        phase: maybe "phase",
        live: maybe "live",
        conclusion: maybe "ended",
        failure: maybe "failed",
        conclude_request: maybe "ending",
    }
}

/// Reads a snapshot; `None` when its format is unknown.
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
        // It is there and cannot be read.
        Stage::Failed(Failure::Interrupted)
    } else if let Some(conclusion) = record.conclusion {
        Stage::Concluded(conclusion)
    } else if let Some(failure) = record.failure {
        Stage::Failed(read_failure(failure).unwrap_or(Failure::Interrupted))
    } else if record.phase == Some(PhaseName::Starting) {
        Stage::StartingElsewhere
    } else {
        Stage::Idle
    };
    Some(State {
        transcript: Transcript::restored(
            entries.into_iter(),
            record.next_entry_id,
            record.engagement_start,
        ),
        stage,
        sneak_preview,
        conclude_request: conclude_request.map(|session| ConcludeRequest::new(now, session)),
    })
}

/// Everything except the transcript; `None` when nothing is worth storing.
fn write_state(state: &State) -> Option<Fields> {
    let is_idle = matches!(state.stage, Stage::Idle | Stage::Abandoning(_));
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
        Stage::Idle | Stage::Abandoning(_) => {}
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
