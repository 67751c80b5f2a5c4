//! The events after which the network may be another: the page is seen again, comes back from the
//! back/forward cache, or the browser says that it is online. Hints, nothing more.

use std::rc::Rc;

use gloo_events::EventListener;
use web_sys::EventTarget;

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
