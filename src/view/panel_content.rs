//! The content of the panel's frame. `frame/panel.rs` draws the frame. `content.rs` provides the content once the
//! conversation part is loaded; until then the panel provides its own.
//!
//! The frame must not be re-created when the conversation part arrives: a button that is being pressed has to survive
//! until the pointer goes up, and has to keep the focus.

use std::rc::Rc;

use web_sys::KeyboardEvent;
use yew::{AttrValue, Callback, Html, NodeRef};

/// What the content has to know about the frame around it.
pub(crate) struct PanelEnvironment {
    /// The panel's title, shown in the header while no agent has joined.
    pub(crate) title: String,
    /// The element in which the messages scroll.
    pub(crate) list: NodeRef,
    /// The button that opens the menu. It gets the focus when what it opened closes.
    pub(crate) more_button: NodeRef,
}

/// The content of the panel, from top to bottom.
pub(crate) struct PanelContent {
    pub(crate) header: PanelHeader,
    /// Between the header and the messages.
    pub(crate) banners: Html,
    /// Above the first message: the welcome, a form, the position in the queue. Scrolls with the messages.
    pub(crate) above_messages: Html,
    pub(crate) messages: Html,
    /// Below the last message: the survey. Scrolls with the messages.
    pub(crate) below_messages: Html,
    /// Over the messages: the button to new ones. Does not scroll.
    pub(crate) overlay: Html,
    pub(crate) footer: PanelFooter,
}

/// The first line of the panel, and what is open below it.
pub(crate) struct PanelHeader {
    /// The classes of the avatar; they give the agent's availability a colour.
    pub(crate) avatar_class: &'static str,
    /// The agent's name, or the panel's title.
    pub(crate) name: String,
    /// What the agent does, or how far the conversation is.
    pub(crate) status: Option<AttrValue>,
    pub(crate) menu: Html,
    /// What is open below the first line: the question before the chat ends, or nothing.
    pub(crate) popover: Html,
    /// Handles the keys that are pressed in the header.
    pub(crate) onkeydown: Callback<KeyboardEvent>,
}

/// The part below the messages.
pub(crate) enum PanelFooter {
    Composer {
        /// Above the composer: whether the agent sees what is typed.
        notice: Html,
        /// Beside the text field: the button that attaches a file.
        attachment: Html,
        /// The text in the field.
        draft: Rc<str>,
    },
    /// The cards that replace the composer after a conversation; empty if the visitor can do nothing there.
    Other(Html),
}
