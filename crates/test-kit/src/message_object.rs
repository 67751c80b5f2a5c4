//! Turns messages of the agent API into plain objects of JavaScript. `{"ChatPostMessage": {...}}` becomes
//! `{type: "ChatPostMessage", ...}`. Of a number that the API sends twice, as `engagementId` and as the text
//! `engagementIdString`, the text stays, under the name `engagementId`: JavaScript rounds numbers above 2^53.

use pipit_wire::WireValue as _;
use pipit_wire::agent::AgentMessage;
use serde::Serialize as _;
use serde_json::{Map, Value};
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

/// The largest integer up to which JavaScript rounds none.
const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;

/// The end of the name of a member that repeats a number as a text.
const TWIN: &str = "String";

/// A message as an object of JavaScript.
pub(crate) fn message_object(message: &AgentMessage) -> JsValue {
    let object = flattened(message.write());
    let written = object.serialize(&Serializer::json_compatible());
    // Every JSON value can be written.
    written.unwrap_or(JsValue::UNDEFINED)
}

/// A message with its type as a member. A value that is no object with one member stays as it is, under the name `value`.
fn flattened(message: Value) -> Value {
    let mut object = Map::new();
    match message {
        Value::Object(members) if members.len() == 1 => {
            for (name, content) in members {
                object.insert("type".to_owned(), name.into());
                if let Value::Object(content) = with_texts(content) {
                    object.extend(content);
                }
            }
        }
        other => {
            object.insert("type".to_owned(), Value::Null);
            object.insert("value".to_owned(), with_texts(other));
        }
    }
    Value::Object(object)
}

/// The value with a text in the place of each number that JavaScript could round.
fn with_texts(value: Value) -> Value {
    match value {
        Value::Object(mut members) => {
            let twins: Vec<String> = members
                .keys()
                .filter_map(|it| twin_of(it, &members))
                .collect();
            for name in twins {
                if let Some(text) = members.remove(&format!("{name}{TWIN}")) {
                    members.insert(name, text);
                }
            }
            let members = members.into_iter();
            Value::Object(
                members
                    .map(|(name, value)| (name, with_texts(value)))
                    .collect(),
            )
        }
        Value::Array(values) => Value::Array(values.into_iter().map(with_texts).collect()),
        Value::Number(number) if !is_safe(&number) => Value::String(number.to_string()),
        other => other,
    }
}

/// The name of the number that the member `name` repeats as a text; `None` if it repeats none.
fn twin_of(name: &str, members: &Map<String, Value>) -> Option<String> {
    let number = name.strip_suffix(TWIN)?;
    members.get(number)?.is_number().then(|| number.to_owned())
}

/// Whether JavaScript has this number as it is.
fn is_safe(number: &serde_json::Number) -> bool {
    let magnitude = number.as_i64().map(i64::unsigned_abs).or(number.as_u64());
    magnitude.is_none_or(|magnitude| magnitude <= MAX_SAFE_INTEGER)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::flattened;

    #[test]
    fn ids_are_texts_at_any_depth() {
        let message = json!({"ChatEngagementAssignment": {
            "engagementId": 9_007_199_254_740_993_u64, "engagementIdString": "9007199254740993",
            "sequenceNumber": 1, "sequenceNumberString": "1",
            "queue": {"id": 9_007_199_254_740_995_u64, "name": "Orders", "position": 2},
            "aString": "a", "names": [1, 9_007_199_254_740_992_u64],
        }});
        let expected = json!({
            "type": "ChatEngagementAssignment", "engagementId": "9007199254740993", "sequenceNumber": "1",
            "queue": {"id": "9007199254740995", "name": "Orders", "position": 2},
            "aString": "a", "names": [1, "9007199254740992"],
        });
        assert_eq!(flattened(message), expected);
    }

    #[test]
    fn an_unknown_message_keeps_its_content() {
        let message = json!({"ChatNovelty": {"a": 1}});
        assert_eq!(flattened(message), json!({"type": "ChatNovelty", "a": 1}));
        let message = json!([1]);
        assert_eq!(flattened(message), json!({"type": null, "value": [1]}));
    }
}
