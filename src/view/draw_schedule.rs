//! Decides when the panel is drawn. What the visitor or the host does is drawn at once. Everything else, such as the messages
//! of agents, waits for the browser's next frame, so that a burst of messages is drawn once and not once for each message.

use std::cell::{OnceCell, RefCell};
use std::rc::{Rc, Weak};

use gloo_timers::callback::Timeout;
use js_sys::Function;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use crate::app::widget_state::DrawTime;
use crate::view::conversation_slot::ConversationSlot;

// A script of the page may have replaced these functions, so they may throw and may return anything.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_name = requestAnimationFrame)]
    fn request_frame(callback: &Function) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = cancelAnimationFrame)]
    fn cancel_frame(request: &JsValue) -> Result<JsValue, JsValue>;
}

/// The longest time, in ms, that a change waits for the next frame. A hidden page has no frames, and a script of the page
/// may have replaced the function that asks for one.
const MAX_WAIT_MILLIS: u32 = 50;

/// When the panel in a slot is drawn.
pub(crate) struct DrawSchedule {
    slot: ConversationSlot,
    /// The draw that waits for the next frame; `None` if nothing has to be drawn.
    waiting: RefCell<Option<WaitingDraw>>,
    /// What the browser calls with a frame. It lives as long as the schedule, because a page that has replaced the
    /// browser's function may call it at any time.
    on_frame: OnceCell<Closure<dyn Fn()>>,
}

/// A draw that waits for the next frame. Dropping it cancels it.
struct WaitingDraw {
    /// What the browser has returned for the request; `None` if the browser has refused it or is being asked.
    frame: Option<JsValue>,
    _timeout: Timeout,
}

impl Drop for WaitingDraw {
    fn drop(&mut self) {
        if let Some(frame) = &self.frame {
            // If this fails, the frame finds nothing to draw.
            let _ = cancel_frame(frame);
        }
    }
}

impl DrawSchedule {
    /// A schedule for the panel in this slot.
    pub(crate) fn new(slot: ConversationSlot) -> Rc<Self> {
        let schedule = Rc::new(Self {
            slot,
            waiting: RefCell::default(),
            on_frame: OnceCell::new(),
        });
        let draw = Self::draw_if_waiting(Rc::downgrade(&schedule));
        // This cannot fail, because nothing else fills the cell.
        let _ = schedule.on_frame.set(Closure::new(draw));
        schedule
    }

    /// Draws the panel, now or with the next frame.
    pub(crate) fn draw(self: &Rc<Self>, time: DrawTime) {
        match time {
            DrawTime::AtOnce => self.draw_now(),
            DrawTime::NextFrame => self.draw_in_next_frame(),
        }
    }

    fn draw_now(&self) {
        // Two statements, so that nothing is borrowed during the drop, which can run code of the page.
        let waiting = self.waiting.take();
        drop(waiting);
        self.slot.redraw();
    }

    fn draw_in_next_frame(self: &Rc<Self>) {
        if self.waiting.borrow().is_some() {
            return;
        }
        let draw = Self::draw_if_waiting(Rc::downgrade(self));
        let timeout = Timeout::new(MAX_WAIT_MILLIS, draw);
        // The draw waits before the browser is asked, because a function of the page that stands in for the browser's may
        // call back at once.
        self.waiting.replace(Some(WaitingDraw {
            frame: None,
            _timeout: timeout,
        }));
        let frame = self.request_frame();
        if let Some(waiting) = &mut *self.waiting.borrow_mut() {
            waiting.frame = frame;
        }
    }

    /// Asks the browser for a frame. Returns what the browser returns; `None` if it fails.
    fn request_frame(&self) -> Option<JsValue> {
        let callback = self.on_frame.get()?.as_ref().unchecked_ref();
        request_frame(callback).ok()
    }

    /// A function that draws the panel unless it was drawn meanwhile.
    fn draw_if_waiting(schedule: Weak<Self>) -> impl Fn() {
        move || {
            if let Some(schedule) = schedule.upgrade()
                && schedule.waiting.borrow().is_some()
            {
                schedule.draw_now();
            }
        }
    }
}
