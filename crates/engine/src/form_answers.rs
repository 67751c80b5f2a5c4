//! The answers that the visitor gives in a form before a conversation, or that the page (the web page that contains the
//! widget) supplies. The engine passes them to the page with the request for a session.

use pipit_wire::Secret;

/// The answers that the visitor gives before a conversation, or that the page supplies for the visitor. They
/// are kept as the JSON text of an object with members such as `firstName` and `question`. The answers are
/// personal: debug output does not contain them, and they are never stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormAnswers(Secret);

impl FormAnswers {
    /// Takes the JSON text of an object. The text is not checked.
    pub fn from_json(text: impl Into<String>) -> Self {
        Self(Secret::new(text))
    }

    /// The JSON text of the object. Only code that hands the answers to the page, or to the tab that talks to
    /// the server for all tabs of the site, may call this.
    pub fn json(&self) -> &str {
        self.0.reveal()
    }
}

/// The default is an empty object, which contains no answers.
impl Default for FormAnswers {
    fn default() -> Self {
        Self::from_json("{}")
    }
}
