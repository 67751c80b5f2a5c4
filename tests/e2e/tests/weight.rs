//! The files that the widget fetches, and when. `cargo xtask size` weighs exactly these files.

use pipit_e2e::TestServer;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const PAGE: &str = "<!doctype html><html lang=en><head><meta charset=utf-8><title>Fernhill</title>
    <script async src=/pipit/pipit.js data-session-endpoint=/session></script></head><body></body></html>";

/// A function that returns the fetched files of the widget, in their order.
const FETCHED: &str = "const fetched = () => performance.getEntriesByType('resource')
    .map(it => new URL(it.name).pathname).filter(it => it.startsWith('/pipit/')).map(it => it.slice(7));";

/// Records which files were fetched when the composer first appeared.
const WATCH: &str = "
    const root = document.querySelector('pipit-chat').shadowRoot;
    window.atComposer = new Promise(resolve => new MutationObserver((_, observer) => {
        const field = root.querySelector('textarea');
        if (field && !field.disabled && !field.readOnly && field.getClientRects().length) {
            observer.disconnect();
            resolve(fetched());
        }
    }).observe(root, { subtree: true, childList: true, attributes: true }));";

fn files(list: &Value) -> Vec<&str> {
    let files = list.as_array().expect("a list");
    files.iter().filter_map(Value::as_str).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn until_the_visitor_can_type_exactly_the_weighed_files_are_fetched() {
    let all = TestServer::widget_files();
    let fetched_with = |times: &[&str]| -> BTreeSet<String> {
        let files = all
            .iter()
            .filter(|it| times.contains(&it["when"].as_str().unwrap_or("")));
        let files = files.filter_map(|it| it["file"].as_str());
        files.map(str::to_owned).collect()
    };
    let in_background = fetched_with(&["conversation", "content"]);
    let server = TestServer::with_page(PAGE).await;
    let visitor = server.visitor().await;
    visitor.part("launcher").await;
    let read = async |script: &str| {
        let script = format!("{FETCHED}{script}");
        visitor.browser.script(&script, vec![]).await
    };
    let before = read("return fetched()").await;
    assert_eq!(files(&before), ["pipit.js"], "a page without interaction");

    read(WATCH).await;
    visitor.open_panel().await;
    let wait = "window.atComposer.then(arguments[arguments.length - 1])";
    let then = visitor.browser.script_async(wait, vec![]).await;
    let then: BTreeSet<_> = files(&then).into_iter().map(str::to_owned).collect();
    let needed: BTreeSet<_> = then.difference(&in_background).cloned().collect();
    assert_eq!(needed, fetched_with(&["page", "panel"]));
    visitor.type_text("hello").await;
    assert_eq!(visitor.draft().await, "hello");

    visitor.start().await;
    visitor
        .wait_for_text(".place", "You are first in line")
        .await;
    let after = read("return fetched().sort()").await;
    let expected = fetched_with(&["page", "panel", "conversation", "content"]);
    let expected: Vec<_> = expected.iter().map(String::as_str).collect();
    assert_eq!(files(&after), expected, "each of them once, and no other");
    visitor.browser.close().await;
}

/// A custom section of a WASM module. It has no effect, so the modified module works as before.
const CUSTOM_SECTION: &[u8] = &[0, 2, 1, b'x'];

/// The page with a policy that allows only these Trusted Types.
fn with_trusted_types(page: &str, types: &str) -> String {
    let policy = format!("require-trusted-types-for 'script'; trusted-types {types}");
    let policy = format!("<meta http-equiv=Content-Security-Policy content=\"{policy}\">");
    page.replace("<script", &format!("{policy}<script"))
}

#[tokio::test(flavor = "multi_thread")]
async fn modified_files_are_not_used() {
    let cases = [
        ("panel.js", b"\n;window.spoiled = true".as_slice(), "open"),
        ("widget_bg.wasm", CUSTOM_SECTION, "open"),
        // The panel works without the conversation part, and requests it repeatedly.
        ("split_conversation.wasm", CUSTOM_SECTION, "open"),
        // The page does not load `files.json`, so nothing is modified, and this case must succeed.
        ("files.json", b"", "startChat"),
    ];
    let server = TestServer::with_page(PAGE).await;
    let visitor = server.visitor().await;
    for (index, (file, end, command)) in cases.into_iter().enumerate() {
        server.serve_modified_copy(&format!("spoiled-{index}"), file, end);
        let page = PAGE.replace("/pipit/", &format!("/spoiled-{index}/"));
        let is_unmodified = file == "files.json";
        let mut pages = vec![with_trusted_types(&page, "pipit"), page.clone()];
        // Without our Trusted Types policy the files work too, but WebKit does not check their integrity then.
        pages.extend(is_unmodified.then(|| with_trusted_types(&page, "'none'")));
        for page in pages {
            server.serve(&format!("{index}.html"), &page);
            let url = format!("{}/{index}.html", server.site());
            visitor.browser.open_page(&url).await;
            visitor.part("launcher").await;
            let script = "const [command, done] = arguments; sessionStorage.clear();
                Pipit[command]().then(() => 'done', () => 'refused').then(it => done([it, window.spoiled ?? false]))";
            let result = visitor
                .browser
                .script_async(script, vec![json!(command)])
                .await;
            let is_conversation_part = file == "split_conversation.wasm";
            let is_done = is_unmodified || is_conversation_part;
            let expected = json!([if is_done { "done" } else { "refused" }, false]);
            assert_eq!(result, expected, "{file} {page}");
            if is_conversation_part {
                visitor.wait_for_part_text("status", "Not connected").await;
            }
        }
    }
    visitor.browser.close().await;
}
