//! The widget does not change the page, whichever way it is embedded.

use pipit_e2e::{TestServer, Visitor};
use serde_json::json;

/// A script that runs first on each page and records the page's state without the widget.
const BEFORE: &str = r#"<script>
    window.outer = () => document.documentElement.cloneNode().outerHTML + document.body.cloneNode().outerHTML;
    window.globals = new Set([...Object.getOwnPropertyNames(window), "globals", "before"]);
    addEventListener("DOMContentLoaded", () => { window.before = outer(); });
</script>"#;

/// The ways to embed the chat: name, head and body of a page.
const WAYS: [(&str, &str, &str); 11] = [
    (
        "head",
        r#"<script src="/pipit/pipit.js" data-session-endpoint="/session"></script>"#,
        "",
    ),
    (
        "async",
        r#"<script async src="/pipit/pipit.js" data-session-endpoint="/session"></script>"#,
        "",
    ),
    (
        "deferred",
        r#"<script defer src="/pipit/pipit.js" data-session-endpoint="/session"></script>"#,
        "",
    ),
    (
        "module",
        r#"<script type="module" src="/pipit/pipit.js" data-session-endpoint="/session"></script>"#,
        "",
    ),
    (
        "body",
        "",
        r#"<script src="/pipit/pipit.js" data-session-endpoint="/session"></script>"#,
    ),
    (
        "twice",
        r#"<script async src="/pipit/pipit.js" data-session-endpoint="/session"></script>"#,
        r#"<script src="/pipit/pipit.js" data-session-endpoint="/session"></script>"#,
    ),
    (
        "tag-manager",
        "",
        r#"<script>addEventListener("load", () => {
            const tag = document.createElement("script");
            const urls = self.trustedTypes?.createPolicy("page", { createScriptURL: url => url });
            tag.src = urls ? urls.createScriptURL("/pipit/pipit.js") : "/pipit/pipit.js";
            tag.dataset.sessionEndpoint = "/session";
            document.head.append(tag);
        })</script>"#,
    ),
    (
        "element",
        r#"<script async src="/pipit/pipit.js"></script>"#,
        r#"<pipit-chat session-endpoint="/session" class="x" data-other="y"></pipit-chat>"#,
    ),
    (
        "element-later",
        r#"<script type="module" src="/npm/index.js"></script>"#,
        r#"<script type="module">
            const element = document.createElement("pipit-chat");
            element.config = { sessionEndpoint: "/session" };
            document.body.append(element);
            const { defineElement } = await import("/npm/index.js");
            defineElement();
        </script>"#,
    ),
    (
        "target",
        r#"<script async src="/pipit/pipit.js" data-session-endpoint="/session" data-target="main"></script>"#,
        "<main></main>",
    ),
    (
        "snippet",
        r#"<script>window.Pipit = { config: { sessionEndpoint: "/session" }, q: [["on", "ready", () => {}]] }</script>
           <script async src="/pipit/pipit.js"></script>"#,
        "",
    ),
];

fn page(head: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=en class=own><head>{BEFORE}{head}</head><body data-own>{body}</body></html>"
    )
}

/// Everything that the widget has added to the page, besides its element. Globals of the browser's driver do not count.
async fn traces(visitor: &Visitor) -> serde_json::Value {
    let script = "
        const files = performance.getEntriesByType('resource').map(it => new URL(it.name).pathname);
        return {
            files: [...new Set(files.filter(it => /^.(pipit|npm).(?!chunk-)/.test(it)))],
            globals: Object.getOwnPropertyNames(window).filter(it => !globals.has(it) && !/^(se_|ret_|cdc_)/.test(it)),
            stored: [sessionStorage.length, localStorage.length, document.cookie],
            outer: window.before === outer(),
            elements: document.querySelectorAll('pipit-chat').length,
            styles: document.querySelectorAll('style, link').length + document.adoptedStyleSheets.length,
        }";
    visitor.browser.script(script, vec![]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn each_way_of_embedding_works_and_adds_nothing_but_the_element() {
    let server = TestServer::with_page(&page("", "")).await;
    for (name, head, body) in WAYS {
        server.serve(&format!("{name}.html"), &page(head, body));
    }
    let visitor = server.visitor().await;
    for (name, ..) in WAYS {
        let url = format!("{}/{name}.html", server.site());
        visitor.browser.open_page(&url).await;
        visitor.part("launcher").await;
        let (file, globals) = match name {
            "element-later" => ("/npm/index.js", json!([])),
            _ => ("/pipit/pipit.js", json!(["Pipit"])),
        };
        let expected = json!({ "files": [file], "globals": globals, "stored": [0, 0, ""],
            "outer": true, "elements": 1, "styles": 0 });
        assert_eq!(traces(&visitor).await, expected, "{name}");
        visitor.start_chat().await;
        visitor.part("waiting").await;
        let forget = "document.querySelector('pipit-chat').chat.destroy(); sessionStorage.clear()";
        visitor.browser.script(forget, vec![]).await;
    }
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_chat_continues_when_the_page_moves_it_or_replaces_its_surroundings() {
    let head = r#"<script async src="/pipit/pipit.js" data-session-endpoint="/session"></script>"#;
    let server = TestServer::with_page(&page(head, "<main></main>")).await;
    let visitor = server.visitor().await;
    visitor.start_chat().await;
    visitor
        .wait_for_text(".place", "You are first in line")
        .await;
    visitor.send_message("hello").await;
    let messages = ["> hello".to_owned()];
    visitor.wait_for_conversation(&messages).await;
    let kept =
        "window.kept = document.querySelector('pipit-chat').shadowRoot.querySelector('.list')";
    visitor.browser.script(kept, vec![]).await;
    let is_kept = "return root.querySelector('.list') === window.kept";
    for change in [
        "document.querySelector('main').append(document.querySelector('pipit-chat'))",
        // This is what Turbo does.
        "const body = document.createElement('body'); body.append('Another page'); document.body.replaceWith(body)",
    ] {
        visitor.browser.script(change, vec![]).await;
        visitor.wait_for_conversation(&messages).await;
        assert_eq!(visitor.script(is_kept, "*").await, json!(true), "{change}");
    }
    // The page destroys the chat. The next chat on the page continues the conversation.
    visitor.browser.script("Pipit.destroy()", vec![]).await;
    visitor
        .browser
        .script("document.body.append(Object.assign(document.createElement('pipit-chat'), { config: { sessionEndpoint: '/session' } }))", vec![])
        .await;
    visitor.wait_for_conversation(&messages).await;
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_chat_works_inside_another_shadow_root() {
    let body = r##"<div id="app"></div><script>
        const root = document.querySelector("#app").attachShadow({ mode: "open" });
        const chat = document.createElement("pipit-chat");
        chat.setAttribute("session-endpoint", "/session");
        root.append(chat);
    </script>"##;
    let head = r#"<script async src="/pipit/pipit.js" data-load="manual"></script>"#;
    let server = TestServer::with_page(&page(head, body)).await;
    let visitor = server.visitor().await;
    let inner = "document.querySelector('#app').shadowRoot.querySelector('pipit-chat')?.shadowRoot";
    let read = async |script: &str| {
        visitor
            .browser
            .script(&format!("return {inner}?.{script}"), vec![])
            .await
    };
    visitor
        .browser
        .wait_until_equal("the launcher", json!("Chat"), async || {
            read("querySelector('button')?.ariaLabel").await
        })
        .await;
    read("querySelector('button').click()").await;
    visitor
        .browser
        .wait_until_equal("the panel", json!(true), async || {
            read("querySelector('dialog')?.open").await
        })
        .await;
    let count = "return document.querySelectorAll('pipit-chat').length";
    assert_eq!(
        visitor.browser.script(count, vec![]).await,
        json!(0),
        "no second one"
    );
    visitor.browser.close().await;
}
