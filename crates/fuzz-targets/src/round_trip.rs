//! Checks what every reader of `pipit-wire` promises: an object that was read can be written and read again without a
//! loss, and an error states the true reason.

use std::str;

use pipit_wire::{ReadError, WireObject, WireValue};
use serde_json::Value;

/// The factor by which a text may grow when it is read and written: a float such as `1e15` is written out, and
/// a number that the API expects under two names is written twice.
const MAX_GROWTH: usize = 8;

/// The maximum length of what is written for `{}`, in bytes: many absent members are written with their default values.
const MAX_WRITTEN_FOR_EMPTY: usize = 1_024;

/// The body of a request or an answer, as text and as JSON.
pub(crate) struct Body<'a> {
    pub(crate) text: &'a str,
    pub(crate) json: Value,
}

impl<'a> Body<'a> {
    /// Parses a body. `None` if the bytes are not UTF-8, or not JSON. [`check_error`] checks how a reader refuses a text
    /// that is not JSON.
    pub(crate) fn parse(data: &'a [u8]) -> Option<Self> {
        let text = str::from_utf8(data).ok()?;
        match serde_json::from_str(text) {
            Ok(json) => Some(Self { text, json }),
            Err(_) => None,
        }
    }

    /// Reads the body as an object. Checks that the object can be written and read again, that no member is lost, and
    /// that the written text is not much longer than the body. `None` if the reader refuses the body.
    pub(crate) fn object<T: WireObject>(&self) -> Option<T> {
        let read = T::from_value(self.json.clone()).ok()?;
        let written = read.to_value();
        assert_eq!(
            T::from_value(written.clone()).map(|reread| reread.to_value()),
            Ok(written.clone()),
            "written, read and written again"
        );
        self.check_nothing_is_lost(&written);
        let written_text = read.to_json();
        assert!(T::from_json(&written_text).is_ok(), "reads {written_text}");
        assert!(
            written_text.len() <= MAX_GROWTH * self.text.len() + MAX_WRITTEN_FOR_EMPTY,
            "{} bytes became {}",
            self.text.len(),
            written_text.len()
        );
        Some(read)
    }

    /// Reads the body as a value, such as a message, and checks that it can be written and read again. `None` if the
    /// reader refuses the body.
    pub(crate) fn value<T: WireValue>(&self) -> Option<T> {
        check_value(&self.json)
    }

    /// Checks that each member of the body is written, including members that the reader does not know. Members of
    /// inner objects are not checked. A member with the value `null` counts as absent, and need not be written.
    fn check_nothing_is_lost(&self, written: &Value) {
        let members = self.json.as_object().into_iter().flatten();
        for (name, _) in members.filter(|(_, value)| !value.is_null()) {
            assert!(written.get(name).is_some(), "{name} is lost");
        }
    }
}

/// Reads a value, and checks that it can be written and read again. `None` if the reader refuses the JSON.
pub(crate) fn check_value<T: WireValue>(json: &Value) -> Option<T> {
    let read = T::read(json)?;
    let written = read.write();
    assert_eq!(
        T::read(&written).map(|reread| reread.write()),
        Some(written),
        "written, read and written again"
    );
    Some(read)
}

/// Reads any text as an object. If that fails, checks that the error states the true reason. An empty text counts as
/// `{}`.
pub(crate) fn check_error<T: WireObject>(text: &str) {
    let Err(error) = T::from_json(text) else {
        return;
    };
    // The readers skip byte order marks and white space around the JSON.
    let json = text.trim_start_matches('\u{feff}').trim();
    let is_true_reason = match serde_json::from_str::<Value>(json) {
        Err(_) if json.is_empty() => matches!(error, ReadError::Missing(_)),
        Err(_) => matches!(error, ReadError::NotJson),
        Ok(Value::Object(_)) => matches!(error, ReadError::Missing(_)),
        Ok(_) => matches!(error, ReadError::NotAnObject),
    };
    assert!(is_true_reason, "{error}");
}
