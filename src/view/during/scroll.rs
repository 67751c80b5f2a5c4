//! The visitor's place in the messages: who is at the end stays there, who is not stays where they
//! are.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_events::EventListener;
use pipit_engine::{Content, Entry, EntryId};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, HtmlElement, ResizeObserver};
use yew::{NodeRef, UseForceUpdateHandle, hook, use_effect_with, use_force_update, use_mut_ref};

use crate::app::unread::is_from_agent;
use crate::view::frame::focus;

/// So near to the end counts as at the end, in px.
const NEAR_PX: i32 = 48;

/// What stands above the first new message, in px.
const ABOVE_PX: f64 = 12.0;

/// The place in a list of messages.
#[derive(Clone)]
pub(crate) struct TranscriptScroll {
    /// What scrolls, and has one child with all that is in it.
    list: NodeRef,
    /// The messages of agents that have come since the visitor left the end.
    pub(crate) unread: Vec<EntryId>,
    position: Rc<RefCell<ScrollPosition>>,
    redraw: UseForceUpdateHandle,
}

struct ScrollPosition {
    is_at_end: bool,
    /// In px, when it was last looked at.
    top: i32,
    /// Of all that is in the list, in px, when it was last looked at.
    height: i32,
    /// The newest entry that the visitor can have seen.
    seen: Option<EntryId>,
}

#[hook]
pub(crate) fn use_scroll(list: &NodeRef, entries: &[Rc<Entry>]) -> TranscriptScroll {
    let newest = entries.iter().map(|entry| entry.id).max();
    let position = use_mut_ref(|| ScrollPosition {
        is_at_end: true,
        top: 0,
        height: 0,
        seen: newest,
    });
    if position.borrow().is_at_end {
        let mut position = position.borrow_mut();
        position.seen = position.seen.max(newest);
    }
    let seen = position.borrow().seen;
    let new = || entries.iter().filter(move |entry| Some(entry.id) > seen);
    let unread: Vec<EntryId> = new()
        .filter(|entry| is_from_agent(&entry.content))
        .map(|entry| entry.id)
        .collect();
    let scroll = TranscriptScroll {
        list: list.clone(),
        unread,
        position,
        redraw: use_force_update(),
    };
    // Who writes wants to see what becomes of it.
    let has_written = new().any(|entry| matches!(entry.content, Content::Visitor { .. }));
    {
        let scroll = scroll.clone();
        use_effect_with(has_written, move |has_written| {
            if *has_written {
                scroll.go_to_end();
            }
        });
    }
    {
        let scroll = scroll.clone();
        use_effect_with((), move |()| {
            // Told of all that moves the end: messages, a banner, the keyboard of a phone.
            let moved = scroll.clone();
            let list = scroll.list.cast::<Element>();
            let watch = list.as_ref().map(|list| {
                SizeObserver::new(list, move || {
                    if moved.position.borrow().is_at_end {
                        moved.to_end();
                    }
                })
            });
            let onscroll =
                list.map(|list| EventListener::new(&list, "scroll", move |_| scroll.looks()));
            move || drop((watch, onscroll))
        });
    }
    scroll
}

impl TranscriptScroll {
    /// Shows the first new message, or the end if it is seen already. The focus goes along: what
    /// was pressed will vanish.
    pub(crate) fn to_unread(&self) {
        let Some(list) = self.list.cast::<HtmlElement>() else {
            return;
        };
        let above = self.unread.first().and_then(|id| above(&list, *id));
        // Places are fractions of a px, but a scroll is not.
        match above.filter(|above| *above > ABOVE_PX + 1.0) {
            #[allow(clippy::cast_possible_truncation, reason = "no list is so long")]
            Some(above) => list.set_scroll_top(list.scroll_top() + (above - ABOVE_PX) as i32),
            None => self.go_to_end(),
        }
        focus::give(&self.list);
    }

    fn go_to_end(&self) {
        self.position.borrow_mut().is_at_end = true;
        self.to_end();
        self.redraw.force_update();
    }

    fn to_end(&self) {
        if let Some(list) = self.list.cast::<HtmlElement>() {
            self.position.borrow_mut().move_to_end(&list);
        }
    }

    /// Only a move upwards by the visitor leaves the end. When more has just come, the end is far but nobody
    /// has left it; and when something above has gone, it is the browser that moves the list upwards.
    fn looks(&self) {
        let Some(list) = self.list.cast::<HtmlElement>() else {
            return;
        };
        let (top, height) = (list.scroll_top(), list.scroll_height());
        let is_near = height - top - list.client_height() < NEAR_PX;
        let mut position = self.position.borrow_mut();
        let was_at_end = position.is_at_end;
        let is_visitor = top < position.top && height == position.height;
        position.is_at_end = is_near || was_at_end && !is_visitor;
        (position.top, position.height) = (top, height);
        if position.is_at_end != was_at_end {
            self.redraw.force_update();
        }
        if position.is_at_end && !is_near {
            position.move_to_end(&list);
        }
    }
}

impl ScrollPosition {
    /// Remembers where that is: the browser tells of it later, and may tell of the visitor's next move in the same
    /// breath.
    fn move_to_end(&mut self, list: &HtmlElement) {
        list.set_scroll_top(list.scroll_height());
        (self.top, self.height) = (list.scroll_top(), list.scroll_height());
    }
}

/// How far below the list's upper edge an entry begins, in px.
fn above(list: &Element, id: EntryId) -> Option<f64> {
    let css = ["[data-entry=\"", &id.0.to_string(), "\"]"].concat();
    let row = list.query_selector(&css).ok()??;
    Some(row.get_bounding_client_rect().top() - list.get_bounding_client_rect().top())
}

/// Calls back when an element or its first child has another size, until it is dropped.
struct SizeObserver {
    observer: Option<ResizeObserver>,
    /// What is called.
    _on_change: Closure<dyn Fn()>,
}

impl SizeObserver {
    fn new(element: &Element, on_change: impl Fn() + 'static) -> Self {
        let on_change = Closure::<dyn Fn()>::new(on_change);
        let observer = ResizeObserver::new(on_change.as_ref().unchecked_ref()).ok();
        if let Some(observer) = &observer {
            observer.observe(element);
            element
                .first_element_child()
                .iter()
                .for_each(|child| observer.observe(child));
        }
        Self {
            observer,
            _on_change: on_change,
        }
    }
}

impl Drop for SizeObserver {
    fn drop(&mut self) {
        if let Some(observer) = &self.observer {
            observer.disconnect();
        }
    }
}
