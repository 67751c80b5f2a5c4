//! Turns a message template (an example message with placeholders for the values) into JSON. The templates are on page
//! 004, `getMessages`, of Oracle's API reference. [`repair`] corrects two errors of the page: numbers such as `0L`,
//! which are not JSON, and missing braces. [`fill`] replaces each placeholder (a number, or a text such as "string") by
//! a value that is made from the name of its member, so that a test notices a member that is read into the wrong field.

use serde_json::Value;

use super::json;
use crate::WireValue;
use crate::agent::AgentMessage;

/// Reads a template as a message, and checks that writing the message gives the same JSON again.
pub(super) fn read_template(printed: &str) -> AgentMessage {
    let template = fill(repair(printed));
    let message = AgentMessage::read(&template).unwrap();
    assert_eq!(message.write(), template);
    message
}

/// Parses a template after two corrections. Java's notation of an int64 (`0L`, once `0l`) becomes `0`. Missing
/// closing braces are added: seven of the eight templates lack the last brace.
fn repair(printed: &str) -> Value {
    let closing = "}".repeat(missing_braces(printed));
    json(&(printed.replace("0L", "0").replace("0l", "0") + &closing))
}

/// The number of closing braces that a template lacks.
pub(super) fn missing_braces(printed: &str) -> usize {
    printed.matches('{').count() - printed.matches('}').count()
}

/// Replaces each placeholder that is the value of a member: a number by the result of [`number`] for the member's name,
/// and a text by the member's name. If an object has the members `x` and `xString`, the text `xString` is replaced by
/// the digits of the number `x`. A number or text that is an element of a list has no name, so it stays.
fn fill(template: Value) -> Value {
    match template {
        Value::Object(members) => {
            let names: Vec<String> = members.keys().cloned().collect();
            let value_of = |name: &str, placeholder: Value| match (placeholder, twin_of(name)) {
                (Value::Number(_), _) => Value::from(number::<i64>(name)),
                (Value::String(_), Some(twin)) if names.iter().any(|other| other == twin) => {
                    Value::from(number::<i64>(twin).to_string())
                }
                (Value::String(_), _) => Value::from(name),
                (other, _) => fill(other),
            };
            members
                .into_iter()
                .map(|(name, placeholder)| (name.clone(), value_of(&name, placeholder)))
                .collect()
        }
        Value::Array(elements) => elements.into_iter().map(fill).collect(),
        other => other,
    }
}

/// The name of the number that belongs to this text: `clientId` for `clientIdString`. `None` if the name does not end
/// in `String`.
fn twin_of(name: &str) -> Option<&str> {
    name.strip_suffix("String")
}

/// A number that is made from the name of a member: the sum of the name's bytes.
pub(super) fn number<T: TryFrom<i64, Error: std::fmt::Debug>>(name: &str) -> T {
    T::try_from(name.bytes().map(i64::from).sum()).unwrap()
}

/// A text that is made from the name of a member: the name itself.
pub(super) fn text(name: &str) -> String {
    name.to_owned()
}
