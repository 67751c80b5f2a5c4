//! What the visitor fills in before a conversation.

use pipit_wire::Secret;

/// What the visitor fills in before a conversation, or the page on the visitor's behalf: the members
/// of a session's request, such as `firstName` and `question`, as the JSON text of an object. The
/// answers are personal: they have no debug form and are never stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answers(Secret);

impl Answers {
    /// Takes the JSON text of an object.
    pub fn from_json(text: impl Into<String>) -> Self {
        Self(Secret::new(text))
    }

    /// The JSON text. Only the code that requests the session may use it.
    pub fn json(&self) -> &str {
        self.0.reveal()
    }
}

/// No answers: an empty object.
impl Default for Answers {
    fn default() -> Self {
        Self::from_json("{}")
    }
}
