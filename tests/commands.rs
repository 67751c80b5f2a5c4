//! The commands of the page: what they return, and the errors `{ code, message }` of those that are not possible.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::expect_used, reason = "a panic fails the test")]

mod page;

use js_sys::{Promise, Reflect};
use page::{Widget, function, member, object, wait_until, window};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// The code of the error with which a command fails.
fn error_code(command: &str, argument: impl Into<JsValue>) -> String {
    let result = pipit::call(command, &argument.into());
    member(&result.expect_err("the command is not possible"), "code")
}

/// A widget whose conversation part is loaded.
async fn loaded(options: &[(&str, JsValue)]) -> Widget {
    let widget = Widget::mounted(&object(options));
    wait_until("the conversation part", || {
        let result = pipit::call("markRead", &JsValue::UNDEFINED);
        result.is_ok().then_some(())
    })
    .await;
    widget
}

#[wasm_bindgen_test]
async fn without_a_panel_no_command_is_possible() {
    let widget = loaded(&[]).await;
    widget.remove();
    pipit::call("destroy", &JsValue::UNDEFINED).expect("it is always possible");
    for command in ["open", "load", "update", "send", "noCommand"] {
        assert_eq!(error_code(command, "Hello"), "E_DESTROYED", "{command}");
    }
}

#[wasm_bindgen_test]
fn before_the_conversation_part_is_loaded_only_commands_of_the_panel_are_possible() {
    pipit::call("destroy", &JsValue::UNDEFINED).expect("it is always possible");
    let widget = Widget::mounted_without_conversation(&object(&[]));
    pipit::call("open", &JsValue::FALSE).expect("the panel opens");
    pipit::call("close", &JsValue::UNDEFINED).expect("the panel closes");
    for command in ["send", "update", "transcript"] {
        assert_eq!(
            error_code(command, object(&[])),
            "E_NOT_LOADED",
            "{command}"
        );
    }
    widget.remove();
}

#[wasm_bindgen_test]
async fn an_unknown_command_and_a_wrong_argument_are_refused() {
    let widget = loaded(&[]).await;
    assert_eq!(error_code("noCommand", JsValue::UNDEFINED), "E_COMMAND");
    assert_eq!(error_code("send", 7), "E_ARGUMENT");
    assert_eq!(error_code("send", "  "), "E_ARGUMENT");
    assert_eq!(error_code("setDraft", object(&[])), "E_ARGUMENT");
    widget.remove();
}

#[wasm_bindgen_test]
async fn a_form_that_is_not_filled_in_prevents_a_start_and_is_shown() {
    let widget = loaded(&[("consent", "You agree.".into())]).await;
    assert_eq!(error_code("startChat", JsValue::UNDEFINED), "E_FORM");
    assert_eq!(error_code("send", "Hello"), "E_FORM");
    widget.wait_for(".panel .form").await;
    widget.remove();
}

#[wasm_bindgen_test]
async fn an_option_that_cannot_change_is_named() {
    let widget = loaded(&[]).await;
    let changed = object(&[("site", "shop".into())]);
    let error = pipit::call("update", &changed).expect_err("the panel is there");
    assert_eq!(member(&error, "code"), "E_OPTION");
    assert_eq!(
        member(&error, "message"),
        "the option `site` cannot change while the panel is on the page."
    );
    let changed = object(&[("title", "Fernhill".into())]);
    pipit::call("update", &changed).expect("the title may change");
    widget.open().await;
    widget.wait_for_text(".name", "Fernhill").await;
    widget.remove();
}

#[wasm_bindgen_test]
async fn the_transcript_has_the_wanted_format_and_title() {
    let widget = loaded(&[]).await;
    for (format, beginning) in [("text", "Fernhill\n"), ("html", "<!doctype html>")] {
        let request = object(&[("format", format.into()), ("title", "Fernhill".into())]);
        let transcript = pipit::call("transcript", &request).expect("a promise");
        let transcript: Promise = transcript.unchecked_into();
        let transcript = JsFuture::from(transcript).await.expect("a transcript");
        let transcript = transcript.as_string().expect("a text");
        assert!(transcript.starts_with(beginning), "{transcript}");
        assert!(transcript.contains("Fernhill"), "{transcript}");
    }
    widget.remove();
}

/// The page may call any command while it receives an event: inside the call that caused the event.
#[wasm_bindgen_test]
async fn the_host_can_destroy_the_chat_while_it_receives_an_event() {
    let never = function("return new Promise(() => {})");
    let widget = loaded(&[("getSession", never.into())]).await;
    let destroy = Closure::<dyn Fn()>::new(|| {
        pipit::call("destroy", &JsValue::UNDEFINED).expect("it is always possible");
    });
    let receiver = object(&[("push", destroy.as_ref().clone())]);
    Reflect::set(&window(), &"reported".into(), &receiver).expect("a page takes members");
    pipit::call("startChat", &JsValue::UNDEFINED).expect("the chat starts");
    Reflect::set(&window(), &"reported".into(), &JsValue::UNDEFINED).expect("a page takes members");
    assert_eq!(error_code("send", "Hello"), "E_DESTROYED");
    widget.remove();
}
