//! Notifications of unseen messages: a sound, and their number in the page's title.

use pipit_e2e::{TestServer, Visitor};
use serde_json::{Value, json};

/// A page that counts the played notes, and whose title shows the number of unread messages.
const PAGE: &str = "<!doctype html><html lang=en><head><meta charset=utf-8><title>Fernhill</title>
    <meta name=viewport content='width=device-width'>
    <script>
        window.notes = 0;
        const start = OscillatorNode.prototype.start;
        OscillatorNode.prototype.start = function (...values) { window.notes += 1; start.apply(this, values) };
    </script>
    <script async src=/pipit/pipit.js data-session-endpoint=/session data-title-count=on></script></head><body></body></html>";

/// Waits until a script returns this value.
async fn wait_for_value(visitor: &Visitor, script: &str, expected: Value) {
    let read = async || visitor.browser.script(script, vec![]).await;
    visitor
        .browser
        .wait_until_equal(script, expected, read)
        .await;
}

const TITLE: &str = "return document.title.replace('\\u2002', ' ')";
const NOTES: &str = "return window.notes";

#[tokio::test(flavor = "multi_thread")]
async fn an_unseen_message_plays_a_sound_and_is_counted_in_the_title() {
    let server = TestServer::with_page(PAGE).await;
    let visitor = server.visitor().await;
    visitor.start_chat().await;
    let agent = server.agent().await;
    agent.accept().await;
    visitor.find(".avatar.here").await;
    agent.send_message("Seen.").await;
    visitor.wait_for_last_message("< Seen.").await;
    wait_for_value(&visitor, NOTES, json!(0)).await;
    visitor.click("close").await;
    visitor.wait_until_gone("panel").await;
    agent.send_message("One.").await;
    wait_for_value(&visitor, TITLE, json!("(1) Fernhill")).await;
    // A chime has two notes.
    wait_for_value(&visitor, NOTES, json!(2)).await;
    let sale = "document.title = 'Sale'";
    visitor.browser.script(sale, vec![]).await;
    wait_for_value(&visitor, TITLE, json!("(1) Sale")).await;
    let other = "document.querySelector('title').replaceWith(Object.assign(document.createElement('title'), { text: '(3) Inbox' }))";
    visitor.browser.script(other, vec![]).await;
    wait_for_value(&visitor, TITLE, json!("(1) (3) Inbox")).await;
    visitor.click("launcher").await;
    wait_for_value(&visitor, TITLE, json!("(3) Inbox")).await;

    visitor.click("more").await;
    visitor.click("sound").await;
    visitor.reload().await;
    // After a reload the panel is open again.
    visitor.click("close").await;
    visitor.wait_until_gone("panel").await;
    agent.send_message("Two.").await;
    wait_for_value(&visitor, TITLE, json!("(1) Fernhill")).await;
    // With the sound on again the next message plays it. The messages before did not.
    visitor.click("launcher").await;
    visitor.click("more").await;
    visitor.click("sound").await;
    visitor.click("close").await;
    visitor.wait_until_gone("panel").await;
    agent.send_message("Three.").await;
    wait_for_value(&visitor, NOTES, json!(2)).await;
    agent.browser.close().await;
    visitor.browser.close().await;
}
