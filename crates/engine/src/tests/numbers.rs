//! Tests of sequence numbers that begin again, repeat, or follow the end of the engagement within one answer. A text that
//! differs from what was shown is shown; what is passed over is named on the console. A [`Bench`] runs an engine, and
//! lets the test play the server. `posted(3, "a")` is a message of the agent Ana with the sequence number 3.

use serde_json::json;

use super::Bench;
use super::body::{ANA, agent_joined, concluded, posted};
use crate::{Content, Notice, Phase, Warning};

/// The numbers of the messages that the console names as passed over, one list for each warning.
fn passed_over(bench: &Bench) -> Vec<Vec<Option<i64>>> {
    let warnings = bench.warnings.iter().filter_map(|warning| match warning {
        Warning::MessagesPassedOver(messages) => {
            Some(messages.iter().map(|(number, _)| *number).collect())
        }
        _ => None,
    });
    warnings.collect()
}

fn has_gap(bench: &Bench) -> bool {
    bench.notices().contains(&&Notice::Gap)
}

#[test]
fn numbers_that_begin_again_are_shown_after_all_that_came_before() {
    let mut bench = Bench::chatting();
    bench.receive(&[&posted(3, "a"), &posted(4, "b"), &posted(5, "c")]);
    bench.send("mine");
    // The next node of the server counts from 1.
    let joined = agent_joined(&json!({"sequenceNumber": 1, "sequenceNumberString": "1"}));
    bench.receive(&[&joined, &posted(2, "d"), &posted(3, "e")]);
    bench.receive(&[&posted(4, "f")]);
    assert_eq!(bench.agent_texts(), ["a", "b", "c", "d", "e", "f"]);
    assert!(!has_gap(&bench));
    let last = bench.contents().last().cloned();
    assert!(matches!(last, Some(Content::Agent { body, .. }) if &*body == "f"));
    // A gap in the new numbers is one, and what came before is still known.
    bench.receive(&[&posted(3, "a"), &posted(5, "c"), &posted(6, "g")]);
    assert_eq!(bench.agent_texts(), ["a", "b", "c", "d", "e", "f", "g"]);
    assert!(has_gap(&bench), "the number 5 is missing");
}

#[test]
fn numbers_that_began_again_are_still_known_after_a_reload() {
    let mut bench = Bench::chatting();
    bench.receive(&[&posted(3, "a"), &posted(9, "b")]);
    bench.receive(&[&posted(2, "c"), &posted(3, "d")]);
    bench.reload();
    bench.receive(&[&posted(3, "d"), &posted(4, "e")]);
    assert_eq!(bench.agent_texts(), ["a", "b", "c", "d", "e"]);
}

#[test]
fn numbers_that_begin_again_in_the_middle_of_an_answer_keep_its_order() {
    let mut bench = Bench::chatting();
    bench.receive(&[&posted(3, "a")]);
    bench.receive(&[&posted(4, "b"), &posted(2, "c"), &posted(3, "d")]);
    assert_eq!(bench.agent_texts(), ["a", "b", "c", "d"]);
}

#[test]
fn texts_with_the_same_number_are_shown_if_they_differ() {
    let mut bench = Bench::chatting();
    bench.receive(&[&posted(3, "a"), &posted(3, "b"), &posted(3, "a")]);
    bench.receive(&[&posted(4, "c")]);
    bench.receive(&[&posted(4, "d"), &posted(4, "d")]);
    assert_eq!(bench.agent_texts(), ["a", "b", "c", "d"]);
    // The second "a" is a repetition of the first.
    assert_eq!(passed_over(&bench), [[Some(3)], [Some(4)]]);
}

#[test]
fn a_text_with_a_number_below_all_that_are_remembered_is_shown_once() {
    let mut bench = Bench::chatting();
    for number in 3..2_000 {
        bench.receive(&[&posted(number, "text")]);
    }
    bench.receive(&[&posted(3, "text"), ANA]);
    assert_eq!(bench.agent_texts().len(), 1_997);
    bench.receive(&[&posted(3, "another")]);
    bench.receive(&[&posted(3, "another"), &posted(4, "next")]);
    assert_eq!(bench.agent_texts().len(), 1_999);
    assert_eq!(bench.agent_texts().last(), Some(&"next"));
}

#[test]
fn texts_after_the_end_within_one_answer_are_shown() {
    let mut end: serde_json::Value = serde_json::from_str(&concluded("AGENT_CONCLUDED")).unwrap();
    end["sequenceNumber"] = json!(4);
    let end = end.to_string();
    let left = r#"{"messageName":"RNEngagementParticipantLeftMessage","clientId":35,
        "role":"LEAD","sequenceNumber":6}"#;
    let orders = [
        [&*posted(3, "before"), &end, &*posted(5, "after"), left].map(ToOwned::to_owned),
        [&end, left, &*posted(5, "after"), &*posted(3, "before")].map(|it| (*it).to_owned()),
    ];
    for order in orders {
        let mut bench = Bench::chatting();
        let messages: Vec<&str> = order.iter().map(String::as_str).collect();
        bench.receive(&messages);
        assert!(matches!(bench.phase(), Phase::Concluded(_)));
        assert_eq!(bench.agent_texts(), ["before", "after"]);
        let ends = bench.notices().into_iter();
        assert_eq!(
            ends.filter(|it| matches!(it, Notice::Concluded(_))).count(),
            1
        );
        assert_eq!(passed_over(&bench), [[Some(6)]]);
    }
}

#[test]
fn the_console_names_a_repetition_once() {
    let mut bench = Bench::chatting();
    for _ in 0..3 {
        bench.receive(&[ANA]);
        bench.wait(1_000);
    }
    assert_eq!(passed_over(&bench), [[Some(2)]]);
}

#[test]
fn reports_that_all_have_the_same_number_do_not_begin_the_numbers_again() {
    let wait = |position| {
        json!({"messageName": "RNEngagementWaitInformationChangedMessage", "position": position,
            "sequenceNumber": 1, "createdTime": 1_539_692_940_000_i64 + position})
        .to_string()
    };
    let mut bench = Bench::queued();
    bench.receive(&[&wait(3)]);
    bench.receive(&[&wait(2)]);
    assert_eq!(bench.queue_wait().position, Some(2));
    bench.receive(&[ANA, &posted(3, "a")]);
    bench.receive(&[&wait(1)]);
    bench.receive(&[&posted(4, "b")]);
    assert_eq!(bench.agent_texts(), ["a", "b"]);
    assert!(!has_gap(&bench));
}
