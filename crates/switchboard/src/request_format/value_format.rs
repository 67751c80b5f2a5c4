//! The types and values that a member of a request can have.

use pipit_wire::WireValue as _;
use pipit_wire::consumer::CustomFieldType;
use serde_json::Value;

/// What a member of a request must be.
pub(super) enum Format {
    /// Any value.
    Any,
    /// A text.
    Text,
    /// `true` or `false`.
    Flag,
    /// A whole number of 64 bits.
    Int64,
    /// A whole number of 32 bits.
    Int32,
    /// An object.
    Object,
    /// An object whose values are texts, such as `messageDataMap` (PAGE 003).
    TextMap,
    /// One of these texts.
    OneOf(Vec<&'static str>),
    /// A list of objects with the text `name`. If there is a `value`, there must be a `type`, which is one of seven texts.
    /// (FOUND)
    CustomFields {
        /// Whether the types may also be in lower case.
        any_case: bool,
    },
}

/// The format of a member that is an enum of the API. `values` are its values, and `text` gives the text of one.
pub(super) fn one_of<T>(values: &'static [T], text: fn(&T) -> &str) -> Format {
    Format::OneOf(values.iter().map(text).collect())
}

impl Format {
    pub(super) fn allows(&self, value: &Value) -> bool {
        match self {
            Self::Any => true,
            Self::Text => value.is_string(),
            Self::Flag => value.is_boolean(),
            Self::Int64 => value.is_number() && i64::read(value).is_some(),
            Self::Int32 => value.is_number() && i32::read(value).is_some(),
            Self::Object => value.is_object(),
            Self::TextMap => value
                .as_object()
                .is_some_and(|texts| texts.values().all(Value::is_string)),
            Self::OneOf(texts) => value.as_str().is_some_and(|text| texts.contains(&text)),
            Self::CustomFields { any_case } => value
                .as_array()
                .is_some_and(|fields| fields.iter().all(|field| is_custom_field(field, *any_case))),
        }
    }

    /// What the member must be, as a part of a sentence.
    pub(super) fn description(&self) -> String {
        match self {
            Self::Any => "a value".to_owned(),
            Self::Text => "a text".to_owned(),
            Self::Flag => "true or false".to_owned(),
            Self::Int64 => "an int64, which is a whole number from -2^63 to 2^63 - 1".to_owned(),
            Self::Int32 => "an int32, which is a whole number from -2^31 to 2^31 - 1".to_owned(),
            Self::Object => "an object".to_owned(),
            Self::TextMap => "an object whose values are texts".to_owned(),
            Self::OneOf(texts) => format!("one of {}", texts.join(", ")),
            Self::CustomFields { .. } => {
                let types = CustomFieldType::ALL.iter().map(CustomFieldType::as_str);
                let types: Vec<&str> = types.collect();
                format!(
                    "a list of objects with the text \"name\" and, where they have a \"value\", \
                     with the \"type\" {}",
                    types.join(", ")
                )
            }
        }
    }
}

fn is_custom_field(field: &Value, any_case: bool) -> bool {
    let kind = field.get("type").filter(|kind| !kind.is_null());
    let has_value = field.get("value").is_some_and(|value| !value.is_null());
    let is_known_type = |kind: &Value| {
        let types = CustomFieldType::ALL.iter().map(CustomFieldType::as_str);
        kind.as_str().is_some_and(|text| {
            let mut matching = types
                .filter(|known| *known == text || (any_case && known.eq_ignore_ascii_case(text)));
            matching.next().is_some()
        })
    };
    field.get("name").is_some_and(Value::is_string)
        && kind.is_none_or(is_known_type)
        && (kind.is_some() || !has_value)
}
