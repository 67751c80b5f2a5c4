//! `cargo xtask manifest`: updates `npm/custom-elements.json`, in which code editors look up the element
//! `<pipit-chat>`, and docs/reference.md, which web teams read. The command copies from `npm/contract.ts` the events, and the
//! options that have an attribute. It adds the attributes that the element itself sets. Slots, parts and custom properties
//! are written by hand in the manifest.

use crate::{
    contract::Contract,
    disk, editor_data,
    failure::{Failure, Outcome},
    reference, workspace,
};
use serde_json::Value;
use std::process::ExitCode;

/// The attributes that the element itself sets, so that style sheets of the page can use them. Each has a name, a type
/// and a description.
const WRITTEN_ATTRIBUTES: [(&str, &str, &str); 4] = [
    (
        "state",
        "'idle' | 'starting' | 'queued' | 'chatting' | 'requeued' | 'ended' | 'failed'",
        "Written by the element: the state of the conversation.",
    ),
    (
        "unread",
        "number",
        "Written by the element: the number of unread messages; absent if there is none.",
    ),
    (
        "connection",
        "'none' | 'asking' | 'connected' | 'lost'",
        "Written by the element: the connection to the server.",
    ),
    (
        "open",
        "boolean",
        "Written by the element while the panel is open.",
    ),
];

/// The page that web teams read.
const REFERENCE: &str = "docs/reference.md";

pub(crate) fn run() -> Outcome<ExitCode> {
    let file = workspace::root().join("npm/custom-elements.json");
    let contract = workspace::root().join("npm/contract.ts");
    let contract = Contract::parse(&disk::read_text(&contract)?);
    let manifest = updated(&disk::read_text(&file)?, &contract).ok_or_else(|| {
        Failure::new(
            "npm/custom-elements.json has no list `attributes` or no list `events`.".to_owned(),
        )
    })?;
    editor_data::write(&manifest)?;
    disk::write(&file, &manifest)?;
    let reference = workspace::root().join(REFERENCE);
    disk::write(&reference, reference_text(&contract, &manifest)?)?;
    Ok(ExitCode::SUCCESS)
}

/// The text of docs/reference.md. `manifest` is the text of `npm/custom-elements.json`.
fn reference_text(contract: &Contract, manifest: &str) -> Outcome<String> {
    let english = disk::read_text(&workspace::root().join("src/locale/en.json"))?;
    let parse = |name: &str, text: &str| {
        serde_json::from_str(text).map_err(|error| Failure::new(format!("{name}: {error}")))
    };
    let manifest = parse("npm/custom-elements.json", manifest)?;
    let english = parse("src/locale/en.json", &english)?;
    Ok(reference::text(contract, &manifest, &english))
}

/// The text of the manifest with the attributes and events of the contract. `None` if the manifest has no list
/// `attributes` or no list `events`.
fn updated(manifest: &str, contract: &Contract) -> Option<String> {
    let mut attributes: Vec<_> = contract
        .options
        .iter()
        .filter_map(|option| {
            let choices: Vec<_> = option
                .choices
                .iter()
                .map(|choice| format!("'{choice}'"))
                .collect();
            let name = option.attribute()?;
            let entry = entry(&name, &choices.join(" | "), &option.description);
            Some((name, entry))
        })
        .collect();
    attributes.sort();
    let written = WRITTEN_ATTRIBUTES.map(|(name, kind, text)| entry(name, kind, text));
    let attributes = attributes.into_iter().map(|(_, entry)| entry);
    let attributes: Vec<_> = attributes.chain(written).collect();
    let events: Vec<_> = contract
        .events
        .iter()
        .map(|event| {
            let name = format!("pipit-{}", event.name.replace(':', "-"));
            // `npm/index.ts` exports `Told`, the type of an event's data.
            let kind = format!("CustomEvent<Told<\"{}\">>", event.name);
            entry(&name, &kind, &event.description)
        })
        .collect();
    let manifest = with_list(manifest, "attributes", &attributes)?;
    with_list(&manifest, "events", &events)
}

/// The JSON text of an entry of a list, indented as the rest of the file. `kind` is the type of the attribute or event.
/// If `kind` is empty, the entry has no member `type`.
fn entry(name: &str, kind: &str, description: &str) -> String {
    let kind = if kind.is_empty() {
        String::new()
    } else {
        let kind = json(kind);
        format!("\n              \"type\": {{\n                \"text\": {kind}\n              }},")
    };
    let (name, description) = (json(name), json(description));
    format!(
        "            {{\n              \"name\": {name},{kind}\n              \"description\": {description}\n            }}"
    )
}

/// The JSON form of a text, with quotes.
fn json(text: &str) -> String {
    Value::from(text).to_string()
}

/// Replaces the entries of one list of the manifest, such as `events`. Finds the list by the indentation of its first and
/// its last line. `None` if the manifest has no such list.
fn with_list(manifest: &str, name: &str, entries: &[String]) -> Option<String> {
    let start = format!("          \"{name}\": [\n");
    let end = "\n          ]";
    let (before, rest) = manifest.split_once(&start)?;
    let (_, after) = rest.split_once(end)?;
    Some([before, &start, &entries.join(",\n"), end, after].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_is_up_to_date_with_its_sources() {
        let read = |name| disk::read_text(&workspace::root().join(name)).unwrap();
        let contract = Contract::parse(&read("npm/contract.ts"));
        let text = reference_text(&contract, &read("npm/custom-elements.json")).unwrap();
        assert!(
            read(REFERENCE) == text,
            "run `cargo xtask manifest`: a source of docs/reference.md has changed"
        );
    }

    #[test]
    fn custom_elements_json_is_up_to_date_with_the_contract() {
        let read = |name| disk::read_text(&workspace::root().join(name)).unwrap();
        let manifest = read("npm/custom-elements.json");
        let contract = Contract::parse(&read("npm/contract.ts"));
        assert!(
            updated(&manifest, &contract) == Some(manifest),
            "run `cargo xtask manifest`: npm/contract.ts has changed"
        );
    }
}
