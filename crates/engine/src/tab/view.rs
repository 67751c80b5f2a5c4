//! What one tab shows: the conversation that all tabs share, and what only this tab has.

use std::rc::Rc;

use crate::conversation::Conversation;

/// What one tab shows. Cheap to clone.
#[derive(Clone, Debug, PartialEq)]
pub struct TabView {
    /// The conversation. It includes the effect of commands that this tab has forwarded to the leading
    /// tab and that the leader has not acknowledged yet. All clones share it.
    pub conversation: Rc<Conversation>,
    /// The text in the composer of this tab.
    pub draft: Rc<str>,
    /// Whether the panel of this tab is open.
    pub is_open: bool,
}
