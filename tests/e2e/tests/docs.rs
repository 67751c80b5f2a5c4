//! The examples of the documentation work as printed, and with the policy that it recommends.

use std::fs;
use std::path::Path;

use pipit_e2e::TestServer;
use serde_json::json;

/// The examples of a document that can be put into a page, with the test's addresses in place of the examples'.
fn examples(document: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(document);
    let text = fs::read_to_string(path).expect("the document is there");
    let files = TestServer::widget_files();
    let first = files.iter().find(|file| file["name"] == "pipit.js");
    let integrity = first.and_then(|file| file["integrity"].as_str());
    let integrity = integrity.expect("the loader's is known").to_owned();
    let blocks = text.split("```").skip(1).step_by(2);
    let pages = blocks.filter_map(|block| {
        let program = block
            .strip_prefix("js\n")
            .filter(|it| it.starts_with("import"));
        let program = program.map(|it| format!("<main></main><script type=module>{it}</script>"));
        block.strip_prefix("html\n").map(str::to_owned).or(program)
    });
    pages
        .map(|block| {
            block
                .replace("https://your-cdn.example/pipit/", "/pipit/")
                .replace("\"pipit-chat\"", "\"/npm/index.js\"")
                .replace("/chat-session", "/session")
                .replace("sha256-…", &integrity)
        })
        .collect()
}

fn page(head: &str) -> String {
    format!("<!doctype html><html><head>{head}</head><body></body></html>")
}

#[tokio::test(flavor = "multi_thread")]
async fn each_example_starts_a_chat() {
    let documents = [
        "README.md",
        "docs/embed.md",
        "docs/logout.md",
        "docs/add-a-language.md",
    ];
    let examples: Vec<_> = documents.into_iter().flat_map(examples).collect();
    assert_eq!(examples.len(), 15, "{examples:?}");
    for example in examples {
        let session = "<script>const fetchMySession = () =>
            fetch('/session', { method: 'POST' }).then(answer => answer.json())</script>";
        let server = TestServer::with_page(&page(&format!("{session}{example}"))).await;
        let visitor = server.visitor().await;
        visitor.start_chat().await;
        visitor
            .wait_for_text(".place", "You are first in line")
            .await;
        visitor.browser.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_documented_policy_is_sufficient() {
    let example = examples("README.md").remove(0);
    // The policy allows every port of this machine as the chat server, because the sandbox's port is not known yet.
    let policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
        connect-src 'self' http://127.0.0.1:*; require-trusted-types-for 'script'";
    let head = format!(
        "<meta http-equiv=Content-Security-Policy content=\"{policy}\">\
         <script src=listen.js></script>{example}"
    );
    let server = TestServer::with_page(&page(&head)).await;
    server.serve(
        "listen.js",
        // The browser requests the page's icon by itself.
        "window.refused = []; document.addEventListener('securitypolicyviolation', event => {
            if (!event.blockedURI.endsWith('/favicon.ico'))
                window.refused.push(event.violatedDirective + ' ' + event.blockedURI) })",
    );
    let visitor = server.visitor().await;
    visitor.start_chat().await;
    visitor
        .wait_for_text(".place", "You are first in line")
        .await;
    visitor.send_message("hello").await;
    visitor
        .wait_for_part_text("state", "Waiting for the agent")
        .await;
    let refused = visitor
        .browser
        .script("return window.refused", vec![])
        .await;
    assert_eq!(refused, json!([]));
    visitor.browser.close().await;
}
