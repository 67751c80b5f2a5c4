//! Tests of waiting in the queue for an agent, at the start or after a transfer. A [`Bench`] runs an engine, and lets
//! the test play the server, the web page and the clock.

use pipit_wire::consumer::Operation::{Activity, PostMessage};
use serde_json::json;

use super::Bench;
use super::body::{agent_joined, concluded};
use crate::{Command, Delivery, Notice, Phase, Wait};

/// A message with the visitor's position in the queue, the expected wait and the average wait.
const WAIT: &str = r#"{"messageName":"RNEngagementWaitInformationChangedMessage","position":3,
    "positionString":"3","expectedWaitTimeSeconds":90,"averageWaitTimeSeconds":120,
    "averageWaitTimeSecondsString":"120"}"#;

/// The message that Ana has transferred the visitor to a queue.
const TRANSFERRED: &str = r#"{"messageName":"RNEngagementParticipantLeftMessage","role":"LEAD",
    "disconnectReason":"TRANSFERRED_TO_QUEUE","clientId":35,"createdTime":"1539692950000",
    "sequenceNumber":5}"#;

#[test]
fn the_wait_has_only_those_values_of_the_server_that_are_in_range() {
    let mut bench = Bench::queued();
    assert_eq!(bench.queue_wait(), Wait::default());
    bench.receive(&[WAIT]);
    let expected = Wait {
        position: Some(3),
        expected_seconds: Some(90),
        average_seconds: Some(120),
    };
    assert_eq!(bench.queue_wait(), expected);
    // A position starts at 1, and a wait is not negative and fits into 32 bits.
    bench.receive(&[
        r#"{"messageName":"RNEngagementWaitInformationChangedMessage","position":0,
            "expectedWaitTimeSeconds":-1,"averageWaitTimeSecondsString":"9223372036854775807"}"#,
    ]);
    assert_eq!(bench.queue_wait(), Wait::default());
}

#[test]
fn an_expected_wait_of_zero_seconds_is_a_known_value() {
    let mut bench = Bench::queued();
    bench.receive(&[
        r#"{"messageName":"RNEngagementWaitInformationChangedMessage","position":1,
            "expectedWaitTimeSeconds":0}"#,
    ]);
    assert_eq!(bench.queue_wait().expected_seconds, Some(0));
}

#[test]
fn a_message_is_posted_before_an_agent_joins() {
    let mut bench = Bench::queued();
    bench.send("first");
    assert_eq!(bench.visitor_messages(), [("first", Delivery::Sending)]);
    bench.answer(
        PostMessage,
        200,
        r#"{"clientId":34,"clientTransactionId":0}"#,
    );
    assert_eq!(bench.visitor_messages(), [("first", Delivery::Accepted)]);
}

#[test]
fn no_typing_signal_is_sent_in_the_queue() {
    let mut bench = Bench::queued();
    bench.command(Command::Typed("hel".to_owned()));
    // Much longer than the pause before a typing signal.
    bench.wait(20_000);
    assert_eq!(bench.open_count(Activity), 0);
}

#[test]
fn the_wait_ends_when_the_first_agent_joins() {
    let bench = Bench::chatting();
    assert_eq!(bench.agents()[0].name.as_ref(), "Ana");
    assert_eq!(bench.notices(), [&Notice::Joined("Ana".into())]);
}

#[test]
fn wait_information_during_the_chat_changes_nothing() {
    let mut bench = Bench::chatting();
    bench.receive(&[WAIT]);
    assert_eq!(bench.agents().len(), 1);
}

#[test]
fn a_transfer_to_the_queue_does_not_end_the_conversation() {
    let mut bench = Bench::chatting();
    bench.receive(&[TRANSFERRED]);
    assert!(matches!(bench.phase(), Phase::Requeued(_)));
    assert_eq!(bench.notices().last(), Some(&&Notice::Requeued));
    bench.receive(&[WAIT]);
    assert_eq!(bench.queue_wait().position, Some(3));
    bench.send("still there?");
    assert_eq!(bench.open_count(PostMessage), 1);
    bench.receive(&[&agent_joined(
        &json!({"name": "Ben", "clientId": 36, "clientIdString": "36",
        "sequenceNumber": 9, "sequenceNumberString": "9"}),
    )]);
    assert_eq!(bench.agents()[0].name.as_ref(), "Ben");
}

#[test]
fn two_messages_about_one_transfer_give_one_notice_and_do_not_end_the_conversation() {
    let mut bench = Bench::chatting();
    bench.receive(&[TRANSFERRED, &concluded("TRANSFERRED_TO_QUEUE")]);
    assert!(matches!(bench.phase(), Phase::Requeued(_)));
    let is_requeued = |notice: &&&Notice| ***notice == Notice::Requeued;
    assert_eq!(bench.notices().iter().filter(is_requeued).count(), 1);
    assert_eq!(bench.open.len(), 1, "polling continues");
}
