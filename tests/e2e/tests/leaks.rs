//! A chat that is added to a page and removed again, as single-page apps do, leaves no resources behind.

use pipit_e2e::{Capability, TestServer, Visitor, is_unsupported};
use serde_json::{Value, json};

/// Counts the page's timers and keeps a reference to the WASM's memory. `cycles(n)` adds n chats in turn, by element or
/// by package, and destroys each one: when it is open, while it loads, or right after it was added. Each is destroyed by two
/// calls at once.
const PAGE: &str = r#"<!doctype html><html lang=en><body><script>
    window.timers = new Set();
    for (const [set, clear] of [["setTimeout", "clearTimeout"], ["setInterval", "clearInterval"]]) {
        const [begin, end] = [window[set], window[clear]];
        window[set] = (act, ...more) => {
            const timer = begin((...values) => {
                set === "setTimeout" && timers.delete(timer);
                act(...values);
            }, ...more);
            timers.add(timer);
            return timer;
        };
        window[clear] = (timer) => { timers.delete(timer); end(timer) };
    }
    window.made = [];
    const instantiate = WebAssembly.instantiate;
    WebAssembly.instantiate = async (...values) => {
        const instance = await instantiate(...values);
        made.push(instance.exports);
        return instance;
    };
</script><script type="module">
    import { createChat } from "/npm/index.js";
    const options = { sessionEndpoint: "/session", accent: "rgb(31, 111, 92)", title: "Fernhill" };
    const element = () => {
        const element = document.createElement("pipit-chat");
        element.config = options;
        document.body.append(element);
        return element;
    };
    const ways = [
        async () => { const chat = createChat(options); await chat.open(); await chat.setDraft("half a thought"); return chat },
        async () => { const chat = createChat(options); chat.open().catch(() => {}); return chat },
        async () => { const { chat } = element(); await chat.whenReady(); return chat },
        async () => { const it = element(); const { chat } = it; await chat.open(); it.remove(); return chat },
        async () => createChat(options),
    ];
    window.cycles = async (count) => {
        for (let i = 0; i < count; i++) {
            const chat = await ways[i % ways.length]();
            await Promise.all([chat.destroy(), chat.destroy()]);
            // Waits for the next task, so that all microtasks have run.
            await new Promise((resolve) => { const { port1, port2 } = new MessageChannel(); port1.onmessage = () => { port1.close(); resolve() }; port2.postMessage(0) });
        }
    };
</script></body></html>"#;

/// How much the heap may grow, in bytes: JavaScript's own tables and optimised code grow by themselves.
const HEAP_MAY_GROW: f64 = 300_000.0;

async fn cycles(visitor: &Visitor, count: u32) {
    let script = "const [count, done] = arguments; cycles(count).then(done, (error) => done(String(error.stack)))";
    for _ in 0..count / 20 {
        let result = visitor.browser.script_async(script, vec![json!(20)]).await;
        assert_eq!(result, Value::Null, "a cycle failed");
    }
}

async fn figures(visitor: &Visitor) -> Value {
    let script = "return { timers: timers.size, instances: made.length,
        memory: made.map(it => it.memory.buffer.byteLength), sheets: document.adoptedStyleSheets.length,
        elements: document.querySelectorAll('*').length, stored: sessionStorage.length }";
    visitor.browser.script(script, vec![]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_chats_on_one_page_leave_nothing() {
    if is_unsupported(Capability::CountingResources) {
        return;
    }
    let server = TestServer::with_page(PAGE).await;
    let visitor = server.visitor().await;
    visitor
        .browser
        .wait_until_equal("the module", json!(true), async || {
            visitor
                .browser
                .script("return !!window.cycles", vec![])
                .await
        })
        .await;
    // The first chats create what exists once per page: code, the instance and the root.
    cycles(&visitor, 40).await;
    let (before, held_before) = (
        figures(&visitor).await,
        visitor.browser.page_resources().await,
    );
    cycles(&visitor, 200).await;
    let (after, held_after) = (
        figures(&visitor).await,
        visitor.browser.page_resources().await,
    );
    assert_eq!(before, after);
    assert!(
        held_after.nodes <= held_before.nodes,
        "nodes: {held_before:?} {held_after:?}"
    );
    assert!(
        held_after.listeners <= held_before.listeners,
        "listeners: {held_before:?} {held_after:?}"
    );
    assert!(
        held_after.documents <= held_before.documents,
        "documents: {held_before:?} {held_after:?}"
    );
    assert!(
        held_after.heap - held_before.heap < HEAP_MAY_GROW,
        "heap: {held_before:?} {held_after:?}"
    );
    visitor.browser.close().await;
}
