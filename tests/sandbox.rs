//! The widget and the agent shim, both in one page, on a running sandbox (`PIPIT_SANDBOX`): what
//! the agent does is what the visitor sees.

#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on says so by a panic"
)]

mod page;

use page::{Widget, function, object};
use pipit_agent::{AgentSession, Retrieval, Service};
use pipit_fetch::{AbortOnDrop, Call, Cookies, post};
use pipit_wire::agent::{AgentMessage, AssignmentAction, AssignmentType};
use pipit_wire::session::{AGENT_TOKENS_PATH, AgentTokensResponse, ESTABLISH_SESSIONS_PATH};
use pipit_wire::vocabulary::ActivityMode;
use pipit_wire::{AccountId, EngagementId, WireObject};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// `demo` / `demo`.
const BASIC: &str = "Basic ZGVtbzpkZW1v";

fn sandbox() -> &'static str {
    let Some(url) = option_env!("PIPIT_SANDBOX") else {
        panic!("PIPIT_SANDBOX is not set; run `cargo xtask test browser`");
    };
    url
}

/// A widget whose sessions come from the sandbox.
fn visitor() -> Widget {
    let body = format!(
        "return fetch('{}{ESTABLISH_SESSIONS_PATH}', {{ method: 'POST', \
         headers: {{ Authorization: '{BASIC}', 'Content-Type': 'application/json' }}, \
         body: '{{\"sessionInformation\":\"{{}}\"}}' }}).then(answer => answer.json())",
        sandbox()
    );
    Widget::mounted(&object(&[("getSession", function(&body).into())]))
}

async fn ask(path: &str, authorization: &str, body: &str) -> String {
    let call = Call {
        url: format!("{}{path}", sandbox()),
        headers: vec![("Authorization", authorization.to_owned())],
        body: body.to_owned(),
        cookies: Cookies::Omit,
        timeout_ms: Some(10_000),
    };
    post(call, &AbortOnDrop::new())
        .await
        .expect("the sandbox answers")
        .body
}

/// An agent who wants an engagement.
async fn agent() -> (AgentSession, Retrieval) {
    let token = ask(
        AGENT_TOKENS_PATH,
        BASIC,
        r#"{"accountId":12,"name":"Ana Marques"}"#,
    )
    .await;
    let token = AgentTokensResponse::from_json(&token).expect("a token");
    let service = Service {
        base_url: sandbox().to_owned(),
        site: "pipit_demo".to_owned(),
        pool: Some("297:1".to_owned()),
    };
    let (session, retrieval) = AgentSession::log_on(service, AccountId(12), token.session_token)
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
    (session, retrieval)
}

/// The first thing in the agent's stream that is wanted.
async fn next<T>(retrieval: &mut Retrieval, wanted: impl Fn(AgentMessage) -> Option<T>) -> T {
    loop {
        let batch = retrieval.next().await.expect("the agent's stream goes on");
        if let Some(found) = batch.into_iter().find_map(&wanted) {
            return found;
        }
    }
}

/// The visitor has written `first`, and the agent has taken the engagement.
async fn chatting() -> (Widget, AgentSession, Retrieval, EngagementId) {
    ask("/sandbox/reset", "", "{}").await;
    let widget = visitor();
    widget.open().await;
    widget.write("first").await;
    widget.press_enter(|_| {}).await;
    widget.sees(".place", "You are first in line").await;
    widget.sees("[part=state]", "Waiting for the agent").await;

    let (session, mut retrieval) = agent().await;
    let engagement = next(&mut retrieval, |message| match message {
        AgentMessage::ChatEngagementAssignment(it) => Some(it.engagement_id),
        _ => None,
    })
    .await;
    session
        .acknowledge(engagement, AssignmentAction::Accept, AssignmentType::Lead)
        .await
        .expect("the agent takes it");
    let first = next(&mut retrieval, |message| match message {
        AgentMessage::ChatPostMessage(it) => Some(it.body),
        _ => None,
    })
    .await;
    assert_eq!(first, "first");
    widget.sees(".name", "Ana Marques").await;
    (widget, session, retrieval, engagement)
}

#[wasm_bindgen_test]
async fn writing_the_first_message_starts_a_conversation_that_the_agent_ends() {
    let (widget, session, _retrieval, engagement) = chatting().await;
    session
        .conclude(engagement)
        .await
        .expect("the agent concludes");
    widget.sees("[part=status]", "Chat ended").await;
    widget
        .sees(".row:last-child [part=notice]", "The agent ended the chat")
        .await;
    assert_eq!(widget.count("textarea"), 0);
    session
        .release(engagement)
        .await
        .expect("the agent releases");
}

#[wasm_bindgen_test]
async fn an_agents_markup_is_text_to_the_letter() {
    let (widget, session, _retrieval, engagement) = chatting().await;
    let body = "<b onclick=alert(1)>Hi &amp; welcome</b><script>alert(1)</script>";
    session
        .post(engagement, body)
        .await
        .expect("the agent posts");
    widget.sees(".row:last-child .bubble", body).await;
    assert_eq!(widget.count("script, .bubble *"), 0);
}

#[wasm_bindgen_test]
async fn what_the_agent_does_is_told_in_words() {
    let (widget, session, _retrieval, engagement) = chatting().await;
    for (mode, words) in [
        (ActivityMode::Responding, "is writing"),
        (ActivityMode::Researching, "is looking into it"),
        (ActivityMode::Away, "is away"),
        (ActivityMode::Listening, "is here"),
    ] {
        session
            .set_interaction_status(engagement, mode, true, None)
            .await
            .expect("the agent's status is set");
        widget.sees("[part=status]", words).await;
    }
}
