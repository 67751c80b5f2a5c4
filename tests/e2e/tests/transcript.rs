//! The transcript in the panel: scrolling, new messages and times.

use pipit_e2e::{AgentAtDesk, TestServer, Visitor};
use serde_json::json;

const BELOW: &str =
    "const list = seen[0]; return list.scrollHeight - list.scrollTop - list.clientHeight <= 1";

/// Starts a chat on a small phone, with more messages than fit on the screen.
async fn long_conversation(server: &TestServer) -> (Visitor, AgentAtDesk) {
    let visitor = server.visitor_with_screen((320, 568)).await;
    visitor.start_chat().await;
    let agent = server.agent().await;
    agent.accept().await;
    visitor.wait_for_text(".name", "Ana Marques").await;
    for number in 1..=3 {
        let text = format!("{number}: {}", "A long message. ".repeat(16));
        agent.send_message(&text).await;
        visitor
            .wait_for_last_message(&format!("< {}", text.trim_end()))
            .await;
    }
    (visitor, agent)
}

/// Waits until the transcript is scrolled to its end.
async fn wait_until_at_end(visitor: &Visitor) {
    let read = async || visitor.script(BELOW, ".list").await;
    visitor
        .browser
        .wait_until_equal("the end", json!(true), read)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_the_transcript_stays_visible_when_its_space_shrinks() {
    let server = TestServer::start().await;
    let (visitor, agent) = long_conversation(&server).await;
    wait_until_at_end(&visitor).await;
    visitor.browser.set_screen((320, 340)).await;
    wait_until_at_end(&visitor).await;
    let closed = json!({ "refuse": { "status": 503 } });
    server
        .set_network_fault("consumer/getMessages", closed, None)
        .await;
    agent.send_message("One moment.").await;
    visitor.part("banner").await;
    wait_until_at_end(&visitor).await;
    server.clear_network_faults().await;
    agent.send_message("The last.").await;
    visitor.wait_for_last_message("< The last.").await;
    wait_until_at_end(&visitor).await;
    agent.browser.close().await;
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn new_messages_are_announced_below_while_the_visitor_reads_older_ones() {
    let server = TestServer::start().await;
    let (visitor, agent) = long_conversation(&server).await;
    wait_until_at_end(&visitor).await;
    visitor.script("seen[0].scrollTop = 0", ".list").await;
    agent.send_message("new").await;
    visitor
        .wait_for_part_text("new-messages", "One new message")
        .await;
    assert_eq!(visitor.axe_violations().await, Vec::<String>::new());
    assert_eq!(visitor.overflowing_parts().await, Vec::<String>::new());
    visitor.click("new-messages").await;
    visitor.wait_until_gone("new-messages").await;
    assert_eq!(visitor.focused_part().await, "list", "no keyboard comes up");
    agent.browser.close().await;
    visitor.browser.close().await;
}
