use pipit_wire::consumer::Operation::PostMessage;
use serde_json::{Value, json};

use super::Bench;
use super::body::answered;
use crate::Delivery::Accepted;
use crate::Outcome;

/// The visitor's message as the stream brings it back.
fn came_back(members: &Value) -> String {
    let mut message = json!({"messageName": "RNEngagementMessagePostedMessage", "clientId": 34});
    for (name, value) in members.as_object().unwrap() {
        message[name] = value.clone();
    }
    message.to_string()
}

#[test]
fn the_own_message_in_the_stream_settles_what_is_unknown() {
    for by_id in [true, false] {
        let mut bench = Bench::chatting();
        bench.send("hello");
        bench.outcome(PostMessage, Outcome::Lost);
        let id = bench.bodies(PostMessage)[0]["messageId"].clone();
        let members = if by_id {
            json!({"body": "&lt;changed&gt;", "messageId": id})
        } else {
            json!({"body": "hello"})
        };
        bench.messages(&[&came_back(&members)]);
        assert_eq!(bench.written(), [("hello", Accepted)], "by id: {by_id}");
        assert!(bench.said().is_empty());
    }
}

#[test]
fn the_own_message_in_the_stream_before_or_after_the_answer_is_not_shown_twice() {
    for stream_first in [true, false] {
        let mut bench = Bench::chatting();
        bench.send("hello");
        let echo = came_back(&json!({"body": "hello", "sequenceNumber": 3}));
        if stream_first {
            bench.messages(&[&echo]);
            assert_eq!(bench.written(), [("hello", Accepted)]);
        }
        bench.answer(PostMessage, 200, "{}");
        bench.messages(&[&echo]);
        assert_eq!(bench.written(), [("hello", Accepted)]);
        assert_eq!(bench.contents().count(), 2, "a notice and a message");
    }
}

#[test]
fn what_the_stream_has_proved_is_not_sent_again() {
    let mut bench = Bench::chatting();
    bench.send("hello");
    let id = bench.bodies(PostMessage)[0]["messageId"].clone();
    bench.messages(&[&came_back(&json!({"body": "hello", "messageId": id}))]);
    bench.outcome(PostMessage, answered(503, ""));
    bench.wait(20_000);
    assert_eq!(
        (bench.written(), bench.bodies(PostMessage).len()),
        (vec![("hello", Accepted)], 1)
    );
}
