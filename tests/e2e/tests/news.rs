//! Messages that nobody sees: a sound, and their number in the page's title.

use pipit_e2e::{Visitor, World};
use serde_json::{Value, json};

/// A page that counts the notes that are played, and has a number of unread messages in its title.
const PAGE: &str = "<!doctype html><html lang=en><head><meta charset=utf-8><title>Fernhill</title>
    <meta name=viewport content='width=device-width'>
    <script>
        window.notes = 0;
        const start = OscillatorNode.prototype.start;
        OscillatorNode.prototype.start = function (...told) { window.notes += 1; start.apply(this, told) };
    </script>
    <script async src=/pipit/pipit.js data-session-endpoint=/session data-title-count=on></script></head><body></body></html>";

async fn sees(visitor: &Visitor, script: &str, expected: Value) {
    let look = async || visitor.browser.script(script, vec![]).await;
    visitor
        .browser
        .wait_until_equal(script, expected, look)
        .await;
}

const TITLE: &str = "return document.title.replace('\\u2002', ' ')";
const NOTES: &str = "return window.notes";

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_nobody_sees_is_heard_and_counted_in_the_title() {
    let world = World::with_page(PAGE).await;
    let visitor = world.visitor().await;
    visitor.start_chat().await;
    let agent = world.agent().await;
    agent.accept().await;
    visitor.find(".avatar.here").await;
    agent.send_message("Seen.").await;
    visitor.wait_for_last_message("< Seen.").await;
    sees(&visitor, NOTES, json!(0)).await;
    visitor.click("close").await;
    visitor.wait_until_gone("panel").await;
    agent.send_message("One.").await;
    sees(&visitor, TITLE, json!("(1) Fernhill")).await;
    // A chime has two notes.
    sees(&visitor, NOTES, json!(2)).await;
    let sale = "document.title = 'Sale'";
    visitor.browser.script(sale, vec![]).await;
    sees(&visitor, TITLE, json!("(1) Sale")).await;
    let other = "document.querySelector('title').replaceWith(Object.assign(document.createElement('title'), { text: '(3) Inbox' }))";
    visitor.browser.script(other, vec![]).await;
    sees(&visitor, TITLE, json!("(1) (3) Inbox")).await;
    visitor.click("launcher").await;
    sees(&visitor, TITLE, json!("(3) Inbox")).await;

    visitor.click("more").await;
    visitor.click("sound").await;
    visitor.reload().await;
    // The panel is open again after a reload.
    visitor.click("close").await;
    visitor.wait_until_gone("panel").await;
    agent.send_message("Two.").await;
    sees(&visitor, TITLE, json!("(1) Fernhill")).await;
    // Turned on again it is heard, and what came before was not.
    visitor.click("launcher").await;
    visitor.click("more").await;
    visitor.click("sound").await;
    visitor.click("close").await;
    visitor.wait_until_gone("panel").await;
    agent.send_message("Three.").await;
    sees(&visitor, NOTES, json!(2)).await;
    agent.browser.close().await;
    visitor.browser.close().await;
}
