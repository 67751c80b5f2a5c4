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
use std::task::{Context, Waker};

use pipit_agent::{AgentError, AgentSession};
use pipit_wire::agent::{AgentMessage, AssignmentAction, AssignmentType};
use pipit_wire::consumer::{ConsumerMode, SystemMessage};
use pipit_wire::vocabulary::{ActivityMode, DisconnectReason};
use pipit_wire::{AccountId, EngagementId, ExceptionCode, Secret};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

use support::{Agent, Consumer, ReplacedFetch, switch};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
async fn an_agent_and_a_visitor_hold_a_whole_conversation() {
    support::reset_sandbox().await;
    let mut agent = Agent::available(12).await;
    let mut visitor = Consumer::begin("Vera").await;
    visitor.post("first").await;

    let assignment = agent.next_assignment().await;
    assert_eq!(
        assignment.engagement_id, visitor.engagement,
        "exact beyond 2^53"
    );
    let contact = assignment.contact_info.unwrap();
    assert_eq!(contact.first_name.as_deref(), Some("Vera"));
    let id = assignment.engagement_id;
    let session = &agent.session;
    session
        .acknowledge(id, AssignmentAction::Accept, AssignmentType::Lead)
        .await
        .unwrap();
    let (text, destination_id) = agent.next(posted).await;
    assert_eq!((text.as_str(), destination_id), ("first", id.0));
    visitor
        .next(|message| match message {
            SystemMessage::ParticipantAdded(added) => added.name,
            _ => None,
        })
        .await;

    let session = &agent.session;
    session.post(id, "Hello, Vera").await.unwrap();
    let received = visitor.next(|message| match message {
        SystemMessage::MessagePosted(posted) => Some(posted.body),
        _ => None,
    });
    assert_eq!(received.await, "Hello, Vera");

    session
        .set_interaction_status(id, ActivityMode::Researching, true, None)
        .await
        .unwrap();
    let activity = visitor.next(|message| match message {
        SystemMessage::ActivityChanged(activity) => Some(activity),
        _ => None,
    });
    let activity = activity.await;
    assert_eq!(activity.mode, Some(ActivityMode::Researching));
    assert_eq!(activity.sneak_preview_focus, Some(true));

    visitor
        .signal_activity(ConsumerMode::Responding, Some("It is ab"))
        .await;
    let preview = agent.next(|message| match message {
        AgentMessage::ChatActivitySignal(signal) => signal.sneak_preview,
        _ => None,
    });
    assert_eq!(preview.await, "It is ab");

    agent.session.conclude(id).await.unwrap();
    let reason = visitor.next(|message| match message {
        SystemMessage::Concluded(concluded) => concluded.reason,
        _ => None,
    });
    assert_eq!(reason.await, DisconnectReason::AgentConcluded);
    agent.session.release(id).await.unwrap();
    agent.session.log_off(false).await.unwrap();
}

#[wasm_bindgen_test]
async fn a_declined_engagement_is_offered_to_another_agent() {
    support::reset_sandbox().await;
    let mut ana = Agent::available(12).await;
    let visitor = Consumer::begin("Vera").await;
    let id = ana.next_assignment().await.engagement_id;
    let mut ben = Agent::available(13).await;
    let decline = AssignmentAction::Decline;
    let declined = ana.session.acknowledge(id, decline, AssignmentType::Lead);
    declined.await.unwrap();
    assert_eq!(
        ben.next_assignment().await.engagement_id,
        visitor.engagement
    );
}

#[wasm_bindgen_test]
async fn an_unavailable_agent_gets_no_assignment() {
    support::reset_sandbox().await;
    let mut agent = Agent::available(12).await;
    agent.session.set_available(false).await.unwrap();
    Consumer::begin("Vera").await;
    assert!(!agent.session.request_assignment(0, 3).await.unwrap());
    agent.session.set_available(true).await.unwrap();
    agent.next_assignment().await;
}

#[wasm_bindgen_test]
async fn an_invalid_token_is_refused() {
    let token = Secret::new("not.a.token");
    let logged_on = AgentSession::log_on(support::service_address(), AccountId(12), token);
    let error = logged_on.await.err().unwrap();
    assert_eq!(error.code(), Some(ExceptionCode::AccessDenied));
    assert!(!error.is_transient());
}

#[wasm_bindgen_test]
async fn refusals_have_codes_with_an_error_status_and_with_status_200() {
    support::reset_sandbox().await;
    let mut agent = Agent::available(12).await;
    let unknown = agent.session.post(EngagementId(1), "Hello").await;
    assert_eq!(
        unknown.unwrap_err().code(),
        Some(ExceptionCode::EngagementIdUnknown)
    );
    let _visitor = Consumer::begin("Vera").await;
    let id = agent.next_assignment().await.engagement_id;
    let Err(AgentError::Refused(refusal)) = agent.session.post(id, "Hello").await else {
        panic!("the agent does not take part yet");
    };
    // The sandbox answers with status 200 here. The status is the one that stands for the code.
    assert_eq!(refusal.status, 409);
    assert_eq!(refusal.error.code(), Some(ExceptionCode::Conflict));
}

#[wasm_bindgen_test]
async fn polls_are_refused_after_the_log_off() {
    support::reset_sandbox().await;
    let mut agent = Agent::available(12).await;
    agent.session.log_off(false).await.unwrap();
    let error = agent.receiver.next().await.unwrap_err();
    assert_eq!(error.code(), Some(ExceptionCode::AccessDenied));
}

#[wasm_bindgen_test]
async fn both_halves_use_the_new_pool() {
    support::reset_sandbox().await;
    let mut agent = Agent::available(12).await;
    switch("migrate", r#"{"pool":"298:1"}"#).await;
    agent
        .next(|message| match message {
            AgentMessage::ChatConfigChangeNotification(change) => change.pool,
            _ => None,
        })
        .await;
    let fetch = ReplacedFetch::recorded();
    agent.session.request_assignment(0, 3).await.unwrap();
    assert!(
        fetch
            .last_request()
            .url()
            .ends_with("/requestAssignment?pool=298:1")
    );
    begin_and_drop_poll(&mut agent);
    assert!(
        fetch
            .last_request()
            .url()
            .ends_with("/getMessages?pool=298:1")
    );
}

#[wasm_bindgen_test]
async fn a_dropped_poll_is_aborted() {
    support::reset_sandbox().await;
    let mut agent = Agent::available(12).await;
    let fetch = ReplacedFetch::recorded();
    begin_and_drop_poll(&mut agent);
    assert!(fetch.last_request().signal().aborted());
}

/// Begins a poll, and drops it before its answer arrives.
fn begin_and_drop_poll(agent: &mut Agent) {
    let poll = pin!(agent.receiver.next());
    let begun = poll.poll(&mut Context::from_waker(Waker::noop()));
    assert!(begun.is_pending());
}

#[wasm_bindgen_test]
async fn a_faulty_fetch_of_the_page_causes_an_error_and_no_panic() {
    support::reset_sandbox().await;
    let agent = Agent::available(12).await;
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
        let requested = agent.session.request_assignment(0, 3).await;
        drop(fetch);
        let Err(AgentError::Unreachable(error)) = requested else {
            panic!("{faulty_fetch}: {requested:?}");
        };
        assert_eq!(error.to_string(), reason, "{faulty_fetch}");
    }
    agent.session.request_assignment(0, 3).await.unwrap();
}

/// The text and the destination id of a posted message; `None` for other messages.
fn posted(message: AgentMessage) -> Option<(String, i64)> {
    match message {
        AgentMessage::ChatPostMessage(posted) => {
            Some((posted.body, posted.envelope.destination_id?))
        }
        _ => None,
    }
}
