//! Whether the visitor can see this page.

/// Whether the page is visible: not in a hidden tab or a minimised window.
pub(crate) fn is_page_visible() -> bool {
    let document = web_sys::window().and_then(|window| window.document());
    document.is_none_or(|document| !document.hidden())
}
