//! The number of unread messages that the page receives, the menu's switch for the sound, and the warning before a time
//! limit ends the conversation.

#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::cast_possible_truncation,
    clippy::expect_used,
    reason = "a panic fails the test"
)]

mod page;
mod server;

use page::{Widget, function, wait_until};
use serde_json::json;
use server::{FakeServer, global, set_global};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// The option `notifications`, which keeps whether the sound is off.
const NOTIFICATIONS: &str = "
    window.reported = [];
    window.warned = [];
    return { isMuted: false, setMuted(now) { this.isMuted = now }, warn(text) { window.warned.push(text) } }";

/// The last reports of the state: each number of unread messages, and whether this tab leads.
const REPORTS: &str = "
    const reports = window.reported.filter(([name]) => name === 'state').map(([, it]) => `${it.unread} ${it.leads}`);
    return reports.filter((it, index) => it !== reports[index - 1]).slice(-it).join(', ')";

fn notifications() -> (&'static str, JsValue) {
    let object = function(NOTIFICATIONS).call0(&JsValue::NULL);
    ("notifications", object.expect("an object"))
}

async fn with_chat() -> (FakeServer, Widget) {
    FakeServer::with_chat_and_options(&[notifications()]).await
}

/// What the page was asked to show in its title so far, and to sound.
fn warned() -> String {
    js_sys::Array::from(&global("warned")).join("|").into()
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

#[wasm_bindgen_test]
async fn before_a_chat_ends_the_visitor_is_warned_and_can_stay() {
    let limits = [notifications(), ("idleLimitSeconds", 2.into())];
    let (mut server, widget) = FakeServer::with_chat_and_options(&limits).await;
    widget.click("[part~=still-here]").await;
    // The warning ends, because the visitor has written, which is what counts for the server.
    wait_until("no warning", || {
        (widget.count("[part~=ending-soon]") == 0).then_some(())
    })
    .await;
    widget
        .wait_for_text(".row:last-child .bubble", "I'm still here")
        .await;
    assert_eq!(warned(), "Are you still there?|");
    // The next warning ends when the agent writes.
    widget.wait_for("[part~=ending-soon]").await;
    server.agent_posts(["Here you are".to_owned()]).await;
    wait_until("no warning", || {
        (widget.count("[part~=ending-soon]") == 0).then_some(())
    })
    .await;
    // The chat ends, and with it the warning.
    widget.wait_for("[part~=ending-soon]").await;
    let end = json!({ "messageName": "RNEngagementConcludedMessage", "reason": "IDLE_TIMEOUT" });
    server.deliver(vec![end]).await;
    widget.wait_for(".foot").await;
    assert_eq!(widget.count("[part~=ending-soon]"), 0);
    assert_eq!(warned(), ["Are you still there?"; 3].join("||") + "|");
    widget.remove();
}

#[wasm_bindgen_test]
async fn a_closed_panel_warns_too_and_the_wait_in_the_queue_has_a_limit_of_its_own() {
    let server = FakeServer::new();
    let options = [
        notifications(),
        ("queueLimitSeconds", 1.into()),
        ("idleLimitSeconds", 0.into()),
    ];
    let widget = Widget::mounted(&server.options(&options)).styled();
    widget.open().await;
    widget.start_chat().await;
    widget.wait_for("[part~=waiting]").await;
    pipit::call("close", &JsValue::NULL).expect("the panel closes");
    wait_until("a warning", || {
        (warned() == "Are you still there?").then_some(())
    })
    .await;
    let region = widget.wait_for(".pipit > [part=announcer]").await;
    wait_until("the spoken warning", || {
        region
            .text_content()?
            .contains("Your wait ends in about a minute")
            .then_some(())
    })
    .await;
    // Nothing extends the wait.
    assert_eq!(
        (
            widget.count("[part~=ending-soon]"),
            widget.count("[part~=still-here]")
        ),
        (1, 0)
    );
    widget.remove();
}

#[wasm_bindgen_test]
async fn without_a_network_the_connection_is_lost_at_once_and_a_message_waits() {
    let (server, widget) = FakeServer::with_chat().await;
    let dispatch = |name: &str| {
        let event = format!("dispatchEvent(new Event('{name}'))");
        function(&event).call0(&JsValue::NULL).expect("an event");
    };
    dispatch("offline");
    widget
        .wait_for_text("[part~=banner] p", "No connection. Trying again.")
        .await;
    widget
        .wait_for_text("[part~=status]", "Not connected")
        .await;
    let posts = "window.posted = 0; const post = window.fetch;
        window.fetch = it => { if (it.url.includes('/postMessage')) window.posted += 1; return post(it) }";
    function(posts)
        .call0(&JsValue::NULL)
        .expect("fetch can be replaced");
    widget.type_text("mine").await;
    widget.press_enter(|_| {}).await;
    widget
        .wait_for_text("[part~=state]", "Waiting for connection")
        .await;
    assert_eq!(global("posted").as_f64(), Some(0.0), "nothing was sent");
    dispatch("online");
    wait_until("the sent message", || {
        let state = widget.element("[part~=state]")?.text_content()?;
        state.starts_with("Sent").then_some(())
    })
    .await;
    assert_eq!(global("posted").as_f64(), Some(1.0), "it was sent once");
    drop(server);
    widget.remove();
}
