//! `npm/custom-elements.json` tells editors and frameworks what the element has. It names what the sources have, and
//! nothing else.

#![allow(
    clippy::expect_used,
    reason = "a test that cannot go on says so by a panic"
)]

use serde_json::Value;
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// What no text can say: these are members of `config`.
const CONFIG_ALONE: [&str; 9] = [
    "availability",
    "beforeRender",
    "beforeSend",
    "form",
    "getSession",
    "messageForm",
    "prefill",
    "target",
    "words",
];

/// Options that are numbers, which no attribute is.
const NUMBERS: [&str; 2] = ["absentLimitSeconds", "uploadMaxBytes"];

/// Attributes that the element writes.
const TOLD: [&str; 4] = ["connection", "open", "state", "unread"];

type Names = BTreeSet<String>;

/// The names of one kind in the manifest.
fn listed(kind: &str) -> Names {
    let manifest = read("npm/custom-elements.json");
    let manifest: Value = serde_json::from_str(&manifest).expect("the manifest is JSON");
    let list = manifest.pointer(&format!("/modules/0/declarations/0/{kind}"));
    let list = list
        .and_then(Value::as_array)
        .expect("there is such a list");
    let name = |item: &Value| item.get("name")?.as_str().map(ToOwned::to_owned);
    list.iter().filter_map(name).collect()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: impl AsRef<Path>) -> String {
    fs::read_to_string(root().join(path)).expect("the file can be read")
}

/// The text of all files in a directory, and in those below it, with this end.
fn sources(directory: &str, end: &str) -> String {
    let mut text = String::new();
    for entry in fs::read_dir(root().join(directory)).expect("the directory is there") {
        let entry = entry.expect("the directory can be read");
        let name = entry.file_name().into_string().expect("a name is a text");
        let path = format!("{directory}/{name}");
        if name.ends_with(end) {
            text += &read(path);
        } else if name != "node_modules" && entry.path().is_dir() {
            text += &sources(&path, end);
        }
    }
    text
}

/// What stands between `before` and `after`, each time.
fn between<'a>(text: &'a str, before: &str, after: &str) -> impl Iterator<Item = &'a str> {
    let pieces = text.split(before).skip(1);
    pieces.filter_map(move |piece| Some(piece.split_once(after)?.0))
}

fn names<'a>(found: impl Iterator<Item = &'a str>) -> Names {
    found
        .flat_map(str::split_whitespace)
        .map(ToOwned::to_owned)
        .collect()
}

#[test]
fn each_slot() {
    let (rust, script) = (sources("src", ".rs"), sources("npm", ".ts"));
    let panel = names(between(&rust, "slot(\"", "\""));
    let launcher = names(between(&script, "make(\"slot\", { name: \"", "\""));
    assert_eq!(listed("slots"), &panel | &launcher);
}

#[test]
fn each_part() {
    let all = sources("src", ".rs") + &sources("npm", ".ts");
    let mut written = names(between(&all, "part=\"", "\""));
    written.extend(names(between(&all, "\"part\", \"", "\"")));
    let parts = listed("cssParts");
    let missing: Vec<_> = written.difference(&parts).collect();
    assert!(missing.is_empty(), "not in the manifest: {missing:?}");
    let is_said =
        |part: &&String| !all.contains(&format!("\"{part}\"")) && !written.contains(*part);
    let unknown: Vec<_> = parts.iter().filter(is_said).collect();
    assert!(unknown.is_empty(), "in the manifest alone: {unknown:?}");
}

#[test]
fn each_custom_property() {
    let styles = sources("src/view/style", ".css");
    let name = |rest: &str| {
        let end = rest.find(|it: char| it != '-' && !it.is_ascii_lowercase());
        format!(
            "--pipit-{}",
            rest.get(..end.unwrap_or(rest.len())).unwrap_or_default()
        )
    };
    let used: Names = styles.split("var(--pipit-").skip(1).map(name).collect();
    assert_eq!(listed("cssProperties"), used);
}

#[test]
fn each_event() {
    let events = read("npm/events.ts");
    let mut block = between(&events, "export interface Events {\n", "\n}");
    let lines = block.next().expect("the events are listed").lines();
    let told = lines.filter_map(|line| {
        let name = line.trim().trim_start_matches('"');
        let end = name.find(|it: char| it != ':' && !it.is_ascii_lowercase())?;
        let name = name.get(..end)?.trim_end_matches(':');
        Some(format!("pipit-{}", name.replace(':', "-")))
    });
    assert_eq!(listed("events"), told.collect());
}

#[test]
fn each_attribute() {
    let options = read("npm/options.ts");
    let mut list = between(&options, "const NAMES =\n  \"", "\"");
    let options = names(list.next().into_iter());
    let told: Names = TOLD.map(ToOwned::to_owned).into();
    let mut expected: Names = options
        .iter()
        .filter(|name| {
            ![&CONFIG_ALONE[..], &NUMBERS]
                .concat()
                .contains(&name.as_str())
        })
        .map(|name| attribute(name))
        .collect();
    expected.extend(told);
    assert_eq!(listed("attributes"), expected);
}

/// `sessionEndpoint` is `session-endpoint`.
fn attribute(option: &str) -> String {
    // For `title` browsers show a tooltip.
    if option == "title" {
        return "chat-title".to_owned();
    }
    let letters = option.chars().map(|letter| {
        if letter.is_ascii_uppercase() {
            format!("-{}", letter.to_ascii_lowercase())
        } else {
            letter.to_string()
        }
    });
    letters.collect()
}
