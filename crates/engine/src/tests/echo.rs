//! Tests of echoes. An echo is the server's copy of a message that the visitor has sent; it comes in the answer to a
//! poll, among the other messages. A message of the visitor is *unknown* if no answer has shown whether it arrived. A
//! [`Bench`] runs an engine, and lets the test play the server, the web page and the clock.

use pipit_wire::consumer::Operation::PostMessage;
use serde_json::{Value, json};

use super::Bench;
use super::body::{ECHO, answered};
use crate::Delivery::Accepted;
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
