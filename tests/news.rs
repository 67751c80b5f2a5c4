//! What is told of messages that nobody sees, and the switch of their sound.

#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::cast_possible_truncation,
    clippy::expect_used,
    reason = "a test that cannot go on says so by a panic"
)]

mod page;
mod server;

use page::{Widget, function, until};
use server::{FakeServer, set_global};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// In the page's place: remembers what is switched.
const NEWS: &str = "
    window.reported = [];
    return { isMuted: false, setMuted(now) { this.isMuted = now } }";

/// Each number of unread messages that was told, and whether this tab leads.
const TOLD: &str = "
    const told = window.reported.filter(([name]) => name === 'state').map(([, it]) => `${it.unread} ${it.leads}`);
    return told.filter((it, index) => it !== told[index - 1]).slice(-it).join(', ')";

async fn with_chat() -> (FakeServer, Widget) {
    let news = function(NEWS).call0(&JsValue::NULL).expect("an object");
    FakeServer::with_chat_and_options(&[("notifications", news)]).await
}

async fn told(expected: &str) {
    let count = JsValue::from(expected.split(", ").count() as u32);
    until(expected, || {
        let told = function(TOLD).call1(&JsValue::NULL, &count);
        (told.ok()?.as_string()? == expected).then_some(())
    })
    .await;
}

fn hide_page(is_hidden: bool) {
    set_global("pageIsHidden", &is_hidden.into());
    let hide = "Object.defineProperty(document, 'hidden', { configurable: true, get: () => window.pageIsHidden });
        document.dispatchEvent(new Event('visibilitychange'))";
    function(hide).call0(&JsValue::NULL).expect("an event");
}

#[wasm_bindgen_test]
async fn messages_count_while_the_panel_is_closed() {
    let (mut server, widget) = with_chat().await;
    server.agent_posts(["seen".to_owned()]).await;
    widget.find("[part~=message-agent]").await;
    told("0 true").await;
    widget.click("[part~=close]").await;
    server
        .agent_posts(["one".to_owned(), "two".to_owned()])
        .await;
    told("0 true, 2 true").await;
    widget.open().await;
    told("0 true, 2 true, 0 true").await;
    widget.removed();
}

#[wasm_bindgen_test]
async fn messages_count_while_the_page_is_behind_another() {
    let (mut server, widget) = with_chat().await;
    hide_page(true);
    server.agent_posts(["one".to_owned()]).await;
    told("0 true, 1 true").await;
    hide_page(false);
    told("0 true, 1 true, 0 true").await;
    widget.removed();
}

#[wasm_bindgen_test]
async fn the_menu_turns_the_sound_off_and_on() {
    let (_server, widget) = with_chat().await;
    for next in ["Turn sound off", "Turn sound on", "Turn sound off"] {
        widget.click("[part~=more]").await;
        widget.sees("[part~=sound]", next).await;
        widget.click("[part~=sound]").await;
        until("a closed menu", || {
            (widget.count("[part~=menu]") == 0).then_some(())
        })
        .await;
    }
    widget.removed();
}

#[wasm_bindgen_test]
async fn without_a_sound_there_is_no_switch() {
    let (_server, widget) = FakeServer::with_chat().await;
    widget.click("[part~=more]").await;
    widget.find("[part~=end]").await;
    assert_eq!(widget.count("[part~=sound]"), 0);
    widget.removed();
}
