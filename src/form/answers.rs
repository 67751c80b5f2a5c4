//! Writes the values of a form as members of `establishSessions`, the request that creates a session. The visitor has
//! filled them in, or the web page has set them.
//!
//! The names of the members are FOUND, which means: seen in Oracle's own clients or answers.

use pipit_engine::FormAnswers;
use pipit_wire::consumer::{CustomField, CustomFieldType};
use pipit_wire::{Fields, WireObject as _};
use serde_json::Value;

use super::{FieldKind, FieldName};

/// Collects the values, each with the name and the kind of its field. The value of a field that the API knows becomes a
/// member with the field's name. The values of all custom fields become elements of the member `customFields`. Empty values
/// are left out, except the value of a checkbox among the custom fields: an empty value means that the checkbox is not
/// ticked, so it is sent as `false`.
pub(super) fn collect<'a>(
    values: impl Iterator<Item = (&'a FieldName, &'a FieldKind, &'a str)>,
) -> FormAnswers {
    let mut members = Fields::default();
    let mut custom_fields = Vec::new();
    for (name, kind, text) in values {
        match name {
            FieldName::Custom(name) if !text.is_empty() || *kind == FieldKind::Checkbox => {
                custom_fields.push(custom_field(name, kind, text));
            }
            FieldName::Custom(_) => {}
            _ if text.is_empty() => {}
            // The API expects numbers here. The web page's option `prefill` may contain a text that is not a number.
            // That text is sent unchanged.
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
    FormAnswers::from_json(Value::Object(members.0).to_string())
}

/// A value as an element of the member `customFields`.
fn custom_field(name: &str, kind: &FieldKind, text: &str) -> Value {
    let (custom_type, value) = match kind {
        FieldKind::Checkbox => (CustomFieldType::Boolean, Value::Bool(!text.is_empty())),
        _ => (CustomFieldType::String, Value::from(text)),
    };
    let field = CustomField {
        name: name.to_owned(),
        kind: Some(custom_type),
        value: Some(value),
        unknown: Fields::default(),
    };
    field.to_value()
}
