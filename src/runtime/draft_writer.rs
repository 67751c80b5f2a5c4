//! Stores the draft: at once, but at most every 300 ms while the visitor types, and before the page is
//! hidden or unloaded.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use wasm_bindgen::JsValue;

use super::storage::ConversationStorage;

/// The shortest time between two writes, in ms.
const MIN_INTERVAL_MS: u32 = 300;

/// Stores the draft of one conversation.
pub(super) struct DraftWriter {
    storage: Rc<ConversationStorage>,
    /// The newest draft, if it is not stored yet.
    pending: RefCell<Option<Rc<str>>>,
    /// Runs for [`MIN_INTERVAL_MS`] after each write.
    pause: RefCell<Option<Timeout>>,
    /// Whether the browser accepted the last draft.
    is_storing: Cell<bool>,
}

impl DraftWriter {
    pub(super) fn new(storage: Rc<ConversationStorage>) -> Rc<Self> {
        Rc::new(Self {
            storage,
            pending: RefCell::default(),
            pause: RefCell::default(),
            is_storing: Cell::new(true),
        })
    }

    /// Whether the browser accepted the last draft.
    pub(super) fn is_storing(&self) -> bool {
        self.is_storing.get()
    }

    /// Stores a draft, at once or after the pause. An empty draft is removed at once: its text may have
    /// become a message.
    pub(super) fn write(self: &Rc<Self>, draft: Rc<str>) {
        let is_urgent = draft.is_empty();
        *self.pending.borrow_mut() = Some(draft);
        if is_urgent || self.pause.borrow().is_none() {
            self.flush();
            self.start_pause();
        }
    }

    /// Stores a pending draft now.
    pub(super) fn flush(&self) {
        let pending = self.pending.borrow_mut().take();
        if let Some(draft) = pending {
            let result: Result<(), JsValue> = self.storage.write_draft(&draft);
            self.is_storing.set(result.is_ok());
        }
    }

    fn start_pause(self: &Rc<Self>) {
        let weak = Rc::downgrade(self);
        let pause = Timeout::new(MIN_INTERVAL_MS, move || {
            if let Some(this) = weak.upgrade() {
                this.end_pause();
            }
        });
        drop(self.pause.replace(Some(pause)));
    }

    fn end_pause(self: &Rc<Self>) {
        drop(self.pause.take());
        let is_pending = self.pending.borrow().is_some();
        if is_pending {
            self.flush();
            self.start_pause();
        }
    }
}
