//! The npm package in apps: React in StrictMode and Vue, both built by Vite, plain HTML, and one classic
//! script. See `npm/apps`.

use pipit_e2e::{TestServer, Visitor};
use serde_json::json;

/// Waits until the page has this many chats, and the app shows this state of the conversation.
async fn wait_for_chats(visitor: &Visitor, chats: u32, state: &str) {
    let script = "return [document.querySelectorAll('pipit-chat').length,
        document.querySelector('output')?.textContent ?? '']";
    let read = async || visitor.browser.script(script, vec![]).await;
    let expected = json!([chats, state]);
    visitor
        .browser
        .wait_until_equal("chats and state", expected, read)
        .await;
}

async fn starts_a_chat(app: &str) {
    let server = TestServer::with_page("").await;
    let visitor = server.visitor().await;
    let url = format!("{}/apps/{app}/index.html", server.site());
    visitor.browser.open_page(&url).await;
    let toggle = "document.querySelector('#toggle').click()";
    wait_for_chats(&visitor, 1, "none").await;
    // The app removes the chat before anything was fetched, and adds it again.
    visitor.browser.script(toggle, vec![]).await;
    let state = if matches!(app, "plain" | "one-file") {
        "none"
    } else {
        ""
    };
    wait_for_chats(&visitor, 0, state).await;
    visitor.browser.script(toggle, vec![]).await;
    wait_for_chats(&visitor, 1, "none").await;
    visitor.start_chat().await;
    visitor
        .wait_for_text(".place", "You are first in line")
        .await;
    wait_for_chats(&visitor, 1, "queued").await;
    visitor.send_message("hello").await;
    visitor.wait_for_conversation(&["> hello".to_owned()]).await;
    // The app removes the chat during the conversation, which continues when the chat is back.
    visitor.browser.script(toggle, vec![]).await;
    wait_for_chats(&visitor, 0, state).await;
    visitor.browser.script(toggle, vec![]).await;
    visitor.wait_for_conversation(&["> hello".to_owned()]).await;
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn react_in_strict_mode_starts_a_chat() {
    starts_a_chat("react").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn vue_starts_a_chat() {
    starts_a_chat("vue").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn plain_html_starts_a_chat() {
    starts_a_chat("plain").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_classic_script_starts_a_chat() {
    starts_a_chat("one-file").await;
}
