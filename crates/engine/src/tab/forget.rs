//! Forgets the conversation in all tabs of a site. The host (the web team's code on the page) demands that when a visitor
//! leaves a shared computer.
//!
//! The browser keeps a number for the whole site, the *marker*, in a storage that all tabs share. Each forgetting raises
//! it. A tab stores with its record the marker that it knew. A tab that finds a higher marker than its own forgets its
//! conversation, whether it hears of the forgetting at once, when it wakes up, or when it is loaded again. Messages to
//! other tabs contain the marker too, so a tab of the time before a forgetting can neither hand its conversation to other
//! tabs nor give them commands.

use pipit_wire::Secret;

use super::acked::AckedCommands;
use super::machine::Tab;
use super::marker::ForgetMarker;
use super::message::{Message, read_lines};
use super::panel_state::PanelState;
use super::record::TabRecord;
use super::revision::Revision;
use super::role::{Following, Role};
use crate::Moment;
use crate::snapshot::Freshness;
use crate::stored::Stored as _;

/// A tab tells the others its marker again after this time at the earliest, in ms.
const REPEAT_MARKER_MS: u64 = 1_000;

impl Tab {
    /// The marker of the latest forgetting that this tab knows.
    pub fn forget_marker(&self) -> ForgetMarker {
        self.marker
    }

    /// Forgets the conversation, the draft and the open commands, unless this tab already knows this marker. Asks the
    /// server to conclude the engagement (the chat at the server). Tells the other tabs.
    pub(super) fn forget(&mut self, now: Moment, marker: ForgetMarker) {
        if marker <= self.marker {
            return;
        }
        self.marker = marker;
        self.engine.forget(now);
        self.draft = "".into();
        if self.panel == PanelState::Open {
            self.panel = PanelState::OpenSinceBefore;
        }
        self.forwarded.clear();
        self.acked = AckedCommands::default();
        self.revision = Revision::default();
        self.freshness = Freshness::Latest;
        self.leader = None;
        self.outgoing.clear();
        self.tell_marker(now);
        match &mut self.role {
            Role::Leading(leading) => {
                if let Some(unverified) = &mut leading.unverified {
                    unverified.keep_only_answers();
                }
                leading.pending.raise_to_acknowledgement();
                // If this tab has not run for a while, another tab may lead already. Then this tab must not tell the others
                // that there is no conversation.
                self.tick(now);
            }
            Role::Following(Following::Contacting { .. } | Following::Synced { .. }) => {
                self.role = Role::Following(Following::new(now));
                self.contact_leader(now);
            }
            // The tab has the lock and is about to lead, without a conversation.
            Role::Following(
                Following::DrainingOldLeader { .. }
                | Following::VerifyingLock { .. }
                | Following::PollingPeers { .. },
            ) => {}
        }
        // Nothing is left that a page which does not answer could go on with.
        self.may_be_held = false;
        if self.claim.is_unanswered() {
            self.claim.join(now, false);
        }
    }

    /// Ends the engagement of a record that other code of this page has just removed from the storage, because the
    /// record is forgotten. Shows and stores nothing of it.
    pub(super) fn conclude_record(&mut self, now: Moment, record: &Secret) {
        if let Some((_, Some(snapshot))) = read_lines(record.reveal()) {
            self.engine.conclude_snapshot(now, snapshot);
        }
    }

    /// Forgets if a message of another tab has a higher marker than this tab. Returns whether the message may be used:
    /// false if its marker is lower, because the sender then had not forgotten when it sent the message. This tab tells
    /// the sender so, but not for each message: the messages to a tab that sleeps all arrive when it wakes up.
    pub(super) fn compare_markers(
        &mut self,
        now: Moment,
        message: &Message,
        sender: ForgetMarker,
    ) -> bool {
        self.forget(now, sender);
        let is_answered = !matches!(message, Message::Forgotten | Message::Claim(_));
        if sender < self.marker && is_answered && now.monotonic >= self.repeats_marker_at {
            self.tell_marker(now);
        }
        sender == self.marker
    }

    /// Tells the other tabs the marker of this tab.
    fn tell_marker(&mut self, now: Moment) {
        self.repeats_marker_at = now.monotonic.saturating_add(REPEAT_MARKER_MS);
        self.outgoing.push(Message::Forgotten);
    }

    /// Whether a stored record is from before the latest forgetting.
    pub(super) fn is_forgotten(&self, record: &TabRecord) -> bool {
        record.marker < self.marker
    }

    /// Whether this stored text is a record from before the latest forgetting.
    pub(super) fn is_text_forgotten(&self, record: &str) -> bool {
        let fields = read_lines(record).map(|(fields, _)| fields);
        let record = fields.and_then(|mut fields| TabRecord::take_from(&mut fields));
        record.is_some_and(|record| self.is_forgotten(&record))
    }

    /// The time at which an ended conversation is dropped, on the monotonic clock, in ms. `None` if there is none.
    pub(super) fn expires_at(&self) -> Option<u64> {
        let left_ms = self
            .engine
            .ended_expires_at()?
            .saturating_sub(self.last_run.wall);
        // At least 1 ms, so that a tick that comes too early does not cause a busy loop.
        Some(
            self.last_run
                .monotonic
                .saturating_add_signed(left_ms.max(1)),
        )
    }
}
