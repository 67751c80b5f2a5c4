//! [`Secret`]: a text that must never reach a log, such as a token, a session identifier or a stored conversation.

use serde_json::Value;

use crate::WireValue;

/// A text that must never reach a log. Its debug form is `Secret(..)`, so that no log shows the text.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(test, derive(proptest_derive::Arbitrary))]
// The property tests generate no empty text, because reading refuses it.
pub struct Secret(#[cfg_attr(test, proptest(regex = ".{1,40}"))] String);

impl Secret {
    /// Wraps a text. An empty text is accepted here, although reading from JSON refuses it.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself. Never write it to a log.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// A member with an empty text counts as absent.
impl WireValue for Secret {
    fn read(value: &Value) -> Option<Self> {
        value
            .as_str()
            .filter(|text| !text.is_empty())
            .map(Self::new)
    }
    fn write(&self) -> Value {
        Value::from(self.0.as_str())
    }
}
