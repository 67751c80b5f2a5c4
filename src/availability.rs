//! Whether somebody is there before a conversation, and what the host wants done when not. Found out by the
//! loader (`npm/away.ts`), for the launcher may depend on it.

use js_sys::{Function, JsString, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// What is known of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Availability {
    /// It was asked for the first time.
    Unknown,
    /// Somebody is there, as far as is known.
    Open,
    Away(Why, Then),
}

/// Why nobody is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// Out of hours.
    Closed,
    NoAgents,
}

/// What is done about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Then {
    /// There is no launcher.
    Hide,
    /// The launcher opens nothing.
    Disable,
    /// The panel says so.
    Inform,
    /// The panel takes a message.
    Form,
}

impl Availability {
    /// Asks the loader's function.
    pub(crate) async fn ask(function: &Function) -> Self {
        let asked = function.call0(&JsValue::UNDEFINED);
        let Ok(asked) = asked else {
            return Self::Open;
        };
        let told = JsFuture::from(Promise::resolve(&asked)).await;
        told.map_or(Self::Open, |told| {
            Self::read(&String::from(JsString::from(told)))
        })
    }

    /// The state and what is done in it, as `closed form`; anything else is open.
    fn read(text: &str) -> Self {
        let Some((why, then)) = text.split_once(' ') else {
            return Self::Open;
        };
        let why = match why {
            "closed" => Why::Closed,
            "noAgents" => Why::NoAgents,
            _ => return Self::Open,
        };
        let then = match then {
            "hide" => Then::Hide,
            "disable" => Then::Disable,
            "inform" => Then::Inform,
            "form" => Then::Form,
            _ => return Self::Open,
        };
        Self::Away(why, then)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_and_a_choice_are_read_and_anything_else_is_open() {
        let read = Availability::read;
        assert_eq!(
            read("closed hide"),
            Availability::Away(Why::Closed, Then::Hide)
        );
        assert_eq!(
            read("noAgents form"),
            Availability::Away(Why::NoAgents, Then::Form)
        );
        for text in ["", "closed", "closed wave", "open inform", "closed  hide"] {
            assert_eq!(read(text), Availability::Open, "{text}");
        }
    }
}
