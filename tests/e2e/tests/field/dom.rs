//! Cases 4, 5 and 24: a page that removes, replaces or destroys the chat.

use pipit_e2e::TestServer;
use serde_json::json;

use super::{page_of, wait_for_value};

#[tokio::test(flavor = "multi_thread")]
async fn the_host_may_destroy_the_chat_while_a_message_is_drawn() {
    let page = page_of("24-destroyed-while-drawing");
    let server = TestServer::with_page(&page).await;
    let visitor = server.visitor().await;
    let collect_errors = "window.errors = [];
        addEventListener('error', ({ message }) => errors.push(message));
        addEventListener('unhandledrejection', ({ reason }) => errors.push(`${reason}`))";
    visitor.browser.script(collect_errors, vec![]).await;
    visitor.start_chat().await;
    let agent = server.agent().await;
    // The greeting is the first message that `beforeRender` gets.
    agent.accept().await;
    let chats = "return document.querySelectorAll('pipit-chat').length";
    wait_for_value(&visitor, chats, json!(0)).await;
    // The next chat of the page needs the lock that makes its tab the leader.
    let held_locks = "const done = arguments[arguments.length - 1];
        navigator.locks.query().then(({ held }) => done(held.filter(({ name }) => name.startsWith('pipit.')).length))";
    let check = async || visitor.browser.script_async(held_locks, vec![]).await;
    visitor
        .browser
        .wait_until_equal("no lock is held", json!(0), check)
        .await;
    let errors = visitor.browser.script("return errors", vec![]).await;
    assert_eq!(errors, json!([]));
    visitor.browser.close().await;
}
