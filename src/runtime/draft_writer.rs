//! Stores the draft, which is the text in the composer (the field in which the visitor types). While the visitor types,
//! writes are at least 300 ms apart, so that not every key press causes a write. An empty draft never
//! waits. The runtime calls [`DraftWriter::flush`] when the page is hidden or unloaded, so that no text is lost.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use wasm_bindgen::JsValue;

use super::storage::ConversationStorage;

/// The pause after a write, in ms. A draft that is not empty waits until the pause is over. [`DraftWriter::flush`] does
/// not wait.
const MIN_INTERVAL_MS: u32 = 300;

/// Stores the draft of this tab.
pub(super) struct DraftWriter {
    storage: Rc<ConversationStorage>,
    /// The newest draft if it still has to be written; otherwise `None`.
    pending: RefCell<Option<Rc<str>>>,
    /// The timer of the pause after a write; `None` while every draft may be written at once.
    pause: RefCell<Option<Timeout>>,
    /// Whether the browser accepted the most recent write; true before the first write.
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

    /// Whether the browser accepted the most recent write; true before the first write. The browser refuses writes
    /// where storage is blocked or full.
    pub(super) fn is_storing(&self) -> bool {
        self.is_storing.get()
    }

    /// Stores a draft, at once or after the pause. An empty draft is stored at once: the visitor may have sent
    /// the text, and a sent text must not return as a draft after a reload.
    pub(super) fn write(self: &Rc<Self>, draft: Rc<str>) {
        let is_urgent = draft.is_empty();
        *self.pending.borrow_mut() = Some(draft);
        if is_urgent || self.pause.borrow().is_none() {
            self.flush();
            self.start_pause();
        }
    }

    /// Stores the newest draft now, unless it was already written.
    pub(super) fn flush(&self) {
        let pending = self.pending.borrow_mut().take();
        if let Some(draft) = pending {
            let result: Result<(), JsValue> = self.storage.write_draft(&draft);
            self.is_storing.set(result.is_ok());
        }
    }

    /// Delays the next write by [`MIN_INTERVAL_MS`]. An empty draft and [`Self::flush`] are not delayed.
    fn start_pause(self: &Rc<Self>) {
        let weak = Rc::downgrade(self);
        let pause = Timeout::new(MIN_INTERVAL_MS, move || {
            if let Some(this) = weak.upgrade() {
                this.end_pause();
            }
        });
        drop(self.pause.replace(Some(pause)));
    }

    /// Allows the next write. If a draft has arrived during the pause, stores it and begins another pause.
    fn end_pause(self: &Rc<Self>) {
        drop(self.pause.take());
        let is_pending = self.pending.borrow().is_some();
        if is_pending {
            self.flush();
            self.start_pause();
        }
    }
}
