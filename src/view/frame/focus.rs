//! Where the focus is. It moves only in answer to what the visitor does, and the page stays where it
//! is scrolled to.

use wasm_bindgen::JsCast;
use web_sys::{Element, FocusOptions, HtmlElement, Node, ShadowRoot};
use yew::{NodeRef, hook, use_effect, use_mut_ref};

/// Sees to it that the focus stays in the panel when what had it goes away, such as the button that
/// ended the chat.
#[hook]
pub(crate) fn use_kept_focus(panel: &NodeRef, is_open: bool) {
    let was_within = use_mut_ref(bool::default);
    // Drawn again before the effect has run, what had the focus is gone already: so it is remembered.
    let is_kept = is_open && (was_within.take() || is_within(panel));
    was_within.replace(is_kept);
    let panel = panel.clone();
    use_effect(move || {
        if was_within.take() && !is_within(&panel) {
            enter(&panel);
        }
    });
}

/// Gives an element the focus.
pub(crate) fn give(to: &NodeRef) {
    if let Some(element) = to.cast::<HtmlElement>() {
        give_element(&element);
    }
}

/// Gives the focus to where one goes on: a field, or the messages where there is none.
pub(crate) fn enter(panel: &NodeRef) {
    let is_given = give_first(panel, ".form :is(input, select, textarea), textarea");
    if !is_given {
        give_first(panel, ".list");
    }
}

/// Gives the focus to the first element in here that matches; tells whether there is one.
pub(crate) fn give_first(within: &NodeRef, css: &str) -> bool {
    let within = within.cast::<Element>();
    let place = within.and_then(|within| within.query_selector(css).ok()?);
    let place = place.and_then(|place| place.dyn_into().ok());
    place
        .as_ref()
        .inspect(|place| give_element(place))
        .is_some()
}

/// Whether this element, or one in it, has the focus.
pub(crate) fn is_within(element: &NodeRef) -> bool {
    element.cast::<Node>().is_some_and(|node| {
        let root = node.get_root_node().dyn_into::<ShadowRoot>().ok();
        let focused = root.and_then(|root| root.active_element());
        focused.is_some_and(|focused| node.contains(Some(&focused)))
    })
}

fn give_element(element: &HtmlElement) {
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    // A browser that refuses the focus leaves it where it is.
    let _ = element.focus_with_options(&options);
}
