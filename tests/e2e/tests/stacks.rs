//! The examples of the frameworks and bundlers (`examples/*/stack.json`). `cargo xtask stacks` builds them into the directory `stacks` of
//! the site. The end-to-end tests build one of them with each commit.

use std::collections::BTreeMap;
use std::fs;

use pipit_e2e::{TestServer, Visitor};
use serde_json::{Value, json};

/// The resources that a page has fetched: the size of its scripts, and the names of the widget's own files, which no page may fetch
/// before the visitor wants to chat.
const FETCHED: &str = r"const entries = performance.getEntriesByType('resource');
    const isOwn = (name) => /\.wasm|\/locales\/|(split_|chunk_3|\/(ar|da|de|es|fi|fr|he|it|ja|ko|nb|nl|pl|pt|sv|tr|zh-Hans)[-.\w]*\.(txt|json))/.test(new URL(name).pathname);
    return { scripts: entries.filter(({ name }) => /\.m?js$/.test(new URL(name).pathname)).reduce((sum, { decodedBodySize }) => sum + decodedBodySize, 0),
        own: entries.map(({ name }) => name).filter(isOwn) };";

/// Waits until the page has loaded and fetches nothing more for half a second.
const WAIT_UNTIL_QUIET: &str = "const done = arguments[arguments.length - 1];
    let timer = setTimeout(done, 500);
    new PerformanceObserver(() => { clearTimeout(timer); timer = setTimeout(done, 500); }).observe({ entryTypes: ['resource'] });";

async fn fetched(visitor: &Visitor) -> Value {
    visitor.browser.script_async(WAIT_UNTIL_QUIET, vec![]).await;
    visitor.browser.script(FETCHED, vec![]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn each_built_example_starts_a_chat_in_german() {
    let server = TestServer::without_policy().await;
    let built = server.stacks();
    let visitor = server.visitor().await;
    let german: Value =
        serde_json::from_str(include_str!("../../../src/locale/de.json")).expect("the texts");
    let mut report = BTreeMap::new();
    for name in built.iter().filter(|name| !name.ends_with("--without")) {
        let open = async |name: &str| {
            let url = format!("{}/stacks/{name}/", server.site());
            visitor.browser.open_page(&url).await;
        };
        open(name).await;
        visitor.part("launcher").await;
        let with = fetched(&visitor).await;
        visitor.start_chat().await;
        let first = german["position.1"].as_str().expect("the text");
        visitor.wait_for_text(".place", first).await;
        let state = "return document.querySelector('pipit-chat').getAttribute('state')";
        assert_eq!(
            visitor.browser.script(state, vec![]).await,
            json!("queued"),
            "{name}"
        );
        let own = visitor.browser.script(FETCHED, vec![]).await["own"].to_string();
        assert!(own.contains(".wasm"), "{name}: {own}");
        // Otherwise the next page would continue this conversation.
        let forget =
            "document.querySelector('pipit-chat').chat.forget().then(() => arguments[0](true))";
        visitor.browser.script_async(forget, vec![]).await;
        let early = with["own"].as_array().cloned().unwrap_or_default();
        let without = format!("{name}--without");
        let added = if built.contains(&without) {
            open(&without).await;
            let without = fetched(&visitor).await;
            with["scripts"]
                .as_i64()
                .zip(without["scripts"].as_i64())
                .map(|(with, without)| with - without)
        } else {
            None
        };
        let seen = if early.is_empty() {
            "panel, WASM, German, queued".to_owned()
        } else {
            format!(
                "panel, WASM, German, queued; fetched too early: {}",
                early.len()
            )
        };
        report.insert(name.clone(), json!({ "seen": seen, "added": added }));
        if let Some(file) = std::env::var_os("PIPIT_STACKS_REPORT") {
            fs::write(file, json!(report).to_string()).expect("the report can be written");
        } else {
            assert!(
                early.is_empty(),
                "{name} fetches before the visitor wants to chat: {early:?}"
            );
        }
    }
    visitor.browser.close().await;
}
