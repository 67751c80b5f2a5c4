//! Writes what the visitor has filled in as members of the request that creates a session (`establishSessions`). FOUND.

use pipit_engine::Answers;
use pipit_wire::consumer::{CustomField, CustomFieldType};
use pipit_wire::{Fields, WireObject as _};
use serde_json::Value;

use super::{FieldKind, FieldName};

/// Collects the values by their names. An empty value is left out, except of a checkbox: there it means *no*.
pub(super) fn collect<'a>(
    values: impl Iterator<Item = (&'a FieldName, &'a FieldKind, &'a str)>,
) -> Answers {
    let mut members = Fields::default();
    let mut custom_fields = Vec::new();
    for (name, kind, text) in values {
        match name {
            FieldName::Custom(name) if !text.is_empty() || *kind == FieldKind::Checkbox => {
                custom_fields.push(custom_field(name, kind, text));
            }
            FieldName::Custom(_) => {}
            _ if text.is_empty() => {}
            // The API takes numbers here. A text that is no number comes from the host, and is sent as it is.
            FieldName::ProductId | FieldName::CategoryId | FieldName::QueueId => {
                match text.parse::<i64>() {
                    Ok(number) => members.put(name.as_str(), &number),
                    Err(_) => members.put(name.as_str(), &text.to_owned()),
                }
            }
            _ => members.put(name.as_str(), &text.to_owned()),
        }
    }
    if !custom_fields.is_empty() {
        members.put("customFields", &custom_fields);
    }
    Answers::from_json(Value::Object(members.0).to_string())
}

fn custom_field(name: &str, kind: &FieldKind, text: &str) -> Value {
    let (kind, value) = match kind {
        FieldKind::Checkbox => (CustomFieldType::Boolean, Value::Bool(!text.is_empty())),
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
