//! The panel before a conversation, when no agent can answer.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::expect_used, reason = "a panic fails the test")]

mod page;
mod server;

use page::{Widget, function, object, wait_until};
use server::{global, set_global};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// The option `initialAvailability`.
fn availability(status: &str, action: &str) -> JsValue {
    object(&[("status", status.into()), ("action", action.into())])
}

/// A widget with this availability, and with a form for messages.
fn widget_with(status: &str, action: &str, mode: &str) -> Widget {
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
            "sendToHost",
            function(
                "window.left = arguments[1]; return window.fails ? Promise.reject() : Promise.resolve()",
            )
            .into(),
        ),
        ("messageForm", fields),
    ]))
}

#[wasm_bindgen_test]
async fn the_panel_can_show_the_hours_without_a_form() {
    let widget = widget_with("closed", "inform", "inline");
    widget
        .wait_for_text("[part~=away] h3", "We're closed right now")
        .await;
    assert_eq!(widget.count("[part~=composer], [part~=start]"), 0);
    widget.remove();
}

#[wasm_bindgen_test]
async fn the_visitor_can_leave_a_message_with_the_fields_of_the_form() {
    set_global("fails", &true.into());
    let widget = widget_with("closed", "form", "floating");
    widget.open().await;
    widget.wait_for_text(".form h3", "Leave us a message").await;
    widget.click("[part~=leave-message]").await;
    wait_until("two fields that are marked as wrong", || {
        (widget.count("[part~=wrong]") == 2).then_some(())
    })
    .await;
    let fill = "const set = (it, text) => { it.value = text; it.dispatchEvent(new Event('input', { bubbles: true })) };
        const [mail, question] = it.querySelectorAll('.entry');
        set(mail, 'mia@example.com'); set(question, 'When are you there?')";
    let form = widget.wait_for(".form").await;
    function(fill)
        .call1(&JsValue::NULL, &form)
        .expect("the fields can be filled in");
    widget.click("[part~=leave-message]").await;
    widget
        .wait_for_text(
            "[part~=message-not-sent]",
            "Your message couldn't be sent. Please try again.",
        )
        .await;
    set_global("fails", &false.into());
    widget.click("[part~=leave-message]").await;
    widget
        .wait_for_text(
            "[part~=message-sent] h3",
            "Thank you! We received your message",
        )
        .await;
    let left = global("left")
        .as_string()
        .expect("the page received the message");
    assert_eq!(
        left,
        r#"{"emailAddress":"mia@example.com","question":"When are you there?"}"#
    );
    widget.remove();
}

#[wasm_bindgen_test]
async fn a_running_conversation_continues_when_the_site_closes() {
    let (mut server, widget) = server::FakeServer::with_chat_and_options(&[(
        "initialAvailability",
        object(&[("status", "open".into())]),
    )])
    .await;
    pipit::call("setAvailability", &availability("closed", "inform")).expect("the panel takes it");
    server.agent_posts(["still here".to_owned()]).await;
    widget
        .wait_for_text("[part~=message-agent] .bubble", "still here")
        .await;
    widget.wait_for("[part~=composer]").await;
    widget.remove();
}

#[wasm_bindgen_test]
async fn on_an_open_site_the_composer_does_not_wait_for_the_conversation_part() {
    let widget = drawn(&object(&[("status", "open".into())]));
    widget.wait_for("[part~=composer] textarea").await;
    widget.wait_for("[part~=welcome]").await;
    widget.remove();
}

#[wasm_bindgen_test]
async fn when_nobody_can_answer_the_panel_is_empty_until_the_conversation_part_knows_what_to_show()
{
    for action in ["inform", "form"] {
        let widget = drawn(&availability("closed", action));
        widget.wait_for("[part~=panel]").await;
        assert_eq!(widget.count("[part~=composer], [part~=start]"), 0);
        widget.remove();
    }
}

/// A widget whose conversation part is not loaded.
fn drawn(availability: &JsValue) -> Widget {
    Widget::mounted_without_conversation(&object(&[
        ("mode", "inline".into()),
        ("initialAvailability", availability.clone()),
    ]))
}
