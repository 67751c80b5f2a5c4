//! Tests of the agent's client in a browser, with a running sandbox (the chat server for tests). The environment variable
//! `PIPIT_SANDBOX` must contain the address of the sandbox's API when the tests are built. Each test that logs an agent on
//! resets the sandbox first.

#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "clippy.toml allows them in tests, and treats only functions with #[test] as tests"
)]

mod support;

use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Waker};

use pipit_agent::{Agent, AgentSession, Failure, FetchTransport, LogOn, WaitError};
use pipit_wire::agent::AgentMessage;
use pipit_wire::consumer::{ConsumerMode, SystemMessage};
use pipit_wire::vocabulary::{ActivityMode, DisconnectReason};
use pipit_wire::{AccountId, EngagementId, ExceptionCode, Secret};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

use support::{Consumer, ReplacedFetch, sign_in, switch};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
async fn an_agent_and_a_visitor_hold_a_whole_conversation() {
    support::reset_sandbox().await;
    let agent = sign_in(12).await;
    let mut visitor = Consumer::begin("Vera").await;
    visitor.post("first").await;

    let id = agent.accept().await.unwrap();
    assert_eq!(id, visitor.engagement, "exact beyond 2^53");
    agent.wait_for_message("first").await.unwrap();
    visitor
        .next(|message| match message {
            SystemMessage::ParticipantAdded(added) => added.name,
            _ => None,
        })
        .await;

    agent.say_html("Hello, <b>Vera</b>").await.unwrap();
    let received = visitor.next(|message| match message {
        SystemMessage::MessagePosted(posted) => Some((posted.body, posted.rich_text)),
        _ => None,
    });
    assert_eq!(
        received.await,
        ("Hello, <b>Vera</b>".to_owned(), Some(true))
    );

    agent.set_typing(true).await.unwrap();
    let activity = visitor.next(|message| match message {
        SystemMessage::ActivityChanged(activity) => {
            (activity.mode == Some(ActivityMode::Responding)).then_some(activity)
        }
        _ => None,
    });
    assert_eq!(activity.await.sneak_preview_focus, Some(true));

    visitor
        .signal_activity(ConsumerMode::Responding, Some("It is ab"))
        .await;
    agent.wait_for_preview("It is ab").await.unwrap();
    assert!(agent.session().can_reroute(id).await.unwrap(), "over GET");

    agent.conclude().await.unwrap();
    let reason = visitor.next(|message| match message {
        SystemMessage::Concluded(concluded) => concluded.reason,
        _ => None,
    });
    assert_eq!(reason.await, DisconnectReason::AgentConcluded);
    agent.release().await.unwrap();
    agent.sign_out().await.unwrap();
}

#[wasm_bindgen_test]
async fn a_declined_engagement_is_offered_to_another_agent() {
    support::reset_sandbox().await;
    let ana = sign_in(12).await;
    let visitor = Consumer::begin("Vera").await;
    let ben = sign_in(13).await;
    assert_eq!(ana.decline().await.unwrap(), visitor.engagement);
    assert_eq!(ben.accept().await.unwrap(), visitor.engagement);
}

#[wasm_bindgen_test]
async fn an_unavailable_agent_gets_no_assignment() {
    support::reset_sandbox().await;
    let agent = sign_in(12).await;
    agent.session().set_available(false).await.unwrap();
    Consumer::begin("Vera").await;
    assert!(!agent.session().request_assignment(0, 3).await.unwrap());
    agent.session().set_available(true).await.unwrap();
    agent.accept().await.unwrap();
}

#[wasm_bindgen_test]
async fn an_invalid_token_is_refused() {
    let token = Secret::new("not.a.token");
    let log_on = LogOn::new(support::service_address(), AccountId(12), token);
    let logged_on = AgentSession::log_on(Rc::new(FetchTransport), log_on);
    let error = logged_on.await.err().unwrap();
    assert_eq!(error.operation, "createAutomatedAgentSession");
    assert_eq!(error.code(), Some(ExceptionCode::AccessDenied));
    assert!(!error.is_transient());
}

#[wasm_bindgen_test]
async fn refusals_have_codes_with_an_error_status_and_with_status_200() {
    support::reset_sandbox().await;
    let agent = sign_in(12).await;
    let unknown = agent.session().post(EngagementId(1), "Hello").await;
    assert_eq!(
        unknown.unwrap_err().code(),
        Some(ExceptionCode::EngagementIdUnknown)
    );
    let visitor = Consumer::begin("Vera").await;
    let posted = agent.session().post(visitor.engagement, "Hello").await;
    let error = posted.unwrap_err();
    // The sandbox answers with status 200 here. The status is the one that stands for the code.
    assert_eq!(error.status(), Some(409));
    assert_eq!(error.code(), Some(ExceptionCode::Conflict));
}

#[wasm_bindgen_test]
async fn waits_fail_after_the_log_off() {
    support::reset_sandbox().await;
    let agent = sign_in(12).await;
    agent.sign_out().await.unwrap();
    let Err(WaitError::Failed(error)) = agent.accept().await else {
        panic!("the session is over");
    };
    assert_eq!(error.code(), Some(ExceptionCode::AccessDenied));
}

#[wasm_bindgen_test]
async fn both_halves_use_the_new_pool() {
    support::reset_sandbox().await;
    let agent = sign_in(12).await;
    switch("migrate", r#"{"pool":"298:1"}"#).await;
    agent
        .wait_for("the new pool", |message| match message {
            AgentMessage::ChatConfigChangeNotification(change) => change.pool.clone(),
            _ => None,
        })
        .await
        .unwrap();
    let fetch = ReplacedFetch::recorded();
    agent.session().request_assignment(0, 3).await.unwrap();
    assert!(
        fetch
            .last_request()
            .url()
            .ends_with("/requestAssignment?pool=298:1")
    );
    begin_poll(&agent);
    assert!(
        fetch
            .last_request()
            .url()
            .ends_with("/getMessages?pool=298:1")
    );
}

#[wasm_bindgen_test]
async fn a_poll_ends_with_its_agent() {
    support::reset_sandbox().await;
    let agent = sign_in(12).await;
    let fetch = ReplacedFetch::recorded();
    begin_poll(&agent);
    assert!(
        !fetch.last_request().signal().aborted(),
        "the wait has ended, and the poll goes on"
    );
    drop(agent);
    assert!(fetch.last_request().signal().aborted());
}

/// Begins a poll, and drops the wait for it before its answer arrives.
fn begin_poll(agent: &Agent) {
    let wait = pin!(agent.next_message());
    let begun = wait.poll(&mut Context::from_waker(Waker::noop()));
    assert!(begun.is_pending());
}

#[wasm_bindgen_test]
async fn a_faulty_fetch_of_the_page_causes_an_error_and_no_panic() {
    support::reset_sandbox().await;
    let agent = sign_in(12).await;
    let visitor = Consumer::begin("Vera").await;
    let id = visitor.engagement;
    for (faulty_fetch, reason) in [
        ("() => Promise.reject('blocked')", "blocked"),
        ("() => Promise.reject({ code: 7 })", "no reason given"),
        ("() => { throw new TypeError('thrown') }", "thrown"),
        ("() => { throw null }", "no reason given"),
        (
            "() => ({ ok: true })",
            "fetch answered something that is no response",
        ),
        (
            "() => undefined",
            "fetch answered something that is no response",
        ),
    ] {
        let fetch = ReplacedFetch::with_script(faulty_fetch);
        // A message is never sent again by itself, so each fault is seen at once.
        let posted = agent.session().post(id, "Hello").await;
        drop(fetch);
        let Err(Failure::Unreachable(error)) = posted.map_err(|error| error.failure) else {
            panic!("{faulty_fetch}");
        };
        assert_eq!(error.to_string(), reason, "{faulty_fetch}");
    }
    agent.session().request_assignment(0, 3).await.unwrap();
}
