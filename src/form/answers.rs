//! What is told before a conversation, in the members that `establishSessions` takes. FOUND.

use pipit_engine::Answers;
use pipit_wire::consumer::{CustomField, CustomFieldType};
use pipit_wire::{Fields, WireObject as _};
use serde_json::Value;

use super::{FieldKind, FieldName};

/// Puts the members together. What is empty is not told, but for a tick, which is a word too.
pub(super) fn told<'a>(
    values: impl Iterator<Item = (&'a FieldName, &'a FieldKind, &'a str)>,
) -> Answers {
    let mut members = Fields::default();
    let mut custom = Vec::new();
    for (name, kind, text) in values {
        match name {
            FieldName::Custom(name) if !text.is_empty() || *kind == FieldKind::Tick => {
                custom.push(custom_field(name, kind, text));
            }
            FieldName::Custom(_) => {}
            _ if text.is_empty() => {}
            // Numbers in the API; a text where the host knows one that is none.
            FieldName::ProductId | FieldName::CategoryId | FieldName::QueueId => {
                match text.parse::<i64>() {
                    Ok(number) => members.put(name.as_str(), &number),
                    Err(_) => members.put(name.as_str(), &text.to_owned()),
                }
            }
            _ => members.put(name.as_str(), &text.to_owned()),
        }
    }
    if !custom.is_empty() {
        members.put("customFields", &custom);
    }
    Answers::from_json(Value::Object(members.0).to_string())
}

fn custom_field(name: &str, kind: &FieldKind, text: &str) -> Value {
    let (kind, value) = match kind {
        FieldKind::Tick => (CustomFieldType::Boolean, Value::Bool(!text.is_empty())),
        _ => (CustomFieldType::String, Value::from(text)),
    };
    let field = CustomField {
        name: name.to_owned(),
        kind: Some(kind),
        value: Some(value),
        unknown: Fields::default(),
    };
    field.to_value()
}
