//! The browser channel on which the visitor's tabs send messages to each other. The channel loses no message, except
//! those to a page that is closed or reloaded before they arrive.

use pipit_engine::TabInput;
use pipit_wire::Secret;

use super::World;
use crate::event_queue::Event;
use crate::ids::PageIndex;

/// The longest time that a message takes from one tab to another, in ms.
const MAX_DELAY_MS: u64 = 20;

impl World {
    /// Sends a message from one tab to all other open tabs. Each tab receives its messages in the order in which they
    /// were sent, also if they come from different tabs.
    pub(super) fn broadcast(&mut self, sender: PageIndex, message: &Secret) {
        for receiver in self.open_pages() {
            if receiver != sender {
                let arrives_at = self.schedule_arrival(receiver);
                let reload_count = self.page(receiver).reload_count;
                let event = Event::TabMessageArrives(receiver, reload_count, message.clone());
                self.events.schedule(arrives_at, event);
            }
        }
    }

    /// Sends a message from a tab to itself. It arrives after all messages that were sent to the tab before.
    pub(super) fn send_to_itself(&mut self, index: PageIndex) {
        let arrives_at = self.schedule_arrival(index);
        let reload_count = self.page(index).reload_count;
        let input = Box::new(TabInput::ChannelVerified);
        let event = Event::LockInputArrives(index, reload_count, input);
        self.events.schedule(arrives_at, event);
    }

    /// Draws when the next message to a tab arrives, in ms: not before the messages that were sent to the tab earlier.
    fn schedule_arrival(&mut self, receiver: PageIndex) -> u64 {
        let delay_ms = self.chance.between(0, MAX_DELAY_MS);
        let earliest_at = self.now + delay_ms;
        let page = self.page_mut(receiver);
        let arrives_at = page.tab_messages_scheduled_until.max(earliest_at);
        page.tab_messages_scheduled_until = arrives_at;
        arrives_at
    }
}
