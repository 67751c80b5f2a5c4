//! Plays the conversations of `crates/script` with the engine as the visitor.

#![allow(clippy::panic, reason = "a test fails by a panic")]

use pipit_script::{CONVERSATIONS, Script, read, wrong_versions};
use pipit_simulation::play;

/// The seeds of the delays of the network.
const SEEDS: std::ops::Range<u64> = 0..20;

/// The scripts of the crate, by their names.
fn scripts() -> impl Iterator<Item = (&'static str, Script)> {
    CONVERSATIONS.iter().map(|conversation| {
        let script = read(conversation.text);
        let script = script.unwrap_or_else(|error| panic!("{}: {error}", conversation.name));
        (conversation.name, script)
    })
}

#[test]
fn every_conversation_goes_as_its_script_says_with_any_delays() {
    let mut failures = Vec::new();
    for (name, script) in scripts() {
        let failed = SEEDS.map(|seed| (seed, play(&script, seed)));
        let mut failed = failed.filter_map(|(seed, result)| Some((seed, result.err()?)));
        if let Some((seed, text)) = failed.next() {
            failures.push(format!("{name}, seed {seed}: {text}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn a_wrong_expectation_fails_on_its_line() {
    for (name, script) in scripts() {
        for (line, version) in wrong_versions(&script) {
            match play(&version, 0) {
                Ok(()) => panic!("{name} was played, although line {line} is wrong"),
                Err(text) => assert!(
                    text.starts_with(&format!("line {line}: ")),
                    "{name}: {text}"
                ),
            }
        }
    }
}
