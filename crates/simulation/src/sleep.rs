//! A tab sleeps, or its page dies.

use pipit_engine::{Effect, Input, TabEffect, Warning};

use crate::agenda::Event;
use crate::page::PageNo;
use crate::world::{World, note};

impl World {
    pub(crate) fn freeze(&mut self, number: PageNo, for_ms: u64) {
        note!(self, "tab {number} freezes for {for_ms} ms");
        self.page_mut(number).frozen.get_or_insert_default();
        self.agenda.put(self.now + for_ms, Event::Thaw(number));
    }

    /// The tab runs again: the timer is overdue, answers wait, and the page says that it is seen;
    /// a browser promises no order between them.
    pub(crate) fn thaw(&mut self, number: PageNo) {
        let now = self.now;
        let page = self.page_mut(number);
        let Some(waiting) = page.frozen.take() else {
            return;
        };
        page.awake_since = now;
        page.is_catching_up = true;
        note!(self, "tab {number} runs again");
        if self.chance.percent(50) {
            let hint = self.chance.either(Input::Wake, Input::Tick);
            let loads = self.page(number).loads;
            self.engine(number, hint);
            if self.page(number).loads == loads {
                self.check_thrown_away(number, &waiting);
            }
        }
        for event in waiting {
            self.come(event);
        }
        self.page_mut(number).is_catching_up = false;
        self.engine(number, Input::Wake);
    }

    /// The page dies, and is loaded again. It tells nothing more; what was missing then, nobody
    /// can know after.
    pub(crate) fn die(&mut self, number: PageNo, untold: impl Iterator<Item = TabEffect>) {
        note!(self, "  the page dies");
        for effect in untold {
            if let TabEffect::Engine(Effect::Warn(Warning::MessagesMissing { after, before })) =
                effect
                && let Some(stream) = self.witness.streams.last_mut()
            {
                stream.told_holes.push((after, before));
            }
        }
        self.reload(number);
    }
}
