//! A page of the visitor: one engine tab, and what the browser and the world know about the page. `world::pages` opens,
//! reloads and closes pages; `world::drive` passes inputs to their tabs.

use std::collections::BTreeMap;
use std::rc::Rc;

use pipit_engine::{Conversation, Options, Outcome, RequestId, Tab};
use pipit_wire::consumer::Operation;

use crate::event_queue::Event;
use crate::ids::PacketId;
use crate::mutation::Mutation;
use crate::network::{Network, Packet};
use crate::server::{FORBIDDEN_HOST, OTHER_HOST};

#[derive(Debug)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is an independent fact about the page"
)]
pub(crate) struct Page {
    pub(crate) tab: Tab,
    /// The conversation that the page shows.
    pub(crate) shown: Rc<Conversation>,
    /// The text in the composer of the page.
    pub(crate) draft: Rc<str>,
    /// Whether the visitor allowed the sneak preview before the last input.
    pub(crate) allowed_previews_before_input: bool,
    /// The requests that are neither answered nor given up.
    pub(crate) open_requests: BTreeMap<RequestId, PacketId>,
    /// Answers that the tab has received and does not use until the browser has verified that the tab leads.
    pub(crate) unverified_answers: Vec<(PacketId, Outcome)>,
    /// The tab waits for the browser to verify that it leads.
    pub(crate) is_verifying: bool,
    /// When the only timer of the page fires, in ms.
    pub(crate) timer: Option<u64>,
    /// How late timers fire, in ms.
    pub(crate) timer_lag_ms: u64,
    /// The content of the tab's storage.
    pub(crate) stored: Option<String>,
    /// The stored draft of the tab; empty if there is none.
    pub(crate) stored_draft: Rc<str>,
    /// The events that have arrived since the page was frozen; `None` while it runs.
    pub(crate) frozen: Option<Vec<Event>>,
    /// The page runs again and receives the events that arrived while it was frozen.
    pub(crate) is_catching_up: bool,
    /// When the page last began to run, in ms.
    pub(crate) awake_since: u64,
    /// How often the page has been loaded again. What an earlier load requested never arrives.
    pub(crate) load_count: u32,
    /// When the last message of another tab arrives, in ms. Later messages must not overtake it.
    pub(crate) last_tab_message_at: u64,
    /// When the last report about the lock arrives, in ms. Later reports must not overtake it.
    pub(crate) last_lock_input_at: u64,
    /// The page crashes after its next effect.
    pub(crate) crashes_next: bool,
    pub(crate) is_closed: bool,
}

/// The greatest delay of a timer, in ms: in a background tab, timers fire once a second.
pub(crate) const MAX_TIMER_LAG_MS: u64 = 1_000;

/// The options that every page of the world uses.
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
    /// Reads from the tab what the page shows now.
    pub(crate) fn update_shown(&mut self) {
        let view = self.tab.view();
        self.shown = view.conversation;
        self.draft = view.draft;
    }

    /// A page that has just been opened.
    pub(crate) fn new(tab: Tab, now: u64) -> Self {
        let view = tab.view();
        Self {
            shown: view.conversation,
            draft: view.draft,
            tab,
            allowed_previews_before_input: true,
            open_requests: BTreeMap::new(),
            unverified_answers: Vec::new(),
            is_verifying: false,
            timer: None,
            timer_lag_ms: 5,
            stored: None,
            stored_draft: "".into(),
            frozen: None,
            is_catching_up: false,
            awake_since: now,
            load_count: 0,
            last_tab_message_at: 0,
            last_lock_input_at: 0,
            crashes_next: false,
            is_closed: false,
        }
    }

    pub(crate) fn is_frozen(&self) -> bool {
        self.frozen.is_some()
    }

    /// Whether the page is open and not frozen.
    pub(crate) fn is_running(&self) -> bool {
        !self.is_closed && !self.is_frozen()
    }

    /// Whether messages of other tabs have arrived that the tab has not processed, because it was frozen.
    pub(crate) fn has_unread_tab_messages(&self) -> bool {
        let mut waiting = self.frozen.iter().flatten();
        self.is_catching_up || waiting.any(|it| matches!(it, Event::TabMessageArrives(..)))
    }

    /// When the timer fires, in ms; never while the page is frozen.
    pub(crate) fn ticks_at(&self) -> Option<u64> {
        self.timer.filter(|_| self.is_running())
    }

    /// The polls that are neither answered nor given up.
    pub(crate) fn open_polls<'a>(
        &'a self,
        network: &'a Network,
    ) -> impl Iterator<Item = &'a Packet> {
        let packets = self.open_requests.values();
        packets
            .filter_map(|id| network.packet(*id))
            .filter(|packet| packet.request.operation == Operation::GetMessages)
    }

    /// Whether an open request has this packet.
    pub(crate) fn has_open_request(&self, packet: PacketId) -> bool {
        self.open_requests.values().any(|it| *it == packet)
    }
}
