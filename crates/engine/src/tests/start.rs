//! Tests of how a conversation starts: the web page that embeds the chat supplies a session (a token and the address of
//! a chat server), and then the server is asked for an engagement (one chat at the server). A [`Bench`] runs an engine,
//! and lets the test play the server, the web page and the clock.

use pipit_wire::UnexpectedBody;
use pipit_wire::consumer::Operation::{PostMessage, RequestEngagement};
use pipit_wire::consumer::ResultType;
use serde_json::json;

use super::Bench;
use super::body::{ECHO, ENGAGEMENT, answered, engagement};
use crate::{
    Authorization, Command, Delivery, Failure, FormAnswers, Options, Outcome, Phase, SessionReason,
    SessionRefused, SessionRequest,
};

/// An engine that has received the command to start, and whose first `requestEngagement` has ended with this outcome.
fn started_with(outcome: Outcome) -> Bench {
    let mut bench = Bench::new();
    bench.command(Command::Start(FormAnswers::default()));
    bench.supply_session();
    bench.answer_with(RequestEngagement, outcome);
    bench
}

#[test]
fn a_start_asks_for_a_session_and_then_for_an_engagement() {
    let mut bench = Bench::new();
    assert_eq!(*bench.phase(), Phase::Idle);
    bench.command(Command::Start(FormAnswers::default()));
    assert_eq!((bench.session_requests.len(), bench.sent.len()), (1, 0));
    assert_eq!(*bench.phase(), Phase::Starting);
    // This session contains the host, the site, the pool and the token below.
    bench.supply_session();
    let (_, request) = &bench.sent[0];
    assert_eq!(
        request.url,
        "https://chat.example/engagement/api/consumer/pipit_demo/v1/requestEngagement?pool=297:1"
    );
    assert_eq!(request.body, "{}");
    let Authorization::Bearer(token) = &request.authorization else {
        panic!("{request:?}");
    };
    assert_eq!(token.reveal(), "header.payload.signature");
    bench.answer(RequestEngagement, 200, ENGAGEMENT);
    assert!(matches!(bench.phase(), Phase::Queued(_)));
}

#[test]
fn requests_after_the_start_are_authorized_by_the_session_id() {
    let bench = Bench::queued();
    let Authorization::Session(session_id) = &bench.open[0].authorization else {
        panic!();
    };
    // The session id in ENGAGEMENT.
    assert_eq!(session_id.reveal(), "192hyto5qomm8r8rpzzmuzsa6");
}

#[test]
fn neither_token_nor_session_id_occurs_in_an_address_or_in_debug_output() {
    let bench = Bench::queued();
    let debug_output = format!("{:?} {:?}", bench.sent, bench.engine);
    // "payload" is a part of the token in SESSION, and "192hyto5" is the start of the session id in ENGAGEMENT.
    assert!(!debug_output.contains("payload") && !debug_output.contains("192hyto5"));
}

#[test]
fn a_second_start_command_changes_nothing() {
    let mut bench = Bench::new();
    bench.command(Command::Start(FormAnswers::default()));
    bench.command(Command::Start(FormAnswers::default()));
    bench.supply_session();
    bench.command(Command::Start(FormAnswers::default()));
    // The engine ignores this second answer to its only request for a session.
    bench.supply_session();
    bench.answer(RequestEngagement, 200, ENGAGEMENT);
    bench.command(Command::Start(FormAnswers::default()));
    assert_eq!(bench.session_requests.len(), 1);
    assert_eq!(bench.send_times(RequestEngagement).len(), 1);
}

#[test]
fn every_session_request_carries_the_form_answers() {
    let mut bench = Bench::new();
    let form_answers = FormAnswers::from_json(r#"{"question":"Where is it?"}"#);
    bench.command(Command::Start(form_answers.clone()));
    bench.supply_session();
    bench.answer(RequestEngagement, 403, "");
    let with_reason = |reason| SessionRequest {
        reason,
        form_answers: form_answers.clone(),
    };
    let expected = [SessionReason::Start, SessionReason::Rejected].map(with_reason);
    assert_eq!(bench.session_requests, expected);
    assert!(!format!("{:?}", bench.engine).contains("Where is it?"));
    assert!(
        bench
            .stored
            .is_none_or(|stored| !stored.contains("Where is it?"))
    );
}

#[test]
fn options_take_precedence_over_the_session_of_the_page() {
    let mut bench = Bench::with(Options {
        site: Some("other_site".to_owned()),
        pool: Some("1:2".to_owned()),
        base_url: Some("http://127.0.0.1:8461".to_owned()),
        ..Options::default()
    });
    bench.command(Command::Start(FormAnswers::default()));
    bench.supply_session();
    assert_eq!(
        bench.last_url(RequestEngagement),
        "http://127.0.0.1:8461/engagement/api/consumer/other_site/v1/requestEngagement?pool=1:2"
    );
}

#[test]
fn each_status_maps_to_a_failure() {
    let cases = [
        (400, Failure::BadRequest, false),
        (401, Failure::TokenRefused, true),
        (403, Failure::TokenRefused, true),
        (404, Failure::NotFound, false),
        (408, Failure::TimedOut, true),
        (409, Failure::Dequeued, false),
        (500, Failure::ServerError, true),
        (503, Failure::ServerError, true),
        (302, Failure::UnexpectedStatus(302), true),
        (418, Failure::UnexpectedStatus(418), true),
    ];
    for (status, failure, can_try_again) in cases {
        let mut bench = started_with(answered(status, "<html>a proxy's page</html>"));
        if failure == Failure::TokenRefused {
            bench.supply_session();
            // The engine gets a new token once, and the server refuses the new token, too.
            bench.answer(RequestEngagement, status, "");
        }
        assert_eq!(*bench.failure(), failure, "{status}");
        assert_eq!(failure.can_try_again(), can_try_again, "{status}");
        assert_eq!(bench.engine.wake_at(), None);
    }
}

#[test]
fn each_result_type_other_than_success_is_a_failure_that_contains_it() {
    let cases = [
        ("EXISTING_SESSION", ResultType::ExistingSession, true),
        ("FAIL_OUT_OF_HOURS", ResultType::FailOutOfHours, false),
        ("FAIL_HOLIDAY", ResultType::FailHoliday, false),
        ("FAIL_NO_AGENTS_AVAIL", ResultType::FailNoAgentsAvail, true),
        ("FAIL_RULE_DEQUEUE", ResultType::FailRuleDequeue, false),
        ("NEVER_SEEN", ResultType::Unknown("NEVER_SEEN".into()), true),
    ];
    for (text, result, can_try_again) in cases {
        let body = engagement(&json!({ "resultType": text }));
        let failure = Failure::NotStarted(result);
        assert_eq!(failure.can_try_again(), can_try_again, "{text}");
        assert_eq!(*started_with(answered(200, &body)).failure(), failure);
    }
}

#[test]
fn a_success_without_an_engagement_is_no_answer_of_the_server() {
    let no_engagement = engagement(&json!({"engagementId": null, "engagementIdString": null}));
    let no_session = engagement(&json!({"sessionId": ""}));
    for body in [no_engagement, no_session] {
        let bench = started_with(answered(200, &body));
        let failure = Failure::UnexpectedBody(UnexpectedBody::OtherJson);
        assert_eq!(*bench.failure(), failure, "{body}");
    }
}

#[test]
fn a_request_without_an_answer_fails_as_unreachable() {
    for outcome in [Outcome::Lost, Outcome::NotSent] {
        assert_eq!(*started_with(outcome).failure(), Failure::Unreachable);
    }
}

#[test]
fn a_start_whose_engagement_request_is_not_answered_fails_after_60_seconds() {
    let mut bench = Bench::new();
    bench.command(Command::Start(FormAnswers::default()));
    bench.supply_session();
    bench.wait(59_999);
    assert_eq!(*bench.phase(), Phase::Starting);
    bench.wait(1);
    assert_eq!(*bench.failure(), Failure::Unreachable);
    assert_eq!((bench.aborted, bench.open.len()), (1, 0));
}

#[test]
fn each_reason_why_the_page_supplies_no_session_is_a_failure_that_contains_it() {
    let cases = [
        (SessionRefused::NotConfigured, false),
        (SessionRefused::Unavailable, true),
        (SessionRefused::Unreadable(UnexpectedBody::OtherJson), false),
        (SessionRefused::Unreadable(UnexpectedBody::Other), true),
        (SessionRefused::Unreadable(UnexpectedBody::Html), true),
        (SessionRefused::Unreadable(UnexpectedBody::Empty), true),
    ];
    for (refused, can_try_again) in cases {
        let mut bench = Bench::new();
        bench.command(Command::Start(FormAnswers::default()));
        bench.answer_session(Err(refused.clone()));
        assert_eq!(*bench.failure(), Failure::NoSession(refused));
        assert_eq!(bench.failure().can_try_again(), can_try_again);
    }
}

#[test]
fn without_an_address_no_engagement_is_requested() {
    let mut bench = Bench::new();
    bench.command(Command::Start(FormAnswers::default()));
    let session = pipit_wire::session::Session::from_json(r#"{"jwt":"a.b.c","pool":"297:1"}"#);
    bench.answer_session(Ok(session.unwrap()));
    assert_eq!(*bench.failure(), Failure::NoAddress);
    assert!(!bench.failure().can_try_again() && bench.sent.is_empty());
}

#[test]
fn trying_again_uses_a_new_session_and_sends_the_messages_that_wait() {
    let mut bench = Bench::new();
    // The first message starts the conversation.
    bench.send("one");
    bench.supply_session();
    bench.answer(RequestEngagement, 500, "");
    assert_eq!(bench.visitor_messages(), [("one", Delivery::Queued)]);
    bench.command(Command::Start(FormAnswers::default()));
    bench.send("two");
    assert_eq!(bench.session_requests.len(), 2);
    bench.supply_session();
    bench.answer(RequestEngagement, 200, ENGAGEMENT);
    bench.answer(PostMessage, 200, ECHO);
    bench.answer(PostMessage, 200, ECHO);
    let bodies = bench.bodies(PostMessage);
    assert_eq!(
        (&bodies[0]["body"], &bodies[1]["body"]),
        (&json!("one"), &json!("two"))
    );
}

#[test]
fn sending_a_message_starts_a_conversation() {
    let mut bench = Bench::new();
    bench.send("  hello  ");
    assert_eq!(
        (bench.phase(), bench.session_requests.len()),
        (&Phase::Starting, 1)
    );
    assert_eq!(bench.visitor_messages(), [("hello", Delivery::Queued)]);
}

#[test]
fn a_session_that_was_not_requested_is_ignored() {
    let mut bench = Bench::new();
    bench.supply_session();
    assert_eq!((bench.phase(), bench.sent.len()), (&Phase::Idle, 0));
}
