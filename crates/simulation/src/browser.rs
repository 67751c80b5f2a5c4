//! The browser: the lock that says which tab leads, and the channel on which tabs speak.

use std::collections::VecDeque;

use pipit_engine::TabInput;
use pipit_wire::Secret;

use crate::agenda::Event;
use crate::mutation::Mutation;
use crate::page::PageNo;
use crate::world::World;

#[derive(Debug, Default)]
pub(crate) struct Browser {
    /// Who holds the lock: one page, or none.
    pub(crate) holders: Vec<PageNo>,
    waiting: VecDeque<PageNo>,
    /// How far the wall clock has been set, in ms.
    pub(crate) wall_skew_ms: i64,
}

/// The most that a word takes from one tab to another, in ms.
const CHANNEL_MS: u64 = 20;
/// The most that the lock's news take, in ms.
const LOCK_MS: u64 = 5;

impl Browser {
    pub(crate) fn holds(&self, page: PageNo) -> bool {
        self.holders.contains(&page)
    }
}

/// The lock.
impl World {
    /// A page waits for the lock.
    pub(crate) fn want_lock(&mut self, page: PageNo) {
        self.browser.waiting.push_back(page);
        self.pass_lock();
    }

    /// A page is gone.
    pub(crate) fn leave_lock(&mut self, page: PageNo) {
        self.browser.holders.retain(|it| *it != page);
        self.browser.waiting.retain(|it| *it != page);
        self.pass_lock();
    }

    /// A page takes the lock; who held it waits for it again.
    pub(crate) fn steal_lock(&mut self, page: PageNo) {
        self.tally.sights.insert("lock stolen");
        self.browser.waiting.retain(|it| *it != page);
        for deposed in std::mem::take(&mut self.browser.holders) {
            self.lock_news(deposed, TabInput::LockLost);
            self.browser.waiting.push_back(deposed);
        }
        self.browser.waiting.push_front(page);
        self.pass_lock();
    }

    /// The browser is asked whether a page holds the lock.
    pub(crate) fn prove(&mut self, page: PageNo) {
        let at = self.now + self.chance.between(1, LOCK_MS);
        let loads = self.page(page).loads;
        self.agenda.put(at, Event::Query(page, loads));
    }

    /// It answers.
    pub(crate) fn queried(&mut self, page: PageNo, loads: u32) {
        if self.page(page).loads == loads {
            let leads = self.browser.holds(page);
            let proof = if leads {
                TabInput::LockVerified {
                    has_others: !self.browser.waiting.is_empty(),
                }
            } else {
                TabInput::LockLost
            };
            self.lock_news(page, proof);
        }
    }

    fn pass_lock(&mut self) {
        while self.browser.holders.is_empty() || self.mutation == Some(Mutation::NoLeaderLock) {
            let Some(next) = self.browser.waiting.pop_front() else {
                return;
            };
            self.browser.holders.push(next);
            self.lock_news(next, TabInput::LockGranted);
        }
    }

    fn lock_news(&mut self, page: PageNo, news: TabInput) {
        let delay_ms = self.chance.between(1, LOCK_MS);
        let known_at = self.page(page).knows_at.max(self.now + delay_ms);
        self.page_mut(page).knows_at = known_at;
        let loads = self.page(page).loads;
        self.agenda
            .put(known_at, Event::Lock(page, loads, Box::new(news)));
    }
}

/// The channel.
impl World {
    /// A tab says something to all others. Each hears the words of all in the order in which they
    /// were said.
    pub(crate) fn spread(&mut self, from: PageNo, said: &Secret) {
        for to in self.open_pages() {
            if to != from {
                let delay_ms = self.chance.between(0, CHANNEL_MS);
                let page = self.page_mut(to);
                let loads = page.loads;
                let at = page.hears_at.max(self.now + delay_ms);
                self.page_mut(to).hears_at = at;
                self.agenda.put(at, Event::Heard(to, loads, said.clone()));
            }
        }
    }
}
