//! The composer: which keys send a message, which do not, and which texts survive.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::expect_used, reason = "a test that cannot continue panics")]

mod page;

use page::{Widget, function, next_frame, object, window};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::KeyboardEventInit;

wasm_bindgen_test_configure!(run_in_browser);

/// The options of a host that never provides a session: a message stays unsent.
fn options() -> JsValue {
    let never = function("return new Promise(() => {})");
    object(&[("getSession", never.into())])
}

async fn open_widget() -> Widget {
    let widget = Widget::mounted(&options());
    widget.open().await;
    widget
}

/// Checks that Enter, changed by `alter`, leaves the text in the field, and that a plain Enter still sends it.
async fn assert_does_not_send(alter: impl Fn(&KeyboardEventInit)) {
    let widget = open_widget().await;
    widget.type_text("日本").await;
    widget.press_enter(alter).await;
    next_frame().await;
    next_frame().await;
    assert_eq!(widget.count("[part~=message]"), 0);
    assert_eq!(widget.field().await.value(), "日本");
    widget.press_enter(|_| {}).await;
    widget.wait_for_text(".bubble", "日本").await;
}

#[wasm_bindgen_test]
async fn enter_sends_and_empties_the_field() {
    let widget = open_widget().await;
    widget.type_text("  hello\nthere ").await;
    widget.press_enter(|_| {}).await;
    widget.wait_for_text(".bubble", "hello\nthere").await;
    assert_eq!(widget.field().await.value(), "");
}

#[wasm_bindgen_test]
async fn enter_in_the_middle_of_a_composition_does_not_send() {
    assert_does_not_send(|init| init.set_is_composing(true)).await;
}

#[wasm_bindgen_test]
async fn enter_that_ends_a_composition_in_safari_does_not_send() {
    assert_does_not_send(|init| init.set_key_code(229)).await;
}

#[wasm_bindgen_test]
async fn shift_and_enter_break_the_line() {
    assert_does_not_send(|init| init.set_shift_key(true)).await;
}

#[wasm_bindgen_test]
async fn a_blank_message_is_not_sent() {
    let widget = open_widget().await;
    widget.type_text(" \n ").await;
    widget.press_enter(|_| {}).await;
    next_frame().await;
    assert_eq!(widget.count("[part~=message]"), 0);
}

#[wasm_bindgen_test]
async fn a_draft_survives_minimising_and_the_start_of_a_chat() {
    let widget = open_widget().await;
    widget.type_text("half a").await;
    widget.click("[part=close]").await;
    widget.open().await;
    assert_eq!(widget.field().await.value(), "half a");
    widget.click("[part=start]").await;
    widget.wait_for_text("[part=status]", "Connecting").await;
    assert_eq!(widget.field().await.value(), "half a");
}

#[wasm_bindgen_test]
async fn no_key_event_reaches_the_page() {
    let widget = open_widget().await;
    let count_keys = function("window.keyCount = (window.keyCount ?? 0) + 1");
    window()
        .add_event_listener_with_callback("keydown", &count_keys)
        .expect("the page can add a listener");
    widget.press_enter(|init| init.set_shift_key(true)).await;
    window()
        .remove_event_listener_with_callback("keydown", &count_keys)
        .expect("the page can remove a listener");
    let count = js_sys::Reflect::get(&window(), &"keyCount".into());
    assert_eq!(count, Ok(JsValue::UNDEFINED));
}

#[wasm_bindgen_test]
async fn a_reload_restores_the_draft_the_messages_and_the_open_panel() {
    let widget = open_widget().await;
    widget.type_text("sent").await;
    widget.press_enter(|_| {}).await;
    widget.type_text("half a").await;
    let widget = Widget::mounted_after_reload(&options());
    widget.wait_for_text(".bubble", "sent").await;
    widget
        .wait_for_text("[part~=failed] h3", "This chat was interrupted")
        .await;
    widget.click("[part=try-again]").await;
    assert_eq!(widget.field().await.value(), "half a");
}

#[wasm_bindgen_test]
async fn a_visit_without_a_user_action_stores_nothing() {
    Widget::mounted(&options());
    next_frame().await;
    let storage = window().session_storage().ok().flatten();
    assert_eq!(storage.and_then(|storage| storage.length().ok()), Some(0));
}
