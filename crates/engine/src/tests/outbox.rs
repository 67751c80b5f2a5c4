//! Tests of posting the visitor's messages. A [`Bench`] runs an engine, and lets the test play the server, the web page
//! and the clock. A message is *unknown* if no answer has shown whether it arrived.

use pipit_wire::consumer::Operation::{GetMessages, PostMessage};
use serde_json::Value;

use super::Bench;
use super::body::{ECHO, ENGAGEMENT, answered, answered_with_retry_after, concluded};
use crate::Delivery::{Accepted, Failed, Queued, Sending, Unknown};
use crate::{Command, Failure, Outcome, PostFailure};

/// The texts of all posts, oldest first.
fn texts(bench: &Bench) -> Vec<Value> {
    let bodies = bench.bodies(PostMessage).into_iter();
    bodies.map(|body| body["body"].clone()).collect()
}

/// A chat in which the post of the message "hello" has ended with this outcome.
fn posted_with(outcome: Outcome) -> Bench {
    let mut bench = Bench::chatting();
    bench.send("hello");
    bench.answer_with(PostMessage, outcome);
    bench
}

#[test]
fn messages_are_posted_in_order_and_one_at_a_time() {
    let mut bench = Bench::chatting();
    for text in ["one", "two", "three"] {
        bench.send(text);
    }
    assert_eq!(
        bench.visitor_messages(),
        [("one", Sending), ("two", Queued), ("three", Queued)]
    );
    for _ in 0..3 {
        assert_eq!(bench.open_count(PostMessage), 1);
        bench.answer(PostMessage, 200, ECHO);
    }
    assert_eq!(texts(&bench), ["one", "two", "three"]);
    assert_eq!(
        bench.visitor_messages(),
        [("one", Accepted), ("two", Accepted), ("three", Accepted)]
    );
}

#[test]
fn a_post_contains_the_exact_text_and_a_unique_id() {
    let mut bench = Bench::chatting();
    bench.send("<b>\"2 < 3\"</b>\n\u{1F426}");
    bench.answer(PostMessage, 200, ECHO);
    bench.send("next");
    let bodies = bench.bodies(PostMessage);
    assert_eq!(bodies[0]["body"], "<b>\"2 < 3\"</b>\n\u{1F426}");
    assert!(bodies[0]["messageId"].is_string());
    assert_ne!(bodies[0]["messageId"], bodies[1]["messageId"]);
}

#[test]
fn blank_text_is_not_a_message() {
    let mut bench = Bench::new();
    bench.send(" \n\t ");
    assert_eq!(
        (bench.session_requests.len(), bench.contents().count()),
        (0, 0)
    );
}

#[test]
fn messages_written_during_the_start_are_posted_once_the_engagement_exists() {
    let mut bench = Bench::new();
    bench.send("one");
    bench.send("two");
    bench.supply_session();
    bench.answer(
        pipit_wire::consumer::Operation::RequestEngagement,
        200,
        ENGAGEMENT,
    );
    bench.answer(PostMessage, 200, ECHO);
    assert_eq!(texts(&bench), ["one", "two"]);
}

#[test]
fn a_message_whose_post_was_not_confirmed_is_unknown_and_not_sent_again() {
    for outcome in [
        Outcome::Lost,
        answered(500, ""),
        answered(502, "<html>"),
        answered(408, ""),
    ] {
        let mut bench = posted_with(outcome);
        bench.send("second");
        bench.answer(PostMessage, 200, ECHO);
        // The polls are answered, so the server counts as reachable and nothing prevents a second post.
        for _ in 0..10 {
            bench.wait(30_000);
            bench.receive(&[]);
        }
        assert_eq!(
            bench.visitor_messages(),
            [("hello", Unknown), ("second", Accepted)]
        );
        assert_eq!(texts(&bench), ["hello", "second"]);
    }
}

#[test]
fn a_message_whose_post_has_no_answer_is_unknown_after_30_seconds() {
    let mut bench = Bench::chatting();
    bench.send("hello");
    bench.wait(29_999);
    assert_eq!(bench.visitor_messages(), [("hello", Sending)]);
    bench.wait(1);
    assert_eq!(
        (bench.visitor_messages(), bench.aborted),
        (vec![("hello", Unknown)], 1)
    );
}

#[test]
fn a_message_that_the_server_did_not_take_is_repeated_before_the_others() {
    for outcome in [answered(429, ""), answered(503, ""), Outcome::NotSent] {
        let mut bench = Bench::chatting();
        bench.send("hello");
        bench.send("second");
        bench.answer_with(PostMessage, outcome);
        assert_eq!(
            bench.visitor_messages(),
            [("hello", Queued), ("second", Queued)]
        );
        // After the first failure, the engine waits for at most 750 ms before it repeats the post.
        bench.wait(750);
        assert_eq!(
            bench.visitor_messages(),
            [("hello", Sending), ("second", Queued)]
        );
    }
}

#[test]
fn posts_respect_retry_after() {
    let mut bench = posted_with(answered_with_retry_after(429, 9_000));
    bench.wait(8_999);
    assert_eq!(bench.open_count(PostMessage), 0);
    bench.wait(1);
    assert_eq!(bench.open_count(PostMessage), 1);
}

#[test]
fn a_refused_message_does_not_delay_the_next() {
    for status in [400, 404, 413, 422] {
        let mut bench = posted_with(answered(status, ""));
        assert_eq!(
            bench.visitor_messages(),
            [("hello", Failed(PostFailure::Refused))],
            "{status}"
        );
        bench.send("shorter");
        assert_eq!(bench.open_count(PostMessage), 1);
    }
}

/// The *lead* is the agent who is responsible for the chat.
#[test]
fn a_409_with_the_code_conflict_means_that_the_lead_left() {
    for body in [
        r#"{"chatSystemError":{"errorCondition":"CONFLICT","text":"left","type":"ERROR"}}"#,
        r#"{"errorCondition":null,"text":"left","type":"CONFLICT"}"#,
    ] {
        let bench = posted_with(answered(409, body));
        assert_eq!(
            bench.visitor_messages(),
            [("hello", Failed(PostFailure::LeadLeft))]
        );
    }
}

#[test]
fn any_other_409_means_abuse_and_the_messages_that_wait_fail() {
    let mut bench = Bench::chatting();
    bench.send("spam");
    bench.send("more");
    bench.answer(
        PostMessage,
        409,
        r#"{"text":"The conversation was ended."}"#,
    );
    let expected = [
        ("spam", Failed(PostFailure::TakenForAbuse)),
        ("more", Failed(PostFailure::ConversationEnded)),
    ];
    assert_eq!(
        (bench.visitor_messages(), bench.open_count(PostMessage)),
        (expected.to_vec(), 0)
    );
    bench.receive(&[&concluded("EJECTED")]);
    assert_eq!(bench.visitor_messages(), expected);
}

#[test]
fn a_post_refused_as_unauthorized_loses_the_session_but_not_the_message() {
    let mut bench = posted_with(answered(403, ""));
    assert_eq!(*bench.failure(), Failure::SessionLost);
    assert_eq!(bench.open_count(GetMessages), 0);
    // The next message starts a new conversation, in which the refused message is posted first.
    bench.send("second");
    bench.supply_session();
    bench.answer(
        pipit_wire::consumer::Operation::RequestEngagement,
        200,
        ENGAGEMENT,
    );
    bench.answer(PostMessage, 200, ECHO);
    assert_eq!(texts(&bench), ["hello", "hello", "second"]);
}

#[test]
fn the_visitor_may_send_an_unknown_message_again() {
    let mut bench = posted_with(Outcome::Lost);
    let again = Command::SendAgain(bench.entry_of("hello"));
    bench.command(again.clone());
    // The message is being sent again, so a second command changes nothing.
    bench.command(again.clone());
    assert_eq!(bench.open_count(PostMessage), 1);
    bench.answer(PostMessage, 200, ECHO);
    bench.command(again);
    assert_eq!(
        (bench.visitor_messages(), texts(&bench).len()),
        (vec![("hello", Accepted)], 2)
    );
    let bodies = bench.bodies(PostMessage);
    assert_eq!(bodies[0]["messageId"], bodies[1]["messageId"]);
}

#[test]
fn only_a_message_that_did_not_arrive_can_be_discarded() {
    let mut bench = posted_with(answered(400, ""));
    bench.command(Command::Discard(bench.entry_of("hello")));
    assert!(bench.visitor_messages().is_empty());
    bench.send("kept");
    bench.command(Command::Discard(bench.entry_of("kept")));
    bench.answer(PostMessage, 200, ECHO);
    bench.command(Command::Discard(bench.entry_of("kept")));
    assert_eq!(bench.visitor_messages(), [("kept", Accepted)]);
}

#[test]
fn a_post_of_an_earlier_engagement_is_aborted_when_the_next_one_begins() {
    let mut bench = Bench::chatting();
    bench.send("old");
    // With this status the session is lost, but the post stays open.
    bench.answer(GetMessages, 403, "");
    bench.start();
    assert_eq!(
        (bench.visitor_messages(), bench.open_count(PostMessage)),
        (vec![("old", Unknown)], 0)
    );
    bench.send("new");
    bench.answer(PostMessage, 200, ECHO);
    assert_eq!(
        bench.visitor_messages(),
        [("old", Unknown), ("new", Accepted)]
    );
}

#[test]
fn the_deadline_of_a_post_also_holds_after_the_conversation_has_ended() {
    let mut bench = Bench::chatting();
    bench.send("last words");
    bench.send("too late");
    bench.receive(&[&concluded("AGENT_CONCLUDED")]);
    let ended = Failed(PostFailure::ConversationEnded);
    assert_eq!(
        bench.visitor_messages(),
        [("last words", Sending), ("too late", ended)]
    );
    bench.wait(30_000);
    assert_eq!(
        bench.visitor_messages(),
        [("last words", Unknown), ("too late", ended)]
    );
    assert_eq!(bench.engine.wake_at(), None);
}

#[test]
fn a_message_that_was_not_sent_before_the_end_fails() {
    let mut bench = Bench::chatting();
    bench.send("last words");
    bench.receive(&[&concluded("AGENT_CONCLUDED")]);
    bench.answer_with(PostMessage, Outcome::NotSent);
    assert_eq!(
        bench.visitor_messages(),
        [("last words", Failed(PostFailure::ConversationEnded))]
    );
}

#[test]
fn messages_wait_while_the_server_cannot_be_reached() {
    let mut bench = Bench::chatting();
    // After two polls in a row have failed, the server counts as unreachable.
    bench.answer_with(GetMessages, Outcome::Lost);
    bench.wait(1_000);
    bench.answer_with(GetMessages, Outcome::Lost);
    bench.send("one");
    bench.send("two");
    while bench.open_count(GetMessages) == 0 {
        bench.wait(100);
    }
    assert_eq!(bench.visitor_messages(), [("one", Queued), ("two", Queued)]);
    bench.receive(&[]);
    bench.answer(PostMessage, 200, ECHO);
    bench.answer(PostMessage, 200, ECHO);
    assert_eq!(texts(&bench), ["one", "two"]);
}

#[test]
fn a_held_poll_shows_that_the_server_can_be_reached() {
    let mut bench = Bench::chatting();
    // After two polls in a row have failed, the server counts as unreachable.
    bench.answer_with(GetMessages, Outcome::Lost);
    bench.wait(1_000);
    bench.answer_with(GetMessages, Outcome::Lost);
    bench.send("one");
    while bench.open_count(GetMessages) == 0 {
        bench.wait(100);
    }
    // The poll was sent less than 100 ms ago. After 3 s without an answer, it counts as held by the server, which
    // shows that the server can be reached.
    bench.wait(2_800);
    assert_eq!(bench.open_count(PostMessage), 0);
    bench.wait(200);
    assert_eq!(bench.open_count(PostMessage), 1);
}
