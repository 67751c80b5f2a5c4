//! Tells whether the visitor can see the web page. Messages that arrive while the page is hidden count as unread,
//! even if the panel is open.

/// Whether the web page is visible: its tab is not in the background and its window is not minimised. If the
/// browser offers no document to ask, the page counts as visible.
pub(crate) fn is_page_visible() -> bool {
    let document = web_sys::window().and_then(|window| window.document());
    document.is_none_or(|document| !document.hidden())
}
