//! The composer: which keys send a message, which do not, and which texts survive.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::expect_used, reason = "a test that cannot continue panics")]

use std::cell::Cell;

mod page;

use page::{Widget, function, next_frame, object, wait_until, window};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::KeyboardEventInit;

wasm_bindgen_test_configure!(run_in_browser);

/// The options of a host that never provides a session: a message stays unsent.
fn options() -> JsValue {
    let never = function("window.isAsked = true; return new Promise(() => {})");
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
    widget.start_chat().await;
    widget.wait_for_text("[part=status]", "Connecting").await;
    assert_eq!(widget.field().await.value(), "half a");
}

#[wasm_bindgen_test]
async fn a_reload_restores_the_draft_the_messages_and_the_open_panel() {
    let forget = function("window.isAsked = false");
    forget.call0(&JsValue::NULL).expect("a global can be set");
    let widget = open_widget().await;
    widget.type_text("sent").await;
    widget.press_enter(|_| {}).await;
    // Without locks, a tab leads only when no other tab has answered for a while. Until then a sent text is not in the
    // conversation, and would be a draft again after the reload.
    let is_asked = function("return window.isAsked");
    wait_until("the page is asked for a session", || {
        is_asked
            .call0(&JsValue::NULL)
            .ok()?
            .as_bool()?
            .then_some(())
    })
    .await;
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

/// Counts what the page writes to the storage of its tab, in UTF-16 units, until it is dropped.
struct WriteCounter(JsValue);

impl WriteCounter {
    fn start() -> Self {
        let replace = "const own = Storage.prototype.setItem;
            window.storedUnits = 0;
            Storage.prototype.setItem = function (key, value) {
                window.storedUnits += key.length + value.length;
                return own.call(this, key, value);
            };
            return own;";
        let own = function(replace).call0(&JsValue::NULL);
        Self(own.expect("setItem can be replaced"))
    }

    /// Stops counting. Returns the number of units since the start.
    fn stop(self) -> f64 {
        drop(self);
        let units = js_sys::Reflect::get(&window(), &"storedUnits".into());
        let units = units.expect("the window can be read");
        units.as_f64().expect("the counter is a number")
    }
}

impl Drop for WriteCounter {
    fn drop(&mut self) {
        function("Storage.prototype.setItem = it")
            .call1(&JsValue::NULL, &self.0)
            .expect("setItem can be put back");
    }
}

/// The record of a tab whose conversation has this many entries.
fn record_with_entries(count: usize) -> String {
    let entry = |id: usize| {
        format!(
            r#"{{"at":1800000000000,"id":{id},"kind":"server","rich":false,"text":"Entry {id} of a long conversation"}}"#
        )
    };
    let entries: Vec<String> = (0..count).map(entry).collect();
    let transcript = entries.join(",");
    format!("{{\"open\":true,\"alone\":true}}\n{{\"version\":1,\"transcript\":[{transcript}]}}")
}

#[wasm_bindgen_test]
async fn a_key_press_does_not_store_the_conversation_again() {
    let key = "pipit.1.pipit_demo";
    let options = object(&[("site", "pipit_demo".into())]);
    Widget::mounted(&options);
    let storage = window().session_storage().ok().flatten();
    let storage = storage.expect("the tab has a storage");
    storage
        .set_item(key, &record_with_entries(500))
        .expect("the record fits");
    let widget = Widget::mounted_after_reload(&options);
    widget.open().await;
    wait_until("the last entry is shown", || {
        let panel = widget.texts(".panel").concat();
        panel.contains("Entry 499 of").then_some(())
    })
    .await;
    // The tab stores the conversation when it begins to lead it. The test waits until nothing was stored for half a second.
    let quiet_since = Cell::new((js_sys::Date::now(), String::new()));
    wait_until("nothing is stored any more", || {
        let stored = storage.get_item(key).ok().flatten()?;
        let (since, before) = quiet_since.take();
        let since = if stored == before {
            since
        } else {
            js_sys::Date::now()
        };
        quiet_since.set((since, stored));
        (js_sys::Date::now() - since > 500.0).then_some(())
    })
    .await;
    let stored_draft = || storage.get_item("pipit.1.pipit_demo.draft").ok().flatten();

    let counter = WriteCounter::start();
    widget.type_text("a").await;
    let draft = wait_until("the draft is stored", stored_draft).await;
    assert_eq!(draft, "a");
    let start = js_sys::Date::now();
    wait_until("the pause after a write is over", || {
        (js_sys::Date::now() - start > 700.0).then_some(())
    })
    .await;
    let units = counter.stop();
    assert!(units < 1_000.0, "one key press stores {units} units");
    assert!(units > 0.0, "a key press stores the draft");
}
