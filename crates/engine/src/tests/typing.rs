//! Tests of typing signals (requests that report whether the visitor is typing): when they are sent, repeated and
//! aborted. A signal can contain the typed text, which the agent then sees. A later signal without a text
//! withdraws that text. The module `sneak_preview` tests which text a signal contains.
//!
//! The tests depend on two times. The first is the interval of the sneak preview (the text that the agent sees before
//! it is sent): 3 s, or what a test sets. While the preview is enabled, a visitor who has not typed for one interval
//! counts as listening. The second is 15 s: a signal without an answer is then aborted.
//!
//! A [`Bench`] runs an engine, and lets the test play the server, the web page and the clock.

use pipit_wire::consumer::Operation::{Activity, PostMessage};
use proptest::prelude::*;
use serde_json::json;

use super::Bench;
use super::body::{ECHO, agent_joined, answered, answered_with_retry_after};
use super::sneak_preview::{chatting_with, last_signal, signal_count, type_and_answer, type_text};
use crate::{Command, Outcome};

#[test]
fn a_signal_that_withdraws_a_text_is_repeated_if_it_fails() {
    for outcome in [
        Outcome::Lost,
        Outcome::NotSent,
        answered(500, ""),
        answered_with_retry_after(429, 600),
    ] {
        let mut bench = Bench::chatting();
        type_and_answer(&mut bench, "secret");
        bench.command(Command::AllowSneakPreview(false));
        bench.answer_with(Activity, outcome);
        assert_eq!(signal_count(&bench), 2, "it is not repeated at once");
        // The first pause after a failure is at most 750 ms.
        bench.wait(750);
        assert_eq!(bench.bodies(Activity)[2], json!({"mode": "RESPONDING"}));
    }
}

#[test]
fn signals_are_sent_less_often_to_a_server_that_fails() {
    let mut bench = Bench::chatting();
    type_text(&mut bench, "a");
    for _ in 0..600 {
        if bench.open_count(Activity) == 1 {
            bench.answer(Activity, 500, "");
        }
        // Without answers to the polls, the session would be lost.
        bench.receive(&[]);
    }
    // Without pauses there would be about 600 signals. The pauses grow with each failure, up to about 15 s.
    assert!(
        (40..120).contains(&signal_count(&bench)),
        "{}",
        signal_count(&bench)
    );
}

#[test]
fn emptying_the_composer_sends_an_empty_text() {
    let mut bench = Bench::chatting();
    type_and_answer(&mut bench, "a");
    type_text(&mut bench, "");
    bench.wait(3_000);
    let body = json!({"mode": "LISTENING", "sneakPreviewText": "", "sneakPreviewFocus": true});
    assert_eq!(last_signal(&bench), body);
}

#[test]
fn a_visitor_who_stops_typing_counts_as_listening() {
    let mut bench = Bench::chatting();
    type_and_answer(&mut bench, "a");
    bench.wait(3_000);
    assert_eq!(
        (&last_signal(&bench)["mode"], signal_count(&bench)),
        (&json!("LISTENING"), 2)
    );
    bench.answer(Activity, 200, ECHO);
    bench.wait(40_000);
    assert_eq!(signal_count(&bench), 2, "the signal is sent once");
}

#[test]
fn sending_a_message_causes_no_signal() {
    let mut bench = Bench::chatting();
    type_and_answer(&mut bench, "hello");
    bench.send("hello");
    // The widget empties the composer when a message is sent.
    type_text(&mut bench, "");
    bench.answer(PostMessage, 200, ECHO);
    bench.wait(40_000);
    assert_eq!(signal_count(&bench), 1);
}

#[test]
fn an_agent_who_joins_after_a_transfer_gets_the_signal_again() {
    let mut bench = chatting_with(&json!({"sneakPreviewState": "DISABLED"}));
    type_and_answer(&mut bench, "a");
    // The agent 35 leaves, and the agent 36 joins.
    bench.receive(&[
        r#"{"messageName":"RNEngagementParticipantLeftMessage","role":"LEAD",
            "disconnectReason":"TRANSFERRED_TO_QUEUE","clientId":35,"sequenceNumber":5}"#,
        &agent_joined(
            &json!({"clientId": 36, "clientIdString": "36", "sequenceNumber": 8,
            "sequenceNumberString": "8"}),
        ),
    ]);
    let responding = json!({"mode": "RESPONDING"});
    assert_eq!(bench.bodies(Activity), [responding.clone(), responding]);
}

#[test]
fn a_text_is_withdrawn_even_if_a_second_agent_has_joined_since() {
    let mut bench = Bench::chatting();
    type_and_answer(&mut bench, "secret");
    bench.wait(3_000);
    bench.answer(Activity, 200, ECHO);
    // A conferee is a second agent who takes part in the chat.
    bench.receive(&[&agent_joined(
        &json!({"clientId": 36, "clientIdString": "36",
        "role": "CONFEREE", "sequenceNumber": 8, "sequenceNumberString": "8"}),
    )]);
    bench.command(Command::AllowSneakPreview(false));
    assert_eq!(last_signal(&bench), json!({"mode": "LISTENING"}));
}

#[test]
fn a_signal_without_an_answer_is_aborted_and_the_next_one_waits_for_the_interval() {
    let mut bench = chatting_with(&json!({"sneakPreviewInterval": 60_000}));
    type_text(&mut bench, "a");
    let since = bench.now;
    bench.wait(14_999);
    assert_eq!(bench.aborted, 0);
    bench.wait(1);
    assert_eq!((bench.aborted, bench.open_count(Activity)), (1, 0));
    type_text(&mut bench, "ab");
    // Longer than the interval and the pause after the aborted signal together.
    bench.wait(400_000);
    let times = bench.send_times(Activity);
    assert!(times[1] >= since + 60_000, "{times:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn at_most_one_text_is_sent_per_interval(
        interval in 250_u64..10_000,
        keys in prop::collection::vec((0_u64..2_500, "[a-c]{0,3}", 0_u8..3), 1..60),
    ) {
        let mut bench = chatting_with(&json!({"sneakPreviewInterval": interval}));
        for (pause, text, answer) in keys {
            bench.wait(pause);
            type_text(&mut bench, &text);
            // 0 leaves the open signal without an answer, 1 answers it, and 2 ends it as lost.
            if bench.open_count(Activity) == 1 && answer > 0 {
                let outcome = if answer == 1 { answered(200, ECHO) } else { Outcome::Lost };
                bench.answer_with(Activity, outcome);
            }
        }
        bench.wait(30_000);
        let times = bench.send_times(Activity);
        for pair in times.windows(2) {
            prop_assert!(pair[1] >= pair[0] + interval, "{:?}", times);
        }
    }
}
