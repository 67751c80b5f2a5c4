//! The page is loaded again in each phase: the same conversation goes on, nothing is lost, nothing
//! is doubled.

use pipit_e2e::World;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_goes_on_after_a_reload_in_each_phase() {
    let world = World::start().await;
    let visitor = world.visitor().await;
    visitor.start().await;
    visitor.sees_text(".place", "You are first in line").await;
    visitor.says("first").await;
    visitor.sees("state", "Waiting for the agent").await;
    visitor.reload().await;
    visitor.sees_conversation(&["> first".to_owned()]).await;
    visitor.sees("status", "Waiting for an agent").await;

    let agent = world.agent().await;
    agent.accepts().await;
    visitor.sees_text(".name", "Ana Marques").await;
    agent.sees_conversation(&["> first".to_owned()]).await;
    agent.says("answer").await;
    visitor.sees_last("< answer").await;
    visitor.types("half a").await;
    agent.sees("preview", "half a").await;
    let said = visitor.conversation().await;
    visitor.reload().await;
    visitor.sees_conversation(&said).await;
    visitor.sees_text(".name", "Ana Marques").await;
    let draft = visitor.script("return seen[0].value", "textarea").await;
    assert_eq!(draft, json!("half a"), "the draft is kept");

    visitor.says(" message").await;
    agent.sees_last("> half a message").await;
    agent.says("seen").await;
    visitor.sees_last("< seen").await;
    agent.click("conclude").await;
    visitor.part("survey").await;
    let link = visitor.survey_link().await;
    let said = visitor.conversation().await;
    visitor.reload().await;
    visitor.sees_conversation(&said).await;
    assert_eq!(visitor.survey_link().await, link);

    visitor.click("start").await;
    visitor.sees_text(".place", "You are first in line").await;
    visitor.sees_conversation(&[]).await;
    agent.browser.close().await;
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_without_a_gesture_stores_nothing() {
    let world = World::start().await;
    let visitor = world.visitor().await;
    visitor.part("launcher").await;
    let stored = "return [sessionStorage.length, localStorage.length, document.cookie]";
    assert_eq!(
        visitor.browser.script(stored, vec![]).await,
        json!([0, 0, ""])
    );
    visitor.browser.close().await;
}
