//! The answers that the visitor gives in a form before a conversation. The engine passes them to the page
//! with the request for a session.

use pipit_wire::Secret;

/// What the visitor has filled in before a conversation, or the page on the visitor's behalf: members such
/// as `firstName` and `question`, as the JSON text of an object. The answers are personal: debug output
/// does not contain them, and they are never stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormAnswers(Secret);

impl FormAnswers {
    /// Takes the JSON text of an object.
    pub fn from_json(text: impl Into<String>) -> Self {
        Self(Secret::new(text))
    }

    /// The JSON text of the object. Only code that hands the answers to the page or to the leader tab may
    /// call this.
    pub fn json(&self) -> &str {
        self.0.reveal()
    }
}

/// No answers: an empty object.
impl Default for FormAnswers {
    fn default() -> Self {
        Self::from_json("{}")
    }
}
