//! The transcript on a page: what is told on demand, and where the visitor is in it.

use fantoccini::key::Key;
use pipit_e2e::{AgentAtDesk, Visitor, World};
use serde_json::json;

const BELOW: &str =
    "const list = seen[0]; return list.scrollHeight - list.scrollTop - list.clientHeight <= 1";

/// A chat on a small phone, with more in it than is seen at once.
async fn full(world: &World) -> (Visitor, AgentAtDesk) {
    let visitor = world.visitor_on((320, 568)).await;
    visitor.start().await;
    let agent = world.agent().await;
    agent.accepts().await;
    visitor.sees_text(".name", "Ana Marques").await;
    for number in 1..=3 {
        let text = format!("{number}: {}", "A long message. ".repeat(16));
        agent.says(&text).await;
        visitor.sees_last(&format!("< {}", text.trim_end())).await;
    }
    (visitor, agent)
}

async fn is_at_end(visitor: &Visitor) {
    let look = async || visitor.script(BELOW, ".list").await;
    visitor.browser.sees("the end", json!(true), look).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_stays_in_sight_whatever_takes_its_room() {
    let world = World::start().await;
    let (visitor, agent) = full(&world).await;
    is_at_end(&visitor).await;
    visitor.browser.screen((320, 340)).await;
    is_at_end(&visitor).await;
    let closed = json!({ "refuse": { "status": 503 } });
    world.network("consumer/getMessages", closed, None).await;
    agent.says("One moment.").await;
    visitor.part("banner").await;
    is_at_end(&visitor).await;
    world.heal().await;
    agent.says("The last.").await;
    visitor.sees_last("< The last.").await;
    is_at_end(&visitor).await;
    agent.browser.close().await;
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn new_messages_are_told_below_to_who_reads_above() {
    let world = World::start().await;
    let (visitor, agent) = full(&world).await;
    is_at_end(&visitor).await;
    visitor.script("seen[0].scrollTop = 0", ".list").await;
    agent.says("new").await;
    visitor.sees("new-messages", "One new message").await;
    assert_eq!(visitor.violations().await, Vec::<String>::new());
    assert_eq!(visitor.sticks_out().await, Vec::<String>::new());
    visitor.click("new-messages").await;
    visitor.misses("new-messages").await;
    assert_eq!(visitor.focus().await, "list", "no keyboard comes up");
    agent.browser.close().await;
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_is_told_to_who_asks_by_finger_pointer_or_keys() {
    let world = World::start().await;
    let visitor = world.visitor().await;
    visitor.start().await;
    let agent = world.agent().await;
    agent.accepts().await;
    let bubble = visitor.find("[part~=message-agent] .bubble").await;
    let shown = "return seen.filter(it => getComputedStyle(it).opacity === '1').length";
    let look = async || visitor.script(shown, "[part~=time]").await;
    visitor.browser.sees("no time", json!(0), look).await;
    bubble.click().await.expect("it can be pressed");
    visitor.browser.sees("the time", json!(1), look).await;
    assert_eq!(visitor.violations().await, Vec::<String>::new());
    bubble.click().await.expect("it can be pressed");
    visitor.click("status").await;
    visitor.browser.sees("no time", json!(0), look).await;
    // By script: WebKit's driver takes every field in a shadow root for covered.
    visitor.script("seen[0].focus()", "textarea").await;
    visitor.browser.press(Key::Tab, true).await;
    assert_ne!(visitor.focus().await, "field");
    while visitor.focus().await != "list" {
        visitor.browser.press(Key::Tab, true).await;
    }
    visitor.browser.sees("all times", json!(1), look).await;
    agent.browser.close().await;
    visitor.browser.close().await;
}
