//! Whether agents can take a conversation, and what the panel does when they cannot.
//!
//! The TypeScript of the web page (`npm/availability.ts`) determines both, because the launcher (the button that opens
//! the panel) depends on it too. The TypeScript hands `{ status, action }` to the panel: first as the option
//! `initialAvailability`, later by the command `setAvailability`.

use js_sys::Reflect;
use wasm_bindgen::JsValue;

/// Whether the panel offers a conversation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Availability {
    /// The panel offers a conversation. Agents can take it, or it is unknown whether they can. It is also possible that
    /// nobody can answer, and the options of the web page let only the launcher show this.
    #[default]
    Open,
    /// Nobody can answer, and the options of the web page demand that the panel shows this.
    Unavailable(UnavailableReason, UnavailableAction),
}

/// Why nobody can answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UnavailableReason {
    /// It is outside the hours of service.
    Closed,
    /// No agent is logged on, or no agent can take one more conversation.
    NoAgents,
}

/// What the panel does when nobody can answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UnavailableAction {
    /// Shows a text.
    Inform,
    /// Shows a form by which the visitor leaves a message.
    Form,
}

/// Whether `{ status, action }` has any text as its action, so that a card or a form may replace the usual content of
/// the panel. Only [`Availability::from_js`] decides whether it does. The widget has two WASM modules. The first one
/// draws the panel and calls only this function. The second one, the conversation part, calls `from_js`, whose code
/// would make the first module larger.
pub(crate) fn has_action(value: &JsValue) -> bool {
    Reflect::get(value, &"action".into()).is_ok_and(|action| action.is_string())
}

impl Availability {
    /// Reads `{ status: "open" | "closed" | "noAgents", action?: "inform" | "form" }`. The status `closed` or
    /// `noAgents` without one of these actions is read as open, because then only the launcher shows that nobody can
    /// answer. An unknown status is read as open too.
    pub(crate) fn from_js(value: &JsValue) -> Self {
        let text = |name: &str| Reflect::get(value, &name.into()).ok()?.as_string();
        Self::parse(text("status").as_deref(), text("action").as_deref())
    }

    fn parse(status: Option<&str>, action: Option<&str>) -> Self {
        let reason = match status {
            Some("closed") => UnavailableReason::Closed,
            Some("noAgents") => UnavailableReason::NoAgents,
            _ => return Self::Open,
        };
        let action = match action {
            Some("inform") => UnavailableAction::Inform,
            Some("form") => UnavailableAction::Form,
            _ => return Self::Open,
        };
        Self::Unavailable(reason, action)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_and_an_action_are_read_and_anything_else_is_open() {
        assert_eq!(
            Availability::parse(Some("closed"), Some("inform")),
            Availability::Unavailable(UnavailableReason::Closed, UnavailableAction::Inform)
        );
        assert_eq!(
            Availability::parse(Some("noAgents"), Some("form")),
            Availability::Unavailable(UnavailableReason::NoAgents, UnavailableAction::Form)
        );
        for (status, action) in [
            (None, None),
            (Some(""), None),
            (Some("closed"), None),
            (Some("closed"), Some("wave")),
            (Some("open"), Some("inform")),
            (Some("closed "), Some("form")),
            // The launcher knows the action `hide`; the panel does not.
            (Some("closed"), Some("hide")),
        ] {
            assert_eq!(
                Availability::parse(status, action),
                Availability::Open,
                "{status:?} {action:?}"
            );
        }
    }
}
