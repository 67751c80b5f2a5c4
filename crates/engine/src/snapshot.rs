//! Snapshots of a conversation: the text that is stored for a reload and handed to other tabs.
//!
//! A *step* is one input to the engine and everything that follows from it. A snapshot is stored before the
//! requests of the same step are sent. After a crash during a step, the storage has either the state before that
//! step or the state after it.
//!
//! A snapshot contains the session id, because the conversation cannot continue without that id. A snapshot never
//! contains the token with which the conversation was started.
//!
//! A snapshot has two forms. For the other tabs it is one line, a JSON object with the transcript. For the storage the
//! first line, the *head*, only names the *pieces* in which the transcript is stored (`pieces`). The text from which a
//! snapshot is read has the lines of the pieces after the head.
//!
//! The modules `entry`, `live` and `ended` declare the formats of the transcript's entries (messages and notices), of a
//! running conversation and of an ended or failed conversation.

mod ended;
mod entry;
mod live;
mod pieces;

use std::rc::Rc;

use pipit_untrusted_text::{changed_by, clean_name};
use pipit_wire::{Fields, Secret, WireValue};

use crate::conclude::ConcludeRequest;
use crate::conversation::Conclusion;
use crate::endpoint::SessionEndpoint;
use crate::entries::Entries;
use crate::entry::Entry;
use crate::failure::Failure;
use crate::input::Moment;
use crate::preview::SneakPreview;
use crate::state::{Stage, State};
use crate::stored::{Stored, stored_object};
use crate::transcript::Transcript;

use ended::read_failure;
use live::{LiveRecord, PhaseName};
pub use pieces::Piece;
use pieces::{Pieces, entries_of, pieces_of};

/// The version of the format. Snapshots of another version are ignored.
const VERSION: i64 = 1;

/// The snapshot that the driver (the code that runs the engine) was most recently asked to store, with what
/// is needed to write the next snapshot quickly.
#[derive(Debug, Default)]
pub(crate) struct SnapshotCache {
    /// The JSON text of the snapshot without the transcript and without the names of the pieces. `None` if the state has
    /// nothing to store.
    members: Option<Secret>,
    /// The head of the snapshot: the members, and the names of the pieces. `None` if the state has nothing to store.
    head: Option<Secret>,
    /// The entries from which the pieces were made.
    entries: Entries,
    pieces: Pieces,
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
    /// Makes the cache that of a state that was read from this snapshot. If the driver has stored the snapshot, it does not
    /// have to store it again.
    pub(crate) fn load(&mut self, state: &State, snapshot: &str) {
        if let Some((_, lines)) = snapshot.split_once('\n') {
            self.pieces.note_stored(pieces_of(lines));
        }
        self.update(state);
    }

    /// Makes the cache that of a conversation without anything to store. Names of pieces are not used again.
    pub(crate) fn clear(&mut self) {
        self.members = None;
        self.head = None;
    }

    /// The head of the current snapshot; `None` if there is nothing to store.
    pub(crate) fn head(&self) -> Option<&str> {
        self.head.as_ref().map(Secret::reveal)
    }

    /// The pieces of the current snapshot, in the order of the transcript. Without a head they have no meaning.
    pub(crate) fn pieces(&self) -> &[Rc<Piece>] {
        self.pieces.stored()
    }

    /// The current snapshot as one line, with the transcript; `None` if there is nothing to store.
    pub(crate) fn line(&self) -> Option<String> {
        let members = self.members.as_ref()?.reveal();
        let entries = self.pieces.all_entries();
        if entries.is_empty() {
            return Some(members.to_owned());
        }
        let members = members.strip_suffix('}').unwrap_or(members);
        Some([members, ",\"transcript\":[", &entries, "]}"].concat())
    }

    /// Makes the snapshot of this state the current snapshot, and returns whether it differs from the
    /// previous snapshot. If neither the transcript nor another member has changed, no new text is written.
    pub(crate) fn update(&mut self, state: &State) -> bool {
        let members = write_state(state).map(|fields| Secret::new(fields.write().to_string()));
        let entries = state.transcript.entries();
        if self.members == members && (members.is_none() || self.entries.is_same(entries)) {
            return false;
        }
        if members.is_some() && !self.entries.is_same(entries) {
            self.pieces.update(entries);
            self.entries = entries.clone();
        }
        let head = members.as_ref().map(|members| self.head_with(members));
        let has_changed = self.members != members || self.head != head;
        self.members = members;
        self.head = head;
        has_changed
    }

    /// The head with these members.
    fn head_with(&self, members: &Secret) -> Secret {
        let names = self.pieces.stored().iter();
        let names: Vec<String> = names.map(|piece| piece.name().to_string()).collect();
        let members = members.reveal();
        if names.is_empty() {
            return Secret::new(members);
        }
        let members = members.strip_suffix('}').unwrap_or(members);
        Secret::new([members, ",\"pieces\":[", &names.join(","), "]}"].concat())
    }
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

/// The names of the pieces that a snapshot needs; none if it cannot be read.
pub(crate) fn named_pieces(snapshot: &str) -> Vec<u64> {
    let head = snapshot.lines().next().unwrap_or_default();
    let fields = Fields::from_json(head).ok();
    fields
        .and_then(|mut fields| fields.take("pieces"))
        .unwrap_or_default()
}

/// Reads a snapshot; `None` if it cannot be read or has another version.
pub(crate) fn read(now: Moment, snapshot: &str) -> Option<State> {
    let (head, lines) = snapshot.split_once('\n').unwrap_or((snapshot, ""));
    let mut fields = Fields::from_json(head).ok()?;
    let record = SnapshotRecord::take_from(&mut fields)?;
    if record.version != VERSION {
        return None;
    }
    let mut entries: Vec<Entry> = fields.take("transcript").unwrap_or_default();
    let names: Vec<u64> = fields.take("pieces").unwrap_or_default();
    entries.extend(entries_of(&names, lines));
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
