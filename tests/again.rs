//! Many conversations on one page: none of them leaves timers, listeners, requests, observers or elements behind.

#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a panic fails the test"
)]

mod page;
mod server;

use std::ops::RangeInclusive;

use page::{Widget, function, next_frame, wait_until};
use serde_json::json;
use server::{FakeServer, set_global};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// Counts the timers, listeners, requests and observers of the page from now on.
const START_COUNTING: &str = "
    const open = window.open_things = { timers: new Map(), listeners: new Map(), requests: 0, observers: new Set() };
    const { setTimeout, clearTimeout, fetch, ResizeObserver } = window;
    window.setTimeout = (act, delay, ...rest) => {
        const id = setTimeout(() => { open.timers.delete(id); act() }, delay, ...rest);
        open.timers.set(id, delay);
        return id;
    };
    window.clearTimeout = id => { open.timers.delete(id); clearTimeout(id) };
    const { addEventListener, removeEventListener } = EventTarget.prototype;
    EventTarget.prototype.addEventListener = function (name, act, ...rest) {
        open.listeners.set(act, (open.listeners.get(act) ?? 0) + 1);
        return addEventListener.call(this, name, act, ...rest);
    };
    EventTarget.prototype.removeEventListener = function (name, act, ...rest) {
        open.listeners.delete(act);
        return removeEventListener.call(this, name, act, ...rest);
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
        observe(...rest) { open.observers.add(this); super.observe(...rest) }
        disconnect() { open.observers.delete(this); super.disconnect() }
    };";

/// The numbers of timers for less than ten minutes and of longer timers, of listeners, requests and observers, and of the elements
/// of the widget.
const COUNT: &str = "
    const { timers, listeners, requests, observers } = window.open_things;
    const times = [...listeners.values()].reduce((sum, times) => sum + times, 0);
    const longTimers = [...timers.values()].filter(delay => delay >= 600_000).length;
    return [timers.size - longTimers, longTimers, times, requests, observers.size, it.getRootNode().querySelectorAll('*').length].join(' ')";

async fn count(widget: &Widget) -> String {
    let panel = widget.wait_for("[part~=panel]").await;
    let numbers = function(COUNT).call1(&JsValue::NULL, &panel);
    numbers
        .expect("the page counts")
        .as_string()
        .expect("a text")
}

/// Ana writes, the visitor answers, and one of them ends the conversation.
async fn converse(server: &mut FakeServer, widget: &Widget, number: u32) {
    server.agent_posts([format!("Question {number}?")]).await;
    widget
        .wait_for_text(
            "[part~=message-agent] .bubble",
            &format!("Question {number}?"),
        )
        .await;
    widget.type_text(&format!("Answer {number}")).await;
    widget.press_enter(|_| {}).await;
    widget.wait_for("[part~=state]").await;
    if number.is_multiple_of(2) {
        widget.click("[part~=more]").await;
        widget.click("[part~=end]").await;
        widget.click("[part~=end-confirm]").await;
    } else {
        let end =
            json!({ "messageName": "RNEngagementConcludedMessage", "reason": "AGENT_CONCLUDED" });
        server.deliver(vec![end]).await;
    }
    widget.wait_for(".foot [part~=start]").await;
}

/// Runs more conversations, and waits until the last one has no timer left.
async fn converse_again(server: &mut FakeServer, widget: &Widget, numbers: RangeInclusive<u32>) {
    for number in numbers {
        // Forgets the poll that was aborted when the visitor ended the conversation.
        set_global("poll", &JsValue::UNDEFINED);
        widget.click(".foot [part~=start]").await;
        server.agent_joins("Ana", 35).await;
        widget.wait_for(".avatar.here").await;
        converse(server, widget, number).await;
    }
    // A timer clears the text for screen readers after a while.
    wait_until("an empty announcement", || {
        let announcement = widget.element(".pipit > [aria-live=polite]")?;
        announcement.text_content()?.is_empty().then_some(())
    })
    .await;
    next_frame().await;
}

#[wasm_bindgen_test]
async fn fifty_conversations_in_a_row_leave_nothing_behind() {
    function(START_COUNTING)
        .call0(&JsValue::NULL)
        .expect("the script runs");
    let (mut server, widget) = FakeServer::with_chat().await;
    converse(&mut server, &widget, 1).await;
    // One conversation for each side that can end it: their listeners are added once and stay.
    converse_again(&mut server, &widget, 2..=3).await;
    let first = count(&widget).await;
    // The one timer that is left removes the ended conversation after `keepEndedMinutes`.
    assert!(first.starts_with("0 1 "), "one long timer is left: {first}");
    converse_again(&mut server, &widget, 4..=53).await;
    assert_eq!(
        count(&widget).await,
        first,
        "short and long timers, listeners, requests, observers, elements"
    );
    widget.remove();
}

/// The names of the pieces of the transcript that the browser has stored, and whether it has stored a record.
fn stored_pieces() -> (Vec<String>, bool) {
    let script = "const names = Object.keys(sessionStorage).filter(name => name.startsWith('pipit.1.'));
        const pieces = names.filter(name => / \\d+$/.test(name)).sort();
        return [pieces.join('|'), names.some(name => !/ \\d+$/.test(name) && sessionStorage[name])]";
    let found = function(script).call0(&JsValue::NULL).expect("it runs");
    let found = js_sys::Array::from(&found);
    let names = found.get(0).as_string().expect("a text");
    let names = names.split('|').filter(|name| !name.is_empty());
    (
        names.map(ToOwned::to_owned).collect(),
        found.get(1).is_truthy(),
    )
}

#[wasm_bindgen_test]
async fn a_long_transcript_survives_a_reload_and_leaves_nothing_behind() {
    let (mut server, widget) = FakeServer::with_chat().await;
    server
        .agent_posts((1..=100).map(|number| format!("message {number}")))
        .await;
    wait_until("100 messages", || {
        (widget.count(".bubble") == 100).then_some(())
    })
    .await;
    // The notice before the messages and the first 31 of them are the first piece.
    let (pieces, _) = stored_pieces();
    assert_eq!(pieces.len(), 4, "{pieces:?}");
    let widget = server.reload_widget();
    wait_until("100 messages again", || {
        (widget.count(".bubble") == 100).then_some(())
    })
    .await;
    server.agent_posts(["one more".to_owned()]).await;
    wait_until("101 messages", || {
        (widget.count(".bubble") == 101).then_some(())
    })
    .await;
    let (pieces, has_record) = stored_pieces();
    assert!(has_record && pieces.len() == 4, "{pieces:?}");

    // A chat that is taken off the page, and another one in its place.
    pipit::call("destroy", &JsValue::NULL).expect("it can be destroyed");
    assert_eq!(stored_pieces(), (Vec::new(), false));
    let widget = server.reload_widget();
    wait_until("101 messages again", || {
        (widget.count(".bubble") == 101).then_some(())
    })
    .await;
    server.agent_posts(["one more".to_owned()]).await;
    wait_until("102 messages", || {
        (widget.count(".bubble") == 102).then_some(())
    })
    .await;
    assert!(!stored_pieces().0.is_empty());
    pipit::call("forget", &JsValue::NULL).expect("it can be forgotten");
    assert_eq!(stored_pieces(), (Vec::new(), false));
}
