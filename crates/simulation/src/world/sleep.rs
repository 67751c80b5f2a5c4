//! Freezes and resumes a page, and lets a page crash.

use pipit_engine::{Effect, Input, TabEffect, Warning};

use super::World;
use crate::event_queue::Event;
use crate::ids::PageIndex;

impl World {
    /// The browser freezes a page. Events for the page wait until it resumes.
    pub(super) fn freeze_page(&mut self, index: PageIndex, for_ms: u64) {
        note!(self, "tab {index} freezes for {for_ms} ms");
        self.page_mut(index).frozen.get_or_insert_default();
        self.events
            .schedule(self.now + for_ms, Event::PageResumes(index));
    }

    /// A page resumes. Its timer is overdue, answers have arrived, and the page reports that it may have slept; a
    /// browser does not promise an order between them.
    pub(super) fn resume_page(&mut self, index: PageIndex) {
        let now = self.now;
        let page = self.page_mut(index);
        let Some(waiting) = page.frozen.take() else {
            return;
        };
        page.awake_since = now;
        page.is_catching_up = true;
        note!(self, "tab {index} runs again");
        if self.chance.percent(50) {
            let first_input = self.chance.either(Input::Wake, Input::Tick);
            let load_count = self.page(index).load_count;
            self.engine_input(index, first_input);
            if self.page(index).load_count == load_count {
                self.check_discarded_answers(index, &waiting);
            }
        }
        for event in waiting {
            self.deliver_to_page(event);
        }
        self.page_mut(index).is_catching_up = false;
        self.engine_input(index, Input::Wake);
    }

    /// A page crashes and is loaded again. The remaining effects of its tab are lost. A gap that they would have
    /// reported counts as reported, because nobody can know of it later.
    pub(super) fn crash_page(
        &mut self,
        index: PageIndex,
        lost_effects: impl Iterator<Item = TabEffect>,
    ) {
        note!(self, "  the page crashes");
        for effect in lost_effects {
            if let TabEffect::Engine(Effect::Warn(Warning::MessagesMissing { after, before })) =
                effect
                && let Some(stream) = self.witness.streams.last_mut()
            {
                stream.reported_gaps.push((after, before));
            }
        }
        self.reload_page(index);
    }
}
