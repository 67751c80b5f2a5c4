//! The browser's lock. The tab that holds it leads: this tab talks to the chat server for all tabs. This file grants
//! the lock to a page (a simulated tab), lets a page steal it, and answers whether a page holds it. Each report about
//! the lock reaches its page after a few ms, and the reports to one page arrive in order.

use pipit_engine::TabInput;

use super::World;
use crate::event_queue::Event;
use crate::ids::PageIndex;
use crate::mutation::Mutation;

/// The longest time that a report about the lock takes to reach a page, in ms.
const MAX_DELAY_MS: u64 = 5;

impl World {
    /// Puts a page at the end of the queue for the lock.
    pub(super) fn request_lock(&mut self, page: PageIndex) {
        self.browser.lock_queue.push_back(page);
        self.grant_lock();
    }

    /// Takes the lock from a page that is being unloaded, and removes the page from the queue.
    pub(super) fn release_lock(&mut self, page: PageIndex) {
        self.browser.lock_holders.retain(|it| *it != page);
        self.browser.lock_queue.retain(|it| *it != page);
        self.grant_lock();
    }

    /// Gives the lock to a page that steals it. The page that held it is put at the end of the queue. (With
    /// `Mutation::NoLeaderLock`, several pages can hold the lock.)
    pub(super) fn steal_lock(&mut self, page: PageIndex) {
        self.tally.states.insert("lock stolen");
        self.browser.lock_queue.retain(|it| *it != page);
        for loser in std::mem::take(&mut self.browser.lock_holders) {
            self.schedule_lock_report(loser, TabInput::LockLost);
            self.browser.lock_queue.push_back(loser);
        }
        self.browser.lock_queue.push_front(page);
        self.grant_lock();
    }

    /// Schedules the browser's answer to a page that asks whether it holds the lock.
    pub(super) fn query_lock(&mut self, page: PageIndex) {
        let answered_at = self.now + self.chance.between(1, MAX_DELAY_MS);
        let reload_count = self.page(page).reload_count;
        self.events
            .schedule(answered_at, Event::LockIsQueried(page, reload_count));
    }

    /// Answers whether a page holds the lock. Does nothing if the page has been reloaded or closed since it asked.
    pub(super) fn answer_lock_query(&mut self, page: PageIndex, reload_count: u32) {
        if self.page(page).reload_count == reload_count {
            let answer = if self.browser.holds_lock(page) {
                TabInput::LockVerified {
                    // All other open pages wait for the lock.
                    has_others: !self.browser.lock_queue.is_empty(),
                }
            } else {
                TabInput::LockLost
            };
            self.schedule_lock_report(page, answer);
        }
    }

    /// Gives the lock to the first page in the queue, if no page holds the lock. `Mutation::NoLeaderLock` gives it to
    /// every page in the queue.
    fn grant_lock(&mut self) {
        while self.browser.lock_holders.is_empty() || self.mutation == Some(Mutation::NoLeaderLock)
        {
            let Some(next) = self.browser.lock_queue.pop_front() else {
                return;
            };
            self.browser.lock_holders.push(next);
            self.schedule_lock_report(next, TabInput::LockGranted);
        }
    }

    /// Schedules a report about the lock to a page. The report arrives no earlier than the reports before it.
    fn schedule_lock_report(&mut self, page: PageIndex, input: TabInput) {
        let delay_ms = self.chance.between(1, MAX_DELAY_MS);
        let arrives_at = self
            .page(page)
            .lock_inputs_scheduled_until
            .max(self.now + delay_ms);
        self.page_mut(page).lock_inputs_scheduled_until = arrives_at;
        let reload_count = self.page(page).reload_count;
        self.events.schedule(
            arrives_at,
            Event::LockInputArrives(page, reload_count, Box::new(input)),
        );
    }
}
