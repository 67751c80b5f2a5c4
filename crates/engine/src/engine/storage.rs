//! Stores a conversation, and continues a stored conversation after a reload or in another tab. This module is a child
//! of `engine`. The stored form itself (the *snapshot*) is defined in `snapshot`. The *driver* is the code that runs
//! the engine and has access to the storage. The *outbox* posts the visitor's messages to the server.

use std::rc::Rc;

use super::Engine;
use crate::entry::{Content, Delivery, EntryId};
use crate::failure::Failure;
use crate::input::Moment;
use crate::outbox::Outbox;
use crate::snapshot::{self, Freshness, Piece};
use crate::state::Stage;

impl Engine {
    /// Asks the driver to store a new snapshot, if the snapshot has changed. The driver stores it before it performs
    /// the effects that wait.
    pub(crate) fn save(&mut self) {
        if self.snapshots.update(&self.state) {
            self.outgoing.save_first();
        }
    }

    /// The snapshot that the driver was most recently asked to store, as one line; `None` if there is nothing to store.
    /// It contains the session id.
    pub fn snapshot(&self) -> Option<String> {
        self.snapshots.line()
    }

    /// The head of that snapshot, which names its pieces; `None` if there is nothing to store.
    pub(crate) fn snapshot_head(&self) -> Option<&str> {
        self.snapshots.head()
    }

    /// The pieces that [`Self::snapshot_head`] names.
    pub(crate) fn snapshot_pieces(&self) -> &[Rc<Piece>] {
        self.snapshots.pieces()
    }

    /// Continues the conversation of a stored snapshot. Does nothing if this engine has already taken an
    /// input, or if the snapshot cannot be read or has another version of the format.
    pub fn restore(&mut self, now: Moment, snapshot: &str) {
        if self.last_input.is_none() && self.read_snapshot(now, snapshot) {
            self.resume(now, Freshness::Latest);
        }
    }

    /// Replaces the state by the state of a snapshot, so that this tab can show it. Nothing is sent before
    /// [`Self::resume`]. Effects that wait are dropped, because they belong to the earlier state. With `None`, or with
    /// a snapshot that cannot be read or has another version, the engine has no conversation afterwards. An open start is
    /// left ([`crate::abandoned`]).
    pub(crate) fn load_snapshot(&mut self, now: Moment, snapshot: Option<&str>) {
        self.view.take();
        if let Stage::Starting(start) = std::mem::take(&mut self.state).stage {
            self.abandon(start);
        }
        self.outbox = Outbox::default();
        self.outgoing.drop_effects();
        self.last_input = None;
        self.snapshots.clear();
        if let Some(snapshot) = snapshot {
            self.read_snapshot(now, snapshot);
        }
    }

    /// Continues the loaded conversation in this engine. If an engagement runs, the next poll (request for new
    /// messages) is sent. Messages that wait go into the outbox if no other tab can have sent them, which `freshness`
    /// says.
    pub(crate) fn resume(&mut self, now: Moment, freshness: Freshness) {
        self.resume_stage(now);
        if freshness == Freshness::MayBeOutdated {
            self.state.sneak_preview.forget_focus();
        }
        self.resume_deliveries(freshness);
        self.send_due(now);
        self.save();
    }

    /// Notes in the transcript that another page may have received messages of the running engagement. The numbers of
    /// later messages take the notice back if nothing is missing.
    pub(crate) fn note_possible_gap(&mut self, now: Moment) {
        self.view.take();
        if let Some(live) = self.state.stage.live_mut() {
            live.note_gap(now, &mut self.state.transcript);
        }
    }

    /// Adds a message to the transcript with this delivery, and does not send it. It is used for a message that this
    /// tab has handed to another tab or has received from another tab, and that must not be sent here.
    pub(crate) fn show_unsent(&mut self, now: Moment, text: &str, delivery: Delivery) {
        self.view.take();
        self.add_visitor_message(now, text.trim(), delivery);
        self.save();
    }

    /// Changes the stage to a stage that can continue in this engine. A start cannot continue, because the
    /// answers to its requests are lost.
    fn resume_stage(&mut self, now: Moment) {
        let is_transcript_empty = self.state.transcript.entries().is_empty();
        let stage = &mut self.state.stage;
        match stage {
            // Nothing was written yet, so the visitor begins anew and sees no failure.
            Stage::Starting(_) | Stage::StartingElsewhere | Stage::Failed(_)
                if is_transcript_empty =>
            {
                *stage = Stage::Idle;
            }
            Stage::Starting(_) | Stage::StartingElsewhere => {
                *stage = Stage::Failed(Failure::Interrupted);
            }
            // After a reload the page may be configured differently, so another attempt is offered.
            Stage::Failed(failure) if !failure.can_try_again() => *failure = Failure::Interrupted,
            Stage::Live(live) => live.resume(now),
            Stage::Idle | Stage::Concluded(_) | Stage::Failed(_) => {}
        }
    }

    /// Sets the delivery to *unknown* for each message that may have arrived. A message that was being posted may have
    /// arrived. If the snapshot may be outdated, a message that waits or has failed may have arrived too, because
    /// another tab may have sent it since the snapshot. If the snapshot is the latest, the messages that wait go into
    /// the outbox.
    fn resume_deliveries(&mut self, freshness: Freshness) {
        let may_be_outdated = freshness == Freshness::MayBeOutdated;
        // Once the conversation has ended, no tab sends a failed message again.
        let has_ended = matches!(self.state.stage, Stage::Concluded(_));
        let mut unknown: Vec<EntryId> = Vec::new();
        let mut waiting: Vec<EntryId> = Vec::new();
        for entry in self.state.transcript.entries() {
            if let Content::Visitor { delivery, .. } = entry.content {
                match delivery {
                    Delivery::Queued if !may_be_outdated => waiting.push(entry.id),
                    Delivery::Failed(_) if !may_be_outdated || has_ended => {}
                    Delivery::Queued | Delivery::Sending | Delivery::Failed(_) => {
                        unknown.push(entry.id);
                    }
                    Delivery::Accepted | Delivery::Unknown => {}
                }
            }
        }
        if !may_be_outdated {
            self.outbox = Outbox::with_waiting(waiting.into_iter());
        }
        for entry in unknown {
            self.state.transcript.set_delivery(entry, Delivery::Unknown);
        }
    }

    /// Takes over the state of a snapshot. Returns false, and changes nothing, if the snapshot cannot be read or has
    /// another version.
    fn read_snapshot(&mut self, now: Moment, snapshot: &str) -> bool {
        let Some(state) = snapshot::read(now, snapshot) else {
            return false;
        };
        self.view.take();
        self.state = state;
        self.snapshots.load(&self.state, snapshot);
        true
    }
}
