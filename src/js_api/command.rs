//! Declares the commands that the web page can call, and parses their names and arguments.
//!
//! The commands are in two lists, because the panel's code is loaded in steps. The first WASM module draws the
//! panel and parses only [`PanelCommand`]. It hands every other command to the conversation part (the second WASM
//! module, with the engine and the runtime), which parses [`ConversationCommand`]. To add a command, add a line to one
//! of the two lists, a match arm where the compiler demands it, and a line to `npm/contract.ts`.

use js_sys::{Array, Reflect};
use pipit_engine::ForgetMarker;
use pipit_wire::Secret;
use wasm_bindgen::{JsCast as _, JsValue};

use crate::config::availability::Availability;
use crate::page_error::{ErrorCode, PageError};

// Declares each list of commands as an enum, with the function `parse`.
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
            /// Parses a command and its argument. Returns `Ok(None)` if this list has no command of that name.
            ///
            /// # Errors
            /// `E_ARGUMENT` if the command needs a text and the argument is not a text. Commands that need no text
            /// accept any value.
            pub(super) fn parse(name: &str, argument: &JsValue) -> Result<Option<Self>, PageError> {
                // Without this line, a list in which no command has an argument would cause a warning.
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
    /// The commands that the first module performs. All of them except `update` work before the conversation part is
    /// loaded. The command `update` fails until then, because only the conversation part can read all options.
    enum PanelCommand {
        /// Opens the panel. If `take_focus` is true, the panel also takes the keyboard focus.
        Open { take_focus: bool } = "open",
        /// Closes the panel; the conversation continues.
        Close = "close",
        /// Shows the panel as before, after the page has moved the widget, or has removed it and put it back. If
        /// `take_focus` is true, the panel takes the keyboard focus.
        Reattach { take_focus: bool } = "reattach",
        /// Loads the conversation part. Returns a promise, which is resolved when the part is loaded.
        Load = "load",
        /// Removes the panel from the web page.
        Destroy = "destroy",
        /// Sets whether the page has precedence over the panel. While it has, the panel is not modal.
        SetPagePrecedence { has_precedence: bool } = "setPagePrecedence",
        /// Changes options. The argument has only the options that change.
        Update { changed: JsValue } = "update",
    }

    /// The commands that need the conversation part.
    enum ConversationCommand {
        /// Starts a conversation.
        StartChat = "startChat",
        /// Ends the conversation, or leaves the queue.
        EndChat = "endChat",
        /// Forgets the visitor.
        Forget { forgetting: Forgetting } = "forget",
        /// Sends a message in the visitor's name. Starts a conversation if none runs.
        Send { text: String } = "send",
        /// Replaces the text in the composer.
        SetDraft { text: String } = "setDraft",
        /// Marks every message that has arrived as read.
        MarkRead = "markRead",
        /// Records in the form whether the visitor has given the consent for which the option `consent` asks.
        SetConsent { is_granted: bool } = "setConsent",
        /// Sets whether agents can take a conversation.
        SetAvailability { availability: Availability } = "setAvailability",
        /// Returns a promise of the transcript as plain text or HTML.
        Transcript { request: TranscriptRequest } = "transcript",
    }
}

/// The argument of `transcript`: `{ format: "text" | "html", title?: string }`. Any other format counts as `text`.
pub(super) struct TranscriptRequest {
    pub(super) is_html: bool,
    /// The headline of the transcript; `None` for the default headline.
    pub(super) title: Option<String>,
}

/// The argument of `forget`: undefined, or `{ marker?: number, records?: string[] }`.
pub(super) struct Forgetting {
    /// The marker with which the other tabs of the site have forgotten, or with which the page's TypeScript has; `None` if
    /// it is not known.
    pub(super) marker: Option<ForgetMarker>,
    /// The texts that the page's TypeScript has removed from this tab's storage; `None` if it has removed nothing.
    pub(super) records: Option<Vec<Secret>>,
}

/// A type of argument that a command can have.
trait Argument: Sized {
    /// Reads the argument of a command.
    fn from_argument(argument: &JsValue) -> Result<Self, PageError>;
}

/// Any value is accepted. It counts as true if it would count as true in a JavaScript condition.
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

impl Argument for Forgetting {
    fn from_argument(argument: &JsValue) -> Result<Self, PageError> {
        let member = |name: &str| Reflect::get(argument, &name.into()).unwrap_or_default();
        #[allow(
            clippy::cast_possible_truncation,
            reason = "the marker is a whole number that JavaScript can hold"
        )]
        let marker = member("marker").as_f64().map(|marker| marker as i64);
        let records = member("records").dyn_into::<Array>().ok().map(|records| {
            let texts = records.iter().filter_map(|record| record.as_string());
            texts.map(Secret::new).collect()
        });
        Ok(Self {
            marker: marker.map(ForgetMarker),
            records,
        })
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
