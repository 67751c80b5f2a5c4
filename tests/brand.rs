//! What the host says about itself: the logo, the lines below the greeting, the starters, the pictures of agents, and the
//! other ways of contact.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::expect_used, reason = "a test that cannot continue panics")]

mod page;
mod server;

use js_sys::JSON;
use page::{Widget, function, wait_until};
use serde_json::json;
use server::{FakeServer, set_global};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// A picture of one pixel.
const PICTURE: &str = "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=";

fn parse(text: &str) -> JsValue {
    JSON::parse(text).expect("it is JSON")
}

fn brand() -> Vec<(&'static str, JsValue)> {
    vec![
        ("logo", PICTURE.into()),
        ("teamName", "Mia and Tom".into()),
        ("replyTime", "Within two minutes".into()),
        (
            "starters",
            parse(r#"["Where is my order?", "It arrived broken"]"#),
        ),
    ]
}

#[wasm_bindgen_test]
async fn a_starter_is_the_only_way_in_beside_the_field_and_is_sent_as_the_first_message() {
    let mut server = FakeServer::new();
    let widget = Widget::mounted_without_conversation(&server.options(&brand())).styled();
    widget.open().await;
    assert_eq!(widget.count("img.drawing"), 1);
    assert_eq!(widget.count(".header .avatar img"), 1);
    assert_eq!(widget.count("[part~=start]"), 0);
    let _ = pipit::call("load", &JsValue::NULL).expect("it loads");
    widget.wait_for("[part~=starter]").await;
    assert_eq!(
        widget.texts("[part~=welcome] :is(h3, p, button)"),
        [
            "Hello! How can we help?",
            "Mia and Tom",
            "Within two minutes",
            "Where is my order?",
            "It arrived broken"
        ]
    );
    widget.click("[part~=starter]").await;
    widget.wait_for("[part~=waiting]").await;
    widget
        .wait_for_text("[part~=message-visitor] .bubble", "Where is my order?")
        .await;
    server.agent_joins("Ana", 35).await;
    widget.wait_for_text(".name", "Ana").await;
    // Ana has no picture.
    assert_eq!(widget.count(".header .avatar img"), 0);
    widget.remove();
}

#[wasm_bindgen_test]
async fn agents_have_the_pictures_that_the_host_gives_them() {
    let pictures = json!({ "Ana": PICTURE, "77": PICTURE }).to_string();
    let options = [("agentAvatars", parse(&pictures))];
    let (mut server, widget) = FakeServer::with_chat_and_options(&options).await;
    server.agent_posts(["Hello".to_owned()]).await;
    widget.wait_for(".message .avatar img").await;
    assert_eq!(widget.count(".header .avatar img"), 1);
    // An agent who is called like a member of every object has no picture.
    server.agent_joins("toString", 36).await;
    server
        .deliver(vec![server::posted_message(36, "Hi", false)])
        .await;
    widget.wait_for_text(".row:last-child .bubble", "Hi").await;
    assert_eq!(widget.count(".row:last-child img"), 0);
    widget.remove();
}

#[wasm_bindgen_test]
async fn a_failure_leads_to_other_ways_and_back_to_the_beginning() {
    let contacts = parse(
        r#"[{"text": "030 123456", "href": "tel:+4930123456"}, {"text": "Our shop in Berlin"}]"#,
    );
    for (status, can_try_again) in [(403, true), (404, false), (409, false), (500, true)] {
        let refusal = format!("return new Response(it, {{ status: {status} }})");
        set_global("respond", &function(&refusal));
        let server = FakeServer::new();
        let widget = Widget::mounted(&server.options(&[("contacts", contacts.clone())])).styled();
        widget.open().await;
        widget.start_chat().await;
        widget.wait_for("[part~=failed]").await;
        assert_eq!(
            widget.texts("[part~=contact]"),
            ["030 123456", "Our shop in Berlin"],
            "{status}"
        );
        assert_eq!(
            widget.count("[part~=try-again]") == 1,
            can_try_again,
            "{status}"
        );
        widget.click("[part~=back]").await;
        widget.wait_for("[part~=welcome]").await;
        widget.wait_for("[part~=composer]").await;
        // The next message tries again.
        set_global("respond", &JsValue::UNDEFINED);
        widget.type_text("Hello").await;
        widget.press_enter(|_| {}).await;
        widget.wait_for("[part~=waiting]").await;
        widget.remove();
    }
}

#[wasm_bindgen_test]
async fn the_question_names_the_end_and_closes_when_the_focus_leaves_it() {
    let (_server, widget) = FakeServer::with_chat().await;
    widget.click("[part~=more]").await;
    widget.click("[part~=end]").await;
    widget
        .wait_for_text("[part~=end-confirm].danger", "End chat")
        .await;
    widget.wait_for_text("[part~=keep]", "Keep chatting").await;
    widget.field().await.focus().expect("it takes the focus");
    wait_until("no question", || {
        (widget.count("[part~=ask]") == 0).then_some(())
    })
    .await;
    widget.remove();
}

#[wasm_bindgen_test]
async fn an_agent_who_writes_has_a_bubble_with_dots() {
    let (mut server, widget) = FakeServer::with_chat().await;
    let activity = |mode: &str| json!({ "messageName": "RNEngagementActivityChangedMessage", "clientId": 35, "mode": mode });
    server.deliver(vec![activity("RESPONDING")]).await;
    widget.wait_for("[part~=writing] .dots").await;
    server.deliver(vec![activity("LISTENING")]).await;
    wait_until("no bubble", || {
        (widget.count("[part~=writing]") == 0).then_some(())
    })
    .await;
    widget.remove();
}
