//! The commands that the page can call, each declared once and parsed once.
//!
//! A command belongs to one of two lists, because the panel's code is loaded in two steps: the first module knows
//! [`PanelCommand`] only, and hands every other name to the conversation part, which parses [`ConversationCommand`]. To
//! add a command, add a line here, an arm where the compiler asks for one, and a line to `npm/contract.ts`.

use js_sys::Reflect;
use wasm_bindgen::JsValue;

use crate::config::availability::Availability;
use crate::page_error::{ErrorCode, PageError};

macro_rules! page_commands {
    ($(
        $(#[$list_doc:meta])*
        enum $list:ident {
            $($(#[$doc:meta])* $command:ident $({ $argument:ident: $type:ty })? = $name:literal,)*
        }
    )*) => {$(
        $(#[$list_doc])*
        pub(super) enum $list { $($(#[$doc])* $command $({ $argument: $type })?,)* }

        impl $list {
            /// Parses a command and its argument. `None`: this list has no command of that name.
            ///
            /// # Errors
            /// `E_ARGUMENT`, if the command takes another type.
            pub(super) fn parse(name: &str, argument: &JsValue) -> Result<Option<Self>, PageError> {
                // Some lists have no command with an argument.
                let _ = argument;
                Ok(Some(match name {
                    $($name => Self::$command $({ $argument: <$type>::from_argument(argument)? })?,)*
                    _ => return Ok(None),
                }))
            }
        }
    )*};
}

// One command a line: its variant, its argument, its name in JavaScript.
page_commands! {
    /// Commands of the panel's frame.
    enum PanelCommand {
        /// Opens the panel. It takes the focus if the visitor has just done something.
        Open { take_focus: bool } = "open",
        /// Closes the panel; the conversation continues.
        Close = "close",
        /// Loads the conversation part. Gives a promise.
        Load = "load",
        /// Takes the panel off the page.
        Destroy = "destroy",
        /// Changes options; the argument has only those that changed.
        Update { changed: JsValue } = "update",
    }

    /// Commands that need the conversation part.
    enum ConversationCommand {
        /// Starts a conversation.
        StartChat = "startChat",
        /// Ends the conversation, or leaves the queue.
        EndChat = "endChat",
        /// Sends a message for the visitor; starts a conversation if there is none.
        Send { text: String } = "send",
        /// Puts a text into the composer.
        SetDraft { text: String } = "setDraft",
        /// Counts every message that has arrived as read.
        MarkRead = "markRead",
        /// Records in the form whether the visitor agrees to the option `consent`.
        SetConsent { is_granted: bool } = "setConsent",
        /// Informs the panel whether agents can take a conversation.
        SetAvailability { availability: Availability } = "setAvailability",
        /// Gives a promise of the transcript's text.
        Transcript { request: TranscriptRequest } = "transcript",
    }
}

/// Which transcript the page asks for: `{ format: "text" | "html", title?: string }`.
pub(super) struct TranscriptRequest {
    pub(super) is_html: bool,
    /// The headline; `None` for the default.
    pub(super) title: Option<String>,
}

/// A type that a command takes.
trait Argument: Sized {
    /// Reads the argument of a command.
    fn from_argument(argument: &JsValue) -> Result<Self, PageError>;
}

impl Argument for bool {
    fn from_argument(argument: &JsValue) -> Result<Self, PageError> {
        Ok(argument.is_truthy())
    }
}

impl Argument for JsValue {
    fn from_argument(argument: &JsValue) -> Result<Self, PageError> {
        Ok(argument.clone())
    }
}

impl Argument for String {
    fn from_argument(argument: &JsValue) -> Result<Self, PageError> {
        let message = "this command takes a text.";
        argument
            .as_string()
            .ok_or_else(|| PageError::new(ErrorCode::Argument, message))
    }
}

impl Argument for Availability {
    fn from_argument(argument: &JsValue) -> Result<Self, PageError> {
        Ok(Self::from_js(argument))
    }
}

impl Argument for TranscriptRequest {
    fn from_argument(argument: &JsValue) -> Result<Self, PageError> {
        let text = |name: &str| Reflect::get(argument, &name.into()).ok()?.as_string();
        Ok(Self {
            is_html: text("format").as_deref() == Some("html"),
            title: text("title"),
        })
    }
}
