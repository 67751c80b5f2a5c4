//! The visitor's tabs: they are opened, loaded again, and closed. `drive` says what happens in them.

use std::collections::BTreeMap;

use pipit_engine::{Conversation, Options, Outcome, RequestId, Tab, TabInput, TabMode};
use pipit_wire::consumer::Operation;

use crate::agenda::Event;
use crate::mutation::Mutation;
use crate::network::{Packet, PacketId};
use crate::server::{FORBIDDEN_HOST, OTHER_HOST};
use crate::world::{World, note};

/// Names a page: the how manieth of the world.
pub(crate) type PageNo = usize;

#[derive(Debug)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is an independent fact of what the world does to the page"
)]
pub(crate) struct Page {
    pub(crate) tab: Tab,
    /// What it shows.
    pub(crate) shown: Conversation,
    /// Whether it let previews leave before the last input.
    pub(crate) let_previews_leave: bool,
    /// Requests that are neither answered nor given up.
    pub(crate) under_way: BTreeMap<RequestId, PacketId>,
    /// Answers that wait for the proof that the tab leads.
    pub(crate) unproven: Vec<(PacketId, Outcome)>,
    pub(crate) is_proving: bool,
    /// When the one timer fires, in ms.
    pub(crate) timer: Option<u64>,
    /// How late timers fire, in ms.
    pub(crate) lag_ms: u64,
    /// What the tab's storage holds.
    pub(crate) kept: Option<String>,
    /// What has come while the tab was frozen; `None` while it runs.
    pub(crate) frozen: Option<Vec<Event>>,
    /// It is being told of what has come while it was frozen.
    pub(crate) is_catching_up: bool,
    /// When the tab last began to run, in ms.
    pub(crate) awake_since: u64,
    /// How often the page has been loaded: what was asked for before comes no more.
    pub(crate) loads: u32,
    /// The last word of another tab comes then, in ms.
    pub(crate) hears_at: u64,
    /// The last news of the lock come then, in ms.
    pub(crate) knows_at: u64,
    /// The page dies behind the next effect.
    pub(crate) is_dying: bool,
    pub(crate) is_closed: bool,
}

/// A background tab's timers come once in a second.
pub(crate) const MOST_LAG_MS: u64 = 1_000;

/// What every page of the world configures.
pub(crate) fn options(absent_limit_ms: u64, mutation: Option<Mutation>) -> Options {
    let hosts: &[&str] = match mutation {
        Some(Mutation::AllowsEveryHost) => &[OTHER_HOST, FORBIDDEN_HOST],
        _ => &[OTHER_HOST],
    };
    let mut options = Options {
        allowed_hosts: hosts.iter().map(|host| (*host).to_owned()).collect(),
        absent_limit_ms: Some(absent_limit_ms),
        ..Options::default()
    };
    options.survey.base = Some("https://help.example".to_owned());
    options
}

impl Page {
    pub(crate) fn is_frozen(&self) -> bool {
        self.frozen.is_some()
    }

    /// Whether something can happen in it.
    pub(crate) fn runs(&self) -> bool {
        !self.is_closed && !self.is_frozen()
    }

    /// Whether other tabs have said something that it has not heard, as it slept.
    pub(crate) fn has_unheard(&self) -> bool {
        let mut waiting = self.frozen.iter().flatten();
        self.is_catching_up || waiting.any(|it| matches!(it, Event::Heard(..)))
    }

    /// When the timer fires, in ms; never while the tab is frozen.
    pub(crate) fn ticks_at(&self) -> Option<u64> {
        self.timer.filter(|_| self.runs())
    }

    /// The polls that are out.
    pub(crate) fn polls<'a>(&'a self, world: &'a World) -> impl Iterator<Item = &'a Packet> {
        let open = self.under_way.values();
        open.filter_map(|id| world.network.packet(*id))
            .filter(|packet| packet.request.operation == Operation::GetMessages)
    }
}

/// Pages come and go.
impl World {
    /// Another tab is opened.
    pub(crate) fn open(&mut self) {
        let number = self.pages.len();
        note!(self, "tab {number} is opened");
        let tab = self.load(None);
        self.pages.push(Page {
            shown: tab.conversation(),
            tab,
            let_previews_leave: true,
            under_way: BTreeMap::new(),
            unproven: Vec::new(),
            is_proving: false,
            timer: None,
            lag_ms: 5,
            kept: None,
            frozen: None,
            is_catching_up: false,
            awake_since: self.now,
            loads: 0,
            hears_at: 0,
            knows_at: 0,
            is_dying: false,
            is_closed: false,
        });
        self.enter(number);
    }

    /// The page is loaded again: what was under way comes no more, what was kept is there.
    pub(crate) fn reload(&mut self, number: PageNo) {
        note!(self, "tab {number} is loaded again");
        self.unload(number);
        let kept = self.page(number).kept.clone();
        let tab = self.load(kept.as_deref());
        let now = self.now;
        let page = self.page_mut(number);
        page.shown = tab.conversation();
        page.tab = tab;
        page.awake_since = now;
        self.enter(number);
    }

    /// The tab is closed for good.
    pub(crate) fn close(&mut self, number: PageNo) {
        note!(self, "tab {number} is closed");
        self.unload(number);
        self.page_mut(number).is_closed = true;
        self.forget_unheard(number);
    }

    fn load(&mut self, kept: Option<&str>) -> Tab {
        let (now, seed) = (self.moment(), self.chance.next());
        Tab::new(self.options.clone(), seed, self.tab_mode, now, kept)
    }

    fn enter(&mut self, number: PageNo) {
        if self.tab_mode == TabMode::Shared {
            self.want_lock(number);
        }
        self.input(number, TabInput::Join, None);
    }

    fn unload(&mut self, number: PageNo) {
        let page = self.page_mut(number);
        page.frozen = None;
        page.loads += 1;
        page.timer = None;
        page.is_proving = false;
        page.unproven.clear();
        let open: Vec<PacketId> = std::mem::take(&mut page.under_way).into_values().collect();
        for packet in open {
            self.hang_up(packet);
        }
        self.leave_lock(number);
    }

    #[allow(
        clippy::indexing_slicing,
        reason = "no page is ever taken out of the list"
    )]
    pub(crate) fn page(&self, number: PageNo) -> &Page {
        &self.pages[number]
    }

    #[allow(
        clippy::indexing_slicing,
        reason = "no page is ever taken out of the list"
    )]
    pub(crate) fn page_mut(&mut self, number: PageNo) -> &mut Page {
        &mut self.pages[number]
    }

    pub(crate) fn open_pages(&self) -> Vec<PageNo> {
        let open = |number: &PageNo| !self.page(*number).is_closed;
        (0..self.pages.len()).filter(open).collect()
    }

    /// The page whose word counts: it leads, and the browser says so too.
    pub(crate) fn leading(&self) -> Option<PageNo> {
        let open = self.open_pages().into_iter();
        let holds =
            |number: &PageNo| self.tab_mode == TabMode::Alone || self.browser.holds(*number);
        let mut leading = open.filter(holds);
        leading.find(|number| self.page(*number).tab.leads() && !self.is_deposed(*number))
    }

    /// Whether it sleeps, and will hear that it leads no more.
    fn is_deposed(&self, number: PageNo) -> bool {
        let waiting = self.page(number).frozen.iter().flatten();
        waiting
            .into_iter()
            .any(|it| matches!(it, Event::Lock(_, _, news) if matches!(**news, TabInput::LockLost)))
    }
}
