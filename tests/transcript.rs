//! The transcript: what one more message costs, what a page translator may do to it, and what is
//! said aloud.

#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on says so by a panic"
)]

mod page;
mod server;

use page::{function, next_frame, until};
use serde_json::json;
use server::{Server, get, posted, set};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// Counts what is changed below the element `it`, and how often anything asks for a layout.
const COUNT: &str = "
    window.counted = { mutations: 0, layouts: 0 };
    window.counter?.disconnect();
    window.counter = new MutationObserver(list => { window.counted.mutations += list.length });
    window.counter.observe(it,
        { subtree: true, childList: true, attributes: true, characterData: true });
    if (window.patched) return;
    window.patched = true;
    const count = () => { window.counted.layouts += 1 };
    for (const kind of [Element, HTMLElement]) {
        for (const name of Object.getOwnPropertyNames(kind.prototype)) {
            if (!/^(scroll|client|offset)(Top|Left|Width|Height|Parent)$/.test(name)) continue;
            const own = Object.getOwnPropertyDescriptor(kind.prototype, name);
            if (!own.get) continue;
            Object.defineProperty(kind.prototype, name, { ...own,
                get() { count(); return own.get.call(this) } });
        }
    }
    for (const name of ['getBoundingClientRect', 'getClientRects', 'scrollIntoView']) {
        const own = Element.prototype[name];
        Element.prototype[name] = function (...told) { count(); return own.apply(this, told) };
    }";

/// As Google's translator does: each text is taken out of its place, and another stands there.
const TRANSLATE: &str = "
    const texts = [];
    const walk = document.createTreeWalker(it, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) if (walk.currentNode.data.trim()) texts.push(walk.currentNode);
    for (const text of texts) {
        const outer = document.createElement('font');
        const inner = document.createElement('font');
        inner.textContent = '«' + text.data + '»';
        outer.append(inner);
        text.replaceWith(outer);
    }
    return texts.length";

fn call(body: &str, it: &JsValue) -> JsValue {
    let told = function(body).call1(&JsValue::NULL, it);
    told.expect("the page runs it")
}

fn counted(name: &str) -> f64 {
    let told = call(&format!("return it.{name}"), &get("counted"));
    told.as_f64().expect("it was counted")
}

async fn rests() {
    for _ in 0..4 {
        next_frame().await;
    }
}

/// What one more message costs behind so many: mutations of the document, layouts, and components drawn.
async fn cost_behind(count: usize) -> (f64, f64, u32) {
    let (mut server, widget) = Server::with_ana().await;
    server
        .says((1..=count).map(|number| format!("message {number}")))
        .await;
    widget.sees(LAST, &format!("message {count}")).await;
    rests().await;
    let panel = widget.find("[part~=panel]").await;
    call(COUNT, &panel);
    let drawn = pipit::drawn();
    server.says(["one more".to_owned()]).await;
    widget.sees(LAST, "one more").await;
    rests().await;
    let list = widget.find(".list").await;
    let below = list.scroll_height() - list.scroll_top() - list.client_height();
    let drawn = pipit::drawn() - drawn;
    let costs = (counted("mutations"), counted("layouts"), drawn);
    assert!(below <= 1, "the end is in sight, not {below} px below");
    costs
}

/// The newest message.
const LAST: &str = ".stretch:last-child > .row:last-child .bubble";

#[wasm_bindgen_test]
async fn one_more_message_costs_the_same_behind_a_hundred_and_behind_ten_thousand() {
    let few = cost_behind(100).await;
    let many = cost_behind(10_000).await;
    assert_eq!(few, many, "mutations, layouts, components");
    assert!(few.0 > 0.0 && few.2 > 0, "the message is drawn: {few:?}");
}

#[wasm_bindgen_test]
async fn a_translator_that_moves_our_texts_breaks_nothing() {
    let (mut server, widget) = Server::with_ana().await;
    let held = function(
        "return new Promise(answer => { window.answer = () => answer(new Response('{}', { status: 500 })) })",
    );
    set("posts", &held.call0(&JsValue::NULL).expect("a promise"));
    server
        .says_rich("Good <b>day</b>, see <a href='https://shop.example/'>this</a>")
        .await;
    widget.write("mine").await;
    widget.press_enter(|_| {}).await;
    widget.sees("[part~=state]", "Sending").await;
    let root = widget.find(".pipit").await;
    let moved = call(TRANSLATE, &root).as_f64().expect("a number");
    assert!(moved > 8.0, "{moved} texts");
    widget.sees("[part~=state]", "«Sending»").await;

    // A state changes, and what is said of it.
    call("window.answer()", &JsValue::NULL);
    widget
        .sees("[part~=state] span", "Not sure it arrived")
        .await;
    // Messages come behind and between, of others too.
    server.joins("Carl", 36).await;
    server.tells(vec![posted(36, "Carl here", false)]).await;
    widget.sees(LAST, "Carl here").await;
    call(TRANSLATE, &root);
    // One goes.
    let refused = function("return Promise.resolve(new Response('{}', { status: 400 }))");
    set("posts", &refused.call0(&JsValue::NULL).expect("a promise"));
    widget.click("[part~=state] button").await;
    until("removal", || {
        (widget.element("[part~=state] button")?.text_content()? == "Remove").then_some(())
    })
    .await;
    call(TRANSLATE, &root);
    widget.click("[part~=state] button").await;
    until("no state", || {
        (widget.count("[part~=message-visitor]") == 0).then_some(())
    })
    .await;
    server.says(["the last".to_owned()]).await;
    widget.sees(LAST, "the last").await;
    call(TRANSLATE, &root);
    let end = json!({ "messageName": "RNEngagementConcludedMessage", "reason": "AGENT_CONCLUDED" });
    server.tells(vec![end]).await;
    widget.find("[part~=start]").await;
    widget
        .sees(
            ".row:last-child > [part=notice]",
            "The agent ended the chat",
        )
        .await;
}

#[wasm_bindgen_test]
async fn each_new_message_is_said_once() {
    let (mut server, widget) = Server::with_ana().await;
    let region = widget.find("[aria-live=polite]").await;
    let keep = "
        window.spoken = [];
        new MutationObserver(list => {
            for (const { addedNodes } of list) for (const node of addedNodes) window.spoken.push(node.textContent);
        }).observe(it, { childList: true })";
    call(keep, &region);
    server.says_rich("Good <b>day</b>").await;
    widget.sees(LAST, "Good day").await;
    server.says(["x".repeat(1_000)]).await;
    widget.write("mine").await;
    widget.press_enter(|_| {}).await;
    server.joins("Carl", 36).await;
    let long = format!("Ana says: \u{2068}{}…\u{2069}", "x".repeat(300));
    let expected = ["Ana says: Good day", &long, "Carl joined as well"];
    let told = || call("return it.join('|')", &get("spoken")).as_string();
    until("announcements", || {
        told()?.ends_with(expected[2]).then_some(())
    })
    .await;
    assert_eq!(told(), Some(expected.join("|")));
    until("silence", || {
        region.text_content()?.is_empty().then_some(())
    })
    .await;
    assert_eq!(told(), Some(expected.join("|")));
    let list = widget.find("[role=log]").await;
    assert_eq!(list.get_attribute("aria-live").as_deref(), Some("off"));
}

#[wasm_bindgen_test]
async fn what_a_reload_finds_is_not_said() {
    let (mut server, widget) = Server::with_ana().await;
    server.says(["before".to_owned()]).await;
    widget.sees(LAST, "before").await;
    let widget = server.reloaded();
    widget.sees(LAST, "before").await;
    rests().await;
    widget.sees("[aria-live=polite]", "").await;
    server.says(["after".to_owned()]).await;
    widget.sees("[aria-live=polite]", "Ana says: after").await;
}

#[wasm_bindgen_test]
async fn a_day_is_told_where_it_begins_and_a_name_where_it_is_needed() {
    let (mut server, widget) = Server::with_ana().await;
    let on = |day: &str, client, text: &str| {
        let mut message = posted(client, text, false);
        message["createdTime"] = format!("{day}T12:00:00Z").into();
        message
    };
    server
        .tells(vec![
            on("2026-11-03", 35, "one"),
            on("2026-11-03", 35, "two"),
            on("2026-11-04", 35, "three"),
        ])
        .await;
    widget.sees(LAST, "three").await;
    let days = widget.texts("[part~=day]");
    assert_eq!(
        days.get(1..),
        Some(&["November 3, 2026".to_owned(), "November 4, 2026".to_owned()][..])
    );
    assert_eq!(widget.texts(".author"), [""; 0]);
    server.joins("Carl", 36).await;
    server
        .tells(vec![
            on("2026-11-04", 36, "four"),
            on("2026-11-04", 35, "five"),
        ])
        .await;
    widget.sees(LAST, "five").await;
    // What is drawn is drawn in slices: those above come after it.
    until("each one's name", || {
        (widget.texts(".author") == ["Ana", "Ana", "Carl", "Ana"]).then_some(())
    })
    .await;
}

#[wasm_bindgen_test]
async fn an_hour_is_written_as_the_locale_writes_it() {
    let (mut server, widget) = Server::with_ana().await;
    let early = "return new Date(2026, 10, 5, 6, 5).toISOString()";
    let early = call(early, &JsValue::NULL).as_string().expect("a time");
    let mut message = posted(35, "early", false);
    message["createdTime"] = early.into();
    server.tells(vec![message]).await;
    widget.sees(LAST, "early").await;
    // Browsers write one of several blanks.
    let time = widget.texts("[part~=time]").concat();
    let plain: String = time.chars().filter(|it| !it.is_whitespace()).collect();
    assert_eq!(plain, "6:05AM");
}

#[wasm_bindgen_test]
async fn back_in_the_queue_only_what_is_written_then_waits_for_the_agent() {
    let (mut server, widget) = Server::with_ana().await;
    widget.write("before").await;
    widget.press_enter(|_| {}).await;
    server
        .tells(vec![
            json!({ "messageName": "RNEngagementParticipantLeftMessage",
            "clientId": 35, "disconnectReason": "TRANSFERRED_TO_QUEUE" }),
        ])
        .await;
    widget.find(".place").await;
    widget.write("after").await;
    widget.press_enter(|_| {}).await;
    widget
        .sees(".row:last-child [part~=state]", "Waiting for the agent")
        .await;
    let states = widget.texts("[part~=state]");
    let waiting = states.iter().filter(|it| *it == "Waiting for the agent");
    assert_eq!((waiting.count(), states.len()), (1, 2), "{states:?}");
}
