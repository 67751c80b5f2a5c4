//! A good guest: in whichever way the widget comes onto a page, the page stays as it was.

use pipit_e2e::{Visitor, World};
use serde_json::json;

/// Before all else on each page: what there was without the widget.
const BEFORE: &str = r#"<script>
    window.outer = () => document.documentElement.cloneNode().outerHTML + document.body.cloneNode().outerHTML;
    window.globals = new Set([...Object.getOwnPropertyNames(window), "globals", "before"]);
    addEventListener("DOMContentLoaded", () => { window.before = outer(); });
</script>"#;

/// The ways in: name, head, body.
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

/// What the widget has left on the page, besides its element. Some globals are the browser's driver's.
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
async fn in_each_way_it_leaves_nothing_but_its_element_and_works() {
    let world = World::with_page(&page("", "")).await;
    for (name, head, body) in WAYS {
        world.serve(&format!("{name}.html"), &page(head, body));
    }
    let visitor = world.visitor().await;
    for (name, ..) in WAYS {
        let url = format!("{}/{name}.html", world.site());
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
async fn it_goes_on_where_the_page_moves_it_or_changes_around_it() {
    let head = r#"<script async src="/pipit/pipit.js" data-session-endpoint="/session"></script>"#;
    let world = World::with_page(&page(head, "<main></main>")).await;
    let visitor = world.visitor().await;
    visitor.start_chat().await;
    visitor
        .wait_for_text(".place", "You are first in line")
        .await;
    visitor.send_message("hello").await;
    let said = ["> hello".to_owned()];
    visitor.wait_for_conversation(&said).await;
    let kept =
        "window.kept = document.querySelector('pipit-chat').shadowRoot.querySelector('.list')";
    visitor.browser.script(kept, vec![]).await;
    let is_kept = "return root.querySelector('.list') === window.kept";
    for change in [
        "document.querySelector('main').append(document.querySelector('pipit-chat'))",
        // As Turbo does it.
        "const body = document.createElement('body'); body.append('Another page'); document.body.replaceWith(body)",
    ] {
        visitor.browser.script(change, vec![]).await;
        visitor.wait_for_conversation(&said).await;
        assert_eq!(visitor.script(is_kept, "*").await, json!(true), "{change}");
    }
    // Whoever takes it away means it; and what comes next goes on with the conversation.
    visitor
        .browser
        .script("document.querySelector('pipit-chat').remove()", vec![])
        .await;
    visitor
        .browser
        .script("document.body.append(Object.assign(document.createElement('pipit-chat'), { config: { sessionEndpoint: '/session' } }))", vec![])
        .await;
    visitor.wait_for_conversation(&said).await;
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn inside_another_shadow_root_it_works_too() {
    let body = r##"<div id="app"></div><script>
        const root = document.querySelector("#app").attachShadow({ mode: "open" });
        const chat = document.createElement("pipit-chat");
        chat.setAttribute("session-endpoint", "/session");
        root.append(chat);
    </script>"##;
    let head = r#"<script async src="/pipit/pipit.js" data-load="manual"></script>"#;
    let world = World::with_page(&page(head, body)).await;
    let visitor = world.visitor().await;
    let inner = "document.querySelector('#app').shadowRoot.querySelector('pipit-chat')?.shadowRoot";
    let look = async |script: &str| {
        visitor
            .browser
            .script(&format!("return {inner}?.{script}"), vec![])
            .await
    };
    visitor
        .browser
        .wait_until_equal("the launcher", json!("Chat"), async || {
            look("querySelector('button')?.ariaLabel").await
        })
        .await;
    look("querySelector('button').click()").await;
    visitor
        .browser
        .wait_until_equal("the panel", json!(true), async || {
            look("querySelector('dialog')?.open").await
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
