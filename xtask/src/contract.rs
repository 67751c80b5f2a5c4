//! Parses `npm/contract.ts`, which lists the widget's commands, events, options and error codes, and the prefix of its
//! storage keys. This is not a parser of TypeScript: it depends on the formatting of that file. `manifest.rs` and the
//! test `xtask/tests/boundary.rs` use it; the test includes this file as a module of its own.

/// The names by which the embedding web page, the TypeScript and the WASM communicate.
#[allow(
    dead_code,
    reason = "`tests/boundary.rs` reads more than `manifest.rs` does"
)]
pub(crate) struct Contract {
    /// The commands of the chat panel.
    pub(crate) panel_commands: Vec<Member>,
    /// The members of the interface `Chat` that are not commands of the panel.
    pub(crate) chat_members: Vec<Member>,
    pub(crate) events: Vec<Member>,
    pub(crate) options: Vec<OptionEntry>,
    pub(crate) error_codes: Vec<String>,
    /// The prefix of the keys under which the widget stores conversations in the browser, and of the names of its locks.
    pub(crate) storage_prefix: String,
}

/// A member of an interface.
pub(crate) struct Member {
    pub(crate) name: String,
    /// The text of the member's comment, on one line. Empty if the member has no comment.
    pub(crate) description: String,
}

/// An option of the widget, with its row in the table `OPTIONS`.
#[allow(
    dead_code,
    reason = "`tests/boundary.rs` reads more than `manifest.rs` does"
)]
pub(crate) struct OptionEntry {
    pub(crate) name: String,
    pub(crate) description: String,
    /// The kind of value, as in the interface `OptionTraits`. Empty for a text.
    pub(crate) kind: String,
    /// The permitted values. Empty if other values are permitted.
    pub(crate) choices: Vec<String>,
    /// Whether the table `OPTIONS` has a row for the option.
    pub(crate) has_row: bool,
    /// Whether the WASM reads the option.
    pub(crate) is_for_wasm: bool,
    /// Whether the option may change while a panel is on the page.
    pub(crate) is_live: bool,
}

impl OptionEntry {
    /// The name of the attribute of `<pipit-chat>` that sets the option. `None` for functions, objects, elements and
    /// numbers, which only the property `config` sets.
    pub(crate) fn attribute(&self) -> Option<String> {
        if matches!(&*self.kind, "function" | "object" | "element" | "number") {
            return None;
        }
        // The attribute cannot be called `title`, because browsers show an attribute `title` as a tooltip.
        let is_title = self.name == "title";
        let name = if is_title { "chatTitle" } else { &self.name };
        Some(with_hyphens(name))
    }
}

impl Contract {
    /// Parses the text of the file. A list that is not found stays empty.
    pub(crate) fn parse(text: &str) -> Self {
        // Each row is one line: the option's name, and the text after `: {`.
        let rows: Vec<_> = block(text, "export const OPTIONS = {")
            .lines()
            .filter_map(|line| line.trim().split_once(": {"))
            .collect();
        let options = members(block(text, "export interface Options {"))
            .into_iter()
            .map(|Member { name, description }| {
                let row = rows.iter().find(|(row_name, _)| *row_name == name);
                let has_row = row.is_some();
                let row = row.map_or("", |(_, row)| row);
                OptionEntry {
                    has_row,
                    kind: quoted_after(row, "kind: ").unwrap_or_default(),
                    choices: quoted(between(row, "choices: [", "]").unwrap_or_default()),
                    is_for_wasm: row.contains("isForWasm: true"),
                    is_live: row.contains("isLive: true"),
                    name,
                    description,
                }
            })
            .collect();
        Self {
            panel_commands: members(block(text, "export interface PanelCommands {")),
            chat_members: members(block(text, "export interface Chat extends PanelCommands {")),
            events: members(block(text, "export interface Events {")),
            options,
            error_codes: quoted(between(text, "export type ErrorCode =", ";").unwrap_or_default()),
            storage_prefix: quoted_after(text, "STORAGE_PREFIX = ").unwrap_or_default(),
        }
    }
}

/// Converts a name in camel case: `sessionEndpoint` becomes `session-endpoint`.
fn with_hyphens(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            text.push('-');
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}

/// The lines after the line `start`, up to the next line that begins with a closing brace. Empty if one of these two
/// lines is missing.
fn block<'text>(text: &'text str, start: &str) -> &'text str {
    between(text, &format!("{start}\n"), "\n}").unwrap_or_default()
}

/// The text between `start` and the next `end`. `None` if one of them is missing.
fn between<'text>(text: &'text str, start: &str, end: &str) -> Option<&'text str> {
    Some(text.split_once(start)?.1.split_once(end)?.0)
}

/// The members of an interface. A member that spans several lines has its name on the first line.
fn members(block: &str) -> Vec<Member> {
    let mut members = Vec::new();
    let mut comment: Vec<&str> = Vec::new();
    let mut is_in_comment = false;
    for line in block.lines().map(str::trim) {
        if line.starts_with("/**") {
            comment.clear();
            is_in_comment = true;
        }
        if is_in_comment {
            let text = line.trim_start_matches("/**").trim_start_matches('*');
            comment.push(text.trim_end_matches("*/").trim());
            is_in_comment = !line.ends_with("*/");
        } else if let Some(name) = member_name(line) {
            let description = comment.join(" ").trim().to_owned();
            members.push(Member { name, description });
            comment.clear();
        }
    }
    members
}

/// The name of the member that a line declares, without quotes. `None` if the line declares no member.
fn member_name(line: &str) -> Option<String> {
    if let Some(quoted) = line.strip_prefix('"') {
        return Some(quoted.split_once('"')?.0.to_owned());
    }
    let end = line.find(|letter: char| !letter.is_ascii_alphanumeric())?;
    let (name, rest) = line.split_at(end);
    let is_member = rest.starts_with([':', '?', '(', '<']);
    (is_member && !name.is_empty()).then(|| name.to_owned())
}

/// The texts between double quotes.
fn quoted(text: &str) -> Vec<String> {
    text.split('"')
        .skip(1)
        .step_by(2)
        .map(ToOwned::to_owned)
        .collect()
}

/// The first text between double quotes after `start`. `None` if `start` is missing.
fn quoted_after(text: &str, start: &str) -> Option<String> {
    quoted(text.split_once(start)?.1).into_iter().next()
}
