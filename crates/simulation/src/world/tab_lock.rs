//! The browser's lock, which makes one tab the leader: grants it, lets it be stolen, and answers who holds it. Tabs
//! learn of a change after a short time, and in the order of the changes.

use pipit_engine::TabInput;

use super::World;
use crate::event_queue::Event;
use crate::ids::PageIndex;
use crate::mutation::Mutation;

/// The most that a report about the lock takes to reach a tab, in ms.
const MAX_DELAY_MS: u64 = 5;

impl World {
    /// A page requests the lock.
    pub(super) fn request_lock(&mut self, page: PageIndex) {
        self.browser.lock_queue.push_back(page);
        self.grant_lock();
    }

    /// A page is closed or unloaded, so it neither holds the lock nor waits for it.
    pub(super) fn release_lock(&mut self, page: PageIndex) {
        self.browser.lock_holders.retain(|it| *it != page);
        self.browser.lock_queue.retain(|it| *it != page);
        self.grant_lock();
    }

    /// A page takes the lock from its holder, which then waits for it again.
    pub(super) fn steal_lock(&mut self, page: PageIndex) {
        self.tally.states.insert("lock stolen");
        self.browser.lock_queue.retain(|it| *it != page);
        for loser in std::mem::take(&mut self.browser.lock_holders) {
            self.report_lock_change(loser, TabInput::LockLost);
            self.browser.lock_queue.push_back(loser);
        }
        self.browser.lock_queue.push_front(page);
        self.grant_lock();
    }

    /// A page asks the browser whether it holds the lock.
    pub(super) fn query_lock(&mut self, page: PageIndex) {
        let answered_at = self.now + self.chance.between(1, MAX_DELAY_MS);
        let load_count = self.page(page).load_count;
        self.events
            .schedule(answered_at, Event::LockIsQueried(page, load_count));
    }

    /// The browser answers a query, unless the page has been loaded again since then.
    pub(super) fn answer_lock_query(&mut self, page: PageIndex, load_count: u32) {
        if self.page(page).load_count == load_count {
            let answer = if self.browser.holds_lock(page) {
                TabInput::LockVerified {
                    has_others: !self.browser.lock_queue.is_empty(),
                }
            } else {
                TabInput::LockLost
            };
            self.report_lock_change(page, answer);
        }
    }

    /// Gives the lock to the first page in the queue, if nobody holds it.
    fn grant_lock(&mut self) {
        while self.browser.lock_holders.is_empty() || self.mutation == Some(Mutation::NoLeaderLock)
        {
            let Some(next) = self.browser.lock_queue.pop_front() else {
                return;
            };
            self.browser.lock_holders.push(next);
            self.report_lock_change(next, TabInput::LockGranted);
        }
    }

    fn report_lock_change(&mut self, page: PageIndex, input: TabInput) {
        let delay_ms = self.chance.between(1, MAX_DELAY_MS);
        let arrives_at = self.page(page).last_lock_input_at.max(self.now + delay_ms);
        self.page_mut(page).last_lock_input_at = arrives_at;
        let load_count = self.page(page).load_count;
        self.events.schedule(
            arrives_at,
            Event::LockInputArrives(page, load_count, Box::new(input)),
        );
    }
}
