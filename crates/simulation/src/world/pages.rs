//! Opens, reloads and closes the visitor's pages, and finds the page that leads: the page whose tab talks to the chat
//! server for all tabs. `drive` passes inputs to the tabs of the pages. The macro `note!` writes a line into the log of
//! the simulated run.

use std::cmp::Reverse;

use pipit_engine::{PageId, RecordWriter, Tab, TabInput, TabMode};
use pipit_wire::Secret;

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

    /// Opens a copy of a page, with a copy of its storage, as a browser does with *Duplicate tab*.
    pub(super) fn copy_page(&mut self, original: PageIndex) {
        let index = self.pages.len();
        note!(self, "tab {index} is opened as a copy of tab {original}");
        let page = self.page(original);
        let (mut storage, draft) = (page.storage.clone(), page.stored_draft.clone());
        storage.head = storage.head.map(|head| self.without_page_id(head));
        let tab = self.load_tab(storage.load().as_deref(), &draft);
        let mut copy = Page::new(tab, self.now);
        copy.storage = storage;
        copy.stored_draft = draft;
        self.pages.push(copy);
        self.join(index);
    }

    /// Reloads a page. Its open requests are lost, and its storage is kept.
    pub(super) fn reload_page(&mut self, index: PageIndex) {
        note!(self, "tab {index} is reloaded");
        self.leave(index, false);
        self.load_page_again(index);
    }

    /// Loads a page again whose tab got no last input.
    pub(super) fn load_page_again(&mut self, index: PageIndex) {
        // A copy may have received messages after this page had left. If the copy is closed, nobody can tell this page:
        // the tabs share no storage, and the server sends each message once.
        self.witness.is_outdated_copy_continued |= self.page(index).has_left;
        self.unload_page(index);
        let page = self.page_mut(index);
        let (stored, draft) = (page.storage.load(), page.stored_draft.clone());
        // The record may be gone because the visitor was forgotten, or because an ended conversation was kept for its time.
        // Without locks, the page then has nothing in common with its copies, and this simulation has one conversation.
        if self.tab_mode == TabMode::Claimed && stored.is_none() {
            for other in self.open_pages().into_iter().filter(|it| *it != index) {
                self.close_page(other);
            }
        }
        let tab = self.load_tab(stored.as_deref(), &draft);
        let now = self.now;
        let page = self.page_mut(index);
        page.tab = tab;
        page.record_writer = RecordWriter::default();
        page.update_shown();
        page.awake_since = now;
        self.join(index);
    }

    /// Closes a page. It is never opened again.
    pub(super) fn close_page(&mut self, index: PageIndex) {
        note!(self, "tab {index} is closed");
        self.leave(index, false);
        self.unload_page(index);
        self.page_mut(index).is_closed = true;
        self.forget_texts_of_closed_page(index);
    }

    /// Creates the tab of a page from what the page has stored. An empty draft means that none is stored.
    fn load_tab(&mut self, stored: Option<&str>, draft: &str) -> Tab {
        let (now, seed) = (self.moment(), self.chance.next());
        self.loaded_pages += 1;
        let page = PageId(self.loaded_pages);
        let draft = Some(draft).filter(|draft| !draft.is_empty());
        let options = self.options.clone();
        Tab::new(options, seed, self.tab_mode, page, now, stored, draft)
    }

    /// Lets a page that has just been loaded take part. If the tabs share a conversation, the page requests the lock,
    /// which makes its holder the leader. The tab gets the input `Join`, and then announces itself to the other tabs.
    fn join(&mut self, index: PageIndex) {
        if self.tab_mode == TabMode::Shared {
            self.request_lock(index);
        }
        self.tab_input(index, TabInput::Join, None);
    }

    /// Lets a running page leave the other tabs, as the widget does without the browser's lock when its page is unloaded
    /// or frozen.
    pub(super) fn leave(&mut self, index: PageIndex, is_frozen: bool) {
        if self.tab_mode != TabMode::Shared && self.page(index).is_running() {
            self.page_mut(index).crashes_after_next_effect = false;
            self.tab_input(index, TabInput::Leave { is_frozen }, None);
        }
    }

    /// Lets a page that had left before it was frozen join the other tabs again.
    pub(super) fn join_again(&mut self, index: PageIndex) {
        if std::mem::take(&mut self.page_mut(index).has_left) {
            // A copy may have received messages meanwhile, of which this page does not know.
            self.witness.is_outdated_copy_continued = true;
            let page = self.page_mut(index);
            page.record_writer = RecordWriter::default();
            let stored = page.storage.load();
            self.tab_input(index, TabInput::Reread(stored.map(Secret::new)), None);
            self.join(index);
        }
    }

    /// Ends everything that a page loses when it is reloaded or closed: a freeze with the waiting events, the open
    /// requests, the timer and the lock. The page keeps its storage.
    fn unload_page(&mut self, index: PageIndex) {
        let page = self.page_mut(index);
        page.events_while_frozen = None;
        page.has_left = false;
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
    /// the browser has locks). `None` if there is no such page at the moment. Without locks, a frozen page can lead
    /// until it resumes, although another page leads already. The other page then counts.
    pub(super) fn leader(&self) -> Option<PageIndex> {
        let open = self.open_pages().into_iter();
        let holds_lock =
            |index: &PageIndex| self.tab_mode != TabMode::Shared || self.browser.holds_lock(*index);
        let leads =
            |index: &PageIndex| self.page(*index).tab.leads() && !self.will_lose_lock(*index);
        let leading = open.filter(holds_lock).filter(leads);
        leading.min_by_key(|index| {
            let page = self.page(*index);
            let is_uncertain = page.tab.is_verifying() || self.has_unread_messages(*index);
            (!page.is_running(), is_uncertain, Reverse(page.awake_since))
        })
    }

    /// Whether messages of other tabs have not reached this page yet.
    pub(super) fn has_unread_messages(&self, index: PageIndex) -> bool {
        let page = self.page(index);
        page.may_have_unread_tab_messages() || page.tab_messages_scheduled_until >= self.now
    }

    /// Whether the page is frozen and will learn on resuming that it has lost the lock, or what stands in for the lock.
    fn will_lose_lock(&self, index: PageIndex) -> bool {
        let waiting_events = self.page(index).events_while_frozen.iter().flatten();
        waiting_events.into_iter().any(|it| match it {
            Event::LockInputArrives(_, _, input) => matches!(**input, TabInput::LockLost),
            Event::TabMessageArrives(_, _, message) => message.reveal().contains(r#""is":"hold""#),
            _ => false,
        })
    }
}
