//! The scroll position of the list of messages. While the visitor is at the end, the list scrolls to each new message.
//! After the visitor has scrolled up, new messages of others do not move the list. A message that the visitor sends
//! scrolls the list to the end. A list without messages shows a welcome, a form or a card, and stays at its start.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_events::EventListener;
use pipit_engine::{Entries, EntryId};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, Event, HtmlElement, ResizeObserver};
use yew::{NodeRef, UseForceUpdateHandle, hook, use_effect_with, use_force_update, use_mut_ref};

use crate::view::frame::focus;

/// Within this distance from the end of the list, in px, the visitor counts as being at the end.
const NEAR_END_PX: i32 = 48;

/// The space in px that remains above the first unread message when the list scrolls to it.
const MARGIN_ABOVE_PX: f64 = 12.0;

/// The event by which a message tells the list that it is about to grow because the visitor wants to read all of it. The
/// list then stays where it is, even if the message is the last one.
const STOP_FOLLOWING: &str = "stopfollowing";

/// Keeps the list that contains this element at its place, until the visitor scrolls to its end.
pub(crate) fn stop_following(element: &Element) {
    if let Ok(Some(list)) = element.closest(".list")
        && let Ok(event) = Event::new(STOP_FOLLOWING)
    {
        // The event does not bubble, so the page does not see it.
        let _ = list.dispatch_event(&event);
    }
}

/// Scrolls the list that contains this element, so that all of the element is visible. If the list is too low, the
/// beginning of the element is visible. The web page around the widget does not scroll.
pub(crate) fn show_in_list(element: &Element) {
    let Ok(Some(list)) = element.closest(".list") else {
        return;
    };
    let (view, target) = (
        list.get_bounding_client_rect(),
        element.get_bounding_client_rect(),
    );
    let from_top = target.top() - view.top() - MARGIN_ABOVE_PX;
    let from_bottom = target.bottom() - view.bottom() + MARGIN_ABOVE_PX;
    let distance = from_bottom.max(0.0).min(from_top);
    #[allow(clippy::cast_possible_truncation, reason = "no list is 2^31 px long")]
    list.set_scroll_top(list.scroll_top() + distance as i32);
}

/// A handle to the scroll position of the list of messages. Clones share the position.
#[derive(Clone)]
pub(crate) struct TranscriptScroll {
    /// The element that scrolls. Its only child holds the messages.
    list: NodeRef,
    /// The number of agents' messages and files that have arrived since the visitor scrolled up from the end.
    pub(crate) unread_count: usize,
    /// The first of them; `None` if there are none.
    first_unread: Option<EntryId>,
    position: Rc<RefCell<ScrollPosition>>,
    /// Makes Yew render the component that contains the list again.
    redraw: UseForceUpdateHandle,
}

/// Where the list was scrolled to when this module last asked the browser, and which entries the visitor has seen.
struct ScrollPosition {
    /// Whether the visitor counts as being at the end, so that the list follows new messages.
    is_at_end: bool,
    /// Whether the list shows messages or notices. A list without them does not follow its end.
    has_entries: bool,
    /// The list's last known `scrollTop` in px.
    top: i32,
    /// The list's last known `scrollHeight` in px.
    height: i32,
    /// The newest entry that the list had while the visitor was at the end; `None` if it had no entry at such a time.
    newest_seen: Option<EntryId>,
}

/// Follows the scroll position of `list`, the element that scrolls, while it shows `entries`.
#[hook]
pub(crate) fn use_transcript_scroll(list: &NodeRef, entries: &Entries) -> TranscriptScroll {
    let newest = entries.newest_id();
    let position = use_mut_ref(|| ScrollPosition {
        is_at_end: true,
        has_entries: false,
        top: 0,
        height: 0,
        newest_seen: newest,
    });
    let newest_seen = position.borrow_mut().update_newest_seen(newest);
    let has_entries = !entries.is_empty();
    position.borrow_mut().has_entries = has_entries;
    let first_unread = entries.first_from_agent_after(newest_seen);
    let scroll = TranscriptScroll {
        list: list.clone(),
        unread_count: entries.count_from_agents_after(newest_seen),
        first_unread: first_unread.map(|entry| entry.id),
        position,
        redraw: use_force_update(),
    };
    // A visitor who has scrolled up and sends a message is taken back to the end.
    let has_sent_message = entries.summary().newest_of_visitor > newest_seen;
    use_effect_with(has_sent_message, {
        let scroll = scroll.clone();
        move |must_scroll| {
            if *must_scroll {
                scroll.go_to_end();
            }
        }
    });
    // A form that replaces an ended conversation is shown from its start.
    use_effect_with(has_entries, {
        let list = list.clone();
        move |has_entries| {
            if let Some(list) = list.cast::<Element>().filter(|_| !has_entries) {
                list.set_scroll_top(0);
            }
        }
    });
    use_effect_with((), {
        let scroll = scroll.clone();
        move |()| {
            let element = scroll.list.cast::<Element>();
            // New messages, a banner and the on-screen keyboard change the size of the list or of its content.
            let scroll_on_resize = scroll.clone();
            let observer = element.as_ref().map(|element| {
                SizeObserver::new(element, move || {
                    let follows_end = scroll_on_resize.position.borrow().follows_end();
                    if follows_end {
                        scroll_on_resize.scroll_to_end();
                    }
                })
            });
            let listeners = element.map(|element| {
                let stopped = scroll.clone();
                [
                    EventListener::new(&element, STOP_FOLLOWING, move |_| {
                        stopped.position.borrow_mut().is_at_end = false;
                    }),
                    EventListener::new(&element, "scroll", move |_| scroll.handle_scroll()),
                ]
            });
            move || drop((observer, listeners))
        }
    });
    scroll
}

impl TranscriptScroll {
    /// Scrolls until the first unread message is near the upper edge of the list. If the message is there already, is
    /// above the edge or is not rendered, scrolls to the end instead. The focus moves to the list, because the button
    /// that the visitor has clicked may disappear.
    pub(crate) fn show_unread(&self) {
        let Some(list) = self.list.cast::<HtmlElement>() else {
            return;
        };
        let distance = self
            .first_unread
            .and_then(|id| distance_from_top(&list, id));
        // The tolerance of 1 px is necessary, because `scrollTop` is set to a whole number, but positions have
        // fractions.
        match distance.filter(|distance| *distance > MARGIN_ABOVE_PX + 1.0) {
            #[allow(clippy::cast_possible_truncation, reason = "no list is 2^31 px long")]
            Some(distance) => {
                list.set_scroll_top(list.scroll_top() + (distance - MARGIN_ABOVE_PX) as i32);
            }
            None => self.go_to_end(),
        }
        focus::focus(&self.list);
    }

    /// Scrolls to the end, and lets the list follow new messages again.
    fn go_to_end(&self) {
        self.position.borrow_mut().is_at_end = true;
        self.scroll_to_end();
        self.redraw.force_update();
    }

    fn scroll_to_end(&self) {
        if let Some(list) = self.list.cast::<HtmlElement>() {
            self.move_to_end(&list);
        }
    }

    /// Scrolls to the end and stores the new position at once. The browser reports the scroll event later, when the
    /// position may already include the visitor's next move. The position is not borrowed while the list scrolls, because
    /// a script of the page may have replaced the browser's functions.
    fn move_to_end(&self, list: &HtmlElement) {
        let height = list.scroll_height();
        list.set_scroll_top(height);
        let top = list.scroll_top();
        let mut position = self.position.borrow_mut();
        (position.top, position.height) = (top, height);
    }

    /// Handles a scroll event. The visitor counts as having left the end only if the end is no longer near, the list
    /// has moved upwards, and its height is unchanged. If the height has changed, the visitor may not have scrolled at
    /// all: new messages move the end away, and the browser moves the list upwards when content above the visible part
    /// is removed.
    fn handle_scroll(&self) {
        let Some(list) = self.list.cast::<HtmlElement>() else {
            return;
        };
        let (top, height) = (list.scroll_top(), list.scroll_height());
        let is_near_end = height - top - list.client_height() < NEAR_END_PX;
        let mut position = self.position.borrow_mut();
        let was_at_end = position.is_at_end;
        let has_visitor_moved_up = top < position.top && height == position.height;
        // Before the first message, the visitor has no end to leave.
        position.is_at_end =
            !position.has_entries || is_near_end || was_at_end && !has_visitor_moved_up;
        (position.top, position.height) = (top, height);
        let (is_at_end, follows_end) = (position.is_at_end, position.follows_end());
        drop(position);
        if is_at_end != was_at_end {
            self.redraw.force_update();
        }
        // The end has moved away from the visitor, and the list follows it.
        if follows_end && !is_near_end {
            self.move_to_end(&list);
        }
    }
}

impl ScrollPosition {
    /// Whether the list scrolls to its end when its content grows.
    fn follows_end(&self) -> bool {
        self.is_at_end && self.has_entries
    }

    /// Records `newest` as seen if the visitor is at the end of the list. Returns the newest entry that was seen.
    fn update_newest_seen(&mut self, newest: Option<EntryId>) -> Option<EntryId> {
        if self.is_at_end {
            self.newest_seen = self.newest_seen.max(newest);
        }
        self.newest_seen
    }
}

/// The distance in px from the upper edge of the list to the upper edge of an entry; `None` if the entry is not
/// rendered.
fn distance_from_top(list: &Element, id: EntryId) -> Option<f64> {
    let selector = ["[data-entry=\"", &id.0.to_string(), "\"]"].concat();
    let row = list.query_selector(&selector).ok()??;
    Some(row.get_bounding_client_rect().top() - list.get_bounding_client_rect().top())
}

/// Calls a function each time that an element or its first child changes its size. Dropping this value stops the calls.
struct SizeObserver {
    /// `None` if the browser could not create the observer.
    observer: Option<ResizeObserver>,
    /// Must live as long as the observer that calls it.
    _on_resize: Closure<dyn Fn()>,
}

impl SizeObserver {
    fn new(element: &Element, on_resize: impl Fn() + 'static) -> Self {
        let on_resize = Closure::<dyn Fn()>::new(on_resize);
        let observer = ResizeObserver::new(on_resize.as_ref().unchecked_ref()).ok();
        if let Some(observer) = &observer {
            observer.observe(element);
            element
                .first_element_child()
                .iter()
                .for_each(|child| observer.observe(child));
        }
        Self {
            observer,
            _on_resize: on_resize,
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
