//! Tells whether the visitor can see the web page. Messages that arrive while the page is hidden count as unread,
//! even if the panel is open.

use js_sys::Reflect;

/// Whether the web page is visible: its tab is not in the background and its window is not minimised. If the
/// browser offers no document to ask, or a script of the page has replaced its answer by a function that throws, the page
/// counts as visible.
pub(crate) fn is_page_visible() -> bool {
    let document = web_sys::window().and_then(|window| window.document());
    let is_hidden = document.and_then(|document| Reflect::get(&document, &"hidden".into()).ok());
    is_hidden.is_none_or(|is_hidden| is_hidden.is_falsy())
}
