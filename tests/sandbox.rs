//! The widget and the agent shim in one page, connected to a running sandbox (the environment variable
//! `PIPIT_SANDBOX`): the visitor sees what the agent does.

#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot continue panics"
)]

mod page;

use page::{Widget, function, object};
use pipit_agent::{AgentSession, MessageReceiver, ServiceAddress};
use pipit_fetch::{AbortOnDrop, Call, Cookies, post};
use pipit_wire::agent::{AgentMessage, AssignmentAction, AssignmentType};
use pipit_wire::session::{
    AGENT_TOKENS_PATH, APPLICATION_CONTEXT_HEADER, AgentTokensResponse, ESTABLISH_SESSIONS_PATH,
};
use pipit_wire::vocabulary::ActivityMode;
use pipit_wire::{AccountId, EngagementId, WireObject};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// The user `demo` with the password `demo`.
const BASIC: &str = "Basic ZGVtbzpkZW1v";

fn sandbox() -> &'static str {
    let Some(url) = option_env!("PIPIT_SANDBOX") else {
        panic!("PIPIT_SANDBOX is not set; run `cargo xtask test browser`");
    };
    url
}

/// A widget that gets its sessions from the sandbox.
fn mount_visitor() -> Widget {
    let body = format!(
        "return fetch('{}{ESTABLISH_SESSIONS_PATH}', {{ method: 'POST', \
         headers: {{ Authorization: '{BASIC}', 'Content-Type': 'application/json' }}, \
         body: '{{\"sessionInformation\":\"{{}}\"}}' }}).then(answer => answer.json())",
        sandbox()
    );
    Widget::mounted(&object(&[("getSession", function(&body).into())]))
}

/// Sends a request to the sandbox and returns the body of the answer.
async fn request(path: &str, headers: Vec<(&'static str, String)>, body: &str) -> String {
    let call = Call {
        url: format!("{}{path}", sandbox()),
        headers,
        body: body.to_owned(),
        cookies: Cookies::Omit,
        is_repeatable: false,
        outlives_page: false,
        timeout_ms: Some(10_000),
    };
    post(call, &AbortOnDrop::new())
        .await
        .expect("the sandbox answers")
        .body
}

/// Logs an agent on, who then waits for an engagement.
async fn log_on_agent() -> (AgentSession, MessageReceiver) {
    // The Basic user is the agent, here Ana Marques with the account 12, so the request has no body.
    let headers = vec![
        ("Authorization", BASIC.to_owned()),
        (APPLICATION_CONTEXT_HEADER, "test".to_owned()),
    ];
    let token = request(AGENT_TOKENS_PATH, headers, "").await;
    let tokens = AgentTokensResponse::from_json(&token).expect("a token");
    let service = ServiceAddress {
        base_url: sandbox().to_owned(),
        site: "pipit_demo".to_owned(),
        pool: Some("297:1".to_owned()),
    };
    let (session, receiver) = AgentSession::log_on(service, AccountId(12), tokens.session_token)
        .await
        .expect("the agent logs on");
    session
        .set_available(true)
        .await
        .expect("the agent is available");
    session
        .request_assignment(0, 1)
        .await
        .expect("the agent asks for an engagement");
    (session, receiver)
}

/// Reads the agent's messages until `wanted` returns something for one of them.
async fn next_message<T>(
    receiver: &mut MessageReceiver,
    wanted: impl Fn(AgentMessage) -> Option<T>,
) -> T {
    loop {
        let batch = receiver.next().await.expect("the agent can poll");
        if let Some(found) = batch.into_iter().find_map(&wanted) {
            return found;
        }
    }
}

/// The visitor sends `first`, and the agent accepts the engagement.
async fn start_chat() -> (Widget, AgentSession, MessageReceiver, EngagementId) {
    request("/sandbox/reset", Vec::new(), "{}").await;
    let widget = mount_visitor();
    widget.open().await;
    widget.type_text("first").await;
    widget.press_enter(|_| {}).await;
    widget
        .wait_for_text(".place", "You are first in line")
        .await;
    widget
        .wait_for_text("[part=state]", "Waiting for the agent")
        .await;

    let (session, mut receiver) = log_on_agent().await;
    let engagement = next_message(&mut receiver, |message| match message {
        AgentMessage::ChatEngagementAssignment(message) => Some(message.engagement_id),
        _ => None,
    })
    .await;
    session
        .acknowledge(engagement, AssignmentAction::Accept, AssignmentType::Lead)
        .await
        .expect("the agent accepts");
    let first = next_message(&mut receiver, |message| match message {
        AgentMessage::ChatPostMessage(message) => Some(message.body),
        _ => None,
    })
    .await;
    assert_eq!(first, "first");
    widget.wait_for_text(".name", "Ana Marques").await;
    (widget, session, receiver, engagement)
}

#[wasm_bindgen_test]
async fn writing_the_first_message_starts_a_conversation_that_the_agent_ends() {
    let (widget, session, _receiver, engagement) = start_chat().await;
    session
        .conclude(engagement)
        .await
        .expect("the agent concludes");
    widget.wait_for_text("[part=status]", "Chat ended").await;
    widget
        .wait_for_text(".row:last-child [part=notice]", "The agent ended the chat")
        .await;
    assert_eq!(widget.count("textarea"), 0);
    session
        .release(engagement)
        .await
        .expect("the agent releases");
}

#[wasm_bindgen_test]
async fn an_agents_plain_text_is_shown_unchanged() {
    let (widget, session, _receiver, engagement) = start_chat().await;
    let body = "<b onclick=alert(1)>Hi &amp; welcome</b><script>alert(1)</script>";
    session
        .post(engagement, body)
        .await
        .expect("the agent posts");
    widget.wait_for_text(".row:last-child .bubble", body).await;
    assert_eq!(widget.count("script, .bubble *"), 0);
}

#[wasm_bindgen_test]
async fn the_status_names_what_the_agent_is_doing() {
    let (widget, session, _receiver, engagement) = start_chat().await;
    for (mode, status) in [
        (ActivityMode::Responding, "Typing…"),
        (ActivityMode::Researching, "Looking into it"),
        (ActivityMode::Away, "Away"),
        (ActivityMode::Listening, "Online"),
    ] {
        session
            .set_interaction_status(engagement, mode, true, None)
            .await
            .expect("the agent's status is set");
        widget.wait_for_text("[part=status]", status).await;
    }
}
