//! Writes docs/reference.md, the list of everything that a host (the web team's code on the page) can set, call and listen to. The text
//! comes from the comments of `npm/contract.ts`, from `npm/custom-elements.json` and from the English texts. `cargo xtask manifest` runs
//! it.

use crate::contract::{Contract, Member, OptionEntry};
use serde_json::Value;
use std::collections::BTreeMap;

/// The first version. An option without the tag `@since` is in it.
const FIRST_VERSION: &str = "0.1.0";

const INTRODUCTION: &str = "\
# Reference

`cargo xtask manifest` writes this page. Edit the comments in `npm/contract.ts`, the descriptions in `npm/custom-elements.json` or the
texts in `src/locale/en.json`, and run the command. [embed.md](embed.md) explains how the parts work together.

";

const OPTIONS: &str = "\
## Options

The first column has the attribute of the script tag. The attribute of the element `<pipit-chat>` has the same name without `data-`, and
`data-title` is `chat-title` there. An option without an attribute is set in the property `config` of the element, in `Pipit.config`, or as
an argument of `createChat`. *Live* says whether `update` can change the option while the chat is on the page. `update` can also replace
a function by another one, and before the panel is loaded, it can change every option.

| Attribute | Option | Type | Default | Live | Since | What it is |
|---|---|---|---|---|---|---|
";

const COMMANDS: &str = "\
## Commands

You can call every command before the panel's code is loaded. *Loads* says whether the command then loads the code. A promise that fails
rejects with a `PipitError`, which has a `code`.

| Command | Returns | Loads | What it does |
|---|---|---|---|
";

const EVENTS: &str = "\
## Events

Every event has `type` and `time` (in ms since 1970) too. The element dispatches the same events, which bubble: `message:received` is
`pipit-message-received` there, and its `detail` is the event.

| Event | Members | When | What to do |
|---|---|---|---|
";

const ERRORS: &str = "\
## Errors

The code is in the member `code` of the `PipitError` with which a command fails, or of the event `error`.

| Code | What happened | What it means | What to do |
|---|---|---|---|
";

const DATA: &str = "\
## Members

The objects that commands, events and options have.
";

const WORDS: &str = "\
## Words

The names of the texts for the option `words`, with the English text. [words.md](words.md) says what each text is for.

| Name | English |
|---|---|
";

/// The text of docs/reference.md. `manifest` is the content of `npm/custom-elements.json`, and `english` that of the English texts.
pub(crate) fn text(contract: &Contract, manifest: &Value, english: &Value) -> String {
    let mut text = INTRODUCTION.to_owned();
    section(&mut text, OPTIONS, contract.options.iter().map(option_row));
    let loads = &contract.loading_commands;
    let commands = contract.chat_members.iter().chain(&contract.panel_commands);
    section(
        &mut text,
        COMMANDS,
        commands.map(|member| command_row(member, loads)),
    );
    section(&mut text, EVENTS, contract.events.iter().map(event_row));
    section(
        &mut text,
        ERRORS,
        contract.error_codes.iter().map(error_row),
    );
    text.push_str(DATA);
    for (name, members) in &contract.data {
        let heading = format!("\n### {name}\n\n| Member | Type | What it is |\n|---|---|---|\n");
        section(&mut text, &heading, members.iter().map(data_row));
        text.truncate(text.trim_end().len());
        text.push('\n');
    }
    text.push('\n');
    for (list, heading, columns) in [
        ("slots", "Slots", "What you put there, or where it is"),
        ("cssParts", "Parts", "What it is"),
        ("cssProperties", "Custom properties", "What it is"),
    ] {
        let default = if list == "cssProperties" {
            " Default |"
        } else {
            ""
        };
        let dashes = if default.is_empty() { "" } else { "---|" };
        let heading = format!("## {heading}\n\n| Name |{default} {columns} |\n|---|{dashes}---|\n");
        let list = manifest.pointer(&format!("/modules/0/declarations/0/{list}"));
        let items = list.and_then(Value::as_array).into_iter().flatten();
        section(&mut text, &heading, items.map(manifest_row));
    }
    // The order by name, because a reader looks a name up.
    let words: BTreeMap<_, _> = english.as_object().into_iter().flatten().collect();
    section(
        &mut text,
        WORDS,
        words.into_iter().map(|(name, english)| {
            vec![code(name), english.as_str().unwrap_or_default().to_owned()]
        }),
    );
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

/// Adds a heading and the rows of its table, and an empty line.
fn section(text: &mut String, heading: &str, rows: impl Iterator<Item = Vec<String>>) {
    text.push_str(heading);
    for cells in rows {
        let cells: Vec<_> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
        text.extend(["| ", &cells.join(" | "), " |\n"]);
    }
    text.push('\n');
}

fn option_row(option: &OptionEntry) -> Vec<String> {
    let attribute = match option.attribute() {
        Some(name) => code(&format!("data-{}", name.trim_start_matches("chat-"))),
        // The script tag finds the element by a selector. The element itself is where it is.
        None if option.kind == "element" => code(&format!("data-{}", option.name)),
        None => String::new(),
    };
    let tag = |name: &str| option.member.tag(name).map(str::to_owned);
    let kind = if option.choices.is_empty() {
        let kind = option.member.declaration.trim_start_matches("?: ");
        let kind = kind.trim_end_matches(" | undefined");
        let inner = kind
            .strip_prefix("(() => ")
            .and_then(|it| it.strip_suffix(')'));
        code(&inner.map_or(kind.to_owned(), |result| format!("() => {result}")))
    } else {
        let choices: Vec<_> = option.choices.iter().map(|choice| code(choice)).collect();
        choices.join(", ")
    };
    let kind = match tag("unit") {
        Some(unit) => format!("{kind}, in {unit}"),
        None => kind,
    };
    vec![
        attribute,
        code(&option.name),
        kind,
        tag("default").unwrap_or_default(),
        yes_or_no(option.is_live).to_owned(),
        tag("since").unwrap_or_else(|| FIRST_VERSION.to_owned()),
        option.description.clone(),
    ]
}

fn command_row(member: &Member, loads: &[String]) -> Vec<String> {
    let declaration = member.declaration.as_str();
    let (arguments, result) = declaration.rsplit_once("): ").unwrap_or((declaration, ""));
    let arguments = arguments.split_once('(').map_or("", |(_, rest)| rest);
    vec![
        code(&format!("{}({arguments})", member.name)),
        code(result),
        yes_or_no(loads.contains(&member.name)).to_owned(),
        member.description.clone(),
    ]
}

fn event_row(member: &Member) -> Vec<String> {
    let members = member.declaration.trim_start_matches(": ");
    let members = match members {
        "NoDetails" => String::new(),
        _ => code(&members.replace("readonly ", "")),
    };
    vec![
        code(&member.name),
        members,
        member.description.clone(),
        member.tag("fix").unwrap_or_default().to_owned(),
    ]
}

fn error_row(member: &Member) -> Vec<String> {
    vec![
        code(&member.name),
        member.description.clone(),
        member.tag("means").unwrap_or_default().to_owned(),
        member.tag("fix").unwrap_or_default().to_owned(),
    ]
}

fn data_row(member: &Member) -> Vec<String> {
    let is_optional = member.declaration.starts_with('?');
    let kind = member.declaration.trim_start_matches(['?', ':', ' ']);
    let kind = code(kind.trim_end_matches(" | undefined"));
    let kind = if is_optional {
        format!("{kind}, optional")
    } else {
        kind
    };
    vec![code(&member.name), kind, member.description.clone()]
}

fn manifest_row(item: &Value) -> Vec<String> {
    let text = |name: &str| item.get(name).and_then(Value::as_str).map(str::to_owned);
    let mut cells = vec![code(&text("name").unwrap_or_default())];
    cells.extend(text("default"));
    cells.push(text("description").unwrap_or_default());
    cells
}

/// A text between backticks; empty for an empty text.
fn code(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    format!("`{text}`")
}

fn yes_or_no(is_so: bool) -> &'static str {
    if is_so { "yes" } else { "no" }
}
