//! A web page that the visitor has open in the simulated browser: the engine's `Tab`, what the browser stores for it,
//! and what the simulation tracks about it. `world::pages` opens, reloads and closes pages; `world::drive` passes
//! inputs to their tabs.
//!
//! Each request that the tab sends travels through the network as one [`Packet`], which also carries the answer back.
//! All times are virtual, in ms since the start of the simulation.

use std::collections::BTreeMap;
use std::rc::Rc;

use pipit_engine::{Conversation, Options, Outcome, RequestId, Tab};
use pipit_wire::consumer::Operation;

use crate::event_queue::Event;
use crate::ids::PacketId;
use crate::mutation::Mutation;
use crate::network::{Network, Packet};
use crate::server::{FORBIDDEN_HOST, HOST_AFTER_MIGRATION};

/// A page, which stays in the list of pages after the visitor has closed it.
#[derive(Debug)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is an independent fact about the page"
)]
pub(crate) struct Page {
    pub(crate) tab: Tab,
    /// The conversation that the page showed after the most recent input.
    pub(crate) shown: Rc<Conversation>,
    /// The text in the composer of the page.
    pub(crate) draft: Rc<str>,
    /// Whether the visitor allowed sneak previews before the tab processed its most recent input. The page sends the
    /// requests of an input only after the tab has processed all of it. A preview among them is legitimate even if the
    /// same input then withdrew the permission.
    pub(crate) allowed_previews_before_latest_input: bool,
    /// The packet of each request that was sent and is neither answered nor aborted.
    pub(crate) open_requests: BTreeMap<RequestId, PacketId>,
    /// Answers that the tab has received while it asked the browser whether it still holds the lock. The tab uses them
    /// only if the browser confirms that.
    pub(crate) unverified_answers: Vec<(PacketId, Outcome)>,
    /// The tab has asked the browser whether it still holds the lock, and waits for the answer.
    pub(crate) is_verifying: bool,
    /// The time at which the page's only timer fires, in ms. `None` if no timer is set.
    pub(crate) timer: Option<u64>,
    /// How much later than requested timers fire, in ms.
    pub(crate) timer_lag_ms: u64,
    /// The conversation that the tab has stored for a reload. `None` if it has stored none.
    pub(crate) stored: Option<String>,
    /// The draft that the tab has stored for a reload. Empty if it has stored none.
    pub(crate) stored_draft: Rc<str>,
    /// The events that have arrived since the browser froze the page. `None` while the page is not frozen.
    pub(crate) events_while_frozen: Option<Vec<Event>>,
    /// The page has just resumed, and is receiving the events that arrived while it was frozen.
    pub(crate) is_catching_up: bool,
    /// The time at which the page was most recently opened, reloaded or resumed, in ms.
    pub(crate) awake_since: u64,
    /// The number of times the page has been reloaded. Responses to requests made before a reload are dropped. Closing
    /// the page counts as well.
    pub(crate) reload_count: u32,
    /// The time for which the most recently sent message from another tab is scheduled, in ms. It may be in the future.
    /// Further messages are scheduled no earlier, so that they cannot overtake this one.
    pub(crate) tab_messages_scheduled_until: u64,
    /// The time for which the most recent report about the lock is scheduled, in ms. It may be in the future. Further
    /// reports are scheduled no earlier, so that they cannot overtake this one.
    pub(crate) lock_inputs_scheduled_until: u64,
    /// The page crashes as soon as it has performed one more effect of its tab.
    pub(crate) crashes_after_next_effect: bool,
    /// The visitor has closed the page. It stays in the list of pages and does nothing.
    pub(crate) is_closed: bool,
}

/// How much later than requested a timer fires in a page that no fault slows down, in ms.
const USUAL_TIMER_LAG_MS: u64 = 5;

/// The greatest delay of a timer, in ms. Browsers fire the timers of a background tab once a second.
pub(crate) const MAX_TIMER_LAG_MS: u64 = 1_000;

/// The engine's options, which are the same for all pages of a simulated run. The server ends a chat if the visitor's
/// tabs have sent no poll for `max_absence_ms`.
pub(crate) fn options(max_absence_ms: u64, mutation: Option<Mutation>) -> Options {
    let hosts: &[&str] = match mutation {
        Some(Mutation::AllowsForbiddenHost) => &[HOST_AFTER_MIGRATION, FORBIDDEN_HOST],
        _ => &[HOST_AFTER_MIGRATION],
    };
    let mut options = Options {
        allowed_hosts: hosts.iter().map(|host| (*host).to_owned()).collect(),
        absent_limit_ms: Some(max_absence_ms),
        ..Options::default()
    };
    options.survey.base = Some("https://help.example".to_owned());
    options
}

impl Page {
    /// Copies conversation and draft from the tab, after the tab has processed an input.
    pub(crate) fn update_shown(&mut self) {
        let view = self.tab.view();
        self.shown = view.conversation;
        self.draft = view.draft;
    }

    /// Creates a page that the visitor has just opened.
    pub(crate) fn new(tab: Tab, now: u64) -> Self {
        let view = tab.view();
        Self {
            shown: view.conversation,
            draft: view.draft,
            tab,
            allowed_previews_before_latest_input: true,
            open_requests: BTreeMap::new(),
            unverified_answers: Vec::new(),
            is_verifying: false,
            timer: None,
            timer_lag_ms: USUAL_TIMER_LAG_MS,
            stored: None,
            stored_draft: "".into(),
            events_while_frozen: None,
            is_catching_up: false,
            awake_since: now,
            reload_count: 0,
            tab_messages_scheduled_until: 0,
            lock_inputs_scheduled_until: 0,
            crashes_after_next_effect: false,
            is_closed: false,
        }
    }

    /// Whether the browser has frozen the page, so that it processes no events.
    pub(crate) fn is_frozen(&self) -> bool {
        self.events_while_frozen.is_some()
    }

    /// Whether the page is open and not frozen.
    pub(crate) fn is_running(&self) -> bool {
        !self.is_closed && !self.is_frozen()
    }

    /// Whether messages from other tabs may have arrived that the tab has not processed: such messages wait because the
    /// page is frozen, or the page has just resumed and is still receiving events.
    pub(crate) fn may_have_unread_tab_messages(&self) -> bool {
        let mut waiting_events = self.events_while_frozen.iter().flatten();
        self.is_catching_up || waiting_events.any(|it| matches!(it, Event::TabMessageArrives(..)))
    }

    /// The time at which the timer fires, in ms. `None` if no timer is set, or if the page is frozen or closed.
    pub(crate) fn next_tick_at(&self) -> Option<u64> {
        self.timer.filter(|_| self.is_running())
    }

    /// The packets of the polls that are neither answered nor aborted.
    pub(crate) fn open_polls<'a>(
        &'a self,
        network: &'a Network,
    ) -> impl Iterator<Item = &'a Packet> {
        let packets = self.open_requests.values();
        packets
            .filter_map(|id| network.packet(*id))
            .filter(|packet| packet.request.operation == Operation::GetMessages)
    }

    /// Whether the page still waits for the answer to the request in this packet.
    pub(crate) fn awaits_answer(&self, packet: PacketId) -> bool {
        self.open_requests.values().any(|it| *it == packet)
    }
}
