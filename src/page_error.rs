//! Errors that the host (the web team's code on the page) receives. The error of `mount` or of a command has a code for
//! programs and a message for people. If a conversation fails, the host receives the event `error`, which has only a
//! code.
//!
//! A [`PageError`] is handed to JavaScript as the plain object `{ code, message }`. `npm/wasm-errors.ts` turns it into
//! a `PipitError`, and puts `Pipit: ` before the message. Therefore no message here begins with `Pipit: `.

use wasm_bindgen::JsValue;

use crate::js_object::JsObject;

// Declares each list of codes as an enum, with the function `as_str`.
macro_rules! error_codes {
    ($(
        $(#[$list_doc:meta])*
        enum $list:ident { $($(#[$doc:meta])* $code:ident = $name:literal,)* }
    )*) => {$(
        $(#[$list_doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum $list { $($(#[$doc])* $code,)* }

        impl $list {
            /// The code as the web page reads it.
            pub(crate) fn as_str(self) -> &'static str {
                match self { $(Self::$code => $name,)* }
            }
        }
    )*};
}

// One code a line: its variant, its name in JavaScript. `npm/contract.ts` explains each code to the web team.
error_codes! {
    /// Why `mount` or a command failed.
    enum ErrorCode {
        /// A command was called with a value of another type than it takes.
        Argument = "E_ARGUMENT",
        /// No command has this name.
        Command = "E_COMMAND",
        /// The panel was removed from the page.
        Destroyed = "E_DESTROYED",
        /// The visitor has to fill in the form first.
        Form = "E_FORM",
        /// A file of the widget could not be loaded, or is still being loaded.
        NotLoaded = "E_NOT_LOADED",
        /// An option has a wrong name or value.
        Option = "E_OPTION",
    }

    /// Why a conversation did not start or was lost; the event `error` reports this code. The codes have a list of
    /// their own, because the first WASM module, which only draws the panel, must not contain their names.
    enum FailureCode {
        /// No option and no session contains the address of a chat server.
        AddressMissing = "E_ADDRESS_MISSING",
        /// The server removed the visitor from the queue.
        Dequeued = "E_DEQUEUED",
        /// The page was reloaded while the engagement (the chat at the server) was being requested.
        Interrupted = "E_INTERRUPTED",
        /// The server refused to start the engagement.
        NotStarted = "E_NOT_STARTED",
        /// The server answered with an error for which this list has no other code, or its answer is unreadable.
        Server = "E_SERVER",
        /// The server no longer knows the session.
        SessionLost = "E_SESSION_LOST",
        /// The host has set no option that provides sessions.
        SessionMissing = "E_SESSION_MISSING",
        /// The server refused the session's token.
        SessionRejected = "E_SESSION_REJECTED",
        /// The host's function or address did not provide a session.
        SessionUnavailable = "E_SESSION_UNAVAILABLE",
        /// What the host provided is not a session.
        SessionUnreadable = "E_SESSION_UNREADABLE",
        /// The server cannot be reached, or took too long to answer.
        Unreachable = "E_UNREACHABLE",
    }
}

/// The error of a command, of `mount` or of a rejected promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PageError {
    code: ErrorCode,
    message: String,
}

impl PageError {
    /// An error with this code. `message` is a sentence for the host's developers.
    pub(crate) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }

    /// The error `E_OPTION`: an option cannot be used. `message` names the option.
    pub(crate) fn option(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::Option, message)
    }

    /// The error `E_NOT_LOADED`: a WASM module of the widget could not be fetched.
    pub(crate) fn not_loaded() -> Self {
        let message = "a part of the widget could not be loaded.";
        Self::new(ErrorCode::NotLoaded, message)
    }
}

impl From<PageError> for JsValue {
    fn from(error: PageError) -> Self {
        JsObject::new()
            .with("code", error.code.as_str())
            .with("message", error.message)
            .into()
    }
}
