//! Tests of starts that are left while their request for an engagement (a chat at the server) is open, and of engagements
//! whose answer cannot be used. No such engagement may stay in the queue of the server: it is concluded.

use pipit_wire::consumer::Operation::{ConcludeEngagement, GetMessages, RequestEngagement};
use serde_json::json;

use super::Bench;
use super::body::{ECHO, ENGAGEMENT, answered, engagement};
use super::browser::Browser;
use crate::{Authorization, Command, Failure, FormAnswers, Outcome, Phase, TabInput, TabMode};

/// The session id of [`ENGAGEMENT`].
const SESSION_ID: &str = "192hyto5qomm8r8rpzzmuzsa6";

/// A bench whose `requestEngagement` is open.
fn starting() -> Bench {
    let mut bench = Bench::new();
    bench.command(Command::Start(FormAnswers::default()));
    bench.supply_session();
    bench
}

/// The session ids that the engine has asked the server to conclude.
fn concluded_sessions(bench: &Bench) -> Vec<&str> {
    let sent = bench.sent.iter().map(|(_, request)| request);
    let requests = sent.filter(|request| request.operation == ConcludeEngagement);
    let sessions = requests.map(|request| match &request.authorization {
        Authorization::Session(session) => session.reveal(),
        Authorization::Bearer(_) => "a token",
    });
    sessions.collect()
}

#[test]
fn an_engagement_whose_answer_cannot_be_used_is_concluded() {
    let without_id = engagement(&json!({"engagementId": null, "engagementIdString": null}));
    let another_result = engagement(&json!({"resultType": "SUCCESS_BUT_NEW"}));
    let cut_after_session = &ENGAGEMENT[..ENGAGEMENT.find("sneakPreviewInterval").unwrap()];
    for body in [&without_id, &another_result, cut_after_session] {
        let mut bench = starting();
        bench.answer(RequestEngagement, 200, body);
        assert!(bench.failure().can_try_again(), "{body}");
        assert_eq!(concluded_sessions(&bench), [SESSION_ID], "{body}");
        // If the request fails, it is repeated.
        bench.answer_with(ConcludeEngagement, Outcome::Lost);
        bench.wait(1_000);
        bench.answer(ConcludeEngagement, 200, ECHO);
        assert_eq!((bench.open.len(), bench.engine.wake_at()), (0, None));
    }
}

#[test]
fn nothing_is_concluded_if_no_engagement_is_known() {
    let existing = engagement(&json!({"resultType": "EXISTING_SESSION"}));
    let without_session = engagement(&json!({"sessionId": null}));
    let cut_in_session = &ENGAGEMENT[..ENGAGEMENT.find("hyto").unwrap()];
    let bodies: [&str; 6] = [
        &existing,
        &without_session,
        cut_in_session,
        r#"{"sessionId":"of somebody else"}"#,
        "<html>\"sessionId\":\"x\"",
        "",
    ];
    for body in bodies {
        let mut bench = starting();
        bench.answer(RequestEngagement, 200, body);
        assert!(matches!(bench.phase(), Phase::Failed(_)));
        assert!(concluded_sessions(&bench).is_empty(), "{body}");
    }
}

#[test]
fn a_start_with_other_form_answers_does_not_go_on_with_the_request_that_was_left() {
    let other = FormAnswers::from_json(r#"{"question":"Another one"}"#);
    let mut bench = starting();
    bench.command(Command::End);
    bench.command(Command::Start(other.clone()));
    assert_eq!(bench.session_requests.last().unwrap().form_answers, other);
    bench.supply_session();
    // The engagement of the start that was left.
    bench.answer(
        RequestEngagement,
        200,
        &engagement(&json!({"sessionId": "left"})),
    );
    assert_eq!(*bench.phase(), Phase::Starting);
    assert_eq!(concluded_sessions(&bench), ["left"]);
    bench.answer(RequestEngagement, 200, ENGAGEMENT);
    bench.answer(ConcludeEngagement, 200, ECHO);
    assert!(bench.phase().is_live());
    assert_eq!(bench.open_count(GetMessages), 1);
}

#[test]
fn a_start_with_the_same_form_answers_goes_on_with_the_request_that_was_left() {
    let mut bench = starting();
    bench.command(Command::End);
    bench.command(Command::Start(FormAnswers::default()));
    assert_eq!(bench.session_requests.len(), 1);
    bench.answer(RequestEngagement, 200, ENGAGEMENT);
    assert!(bench.phase().is_live());
    assert!(concluded_sessions(&bench).is_empty());
}

#[test]
fn a_start_that_the_back_forward_cache_cuts_is_concluded_in_any_mode() {
    for mode in [TabMode::Shared, TabMode::Claimed, TabMode::Alone] {
        for returns_first in [false, true] {
            let mut browser = Browser::in_mode(mode, 1);
            browser.command(0, Command::Start(FormAnswers::default()));
            browser.input(0, TabInput::Leave { is_frozen: false });
            // Only the request for the engagement stays open.
            assert_eq!(browser.open_counts(RequestEngagement), [1], "{mode:?}");
            assert_eq!(browser.tabs[0].open.len(), 1);
            if returns_first {
                let record = browser.tabs[0].record.clone().map(pipit_wire::Secret::new);
                browser.input(0, TabInput::Reread(record));
                browser.input(0, TabInput::Join);
            }
            browser.answer(0, RequestEngagement, ENGAGEMENT);
            assert_eq!(browser.open_counts(ConcludeEngagement), [1], "{mode:?}");
            // A tab that does not lead repeats the request too.
            browser.answer_with(0, ConcludeEngagement, Outcome::Lost);
            browser.wait(1_000);
            browser.answer_with(0, ConcludeEngagement, answered(200, ECHO));
            assert_eq!(browser.open_counts(GetMessages), [0], "{mode:?}");
            assert!(browser.tabs[0].open.is_empty());
        }
    }
}

#[test]
fn a_start_that_another_tab_interrupts_is_concluded() {
    let mut browser = Browser::with(2);
    browser.command(0, Command::Start(FormAnswers::default()));
    browser.input(0, TabInput::LockLost);
    browser.lock.rotate_left(1);
    browser.input(1, TabInput::LockGranted);
    browser.wait(1_000);
    browser.answer(0, RequestEngagement, ENGAGEMENT);
    assert_eq!(browser.open_counts(ConcludeEngagement), [1, 0]);
}

#[test]
fn a_page_that_returns_while_its_request_is_open_goes_on_with_it() {
    let mut browser = Browser::with(1);
    browser.send(0, "hello");
    browser.input(0, TabInput::Leave { is_frozen: false });
    let record = browser.tabs[0].record.clone().map(pipit_wire::Secret::new);
    browser.input(0, TabInput::Reread(record));
    browser.input(0, TabInput::Join);
    browser.input(0, TabInput::LockGranted);
    assert_eq!(
        browser.shown(0).phase,
        Phase::Failed(Failure::Interrupted),
        "the visitor can try again"
    );
    browser.command(0, Command::Start(FormAnswers::default()));
    browser.answer(0, RequestEngagement, ENGAGEMENT);
    assert!(browser.shown(0).phase.is_live());
    assert_eq!(browser.open_counts(ConcludeEngagement), [0]);
}
