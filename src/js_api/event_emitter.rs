//! Hands the page its events, and the state that the launcher shows.
//!
//! `app/page_event.rs` compares each state with the one before. Besides the events for the host there is one report,
//! `state`, for the page's own TypeScript (`npm/panel-state.ts`).

use std::cell::{Cell, RefCell};

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
    /// Whether the panel can be opened and closed. A panel that cannot counts as open, but it has no event `widget:opened`.
    can_close: bool,
    /// The state after the last events.
    last: RefCell<ObservedState>,
    unread: RefCell<UnreadCounter>,
    /// Whether [`Self::begin`] has reported the first state. Nothing is reported before.
    has_begun: Cell<bool>,
}

impl EventEmitter {
    /// An emitter for which nothing has happened since `now`.
    pub(super) fn new(emit: Function, can_close: bool, now: &TabView) -> Self {
        Self {
            emit,
            can_close,
            unread: RefCell::new(UnreadCounter::new(&now.conversation.transcript)),
            last: RefCell::new(ObservedState {
                conversation: now.conversation.clone(),
                is_open: false,
                unread: 0,
            }),
            has_begun: Cell::new(false),
        }
    }

    /// Reports the first state, and what has happened since the emitter was made.
    pub(super) fn begin(&self, runtime: &Runtime, texts: &Texts) {
        self.report_state(runtime, texts);
        if runtime.view().conversation.phase.is_live() {
            self.emit(&PageEvent::ChatResumed(Nothing));
        }
        self.has_begun.set(true);
        self.observe(runtime, texts);
    }

    /// Reports what has happened since the last call. It has to follow every input of the runtime.
    pub(super) fn observe(&self, runtime: &Runtime, texts: &Texts) {
        if !self.has_begun.get() {
            return;
        }
        let now = runtime.view();
        let after = ObservedState {
            is_open: now.is_open,
            unread: self.count_unread(&now),
            conversation: now.conversation,
        };
        // Replaced before the page learns of it, because the page may call a command at once.
        let before = self.last.replace(after.clone());
        if before.conversation.phase != after.conversation.phase
            || before.is_open != after.is_open
            || before.conversation.connection != after.conversation.connection
            || before.unread != after.unread
        {
            self.report_state(runtime, texts);
        }
        for event in diff(&before, &after) {
            self.emit(&event);
        }
    }

    /// Counts every message so far as read.
    pub(super) fn mark_read(&self, runtime: &Runtime, texts: &Texts) {
        let transcript = &runtime.view().conversation.transcript;
        self.unread.borrow_mut().mark_read(transcript);
        self.observe(runtime, texts);
    }

    /// Reports what the launcher shows, and what the host may ask for at any time.
    pub(super) fn report_state(&self, runtime: &Runtime, texts: &Texts) {
        let now = runtime.view();
        let unread = self.last.borrow().unread;
        let label = match unread {
            0 => texts.get(TextKey::Launcher),
            _ => texts.plural(TextKey::LauncherUnread, unread),
        };
        let badge = if unread > 0 {
            texts.number(unread)
        } else {
            String::new()
        };
        let state = JsObject::new()
            .with("label", &*label)
            .with("badge", badge)
            .with("locale", &*texts.tag())
            .with("state", phase_name(&now.conversation.phase))
            .with("isOpen", self.is_open(&now))
            .with("unread", unread)
            .with("leads", runtime.leads())
            .with(
                "connection",
                ConnectionStatus::of(&now.conversation).as_str(),
            );
        self.call_page(STATE, state);
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
