//! The visitor's place in the messages.

#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::expect_used,
    reason = "a test that cannot go on says so by a panic"
)]

mod page;
mod server;

use page::{Widget, function, next_frame, until, window};
use serde_json::json;
use server::Server;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::Element;

wasm_bindgen_test_configure!(run_in_browser);

const LAST: &str = ".stretch:last-child > .row:last-child .bubble";

const PILL: &str = "[part~=new-messages]";

/// So many messages, of which the last is seen.
async fn with_messages(count: usize) -> (Server, Widget) {
    let (mut server, widget) = Server::with_ana().await;
    let texts = (1..=count).map(|number| format!("message {number}"));
    server.says(texts).await;
    widget.sees(LAST, &format!("message {count}")).await;
    is_at_end(&widget).await;
    (server, widget)
}

/// Waits until the end of the messages is in sight.
async fn is_at_end(widget: &Widget) {
    let list = widget.find(".list").await;
    until("the end", || (below(&list) <= 1).then_some(())).await;
    // And stays there.
    rests().await;
    assert!(below(&list) <= 1, "{} px below", below(&list));
}

fn below(list: &Element) -> i32 {
    list.scroll_height() - list.scroll_top() - list.client_height()
}

async fn rests() {
    for _ in 0..4 {
        next_frame().await;
    }
}

/// The visitor scrolls up, by so many px.
async fn goes_up(widget: &Widget, by: i32) -> Element {
    let list = widget.find(".list").await;
    list.set_scroll_top(list.scroll_top() - by);
    rests().await;
    list
}

/// The first message in sight.
fn in_sight(widget: &Widget) -> Element {
    let list = widget.element(".list").expect("it is there");
    let top = list.get_bounding_client_rect().top();
    let rows = list.query_selector_all(".row").expect("it is CSS");
    let rows = (0..rows.length()).filter_map(|index| rows.get(index));
    let mut rows = rows.map(wasm_bindgen::JsCast::unchecked_into::<Element>);
    rows.find(|row| row.get_bounding_client_rect().top() >= top)
        .expect("a message is in sight")
}

fn top(element: &Element) -> f64 {
    element.get_bounding_client_rect().top()
}

/// Gives the panel another height, as the keyboard of a phone does.
fn set_height(widget: &Widget, height: &str) {
    let host = widget.host();
    let style = format!("--pipit-height: {height}");
    host.set_attribute("style", &style).expect("it takes one");
}

#[wasm_bindgen_test]
async fn who_is_at_the_end_stays_there() {
    let (mut server, widget) = with_messages(200).await;
    assert!(
        widget.find(".list").await.scroll_top() > 1_000,
        "it scrolls"
    );
    set_height(&widget, "420px");
    is_at_end(&widget).await;
    server.says(["a\n".repeat(60)]).await;
    server.says(["last".to_owned()]).await;
    widget.sees(LAST, "last").await;
    is_at_end(&widget).await;
    set_height(&widget, "600px");
    is_at_end(&widget).await;
    assert_eq!(widget.count(PILL), 0);
    widget.removed();
}

/// The card of the wait goes, and messages come. Who asks for the layout before the next frame has the browser
/// keep the messages in their place, and tell of a scroll before it tells of the new size.
#[wasm_bindgen_test]
async fn who_is_at_the_end_stays_there_when_what_stands_above_goes() {
    let (mut server, widget) = with_messages(40).await;
    let left = json!({ "messageName": "RNEngagementParticipantLeftMessage", "role": "LEAD",
        "disconnectReason": "TRANSFERRED_TO_QUEUE", "clientId": 35 });
    server.tells(vec![left]).await;
    widget.find(".wait").await;
    is_at_end(&widget).await;
    let list = widget.find(".list").await;
    let joined = json!({ "messageName": "RNEngagementParticipantAddedMessage", "name": "Ana",
        "greeting": "Hello again.\nI am back.\nLet us see.\nOne moment.", "role": "LEAD", "clientId": 35 });
    server.tells(vec![joined]).await;
    until_task(|| widget.element(".wait").is_none() && below(&list) < i32::MAX).await;
    widget.find(".avatar.here").await;
    is_at_end(&widget).await;
    assert_eq!(widget.count(PILL), 0);
    widget.removed();
}

/// Looks again and again between two frames, not only in them.
async fn until_task(look: impl Fn() -> bool) {
    let task = function("return new Promise(done => setTimeout(done))");
    for _ in 0..1_000 {
        if look() {
            return;
        }
        let next = task.call0(&JsValue::NULL).expect("a promise");
        JsFuture::from(js_sys::Promise::from(next))
            .await
            .expect("a task comes");
    }
    unreachable!("the page stands still");
}

#[wasm_bindgen_test]
async fn who_reads_above_stays_there_and_is_told_of_what_comes() {
    let (mut server, widget) = with_messages(200).await;
    let list = goes_up(&widget, 900).await;
    let read = in_sight(&widget);
    let place = top(&read);
    server.says(["one".to_owned()]).await;
    widget.sees(PILL, "One new message").await;
    server.says(["two".to_owned(), "three".to_owned()]).await;
    widget.sees(PILL, "3 new messages").await;
    rests().await;
    assert!((top(&read) - place).abs() < 1.0, "it has moved");

    // What stands above the messages changes, and so does the room for them.
    let back =
        json!({ "messageName": "RNEngagementConcludedMessage", "reason": "TRANSFERRED_TO_QUEUE" });
    server.tells(vec![back]).await;
    widget.find("[part~=waiting]").await;
    rests().await;
    assert!((top(&read) - place).abs() < 1.0, "it has moved");
    set_height(&widget, "480px");
    rests().await;
    assert!(below(&list) > 800, "it is not the end");

    widget.click(PILL).await;
    until("no pill", || (widget.count(PILL) == 0).then_some(())).await;
    let one = in_sight(&widget);
    assert_eq!(one.text_content().map(|it| it.contains("one")), Some(true));
    widget.removed();
}

#[wasm_bindgen_test]
async fn the_pill_leads_to_the_first_new_message_and_then_to_the_end() {
    let (mut server, widget) = with_messages(100).await;
    let list = goes_up(&widget, 2_000).await;
    server
        .says((1..=80).map(|number| format!("new {number}")))
        .await;
    widget.sees(PILL, "80 new messages").await;
    widget.click(PILL).await;
    rests().await;
    let first = in_sight(&widget).query_selector(".bubble").expect("CSS");
    assert_eq!(
        first.and_then(|it| it.text_content()).as_deref(),
        Some("new 1")
    );
    assert!(below(&list) > 100, "it is not the end");
    widget.click(PILL).await;
    is_at_end(&widget).await;
    assert_eq!(widget.count(PILL), 0);
    widget.removed();
}

#[wasm_bindgen_test]
async fn who_comes_to_the_end_or_writes_has_nothing_new() {
    let (mut server, widget) = with_messages(100).await;
    let list = goes_up(&widget, 500).await;
    server.says(["one".to_owned()]).await;
    widget.sees(PILL, "One new message").await;
    list.set_scroll_top(list.scroll_height());
    until("no pill", || (widget.count(PILL) == 0).then_some(())).await;

    goes_up(&widget, 500).await;
    server.says(["two".to_owned()]).await;
    widget.sees(PILL, "One new message").await;
    widget.write("mine").await;
    widget.press_enter(|_| {}).await;
    widget.sees(LAST, "mine").await;
    is_at_end(&widget).await;
    assert_eq!(widget.count(PILL), 0);
    widget.removed();
}

#[wasm_bindgen_test]
async fn the_first_of_ten_thousand_can_be_reached_and_left() {
    let (_server, widget) = with_messages(10_000).await;
    let list = widget.find(".list").await;
    let start = window().performance().expect("a clock").now();
    list.set_scroll_top(0);
    rests().await;
    let first = in_sight(&widget);
    assert!(
        top(&first) - top(&list) < 100.0,
        "the first row is in sight"
    );
    assert!(list.scroll_top() < 100, "it has not moved");
    let took = window().performance().expect("a clock").now() - start;
    assert!(took < 2_000.0, "{took} ms");
    widget.removed();
}
