use pipit_wire::consumer::Operation::{GetMessages, PostMessage};
use serde_json::Value;

use super::Bench;
use super::body::{ENGAGEMENT, answered, come_back_in, concluded};
use crate::Delivery::{Accepted, Failed, Queued, Sending, Unknown};
use crate::{Command, Failure, Outcome, PostFailure};

const ACCEPTED: &str = r#"{"clientId":34,"clientIdString":"34","clientTransactionId":0}"#;

fn texts(bench: &Bench) -> Vec<Value> {
    let bodies = bench.bodies(PostMessage).into_iter();
    bodies.map(|body| body["body"].clone()).collect()
}

/// A chat whose one message had this outcome.
fn posted_with(outcome: Outcome) -> Bench {
    let mut bench = Bench::chatting();
    bench.send("hello");
    bench.outcome(PostMessage, outcome);
    bench
}

#[test]
fn messages_go_in_order_and_one_at_a_time() {
    let mut bench = Bench::chatting();
    for text in ["one", "two", "three"] {
        bench.send(text);
    }
    assert_eq!(
        bench.written(),
        [("one", Sending), ("two", Queued), ("three", Queued)]
    );
    for _ in 0..3 {
        assert_eq!(bench.open(PostMessage), 1);
        bench.answer(PostMessage, 200, ACCEPTED);
    }
    assert_eq!(texts(&bench), ["one", "two", "three"]);
    assert_eq!(
        bench.written(),
        [("one", Accepted), ("two", Accepted), ("three", Accepted)]
    );
}

#[test]
fn a_post_holds_the_text_to_the_letter_and_an_id_of_its_own() {
    let mut bench = Bench::chatting();
    bench.send("<b>\"2 < 3\"</b>\n\u{1F426}");
    bench.answer(PostMessage, 200, ACCEPTED);
    bench.send("next");
    let bodies = bench.bodies(PostMessage);
    assert_eq!(bodies[0]["body"], "<b>\"2 < 3\"</b>\n\u{1F426}");
    assert!(bodies[0]["messageId"].is_string());
    assert_ne!(bodies[0]["messageId"], bodies[1]["messageId"]);
}

#[test]
fn nothing_is_not_a_message() {
    let mut bench = Bench::new();
    bench.send(" \n\t ");
    assert_eq!((bench.sessions_wanted, bench.contents().count()), (0, 0));
}

#[test]
fn what_was_written_while_starting_goes_when_there_is_an_engagement() {
    let mut bench = Bench::new();
    bench.send("one");
    bench.send("two");
    bench.session();
    bench.answer(
        pipit_wire::consumer::Operation::RequestEngagement,
        200,
        ENGAGEMENT,
    );
    bench.answer(PostMessage, 200, ACCEPTED);
    assert_eq!(texts(&bench), ["one", "two"]);
}

#[test]
fn a_lost_answer_leaves_the_message_unknown_and_it_is_never_sent_again_unasked() {
    for outcome in [
        Outcome::Lost,
        answered(500, ""),
        answered(502, "<html>"),
        answered(408, ""),
    ] {
        let mut bench = posted_with(outcome);
        bench.send("second");
        bench.answer(PostMessage, 200, ACCEPTED);
        for _ in 0..10 {
            bench.wait(30_000);
            bench.messages(&[]);
        }
        assert_eq!(bench.written(), [("hello", Unknown), ("second", Accepted)]);
        assert_eq!(texts(&bench), ["hello", "second"]);
    }
}

#[test]
fn a_post_that_never_comes_back_is_unknown_after_30_seconds() {
    let mut bench = Bench::chatting();
    bench.send("hello");
    bench.wait(29_999);
    assert_eq!(bench.written(), [("hello", Sending)]);
    bench.wait(1);
    assert_eq!(
        (bench.written(), bench.aborted),
        (vec![("hello", Unknown)], 1)
    );
}

#[test]
fn what_the_server_did_not_take_goes_again_by_itself_and_first() {
    for outcome in [answered(429, ""), answered(503, ""), Outcome::NotSent] {
        let mut bench = Bench::chatting();
        bench.send("hello");
        bench.send("second");
        bench.outcome(PostMessage, outcome);
        assert_eq!(bench.written(), [("hello", Queued), ("second", Queued)]);
        bench.wait(750);
        assert_eq!(bench.written(), [("hello", Sending), ("second", Queued)]);
    }
}

#[test]
fn a_server_that_asks_for_patience_with_posts_gets_it() {
    let mut bench = posted_with(come_back_in(429, 9_000));
    bench.wait(8_999);
    assert_eq!(bench.open(PostMessage), 0);
    bench.wait(1);
    assert_eq!(bench.open(PostMessage), 1);
}

#[test]
fn a_refused_message_holds_up_no_other() {
    for status in [400, 404, 413, 422] {
        let mut bench = posted_with(answered(status, ""));
        assert_eq!(
            bench.written(),
            [("hello", Failed(PostFailure::Refused))],
            "{status}"
        );
        bench.send("shorter");
        assert_eq!(bench.open(PostMessage), 1);
    }
}

#[test]
fn a_conflict_is_a_lead_who_has_left() {
    for body in [
        r#"{"chatSystemError":{"errorCondition":"CONFLICT","text":"left","type":"ERROR"}}"#,
        r#"{"errorCondition":null,"text":"left","type":"CONFLICT"}"#,
    ] {
        let bench = posted_with(answered(409, body));
        assert_eq!(bench.written(), [("hello", Failed(PostFailure::LeadLeft))]);
    }
}

#[test]
fn another_409_is_the_rule_against_abuse_and_what_waits_is_not_sent() {
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
        ("more", Failed(PostFailure::Over)),
    ];
    assert_eq!(
        (bench.written(), bench.open(PostMessage)),
        (expected.to_vec(), 0)
    );
    bench.messages(&[&concluded("EJECTED")]);
    assert_eq!(bench.written(), expected);
}

#[test]
fn a_refused_session_loses_the_conversation_but_not_the_message() {
    let mut bench = posted_with(answered(403, ""));
    assert_eq!(*bench.failure(), Failure::SessionLost);
    assert_eq!(bench.open(GetMessages), 0);
    bench.send("second");
    bench.session();
    bench.answer(
        pipit_wire::consumer::Operation::RequestEngagement,
        200,
        ENGAGEMENT,
    );
    bench.answer(PostMessage, 200, ACCEPTED);
    assert_eq!(texts(&bench), ["hello", "hello", "second"]);
}

#[test]
fn the_visitor_may_send_an_unknown_message_again() {
    let mut bench = posted_with(Outcome::Lost);
    let again = Command::SendAgain(bench.entry("hello"));
    bench.command(again.clone());
    bench.command(again.clone());
    assert_eq!(bench.open(PostMessage), 1);
    bench.answer(PostMessage, 200, ACCEPTED);
    bench.command(again);
    assert_eq!(
        (bench.written(), texts(&bench).len()),
        (vec![("hello", Accepted)], 2)
    );
    let bodies = bench.bodies(PostMessage);
    assert_eq!(bodies[0]["messageId"], bodies[1]["messageId"]);
}

#[test]
fn only_what_did_not_arrive_can_be_taken_back() {
    let mut bench = posted_with(answered(400, ""));
    bench.command(Command::Discard(bench.entry("hello")));
    assert!(bench.written().is_empty());
    bench.send("kept");
    bench.command(Command::Discard(bench.entry("kept")));
    bench.answer(PostMessage, 200, ACCEPTED);
    bench.command(Command::Discard(bench.entry("kept")));
    assert_eq!(bench.written(), [("kept", Accepted)]);
}

#[test]
fn a_post_of_a_former_conversation_does_not_disturb_the_next() {
    let mut bench = Bench::chatting();
    bench.send("old");
    bench.answer(GetMessages, 403, "");
    bench.start();
    assert_eq!(
        (bench.written(), bench.open(PostMessage)),
        (vec![("old", Unknown)], 0)
    );
    bench.send("new");
    bench.answer(PostMessage, 200, ACCEPTED);
    assert_eq!(bench.written(), [("old", Unknown), ("new", Accepted)]);
}

#[test]
fn a_post_is_given_up_also_when_the_conversation_is_over() {
    let mut bench = Bench::chatting();
    bench.send("last words");
    bench.send("too late");
    bench.messages(&[&concluded("AGENT_CONCLUDED")]);
    let over = Failed(PostFailure::Over);
    assert_eq!(
        bench.written(),
        [("last words", Sending), ("too late", over)]
    );
    bench.wait(30_000);
    assert_eq!(
        bench.written(),
        [("last words", Unknown), ("too late", over)]
    );
    assert_eq!(bench.engine.wake_at(), None);
}

#[test]
fn what_did_not_leave_before_the_end_is_over() {
    let mut bench = Bench::chatting();
    bench.send("last words");
    bench.messages(&[&concluded("AGENT_CONCLUDED")]);
    bench.outcome(PostMessage, Outcome::NotSent);
    assert_eq!(bench.written(), [("last words", Failed(PostFailure::Over))]);
}

#[test]
fn what_is_written_while_the_server_is_not_reached_waits_for_it() {
    let mut bench = Bench::chatting();
    bench.outcome(GetMessages, Outcome::Lost);
    bench.wait(1_000);
    bench.outcome(GetMessages, Outcome::Lost);
    bench.send("one");
    bench.send("two");
    while bench.open(GetMessages) == 0 {
        bench.wait(100);
    }
    assert_eq!(bench.written(), [("one", Queued), ("two", Queued)]);
    bench.messages(&[]);
    bench.answer(PostMessage, 200, ACCEPTED);
    bench.answer(PostMessage, 200, ACCEPTED);
    assert_eq!(texts(&bench), ["one", "two"]);
}

#[test]
fn a_poll_that_is_held_shows_that_the_server_is_reached() {
    let mut bench = Bench::chatting();
    bench.outcome(GetMessages, Outcome::Lost);
    bench.wait(1_000);
    bench.outcome(GetMessages, Outcome::Lost);
    bench.send("one");
    while bench.open(GetMessages) == 0 {
        bench.wait(100);
    }
    bench.wait(2_800);
    assert_eq!(bench.open(PostMessage), 0);
    bench.wait(200);
    assert_eq!(bench.open(PostMessage), 1);
}
