//! Reads a script: TOML with the keys `title`, `settings` and `steps`. Every error names the line and what is allowed there.

use pipit_wire::agent::AssignmentType;
use pipit_wire::vocabulary::DisconnectReason;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use toml::Spanned;

use crate::deed::{AgentName, Deed, NetworkDeed, ServerDeed};
use crate::duration::read_duration;
use crate::network_fault::NetworkFault;
use crate::operations::check_operation;
use crate::script::{Expectation, Observer, Script, Step, Task};
use crate::sight::{AgentSight, Sight, VisitorSight};

/// How long a participant waits for what it must see, unless the row says something else, in ms.
const WITHIN_MS: u64 = 15_000;

/// How long a participant must not see something, unless the row says something else, in ms.
const DURING_MS: u64 = 5_000;

/// The highest number of a tab.
const MAX_TABS: usize = 8;

/// The keys of a row that say who acts.
const ACTORS: [&str; 5] = ["visitor", "agent", "secondAgent", "server", "network"];

/// The word of a participant who must see something.
const SEES: &str = "sees";

/// The word of a participant who must not see something.
const DOES_NOT_SEE: &str = "doesNotSee";

/// Why a text is no script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    /// The line, from 1; `None` if the error belongs to no line.
    pub line: Option<usize>,
    /// What is wrong and what is allowed, without a full stop.
    pub text: String,
}

impl std::fmt::Display for ReadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        f.write_str(&self.text)
    }
}

impl std::error::Error for ReadError {}

/// The members of a row.
type Row = Map<String, Value>;

/// The keys of a script.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    title: String,
    #[serde(default)]
    settings: Map<String, Value>,
    steps: Vec<Spanned<Row>>,
}

/// Reads a script and checks it.
///
/// # Errors
/// [`ReadError`] for the first fault of the text. The names and the values of `settings` are not checked.
pub fn read(text: &str) -> Result<Script, ReadError> {
    let file: File = toml::from_str(text).map_err(|error| ReadError {
        line: error.span().map(|span| line_of(text, span.start)),
        text: plain(error.message()),
    })?;
    if file.steps.is_empty() {
        return Err(ReadError {
            line: None,
            text: "steps is empty; a script has at least one step".to_owned(),
        });
    }
    let mut open_tabs = vec![1];
    let mut steps = Vec::new();
    for row in file.steps {
        let line = line_of(text, row.span().start);
        let step = read_row(row.into_inner(), line)
            .and_then(|step| check_tabs(&step.task, &mut open_tabs).map(|()| step))
            .map_err(|text| ReadError {
                line: Some(line),
                text,
            })?;
        steps.push(step);
    }
    Ok(Script {
        title: file.title,
        settings: file.settings,
        steps,
    })
}

/// The number of the line of a byte, from 1.
fn line_of(text: &str, offset: usize) -> usize {
    let before = text.bytes().take(offset);
    before.filter(|byte| *byte == b'\n').count() + 1
}

/// The message of a parser, in the words of the format.
fn plain(message: &str) -> String {
    message
        .replace("unknown variant", "unknown word")
        .replace("unknown field", "unknown member")
        .replace("missing field", "missing member")
        .trim_end()
        .to_owned()
}

/// Reads a row. The error is a sentence without a full stop.
fn read_row(mut row: Row, line: usize) -> Result<Step, String> {
    let after_ms = take_duration(&mut row, "after")?.unwrap_or_default();
    let actors: Vec<&str> = ACTORS
        .into_iter()
        .filter(|actor| row.contains_key(*actor))
        .collect();
    let [actor] = actors.as_slice() else {
        return Err(format!(
            "a row needs exactly one of the keys {}",
            listed(&ACTORS)
        ));
    };
    let Some(Value::String(word)) = row.remove(*actor) else {
        return Err(format!(
            "{actor} needs a word that says what happens, in quotation marks"
        ));
    };
    let task = match *actor {
        "visitor" => {
            let tab = take_tab(&mut row)?;
            read_participant(&word, row, Observer::Visitor(tab), Sight::Visitor, |deed| {
                Deed::Visitor(tab, deed)
            })
        }
        "agent" | "secondAgent" => {
            let agent = if *actor == "agent" {
                AgentName::First
            } else {
                AgentName::Second
            };
            read_participant(&word, row, Observer::Agent(agent), Sight::Agent, |deed| {
                Deed::Agent(agent, deed)
            })
        }
        "server" => read_word(&word, row).map(|deed| Task::Do(Deed::Server(deed))),
        _ => read_word(&word, row).map(|deed| Task::Do(Deed::Network(deed))),
    }?;
    check(&task)?;
    Ok(Step {
        line,
        after_ms,
        task,
    })
}

/// Reads what a participant does, sees, or must not see. `word` is the word after the participant, and `row` has the other
/// members.
fn read_participant<Seen: DeserializeOwned, Done: DeserializeOwned>(
    word: &str,
    mut row: Row,
    observer: Observer,
    sight: impl FnOnce(Seen) -> Sight,
    deed: impl FnOnce(Done) -> Deed,
) -> Result<Task, String> {
    let (key, default_ms) = match word {
        SEES => ("within", WITHIN_MS),
        DOES_NOT_SEE => ("during", DURING_MS),
        _ => {
            return read_word(word, row)
                .map(|it| Task::Do(deed(it)))
                .map_err(|text| {
                    text.replace(
                        "expected one of ",
                        &format!("expected one of `{SEES}`, `{DOES_NOT_SEE}`, "),
                    )
                });
        }
    };
    let limit_ms = take_duration(&mut row, key)?.unwrap_or(default_ms);
    if row.len() != 1 {
        return Err(format!(
            "a row with {word} names exactly one thing, such as message = \"Hello\", and may have {key}"
        ));
    }
    Ok(Task::Expect(Expectation {
        observer,
        sight: sight(from_value(Value::Object(row))?),
        must_be_seen: word == SEES,
        limit_ms,
    }))
}

/// Reads a word and its members.
fn read_word<T: DeserializeOwned>(word: &str, row: Row) -> Result<T, String> {
    let members = Map::from_iter([(word.to_owned(), Value::Object(row))]);
    from_value(Value::Object(members))
}

fn from_value<T: DeserializeOwned>(value: Value) -> Result<T, String> {
    serde_json::from_value(value).map_err(|error| plain(&error.to_string()))
}

/// Takes a member that is a duration, in ms.
fn take_duration(row: &mut Row, key: &str) -> Result<Option<u64>, String> {
    match row.remove(key) {
        None => Ok(None),
        Some(Value::String(text)) => read_duration(&text).map(Some),
        Some(_) => Err(format!("{key} needs a text such as \"35s\"")),
    }
}

/// Takes the member `tab`.
fn take_tab(row: &mut Row) -> Result<usize, String> {
    let Some(value) = row.remove("tab") else {
        return Ok(1);
    };
    let tab = value.as_u64().and_then(|tab| usize::try_from(tab).ok());
    tab.filter(|tab| (1..=MAX_TABS).contains(tab))
        .ok_or_else(|| format!("tab needs a whole number from 1 to {MAX_TABS}"))
}

/// Checks what the types of the members leave open.
fn check(task: &Task) -> Result<(), String> {
    match task {
        Task::Do(Deed::Server(ServerDeed::Fail {
            operation,
            status,
            result_type,
            times,
        })) => {
            check_operation(operation)?;
            check_times(*times)?;
            match (status, result_type) {
                (Some(400..=599), None) | (None, Some(_)) => Ok(()),
                _ => Err("fail needs either a status from 400 to 599 or a resultType".to_owned()),
            }
        }
        Task::Do(Deed::Network(NetworkDeed::Break {
            operation,
            fault,
            times,
        })) => {
            check_operation(operation)?;
            check_times(*times)?;
            match fault {
                NetworkFault::Refuse { status, .. } if !(400..=599).contains(status) => {
                    Err("a proxy refuses with a status from 400 to 599".to_owned())
                }
                _ => Ok(()),
            }
        }
        Task::Expect(Expectation { sight, .. }) => check_sight(sight),
        Task::Do(_) => Ok(()),
    }
}

fn check_times(times: u32) -> Result<(), String> {
    if times == 0 {
        return Err("times must be at least 1".to_owned());
    }
    Ok(())
}

/// Checks that the words of the API in a sight exist.
fn check_sight(sight: &Sight) -> Result<(), String> {
    match sight {
        Sight::Visitor(VisitorSight::Left(reason) | VisitorSight::Ended(reason))
        | Sight::Agent(AgentSight::End(reason)) => {
            let known: Vec<&str> = DisconnectReason::ALL
                .iter()
                .map(DisconnectReason::as_str)
                .collect();
            check_listed("reason", reason, &known)
        }
        Sight::Agent(AgentSight::Offer(role)) => {
            let known: Vec<&str> = AssignmentType::ALL
                .iter()
                .map(AssignmentType::as_str)
                .collect();
            check_listed("role", role, &known)
        }
        _ => Ok(()),
    }
}

fn check_listed(what: &str, text: &str, known: &[&str]) -> Result<(), String> {
    if known.contains(&text) {
        return Ok(());
    }
    Err(format!(
        "unknown {what} `{text}`, expected one of {}",
        listed(known)
    ))
}

fn listed(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    quoted.join(", ")
}

/// Checks that a row uses only tabs that are open, and notes which tabs are open afterwards.
fn check_tabs(task: &Task, open_tabs: &mut Vec<usize>) -> Result<(), String> {
    use crate::deed::VisitorDeed::{CloseTab, OpenTab};
    let (tab, deed) = match task {
        Task::Do(Deed::Visitor(tab, deed)) => (*tab, Some(deed)),
        Task::Expect(Expectation {
            observer: Observer::Visitor(tab),
            ..
        }) => (*tab, None),
        _ => return Ok(()),
    };
    match deed {
        Some(OpenTab {}) => {
            let newest = open_tabs.iter().copied().max().unwrap_or_default();
            if newest >= MAX_TABS {
                return Err(format!("a script opens at most {MAX_TABS} tabs"));
            }
            open_tabs.push(newest + 1);
            return Ok(());
        }
        Some(CloseTab {}) if open_tabs.len() == 1 => {
            return Err("the visitor's last tab cannot be closed".to_owned());
        }
        _ => {}
    }
    if !open_tabs.contains(&tab) {
        return Err(format!("tab {tab} is not open"));
    }
    if deed == Some(&CloseTab {}) {
        open_tabs.retain(|it| *it != tab);
    }
    Ok(())
}
