//! Listens to the browser events which show that the page stops or continues to run, or that the network may
//! have changed. Some browsers do not send all of these events, so the runtime also works if some of the
//! events are missing.

use std::rc::Rc;

use gloo_events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::{Event, EventTarget, PageTransitionEvent};

use crate::visibility::is_page_visible;

/// The events of the window that call `on_wake` in [`listen_for_wakes`].
const WINDOW_EVENTS: [&str; 3] = ["online", "pageshow", "focus"];

/// Calls `on_wake` when the page has loaded, is shown or hidden, gets the focus, or returns from the back/forward
/// cache, and when the browser goes online. Dropping the listeners ends this.
pub(crate) fn listen_for_wakes(on_wake: impl Fn() + 'static) -> Vec<EventListener> {
    let on_wake = Rc::new(on_wake);
    let Some(window) = web_sys::window() else {
        return Vec::new();
    };
    let listen = |target: &EventTarget, event: &'static str| {
        let on_wake = on_wake.clone();
        EventListener::new(target, event, move |_| on_wake())
    };
    let document = window.document();
    let document_listener = document.map(|document| listen(&document, "visibilitychange"));
    let window_listeners = WINDOW_EVENTS.map(|event| listen(&window, event));
    window_listeners
        .into_iter()
        .chain(document_listener)
        .collect()
}

/// Calls `on_change` with `true` when the browser loses its network, and with `false` when the network is back. Dropping
/// the listeners ends this.
pub(crate) fn listen_for_network(on_change: impl Fn(bool) + 'static) -> Vec<EventListener> {
    let on_change = Rc::new(on_change);
    let Some(window) = web_sys::window() else {
        return Vec::new();
    };
    let listen = |event: &'static str, is_offline: bool| {
        let on_change = on_change.clone();
        EventListener::new(&window, event, move |_| on_change(is_offline))
    };
    vec![listen("offline", true), listen("online", false)]
}

/// Calls `on_hide` when the page is hidden or unloaded. On a phone this may be the last event before the
/// browser ends the page. Dropping the listeners ends this.
pub(crate) fn listen_for_hiding(on_hide: impl Fn() + 'static) -> Vec<EventListener> {
    let on_hide = Rc::new(on_hide);
    let Some(window) = web_sys::window() else {
        return Vec::new();
    };
    let on_unload = on_hide.clone();
    let mut listeners = vec![EventListener::new(&window, "pagehide", move |_| {
        on_unload();
    })];
    if let Some(document) = window.document() {
        let on_change = move |_: &Event| {
            if !is_page_visible() {
                on_hide();
            }
        };
        listeners.push(EventListener::new(&document, "visibilitychange", on_change));
    }
    listeners
}

/// Calls `on_change` when another page of the site has changed the local storage. Dropping the listener ends this.
pub(crate) fn listen_for_storage(on_change: impl Fn() + 'static) -> Option<EventListener> {
    let window = web_sys::window()?;
    Some(EventListener::new(&window, "storage", move |_| on_change()))
}

/// The way in which a page stops running.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Suspension {
    /// The page goes into the back/forward cache. A browser caches no page that holds a lock or an open
    /// request, so the page must first release its lock and abort its requests.
    Cached,
    /// The browser freezes the page, together with the page's requests.
    Frozen,
    /// The browser unloads the page, which never runs again.
    Unloaded,
}

/// Calls `on_suspend` when the page stops running, and `on_resume` when it runs again. Dropping the listeners
/// ends this.
pub(crate) fn listen_for_suspensions(
    on_suspend: impl Fn(Suspension) + 'static,
    on_resume: impl Fn() + 'static,
) -> Vec<EventListener> {
    let on_suspend = Rc::new(on_suspend);
    let on_resume = Rc::new(on_resume);
    let Some(window) = web_sys::window() else {
        return Vec::new();
    };
    let is_cached = |event: &Event| {
        let transition = event.dyn_ref::<PageTransitionEvent>();
        transition.is_some_and(PageTransitionEvent::persisted)
    };
    let on_unload = on_suspend.clone();
    let on_show = on_resume.clone();
    let mut listeners = vec![
        EventListener::new(&window, "pagehide", move |event| {
            on_unload(if is_cached(event) {
                Suspension::Cached
            } else {
                Suspension::Unloaded
            });
        }),
        EventListener::new(&window, "pageshow", move |event| {
            if is_cached(event) {
                on_show();
            }
        }),
    ];
    if let Some(document) = window.document() {
        listeners.extend([
            EventListener::new(&document, "freeze", move |_| on_suspend(Suspension::Frozen)),
            EventListener::new(&document, "resume", move |_| on_resume()),
        ]);
    }
    listeners
}
