//! The content of the panel, which `frame/panel.rs` draws into the panel's fixed parts. `content.rs` provides it once
//! the conversation part is loaded, the WASM module with everything about messages; until then the panel provides its
//! own.
//!
//! The panel and this content are separate, because the panel's elements must not be re-created when the conversation
//! part is loaded: a button that is being pressed has to survive until the pointer goes up, and has to keep the focus.

use std::rc::Rc;

use web_sys::KeyboardEvent;
use yew::{AttrValue, Callback, Html, NodeRef};

/// What the content has to know about the panel around it.
pub(crate) struct PanelEnvironment {
    /// The panel's title, shown in the header while no agent has joined.
    pub(crate) title: String,
    /// The element in which the messages scroll.
    pub(crate) list: NodeRef,
    /// The button that opens the menu. It receives the focus when the menu, or the question that the menu opens,
    /// closes.
    pub(crate) more_button: NodeRef,
}

/// The content of the panel, from top to bottom.
pub(crate) struct PanelContent {
    pub(crate) header: PanelHeader,
    /// Shown between the header and the messages.
    pub(crate) banners: Html,
    /// Shown above the first message: the welcome, a form, or the position in the queue. Scrolls with the messages.
    pub(crate) above_messages: Html,
    pub(crate) messages: Html,
    /// Shown below the last message: the survey. Scrolls with the messages.
    pub(crate) below_messages: Html,
    /// Shown over the messages: the button that scrolls to new ones. Does not scroll.
    pub(crate) overlay: Html,
    pub(crate) footer: PanelFooter,
}

/// The first line of the panel, and what is opened below it.
pub(crate) struct PanelHeader {
    /// The CSS classes of the avatar; they show by a colour whether the agent is present.
    pub(crate) avatar_class: &'static str,
    /// The agent's name, or the panel's title.
    pub(crate) name: String,
    /// What the agent does, or the state of the conversation; `None` before one.
    pub(crate) status: Option<AttrValue>,
    pub(crate) menu: Html,
    /// Shown below the first line: the question before the chat ends, or nothing.
    pub(crate) popover: Html,
    /// Handles the keys that are pressed in the header.
    pub(crate) onkeydown: Callback<KeyboardEvent>,
}

/// What is shown below the messages.
pub(crate) enum PanelFooter {
    Composer {
        /// Shown above the composer: whether the agent sees what the visitor types.
        notice: Html,
        /// Shown beside the text field: the button that attaches a file.
        attachment: Html,
        /// The text in the field.
        draft: Rc<str>,
    },
    /// Replaces the composer: the buttons or the card after a conversation, or nothing while the visitor cannot write.
    Other(Html),
}
