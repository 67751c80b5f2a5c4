//! Tests of the order of messages: each message is shown once, in the order of the sequence numbers.
//!
//! `posted(3, "once")` is a message of the agent Ana with the sequence number 3. `ANA` is the server's
//! message, with the number 2, that Ana has joined the chat; the widget shows it as a notice. A [`Bench`] runs an engine, and lets the test play the
//! server. In a bench that is `chatting`, `ANA` has already arrived.

use super::Bench;
use super::body::{ANA, posted};
use crate::{Content, Notice};

#[test]
fn a_message_that_arrives_twice_is_shown_once() {
    let mut bench = Bench::chatting();
    bench.receive(&[&posted(3, "once"), &posted(3, "once")]);
    bench.receive(&[&posted(3, "once"), ANA, &posted(4, "next")]);
    assert_eq!(bench.agent_texts(), ["once", "next"]);
    assert_eq!(bench.notices().len(), 1);
}

#[test]
fn repeated_messages_are_recognized_in_a_long_conversation() {
    let mut bench = Bench::chatting();
    for sequence in 3..2_000 {
        bench.receive(&[&posted(sequence, "text")]);
    }
    bench.receive(&[&posted(3, "text"), &posted(1_999, "text")]);
    assert_eq!(bench.agent_texts().len(), 1_997);
}

#[test]
fn messages_out_of_order_within_one_answer_are_sorted() {
    let mut bench = Bench::queued();
    bench.receive(&[&posted(5, "c"), &posted(4, "b"), ANA, &posted(3, "a")]);
    assert_eq!(bench.agent_texts(), ["a", "b", "c"]);
}

#[test]
fn messages_out_of_order_across_answers_are_sorted() {
    let mut bench = Bench::chatting();
    bench.receive(&[&posted(4, "b")]);
    bench.send("mine");
    bench.receive(&[&posted(6, "d")]);
    bench.receive(&[&posted(5, "c"), &posted(3, "a")]);
    assert_eq!(bench.agent_texts(), ["a", "b", "c", "d"]);
    let own_index = bench
        .contents()
        .position(|it| matches!(it, Content::Visitor { .. }));
    assert_eq!(
        own_index,
        Some(3),
        "the visitor's message stays after b, which was shown when the visitor wrote it"
    );
}

#[test]
fn a_message_without_a_number_stays_after_the_message_that_preceded_it() {
    let mut bench = Bench::queued();
    let unnumbered =
        r#"{"messageName":"RNEngagementMessagePostedMessage","body":"b","clientId":35}"#;
    bench.receive(&[ANA, &posted(3, "a"), unnumbered, &posted(4, "c")]);
    assert_eq!(bench.agent_texts(), ["a", "b", "c"]);
}

#[test]
fn extreme_sequence_numbers_are_harmless() {
    let mut bench = Bench::chatting();
    bench.receive(&[
        &posted(i64::MAX, "z"),
        &posted(i64::MIN, "a"),
        &posted(0, "b"),
    ]);
    bench.receive(&[&posted(7, "c"), &posted(i64::MAX, "z")]);
    assert_eq!(bench.agent_texts(), ["a", "b", "c", "z"]);
}

#[test]
fn unknown_and_unreadable_messages_do_not_affect_the_others() {
    let mut bench = Bench::chatting();
    bench.receive(&[
        r#"{"messageName":"RNEngagementNeverSeenMessage","sequenceNumber":3,"body":"?"}"#,
        r#"{"messageName":"RNEngagementMessagePostedMessage","clientId":35,"body":{"a":1}}"#,
        r#"{"messageName":"RNEngagementMediaTokenMessage","mediaToken":"x.y.z"}"#,
        r#"{"noName":true}"#,
        "17",
        "null",
        &posted(4, "readable"),
    ]);
    assert_eq!(bench.agent_texts(), ["readable"]);
    // The unreadable messages have no number, so one notice stands for all of them. The other notice is that Ana joined.
    let notices = bench.notices();
    assert!(
        matches!(notices[..], [_, Notice::Unreadable]),
        "{notices:?}"
    );
}
