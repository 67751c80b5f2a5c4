//! Freezes and resumes a page as a browser does with a background tab, and lets a page crash. The *engine* is the
//! library that runs the visitor's side of the chat in a page. The macro `note!` writes a line into the log of the
//! simulated run.

use pipit_engine::{Effect, Input, TabEffect, TabMode, Warning};

use super::World;
use crate::event_queue::Event;
use crate::ids::PageIndex;

impl World {
    /// Freezes a running page for this many ms. Events for the page wait until it resumes. Do not call this for a
    /// frozen page: the first freeze would not become longer, because its end is already scheduled.
    pub(super) fn freeze_page(&mut self, index: PageIndex, for_ms: u64) {
        note!(self, "tab {index} freezes for {for_ms} ms");
        // Half of the time the page learns of the freeze and leaves. Otherwise it is only busy.
        if self.tab_mode == TabMode::Claimed && self.chance.percent(50) {
            self.leave(index, true);
            self.page_mut(index).has_left = true;
        }
        self.page_mut(index)
            .events_while_frozen
            .get_or_insert_default();
        self.events
            .schedule(self.now + for_ms, Event::PageResumes(index));
    }

    /// Resumes a frozen page: delivers the events that have waited, and then reports to the engine that the page may
    /// have been frozen (`Wake`). Browsers do not always keep to this order. So half of the time, a `Wake` or the
    /// overdue timer (`Tick`) reaches the engine before the events. Does nothing if the page is not frozen any more,
    /// because it was reloaded or closed.
    pub(super) fn resume_page(&mut self, index: PageIndex) {
        let now = self.now;
        let page = self.page_mut(index);
        let Some(waiting_events) = page.events_while_frozen.take() else {
            return;
        };
        page.awake_since = now;
        page.is_catching_up = true;
        note!(self, "tab {index} resumes");
        if self.chance.percent(50) {
            let first_input = self.chance.either(Input::Wake, Input::Tick);
            let reload_count = self.page(index).reload_count;
            let must_forget = self.page(index).tab.forget_marker() < self.forget_marker;
            self.engine_input(index, first_input);
            // The tab must not have aborted a request whose answer is among the waiting events: the answer would be
            // discarded when it is delivered below. If the input has crashed the page, nothing is checked: a reloaded
            // page waits for no answer.
            // A tab that has to forget its conversation discards the answers.
            if self.page(index).reload_count == reload_count && !must_forget {
                self.check_discarded_answers(index, &waiting_events);
            }
        }
        // A page that has left has closed its channel, so the messages to it are lost.
        let has_left = self.page(index).has_left;
        for event in waiting_events {
            if !(has_left && matches!(event, Event::TabMessageArrives(..))) {
                self.deliver_to_page(event);
            }
        }
        self.join_again(index);
        self.page_mut(index).is_catching_up = false;
        self.engine_input(index, Input::Wake);
    }

    /// Lets a page crash, and reloads it. The remaining effects of its tab are lost. If one of them would have reported
    /// a gap in the sequence numbers, the gap counts as reported: after the reload, the engine cannot detect it again.
    pub(super) fn crash_page(
        &mut self,
        index: PageIndex,
        lost_effects: impl Iterator<Item = TabEffect>,
    ) {
        note!(self, "  the page crashes");
        // The page may not have stored that a poll has failed.
        let now = self.now;
        self.witness.failed_polls.retain(|_, at| *at != now);
        for effect in lost_effects {
            if let TabEffect::Engine(Effect::Warn(Warning::MessagesMissing { after, before })) =
                effect
                && let Some(stream) = self.witness.streams.last_mut()
            {
                stream.reported_gaps.push((after, before));
            }
        }
        self.load_page_again(index);
    }
}
