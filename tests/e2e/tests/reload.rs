//! Reloads in each phase of a conversation: it continues, and no message is lost or repeated.

use pipit_e2e::TestServer;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_continues_after_a_reload_in_each_phase() {
    let server = TestServer::start().await;
    let visitor = server.visitor().await;
    visitor.start_chat().await;
    visitor
        .wait_for_text(".place", "You are first in line")
        .await;
    visitor.send_message("first").await;
    visitor
        .wait_for_part_text("state", "Waiting for the agent")
        .await;
    visitor.reload().await;
    visitor.wait_for_conversation(&["> first".to_owned()]).await;
    visitor
        .wait_for_part_text("status", "Waiting for an agent")
        .await;

    let agent = server.agent().await;
    agent.accept().await;
    visitor.wait_for_text(".name", "Ana Marques").await;
    agent.wait_for_conversation(&["> first".to_owned()]).await;
    agent.send_message("answer").await;
    visitor.wait_for_last_message("< answer").await;
    visitor.type_text("half a").await;
    agent.wait_for_partial_text("preview", "half a").await;
    let messages = visitor.conversation().await;
    visitor.reload().await;
    visitor.wait_for_conversation(&messages).await;
    visitor.wait_for_text(".name", "Ana Marques").await;
    let draft = visitor.script("return seen[0].value", "textarea").await;
    assert_eq!(draft, json!("half a"), "the draft is kept");

    visitor.send_message(" message").await;
    agent.wait_for_last_message("> half a message").await;
    agent.send_message("seen").await;
    visitor.wait_for_last_message("< seen").await;
    agent.click("conclude").await;
    visitor.part("survey").await;
    let link = visitor.survey_link().await;
    let messages = visitor.conversation().await;
    visitor.reload().await;
    visitor.wait_for_conversation(&messages).await;
    assert_eq!(visitor.survey_link().await, link);

    visitor.start().await;
    visitor
        .wait_for_text(".place", "You are first in line")
        .await;
    visitor.wait_for_conversation(&[]).await;
    agent.browser.close().await;
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_without_interaction_stores_nothing() {
    let server = TestServer::start().await;
    let visitor = server.visitor().await;
    visitor.part("launcher").await;
    let stored = "return [sessionStorage.length, localStorage.length, document.cookie]";
    assert_eq!(
        visitor.browser.script(stored, vec![]).await,
        json!([0, 0, ""])
    );
    visitor.browser.close().await;
}
