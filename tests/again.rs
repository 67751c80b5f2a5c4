//! One conversation after another on the same page: what each leaves behind is nothing.

#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on says so by a panic"
)]

mod page;
mod server;

use std::ops::RangeInclusive;

use page::{Widget, function, next_frame, until};
use serde_json::json;
use server::{FakeServer, set_global};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// Keeps account of what the page has under way, from now on: timers, listeners, requests, observers.
const ACCOUNT: &str = "
    const open = window.open_things = { timers: new Set(), listeners: new Map(), requests: 0, observers: new Set() };
    const { setTimeout, clearTimeout, fetch, ResizeObserver } = window;
    window.setTimeout = (act, ...told) => {
        const id = setTimeout(() => { open.timers.delete(id); act() }, ...told);
        open.timers.add(id);
        return id;
    };
    window.clearTimeout = id => { open.timers.delete(id); clearTimeout(id) };
    const { addEventListener, removeEventListener } = EventTarget.prototype;
    EventTarget.prototype.addEventListener = function (name, act, ...told) {
        open.listeners.set(act, (open.listeners.get(act) ?? 0) + 1);
        return addEventListener.call(this, name, act, ...told);
    };
    EventTarget.prototype.removeEventListener = function (name, act, ...told) {
        open.listeners.delete(act);
        return removeEventListener.call(this, name, act, ...told);
    };
    window.fetch = asked => {
        open.requests += 1;
        let is_open = true;
        const close = () => { if (is_open) { is_open = false; open.requests -= 1 } };
        addEventListener.call(asked.signal, 'abort', close);
        const answer = fetch(asked);
        answer.then(close, close);
        return answer;
    };
    window.ResizeObserver = class extends ResizeObserver {
        observe(...told) { open.observers.add(this); super.observe(...told) }
        disconnect() { open.observers.delete(this); super.disconnect() }
    };";

/// Timers, listeners, requests and observers, and the elements of the widget.
const COUNT: &str = "
    const { timers, listeners, requests, observers } = window.open_things;
    const times = [...listeners.values()].reduce((sum, times) => sum + times, 0);
    return [timers.size, times, requests, observers.size, it.getRootNode().querySelectorAll('*').length].join(' ')";

async fn account(widget: &Widget) -> String {
    let panel = widget.find("[part~=panel]").await;
    let told = function(COUNT).call1(&JsValue::NULL, &panel);
    told.expect("the page counts").as_string().expect("a text")
}

/// Ana says something, the visitor answers, and one of them ends it.
async fn converse(server: &mut FakeServer, widget: &Widget, number: u32) {
    server.agent_posts([format!("Question {number}?")]).await;
    widget
        .sees(
            "[part~=message-agent] .bubble",
            &format!("Question {number}?"),
        )
        .await;
    widget.write(&format!("Answer {number}")).await;
    widget.press_enter(|_| {}).await;
    widget.find("[part~=state]").await;
    if number.is_multiple_of(2) {
        widget.click("[part~=more]").await;
        widget.click("[part~=end]").await;
        widget.click("[part~=end-confirm]").await;
    } else {
        let end =
            json!({ "messageName": "RNEngagementConcludedMessage", "reason": "AGENT_CONCLUDED" });
        server.deliver(vec![end]).await;
    }
    widget.find(".foot [part~=start]").await;
}

/// More conversations, until the last is at rest.
async fn again(server: &mut FakeServer, widget: &Widget, numbers: RangeInclusive<u32>) {
    for number in numbers {
        // The poll that the visitor's end has given up.
        set_global("poll", &JsValue::UNDEFINED);
        widget.click(".foot [part~=start]").await;
        server.agent_joins("Ana", 35).await;
        widget.find(".avatar.here").await;
        converse(server, widget, number).await;
    }
    // What was said aloud is taken back after a while, by a timer.
    until("rest", || {
        let spoken = widget.element("[aria-live=polite]")?;
        spoken.text_content()?.is_empty().then_some(())
    })
    .await;
    next_frame().await;
}

#[wasm_bindgen_test]
async fn fifty_conversations_in_a_row_leave_nothing_behind() {
    function(ACCOUNT)
        .call0(&JsValue::NULL)
        .expect("the page keeps account");
    let (mut server, widget) = FakeServer::with_chat().await;
    converse(&mut server, &widget, 1).await;
    // Both ways out: what is listened to is listened to once for all.
    again(&mut server, &widget, 2..=3).await;
    let first = account(&widget).await;
    assert!(first.starts_with("0 "), "no timer is left: {first}");
    again(&mut server, &widget, 4..=53).await;
    assert_eq!(
        account(&widget).await,
        first,
        "timers, listeners, requests, observers, elements"
    );
    widget.removed();
}
