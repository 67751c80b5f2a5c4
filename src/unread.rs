//! What counts as a message that the visitor has not seen.

use pipit_engine::{Content, Notice};

/// Whether an agent has something to tell by it.
pub(crate) fn is_of_agent(content: &Content) -> bool {
    matches!(
        content,
        Content::Agent { .. } | Content::Notice(Notice::File(_))
    )
}

/// Whether the page is not behind another one.
pub(crate) fn is_page_seen() -> bool {
    let page = web_sys::window().and_then(|window| window.document());
    page.is_none_or(|page| !page.hidden())
}
