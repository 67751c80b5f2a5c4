//! The channel on which the tabs of a site send messages to each other.

use pipit_wire::Secret;

use super::World;
use crate::event_queue::Event;
use crate::ids::PageIndex;

/// The most that a message takes from one tab to another, in ms.
const MAX_DELAY_MS: u64 = 20;

impl World {
    /// Sends a message of one tab to all others. Each tab receives the messages of all tabs in the order in which they
    /// were sent.
    pub(super) fn broadcast(&mut self, sender: PageIndex, message: &Secret) {
        for receiver in self.open_pages() {
            if receiver != sender {
                let delay_ms = self.chance.between(0, MAX_DELAY_MS);
                let earliest_at = self.now + delay_ms;
                let page = self.page_mut(receiver);
                let load_count = page.load_count;
                let arrives_at = page.last_tab_message_at.max(earliest_at);
                page.last_tab_message_at = arrives_at;
                let event = Event::TabMessageArrives(receiver, load_count, message.clone());
                self.events.schedule(arrives_at, event);
            }
        }
    }
}
