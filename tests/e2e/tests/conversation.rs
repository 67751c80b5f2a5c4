//! Whole conversations: a visitor on a real page and an agent at the desk, connected over HTTP.

use pipit_e2e::TestServer;
use serde_json::json;

/// The id of the first engagement. It is above 2^53, so JavaScript's numbers cannot represent it.
const FIRST_ENGAGEMENT: &str = "9007199254740993";

#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_and_an_agent_hold_a_whole_conversation() {
    let server = TestServer::start().await;
    server
        .switch(
            "config",
            json!({ "completed_survey": { "id": 4711, "auth": "a b/ä+%" } }),
        )
        .await;
    let visitor = server.visitor().await;
    visitor.start_chat().await;
    visitor
        .wait_for_part_text("status", "Waiting for an agent")
        .await;
    visitor
        .wait_for_text(".place", "You are first in line")
        .await;
    visitor.send_message("first").await;
    visitor
        .wait_for_part_text("state", "Waiting for the agent")
        .await;

    let agent = server.agent().await;
    agent.accept().await;
    visitor.wait_for_text(".name", "Ana Marques").await;
    agent.wait_for_conversation(&["> first".to_owned()]).await;
    let greeting = visitor.find("[part~=message-agent] .bubble").await;
    let greeting = greeting.text().await.expect("the greeting has a text");
    assert!(
        greeting.contains("Ana"),
        "the greeting is the agent's own: {greeting}"
    );

    let mut seen = vec!["> first".to_owned(), format!("< {greeting}")];
    let mut at_desk = vec!["> first".to_owned()];
    for turn in 1..=10 {
        visitor.send_message(&format!("question {turn}")).await;
        at_desk.push(format!("> question {turn}"));
        agent.wait_for_conversation(&at_desk).await;
        agent.send_message(&format!("answer {turn}")).await;
        at_desk.push(format!("< answer {turn}"));
        seen.extend(at_desk.iter().rev().take(2).rev().cloned());
        visitor.wait_for_conversation(&seen).await;
    }

    agent.click("conclude").await;
    visitor.wait_for_part_text("status", "Chat ended").await;
    assert_eq!(
        visitor
            .texts("[part~=notice]")
            .await
            .last()
            .map(String::as_str),
        Some("The agent ended the chat")
    );
    let survey = format!(
        "{}/ci/documents/detail/5/4711/6/223/7/{FIRST_ENGAGEMENT}/12/a%20b%2F%C3%A4%2B%25",
        server.site()
    );
    assert_eq!(visitor.survey_link().await, survey);
    agent.click("release").await;
    agent.wait_until_gone("conversation").await;
    agent.browser.close().await;
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_who_leaves_the_queue_gets_the_cancelled_survey() {
    let server = TestServer::start().await;
    server
        .switch(
            "config",
            json!({ "cancelled_survey": { "id": 4712, "auth": "why" } }),
        )
        .await;
    let visitor = server.visitor().await;
    visitor.start_chat().await;
    visitor
        .wait_for_text(".place", "You are first in line")
        .await;
    visitor.click("leave").await;
    visitor.wait_for_part_text("status", "Chat ended").await;
    let survey = format!(
        "{}/ci/documents/detail/5/4712/6/223/7/{FIRST_ENGAGEMENT}/12/why",
        server.site()
    );
    assert_eq!(visitor.survey_link().await, survey);
    let agent = server.agent().await;
    agent.wait_until_logged_on().await;
    agent.wait_until_gone("offer").await;
    agent.browser.close().await;
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_desk_shows_typed_text_only_while_previews_are_enabled() {
    let server = TestServer::start().await;
    server
        .switch("config", json!({ "sneak_preview_interval_ms": 500 }))
        .await;
    let visitor = server.visitor().await;
    visitor.start_chat().await;
    let agent = server.agent().await;
    agent.accept().await;

    visitor
        .wait_for_text(
            "[part~=preview]",
            "The agent can see what you type before you send it",
        )
        .await;
    visitor.type_text("It would be great if").await;
    agent
        .wait_for_partial_text("preview", "It would be great if")
        .await;

    agent.record_texts("preview").await;
    visitor.click("preview-switch").await;
    visitor
        .wait_for_text(
            "[part~=preview]",
            "You turned off typing preview: the agent sees only what you send",
        )
        .await;
    visitor.type_text(" nobody read this").await;
    visitor.send_message(" before it is sent").await;
    let sent = "> It would be great if nobody read this before it is sent".to_owned();
    agent.wait_for_conversation(&[sent]).await;
    let kept = agent.recorded_texts().await;
    assert!(
        !kept.iter().any(|text| text.contains("nobody")),
        "seen though turned off: {kept:?}"
    );

    server
        .switch(
            "config",
            json!({ "sneak_preview_state": "SITE_UNAVAILABLE" }),
        )
        .await;
    agent.send_message("noted").await;
    visitor
        .wait_for_text(
            "[part~=preview]",
            "Typing preview is off on this site: the agent sees only what you send",
        )
        .await;
    assert_eq!(server.state().await["preview_violations"], json!(0));
    agent.browser.close().await;
    visitor.browser.close().await;
}
