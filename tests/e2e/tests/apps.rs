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

/// Mounts and unmounts the chat of an app, and holds a conversation in it. Returns the visitor.
async fn starts_a_chat(server: &TestServer, app: &str, draft_ending: &str) -> Visitor {
    let visitor = server.visitor().await;
    let url = format!("{}/apps/{app}/index.html", server.site());
    visitor.browser.open_page(&url).await;
    let toggle = "document.querySelector('#toggle').click()";
    wait_for_chats(&visitor, 1, "none").await;
    // The app removes the chat before anything was fetched, and adds it again.
    visitor.browser.script(toggle, vec![]).await;
    let without_chat = if matches!(app, "plain" | "one-file") {
        "none"
    } else {
        ""
    };
    wait_for_chats(&visitor, 0, without_chat).await;
    visitor.browser.script(toggle, vec![]).await;
    wait_for_chats(&visitor, 1, "none").await;
    visitor.start_chat().await;
    visitor
        .wait_for_text(".place", "You are first in line")
        .await;
    wait_for_chats(&visitor, 1, "queued").await;
    visitor.send_message("hello").await;
    let hello = format!("> hello{draft_ending}");
    visitor
        .wait_for_conversation(std::slice::from_ref(&hello))
        .await;
    // The app removes the chat during the conversation, which continues when the chat is back.
    visitor.browser.script(toggle, vec![]).await;
    wait_for_chats(&visitor, 0, without_chat).await;
    visitor.browser.script(toggle, vec![]).await;
    visitor.wait_for_conversation(&[hello]).await;
    visitor
}

/// Draws the components of an app again, with new functions in the chat's options. The chat uses the new functions, and
/// nothing fails. `sent` is the number of sent messages that the app then shows.
async fn takes_new_options(visitor: &Visitor, sent: &str) {
    let draw = "document.querySelector('#draw').click()";
    visitor.browser.script(draw, vec![]).await;
    visitor.wait_for_text(".name", "Drawing 1").await;
    visitor.send_message("again").await;
    let conversation = ["> hello 0", "> again 1"].map(str::to_owned);
    visitor.wait_for_conversation(&conversation).await;
    let seen = "return [document.querySelector('output').dataset.sent, document.querySelector('#errors').textContent]";
    let read = async || visitor.browser.script(seen, vec![]).await;
    visitor
        .browser
        .wait_until_equal("messages sent and errors", json!([sent, "0"]), read)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn react_in_strict_mode_starts_a_chat() {
    let server = TestServer::with_page("").await;
    let visitor = starts_a_chat(&server, "react", " 0").await;
    takes_new_options(&visitor, "1").await;
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn vue_starts_a_chat() {
    let server = TestServer::with_page("").await;
    let visitor = starts_a_chat(&server, "vue", " 0").await;
    takes_new_options(&visitor, "2").await;
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn plain_html_starts_a_chat() {
    let server = TestServer::with_page("").await;
    let visitor = starts_a_chat(&server, "plain", "").await;
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_classic_script_starts_a_chat() {
    let server = TestServer::with_page("").await;
    let visitor = starts_a_chat(&server, "one-file", "").await;
    // The same script on a page that does not allow WebAssembly: the panel is in the frame that `pipit-chat copy-assets` has copied.
    let url = format!("{}/apps/one-file/no-wasm.html", server.site());
    visitor.browser.open_page(&url).await;
    wait_for_chats(&visitor, 1, "none").await;
    let start = "document.querySelector('pipit-chat').chat.startChat().then(() => arguments[0](null), arguments[0])";
    let failure = visitor.browser.script_async(start, vec![]).await;
    assert_eq!(failure, json!(null));
    wait_for_chats(&visitor, 1, "queued").await;
    let panel =
        "return document.querySelector('pipit-chat').shadowRoot.querySelector('#panel').localName";
    assert_eq!(visitor.browser.script(panel, vec![]).await, "iframe");
    visitor.browser.close().await;
}
