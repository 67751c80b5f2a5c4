//! The fuzz target for the tolerant reading of JSON, which reads an answer of the chat server that is not valid JSON.

use pipit_wire::consumer::{GetMessagesResponse, Operation, SystemMessage};
use pipit_wire::tolerant_json::{self, MAX_DEPTH};
use pipit_wire::{Fields, Response};
use serde_json::Value;

/// A message that can be read, as JSON text.
const MESSAGE: &str =
    r#"{"messageName":"RNEngagementMessagePostedMessage","body":"neighbour","sequenceNumber":7}"#;

/// Reads the bytes as an object, and as an element between two messages. Panics if `pipit-wire` breaks a promise: what is
/// valid JSON is read as `serde_json` reads it, nothing is deeper than the limit, and the message in front of any text is
/// read.
pub fn tolerant_json(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    check_object(&text);
    check_object(&format!("{{{text}"));
    check_neighbour(&text);
}

/// Checks what was read of a text as an object.
fn check_object(text: &str) {
    let reading = tolerant_json::read(text);
    if let Ok(members) = Fields::from_json(text) {
        let reading = reading.as_ref();
        assert_eq!(reading.map(|reading| &reading.members), Some(&members.0));
        assert!(reading.is_some_and(|reading| reading.is_whole));
    }
    if let Some(reading) = reading {
        let value = Value::Object(reading.members);
        assert!(depth(&value) <= MAX_DEPTH + 1, "too deep");
        let reread = Fields::from_json(&value.to_string());
        assert!(reread.is_ok(), "what was read can be written and read");
    }
}

/// Checks that the first message of a batch is read, whatever follows it.
fn check_neighbour(text: &str) {
    let body = format!(r#"{{"systemMessages":[{MESSAGE},{text}"#);
    let Response::Answer(members) = Operation::GetMessages.read_response(200, &body) else {
        // The text may have an error of the server, or a second list under the same name.
        return;
    };
    // A second list under the same name replaces the first, as in JavaScript.
    if text.contains("systemMessages") {
        return;
    }
    let batch: GetMessagesResponse = members.into_object().unwrap_or_default();
    assert!(
        matches!(batch.system_messages.first(), Some(SystemMessage::MessagePosted(posted)) if posted.body == "neighbour"),
        "{body}"
    );
}

/// The number of levels of objects and lists.
fn depth(value: &Value) -> usize {
    let inner = match value {
        Value::Array(elements) => elements.iter().map(depth).max(),
        Value::Object(members) => members.values().map(depth).max(),
        _ => return 0,
    };
    1 + inner.unwrap_or(0)
}
