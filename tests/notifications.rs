//! The number of unread messages that the page receives, and the menu's switch for the sound.

#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::cast_possible_truncation,
    clippy::expect_used,
    reason = "a panic fails the test"
)]

mod page;
mod server;

use page::{Widget, function, wait_until};
use server::{FakeServer, set_global};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// The option `notifications`, which keeps whether the sound is off.
const NOTIFICATIONS: &str = "
    window.reported = [];
    return { isMuted: false, setMuted(now) { this.isMuted = now } }";

/// The last reports of the state: each number of unread messages, and whether this tab leads.
const REPORTS: &str = "
    const reports = window.reported.filter(([name]) => name === 'state').map(([, it]) => `${it.unread} ${it.leads}`);
    return reports.filter((it, index) => it !== reports[index - 1]).slice(-it).join(', ')";

async fn with_chat() -> (FakeServer, Widget) {
    let notifications = function(NOTIFICATIONS)
        .call0(&JsValue::NULL)
        .expect("an object");
    FakeServer::with_chat_and_options(&[("notifications", notifications)]).await
}

/// Waits until the last reports are these.
async fn wait_for_reports(expected: &str) {
    let count = JsValue::from(expected.split(", ").count() as u32);
    wait_until(expected, || {
        let reports = function(REPORTS).call1(&JsValue::NULL, &count);
        (reports.ok()?.as_string()? == expected).then_some(())
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
    widget.wait_for("[part~=message-agent]").await;
    wait_for_reports("0 true").await;
    widget.click("[part~=close]").await;
    server
        .agent_posts(["one".to_owned(), "two".to_owned()])
        .await;
    wait_for_reports("0 true, 2 true").await;
    widget.open().await;
    wait_for_reports("0 true, 2 true, 0 true").await;
    widget.remove();
}

#[wasm_bindgen_test]
async fn messages_count_while_the_page_is_hidden() {
    let (mut server, widget) = with_chat().await;
    hide_page(true);
    server.agent_posts(["one".to_owned()]).await;
    wait_for_reports("0 true, 1 true").await;
    hide_page(false);
    wait_for_reports("0 true, 1 true, 0 true").await;
    widget.remove();
}

#[wasm_bindgen_test]
async fn the_menu_turns_the_sound_off_and_on() {
    let (_server, widget) = with_chat().await;
    for next in ["Turn sound off", "Turn sound on", "Turn sound off"] {
        widget.click("[part~=more]").await;
        widget.wait_for_text("[part~=sound]", next).await;
        widget.click("[part~=sound]").await;
        wait_until("a closed menu", || {
            (widget.count("[part~=menu]") == 0).then_some(())
        })
        .await;
    }
    widget.remove();
}

#[wasm_bindgen_test]
async fn without_a_sound_there_is_no_switch() {
    let (_server, widget) = FakeServer::with_chat().await;
    widget.click("[part~=more]").await;
    widget.wait_for("[part~=end]").await;
    assert_eq!(widget.count("[part~=sound]"), 0);
    widget.remove();
}
