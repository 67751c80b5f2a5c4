//! The tab sleeps, and the page is loaded again.

use pipit_engine::{Effect, Engine, Input, Warning};

use crate::agenda::Event;
use crate::network::PacketId;
use crate::world::{World, note};

impl World {
    pub(crate) fn freeze(&mut self, for_ms: u64) {
        note!(self, "the tab freezes for {for_ms} ms");
        self.tab.frozen.get_or_insert_default();
        self.agenda.put(self.now + for_ms, Event::Thaw);
    }

    /// The tab runs again: the timer is overdue, answers wait, and the page says that it is seen;
    /// a browser promises no order between them.
    pub(crate) fn thaw(&mut self) {
        let Some(waiting) = self.tab.frozen.take() else {
            return;
        };
        note!(self, "the tab runs again");
        self.witness.awake_since = self.now;
        if self.chance.percent(50) {
            let hint = self.chance.either(Input::Wake, Input::Tick);
            self.input(hint);
            self.check_thrown_away(&waiting);
        }
        for event in waiting {
            self.come(event);
        }
        self.input(Input::Wake);
    }

    /// The page is loaded again: what was under way comes no more, what was kept is there.
    pub(crate) fn reload(&mut self) {
        note!(self, "the page is loaded again");
        let open: Vec<PacketId> = std::mem::take(&mut self.tab.under_way)
            .into_values()
            .collect();
        for packet in open {
            self.hang_up(packet);
        }
        self.tab.loads += 1;
        self.tab.frozen = None;
        self.tab.engine = Engine::new(self.tab.options.clone(), self.chance.next());
        if let Some(kept) = self.tab.kept.clone() {
            let now = self.moment();
            self.tab.engine.restore(now, &kept);
        }
        self.witness.awake_since = self.now;
        self.perform_all();
        self.look();
    }

    /// The page dies, and is loaded again. It tells nothing more; what was missing then, nobody
    /// can know after.
    pub(crate) fn die(&mut self) {
        note!(self, "  the page dies");
        while let Some(effect) = self.tab.engine.next_effect() {
            if let Effect::Warn(Warning::MessagesMissing { after, before }) = effect
                && let Some(stream) = self.witness.streams.last_mut()
            {
                stream.told_holes.push((after, before));
            }
        }
        self.reload();
    }
}
