//! Tests of responses with a status from 200 to 299 whose body is not the chat server's answer to the operation. Such a
//! response counts as no answer, because somebody else, such as a proxy, may have sent it. Two tests show the other
//! cases: an empty body that is an answer, and an error in the body, which is a refusal. A *poll* is the request
//! `getMessages`.

use pipit_wire::UnexpectedBody::{self, Empty, Html, Other, OtherJson};
use pipit_wire::consumer::Operation::{
    Activity, ConcludeEngagement, GetMessages, PostMessage, RequestEngagement,
};

use super::Bench;
use super::body::{ECHO, ENGAGEMENT, posted};
use crate::Delivery::{Accepted, Failed, Queued, Unknown};
use crate::{Command, Connection, Failure, FormAnswers, PostFailure, Warning};

/// The sign-in page that a network, for example a hotel's, sends in place of every answer.
const PAGE: &str = "<!doctype html><title>Welcome</title>";

/// Responses that do not come from the chat server: status, body, and the kind of the body. An empty body is an answer
/// to `activity` and `concludeEngagement`, so the tests of these two operations use [`with_body`].
const RESPONSES: [(u16, &str, UnexpectedBody); 10] = [
    (200, PAGE, Html),
    (203, "\u{feff}\n <html>", Html),
    (200, r#"{"ok":true}"#, OtherJson),
    (200, "{}", OtherJson),
    (201, "[]", OtherJson),
    (200, "null", OtherJson),
    (200, r#"{"clientId":34,"#, Other),
    (200, "offline", Other),
    (200, " ", Empty),
    (204, "", Empty),
];

/// The status and the body of those [`RESPONSES`] whose body is not empty.
fn with_body() -> impl Iterator<Item = (u16, &'static str)> {
    let responses = RESPONSES.into_iter();
    responses
        .filter(|(.., kind)| *kind != Empty)
        .map(|(status, body, _)| (status, body))
}

/// An engine that has asked the server for an engagement (a chat at the server) and awaits the answer.
fn starting() -> Bench {
    let mut bench = Bench::new();
    bench.command(Command::Start(FormAnswers::default()));
    bench.supply_session();
    bench
}

#[test]
fn a_start_states_what_came_instead_and_can_be_tried_again() {
    for (status, body, kind) in RESPONSES {
        let mut bench = starting();
        bench.answer(RequestEngagement, status, body);
        let failure = Failure::UnexpectedBody(kind);
        assert_eq!(*bench.failure(), failure, "{status} {body}");
        assert!(failure.can_try_again());
        let (operation, body) = (RequestEngagement, kind);
        let warning = Warning::UnexpectedAnswer { operation, body };
        assert_eq!(bench.warnings, [warning]);

        bench.start();
        assert!(bench.phase().is_live());
    }
}

#[test]
fn a_poll_that_somebody_else_answers_has_failed() {
    for (status, body, _) in RESPONSES {
        let mut bench = Bench::queued();
        bench.answer(GetMessages, status, body);
        assert_eq!(bench.connection(), Connection::Asking, "{status} {body}");
        assert_eq!(
            bench.open_count(GetMessages),
            0,
            "the next poll has to wait"
        );
        // The longest pause after the first failure.
        bench.wait(750);
        bench.answer(GetMessages, status, body);
        assert_eq!(bench.connection(), Connection::Lost, "{status} {body}");
    }
}

#[test]
fn a_message_that_somebody_else_answers_is_unknown_and_not_sent_again_by_itself() {
    for (status, body, _) in RESPONSES {
        let mut bench = Bench::chatting();
        bench.send("hello");
        bench.answer(PostMessage, status, body);
        bench.wait(10_000);
        let name = format!("{status} {body}");
        assert_eq!(bench.visitor_messages(), [("hello", Unknown)], "{name}");
        assert_eq!(bench.send_times(PostMessage).len(), 1, "{name}");

        bench.command(Command::SendAgain(bench.entry_of("hello")));
        bench.answer(PostMessage, 200, ECHO);
        assert_eq!(bench.visitor_messages(), [("hello", Accepted)], "{name}");
    }
}

#[test]
fn a_message_waits_while_somebody_else_answers_the_polls() {
    let mut bench = Bench::chatting();
    // After two failures in a row the server counts as unreachable. The longest pauses after the first three failures
    // are 750 ms, 1,250 ms and 2,250 ms.
    for _ in 0..2 {
        bench.answer(GetMessages, 200, PAGE);
        bench.wait(1_250);
    }
    bench.answer(GetMessages, 200, PAGE);
    bench.send("hello");
    assert_eq!(bench.visitor_messages(), [("hello", Queued)]);
    bench.wait(2_250);
    bench.receive(&[&posted(5, "one")]);
    bench.answer(PostMessage, 200, ECHO);
    assert_eq!(bench.visitor_messages(), [("hello", Accepted)]);
}

#[test]
fn an_answer_to_another_operation_confirms_nothing() {
    let mut bench = Bench::chatting();
    // The answers to `requestEngagement` and to `getMessages`. Each is also the text of the message, so that the
    // messages differ.
    for body in [ENGAGEMENT, r#"{"clientId":34,"systemMessages":[]}"#] {
        bench.send(body);
        bench.answer(PostMessage, 200, body);
        assert!(bench.visitor_messages().contains(&(body, Unknown)));
    }
    bench.answer(GetMessages, 200, ECHO);
    assert_eq!(bench.open_count(GetMessages), 0, "the poll has failed");
}

#[test]
fn a_typing_signal_that_somebody_else_answers_is_repeated() {
    for (status, body) in with_body() {
        let mut bench = Bench::chatting();
        bench.command(Command::Typed("a".to_owned()));
        bench.answer(Activity, status, body);
        // The interval of the sneak preview in `ENGAGEMENT`; the pause after the failure is shorter.
        bench.wait(3_000);
        assert_eq!(bench.send_times(Activity).len(), 2, "{status} {body}");
    }
}

#[test]
fn a_conclude_request_that_somebody_else_answers_is_repeated() {
    for (status, body) in with_body() {
        let mut bench = Bench::chatting();
        bench.command(Command::End);
        bench.answer(ConcludeEngagement, status, body);
        // Longer than the longest pause after the first failure.
        bench.wait(1_250);
        let count = bench.send_times(ConcludeEngagement).len();
        assert_eq!(count, 2, "{status} {body}");
    }
}

#[test]
fn the_answers_to_activity_and_conclude_engagement_may_be_empty() {
    for status in [200, 204] {
        let mut bench = Bench::chatting();
        bench.command(Command::Typed("a".to_owned()));
        bench.answer(Activity, status, "");
        bench.wait(2_000);
        assert_eq!(bench.send_times(Activity).len(), 1);
        bench.command(Command::End);
        bench.answer(ConcludeEngagement, status, "");
        assert_eq!((bench.engine.wake_at(), bench.warnings.len()), (None, 0));
    }
}

#[test]
fn the_same_kind_of_response_is_reported_once_until_the_server_answers() {
    let mut bench = Bench::chatting();
    // Answers the open poll, and waits until the next poll is sent.
    let poll = |bench: &mut Bench, body: &str| {
        bench.answer(GetMessages, 200, body);
        let at = bench.engine.wake_at().unwrap();
        bench.wait(at - bench.now);
    };
    for (body, count) in [
        (PAGE, 1),
        (PAGE, 1),
        ("[]", 2),
        (r#"{"systemMessages":[]}"#, 2),
        (PAGE, 3),
    ] {
        poll(&mut bench, body);
        assert_eq!(bench.warnings.len(), count, "{body}");
    }
}

#[test]
fn an_error_in_an_answer_with_status_200_is_a_refusal() {
    let error = |code: &str| {
        format!(r#"{{"chatSystemError":{{"errorCondition":"{code}"}},"clientId":34}}"#)
    };
    for (code, failure) in [
        ("CONFLICT", PostFailure::LeadLeft),
        ("INVALID_FIELD", PostFailure::Refused),
    ] {
        let mut bench = Bench::chatting();
        bench.send("hello");
        bench.answer(PostMessage, 200, &error(code));
        assert_eq!(bench.visitor_messages(), [("hello", Failed(failure))]);
    }
    let mut bench = starting();
    bench.answer(RequestEngagement, 200, &error("INTERNAL_SERVER_ERROR"));
    assert_eq!(*bench.failure(), Failure::ServerError);
    let mut bench = Bench::chatting();
    bench.answer(GetMessages, 200, &error("ACCESS_DENIED"));
    assert_eq!(*bench.failure(), Failure::SessionLost);
}
