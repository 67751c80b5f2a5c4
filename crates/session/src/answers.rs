//! Reads the body of a request: what the visitor has filled in. Only members that the widget sends are accepted, each
//! with its type and length, because a browser can be told to send anything.

use pipit_wire::Fields;
use pipit_wire::consumer::{CustomField, CustomFieldType};
use pipit_wire::session::SessionInformation;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// The longest name and the longest e-mail address, in UTF-16 units, as browsers count.
pub(crate) const MAX_NAME_LENGTH: usize = 80;
const MAX_QUESTION_LENGTH: usize = 4_000;
const MAX_CUSTOM_TEXT_LENGTH: usize = 1_000;
const MAX_CUSTOM_FIELDS: usize = 20;
/// The largest integer that JavaScript represents exactly. The widget cannot send a larger id.
const MAX_ID: i64 = 9_007_199_254_740_991;

/// What a visitor may choose: the parts of the settings that concern the body.
#[derive(Clone, Debug)]
pub(crate) struct Choices {
    /// The names of the custom fields that a visitor may fill in.
    pub(crate) custom_fields: Vec<String>,
    /// The ids of the queues that a visitor may choose. `None` means any queue.
    pub(crate) queues: Option<Vec<i64>>,
}

/// The body of a request, with the types of its members and nothing else checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Body {
    #[serde(default, deserialize_with = "present")]
    first_name: Option<String>,
    #[serde(default, deserialize_with = "present")]
    last_name: Option<String>,
    #[serde(default, deserialize_with = "present")]
    email_address: Option<String>,
    #[serde(default, deserialize_with = "present")]
    question: Option<String>,
    #[serde(default, deserialize_with = "present")]
    product_id: Option<i64>,
    #[serde(default, deserialize_with = "present")]
    category_id: Option<i64>,
    #[serde(default, deserialize_with = "present")]
    queue_id: Option<i64>,
    #[serde(default, deserialize_with = "present")]
    custom_fields: Option<Vec<Value>>,
}

/// A custom field of the body.
#[derive(Deserialize)]
#[serde(tag = "type", deny_unknown_fields)]
enum BodyField {
    #[serde(rename = "STRING")]
    Text { name: String, value: String },
    #[serde(rename = "BOOLEAN")]
    Boolean { name: String, value: bool },
}

/// Reads a member that must not be `null` if it is there. By default, serde takes `null` for an absent member.
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// Reads the body of a request. Returns `None` if it is not acceptable.
pub(crate) fn read_answers(body: &[u8], choices: &Choices) -> Option<SessionInformation> {
    // serde reads an array, too: member by member.
    if !body.trim_ascii_start().starts_with(b"{") {
        return None;
    }
    let body: Body = serde_json::from_slice(body).ok()?;
    let names = [&body.first_name, &body.last_name, &body.email_address];
    let ids = [body.product_id, body.category_id, body.queue_id];
    let are_names_acceptable = names
        .into_iter()
        .flatten()
        .all(|name| is_text(name, MAX_NAME_LENGTH));
    let is_question_acceptable = body
        .question
        .as_ref()
        .is_none_or(|question| is_text(question, MAX_QUESTION_LENGTH));
    let are_ids_acceptable = ids.into_iter().flatten().all(is_id);
    let is_queue_allowed = match (&choices.queues, body.queue_id) {
        (Some(queues), Some(queue)) => queues.contains(&queue),
        _ => true,
    };
    if !(are_names_acceptable && is_question_acceptable && are_ids_acceptable && is_queue_allowed) {
        return None;
    }
    let custom_fields = match body.custom_fields {
        Some(fields) => Some(read_custom_fields(fields, &choices.custom_fields)?),
        None => None,
    };
    Some(SessionInformation {
        first_name: body.first_name,
        last_name: body.last_name,
        email_address: body.email_address,
        question: body.question,
        product_id: body.product_id,
        category_id: body.category_id,
        queue_id: body.queue_id,
        custom_fields,
        ..SessionInformation::default()
    })
}

/// Whether a number can be the id of a record.
pub(crate) fn is_id(number: i64) -> bool {
    (1..=MAX_ID).contains(&number)
}

/// Whether a text has at most `max_length` UTF-16 units, and no control characters apart from tabs and line breaks.
pub(crate) fn is_text(text: &str, max_length: usize) -> bool {
    let is_accepted = |character: char| !character.is_control() || "\t\r\n".contains(character);
    text.encode_utf16().count() <= max_length && text.chars().all(is_accepted)
}

/// Reads the custom fields of a body. Returns `None` if one of them is not acceptable.
fn read_custom_fields(fields: Vec<Value>, allowed: &[String]) -> Option<Vec<CustomField>> {
    if fields.len() > MAX_CUSTOM_FIELDS {
        return None;
    }
    let fields = fields.into_iter();
    fields
        .map(|field| read_custom_field(field, allowed))
        .collect()
}

fn read_custom_field(field: Value, allowed: &[String]) -> Option<CustomField> {
    // serde reads an array, too.
    if !field.is_object() {
        return None;
    }
    let (name, kind, value) = match serde_json::from_value(field).ok()? {
        BodyField::Text { name, value } => {
            let value = is_text(&value, MAX_CUSTOM_TEXT_LENGTH).then_some(value)?;
            (name, CustomFieldType::String, Value::String(value))
        }
        BodyField::Boolean { name, value } => (name, CustomFieldType::Boolean, Value::Bool(value)),
    };
    allowed.contains(&name).then_some(CustomField {
        name,
        kind: Some(kind),
        value: Some(value),
        unknown: Fields::default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use pipit_wire::WireObject;
    use proptest::prelude::*;

    fn choices() -> Choices {
        Choices {
            custom_fields: vec!["orderNumber".to_owned(), "newsletter".to_owned()],
            queues: Some(vec![1, 7]),
        }
    }

    fn is_accepted(body: &str) -> bool {
        read_answers(body.as_bytes(), &choices()).is_some()
    }

    #[test]
    fn all_members_of_the_widget_are_passed_on_unchanged() {
        let body = r#"{"firstName":"Mia","lastName":"Öst","emailAddress":"mia@shop.example","question":"Where?\n",
            "productId":7,"categoryId":8,"queueId":7,"customFields":[{"name":"orderNumber","type":"STRING",
            "value":"A-17"},{"type":"BOOLEAN","value":false,"name":"newsletter"}]}"#;
        let information = read_answers(body.as_bytes(), &choices()).unwrap();
        let passed_on: Value = serde_json::from_str(&information.to_json()).unwrap();
        assert_eq!(passed_on, serde_json::from_str::<Value>(body).unwrap());
    }

    #[test]
    fn a_member_with_another_name_type_or_value_is_refused() {
        for body in [
            r#"{"contactId":4711}"#,
            r#"{"organizationId":1}"#,
            r#"{"resumeType":"RESUME"}"#,
            r#"{"FirstName":"Mia"}"#,
            r#"{"firstName":null}"#,
            r#"{"firstName":7}"#,
            r#"{"firstName":["Mia"]}"#,
            r#"{"firstName":"Mia","firstName":"Eve"}"#,
            r#"{"firstName":"\u0000"}"#,
            r#"{"firstName":"\ud800"}"#,
            r#"{"question":"\u0085"}"#,
            r#"{"productId":"7"}"#,
            r#"{"productId":7.5}"#,
            r#"{"productId":0}"#,
            r#"{"productId":-1}"#,
            r#"{"categoryId":9007199254740992}"#,
            r#"{"categoryId":1e400}"#,
            r#"{"queueId":2}"#,
            r#"{"customFields":null}"#,
            r#"{"customFields":{}}"#,
            r#"{"customFields":[[]]}"#,
            r#"{"customFields":[["STRING","orderNumber","A"]]}"#,
            r#"{"customFields":[{"name":"vip","type":"STRING","value":"yes"}]}"#,
            r#"{"customFields":[{"name":"orderNumber","type":"STRING","value":true}]}"#,
            r#"{"customFields":[{"name":"orderNumber","type":"LONG","value":1}]}"#,
            r#"{"customFields":[{"name":"orderNumber","type":"STRING","value":"A","contactId":1}]}"#,
            r#"{"customFields":[{"name":"orderNumber","type":"STRING"}]}"#,
        ] {
            assert!(!is_accepted(body), "{body}");
        }
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for body in [
            "",
            " ",
            "[]",
            r#"["Mia"]"#,
            "null",
            "7",
            "{} {}",
            "{'a':1}",
            "{",
            "a=1",
            "\u{feff}{}",
        ] {
            assert!(!is_accepted(body), "{body}");
        }
        assert!(!is_accepted(&"[".repeat(16_000)));
        assert!(!is_accepted(&r#"{"customFields":["#.repeat(1_000)));
        assert!(is_accepted(" {} "));
    }

    #[test]
    fn the_longest_texts_are_accepted_and_no_longer_ones() {
        for (member, limit) in [
            ("firstName", 80),
            ("lastName", 80),
            ("emailAddress", 80),
            ("question", 4_000),
        ] {
            let body = |length| format!(r#"{{"{member}":"{}"}}"#, "ö".repeat(length));
            assert!(is_accepted(&body(limit)), "{member}");
            assert!(!is_accepted(&body(limit + 1)), "{member}");
        }
        let fields = |count, length| {
            let value = "a".repeat(length);
            let field = format!(r#"{{"name":"orderNumber","type":"STRING","value":"{value}"}}"#);
            format!(r#"{{"customFields":[{}]}}"#, vec![field; count].join(","))
        };
        assert!(is_accepted(&fields(20, 1)));
        assert!(!is_accepted(&fields(21, 1)));
        assert!(is_accepted(&fields(1, 1_000)));
        assert!(!is_accepted(&fields(1, 1_001)));
    }

    #[test]
    fn without_a_list_of_queues_any_queue_is_passed_on() {
        let choices = Choices {
            queues: None,
            ..choices()
        };
        let body = br#"{"queueId":9007199254740991}"#;
        let information = read_answers(body, &choices).unwrap();
        assert_eq!(information.queue_id, Some(MAX_ID));
    }

    proptest! {
        #[test]
        fn no_body_causes_a_panic_or_says_who_is_signed_in(body in prop::collection::vec(any::<u8>(), 0..200)) {
            let information = read_answers(&body, &choices());
            prop_assert!(information.is_none_or(|it| it.contact_id.is_none() && it.unknown.0.is_empty()));
        }
    }
}
