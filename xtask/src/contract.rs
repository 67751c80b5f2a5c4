//! Parses `npm/contract.ts`, which lists the widget's commands, events, options and error codes, and the prefix of its
//! storage keys. This is not a parser of TypeScript: it depends on the formatting of that file. `manifest.rs`,
//! `reference.rs` and the test `xtask/tests/boundary.rs` use it; the test includes this file as a module of its own.
//! A comment is a description, which may be followed by tags such as `@default 30`.

/// The names by which the embedding web page, the TypeScript and the WASM communicate.
#[allow(
    dead_code,
    reason = "`tests/boundary.rs` reads more than `manifest.rs` does"
)]
pub(crate) struct Contract {
    /// The commands of the chat panel.
    pub(crate) panel_commands: Vec<Member>,
    /// The commands of the panel that load its code.
    pub(crate) loading_commands: Vec<String>,
    /// The members of the interface `Chat` that are not commands of the panel.
    pub(crate) chat_members: Vec<Member>,
    pub(crate) events: Vec<Member>,
    pub(crate) options: Vec<OptionEntry>,
    /// The codes of errors. Their comments have the tags `@means` and `@fix`.
    pub(crate) error_codes: Vec<Member>,
    /// The interfaces that only have data, such as `Agent`: their names, and their members.
    pub(crate) data: Vec<(String, Vec<Member>)>,
    /// The prefix of the keys under which the widget stores conversations in the browser, and of the names of its locks.
    pub(crate) storage_prefix: String,
}

/// The interfaces whose members the reference lists, in its order.
const DATA: [&str; 9] = [
    "State",
    "Agent",
    "Wait",
    "Message",
    "AgentMessage",
    "Finding",
    "SessionWanted",
    "Field",
    "Contact",
];

/// A member of an interface.
#[allow(
    dead_code,
    reason = "`tests/boundary.rs` reads less than `reference.rs` does"
)]
pub(crate) struct Member {
    pub(crate) name: String,
    /// The member's comment up to its first tag, on one line. Empty if the member has no comment.
    pub(crate) description: String,
    /// The names and the texts of the tags in the comment.
    pub(crate) tags: Vec<(String, String)>,
    /// The declaration after the name, without the semicolon, such as `?: string` or `(text: string): Promise<void>`. Empty
    /// for an error code.
    pub(crate) declaration: String,
}

impl Member {
    /// A member with the comment that has these lines.
    fn new(name: String, declaration: String, comment: &[&str]) -> Self {
        let comment = comment.join(" ");
        let mut parts = comment.split(" @");
        let description = parts.next().unwrap_or_default().trim().to_owned();
        let tags = parts
            .filter_map(|part| part.split_once(' '))
            .map(|(tag, text)| (tag.to_owned(), text.trim().to_owned()))
            .collect();
        Self {
            name,
            description,
            tags,
            declaration,
        }
    }

    /// The text of a tag. `None` if the comment has no such tag.
    pub(crate) fn tag(&self, name: &str) -> Option<&str> {
        let (_, text) = self.tags.iter().find(|(tag, _)| tag == name)?;
        Some(text)
    }
}

/// An option of the widget, with its row in the table `OPTIONS`.
#[allow(
    dead_code,
    reason = "`tests/boundary.rs` reads more than `manifest.rs` does"
)]
pub(crate) struct OptionEntry {
    pub(crate) name: String,
    pub(crate) description: String,
    /// The option in the interface `Options`.
    pub(crate) member: Member,
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
            .map(|member| {
                let (name, description) = (member.name.clone(), member.description.clone());
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
                    member,
                }
            })
            .collect();
        let data = DATA.iter().map(|name| {
            let extended = format!("export interface {name} extends Message {{");
            let plain = block(text, &format!("export interface {name} {{"));
            let body = [plain, block(text, &extended)].concat();
            ((*name).to_owned(), members(&body))
        });
        Self {
            data: data.collect(),
            panel_commands: members(block(text, "export interface PanelCommands {")),
            loading_commands: block(text, "export const COMMANDS = {")
                .lines()
                .filter_map(|line| line.trim().strip_suffix(": true,"))
                .map(str::to_owned)
                .collect(),
            chat_members: members(block(text, "export interface Chat extends PanelCommands {")),
            events: members(block(text, "export interface Events {")),
            options,
            error_codes: members(
                between(text, "export type ErrorCode =", "\";").unwrap_or_default(),
            ),
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
            let text = line.trim_end_matches("*/").trim_start_matches("/**");
            let text = text.trim_start_matches('*').trim();
            if !text.is_empty() {
                comment.push(text);
            }
            is_in_comment = !line.ends_with("*/");
        } else if let Some((name, declaration)) = member_declaration(line) {
            members.push(Member::new(name, declaration, &comment));
            comment.clear();
        }
    }
    members
}

/// The name of the member that a line declares, without quotes, and the rest of the line without its semicolon. A line such
/// as `| "E_FORM"` declares an error code. `None` if the line declares no member.
fn member_declaration(line: &str) -> Option<(String, String)> {
    if let Some(code) = line.strip_prefix("| \"") {
        let code = code.split('"').next()?;
        return Some((code.to_owned(), String::new()));
    }
    let line = line.strip_prefix("readonly ").unwrap_or(line);
    let (name, rest) = match line.strip_prefix('"') {
        Some(quoted) => quoted.split_once('"')?,
        None => line.split_at(line.find(|letter: char| !letter.is_ascii_alphanumeric())?),
    };
    let is_member = rest.starts_with([':', '?', '(', '<']) && !name.is_empty();
    is_member.then(|| (name.to_owned(), rest.trim_end_matches(';').to_owned()))
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
