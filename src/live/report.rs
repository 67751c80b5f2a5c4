//! Tells the page what happens, by comparing the conversation before and after.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use js_sys::Function;
use pipit_engine::{
    Agent, Connection, Content, Conversation, Delivery, Entry, Failure, Phase, PostFailure,
    SessionRefused, Wait,
};
use pipit_wire::WireValue;
use pipit_wire::vocabulary::ActivityMode;
use wasm_bindgen::JsValue;

use crate::js_object::JsObject;
use crate::locale::{TextKey, Texts};
use crate::runtime::Runtime;
use crate::unread::{is_of_agent, is_page_seen};
use crate::view::context::ViewContext;

/// What the page was told last.
pub(super) struct Reporter {
    report: Function,
    runtime: Weak<Runtime>,
    words: RefCell<Rc<Texts>>,
    can_close: bool,
    before: RefCell<Conversation>,
    /// How many entries of the transcript the visitor has seen.
    read: Cell<usize>,
    unread: Cell<u32>,
    /// Nothing is told before the start, nor twice at once.
    has_begun: Cell<bool>,
}

/// An event's name and what is told of it.
type Event = (&'static str, JsObject);

impl Reporter {
    pub(super) fn new(report: Function, link: &ViewContext, can_close: bool) -> Rc<Self> {
        let mut before = link.runtime.conversation();
        before.is_open = false;
        Rc::new(Self {
            report,
            runtime: Rc::downgrade(&link.runtime),
            words: RefCell::new(link.texts.clone()),
            can_close,
            read: Cell::new(before.transcript.len()),
            before: RefCell::new(before),
            unread: Cell::new(0),
            has_begun: Cell::new(false),
        })
    }

    /// Tells how things stand, and from then on what changes.
    pub(super) fn begin(this: &Rc<Self>, runtime: &Rc<Runtime>) {
        let now = runtime.conversation();
        this.tell_state(&now);
        if now.phase.is_live() {
            this.say("chat:resumed", JsObject::new());
        }
        let reporter = this.clone();
        runtime.watch(move |now| reporter.tell(&now));
    }

    /// What has come until now counts as seen.
    pub(super) fn mark_read(&self, runtime: &Rc<Runtime>) {
        let now = runtime.conversation();
        self.read.set(now.transcript.len());
        self.tell(&now);
    }

    /// The page has other words.
    pub(super) fn speak(&self, runtime: &Rc<Runtime>, words: Rc<Texts>) {
        *self.words.borrow_mut() = words;
        self.tell_state(&runtime.conversation());
    }

    fn tell(&self, now: &Conversation) {
        // Put in place at once: what is told may bring new commands.
        let before = self.before.replace(now.clone());
        let unread = self.count_unread(now);
        let was_unread = self.unread.replace(unread);
        let is_other = before.phase != now.phase
            || before.is_open != now.is_open
            || before.connection != now.connection
            || was_unread != unread;
        if is_other || !self.has_begun.replace(true) {
            self.tell_state(now);
        }
        let mut events = Vec::new();
        if before.is_open != now.is_open {
            let name = if now.is_open {
                "widget:opened"
            } else {
                "widget:closed"
            };
            events.push((name, JsObject::new()));
        }
        // Who joins is told before what they say, and the end after it.
        let is_over = matches!(now.phase, Phase::Concluded(_) | Phase::Failed(_));
        if !is_over {
            tell_phase(&before.phase, &now.phase, &mut events);
        }
        tell_entries(&before.transcript, &now.transcript, &mut events);
        if is_over {
            tell_phase(&before.phase, &now.phase, &mut events);
        }
        if was_unread != unread {
            events.push(("unread:changed", JsObject::new().with("count", unread)));
        }
        if before.connection != now.connection && now.phase.is_live() {
            let connection = connection(now);
            events.push((
                "connection:changed",
                JsObject::new().with("connection", connection),
            ));
        }
        for (name, payload) in events {
            self.say(name, payload);
        }
    }

    /// How many messages of agents have come since the panel was last open on a page that was seen. What a reload finds
    /// counts as seen.
    fn count_unread(&self, now: &Conversation) -> u32 {
        let transcript = &now.transcript;
        if (now.is_open || !self.can_close) && is_page_seen() {
            self.read.set(transcript.len());
        }
        let new = transcript.get(self.read.get()..).unwrap_or_default();
        let of_agents = new.iter().filter(|entry| is_of_agent(&entry.content));
        u32::try_from(of_agents.count()).unwrap_or(u32::MAX)
    }

    /// What the launcher shows, and what the page may ask for at any time.
    fn tell_state(&self, now: &Conversation) {
        let unread = self.unread.get();
        let words = self.words.borrow().clone();
        let label = match unread {
            0 => words.get(TextKey::Launcher),
            _ => words.plural(TextKey::LauncherUnread, unread),
        };
        let badge = if unread > 0 {
            words.number(unread)
        } else {
            String::new()
        };
        let leads = self
            .runtime
            .upgrade()
            .is_some_and(|runtime| runtime.leads());
        let payload = JsObject::new()
            .with("label", &*label)
            .with("badge", badge)
            .with("locale", &*words.tag())
            .with("state", phase(&now.phase))
            .with("isOpen", now.is_open || !self.can_close)
            .with("unread", unread)
            .with("leads", leads)
            .with("connection", connection(now));
        self.say("state", payload);
    }

    fn say(&self, name: &str, payload: JsObject) {
        // What the page does with it is the page's; it must not stop the chat.
        let _ = self
            .report
            .call2(&JsValue::NULL, &name.into(), &payload.into());
    }
}

fn tell_entries(before: &[Rc<Entry>], now: &[Rc<Entry>], events: &mut Vec<Event>) {
    for (index, entry) in now.iter().enumerate() {
        if before.get(index).is_some_and(|old| Rc::ptr_eq(old, entry)) {
            continue;
        }
        let old = before.iter().rev().find(|old| old.id == entry.id);
        match (old.map(|old| &old.content), &entry.content) {
            (
                None,
                Content::Agent {
                    body, name, rich, ..
                },
            ) => {
                let payload = message(entry, body)
                    .with("name", &**name)
                    .with("isHtml", *rich);
                events.push(("message:received", payload));
            }
            (None, Content::Visitor { text, delivery }) => {
                events.push(("message:sending", message(entry, text)));
                tell_delivery(entry, text, *delivery, events);
            }
            (Some(Content::Visitor { delivery: was, .. }), Content::Visitor { text, delivery })
                if was != delivery =>
            {
                tell_delivery(entry, text, *delivery, events);
            }
            _ => {}
        }
    }
}

fn tell_delivery(entry: &Entry, text: &str, delivery: Delivery, events: &mut Vec<Event>) {
    let payload = || message(entry, text);
    events.push(match delivery {
        Delivery::Queued | Delivery::Sending => return,
        Delivery::Accepted => ("message:sent", payload()),
        Delivery::Unknown => ("message:unknown", payload()),
        Delivery::Failed(why) => ("message:failed", payload().with("reason", not_sent(why))),
    });
}

#[allow(clippy::cast_precision_loss, reason = "exact up to the year 287396")]
fn message(entry: &Entry, text: &str) -> JsObject {
    JsObject::new()
        .with("id", entry.id.0.to_string())
        .with("text", text)
        .with("at", entry.at as f64)
}

fn not_sent(why: PostFailure) -> &'static str {
    match why {
        PostFailure::LeadLeft => "lead-left",
        PostFailure::TakenForAbuse => "taken-for-abuse",
        PostFailure::Refused => "refused",
        PostFailure::Over => "over",
    }
}

fn tell_phase(before: &Phase, now: &Phase, events: &mut Vec<Event>) {
    if before == now {
        return;
    }
    let was_waiting = matches!(before, Phase::Queued(_) | Phase::Requeued(_));
    match now {
        Phase::Idle => {}
        Phase::Starting => events.push(("chat:requested", JsObject::new())),
        Phase::Queued(wait) | Phase::Requeued(wait) if was_waiting => {
            events.push(("queue:changed", waits(wait)));
        }
        Phase::Queued(wait) => events.push(("chat:queued", waits(wait))),
        Phase::Requeued(wait) => events.push(("chat:transferred", waits(wait))),
        Phase::Chatting(agents) => {
            let known = match before {
                Phase::Chatting(known) => known.as_slice(),
                _ => &[],
            };
            if !matches!(before, Phase::Chatting(_) | Phase::Requeued(_)) {
                let first = agents.first().map(agent);
                events.push(("chat:started", JsObject::new().with_some("agent", first)));
            }
            tell_agents(known, agents, events);
        }
        Phase::Concluded(end) => {
            let payload = JsObject::new()
                .with("reason", end.reason.write().as_str().unwrap_or_default())
                .with("engagementId", end.engagement_id.0.to_string());
            events.push(("chat:ended", payload));
        }
        Phase::Failed(failure) => {
            events.push(("error", JsObject::new().with("code", code(failure))));
        }
    }
}

fn tell_agents(before: &[Agent], now: &[Agent], events: &mut Vec<Event>) {
    let of = |all: &[Agent], one: &Agent| all.iter().any(|it| it.client_id == one.client_id);
    for gone in before.iter().filter(|gone| !of(now, gone)) {
        events.push(("agent:left", agent(gone)));
    }
    for here in now {
        let known = before.iter().find(|old| old.client_id == here.client_id);
        if known.is_none() {
            events.push(("agent:joined", agent(here)));
        }
        if known.is_some_and(|old| old.activity != here.activity) {
            events.push(("agent:activity", agent(here)));
        }
    }
}

fn agent(agent: &Agent) -> JsObject {
    let activity = match &agent.activity {
        ActivityMode::Away => "away",
        ActivityMode::Listening => "listening",
        ActivityMode::Researching => "researching",
        ActivityMode::Responding => "responding",
        _ => "none",
    };
    JsObject::new()
        .with("id", agent.client_id.0.to_string())
        .with("name", &*agent.name)
        .with("activity", activity)
        .with("isVirtual", agent.is_virtual)
}

fn waits(wait: &Wait) -> JsObject {
    JsObject::new()
        .with_some("position", wait.position)
        .with_some("expectedSeconds", wait.expected_seconds)
        .with_some("averageSeconds", wait.average_seconds)
}

fn phase(phase: &Phase) -> &'static str {
    match phase {
        Phase::Idle => "idle",
        Phase::Starting => "starting",
        Phase::Queued(_) => "queued",
        Phase::Chatting(_) => "chatting",
        Phase::Requeued(_) => "requeued",
        Phase::Concluded(_) => "ended",
        Phase::Failed(_) => "failed",
    }
}

/// Nothing is known of it where there is no engagement.
fn connection(now: &Conversation) -> &'static str {
    match now.connection {
        _ if !now.phase.is_live() => "none",
        Connection::Asking => "asking",
        Connection::Connected => "connected",
        Connection::Lost => "lost",
    }
}

fn code(failure: &Failure) -> &'static str {
    match failure {
        Failure::NoSession(SessionRefused::NotConfigured) => "E_SESSION_MISSING",
        Failure::NoSession(SessionRefused::Unavailable) => "E_SESSION_UNAVAILABLE",
        Failure::NoSession(SessionRefused::Unreadable) => "E_SESSION_UNREADABLE",
        Failure::NoAddress => "E_ADDRESS_MISSING",
        Failure::TokenRefused => "E_SESSION_REJECTED",
        Failure::SessionLost => "E_SESSION_LOST",
        Failure::Dequeued => "E_DEQUEUED",
        Failure::NotStarted(_) => "E_NOT_STARTED",
        Failure::TimedOut | Failure::Unreachable => "E_UNREACHABLE",
        Failure::Interrupted => "E_INTERRUPTED",
        Failure::BadRequest
        | Failure::NotFound
        | Failure::ServerError
        | Failure::UnexpectedStatus(_)
        | Failure::Unreadable => "E_SERVER",
    }
}
