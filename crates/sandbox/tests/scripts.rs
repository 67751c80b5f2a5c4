//! Plays the conversations of `crates/script` with a bare client of the API as the visitor.

#![allow(clippy::panic, reason = "a test fails by a panic")]

use pipit_sandbox::play;
use pipit_script::{CONVERSATIONS, Script, read, wrong_versions};

/// The scripts of the crate, by their names.
fn scripts() -> impl Iterator<Item = (&'static str, Script)> {
    CONVERSATIONS.iter().map(|conversation| {
        let script = read(conversation.text);
        let script = script.unwrap_or_else(|error| panic!("{}: {error}", conversation.name));
        (conversation.name, script)
    })
}

#[test]
fn every_conversation_goes_as_its_script_says() {
    let failures: Vec<String> = scripts()
        .filter_map(|(name, script)| Some(format!("{name}: {}", play(&script).err()?)))
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn a_wrong_expectation_fails_on_its_line() {
    for (name, script) in scripts() {
        let versions = wrong_versions(&script);
        assert!(!versions.is_empty(), "{name} expects nothing");
        for (line, version) in versions {
            match play(&version) {
                Ok(()) => panic!("{name} was played, although line {line} is wrong"),
                Err(text) => assert!(
                    text.starts_with(&format!("line {line}: ")),
                    "{name}: {text}"
                ),
            }
        }
    }
}

#[test]
fn a_failure_says_what_was_seen_instead() {
    let text = "title = \"\"\nsteps = [\n  { visitor = \"start\" },\n  { agent = \"signIn\" },\n  \
        { agent = \"accept\" },\n  { agent = \"say\", text = \"Good morning\" },\n  \
        { visitor = \"sees\", message = \"Good evening\", within = \"2s\" },\n]";
    let script = read(text).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(
        play(&script).err().as_deref(),
        Some(
            "line 7: The visitor did not see the message \"Good evening\" within 2000 ms. Seen instead: the state starting; \
             the state queued; that \"Ana Marques\" joined; the state chatting; that no agent types; the message \
             \"Good morning\"."
        )
    );
}

#[test]
fn a_deed_that_cannot_be_done_fails_on_its_line() {
    for (steps, expected) in [
        (
            "{ agent = \"say\", text = \"a\" }",
            "line 3: The agent has accepted no conversation.",
        ),
        (
            "{ agent = \"signOut\" }",
            "line 3: The agent is not signed in.",
        ),
        (
            "{ visitor = \"sendAgain\", text = \"a\" }",
            "line 3: No message \"a\" waits to be sent again.",
        ),
        (
            "{ server = \"configure\", settings = { hold = 1 } }",
            "line 3: /sandbox/config was refused: 400",
        ),
    ] {
        let script = read(&format!("title = \"\"\nsteps = [\n{steps}\n]"));
        let script = script.unwrap_or_else(|error| panic!("{error}"));
        let text = play(&script).err().unwrap_or_default();
        assert!(text.starts_with(expected), "{text}");
    }
    let settings = "title = \"\"\nsettings.hold = 1\nsteps = [{ visitor = \"start\" }]";
    let script = read(settings).unwrap_or_else(|error| panic!("{error}"));
    let text = play(&script).err().unwrap_or_default();
    assert!(
        text.starts_with("settings: ") && text.contains("hold_ms"),
        "{text}"
    );
}
