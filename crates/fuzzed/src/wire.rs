//! What every reader of `pipit-wire` promises, whatever is read.

use std::str;

use pipit_wire::{WireError, WireObject, WireValue};
use serde_json::Value;

/// What is written is at most so many times as long as what was read: a float such as `1e15` is
/// written out, and twins are written twice.
const GROWTH: usize = 8;

/// What is written of `{}`, at most, in bytes.
const WRITTEN_OF_NOTHING: usize = 1_024;

/// A body as text and as JSON; `None` if it is neither.
pub(crate) struct Body<'a> {
    pub(crate) text: &'a str,
    pub(crate) json: Value,
}

impl<'a> Body<'a> {
    /// Bytes that are no text do not come so far: HTTP clients and the sandbox refuse them.
    pub(crate) fn of(data: &'a [u8]) -> Option<Self> {
        let text = str::from_utf8(data).ok()?;
        match serde_json::from_str(text) {
            Ok(json) => Some(Self { text, json }),
            Err(_) => None,
        }
    }

    /// Reads the body as an object; what is read must be written so that it reads the same.
    pub(crate) fn object<T: WireObject>(&self) -> Option<T> {
        let read = T::from_value(self.json.clone()).ok()?;
        let written = read.to_value();
        assert_eq!(
            T::from_value(written.clone()).map(|again| again.to_value()),
            Ok(written.clone()),
            "written, read and written again"
        );
        self.nothing_is_lost(&written);
        let written = read.to_json();
        assert!(T::from_json(&written).is_ok(), "reads {written}");
        assert!(
            written.len() <= GROWTH * self.text.len() + WRITTEN_OF_NOTHING,
            "{} bytes became {}",
            self.text.len(),
            written.len()
        );
        Some(read)
    }

    /// The same for a message, which is any JSON value.
    pub(crate) fn value<T: WireValue>(&self) -> Option<T> {
        value(&self.json)
    }

    /// Known or not, each member is written back; `null` counts as absent.
    fn nothing_is_lost(&self, written: &Value) {
        let members = self.json.as_object().into_iter().flatten();
        for (name, _) in members.filter(|(_, value)| !value.is_null()) {
            assert!(written.get(name).is_some(), "{name} is lost");
        }
    }
}

/// Reads a value; what is read must be written so that it reads the same.
pub(crate) fn value<T: WireValue>(json: &Value) -> Option<T> {
    let read = T::read(json)?;
    let written = read.write();
    assert_eq!(
        T::read(&written).map(|again| again.write()),
        Some(written),
        "written, read and written again"
    );
    Some(read)
}

/// Any text is an object or an error, and the error says what is wrong. An empty text is `{}`.
pub(crate) fn says_what_is_wrong<T: WireObject>(text: &str) {
    let Err(error) = T::from_json(text) else {
        return;
    };
    let text = text.trim_start_matches('\u{feff}').trim();
    let is_told = match serde_json::from_str::<Value>(text) {
        Err(_) if text.is_empty() => matches!(error, WireError::Missing(_)),
        Err(_) => matches!(error, WireError::NotJson),
        Ok(Value::Object(_)) => matches!(error, WireError::Missing(_)),
        Ok(_) => matches!(error, WireError::NotAnObject),
    };
    assert!(is_told, "{error}");
}
