//! The transcript: the cost of one more message, page translators that move its texts, and the rows with days, names
//! and times.

#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot continue panics"
)]

mod page;
mod server;

use page::{function, next_frame, wait_until};
use serde_json::json;
use server::{FakeServer, global, posted_message, set_global};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// Counts the browser's frames, the mutations below the element `it`, the draws (tasks with mutations), the reads that make
/// the browser compute the layout, and the writes to the storage with their characters.
const COUNT: &str = "
    const counted = window.counted = { frames: 0, mutations: 0, draws: 0, layouts: 0, writes: 0, written: 0 };
    const countFrames = () => {
        counted.frames += 1;
        if (window.counted === counted) requestAnimationFrame(countFrames);
    };
    countFrames();
    window.counter?.disconnect();
    window.counter = new MutationObserver(list => {
        window.counted.mutations += list.length;
        window.counted.draws += 1;
    });
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
        Element.prototype[name] = function (...values) { count(); return own.apply(this, values) };
    }
    const setItem = Storage.prototype.setItem;
    Storage.prototype.setItem = function (key, text) {
        window.counted.writes += 1;
        window.counted.written += text.length;
        return setItem.call(this, key, text);
    };";

/// Does what Google's page translator does: replaces each text node by elements with another text.
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
    let result = function(body).call1(&JsValue::NULL, it);
    result.expect("the script runs")
}

fn counted(name: &str) -> f64 {
    let count = call(&format!("return it.{name}"), &global("counted"));
    count.as_f64().expect("it was counted")
}

/// Waits until the page has processed what happened.
async fn wait_for_frames() {
    for _ in 0..4 {
        next_frame().await;
    }
}

/// What one more message costs.
#[derive(Debug)]
struct Cost {
    /// Mutations, draws, reads of the layout, writes to the storage, and rendered components.
    counts: (f64, f64, f64, f64, u32),
    /// The characters in the writes.
    written: f64,
}

/// The last chunk of the transcript (up to 32 entries, which are stored together) has as many entries after so many
/// messages as after 100.
const MANY: usize = 100 + 32 * 309;

/// By how many characters the record may be longer after [`MANY`] messages than after 100: it names more chunks, and
/// higher numbers have more digits.
const MAX_MORE_WRITTEN: f64 = 300.0;

/// The cost of one more message after this number of messages.
async fn cost_after(count: usize) -> Cost {
    let (mut server, widget) = FakeServer::with_chat().await;
    server
        .agent_posts((1..=count).map(|number| format!("message {number}")))
        .await;
    widget
        .wait_for_text(LAST, &format!("message {count}"))
        .await;
    wait_for_frames().await;
    let panel = widget.wait_for("[part~=panel]").await;
    call(COUNT, &panel);
    let renders_before = pipit::drawn();
    server.agent_posts(["one more".to_owned()]).await;
    widget.wait_for_text(LAST, "one more").await;
    wait_for_frames().await;
    let list = widget.wait_for(".list").await;
    let pixels_below = list.scroll_height() - list.scroll_top() - list.client_height();
    let renders = pipit::drawn() - renders_before;
    assert!(
        pixels_below <= 1,
        "the end is visible, not {pixels_below} px below"
    );
    Cost {
        counts: (
            counted("mutations"),
            counted("draws"),
            counted("layouts"),
            counted("writes"),
            renders,
        ),
        written: counted("written"),
    }
}

/// The newest message.
const LAST: &str = ".chunk:last-child > .row:last-child .bubble";

#[wasm_bindgen_test]
async fn one_more_message_costs_the_same_after_a_hundred_and_after_ten_thousand() {
    let few = cost_after(100).await;
    let many = cost_after(MANY).await;
    assert_eq!(
        few.counts, many.counts,
        "mutations, draws, reads of the layout, writes, components"
    );
    let (mutations, draws, layouts, writes, renders) = few.counts;
    assert!(
        mutations > 0.0 && draws > 0.0 && layouts > 0.0 && writes > 0.0 && renders > 0,
        "everything is counted: {few:?}"
    );
    assert!(
        few.written > 0.0 && many.written <= few.written + MAX_MORE_WRITTEN,
        "{many:?}, after 100: {few:?}"
    );
}

/// The number of messages in a burst, each in an answer of its own.
const BURST: u32 = 1_000;

/// The largest cost of a burst for each frame that the browser draws meanwhile: draws and reads of the layout. A draw may
/// take two steps, because the announcement of a message follows its row.
const MAX_PER_FRAME: [(&str, f64); 2] = [("draws", 2.0), ("layouts", 8.0)];

#[wasm_bindgen_test]
async fn a_burst_of_messages_is_drawn_once_in_a_frame() {
    let (mut server, widget) = FakeServer::with_chat().await;
    let panel = widget.wait_for("[part~=panel]").await;
    wait_for_frames().await;
    call(COUNT, &panel);
    let renders_before = pipit::drawn();
    server
        .agent_posts_at_once((1..=BURST).map(|number| format!("message {number}")))
        .await;
    widget
        .wait_for_text(LAST, &format!("message {BURST}"))
        .await;
    wait_for_frames().await;
    let renders = f64::from(pipit::drawn() - renders_before);
    let frames = counted("frames");
    for (name, limit) in MAX_PER_FRAME {
        let cost = counted(name);
        assert!(
            cost > 0.0 && cost <= limit * frames,
            "{cost} {name} in {frames} frames"
        );
    }
    // Each row and each chunk is rendered once. The last row and the last chunk of each frame are rendered again.
    let rows = f64::from(BURST);
    assert!(
        renders >= rows && renders <= rows * 33.0 / 32.0 + 4.0 * frames + 40.0,
        "{renders} components for {rows} rows in {frames} frames"
    );
    // Each message is stored by itself, because the next poll follows it: a piece of the transcript, and the head.
    let writes = counted("writes");
    assert!(writes <= 2.0 * rows + 4.0, "{writes} writes");
}

/// What a page may have put in the place of `requestAnimationFrame`, which gets the function to call.
const FRAME_FUNCTIONS: [&str; 6] = [
    "throw new Error('no frames')",
    "return undefined",
    "return 7n",
    "return { valueOf() { throw new Error('no number') } }",
    "it(0); return 1",
    "original(it); return original(it)",
];

#[wasm_bindgen_test]
async fn messages_are_drawn_whatever_the_page_makes_of_frames() {
    let (mut server, widget) = FakeServer::with_chat().await;
    for (index, replacement) in FRAME_FUNCTIONS.iter().enumerate() {
        // The test itself waits for frames too, with functions of the browser.
        let body = format!(
            "const original = window.requestAnimationFrame.bind(window);
            const replacement = (it, original) => {{ {replacement} }};
            const isOfTest = it => Function.prototype.toString.call(it).includes('native code');
            window.requestAnimationFrame = it => isOfTest(it) ? original(it) : replacement(it, original);
            return () => {{ window.requestAnimationFrame = original }}"
        );
        let restore = call(&body, &JsValue::NULL);
        let text = format!("message {index}");
        server.agent_posts([text.clone()]).await;
        widget.wait_for_text(LAST, &text).await;
        call("it()", &restore);
    }
}

#[wasm_bindgen_test]
async fn a_page_translator_that_moves_our_texts_breaks_nothing() {
    let (mut server, widget) = FakeServer::with_chat().await;
    let held_request = function(
        "return new Promise(answer => { window.answer = () => answer(new Response('{}', { status: 500 })) })",
    );
    set_global(
        "posts",
        &held_request.call0(&JsValue::NULL).expect("a promise"),
    );
    server
        .agent_posts_html("Good <b>day</b>, see <a href='https://shop.example/'>this</a>")
        .await;
    widget.type_text("mine").await;
    widget.press_enter(|_| {}).await;
    widget.wait_for_text("[part~=state]", "Sending").await;
    let root = widget.wait_for(".pipit").await;
    let translated = call(TRANSLATE, &root).as_f64().expect("a number");
    assert!(translated > 8.0, "{translated} texts");
    widget.wait_for_text("[part~=state]", "«Sending»").await;

    // The delivery of a message changes.
    call("window.answer()", &JsValue::NULL);
    widget
        .wait_for_text("[part~=state] span", "May not have been delivered")
        .await;
    // Messages are added, also by another agent.
    server.agent_joins("Carl", 36).await;
    server
        .deliver(vec![posted_message(36, "Carl here", false)])
        .await;
    widget.wait_for_text(LAST, "Carl here").await;
    call(TRANSLATE, &root);
    // A message is removed.
    let refused = function("return Promise.resolve(new Response('{}', { status: 400 }))");
    set_global("posts", &refused.call0(&JsValue::NULL).expect("a promise"));
    widget.click("[part~=state] button").await;
    wait_until("removal", || {
        (widget.element("[part~=state] button")?.text_content()? == "Remove").then_some(())
    })
    .await;
    call(TRANSLATE, &root);
    widget.click("[part~=state] button").await;
    wait_until("no state", || {
        (widget.count("[part~=message-visitor]") == 0).then_some(())
    })
    .await;
    server.agent_posts(["the last".to_owned()]).await;
    widget.wait_for_text(LAST, "the last").await;
    call(TRANSLATE, &root);
    let end = json!({ "messageName": "RNEngagementConcludedMessage", "reason": "AGENT_CONCLUDED" });
    server.deliver(vec![end]).await;
    widget.wait_for("[part~=start]").await;
    widget
        .wait_for_text(
            ".row:last-child > [part=notice]",
            "The agent ended the chat",
        )
        .await;
}

#[wasm_bindgen_test]
async fn a_day_is_shown_where_it_begins_and_a_name_where_it_is_needed() {
    let (mut server, widget) = FakeServer::with_chat().await;
    let message_on = |day: &str, client_id, text: &str| {
        let mut message = posted_message(client_id, text, false);
        message["createdTime"] = format!("{day}T12:00:00Z").into();
        message
    };
    server
        .deliver(vec![
            message_on("2026-11-03", 35, "one"),
            message_on("2026-11-03", 35, "two"),
            message_on("2026-11-04", 35, "three"),
        ])
        .await;
    widget.wait_for_text(LAST, "three").await;
    let days = widget.texts("[part~=day]");
    assert_eq!(
        days.get(1..),
        Some(&["November 3, 2026".to_owned(), "November 4, 2026".to_owned()][..])
    );
    assert_eq!(widget.texts(".author"), [""; 0]);
    server.agent_joins("Carl", 36).await;
    server
        .deliver(vec![
            message_on("2026-11-04", 36, "four"),
            message_on("2026-11-04", 35, "five"),
        ])
        .await;
    widget.wait_for_text(LAST, "five").await;
    // Yew renders in several steps: earlier chunks may follow the last one.
    wait_until("the name of each author", || {
        (widget.texts(".author") == ["Ana", "Ana", "Carl", "Ana"]).then_some(())
    })
    .await;
}

#[wasm_bindgen_test]
async fn the_locale_decides_how_a_time_is_written() {
    let (mut server, widget) = FakeServer::with_chat().await;
    let script = "return new Date(2026, 10, 5, 6, 5).toISOString()";
    let created = call(script, &JsValue::NULL).as_string().expect("a time");
    let mut message = posted_message(35, "early", false);
    message["createdTime"] = created.into();
    server.deliver(vec![message]).await;
    widget.wait_for_text(LAST, "early").await;
    // Browsers differ in the kind of space before `AM`.
    let time = widget.texts("[part~=time]").concat();
    let without_spaces: String = time
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .collect();
    assert_eq!(without_spaces, "6:05AM");
}

#[wasm_bindgen_test]
async fn back_in_the_queue_only_new_messages_wait_for_the_agent() {
    let (mut server, widget) = FakeServer::with_chat().await;
    widget.type_text("before").await;
    widget.press_enter(|_| {}).await;
    server
        .deliver(vec![
            json!({ "messageName": "RNEngagementParticipantLeftMessage",
            "clientId": 35, "disconnectReason": "TRANSFERRED_TO_QUEUE" }),
        ])
        .await;
    widget.wait_for(".place").await;
    widget.type_text("after").await;
    widget.press_enter(|_| {}).await;
    widget
        .wait_for_text(".row:last-child [part~=state]", "Waiting for the agent")
        .await;
    let states = widget.texts("[part~=state]");
    let waiting = states
        .iter()
        .filter(|state| *state == "Waiting for the agent");
    assert_eq!((waiting.count(), states.len()), (1, 2), "{states:?}");
}
