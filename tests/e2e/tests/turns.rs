//! Turns that a conversation takes: another agent, the abuse filter, both pages in one browser.

use pipit_e2e::{SIZES, World};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_put_back_into_the_queue_goes_on_with_the_next_agent() {
    let world = World::start().await;
    // There is one desk: it is the next agent, as soon as it may be asked again.
    world
        .switch("config", json!({ "declined_ms": 2_000 }))
        .await;
    let visitor = world.visitor().await;
    visitor.start_chat().await;
    let agent = world.agent().await;
    agent.accept().await;
    agent.send_message("Let me find a colleague.").await;
    visitor
        .wait_for_last_message("< Let me find a colleague.")
        .await;

    let engagement = world.state().await["engagements"][0]["engagement_id"].clone();
    world
        .switch("transfer", json!({ "engagementId": engagement }))
        .await;
    visitor
        .wait_for_part_text("status", "Waiting for an agent")
        .await;
    visitor
        .wait_for_text(".place", "You are first in line")
        .await;
    let told = visitor.texts("[part~=notice]").await.pop();
    assert_eq!(
        told.as_deref(),
        Some("You are waiting for another agent. Nothing was lost.")
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
async fn a_repeated_text_is_told_of_and_in_the_end_ends_the_chat_in_words() {
    let world = World::start().await;
    let visitor = world.visitor().await;
    visitor.start_chat().await;
    let agent = world.agent().await;
    agent.accept().await;
    let notices = async || visitor.texts("[part~=notice]").await.len();
    // Somebody has joined; then each repeated text has its notice.
    for told in 1..=3 {
        visitor.send_message("buy my boots").await;
        visitor
            .browser
            .wait_until_equal("a notice each", told, notices)
            .await;
    }
    let told = visitor
        .texts("[part~=notice]")
        .await
        .pop()
        .unwrap_or_default();
    assert!(told.contains("just sent the same text"), "{told}");
    visitor.send_message("buy my boots").await;
    visitor.wait_for_part_text("status", "Chat ended").await;
    let told = visitor.texts("[part~=notice]").await.pop();
    assert_eq!(told.as_deref(), Some("The chat was ended by the service"));
    agent
        .wait_for_conversation(&["> buy my boots".to_owned()])
        .await;
    agent.browser.close().await;
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn shop_and_desk_can_be_open_in_one_browser() {
    let world = World::start().await;
    let visitor = world.visitor_with_screen(SIZES[0]).await;
    let shop = visitor.browser.window().await;
    let agent = world.agent_in_second_window(&visitor).await;
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
