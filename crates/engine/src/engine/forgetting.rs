//! Drops a conversation: at once, because the visitor leaves a shared computer (the conversation is *forgotten*), or some
//! time after its end. This module is a child of `engine`. The *driver* is the code that runs the engine and has access
//! to the storage. An *engagement* is a chat at the server.

use super::Engine;
use crate::abandoned::AbandonedStart;
use crate::input::Moment;
use crate::outbox::Outbox;
use crate::snapshot;
use crate::state::{Stage, State};

impl Engine {
    /// Forgets the conversation: nothing of it is shown or stored afterwards, and answers that arrive later change
    /// nothing. Asks the server to conclude the engagement; if the engagement is still being made, as soon as it is
    /// made. A message that is being posted may still arrive. The caller calls [`Self::advance_forgotten`] afterwards.
    pub(crate) fn forget(&mut self, now: Moment) {
        self.view.take();
        self.outbox = Outbox::default();
        let State {
            stage,
            conclude_request,
            mut transcript,
            ..
        } = std::mem::take(&mut self.state);
        // The ids of entries count on, because the page tells messages apart by them.
        transcript.clear();
        self.state.transcript = transcript;
        if let Some(request) = conclude_request {
            self.forgotten.keep_concluding(request);
        }
        // The next start must not go on with it.
        if let Some(left) = self.abandoned.take() {
            self.forgotten.keep_abandoning(left);
        }
        match stage {
            Stage::Starting(start) => {
                if let Some(request) = start.abandon(&mut self.outgoing) {
                    let left = AbandonedStart::Engagement(request);
                    self.forgotten.keep_abandoning(left);
                }
            }
            Stage::Live(live) => {
                live.stop(&mut self.outgoing);
                self.forgotten.conclude(now, live.session);
            }
            Stage::Idle | Stage::StartingElsewhere | Stage::Concluded(_) | Stage::Failed(_) => {}
        }
        self.save();
    }

    /// Asks the server to conclude the engagement of a snapshot that is stored no more. Shows and stores nothing of it.
    pub(crate) fn conclude_snapshot(&mut self, now: Moment, snapshot: &str) {
        let Some(state) = snapshot::read(now, snapshot) else {
            return;
        };
        if let Some(request) = state.conclude_request {
            self.forgotten.keep_concluding(request);
        }
        if let Stage::Live(live) = state.stage {
            self.forgotten.conclude(now, live.session);
        }
    }

    /// Sends what is due to end the engagements of forgotten conversations. Works in every tab, also in one that does
    /// not talk to the server otherwise.
    pub(crate) fn advance_forgotten(&mut self, now: Moment) {
        self.forgotten.advance(now, &mut self.outgoing);
    }

    /// The time at which [`Self::advance_forgotten`] must be called again, on the monotonic clock, in ms.
    pub(crate) fn forgotten_wake_at(&self) -> Option<u64> {
        self.forgotten.wake_at()
    }

    /// Whether the conversation has ended.
    pub(crate) fn has_ended(&self) -> bool {
        matches!(self.state.stage, Stage::Concluded(_))
    }

    /// The time at which the ended conversation is dropped, in ms since 1970. `None` if the conversation has not ended.
    pub(crate) fn ended_expires_at(&self) -> Option<i64> {
        let Stage::Concluded(conclusion) = &self.state.stage else {
            return None;
        };
        Some(conclusion.at.saturating_add(self.options.keep_ended_ms))
    }

    /// Corrects the time at which a conversation has ended that comes from the storage. If somebody has set the clock back,
    /// the time is in the future, and the conversation would be kept for too long.
    pub(crate) fn correct_end_time(&mut self, now: Moment) {
        if let Stage::Concluded(conclusion) = &mut self.state.stage
            && conclusion.at > now.wall
        {
            conclusion.at = now.wall;
            self.view.take();
            self.save();
        }
    }

    /// Drops an ended conversation whose time is over. If the server has not confirmed the end yet, the request that
    /// tells the server goes on.
    pub(crate) fn drop_expired(&mut self, now: Moment) {
        if self.ended_expires_at().is_some_and(|at| now.wall >= at) {
            self.view.take();
            self.state.stage = Stage::Idle;
            self.state.transcript.clear();
            self.outbox = Outbox::default();
            self.save();
        }
    }
}
