//! Moves the keyboard focus. It moves only in answer to what the visitor does, and the page never scrolls for it.

use wasm_bindgen::JsCast;
use web_sys::{Element, FocusOptions, HtmlElement, Node, ShadowRoot};
use yew::{NodeRef, hook, use_effect, use_mut_ref};

/// Keeps the focus in the panel when the focused element disappears, such as the button that ended the chat.
#[hook]
pub(crate) fn use_focus_kept_within(panel: &NodeRef, is_open: bool) {
    let was_within = use_mut_ref(bool::default);
    // The panel may be rendered again before the effect has run. The focused element is gone by then, so the earlier
    // answer is remembered.
    let must_stay = is_open && (was_within.take() || is_within(panel));
    was_within.replace(must_stay);
    let panel = panel.clone();
    use_effect(move || {
        if was_within.take() && !is_within(&panel) {
            focus_main_control(&panel);
        }
    });
}

/// Focuses an element.
pub(crate) fn focus(target: &NodeRef) {
    if let Some(element) = target.cast::<HtmlElement>() {
        focus_element(&element);
    }
}

/// Focuses the field in which the visitor goes on: of the form, else the composer. Without a field it focuses the
/// list of messages.
pub(crate) fn focus_main_control(panel: &NodeRef) {
    let has_field = focus_first(panel, ".form :is(input, select, textarea), textarea");
    if !has_field {
        focus_first(panel, ".list");
    }
}

/// Focuses the first descendant that matches a selector. Returns whether there is one.
pub(crate) fn focus_first(container: &NodeRef, selector: &str) -> bool {
    let target = container
        .cast::<Element>()
        .and_then(|element| element.query_selector(selector).ok()?)
        .and_then(|element| element.dyn_into().ok());
    target
        .as_ref()
        .inspect(|element| focus_element(element))
        .is_some()
}

/// Whether this element or one of its descendants has the focus.
pub(crate) fn is_within(element: &NodeRef) -> bool {
    element.cast::<Node>().is_some_and(|node| {
        let root = node.get_root_node().dyn_into::<ShadowRoot>().ok();
        let focused = root.and_then(|root| root.active_element());
        focused.is_some_and(|focused| node.contains(Some(&focused)))
    })
}

fn focus_element(element: &HtmlElement) {
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    // A browser that refuses leaves the focus where it is, which harms nothing.
    let _ = element.focus_with_options(&options);
}
