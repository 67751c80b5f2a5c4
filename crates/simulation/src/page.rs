//! A web page that the visitor has open in the simulated browser: the engine's `Tab`, what the browser stores for the
//! page, and what the simulation tracks about the page. The *engine* is the library that runs the visitor's side of the
//! chat. `world::pages` opens, reloads and closes pages; `world::drive` passes inputs to their tabs.
//!
//! Each request that the tab sends travels through the network as one [`Packet`], which also carries the answer back.
//! All times are virtual, in ms since the start of the simulation.

use std::collections::BTreeMap;
use std::rc::Rc;

use pipit_engine::{Conversation, Options, Outcome, RecordWriter, RequestId, Tab};
use pipit_wire::consumer::Operation;

use crate::event_queue::Event;
use crate::ids::PacketId;
use crate::mutation::Mutation;
use crate::network::{Network, Packet};
use crate::page_storage::PageStorage;
use crate::server::{FORBIDDEN_HOST, HOST_AFTER_MIGRATION};

/// A page that the visitor has opened. It stays in the list of pages after the visitor has closed it.
#[derive(Debug)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is an independent fact about the page"
)]
pub(crate) struct Page {
    pub(crate) tab: Tab,
    /// The conversation that the page showed after the most recent input.
    pub(crate) shown: Rc<Conversation>,
    /// The text in the page's composer (the field in which the visitor writes).
    pub(crate) draft: Rc<str>,
    /// Whether the visitor allowed sneak previews (which show the agent what the visitor is typing) before the tab
    /// processed its most recent input. The page sends the requests that an input causes only after the tab has
    /// processed the whole input. A preview among these requests is legitimate even if the same input has withdrawn the
    /// permission.
    pub(crate) allowed_previews_before_latest_input: bool,
    /// The packet of each request that was sent and is neither answered nor aborted.
    pub(crate) open_requests: BTreeMap<RequestId, PacketId>,
    /// The answers that have arrived while the tab waited for the browser to confirm that the tab still holds the lock.
    /// (Only the tab with the lock leads: it talks to the server for all tabs.) The tab uses these answers only if the
    /// browser confirms the lock.
    pub(crate) unverified_answers: Vec<(PacketId, Outcome)>,
    /// The tab has asked the browser whether the tab still holds the lock, and waits for the answer.
    pub(crate) is_verifying: bool,
    /// The time at which the page's only timer fires, in ms. `None` if no timer is set.
    pub(crate) timer: Option<u64>,
    /// The delay of the page's timer, in ms: the timer fires this much after the requested time.
    pub(crate) timer_lag_ms: u64,
    /// The conversation that the tab has stored for a reload.
    pub(crate) storage: PageStorage,
    /// Writes into the storage. It begins anew when the page is loaded.
    pub(crate) record_writer: RecordWriter,
    /// The draft that the tab has stored for a reload. Empty if it has stored none.
    pub(crate) stored_draft: Rc<str>,
    /// The events that have arrived since the browser froze the page. `None` while the page is not frozen.
    pub(crate) events_while_frozen: Option<Vec<Event>>,
    /// The page has just resumed, and is receiving the events that arrived while it was frozen.
    pub(crate) is_catching_up: bool,
    /// The time at which the page was most recently opened, reloaded or resumed, in ms.
    pub(crate) awake_since: u64,
    /// The number of times the page has been reloaded or closed. An event that was scheduled before the most recent
    /// reload or the closing is dropped, for example the answer to a request that was sent before the reload.
    pub(crate) reload_count: u32,
    /// The time at which the most recently sent message from another tab arrives, in ms. This time may be in the
    /// future. Later messages arrive no earlier, so that they cannot overtake this message.
    pub(crate) tab_messages_scheduled_until: u64,
    /// The time at which the most recently sent report about the lock arrives, in ms. This time may be in the future.
    /// Later reports arrive no earlier, so that they cannot overtake this report.
    pub(crate) lock_inputs_scheduled_until: u64,
    /// The page has left the other tabs before it was frozen. Only pages of a browser without locks do so.
    pub(crate) has_left: bool,
    /// The page crashes as soon as it has performed one more effect (an action that its tab demands). A message to the
    /// other tabs does not count as an effect here.
    pub(crate) crashes_after_next_effect: bool,
    /// The visitor has closed the page. It stays in the list of pages and does nothing.
    pub(crate) is_closed: bool,
}

/// The delay of the timer in a page that no fault slows down, in ms.
const USUAL_TIMER_LAG_MS: u64 = 5;

/// The greatest delay of a timer, in ms. Browsers fire the timers of a background tab at most once a second.
pub(crate) const MAX_TIMER_LAG_MS: u64 = 1_000;

/// Returns the engine's options, which are the same for all pages of a simulated run. The server ends a chat if the
/// visitor's tabs have sent no poll for `max_absence_ms`.
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
    /// Copies the conversation and the draft from the tab. Call this after the tab has processed an input.
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
            storage: PageStorage::default(),
            record_writer: RecordWriter::default(),
            stored_draft: "".into(),
            events_while_frozen: None,
            is_catching_up: false,
            awake_since: now,
            reload_count: 0,
            tab_messages_scheduled_until: 0,
            lock_inputs_scheduled_until: 0,
            has_left: false,
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

    /// Whether messages from other tabs may still wait for the tab. They wait while the page is frozen, and for a
    /// moment after it resumes.
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
