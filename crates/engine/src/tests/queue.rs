//! Tests of waiting for an agent.

use pipit_wire::consumer::Operation::{Activity, PostMessage};

use super::Bench;
use super::body::{ANA, concluded};
use crate::{Command, Delivery, Notice, Phase, Wait};

const WAIT: &str = r#"{"messageName":"RNEngagementWaitInformationChangedMessage","position":3,
    "positionString":"3","expectedWaitTimeSeconds":90,"averageWaitTimeSeconds":120,
    "averageWaitTimeSecondsString":"120"}"#;

const TRANSFERRED: &str = r#"{"messageName":"RNEngagementParticipantLeftMessage","role":"LEAD",
    "disconnectReason":"TRANSFERRED_TO_QUEUE","clientId":35,"createdTime":"1539692950000",
    "sequenceNumber":5}"#;

#[test]
fn the_wait_is_shown_as_far_as_it_is_known() {
    let mut bench = Bench::queued();
    assert_eq!(bench.queue_wait(), Wait::default());
    bench.receive(&[WAIT]);
    let known = Wait {
        position: Some(3),
        expected_seconds: Some(90),
        average_seconds: Some(120),
    };
    assert_eq!(bench.queue_wait(), known);
    bench.receive(&[
        r#"{"messageName":"RNEngagementWaitInformationChangedMessage","position":0,
            "expectedWaitTimeSeconds":-1,"averageWaitTimeSecondsString":"9223372036854775807"}"#,
    ]);
    assert_eq!(bench.queue_wait(), Wait::default());
}

#[test]
fn a_wait_of_zero_seconds_is_known() {
    let mut bench = Bench::queued();
    bench.receive(&[
        r#"{"messageName":"RNEngagementWaitInformationChangedMessage","position":1,
            "expectedWaitTimeSeconds":0}"#,
    ]);
    assert_eq!(bench.queue_wait().expected_seconds, Some(0));
}

#[test]
fn the_visitor_can_write_before_an_agent_joins() {
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
    bench.wait(20_000);
    assert_eq!(bench.open_count(Activity), 0);
}

#[test]
fn the_first_agent_ends_the_wait() {
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
    bench.receive(&[&ANA.replace("Ana", "Ben").replace("35", "36").replace(
        r#""sequenceNumber":2,"sequenceNumberString":"2""#,
        r#""sequenceNumber":9"#,
    )]);
    assert_eq!(bench.agents()[0].name.as_ref(), "Ben");
}

#[test]
fn a_conclusion_by_transfer_does_not_end_it_either_and_is_noted_once() {
    let mut bench = Bench::chatting();
    bench.receive(&[TRANSFERRED, &concluded("TRANSFERRED_TO_QUEUE")]);
    assert!(matches!(bench.phase(), Phase::Requeued(_)));
    let waiting_again = |notice: &&&Notice| ***notice == Notice::Requeued;
    assert_eq!(bench.notices().iter().filter(waiting_again).count(), 1);
    assert_eq!(bench.open.len(), 1, "polling continues");
}
