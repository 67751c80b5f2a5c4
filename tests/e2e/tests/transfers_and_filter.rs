//! Transfers to another agent, the spam filter, and shop and desk in one browser.

use pipit_e2e::{SIZES, TestServer};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_requeued_conversation_continues_with_the_next_agent() {
    let server = TestServer::start().await;
    // There is only one desk, so its agent gets the engagement again after a while.
    server
        .switch("config", json!({ "declined_ms": 2_000 }))
        .await;
    let visitor = server.visitor().await;
    visitor.start_chat().await;
    let agent = server.agent().await;
    agent.accept().await;
    agent.send_message("Let me find a colleague.").await;
    visitor
        .wait_for_last_message("< Let me find a colleague.")
        .await;

    let engagement = server.state().await["engagements"][0]["engagement_id"].clone();
    server
        .switch("transfer", json!({ "engagementId": engagement }))
        .await;
    visitor
        .wait_for_part_text("status", "Waiting for an agent")
        .await;
    visitor
        .wait_for_text(".place", "You are first in line")
        .await;
    let notice = visitor.texts("[part~=notice]").await.pop();
    assert_eq!(
        notice.as_deref(),
        Some("Finding another agent. Your messages are saved.")
    );
    visitor.send_message("I can wait").await;

    agent.accept().await;
    visitor.wait_for_text(".name", "Ana Marques").await;
    agent.wait_for_last_message("> I can wait").await;
    visitor.wait_until_gone("waiting").await;
    agent.browser.close().await;
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn repeated_texts_get_notices_and_finally_end_the_chat_with_an_explanation() {
    let server = TestServer::start().await;
    let visitor = server.visitor().await;
    visitor.start_chat().await;
    let agent = server.agent().await;
    agent.accept().await;
    let notices = async || visitor.texts("[part~=notice]").await.len();
    // The first notice says that the agent has joined. Each repeated text adds one.
    for expected in 1..=3 {
        visitor.send_message("buy my boots").await;
        visitor
            .browser
            .wait_until_equal("a notice each", expected, notices)
            .await;
    }
    let notice = visitor
        .texts("[part~=notice]")
        .await
        .pop()
        .unwrap_or_default();
    assert!(notice.contains("just sent the same text"), "{notice}");
    visitor.send_message("buy my boots").await;
    visitor.wait_for_part_text("status", "Chat ended").await;
    let notice = visitor.texts("[part~=notice]").await.pop();
    assert_eq!(notice.as_deref(), Some("The chat service ended the chat"));
    agent
        .wait_for_conversation(&["> buy my boots".to_owned()])
        .await;
    agent.browser.close().await;
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn shop_and_desk_can_be_open_in_one_browser() {
    let server = TestServer::start().await;
    let visitor = server.visitor_with_screen(SIZES[0]).await;
    let shop = visitor.browser.window().await;
    let agent = server.agent_in_second_window(&visitor).await;
    let desk = visitor.browser.window().await;
    visitor.browser.switch_to_window(&shop).await;
    visitor.start_chat().await;
    visitor.send_message("hello").await;
    visitor.browser.switch_to_window(&desk).await;
    agent.accept().await;
    agent.wait_for_last_message("> hello").await;
    agent.send_message("hello to you").await;
    visitor.browser.switch_to_window(&shop).await;
    visitor.wait_for_last_message("< hello to you").await;
    visitor.browser.close().await;
}
