//! What one tab shows: the conversation that all tabs share, and the draft and the panel of this tab.

use std::rc::Rc;

use super::marker::ForgetMarker;
use crate::conversation::Conversation;

/// What one tab shows. Cheap to clone.
#[derive(Clone, Debug, PartialEq)]
pub struct TabView {
    /// The conversation of the leading tab, which is the only tab that talks to the chat server. It
    /// already shows the messages and the start that this tab has forwarded to the leading tab. Clones of this view
    /// share the conversation.
    pub conversation: Rc<Conversation>,
    /// The text in the composer (the field in which the visitor types) of this tab.
    pub draft: Rc<str>,
    /// Whether the panel (the dialog with the chat) of this tab is open.
    pub is_open: bool,
    /// Whether the conversation may go on in another tab, of which this tab is a copy, and that tab does not answer.
    /// This tab then talks to no server until the other tab answers or the visitor wants to continue here
    /// ([`TabInput::TakeOver`](super::TabInput::TakeOver)).
    pub is_elsewhere: bool,
    /// The marker of the latest forgetting that this tab knows. When it rises, everything about the visitor is forgotten.
    pub marker: ForgetMarker,
}
