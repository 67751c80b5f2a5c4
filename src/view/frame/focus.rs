//! Moves the keyboard focus. Callers move the focus only after an action of the visitor, or if the panel already has
//! the focus. The page does not scroll to the element that receives the focus.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, Node, ShadowRoot};
use yew::{NodeRef, hook, use_effect, use_mut_ref};

use crate::js_object::JsObject;

/// Keeps the focus in an open panel when a render removes the focused element, such as the button that ended the chat.
/// In that case [`focus_main_control`] moves the focus. If `is_open` is false, this hook does nothing.
#[hook]
pub(crate) fn use_focus_kept_within(panel: &NodeRef, is_open: bool) {
    let had_focus = use_mut_ref(bool::default);
    // The panel may be rendered twice before the effect below runs, and the first render may remove the focused
    // element. Therefore the second render also uses the value that the first render has stored in `had_focus`.
    let must_keep_focus = is_open && (had_focus.take() || is_within(panel));
    had_focus.replace(must_keep_focus);
    let panel = panel.clone();
    use_effect(move || {
        if had_focus.take() && !is_within(&panel) {
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

/// Focuses the first field of the form, if the panel shows a form. Otherwise focuses the text field of the composer. If
/// the panel has no field at all, focuses the list of messages. On a touch screen the list always gets the focus,
/// because a field would raise the on-screen keyboard over what the panel shows.
pub(crate) fn focus_main_control(panel: &NodeRef) {
    let has_field = !is_touch_screen() && focus_field(panel);
    if !has_field {
        focus_first(panel, ".list");
    }
}

/// Focuses the first field of the form, or the text field of the composer. Returns false if there is none.
pub(crate) fn focus_field(panel: &NodeRef) -> bool {
    focus_first(panel, ".form :is(input, select, textarea), textarea")
}

/// Whether the visitor's main pointer is a finger.
fn is_touch_screen() -> bool {
    let query =
        web_sys::window().and_then(|window| window.match_media("(pointer: coarse)").ok()?);
    query.is_some_and(|query| query.matches())
}

/// Focuses the first descendant that matches a selector. Returns false if no descendant matches.
pub(crate) fn focus_first(container: &NodeRef, selector: &str) -> bool {
    first_match(container, selector)
        .inspect(focus_element)
        .is_some()
}

/// The first descendant that matches a selector.
pub(crate) fn first_match(container: &NodeRef, selector: &str) -> Option<HtmlElement> {
    let found = container.cast::<Element>()?.query_selector(selector).ok()?;
    found?.dyn_into().ok()
}

/// Whether this element or one of its descendants has the focus. Always false outside of a shadow root.
pub(crate) fn is_within(element: &NodeRef) -> bool {
    focused_within(element).is_some()
}

/// Returns the focused element, if it is this element or one of its descendants.
pub(crate) fn focused_within(element: &NodeRef) -> Option<HtmlElement> {
    let node = element.cast::<Node>()?;
    focused_in_root_of(&node)
        .filter(|focused| node.contains(Some(focused)))
        .map(JsCast::unchecked_into)
}

/// Returns the focused element of the shadow root that contains a node.
fn focused_in_root_of(node: &Node) -> Option<Element> {
    let root: ShadowRoot = node.get_root_node().dyn_into().ok()?;
    root.active_element()
}

/// Focuses an element. The page does not scroll to it.
pub(crate) fn focus_element(element: &HtmlElement) {
    let options = JsObject::new().with("preventScroll", true).into_options();
    // If this fails, the focus stays where it is, which does no harm.
    let _ = element.focus_with_options(options.unchecked_ref());
}
