//! Where the focus is. It moves only in answer to what the visitor does, and the page stays where it
//! is scrolled to.

use wasm_bindgen::JsCast;
use web_sys::{Element, FocusOptions, HtmlElement, Node, ShadowRoot};
use yew::{NodeRef, hook, use_effect};

/// Sees to it that the focus stays in the panel when what had it goes away, such as the button that
/// ended the chat.
#[hook]
pub(crate) fn use_kept_focus(panel: &NodeRef, is_open: bool) {
    let was_within = is_open && is_within(panel);
    let panel = panel.clone();
    use_effect(move || {
        if was_within && !is_within(&panel) {
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

/// Gives the focus to where one goes on: the composer, or the messages where there is none.
pub(crate) fn enter(panel: &NodeRef) {
    let Some(panel) = panel.cast::<Element>() else {
        return;
    };
    let place = ["textarea", ".list"]
        .into_iter()
        .find_map(|css| panel.query_selector(css).ok()?);
    if let Some(place) = place.and_then(|place| place.dyn_into().ok()) {
        give_element(&place);
    }
}

/// Whether an element in here has the focus.
fn is_within(element: &NodeRef) -> bool {
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
