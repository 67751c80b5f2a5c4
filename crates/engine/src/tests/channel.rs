//! Property tests of the texts that arrive over the channel between the tabs, and of those that are read from the tab's
//! storage. Every script of the site can write both. A script that knows the format can say anything, as it can click
//! on anything: these tests do not demand that a tab detects that. They demand that a text that no tab has sent has no
//! effect, that a repeated text has no second effect, and that no text whatever makes a tab panic.

use pipit_wire::Secret;
use pipit_wire::consumer::Operation::{GetMessages, PostMessage};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::Value;

use super::body::{ECHO, posted};
use super::browser::Browser;
use crate::{TabInput, TabMode};

/// A way to change a text. The positions are chosen among those that the text has.
#[derive(Clone, Debug)]
enum Change {
    /// Ends the text at this position.
    Cut(Index),
    /// Replaces the character at this position.
    Replace(Index, char),
    /// Inserts a text at this position.
    Insert(Index, String),
    /// Replaces one value of the JSON in the first line, at any depth.
    Value(Index, Value),
}

impl Change {
    fn apply(&self, text: &str) -> String {
        let position = |index: &Index| {
            let positions: Vec<_> = text.char_indices().map(|(position, _)| position).collect();
            positions
                .get(index.index(positions.len().max(1)))
                .copied()
                .unwrap_or_default()
        };
        match self {
            Self::Cut(index) => text[..position(index)].to_owned(),
            Self::Replace(index, character) => {
                let (before, after) = text.split_at(position(index));
                let after = after.chars().skip(1);
                before.chars().chain([*character]).chain(after).collect()
            }
            Self::Insert(index, inserted) => {
                let (before, after) = text.split_at(position(index));
                [before, inserted, after].concat()
            }
            Self::Value(index, replacement) => {
                let mut lines: Vec<_> = text.lines().map(ToOwned::to_owned).collect();
                let line = index.index(lines.len().max(1));
                if let Some(line) = lines.get_mut(line)
                    && let Ok(mut json) = serde_json::from_str::<Value>(line)
                {
                    let count = count_values(&json);
                    replace_value(&mut json, &mut index.index(count), replacement);
                    *line = json.to_string();
                }
                lines.join("\n")
            }
        }
    }
}

/// The number of values in a JSON value, which itself counts.
fn count_values(json: &Value) -> usize {
    1 + match json {
        Value::Array(values) => values.iter().map(count_values).sum(),
        Value::Object(members) => members.values().map(count_values).sum(),
        _ => 0,
    }
}

/// Replaces the value with this number, counted from the outside. Decreases the number for each value that it passes.
fn replace_value(json: &mut Value, number: &mut usize, replacement: &Value) {
    if *number == 0 {
        *json = replacement.clone();
    }
    let Some(rest) = number.checked_sub(1) else {
        *number = usize::MAX;
        return;
    };
    *number = rest;
    match json {
        Value::Array(values) => values
            .iter_mut()
            .for_each(|it| replace_value(it, number, replacement)),
        Value::Object(members) => members
            .values_mut()
            .for_each(|it| replace_value(it, number, replacement)),
        _ => {}
    }
}

/// Any JSON value of small depth.
fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
        prop::sample::select(&["state", "hello", "beat", "asks", "ask", "hold", "release"][..])
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec(("is|from|to|asks|heard|sure|[a-z]{1,4}", inner), 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn change() -> impl Strategy<Value = Change> {
    let at = any::<Index>;
    prop_oneof![
        1 => at().prop_map(Change::Cut),
        1 => (at(), any::<char>()).prop_map(|(at, character)| Change::Replace(at, character)),
        1 => (at(), ".{1,4}").prop_map(|(at, text)| Change::Insert(at, text)),
        3 => (at(), json()).prop_map(|(at, value)| Change::Value(at, value)),
    ]
}

/// Texts that no tab has sent, whatever conversation it has.
fn foreign_text() -> impl Strategy<Value = String> {
    prop_oneof![
        ".{0,40}",
        r#"[\[\]{}:,"\n a0]{0,24}"#,
        // JSON without the member that every message of a tab has.
        json().prop_map(|mut json| {
            if let Value::Object(members) = &mut json {
                members.remove("is");
            }
            json.to_string()
        }),
        Just("{\"is\":\"unknown\"}".to_owned()),
        Just("{\"is\":[\"state\"]}".to_owned()),
    ]
}

/// A browser with two tabs in a chat, in which each tab has sent a message and the agent has answered.
fn browser(mode: TabMode) -> Browser {
    let mut browser = Browser::in_mode(mode, if mode == TabMode::Claimed { 1 } else { 2 });
    browser.start_chat();
    if mode == TabMode::Claimed {
        browser.copy(0);
        browser.wait(10_000);
    }
    for (number, text) in ["from the first", "from the second"].iter().enumerate() {
        browser.send(number, text);
        let leader = browser.leaders().iter().position(|leads| *leads);
        browser.answer(leader.unwrap(), PostMessage, ECHO);
    }
    let leader = browser.leaders().iter().position(|leads| *leads).unwrap();
    browser.receive(leader, &[&posted(3, "hi")]);
    assert_eq!(browser.lines(0), browser.lines(1));
    assert_eq!(browser.lines(0).len(), 3);
    browser
}

/// Hands a text of the channel to a tab.
fn hear(browser: &mut Browser, number: usize, text: impl Into<String>) {
    browser.input(number, TabInput::Message(Secret::new(text.into())));
}

fn mode() -> impl Strategy<Value = TabMode> {
    prop::sample::select(&[TabMode::Shared, TabMode::Claimed][..])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_text_that_no_tab_has_sent_has_no_effect(
        mode in mode(),
        texts in prop::collection::vec((0_usize..2, foreign_text()), 1..8),
    ) {
        let mut browser = browser(mode);
        let sent_before = browser.broadcasts.len();
        let shown = |browser: &Browser| [0, 1].map(|number| browser.shown(number));
        let before = shown(&browser);
        for (number, text) in texts {
            hear(&mut browser, number, text);
            prop_assert_eq!(shown(&browser), before.clone());
            prop_assert_eq!(browser.broadcasts.len(), sent_before, "no tab answers it");
        }
    }

    #[test]
    fn a_cut_text_has_no_effect(mode in mode(), nth in any::<Index>(), end in any::<Index>(), number in 0_usize..2) {
        let mut browser = browser(mode);
        let whole = browser.broadcasts[nth.index(browser.broadcasts.len())].reveal().to_owned();
        let (first, _) = whole.split_once('\n').unwrap_or((&whole, ""));
        let cut = Change::Cut(end).apply(first);
        let before = [0, 1].map(|number| browser.shown(number));
        hear(&mut browser, number, cut);
        prop_assert_eq!([0, 1].map(|number| browser.shown(number)), before);
    }

    #[test]
    fn repeated_texts_post_nothing_again_and_show_nothing_twice(
        mode in mode(),
        repeated in prop::collection::vec((0_usize..2, any::<Index>()), 1..20),
    ) {
        let mut browser = browser(mode);
        let lines = browser.lines(0);
        for (number, nth) in repeated {
            let text = browser.broadcasts[nth.index(browser.broadcasts.len())].reveal().to_owned();
            hear(&mut browser, number, text);
            prop_assert_eq!(browser.open_counts(PostMessage), [0, 0]);
        }
        browser.wait(60_000);
        for number in [0, 1] {
            let shown = browser.lines(number);
            prop_assert!(shown.iter().all(|line| lines.iter().any(|(text, _)| *text == line.0)), "{:?}", shown);
            prop_assert!(shown.len() <= lines.len(), "{:?}", shown);
        }
        prop_assert_eq!(browser.open_counts(PostMessage), [0, 0]);
    }

    #[test]
    fn no_changed_text_makes_a_tab_panic_or_poll_twice(
        mode in mode(),
        changed in prop::collection::vec((0_usize..2, any::<Index>(), prop::collection::vec(change(), 1..4)), 1..8),
    ) {
        let mut browser = browser(mode);
        for (number, nth, changes) in changed {
            let text = browser.broadcasts[nth.index(browser.broadcasts.len())].reveal().to_owned();
            let text = changes.iter().fold(text, |text, change| change.apply(&text));
            hear(&mut browser, number, text);
        }
        browser.wait(60_000);
        prop_assert!(browser.open_counts(GetMessages).iter().all(|count| *count <= 1));
    }

    #[test]
    fn no_changed_record_makes_a_tab_panic(
        mode in mode(),
        changes in prop::collection::vec(change(), 1..4),
        draft in ".{0,8}",
    ) {
        let mut browser = browser(mode);
        let record = browser.tabs[0].record.clone().unwrap();
        let record = changes.iter().fold(record, |record, change| change.apply(&record));
        let number = browser.load_with_draft(Some(&record), &draft);
        browser.wait(60_000);
        prop_assert!(browser.open_counts(GetMessages)[number] <= 1);
    }
}
