//! What the visitor tells before a conversation.

use pipit_wire::Secret;

/// What the visitor, or the page for them, tells before a conversation: the members of a session's
/// request, such as `firstName` and `question`, as the JSON text of an object. It is personal: it has
/// no debug form, and is kept nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answers(Secret);

impl Answers {
    /// Takes the JSON text of an object.
    pub fn from_json(text: impl Into<String>) -> Self {
        Self(Secret::new(text))
    }

    /// The JSON text: for who makes the session, and nobody else.
    pub fn json(&self) -> &str {
        self.0.reveal()
    }
}

/// Nothing is told.
impl Default for Answers {
    fn default() -> Self {
        Self::from_json("{}")
    }
}
