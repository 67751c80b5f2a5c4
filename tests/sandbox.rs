//! The widget and the agent shim in one page, connected to a running sandbox (the environment variable
//! `PIPIT_SANDBOX`): the visitor sees what the agent does.

#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot continue panics"
)]

mod page;

use std::rc::Rc;

use page::{Widget, function, object};
use pipit_agent::{Agent, FetchTransport};
use pipit_fetch::{AbortOnDrop, Call, Cookies, post};
use pipit_wire::AccountId;
use pipit_wire::session::ESTABLISH_SESSIONS_PATH;
use pipit_wire::vocabulary::ActivityMode;
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

/// Resets the sandbox.
async fn reset_sandbox() {
    let call = Call {
        url: format!("{}/sandbox/reset", sandbox()),
        headers: Vec::new(),
        body: "{}".to_owned(),
        cookies: Cookies::Omit,
        is_repeatable: false,
        outlives_page: false,
        timeout_ms: Some(10_000),
    };
    post(call, &AbortOnDrop::new())
        .await
        .expect("the sandbox answers");
}

/// Logs the agent Ana Marques on, who then waits for an engagement.
async fn sign_agent_in() -> Agent {
    Agent::sign_in_at_sandbox(Rc::new(FetchTransport), sandbox(), AccountId(12))
        .await
        .expect("the agent signs in")
}

/// The visitor sends `first`, and the agent accepts the engagement.
async fn start_chat() -> (Widget, Agent) {
    reset_sandbox().await;
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

    let agent = sign_agent_in().await;
    agent.accept().await.expect("the agent accepts");
    agent
        .wait_for_message("first")
        .await
        .expect("the agent reads the first message");
    widget.wait_for_text(".name", "Ana Marques").await;
    (widget, agent)
}

#[wasm_bindgen_test]
async fn writing_the_first_message_starts_a_conversation_that_the_agent_ends() {
    let (widget, agent) = start_chat().await;
    agent.conclude().await.expect("the agent concludes");
    widget.wait_for_text("[part=status]", "Chat ended").await;
    widget
        .wait_for_text(".row:last-child [part=notice]", "The agent ended the chat")
        .await;
    assert_eq!(widget.count("textarea"), 0);
    agent.release().await.expect("the agent releases");
}

#[wasm_bindgen_test]
async fn an_agents_plain_text_is_shown_unchanged() {
    let (widget, agent) = start_chat().await;
    let body = "<b onclick=alert(1)>Hi &amp; welcome</b><script>alert(1)</script>";
    agent.say(body).await.expect("the agent posts");
    widget.wait_for_text(".row:last-child .bubble", body).await;
    assert_eq!(widget.count("script, .bubble *"), 0);
}

#[wasm_bindgen_test]
async fn the_status_names_what_the_agent_is_doing() {
    let (widget, agent) = start_chat().await;
    let engagement = agent.engagement().expect("the agent has accepted");
    for (mode, status) in [
        (ActivityMode::Responding, "Typing…"),
        (ActivityMode::Researching, "Looking into it"),
        (ActivityMode::Away, "Away"),
        (ActivityMode::Listening, "Online"),
    ] {
        agent
            .session()
            .set_interaction_status(engagement, mode, true, None)
            .await
            .expect("the agent's status is set");
        widget.wait_for_text("[part=status]", status).await;
    }
}
