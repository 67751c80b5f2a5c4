//! Tests of echoes. An echo is the server's copy of a message that the visitor has sent; it comes in the answer to a
//! poll, among the other messages. A message of the visitor is *unknown* if no answer has shown whether it arrived. A
//! [`Bench`] runs an engine, and lets the test play the server, the web page and the clock.

use pipit_wire::consumer::Operation::{GetMessages, PostMessage, RequestEngagement};
use serde_json::{Value, json};

use super::Bench;
use super::body::{ECHO, ENGAGEMENT, answered};
use crate::Delivery::{Accepted, Sending, Unknown};
use crate::Outcome;

/// The echo of a message, with these members. The client id 34 is the visitor's.
fn echo_with(members: &Value) -> String {
    let mut message = json!({"messageName": "RNEngagementMessagePostedMessage", "clientId": 34});
    for (name, value) in members.as_object().unwrap() {
        message[name] = value.clone();
    }
    message.to_string()
}

#[test]
fn an_echo_proves_that_an_unknown_message_arrived() {
    for by_id in [true, false] {
        let mut bench = Bench::chatting();
        bench.send("hello");
        bench.answer_with(PostMessage, Outcome::Lost);
        let id = bench.bodies(PostMessage)[0]["messageId"].clone();
        // An echo whose text the server has changed can only be recognized by its id.
        let members = if by_id {
            json!({"body": "&lt;changed&gt;", "messageId": id})
        } else {
            json!({"body": "hello"})
        };
        bench.receive(&[&echo_with(&members)]);
        assert_eq!(
            bench.visitor_messages(),
            [("hello", Accepted)],
            "by id: {by_id}"
        );
        assert!(bench.agent_texts().is_empty());
    }
}

#[test]
fn a_message_whose_echo_arrives_before_or_after_the_answer_is_shown_once() {
    for is_echo_first in [true, false] {
        let mut bench = Bench::chatting();
        bench.send("hello");
        let echo = echo_with(&json!({"body": "hello", "sequenceNumber": 3}));
        if is_echo_first {
            bench.receive(&[&echo]);
            assert_eq!(bench.visitor_messages(), [("hello", Accepted)]);
        }
        bench.answer(PostMessage, 200, ECHO);
        bench.receive(&[&echo]);
        assert_eq!(bench.visitor_messages(), [("hello", Accepted)]);
        assert_eq!(bench.contents().count(), 2, "a notice and a message");
    }
}

#[test]
fn a_message_whose_echo_has_arrived_is_not_sent_again() {
    let mut bench = Bench::chatting();
    bench.send("hello");
    let id = bench.bodies(PostMessage)[0]["messageId"].clone();
    bench.receive(&[&echo_with(&json!({"body": "hello", "messageId": id}))]);
    bench.answer_with(PostMessage, answered(503, ""));
    // Longer than the longest pause before a request is repeated.
    bench.wait(20_000);
    assert_eq!(
        (bench.visitor_messages(), bench.bodies(PostMessage).len()),
        (vec![("hello", Accepted)], 1)
    );
}

#[test]
fn an_echo_of_another_tabs_message_confirms_nothing() {
    let mut bench = Bench::chatting();
    bench.send("mine");
    let own_id = bench.bodies(PostMessage)[0]["messageId"].clone();
    let own_id = own_id.as_str().unwrap().to_owned();
    bench.send("waits");
    bench.answer_with(PostMessage, Outcome::Lost);
    let entry = bench.entry_of("mine").0;
    let waiting = bench.entry_of("waits").0;
    // The copy of a tab counts its entries on from the same number, and may have written the same text.
    let echoes = [
        (entry.to_string(), "another tab's"),
        (waiting.to_string(), "another tab's"),
        (format!("{entry}-1"), "mine"),
        (format!("{waiting}-1"), "waits"),
        (format!("{own_id}0"), "mine"),
    ];
    for (id, body) in echoes {
        bench.receive(&[&echo_with(&json!({"body": body, "messageId": id}))]);
        assert_eq!(
            bench.visitor_messages(),
            [("mine", Unknown), ("waits", Sending)],
            "{id}: {body}"
        );
    }
}

#[test]
fn an_echo_without_a_usable_id_confirms_only_a_message_of_its_own_engagement() {
    for id in [json!(null), json!("the server's own")] {
        let mut bench = Bench::chatting();
        bench.send("hello");
        bench.answer_with(PostMessage, Outcome::Lost);
        bench.answer(GetMessages, 403, "");
        // A message that the visitor writes during the start belongs to the new engagement.
        bench.send("hello");
        bench.supply_session();
        bench.answer(RequestEngagement, 200, ENGAGEMENT);
        bench.answer(PostMessage, 200, ECHO);
        let echo = echo_with(&json!({"body": "hello", "messageId": id}));
        bench.receive(&[&echo]);
        assert_eq!(
            bench.visitor_messages(),
            [("hello", Unknown), ("hello", Accepted)]
        );
        bench.send("second");
        bench.answer_with(PostMessage, Outcome::Lost);
        bench.receive(&[&echo_with(&json!({"body": "second", "messageId": id}))]);
        assert_eq!(bench.visitor_messages()[2], ("second", Accepted));
    }
}

#[test]
fn the_first_message_of_a_conversation_is_confirmed_by_its_text() {
    let mut bench = Bench::new();
    bench.send("hello");
    bench.supply_session();
    bench.answer(RequestEngagement, 200, ENGAGEMENT);
    bench.answer_with(PostMessage, Outcome::Lost);
    bench.receive(&[&echo_with(&json!({"body": "hello"}))]);
    assert_eq!(bench.visitor_messages(), [("hello", Accepted)]);
}

#[test]
fn an_echo_is_recognized_by_its_id_after_a_reload() {
    let mut bench = Bench::chatting();
    bench.send("hello");
    let id = bench.bodies(PostMessage)[0]["messageId"].clone();
    bench.reload();
    assert_eq!(bench.visitor_messages(), [("hello", Unknown)]);
    bench.receive(&[&echo_with(&json!({"body": "changed", "messageId": id}))]);
    assert_eq!(bench.visitor_messages(), [("hello", Accepted)]);
}
