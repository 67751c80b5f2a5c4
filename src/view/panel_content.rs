//! The content of the panel, which `frame/panel.rs` draws into the panel's fixed parts. At first `frame/panel.rs` also
//! makes the content. As soon as the third WASM module is loaded, which draws everything about messages, `content.rs` makes
//! the content.
//!
//! The panel and this content are separate, because the panel's elements must not be re-created when that module is
//! loaded: a button that is being pressed has to survive until the pointer goes up, and has to keep the focus.

use std::rc::Rc;

use web_sys::KeyboardEvent;
use yew::{AttrValue, Callback, Html, NodeRef};

/// What the content has to know about the panel around it.
pub(crate) struct PanelEnvironment {
    /// The panel's title. The header shows it while there is no agent's name to show.
    pub(crate) title: String,
    /// The address of the host's logo.
    pub(crate) logo: Option<AttrValue>,
    /// The element in which the messages scroll.
    pub(crate) list: NodeRef,
    /// The button that opens the menu. It receives the focus when the menu is closed, and when the question whether to
    /// end the chat is closed.
    pub(crate) more_button: NodeRef,
}

/// The content of the panel, from top to bottom.
pub(crate) struct PanelContent {
    pub(crate) header: PanelHeader,
    /// Shown between the header and the messages.
    pub(crate) banners: Html,
    /// What the panel shows above the first message: for example the welcome, a form, or the position in the queue. It
    /// scrolls with the messages.
    pub(crate) above_messages: Html,
    pub(crate) messages: Html,
    /// Shown below the last message: the survey. Scrolls with the messages.
    pub(crate) below_messages: Html,
    /// Lies over the messages and does not scroll: the button that leads to new messages, and the texts that a screen
    /// reader announces.
    pub(crate) overlay: Html,
    pub(crate) footer: PanelFooter,
}

/// The first line of the panel, and the question that may be open below that line.
pub(crate) struct PanelHeader {
    /// The CSS classes of the avatar. While an agent is in the chat, the second class adds a dot whose colour shows
    /// whether the agent is connected, away or disconnected.
    pub(crate) avatar_class: &'static str,
    /// The address of the agent's picture or of the host's logo. The avatar shows initials without it, and if it cannot be
    /// loaded.
    pub(crate) picture: Option<AttrValue>,
    /// The agent's name, or the panel's title.
    pub(crate) name: String,
    /// The line below the name: what the agent does, or the state of the conversation. `None` leaves the line empty:
    /// until the conversation part is loaded, and before a conversation starts.
    pub(crate) status: Option<AttrValue>,
    pub(crate) menu: Html,
    /// Shown below the first line: the question whether to end the chat, or nothing.
    pub(crate) popover: Html,
    /// Handles the keys that are pressed in the header.
    pub(crate) onkeydown: Callback<KeyboardEvent>,
}

/// What is shown below the messages.
pub(crate) enum PanelFooter {
    Composer {
        /// Shown at the end of the field: the button that turns the sneak preview off and on.
        preview_switch: Html,
        /// Shown in the composer: the button that attaches a file, and the line about a running or failed upload.
        attachment: Html,
        /// The text in the field.
        draft: Rc<str>,
    },
    /// Replaces the composer: the buttons or the card after a conversation, or nothing if the visitor cannot write, for
    /// example while the panel shows a form.
    Other(Html),
}
