//! Writes what two kinds of code editors read about the element `<pipit-chat>`: `npm/web-types.json` (JetBrains) and
//! `npm/html-custom-data.json` (Visual Studio Code). Both are made from `npm/custom-elements.json`, so that they say the same.

use crate::{
    disk,
    failure::{Failure, Outcome},
    workspace,
};
use serde_json::{Value, json};

/// The files, and how each is made from the element's declaration in `custom-elements.json`.
const FILES: [(&str, Make); 2] = [
    ("npm/web-types.json", web_types),
    ("npm/html-custom-data.json", custom_data),
];

/// Makes the content of a file from the element's declaration.
type Make = fn(&Value) -> Value;

/// Writes both files. `manifest` is the text of `npm/custom-elements.json`.
pub(crate) fn write(manifest: &str) -> Outcome {
    for (name, text) in texts(manifest)? {
        disk::write(&workspace::root().join(name), text)?;
    }
    Ok(())
}

/// The name and the text of each file.
fn texts(manifest: &str) -> Outcome<Vec<(&'static str, String)>> {
    let manifest: Value = serde_json::from_str(manifest)
        .map_err(|error| Failure::new(format!("npm/custom-elements.json is no JSON: {error}")))?;
    let element = manifest.pointer("/modules/0/declarations/0");
    let element = element
        .ok_or_else(|| Failure::new("npm/custom-elements.json declares no element.".to_owned()))?;
    let files = FILES.iter();
    Ok(files
        .map(|(name, make)| (*name, format!("{:#}\n", make(element))))
        .collect())
}

fn web_types(element: &Value) -> Value {
    let attributes = each(element, "attributes", |attribute| {
        let kind = kind_of(attribute);
        let value = (!kind.is_empty()).then(|| json!({ "type": kind }));
        described(attribute, value.map(|value| ("value", value)))
    });
    let events = each(element, "events", |entry| described(entry, None));
    let slots = each(element, "slots", |entry| described(entry, None));
    let parts = each(element, "cssParts", |entry| described(entry, None));
    let properties = each(element, "cssProperties", |entry| described(entry, None));
    json!({
        "$schema": "https://json.schemastore.org/web-types",
        "name": "pipit-chat",
        "version": env!("CARGO_PKG_VERSION"),
        "description-markup": "markdown",
        "contributions": { "html": { "elements": [{
            "name": element.get("tagName"),
            "description": element.get("description"),
            "attributes": attributes,
            "slots": slots,
            "js": { "events": events, "properties": [{ "name": "config", "description": "Options as an object. Attributes win over them." }] },
            "css": { "parts": parts, "properties": properties },
        }] } },
    })
}

fn custom_data(element: &Value) -> Value {
    let attributes = each(element, "attributes", |attribute| {
        // Every second piece is between quotes.
        let choices = kind_of(attribute).split('\'').skip(1).step_by(2);
        let choices: Vec<_> = choices.map(|choice| json!({ "name": choice })).collect();
        let values = (!choices.is_empty()).then(|| ("values", Value::from(choices)));
        described(attribute, values)
    });
    json!({
        "version": 1.1,
        "tags": [{
            "name": element.get("tagName"),
            "description": element.get("description"),
            "attributes": attributes,
        }],
    })
}

/// Makes an entry of each entry of a list of the element.
fn each(element: &Value, list: &str, entry: impl Fn(&Value) -> Value) -> Value {
    let list = element.get(list).and_then(Value::as_array);
    list.into_iter().flatten().map(entry).collect()
}

/// The type of an attribute. Empty for a text.
fn kind_of(attribute: &Value) -> &str {
    let kind = attribute.pointer("/type/text").and_then(Value::as_str);
    kind.unwrap_or_default()
}

/// An entry with the name and the description of another one, and one more member.
fn described(entry: &Value, more: Option<(&str, Value)>) -> Value {
    let members =
        ["name", "description"].map(|name| (name, entry.get(name).cloned().unwrap_or_default()));
    let members = members.into_iter().chain(more);
    members
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_for_editors_are_up_to_date() {
        let read = |name| disk::read_text(&workspace::root().join(name)).unwrap();
        for (name, text) in texts(&read("npm/custom-elements.json")).unwrap() {
            assert!(
                read(name) == text,
                "run `cargo xtask manifest`: {name} is old"
            );
        }
    }

    #[test]
    fn choices_and_events_are_told_to_both_editors() {
        let element = json!({
            "tagName": "a-b",
            "attributes": [{ "name": "side", "description": "Where.", "type": { "text": "'right' | 'left'" } }],
            "events": [{ "name": "a-opened", "description": "Opened." }],
        });
        let data = custom_data(&element);
        assert_eq!(
            data.pointer("/tags/0/attributes/0/values").unwrap(),
            &json!([{ "name": "right" }, { "name": "left" }])
        );
        let types = web_types(&element);
        let element = types.pointer("/contributions/html/elements/0").unwrap();
        assert_eq!(element.pointer("/js/events/0/name").unwrap(), "a-opened");
        assert_eq!(
            element.pointer("/attributes/0/value/type").unwrap(),
            "'right' | 'left'"
        );
    }
}
