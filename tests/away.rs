//! Before a conversation, when nobody is there.

#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::expect_used,
    reason = "a test that cannot go on says so by a panic"
)]

mod page;
mod server;

use page::{Widget, function, object, until};
use server::{global, set_global};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// The option `initialAvailability`.
fn availability(status: &str, action: &str) -> JsValue {
    object(&[("status", status.into()), ("action", action.into())])
}

/// A widget on a page that knows this about the agents.
fn with(status: &str, action: &str, mode: &str) -> Widget {
    let fields = function(
        "return [{ name: 'emailAddress', required: true }, { name: 'question', required: true }]",
    );
    let fields = fields.call0(&JsValue::NULL).expect("a list");
    Widget::mounted(&object(&[
        (
            "site",
            ["away", status, action, mode].concat().as_str().into(),
        ),
        ("jwt", "a.b.c".into()),
        ("baseUrl", "https://chat.example.com".into()),
        ("mode", mode.into()),
        ("initialAvailability", availability(status, action)),
        (
            "leaveMessage",
            function(
                "window.left = it; return window.fails ? Promise.reject() : Promise.resolve()",
            )
            .into(),
        ),
        ("messageForm", fields),
    ]))
}

#[wasm_bindgen_test]
async fn the_panel_says_that_it_is_out_of_hours_and_takes_no_message() {
    let widget = with("closed", "inform", "inline");
    widget.sees("[part~=away] h3", "We are closed now").await;
    assert_eq!(widget.count("[part~=composer], [part~=start]"), 0);
    widget.removed();
}

#[wasm_bindgen_test]
async fn a_message_is_left_with_what_the_form_asks_for() {
    set_global("fails", &true.into());
    let widget = with("closed", "form", "floating");
    widget.open().await;
    widget.sees(".form h3", "Leave us a message").await;
    widget.click("[part~=leave-message]").await;
    until("two complaints", || {
        (widget.count("[part~=wrong]") == 2).then_some(())
    })
    .await;
    let fill = "const set = (it, text) => { it.value = text; it.dispatchEvent(new Event('input', { bubbles: true })) };
        const [mail, question] = it.querySelectorAll('.entry');
        set(mail, 'mia@example.com'); set(question, 'When are you there?')";
    let form = widget.find(".form").await;
    function(fill)
        .call1(&JsValue::NULL, &form)
        .expect("it is filled in");
    widget.click("[part~=leave-message]").await;
    widget
        .sees(
            "[part~=message-not-sent]",
            "Your message was not sent. Please try again.",
        )
        .await;
    set_global("fails", &false.into());
    widget.click("[part~=leave-message]").await;
    widget
        .sees("[part~=message-sent] h3", "Thank you, we have your message")
        .await;
    let left = global("left").as_string().expect("it was handed over");
    assert_eq!(
        left,
        r#"{"emailAddress":"mia@example.com","question":"When are you there?"}"#
    );
    widget.removed();
}

#[wasm_bindgen_test]
async fn a_conversation_that_runs_goes_on_whoever_is_there() {
    let (mut server, widget) = server::FakeServer::with_chat_and_options(&[(
        "initialAvailability",
        object(&[("status", "open".into())]),
    )])
    .await;
    pipit::call("setAvailability", &availability("closed", "inform")).expect("it is taken");
    server.agent_posts(["still here".to_owned()]).await;
    widget
        .sees("[part~=message-agent] .bubble", "still here")
        .await;
    widget.find("[part~=composer]").await;
    widget.removed();
}

#[wasm_bindgen_test]
async fn on_an_open_site_the_composer_does_not_wait_for_the_conversation_part() {
    let widget = drawn(&object(&[("status", "open".into())]));
    widget.find("[part~=composer] textarea").await;
    widget.find("[part~=start]").await;
    widget.removed();
}

#[wasm_bindgen_test]
async fn when_nobody_can_answer_the_panel_is_empty_until_the_conversation_part_knows_what_to_show()
{
    for action in ["inform", "form"] {
        let widget = drawn(&availability("closed", action));
        widget.find("[part~=panel]").await;
        assert_eq!(widget.count("[part~=composer], [part~=start]"), 0);
        widget.removed();
    }
}

/// A widget whose conversation part is not loaded.
fn drawn(availability: &JsValue) -> Widget {
    Widget::drawn(&object(&[
        ("mode", "inline".into()),
        ("initialAvailability", availability.clone()),
    ]))
}
