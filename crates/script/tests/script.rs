//! What the reader of scripts accepts and refuses, and how a player walks through a script.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by a panic")]

use std::rc::Rc;

use pipit_script::{
    AgentDeed, AgentName, AgentSight, AgentStep, CONVERSATIONS, Deed, Demand, Observer, Player,
    Sight, State, VisitorDeed, VisitorSight, agent_part, read,
};
use proptest::prelude::*;

/// A script with these rows, of which the first is on line 3.
fn script(rows: &str) -> String {
    format!("title = \"A test\"\nsteps = [\n{rows}\n]\n")
}

fn refusal(rows: &str) -> String {
    read(&script(rows)).unwrap_err().to_string()
}

#[test]
fn every_conversation_of_the_crate_is_a_script() {
    for conversation in CONVERSATIONS {
        let read = read(conversation.text);
        assert!(read.is_ok(), "{}: {}", conversation.name, read.unwrap_err());
    }
    assert!(CONVERSATIONS.len() >= 24);
}

/// The list in the source has every file of the directory.
#[test]
fn no_conversation_is_left_out() {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/conversations");
    let mut files: Vec<String> = std::fs::read_dir(directory)
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    let listed: Vec<String> = CONVERSATIONS
        .iter()
        .map(|it| format!("{}.toml", it.name))
        .collect();
    assert_eq!(files, listed);
}

/// Rows that are refused, and how each refusal begins.
const REFUSALS: &[(&str, &str)] = &[
    (
        "{ agent = \"shout\" }",
        "line 3: unknown word `shout`, expected one of `sees`, `doesNotSee`, `signIn`",
    ),
    ("\n{ agent = \"say\" }", "line 4: missing member `text`"),
    (
        "{ agent = \"say\", text = \"a\", loud = true }",
        "line 3: unknown member `loud`, expected `text`",
    ),
    ("{ agent = \"say\", text = 7 }", "line 3: invalid type"),
    (
        "{ customer = \"say\" }",
        "line 3: a row needs exactly one of the keys `visitor`, `agent`",
    ),
    (
        "{ agent = \"accept\", visitor = \"start\" }",
        "line 3: a row needs exactly one of the keys",
    ),
    ("{ agent = 7 }", "line 3: agent needs a word"),
    (
        "{ visitor = \"sees\", mesage = \"a\" }",
        "line 3: unknown word `mesage`, expected one of `state`, `message`",
    ),
    (
        "{ visitor = \"sees\" }",
        "line 3: a row with sees names exactly one thing",
    ),
    (
        "{ visitor = \"sees\", message = \"a\", file = \"b\" }",
        "line 3: a row with sees names exactly one thing",
    ),
    (
        "{ visitor = \"sees\", state = \"waiting\" }",
        "line 3: unknown word `waiting`, expected one of `idle`",
    ),
    (
        "{ visitor = \"sees\", ended = \"TIRED\" }",
        "line 3: unknown reason `TIRED`, expected one of `NONE`, `AGENT_CONCLUDED`",
    ),
    (
        "{ agent = \"sees\", end = \"tired\" }",
        "line 3: unknown reason `tired`",
    ),
    (
        "{ agent = \"sees\", offer = \"BOSS\" }",
        "line 3: unknown role `BOSS`",
    ),
    (
        "{ agent = \"sees\", message = \"a\", within = \"soon\" }",
        "line 3: \"soon\" is no duration",
    ),
    (
        "{ agent = \"sees\", message = \"a\", within = 5 }",
        "line 3: within needs a text",
    ),
    (
        "{ agent = \"sees\", message = \"a\", during = \"5s\" }",
        "line 3: a row with sees names exactly one thing",
    ),
    (
        "{ after = \"25h\", agent = \"accept\" }",
        "line 3: \"25h\" is no duration of at most a day",
    ),
    (
        "{ after = \"99999999999999999999h\", agent = \"accept\" }",
        "line 3: ",
    ),
    (
        "{ server = \"fail\", operation = \"postMessage\", status = 500 }",
        "line 3: unknown operation `postMessage`, expected one of `consumer/requestEngagement`",
    ),
    (
        "{ server = \"fail\", operation = \"consumer/postMessage\" }",
        "line 3: fail needs either a status",
    ),
    (
        "{ server = \"fail\", operation = \"consumer/postMessage\", status = 200 }",
        "line 3: fail needs either a status",
    ),
    (
        "{ server = \"fail\", operation = \"consumer/postMessage\", status = 500, times = 0 }",
        "line 3: times must be at least 1",
    ),
    (
        "{ network = \"break\", operation = \"consumer/postMessage\", fault = \"melt\" }",
        "line 3: unknown word `melt`, expected one of `drop_before`",
    ),
    (
        "{ network = \"break\", operation = \"consumer/postMessage\", fault = { refuse = { status = 200 } } }",
        "line 3: a proxy refuses with a status from 400 to 599",
    ),
    (
        "{ visitor = \"start\", tab = 2 }",
        "line 3: tab 2 is not open",
    ),
    (
        "{ visitor = \"start\", tab = 0 }",
        "line 3: tab needs a whole number from 1 to 8",
    ),
    (
        "{ visitor = \"closeTab\" }",
        "line 3: the visitor's last tab cannot be closed",
    ),
    (
        "{ agent = \"accept\", tab = 2 }",
        "line 3: unknown member `tab`",
    ),
    ("{ agent = \"accept\" ", "line "),
    ("", "steps is empty"),
];

#[test]
fn a_refusal_names_the_line_and_what_is_allowed() {
    for (rows, expected) in REFUSALS {
        let text = refusal(rows);
        assert!(text.starts_with(expected), "{rows}\n  {text}\n  {expected}");
    }
    let no_title = read("steps = []").unwrap_err().to_string();
    assert!(no_title.contains("missing member `title`"), "{no_title}");
    let other_key = read("title = \"\"\nname = 1\nsteps = []").unwrap_err();
    assert_eq!(other_key.line, Some(2));
}

/// Begins a script at 1000 ms.
fn player(rows: &str) -> Player {
    Player::new(Rc::new(read(&script(rows)).unwrap()), 1_000)
}

fn message(text: &str) -> Sight {
    Sight::Visitor(VisitorSight::Message(text.to_owned()))
}

#[test]
fn steps_are_demanded_in_their_order_and_at_their_times() {
    let mut player = player("{ visitor = \"start\" },\n{ after = \"2s\", visitor = \"end\" }");
    let start = Deed::Visitor(1, VisitorDeed::Start {});
    assert_eq!(player.next(1_000), Demand::Perform(start));
    assert_eq!(player.next(1_010), Demand::Wait { until_ms: 3_000 });
    assert_eq!(player.next(2_999), Demand::Wait { until_ms: 3_000 });
    let end = Deed::Visitor(1, VisitorDeed::End {});
    assert_eq!(player.next(3_000), Demand::Perform(end));
    assert_eq!(player.failure("No.").line, 4);
    assert_eq!(player.next(3_000), Demand::Done);
}

#[test]
fn a_sight_is_taken_once() {
    let rows = "{ visitor = \"sees\", message = \"a\" },\n{ visitor = \"sees\", message = \"a\", within = \"1s\" }";
    let mut player = player(rows);
    player.saw(Observer::Visitor(1), message("b"));
    player.saw(Observer::Visitor(2), message("a"));
    assert_eq!(player.next(1_000), Demand::Wait { until_ms: 16_000 });
    player.saw(Observer::Visitor(1), message("a"));
    assert_eq!(player.next(2_000), Demand::Wait { until_ms: 3_000 });
    let Demand::Fail(failure) = player.next(3_000) else {
        panic!("the second message was not seen");
    };
    assert_eq!(
        failure.to_string(),
        "line 4: The visitor did not see the message \"a\" within 1000 ms. Seen instead: the message \"b\"."
    );
}

#[test]
fn a_state_that_has_passed_is_not_seen_any_more() {
    let rows = "{ visitor = \"sees\", state = \"chatting\" },\n{ visitor = \"sees\", state = \"queued\", within = \"1s\" }";
    let mut player = player(rows);
    for state in [State::Queued, State::Chatting] {
        player.saw(
            Observer::Visitor(1),
            Sight::Visitor(VisitorSight::State(state)),
        );
    }
    assert_eq!(player.next(1_000), Demand::Wait { until_ms: 2_000 });
    assert!(matches!(player.next(2_000), Demand::Fail(_)));
}

#[test]
fn what_must_not_be_seen_fails_as_soon_as_it_is_seen() {
    let rows = "{ agent = \"doesNotSee\", message = \"a\", during = \"2s\" }";
    let mut unseen = player(rows);
    assert_eq!(unseen.next(1_000), Demand::Wait { until_ms: 3_000 });
    assert_eq!(unseen.next(3_000), Demand::Done);
    let mut seen = player(rows);
    let agent = Observer::Agent(AgentName::First);
    seen.saw(agent, Sight::Agent(AgentSight::Message("a".to_owned())));
    let Demand::Fail(failure) = seen.next(1_000) else {
        panic!("the message was seen");
    };
    assert_eq!(
        failure.to_string(),
        "line 3: The agent saw the message \"a\", against the script."
    );
}

#[test]
fn an_agent_accepts_what_was_offered() {
    let mut player = player("{ agent = \"accept\" }");
    assert_eq!(player.next(1_000), Demand::Wait { until_ms: 16_000 });
    let mut late = player.clone();
    assert!(matches!(late.next(16_000), Demand::Fail(_)));
    let agent = Observer::Agent(AgentName::First);
    player.saw(agent, Sight::Agent(AgentSight::Offer("LEAD".to_owned())));
    let accept = Deed::Agent(AgentName::First, AgentDeed::Accept {});
    assert_eq!(player.next(1_000), Demand::Perform(accept));
    assert_eq!(player.next(1_000), Demand::Done);
}

#[test]
fn the_part_of_an_agent_begins_after_the_acceptance() {
    let rows = "{ agent = \"signIn\" },\n{ visitor = \"start\" },\n{ visitor = \"say\", text = \"a\" },\n\
        { after = \"1s\", agent = \"accept\" },\n{ after = \"2s\", agent = \"say\", text = \"b\" },\n\
        { visitor = \"sees\", message = \"b\" },\n{ secondAgent = \"signIn\" },\n{ agent = \"conclude\" }";
    let say = AgentDeed::Say {
        text: "b".to_owned(),
    };
    assert_eq!(
        agent_part(&read(&script(rows)).unwrap()),
        [
            AgentStep::AwaitMessage,
            AgentStep::Pause(2_000),
            AgentStep::Do(say),
            AgentStep::Do(AgentDeed::Conclude {}),
        ]
    );
}

/// The page about scripts has every word of the format, and its examples are scripts.
#[test]
fn the_page_about_scripts_has_every_word() {
    let page = include_str!("../../../docs/scripts.md");
    for rows in [
        "{ visitor = \"?\" }",
        "{ agent = \"?\" }",
        "{ server = \"?\" }",
        "{ network = \"?\" }",
        "{ visitor = \"sees\", x = 1 }",
        "{ visitor = \"sees\", state = \"?\" }",
        "{ agent = \"sees\", x = 1 }",
        "{ agent = \"say\", x = 1 }",
        "{ agent = \"sayHtml\", x = 1 }",
        "{ agent = \"typing\", x = 1 }",
        "{ agent = \"looks\", x = 1 }",
        "{ agent = \"sendFile\", x = 1 }",
        "{ visitor = \"allowPreview\", x = 1 }",
        "{ server = \"fail\", x = 1 }",
        "{ network = \"break\", x = 1 }",
        "{ server = \"fail\", operation = \"?\", status = 500 }",
        "{ network = \"break\", operation = \"consumer/activity\", fault = \"?\" }",
    ] {
        let text = refusal(rows);
        let (_, listed) = text.split_once("expected ").unwrap_or_default();
        let words: Vec<&str> = listed.split('`').skip(1).step_by(2).collect();
        assert!(!words.is_empty(), "{rows}: {text}");
        for word in words {
            let is_named = page.contains(&format!("`{word}`"))
                || page.contains(&format!("\"{word}\""))
                || page.contains(&format!("{{ {word} ="));
            assert!(is_named, "docs/scripts.md does not name {word}");
        }
    }
    let examples: Vec<&str> = page.split("```toml\n").skip(1).collect();
    assert!(!examples.is_empty());
    for example in examples {
        let text = example.split("```").next().unwrap_or_default();
        assert!(read(text).is_ok(), "{:?}", read(text));
    }
}

#[test]
fn a_player_who_cannot_see_waits_as_long_as_the_visitor_must_not_see() {
    let rows = "{ after = \"1s\", visitor = \"doesNotSee\", message = \"a\", during = \"2s\" },\n\
        { visitor = \"sees\", message = \"b\" },\n{ after = \"3s\", agent = \"signIn\" }";
    let script = read(&script(rows)).unwrap().without_sights_of_visitor();
    let steps: Vec<(usize, u64)> = script
        .steps
        .iter()
        .map(|it| (it.line, it.after_ms))
        .collect();
    assert_eq!(steps, [(5, 6_000)]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// No text makes the reader panic, and the line of an error exists.
    #[test]
    fn no_text_breaks_the_reader(text in any::<String>()) {
        if let Err(error) = read(&text) {
            prop_assert!(error.line.is_none_or(|line| line <= text.lines().count() + 1));
        }
    }

    /// No change of a script makes reader or player panic, and a player that sees nothing comes to an end.
    #[test]
    fn no_change_of_a_script_breaks_the_reader(
        which in any::<proptest::sample::Index>(),
        at in any::<proptest::sample::Index>(),
        removed in 0_usize..12,
        inserted in "[ -~\n]{0,8}",
    ) {
        let text = which.get(CONVERSATIONS).text;
        let letters: Vec<char> = text.chars().collect();
        let (before, after) = letters.split_at(at.index(letters.len()));
        let after = after.get(removed..).unwrap_or_default();
        let changed: String = before.iter().copied().chain(inserted.chars()).chain(after.iter().copied()).collect();
        match read(&changed) {
            Err(error) => prop_assert!(error.line.is_none_or(|line| line <= changed.lines().count() + 1)),
            Ok(script) => {
                let mut now_ms = 0;
                let steps = script.steps.len();
                let mut player = Player::new(Rc::new(script), now_ms);
                for _ in 0..3 * steps {
                    match player.next(now_ms) {
                        Demand::Perform(_) => {}
                        Demand::Wait { until_ms } => {
                            prop_assert!(until_ms > now_ms);
                            now_ms = until_ms;
                        }
                        Demand::Done | Demand::Fail(_) => return Ok(()),
                    }
                }
                prop_assert!(false, "the player did not come to an end");
            }
        }
    }
}
