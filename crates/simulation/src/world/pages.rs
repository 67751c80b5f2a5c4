//! Opens, reloads and closes the visitor's pages, and finds the page that leads: the page whose tab talks to the chat
//! server for all tabs. `drive` passes inputs to the tabs of the pages. The macro `note!` writes a line into the log of
//! the simulated run.

use pipit_engine::{Tab, TabInput, TabMode};

use super::World;
use crate::event_queue::Event;
use crate::ids::{PacketId, PageIndex};
use crate::page::Page;

impl World {
    /// Opens another page.
    pub(super) fn open_page(&mut self) {
        let index = self.pages.len();
        note!(self, "tab {index} is opened");
        let tab = self.load_tab(None, "");
        self.pages.push(Page::new(tab, self.now));
        self.join(index);
    }

    /// Reloads a page. Its open requests are lost, and its storage is kept.
    pub(super) fn reload_page(&mut self, index: PageIndex) {
        note!(self, "tab {index} is reloaded");
        self.unload_page(index);
        let page = self.page(index);
        let (stored, draft) = (page.stored.clone(), page.stored_draft.clone());
        let tab = self.load_tab(stored.as_deref(), &draft);
        let now = self.now;
        let page = self.page_mut(index);
        page.tab = tab;
        page.update_shown();
        page.awake_since = now;
        self.join(index);
    }

    /// Closes a page. It is never opened again.
    pub(super) fn close_page(&mut self, index: PageIndex) {
        note!(self, "tab {index} is closed");
        self.unload_page(index);
        self.page_mut(index).is_closed = true;
        self.forget_texts_of_closed_page(index);
    }

    /// Creates the tab of a page from what the page has stored. An empty draft means that none is stored.
    fn load_tab(&mut self, stored: Option<&str>, draft: &str) -> Tab {
        let (now, seed) = (self.moment(), self.chance.next());
        let draft = Some(draft).filter(|draft| !draft.is_empty());
        let options = self.options.clone();
        Tab::new(options, seed, self.tab_mode, now, stored, draft)
    }

    /// Lets a page that has just been loaded take part. If the tabs share a conversation, the page requests the lock,
    /// which makes its holder the leader. The tab gets the input `Join`, and then announces itself to the other tabs.
    fn join(&mut self, index: PageIndex) {
        if self.tab_mode == TabMode::Shared {
            self.request_lock(index);
        }
        self.tab_input(index, TabInput::Join, None);
    }

    /// Ends everything that a page loses when it is reloaded or closed: a freeze with the waiting events, the open
    /// requests, the timer and the lock. The page keeps its storage.
    fn unload_page(&mut self, index: PageIndex) {
        let page = self.page_mut(index);
        page.events_while_frozen = None;
        // The events that are on their way to the page carry the old count, and are dropped when they arrive.
        page.reload_count += 1;
        page.timer = None;
        page.is_verifying = false;
        page.unverified_answers.clear();
        let open_requests = std::mem::take(&mut page.open_requests);
        let packets: Vec<PacketId> = open_requests.into_values().collect();
        for packet in packets {
            self.hang_up(packet);
        }
        self.release_lock(index);
    }
}

/// Access to the pages.
impl World {
    #[allow(
        clippy::indexing_slicing,
        reason = "no page is ever removed from the list"
    )]
    pub(super) fn page(&self, index: PageIndex) -> &Page {
        &self.pages[index]
    }

    #[allow(
        clippy::indexing_slicing,
        reason = "no page is ever removed from the list"
    )]
    pub(super) fn page_mut(&mut self, index: PageIndex) -> &mut Page {
        &mut self.pages[index]
    }

    /// The indices of the pages that are not closed.
    pub(super) fn open_pages(&self) -> Vec<PageIndex> {
        let is_open = |index: &PageIndex| !self.page(*index).is_closed;
        (0..self.pages.len()).filter(is_open).collect()
    }

    /// Chooses at random one of the pages that are open and not frozen. `None` if there is no such page.
    pub(super) fn draw_running_page(&mut self) -> Option<PageIndex> {
        let open = self.open_pages().into_iter();
        let running: Vec<PageIndex> = open
            .filter(|index| self.page(*index).is_running())
            .collect();
        self.chance.pick(&running)
    }

    /// The page that leads: its tab considers itself the leader, and the browser has given the lock to this page (if
    /// the tabs share a conversation). `None` if there is no such page at the moment.
    pub(super) fn leader(&self) -> Option<PageIndex> {
        let open = self.open_pages().into_iter();
        let holds_lock =
            |index: &PageIndex| self.tab_mode == TabMode::Alone || self.browser.holds_lock(*index);
        let mut holders = open.filter(holds_lock);
        holders.find(|index| self.page(*index).tab.leads() && !self.will_lose_lock(*index))
    }

    /// Whether the page is frozen and will learn on resuming that it has lost the lock.
    fn will_lose_lock(&self, index: PageIndex) -> bool {
        let waiting_events = self.page(index).events_while_frozen.iter().flatten();
        waiting_events.into_iter().any(|it| {
            matches!(it, Event::LockInputArrives(_, _, input) if matches!(**input, TabInput::LockLost))
        })
    }
}
