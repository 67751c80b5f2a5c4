//! Texts that must not be shown: tokens and session identifiers.

use serde_json::Value;

use crate::WireValue;

/// A JWT or a session identifier. Its debug form hides it, so that no log can show it.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(test, derive(proptest_derive::Arbitrary))]
pub struct Secret(#[cfg_attr(test, proptest(regex = ".{1,40}"))] String);

impl Secret {
    /// Wraps a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself: for the request header it belongs into, and nowhere else.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// Only a text that is not empty is a secret.
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
