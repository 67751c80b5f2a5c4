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
fn the_wait_is_told_as_far_as_it_is_known() {
    let mut bench = Bench::queued();
    assert_eq!(bench.waiting(), Wait::default());
    bench.messages(&[WAIT]);
    let known = Wait {
        position: Some(3),
        expected_seconds: Some(90),
        average_seconds: Some(120),
    };
    assert_eq!(bench.waiting(), known);
    bench.messages(&[
        r#"{"messageName":"RNEngagementWaitInformationChangedMessage","position":0,
            "expectedWaitTimeSeconds":-1,"averageWaitTimeSecondsString":"9223372036854775807"}"#,
    ]);
    assert_eq!(bench.waiting(), Wait::default());
}

#[test]
fn a_wait_of_nothing_is_known() {
    let mut bench = Bench::queued();
    bench.messages(&[
        r#"{"messageName":"RNEngagementWaitInformationChangedMessage","position":1,
            "expectedWaitTimeSeconds":0}"#,
    ]);
    assert_eq!(bench.waiting().expected_seconds, Some(0));
}

#[test]
fn the_visitor_writes_before_an_agent_is_there() {
    let mut bench = Bench::queued();
    bench.send("first");
    assert_eq!(bench.written(), [("first", Delivery::Sending)]);
    bench.answer(
        PostMessage,
        200,
        r#"{"clientId":34,"clientTransactionId":0}"#,
    );
    assert_eq!(bench.written(), [("first", Delivery::Accepted)]);
}

#[test]
fn nobody_is_told_of_typing_in_a_queue() {
    let mut bench = Bench::queued();
    bench.command(Command::Typed("hel".to_owned()));
    bench.wait(20_000);
    assert_eq!(bench.open(Activity), 0);
}

#[test]
fn the_first_agent_ends_the_wait() {
    let bench = Bench::chatting();
    assert_eq!(bench.agents()[0].name.as_ref(), "Ana");
    assert_eq!(bench.notices(), [&Notice::Joined("Ana".into())]);
}

#[test]
fn a_wait_that_comes_late_does_not_disturb_the_chat() {
    let mut bench = Bench::chatting();
    bench.messages(&[WAIT]);
    assert_eq!(bench.agents().len(), 1);
}

#[test]
fn back_in_the_queue_is_not_an_end() {
    let mut bench = Bench::chatting();
    bench.messages(&[TRANSFERRED]);
    assert!(matches!(bench.phase(), Phase::Requeued(_)));
    assert_eq!(bench.notices().last(), Some(&&Notice::WaitingAgain));
    bench.messages(&[WAIT]);
    assert_eq!(bench.waiting().position, Some(3));
    bench.send("still there?");
    assert_eq!(bench.open(PostMessage), 1);
    bench.messages(&[&ANA.replace("Ana", "Ben").replace("35", "36").replace(
        r#""sequenceNumber":2,"sequenceNumberString":"2""#,
        r#""sequenceNumber":9"#,
    )]);
    assert_eq!(bench.agents()[0].name.as_ref(), "Ben");
}

#[test]
fn a_conclusion_by_transfer_is_not_an_end_either_and_is_told_once() {
    let mut bench = Bench::chatting();
    bench.messages(&[TRANSFERRED, &concluded("TRANSFERRED_TO_QUEUE")]);
    assert!(matches!(bench.phase(), Phase::Requeued(_)));
    let waiting_again = |notice: &&&Notice| ***notice == Notice::WaitingAgain;
    assert_eq!(bench.notices().iter().filter(waiting_again).count(), 1);
    assert_eq!(bench.open.len(), 1, "the loop goes on");
}
