//! How a message template of PAGE 004 becomes JSON: [`mended`] mends two slips of the page, and
//! [`filled`] puts a value into each placeholder (`0L`, `0`, "string") that tells its member, so
//! that a member read from a wrong place shows.

use serde_json::Value;

use super::json;
use crate::WireValue;
use crate::agent::AgentMessage;

/// Reads a template and checks that it is written as it was read.
pub(super) fn read_template(printed: &str) -> AgentMessage {
    let template = filled(mended(printed));
    let message = AgentMessage::read(&template).unwrap();
    assert_eq!(message.write(), template);
    message
}

/// The template as JSON. The mends: `0L` and once `0l`, Java's way to write an int64, become `0`;
/// seven of the eight lack their last closing brace.
fn mended(printed: &str) -> Value {
    let closing = "}".repeat(missing_braces(printed));
    json(&(printed.replace("0L", "0").replace("0l", "0") + &closing))
}

pub(super) fn missing_braces(printed: &str) -> usize {
    printed.matches('{').count() - printed.matches('}').count()
}

/// The template with each placeholder replaced: a text by its member's name, a number by
/// [`number`] of it, the text of a twin by its number.
fn filled(template: Value) -> Value {
    match template {
        Value::Object(members) => {
            let names: Vec<String> = members.keys().cloned().collect();
            let value_of = |name: &str, placeholder: Value| match (placeholder, twin_of(name)) {
                (Value::Number(_), _) => Value::from(number::<i64>(name)),
                (Value::String(_), Some(twin)) if names.iter().any(|it| it == twin) => {
                    Value::from(number::<i64>(twin).to_string())
                }
                (Value::String(_), _) => Value::from(name),
                (other, _) => filled(other),
            };
            members
                .into_iter()
                .map(|(name, placeholder)| (name.clone(), value_of(&name, placeholder)))
                .collect()
        }
        Value::Array(elements) => elements.into_iter().map(filled).collect(),
        other => other,
    }
}

fn twin_of(name: &str) -> Option<&str> {
    name.strip_suffix("String")
}

/// A number made of a member's name.
pub(super) fn number<T: TryFrom<i64, Error: std::fmt::Debug>>(name: &str) -> T {
    T::try_from(name.bytes().map(i64::from).sum()).unwrap()
}

/// A text made of a member's name: the name.
pub(super) fn text(name: &str) -> String {
    name.to_owned()
}
