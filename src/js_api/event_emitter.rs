//! Hands the page its events, and the state that the launcher shows.
//!
//! The emitter watches the conversation and lets `app/page_event.rs` compare each state with the one before. Besides the
//! events for the host there is one report, `state`, for the page's own TypeScript (`npm/panel-state.ts`).

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use js_sys::Function;
use pipit_engine::{Phase, TabView};
use wasm_bindgen::JsValue;

use crate::app::event_payload::{ConnectionStatus, Nothing};
use crate::app::page_event::{ObservedState, PageEvent, diff};
use crate::app::unread::UnreadCounter;
use crate::js_object::JsObject;
use crate::locale::{TextKey, Texts};
use crate::runtime::Runtime;
use crate::visibility::is_page_visible;

/// The name of the report on the state.
const STATE: &str = "state";

/// Reports to the page what happens. One emitter serves all conversations of a panel.
pub(super) struct EventEmitter {
    emit: Function,
    runtime: Weak<Runtime>,
    texts: RefCell<Rc<Texts>>,
    /// Whether the panel can be opened and closed. A panel that cannot counts as open, but it has no event `widget:opened`.
    can_close: bool,
    /// The state after the last events.
    last: RefCell<ObservedState>,
    unread: RefCell<UnreadCounter>,
    /// Whether the first state was reported.
    has_begun: Cell<bool>,
}

impl EventEmitter {
    pub(super) fn new(
        emit: Function,
        runtime: &Rc<Runtime>,
        texts: Rc<Texts>,
        can_close: bool,
    ) -> Rc<Self> {
        let conversation = runtime.view().conversation;
        Rc::new(Self {
            emit,
            runtime: Rc::downgrade(runtime),
            texts: RefCell::new(texts),
            can_close,
            unread: RefCell::new(UnreadCounter::new(&conversation.transcript)),
            last: RefCell::new(ObservedState {
                conversation,
                is_open: false,
                unread: 0,
            }),
            has_begun: Cell::new(false),
        })
    }

    /// Reports the state, and from then on what changes.
    pub(super) fn begin(this: &Rc<Self>, runtime: &Rc<Runtime>) {
        let now = runtime.view();
        this.report_state(&now);
        if now.conversation.phase.is_live() {
            this.emit(&PageEvent::ChatResumed(Nothing));
        }
        let emitter = this.clone();
        runtime.watch(move |now| emitter.observe(now));
    }

    /// Counts every message so far as read.
    pub(super) fn mark_read(&self, runtime: &Rc<Runtime>) {
        let now = runtime.view();
        self.unread
            .borrow_mut()
            .mark_read(&now.conversation.transcript);
        self.observe(&now);
    }

    /// Takes over the texts of another language.
    pub(super) fn set_texts(&self, runtime: &Rc<Runtime>, texts: Rc<Texts>) {
        *self.texts.borrow_mut() = texts;
        self.report_state(&runtime.view());
    }

    fn observe(&self, now: &TabView) {
        let after = ObservedState {
            is_open: now.is_open,
            unread: self.count_unread(now),
            conversation: now.conversation.clone(),
        };
        // Replaced before the page learns of it, because the page may call a command at once.
        let before = self.last.replace(after.clone());
        let is_state_changed = before.conversation.phase != after.conversation.phase
            || before.is_open != after.is_open
            || before.conversation.connection != after.conversation.connection
            || before.unread != after.unread;
        if is_state_changed || !self.has_begun.replace(true) {
            self.report_state(now);
        }
        for event in diff(&before, &after) {
            self.emit(&event);
        }
    }

    fn count_unread(&self, now: &TabView) -> u32 {
        let mut unread = self.unread.borrow_mut();
        if self.is_open(now) && is_page_visible() {
            unread.mark_read(&now.conversation.transcript);
        }
        unread.count(&now.conversation.transcript)
    }

    fn is_open(&self, now: &TabView) -> bool {
        now.is_open || !self.can_close
    }

    /// Reports what the launcher shows, and what the host may ask for at any time.
    fn report_state(&self, now: &TabView) {
        let unread = self.last.borrow().unread;
        let texts = self.texts.borrow().clone();
        let label = match unread {
            0 => texts.get(TextKey::Launcher),
            _ => texts.plural(TextKey::LauncherUnread, unread),
        };
        let badge = if unread > 0 {
            texts.number(unread)
        } else {
            String::new()
        };
        let runtime = self.runtime.upgrade();
        let leads = runtime.is_some_and(|runtime| runtime.leads());
        let state = JsObject::new()
            .with("label", &*label)
            .with("badge", badge)
            .with("locale", &*texts.tag())
            .with("state", phase_name(&now.conversation.phase))
            .with("isOpen", self.is_open(now))
            .with("unread", unread)
            .with("leads", leads)
            .with(
                "connection",
                ConnectionStatus::of(&now.conversation).as_str(),
            );
        self.call_page(STATE, state);
    }

    fn emit(&self, event: &PageEvent) {
        self.call_page(event.name(), event.to_object());
    }

    fn call_page(&self, name: &str, payload: JsObject) {
        // A listener that throws must not stop the chat.
        let _ = self
            .emit
            .call2(&JsValue::NULL, &name.into(), &payload.into());
    }
}

/// The name of a phase for the page.
fn phase_name(phase: &Phase) -> &'static str {
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
