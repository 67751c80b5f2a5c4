//! Tells whether the visitor can see the web page of this widget; unread messages are counted by it.

/// Whether the web page is visible: its tab is not in the background and its window is not minimised. A page that
/// cannot be asked counts as visible.
pub(crate) fn is_page_visible() -> bool {
    let document = web_sys::window().and_then(|window| window.document());
    document.is_none_or(|document| !document.hidden())
}
