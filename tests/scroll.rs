//! The scroll position of the messages.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::expect_used, reason = "a test that cannot continue panics")]

mod page;
mod server;

use page::{Widget, function, next_frame, wait_until, window};
use serde_json::json;
use server::FakeServer;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::Element;

wasm_bindgen_test_configure!(run_in_browser);

/// The newest message.
const LAST: &str = ".chunk:last-child > .row:last-child .bubble";

/// The button to the new messages.
const PILL: &str = "[part~=new-messages]";

/// A chat with this number of messages, scrolled to the last one.
async fn chat_with_messages(count: usize) -> (FakeServer, Widget) {
    let (mut server, widget) = FakeServer::with_chat().await;
    let texts = (1..=count).map(|number| format!("message {number}"));
    server.agent_posts(texts).await;
    widget
        .wait_for_text(LAST, &format!("message {count}"))
        .await;
    assert_at_end(&widget).await;
    (server, widget)
}

/// Waits until the end of the messages is visible, and checks that it stays visible.
async fn assert_at_end(widget: &Widget) {
    let list = widget.wait_for(".list").await;
    wait_until("the end of the list", || {
        (pixels_below(&list) <= 1).then_some(())
    })
    .await;
    wait_for_frames().await;
    assert!(pixels_below(&list) <= 1, "{} px below", pixels_below(&list));
}

/// The distance in px from the visible part of the list to its end.
fn pixels_below(list: &Element) -> i32 {
    list.scroll_height() - list.scroll_top() - list.client_height()
}

/// Waits until the page has processed what happened.
async fn wait_for_frames() {
    for _ in 0..4 {
        next_frame().await;
    }
}

/// Scrolls up by this number of px, as the visitor does.
async fn scroll_up(widget: &Widget, pixels: i32) -> Element {
    let list = widget.wait_for(".list").await;
    list.set_scroll_top(list.scroll_top() - pixels);
    wait_for_frames().await;
    list
}

/// The first visible message.
fn first_visible(widget: &Widget) -> Element {
    let list = widget.element(".list").expect("the list is rendered");
    let top = list.get_bounding_client_rect().top();
    let found = list
        .query_selector_all(".row")
        .expect("the selector is valid");
    let mut rows = (0..found.length())
        .filter_map(|index| found.get(index))
        .map(wasm_bindgen::JsCast::unchecked_into::<Element>);
    rows.find(|row| row.get_bounding_client_rect().top() >= top)
        .expect("a message is visible")
}

fn top(element: &Element) -> f64 {
    element.get_bounding_client_rect().top()
}

/// Changes the height of the panel, as the keyboard of a phone does.
fn set_height(widget: &Widget, height: &str) {
    let host = widget.host();
    let style = format!("--pipit-height: {height}");
    host.set_attribute("style", &style)
        .expect("the attribute can be set");
}

#[wasm_bindgen_test]
async fn a_visitor_at_the_end_stays_at_the_end() {
    let (mut server, widget) = chat_with_messages(200).await;
    assert!(
        widget.wait_for(".list").await.scroll_top() > 1_000,
        "it scrolls"
    );
    set_height(&widget, "420px");
    assert_at_end(&widget).await;
    server.agent_posts(["a\n".repeat(60)]).await;
    server.agent_posts(["last".to_owned()]).await;
    widget.wait_for_text(LAST, "last").await;
    assert_at_end(&widget).await;
    set_height(&widget, "600px");
    assert_at_end(&widget).await;
    assert_eq!(widget.count(PILL), 0);
    widget.remove();
}

/// The queue card disappears while messages are added. Reading the layout before the next frame makes the browser keep
/// the messages in place, and fire a scroll event before the resize observer.
#[wasm_bindgen_test]
async fn a_visitor_at_the_end_stays_there_when_a_card_above_disappears() {
    let (mut server, widget) = chat_with_messages(40).await;
    let left = json!({ "messageName": "RNEngagementParticipantLeftMessage", "role": "LEAD",
        "disconnectReason": "TRANSFERRED_TO_QUEUE", "clientId": 35 });
    server.deliver(vec![left]).await;
    widget.wait_for(".wait").await;
    assert_at_end(&widget).await;
    let list = widget.wait_for(".list").await;
    let joined = json!({ "messageName": "RNEngagementParticipantAddedMessage", "name": "Ana",
        "greeting": "Hello again.\nI am back.\nLet us see.\nOne moment.", "role": "LEAD", "clientId": 35 });
    server.deliver(vec![joined]).await;
    until_task(|| widget.element(".wait").is_none() && pixels_below(&list) < i32::MAX).await;
    widget.wait_for(".avatar.here").await;
    assert_at_end(&widget).await;
    assert_eq!(widget.count(PILL), 0);
    widget.remove();
}

/// Waits for a condition, and checks it in each task and not only once per frame.
async fn until_task(condition: impl Fn() -> bool) {
    let task = function("return new Promise(done => setTimeout(done))");
    for _ in 0..1_000 {
        if condition() {
            return;
        }
        let next = task.call0(&JsValue::NULL).expect("a promise");
        JsFuture::from(js_sys::Promise::from(next))
            .await
            .expect("the timeout fires");
    }
    unreachable!("the condition never became true");
}

#[wasm_bindgen_test]
async fn a_visitor_who_has_scrolled_up_stays_there_and_sees_the_count_of_new_messages() {
    let (mut server, widget) = chat_with_messages(200).await;
    let list = scroll_up(&widget, 900).await;
    let message = first_visible(&widget);
    let position = top(&message);
    server.agent_posts(["one".to_owned()]).await;
    widget.wait_for_text(PILL, "One new message").await;
    server
        .agent_posts(["two".to_owned(), "three".to_owned()])
        .await;
    widget.wait_for_text(PILL, "3 new messages").await;
    wait_for_frames().await;
    assert!((top(&message) - position).abs() < 1.0, "it has moved");

    // A card appears above the messages, and the list gets smaller.
    let back =
        json!({ "messageName": "RNEngagementConcludedMessage", "reason": "TRANSFERRED_TO_QUEUE" });
    server.deliver(vec![back]).await;
    widget.wait_for("[part~=waiting]").await;
    wait_for_frames().await;
    assert!((top(&message) - position).abs() < 1.0, "it has moved");
    set_height(&widget, "480px");
    wait_for_frames().await;
    assert!(pixels_below(&list) > 800, "the end is not visible");

    widget.click(PILL).await;
    wait_until("no pill", || (widget.count(PILL) == 0).then_some(())).await;
    let one = first_visible(&widget);
    assert_eq!(
        one.text_content().map(|text| text.contains("one")),
        Some(true)
    );
    widget.remove();
}

#[wasm_bindgen_test]
async fn the_pill_leads_to_the_first_new_message_and_then_to_the_end() {
    let (mut server, widget) = chat_with_messages(100).await;
    let list = scroll_up(&widget, 2_000).await;
    server
        .agent_posts((1..=80).map(|number| format!("new {number}")))
        .await;
    widget.wait_for_text(PILL, "80 new messages").await;
    widget.click(PILL).await;
    wait_for_frames().await;
    let first = first_visible(&widget)
        .query_selector(".bubble")
        .expect("the selector is valid");
    assert_eq!(
        first.and_then(|bubble| bubble.text_content()).as_deref(),
        Some("new 1")
    );
    assert!(pixels_below(&list) > 100, "the end is not visible");
    widget.click(PILL).await;
    assert_at_end(&widget).await;
    assert_eq!(widget.count(PILL), 0);
    widget.remove();
}

#[wasm_bindgen_test]
async fn scrolling_to_the_end_or_sending_a_message_removes_the_button() {
    let (mut server, widget) = chat_with_messages(100).await;
    let list = scroll_up(&widget, 500).await;
    server.agent_posts(["one".to_owned()]).await;
    widget.wait_for_text(PILL, "One new message").await;
    list.set_scroll_top(list.scroll_height());
    wait_until("no pill", || (widget.count(PILL) == 0).then_some(())).await;

    scroll_up(&widget, 500).await;
    server.agent_posts(["two".to_owned()]).await;
    widget.wait_for_text(PILL, "One new message").await;
    widget.type_text("mine").await;
    widget.press_enter(|_| {}).await;
    widget.wait_for_text(LAST, "mine").await;
    assert_at_end(&widget).await;
    assert_eq!(widget.count(PILL), 0);
    widget.remove();
}

#[wasm_bindgen_test]
async fn the_first_of_ten_thousand_messages_can_be_scrolled_to() {
    let (_server, widget) = chat_with_messages(10_000).await;
    let list = widget.wait_for(".list").await;
    let start = window().performance().expect("a clock").now();
    list.set_scroll_top(0);
    wait_for_frames().await;
    let first = first_visible(&widget);
    assert!(top(&first) - top(&list) < 100.0, "the first row is visible");
    assert!(list.scroll_top() < 100, "it has not moved");
    let took = window().performance().expect("a clock").now() - start;
    assert!(took < 2_000.0, "{took} ms");
    widget.remove();
}
