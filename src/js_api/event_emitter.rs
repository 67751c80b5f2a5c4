//! Sends events to the web page, and the state that the launcher (the button that opens the panel) shows.
//!
//! `app/page_event.rs` derives the events by comparing each state with the previous state. The report `state` is not an
//! event for the host (the web team's code on the page): only the widget's own TypeScript on the page receives it
//! (`npm/panel-state.ts`).

use std::cell::{Cell, RefCell};

use js_sys::Function;
use pipit_engine::{Phase, TabView};
use wasm_bindgen::JsValue;

use crate::app::event_payload::{ConnectionStatus, NoPayload};
use crate::app::page_event::{ObservedState, PageEvent, diff};
use crate::app::unread::UnreadCounter;
use crate::js_object::JsObject;
use crate::locale::{TextKey, Texts};
use crate::runtime::Runtime;
use crate::visibility::is_page_visible;

/// The name under which the state is reported.
const STATE: &str = "state";

/// The name under which it is reported that the visitor was forgotten.
const FORGOTTEN: &str = "forgotten";

/// Reports to the web page what happens. One emitter serves all conversations of a panel.
pub(super) struct EventEmitter {
    /// The page's function that receives a name and a payload.
    emit: Function,
    /// Whether the panel can be opened and closed. The report `state` of a panel that cannot be closed says from the
    /// start that the panel is open, and no event `widget:opened` says so.
    can_close: bool,
    /// The state after the most recent events.
    reported_state: RefCell<ObservedState>,
    unread_counter: RefCell<UnreadCounter>,
    /// Whether [`Self::begin`] has reported the first state. No event is reported before that.
    has_begun: Cell<bool>,
}

impl EventEmitter {
    /// Creates an emitter that reports the changes since the state `tab`. The panel counts as closed at first, even if
    /// it is open in `tab`, so that a panel that is open after a reload causes the event `widget:opened`.
    pub(super) fn new(emit: Function, can_close: bool, tab: &TabView) -> Self {
        Self {
            emit,
            can_close,
            unread_counter: RefCell::new(UnreadCounter::new(&tab.conversation.transcript)),
            reported_state: RefCell::new(ObservedState {
                conversation: tab.conversation.clone(),
                is_open: false,
                unread: 0,
            }),
            has_begun: Cell::new(false),
        }
    }

    /// Reports the first state. If a conversation runs, then reports that it was resumed. Finally reports the changes
    /// since the emitter was created.
    pub(super) fn begin(&self, runtime: &Runtime, texts: &Texts) {
        self.report_state(runtime, texts);
        if runtime.view().conversation.phase.is_live() {
            self.emit(&PageEvent::ChatResumed(NoPayload));
        }
        self.has_begun.set(true);
        self.observe(runtime, texts);
    }

    /// Reports the changes since the previous call; does nothing before [`Self::begin`]. This function must be called
    /// after every input of the runtime.
    pub(super) fn observe(&self, runtime: &Runtime, texts: &Texts) {
        if !self.has_begun.get() {
            return;
        }
        let tab = runtime.view();
        let after = ObservedState {
            is_open: tab.is_open,
            unread: self.count_unread(&tab),
            conversation: tab.conversation,
        };
        // The new state is stored before the page receives an event, because a listener of the page may call a command
        // at once, and the command calls this function again.
        let before = self.reported_state.replace(after.clone());
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

    /// Marks every message that has arrived as read.
    pub(super) fn mark_read(&self, runtime: &Runtime, texts: &Texts) {
        let transcript = &runtime.view().conversation.transcript;
        self.unread_counter.borrow_mut().mark_read(transcript);
        self.observe(runtime, texts);
    }

    /// Reports what the launcher shows, and the state that the TypeScript keeps for the host. The member `leads` states
    /// whether this browser tab talks to the server. Only one of the tabs that show the website does so.
    pub(super) fn report_state(&self, runtime: &Runtime, texts: &Texts) {
        let tab = runtime.view();
        let unread = self.reported_state.borrow().unread;
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
            .with("state", phase_name(&tab.conversation.phase))
            .with("isOpen", self.is_open(&tab))
            .with("unread", unread)
            .with("leads", runtime.leads())
            .with(
                "connection",
                ConnectionStatus::of(&tab.conversation).as_str(),
            );
        self.call_page(STATE, state);
    }

    /// Reports that the visitor was forgotten. The TypeScript then drops what it knows about the visitor.
    pub(super) fn report_forgetting(&self) {
        self.call_page(FORGOTTEN, JsObject::new());
    }

    /// The number of unread messages. While the visitor sees the open panel, all messages count as read.
    fn count_unread(&self, tab: &TabView) -> u32 {
        // Asked before the counter is borrowed, because the page may have replaced the browser's answer by a function.
        let is_seen = self.is_open(tab) && is_page_visible();
        let mut unread_counter = self.unread_counter.borrow_mut();
        if is_seen {
            unread_counter.mark_read(&tab.conversation.transcript);
        }
        unread_counter.count(&tab.conversation.transcript)
    }

    /// Whether the panel is shown: it was opened, or cannot be closed.
    fn is_open(&self, tab: &TabView) -> bool {
        tab.is_open || !self.can_close
    }

    fn emit(&self, event: &PageEvent) {
        self.call_page(event.name(), event.to_object());
    }

    /// Hands an event or the report `state` to the page's function.
    fn call_page(&self, name: &str, payload: JsObject) {
        // The result is ignored, because a listener that throws must not stop the chat.
        let _ = self
            .emit
            .call2(&JsValue::NULL, &name.into(), &payload.into());
    }
}

/// The name of a phase as the web page reads it.
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
