//! What fills the frame of the panel. The first module draws the frame and a first content; once the conversation part is
//! loaded, that describes the content.
//!
//! The frame itself is drawn in one place (`frame/panel.rs`). Its elements must stay the same when the conversation part
//! arrives: a button that is being pressed has to survive until it is released, and whatever has the focus has to keep it.

use std::rc::Rc;

use web_sys::KeyboardEvent;
use yew::{AttrValue, Callback, Html, NodeRef};

/// What the content has to know of the panel around it.
pub(crate) struct PanelEnvironment {
    /// Whom the visitor talks to while no agent has joined.
    pub(crate) title: String,
    /// The element in which the messages scroll.
    pub(crate) list: NodeRef,
}

/// What fills the panel, from top to bottom.
pub(crate) struct PanelContent {
    pub(crate) header: PanelHeader,
    /// Between the header and the messages.
    pub(crate) banners: Html,
    /// Before the first message; scrolls with the messages.
    pub(crate) above_messages: Html,
    pub(crate) messages: Html,
    /// After the last message; scrolls with the messages.
    pub(crate) below_messages: Html,
    /// In front of the messages; does not scroll.
    pub(crate) overlay: Html,
    pub(crate) footer: PanelFooter,
}

/// Whom the visitor talks to, what that person does, and what the visitor can do.
pub(crate) struct PanelHeader {
    /// The CSS class of the avatar.
    pub(crate) avatar: &'static str,
    pub(crate) name: String,
    pub(crate) status: Option<AttrValue>,
    pub(crate) menu: Html,
    /// What is open below the header.
    pub(crate) popover: Html,
    /// Receives the keys that are pressed in the header.
    pub(crate) onkeydown: Callback<KeyboardEvent>,
}

/// What is below the messages.
pub(crate) enum PanelFooter {
    /// The composer.
    Composer {
        /// Above the composer.
        notice: Html,
        /// The buttons beside the text field, for what else the visitor can send.
        beside: Html,
        draft: Rc<str>,
    },
    /// What follows a conversation, or nothing.
    Other(Html),
}
