//! The events after which the network may be another: the page is seen again, comes back from the
//! back/forward cache, or the browser says that it is online. Hints, nothing more.

use std::rc::Rc;

use gloo_events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::{Event, EventTarget, PageTransitionEvent};

const OF_THE_WINDOW: [&str; 3] = ["online", "pageshow", "focus"];

/// Calls `wake` at each such event until dropped.
pub(crate) fn listen(wake: impl Fn() + 'static) -> Vec<EventListener> {
    let wake = Rc::new(wake);
    let Some(window) = web_sys::window() else {
        return Vec::new();
    };
    let on = |target: &EventTarget, event: &'static str| {
        let wake = wake.clone();
        EventListener::new(target, event, move |_| wake())
    };
    let seen = window.document().map(|page| on(&page, "visibilitychange"));
    let of_the_window = OF_THE_WINDOW.map(|event| on(&window, event));
    of_the_window.into_iter().chain(seen).collect()
}

/// Why a page stops running.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// It goes into the back/forward cache, which takes no page that holds a lock or a request.
    Cached,
    /// The browser freezes it, with all that it has under way.
    Frozen,
}

/// Calls `stop` when the page stops running, and `go` when it runs again.
pub(crate) fn listen_for_stops(
    stop: impl Fn(Stop) + 'static,
    go: impl Fn() + 'static,
) -> Vec<EventListener> {
    let (stop, go) = (Rc::new(stop), Rc::new(go));
    let Some(window) = web_sys::window() else {
        return Vec::new();
    };
    let is_cached = |event: &Event| {
        let turn = event.dyn_ref::<PageTransitionEvent>();
        turn.is_some_and(PageTransitionEvent::persisted)
    };
    let (cached, frozen, shown) = (stop.clone(), stop, go.clone());
    let mut listeners = vec![
        EventListener::new(&window, "pagehide", move |event| {
            if is_cached(event) {
                cached(Stop::Cached);
            }
        }),
        EventListener::new(&window, "pageshow", move |event| {
            if is_cached(event) {
                shown();
            }
        }),
    ];
    if let Some(document) = window.document() {
        listeners.extend([
            EventListener::new(&document, "freeze", move |_| frozen(Stop::Frozen)),
            EventListener::new(&document, "resume", move |_| go()),
        ]);
    }
    listeners
}
