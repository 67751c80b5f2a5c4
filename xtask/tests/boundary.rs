//! The widget's commands, events, options and error codes are listed in several places: `npm/contract.ts`, the Rust
//! declarations of `src/js_api`, `src/app`, `src/config` and `src/page_error.rs`, the pages `docs/reference.md` and
//! `docs/embed.md`, and the manifest `npm/custom-elements.json`. These tests check that the lists agree. In this file, *the
//! contract* is `npm/contract.ts`, *the reference* is `docs/reference.md`, and *the guide* is `docs/embed.md`.

#![allow(clippy::expect_used, reason = "a test fails by a panic")]

use contract::{Contract, Member};
use repository::{read, root};
use serde_json::Value;
use std::{collections::BTreeSet, fs};

#[path = "../src/contract.rs"]
mod contract;
mod repository;

/// The commands of the WASM that only the widget's own TypeScript may call.
const INTERNAL_COMMANDS: [&str; 6] = [
    "destroy",
    "forget",
    "load",
    "reattach",
    "setAvailability",
    "setPagePrecedence",
];

/// The commands of the panel that the TypeScript performs by calling other commands, so that the WASM has no such
/// command.
const COMMANDS_OF_TYPESCRIPT: [&str; 1] = ["toggle"];

/// The options that the TypeScript passes to the WASM, and that are not options of the contract for the WASM. A host
/// can set `messageForm`; the TypeScript passes it on only if the widget asks for the availability of agents.
const INTERNAL_OPTIONS: [&str; 12] = [
    "attachments",
    "contacts",
    "findFetch",
    "initialAvailability",
    "language",
    "mails",
    "messageForm",
    "namespace",
    "notifications",
    "rates",
    "resumes",
    "sendToHost",
];

type Names = BTreeSet<String>;

#[test]
fn commands_of_the_contract_are_those_of_the_wasm() {
    let contract = contract();
    let rust = declared("src/js_api/command.rs", "\npage_commands! {");
    let from_page = without(&rust, &INTERNAL_COMMANDS);
    let expected = without(&names_of(&contract.panel_commands), &COMMANDS_OF_TYPESCRIPT);
    assert_eq!(from_page, expected);
}

#[test]
fn commands_of_the_contract_are_those_of_the_reference() {
    let contract = contract();
    let mut expected = names_of(&contract.panel_commands);
    expected.extend(names_of(&contract.chat_members));
    let reference = section("docs/reference.md", "## Commands");
    let in_table: Names = first_cells(&reference)
        .flat_map(in_backticks)
        .filter_map(|code| Some(code.split_once('(')?.0.to_owned()))
        .collect();
    assert_eq!(in_table, expected);
}

#[test]
fn events_of_the_contract_are_those_that_rust_and_typescript_emit() {
    let contract = names_of(&contract().events);
    let rust = declared("src/app/page_event.rs", "\npage_events! {");
    let unknown: Vec<_> = rust.difference(&contract).collect();
    assert!(
        unknown.is_empty(),
        "not in npm/contract.ts, but in Rust: {unknown:?}"
    );
    let scripts = scripts_besides_the_contract();
    let is_emitted = |name: &&String| {
        rust.contains(*name)
            || scripts
                .lines()
                .any(|line| line.contains("emit(") && line.contains(&format!("\"{name}\"")))
    };
    let silent: Vec<_> = contract.iter().filter(|name| !is_emitted(name)).collect();
    assert!(silent.is_empty(), "nobody emits: {silent:?}");
}

#[test]
fn events_of_the_contract_are_those_of_the_reference() {
    let reference = section("docs/reference.md", "## Events");
    let described: Names = first_cells(&reference)
        .flat_map(in_backticks)
        .map(ToOwned::to_owned)
        .collect();
    assert_eq!(described, names_of(&contract().events));
}

#[test]
fn options_of_the_contract_are_those_of_the_wasm() {
    let contract = contract();
    let rust = declared("src/config/options.rs", "\ndeclare_options! {");
    let for_wasm = contract.options.iter().filter(|option| option.is_for_wasm);
    let expected: Names = for_wasm.map(|option| option.name.clone()).collect();
    assert_eq!(without(&rust, &INTERNAL_OPTIONS), expected);
}

#[test]
fn options_that_may_change_are_the_same_on_both_sides() {
    let rust = read("src/config/options.rs");
    let (_, list) = rust
        .split_once("\ndeclare_options! {")
        .expect("the options are declared there");
    let live: Names = list
        .lines()
        .take_while(|line| *line != "}")
        .filter(|line| line.contains(", Live"))
        .filter_map(assigned_name)
        .collect();
    let contract = contract();
    let expected = contract
        .options
        .iter()
        .filter(|option| option.is_for_wasm && option.is_live);
    let expected: Names = expected.map(|option| option.name.clone()).collect();
    assert_eq!(without(&live, &["language"]), expected);
}

#[test]
fn options_of_the_contract_are_those_of_the_reference() {
    let reference = section("docs/reference.md", "## Options");
    let rows = || table_rows(&reference).filter(|cells| cells.len() >= 3);
    let cells = |index: usize| -> Names {
        rows()
            .filter_map(|cells| cells.get(index).copied())
            .flat_map(in_backticks)
            .map(ToOwned::to_owned)
            .collect()
    };
    let contract = contract();
    let names: Names = contract.options.iter().map(|it| it.name.clone()).collect();
    assert_eq!(cells(1), names);
    // The first column has the attributes of the script tag. They are those of the element `<pipit-chat>` with the
    // prefix `data-`, with two exceptions: the target element is an attribute of the script tag only, and `chat-title`
    // is `data-title`.
    let attributes = contract.options.iter().filter_map(|option| {
        let attribute = option.attribute();
        let is_target = option.kind == "element";
        let name = if is_target {
            Some(option.name.clone())
        } else {
            attribute
        };
        Some(format!("data-{}", name?.trim_start_matches("chat-")))
    });
    assert_eq!(cells(0), attributes.collect());
}

#[test]
fn each_name_that_the_guide_gives_to_an_error_is_one_of_the_contract() {
    let contract = names_of(&contract().error_codes);
    for document in [
        "docs/embed.md",
        "docs/get-started.md",
        "docs/logout.md",
        "docs/troubleshooting.md",
        "docs/upgrade.md",
        "npm/README.md",
    ] {
        let text = read(document);
        let named = in_backticks(&text).filter(|code| code.starts_with("E_"));
        let unknown: Vec<_> = named.filter(|code| !contract.contains(*code)).collect();
        assert!(unknown.is_empty(), "{document}: {unknown:?}");
    }
}

#[test]
fn the_attribute_of_links_that_open_the_chat_is_that_of_the_guide() {
    let script = read("npm/page-events.ts");
    assert!(script.contains("matches?.(\"[data-pipit-open]\")"));
    let guide = section("docs/embed.md", "## Your own links and buttons");
    assert!(guide.contains("<a href=\"/contact.html\" data-pipit-open>"));
}

#[test]
fn each_name_of_the_contract_has_a_description() {
    let contract = contract();
    for command in contract.panel_commands.iter().chain(&contract.chat_members) {
        assert!(!command.description.is_empty(), "`{}`", command.name);
    }
    for code in &contract.error_codes {
        assert!(!code.description.is_empty(), "`{}`", code.name);
        for tag in ["means", "fix"] {
            assert!(code.tag(tag).is_some(), "`{}` has no `@{tag}`", code.name);
        }
    }
    for (name, members) in &contract.data {
        assert!(!members.is_empty(), "`{name}` is not in the contract");
        for member in members {
            assert!(!member.description.is_empty(), "`{name}.{}`", member.name);
        }
    }
    for event in &contract.events {
        assert!(!event.description.is_empty(), "`{}`", event.name);
    }
    for option in &contract.options {
        assert!(!option.description.is_empty(), "`{}`", option.name);
        assert!(option.has_row, "`{}` has no row", option.name);
    }
}

#[test]
fn error_codes_of_the_contract_are_those_of_rust_typescript_and_the_reference() {
    let contract = names_of(&contract().error_codes);
    let rust = declared("src/page_error.rs", "\nerror_codes! {");
    let unknown: Vec<_> = rust.difference(&contract).collect();
    assert!(
        unknown.is_empty(),
        "not in npm/contract.ts, but in Rust: {unknown:?}"
    );
    let scripts = scripts_besides_the_contract();
    let is_used = |code: &&String| rust.contains(*code) || scripts.contains(&format!("\"{code}\""));
    let unused: Vec<_> = contract.iter().filter(|code| !is_used(code)).collect();
    assert!(unused.is_empty(), "nobody uses: {unused:?}");
    let reference = section("docs/reference.md", "## Errors");
    let described: Names = first_cells(&reference)
        .flat_map(in_backticks)
        .map(ToOwned::to_owned)
        .collect();
    assert_eq!(described, contract);
}

#[test]
fn rust_and_typescript_agree_on_the_names_of_stored_conversations() {
    let prefix = contract().storage_prefix;
    let rust = sources("src", ".rs");
    assert!(
        !prefix.is_empty() && rust.contains(&format!("\"{prefix}\"")),
        "no name in src/ begins with `{prefix}`"
    );
}

#[test]
fn each_script_that_is_loaded_on_demand_is_built() {
    let types = read("npm/chat-internals.ts");
    let mut interface = between(&types, "export interface LazyScripts {\n", "\n}\n");
    let lines = interface.next().expect("the interface is there").lines();
    let name = |line: &str| {
        let name = line.strip_prefix("  ")?.strip_suffix(": {")?;
        (!name.starts_with(' ')).then(|| name.trim_matches('"').to_owned())
    };
    let loaded: Names = lines.filter_map(name).collect();
    let build = read("xtask/src/widget.rs");
    let mut list = between(&build, "const LAZY_SCRIPTS: ", "];");
    let list = list.next().expect("the list is there");
    let built: Names = list
        .split('"')
        .skip(1)
        .step_by(2)
        .map(ToOwned::to_owned)
        .collect();
    assert_eq!(without(&loaded, &["panel", "watchers"]), built);
}

#[test]
fn each_slot_is_in_the_manifest() {
    let (rust, script) = (sources("src", ".rs"), sources("npm", ".ts"));
    let panel = names(between(&rust, "slot(\"", "\""));
    let launcher = names(between(&script, "createElement(\"slot\", { name: \"", "\""));
    assert_eq!(in_manifest("slots"), &panel | &launcher);
}

#[test]
fn each_css_part_is_in_the_manifest() {
    let all = sources("src", ".rs") + &sources("npm", ".ts");
    let mut written = names(between(&all, "part=\"", "\""));
    written.extend(names(between(&all, "\"part\", \"", "\"")));
    written.extend(names(between(&all, " part: \"", "\"")));
    let parts = in_manifest("cssParts");
    let missing: Vec<_> = written.difference(&parts).collect();
    assert!(missing.is_empty(), "not in the manifest: {missing:?}");
    let is_unknown =
        |part: &&String| !all.contains(&format!("\"{part}\"")) && !written.contains(*part);
    let unknown: Vec<_> = parts.iter().filter(is_unknown).collect();
    assert!(unknown.is_empty(), "in the manifest alone: {unknown:?}");
}

#[test]
fn each_custom_property_is_in_the_manifest() {
    let styles = sources("src/view/style", ".css");
    let name = |rest: &str| {
        let end = rest.find(|it: char| it != '-' && !it.is_ascii_lowercase());
        let name = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
        format!("--pipit-{name}")
    };
    let used: Names = styles.split("var(--pipit-").skip(1).map(name).collect();
    assert_eq!(in_manifest("cssProperties"), used);
}

/// Parses the contract. Fails if a list is empty, because the parser then does not fit the formatting of the file.
fn contract() -> Contract {
    let contract = Contract::parse(&read("npm/contract.ts"));
    assert!(!contract.panel_commands.is_empty(), "no commands are found");
    assert!(!contract.chat_members.is_empty(), "no chat is found");
    assert!(!contract.events.is_empty(), "no events are found");
    assert!(!contract.options.is_empty(), "no options are found");
    assert!(!contract.error_codes.is_empty(), "no codes are found");
    contract
}

fn names_of(members: &[Member]) -> Names {
    members.iter().map(|member| member.name.clone()).collect()
}

/// The names that are not among `others`. Fails if one of `others` is not among the names.
fn without(names: &Names, others: &[&str]) -> Names {
    for name in others {
        assert!(names.contains(*name), "`{name}` is gone");
    }
    let is_left = |name: &&String| !others.contains(&name.as_str());
    names.iter().filter(is_left).cloned().collect()
}

/// The names in a declaration of a Rust file. The declaration begins with the text `start`, and has one name on each
/// line: `Open = "open",`.
fn declared(file: &str, start: &str) -> Names {
    let text = read(file);
    let (_, list) = text
        .split_once(start)
        .expect("the declaration is in that file");
    let lines = list.lines().take_while(|line| *line != "}");
    let names: Names = lines.filter_map(assigned_name).collect();
    assert!(!names.is_empty(), "no names in {file}");
    names
}

/// The text in double quotes after an equals sign. `None` if the line has none.
fn assigned_name(line: &str) -> Option<String> {
    let (_, rest) = line.split_once(" = \"")?;
    Some(rest.split_once('"')?.0.to_owned())
}

/// The names in a list of the manifest, such as `slots`.
fn in_manifest(kind: &str) -> Names {
    let manifest = read("npm/custom-elements.json");
    let manifest: Value = serde_json::from_str(&manifest).expect("the manifest is JSON");
    let list = manifest.pointer(&format!("/modules/0/declarations/0/{kind}"));
    let list = list
        .and_then(Value::as_array)
        .expect("the manifest has this list");
    let name = |item: &Value| item.get("name")?.as_str().map(ToOwned::to_owned);
    list.iter().filter_map(name).collect()
}

/// The text of all TypeScript files except the contract.
fn scripts_besides_the_contract() -> String {
    sources("npm", ".ts").replace(&read("npm/contract.ts"), "")
}

/// The part of a document from a heading of the second level to the next one.
fn section(file: &str, heading: &str) -> String {
    let text = read(file);
    let (_, rest) = text
        .split_once(&format!("{heading}\n"))
        .expect("the document has this heading");
    rest.split("\n## ").next().unwrap_or_default().to_owned()
}

/// The cells of each row of the tables in a text. The rows of dashes are left out.
fn table_rows(text: &str) -> impl Iterator<Item = Vec<&str>> {
    let rows = text.lines().filter(|line| line.starts_with('|'));
    let rows = rows.filter(|line| !line.starts_with("|---"));
    rows.map(|row| {
        // The first cell can be empty, and its row then begins with `|  |`.
        let row = row.strip_prefix('|').unwrap_or(row);
        let row = row.strip_suffix('|').unwrap_or(row);
        row.split(" | ").map(str::trim).collect::<Vec<_>>()
    })
}

/// The first cell of each row.
fn first_cells(text: &str) -> impl Iterator<Item = &str> {
    table_rows(text).filter_map(|cells| cells.first().copied())
}

/// The texts between backticks.
fn in_backticks(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// The texts of all files in a directory and its subdirectories whose names end with `suffix`.
fn sources(directory: &str, suffix: &str) -> String {
    let mut text = String::new();
    for entry in fs::read_dir(root().join(directory)).expect("the directory is there") {
        let entry = entry.expect("the directory can be read");
        let name = entry.file_name().into_string().expect("a name is a text");
        let path = format!("{directory}/{name}");
        if name.ends_with(suffix) {
            text += &read(path);
        } else if name != "node_modules" && entry.path().is_dir() {
            text += &sources(&path, suffix);
        }
    }
    text
}

/// The texts between `before` and the `after` that follows it.
fn between<'a>(text: &'a str, before: &str, after: &str) -> impl Iterator<Item = &'a str> {
    let pieces = text.split(before).skip(1);
    pieces.filter_map(move |piece| Some(piece.split_once(after)?.0))
}

/// The words in these texts.
fn names<'a>(found: impl Iterator<Item = &'a str>) -> Names {
    found
        .flat_map(str::split_whitespace)
        .map(ToOwned::to_owned)
        .collect()
}
