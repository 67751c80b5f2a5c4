//! Pages and browsers that do not allow WebAssembly: the chat runs in a frame, or the launcher opens the fallback card.

use pipit_e2e::{AgentAtDesk, TestServer, Visitor, wait_for};
use serde_json::json;

/// HTML before the loader, and the code and a part of the message of the error that it causes. Each of these keeps the
/// panel's WebAssembly from running, and forbids frames.
const REFUSALS: [(&str, &str, &str); 3] = [
    (
        r#"<meta http-equiv="Content-Security-Policy" content="script-src 'self' 'unsafe-inline'; frame-src 'none'">"#,
        "E_WASM_BLOCKED",
        "'wasm-unsafe-eval' to script-src",
    ),
    (
        r#"<meta http-equiv="Content-Security-Policy" content="frame-src 'none'"><script>delete window.WebAssembly</script>"#,
        "E_WASM_BLOCKED",
        "this browser has no WebAssembly",
    ),
    (
        r#"<meta http-equiv="Content-Security-Policy" content="frame-src 'none'">
       <script>WebAssembly.compile = WebAssembly.compileStreaming = async () => { throw new WebAssembly.CompileError("no") }</script>"#,
        "E_CRASHED",
        "the panel could not be started: no",
    ),
];

const LISTENER: &str = r"<script>
    window.errors = [];
    const { error } = console;
    console.error = (failure) => { errors.push(`${failure.code} ${failure.message}`); error(failure) };
</script>";

const LOADER: &str = r#"<script src="/pipit/pipit.js" data-session-endpoint="/session" data-title="Fernhill" data-upload-endpoint="/upload"
    data-contact="Mon-Fri 9-5,tel:+123456,https://fernhill.example/help"></script>"#;

fn page(refusal: &str) -> String {
    format!(
        "<!doctype html><html lang=en><head>{refusal}{LISTENER}</head><body>{LOADER}</body></html>"
    )
}

/// A policy that allows scripts and forbids WebAssembly.
const REFUSAL: &str = r#"<meta http-equiv="Content-Security-Policy" content="script-src 'self' http://localhost:* 'unsafe-inline'">"#;

/// Records the texts of the widget's events.
const EVENT_LISTENER: &str = r#"<script>
    window.texts = [];
    for (const type of ["message-received", "chat-started", "widget-opened", "widget-closed"])
        addEventListener(`pipit-${type}`, ({ detail }) => texts.push(detail.text ?? detail.type));
</script>"#;

async fn script(visitor: &Visitor, script: &str) -> serde_json::Value {
    visitor.browser.script_async(script, vec![]).await
}

/// Holds a conversation by commands and events of the page.
async fn hold_conversation(server: &TestServer, visitor: &Visitor) -> AgentAtDesk {
    let send =
        "Pipit.send('hello').then(() => arguments[0](null), ({ code }) => arguments[0](code))";
    assert_eq!(script(visitor, send).await, json!(null));
    let agent = server.agent().await;
    agent.accept().await;
    agent.wait_for_last_message("> hello").await;
    agent.send_message("good day").await;
    let last_text = async || visitor.browser.script("return texts.at(-1)", vec![]).await;
    visitor
        .browser
        .wait_until_equal("the event", json!("good day"), last_text)
        .await;
    agent
}

#[tokio::test(flavor = "multi_thread")]
async fn without_wasm_and_frames_the_fallback_card_lists_other_ways_of_contact() {
    for (refusal, code, message) in REFUSALS {
        let server = TestServer::with_page(&page(refusal)).await;
        let visitor = server.visitor().await;
        visitor.open_panel().await;
        visitor
            .wait_for_text("[part~=mishap][role=alert] h3", "Chat can't run here")
            .await;
        let ways = "return seen.map(it => [it.textContent, it.getAttribute('href')])";
        let ways = visitor.script(ways, "[part~=contact]").await;
        let expected = json!([
            ["Mon-Fri 9-5", null],
            ["+123456", "tel:+123456"],
            ["fernhill.example/help", "https://fernhill.example/help"],
        ]);
        assert_eq!(ways, expected);
        assert_eq!(visitor.focused_part().await, "panel");
        assert_eq!(visitor.axe_violations().await, Vec::<String>::new());
        let errors = script(&visitor, "arguments[0](errors)").await.to_string();
        assert!(
            errors.contains(code) && errors.contains(message),
            "{errors}"
        );

        // The card can be closed by Escape and opened again.
        visitor.close_by_escape().await;
        visitor.open_panel().await;
        let send = "Pipit.send('hello').catch(({ code }) => arguments[0](code))";
        assert_eq!(script(&visitor, send).await, json!(code));

        // A page that changes attributes of the element causes no error each time.
        let attribute = "const count = errors.length;
            document.querySelector('pipit-chat').setAttribute('data-route', '/');
            requestAnimationFrame(() => requestAnimationFrame(() => arguments[0](errors.length - count)))";
        assert_eq!(script(&visitor, attribute).await, json!(0));
        visitor.browser.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn if_only_the_page_forbids_wasm_the_chat_runs_in_a_frame() {
    let server = TestServer::with_page(&page(&format!("{REFUSAL}{EVENT_LISTENER}"))).await;
    let visitor = server.visitor().await;
    visitor.open_panel().await;
    let inner = async |what: &str| {
        let script = format!(
            "const inner = document.querySelector('pipit-chat').shadowRoot.querySelector('iframe')
                ?.contentDocument?.querySelector('pipit-chat')?.shadowRoot;
             return inner?.{what}"
        );
        visitor.browser.script(&script, vec![]).await
    };
    let greeting = "querySelector('.welcome h3')?.textContent.trim()";
    visitor
        .browser
        .wait_until_equal(
            "the panel in the frame",
            json!("Hello! How can we help?"),
            async || inner(greeting).await,
        )
        .await;

    let agent = hold_conversation(&server, &visitor).await;
    let wrong = "Pipit.update({ theme: 'blue' }).catch(({ code }) => arguments[0](code))";
    assert_eq!(script(&visitor, wrong).await, json!("E_OPTION"));
    let state = "return [Pipit.getState().state, Pipit.getState().isOpen]";
    let state = visitor.browser.script(state, vec![]).await;
    assert_eq!(state, json!(["chatting", true]));

    // The page, not the frame, sends a file to the page's own address.
    let choose = "const inner = document.querySelector('pipit-chat').shadowRoot.querySelector('iframe').contentWindow;
        const field = inner.document.querySelector('pipit-chat').shadowRoot.querySelector('[part~=attach] input');
        const files = new inner.DataTransfer();
        files.items.add(new inner.File(['Where is it?'], 'order.txt'));
        field.files = files.files;
        field.dispatchEvent(new inner.Event('change', { bubbles: true }))";
    visitor.browser.script(choose, vec![]).await;
    wait_for("the file at the desk", || async {
        let last = agent.conversation().await.pop()?;
        last.contains("/files/1/order.txt").then_some(())
    })
    .await;

    // The panel is closed from within the frame. The launcher outside counts later messages.
    inner("querySelector('[part~=close]').click()").await;
    visitor.wait_until_gone("panel").await;
    agent.send_message("still there?").await;
    let badge = async || {
        visitor
            .script("return seen.map(it => it.dataset.count)", ".badge")
            .await
    };
    visitor
        .browser
        .wait_until_equal("the badge", json!(["1"]), badge)
        .await;

    // After a reload the conversation continues by itself.
    visitor.reload().await;
    let state = async || {
        let state = "return Pipit.getState().state";
        visitor.browser.script(state, vec![]).await
    };
    visitor
        .browser
        .wait_until_equal("the state", json!("chatting"), state)
        .await;
    visitor.open_panel().await;
    let last = "querySelector('[part~=list]').textContent.includes('still there?')";
    visitor
        .browser
        .wait_until_equal("the conversation", json!(true), async || inner(last).await)
        .await;
    let destroyed =
        "Pipit.destroy().then(() => arguments[0](document.querySelectorAll('pipit-chat').length))";
    assert_eq!(script(&visitor, destroyed).await, json!(0));
    agent.browser.close().await;
    visitor.browser.close().await;
}

/// With two origins neither side can access the other's document. The page still fetches the session.
#[tokio::test(flavor = "multi_thread")]
async fn the_frame_may_be_of_another_origin() {
    let server = TestServer::with_page("").await;
    server.list_frame_origins("listed", &server.site());
    let host = format!("{}/listed/", server.other_origin());
    let page = page(&format!("{REFUSAL}{EVENT_LISTENER}")).replace("/pipit/", &host);
    server.serve("index.html", &page);
    let visitor = server.visitor().await;
    visitor.open_panel().await;
    let agent = hold_conversation(&server, &visitor).await;
    let reached =
        "const frame = document.querySelector('pipit-chat').shadowRoot.querySelector('iframe');
        return [new URL(frame.src).hostname, frame.contentDocument]";
    let reached = visitor.browser.script(reached, vec![]).await;
    assert_eq!(reached, json!(["localhost", null]));
    agent.browser.close().await;
    visitor.browser.close().await;
}

/// Takes away what an old browser does not have. Each script ends with a name of what is missing.
const OLD_BROWSERS: [&str; 4] = [
    "window.CSSStyleSheet = function () { throw new TypeError('Illegal constructor') }",
    "const { supports } = CSS; CSS.supports = (...given) => !`${given}`.includes('light-dark') && supports.apply(CSS, given)",
    "delete window.HTMLDialogElement",
    "delete Document.prototype.adoptedStyleSheets; delete ShadowRoot.prototype.adoptedStyleSheets; delete window.CSSStyleSheet;
     delete window.HTMLDialogElement; CSS.supports = () => false",
];

#[tokio::test(flavor = "multi_thread")]
async fn in_an_old_browser_the_launcher_opens_the_fallback_card_and_the_page_gets_no_exception() {
    let tag = r#"<script src="/pipit/pipit.js" data-session-endpoint="/session" data-contact="tel:+123456"></script>"#;
    let package = "<script type=module>import { createChat } from '/npm/index.js';
        try { createChat({ sessionEndpoint: '/session', contact: 'tel:+123456' }) } catch (error) { failures.push(`${error}`) }</script>";
    let server = TestServer::with_page("").await;
    let visitor = server.visitor().await;
    for (number, removal) in OLD_BROWSERS.iter().enumerate() {
        for (form, loader) in [("tag", tag), ("package", package)] {
            let html = format!(
                "<!doctype html><html lang=en><head><script>window.failures = [];
                 for (const type of ['error', 'unhandledrejection'])
                    addEventListener(type, ({{ message, reason }}) => failures.push(`${{message ?? reason}}`));
                 {removal}</script></head><body>{loader}</body></html>"
            );
            let name = format!("old-{number}-{form}.html");
            server.serve(&name, &html);
            visitor
                .browser
                .open_page(&format!("{}/{name}", server.site()))
                .await;
            visitor.open_panel().await;
            visitor
                .wait_for_text("[part~=mishap][role=alert] h3", "Chat can't run here")
                .await;
            let ways = "return seen.map(it => it.getAttribute('href'))";
            let ways = visitor.script(ways, "[part~=contact]").await;
            assert_eq!(ways, json!(["tel:+123456"]), "{name}");
            let rejection = "Pipit.send('hello')";
            let rejection = if form == "tag" {
                rejection
            } else {
                "document.querySelector('pipit-chat').chat.send('hello')"
            };
            let rejection = format!("{rejection}.catch(({{ code }}) => arguments[0](code))");
            assert_eq!(
                script(&visitor, &rejection).await,
                json!("E_BROWSER"),
                "{name}"
            );
            let failures = visitor.browser.script("return failures", vec![]).await;
            assert_eq!(failures, json!([]), "{name}");
            visitor.close_by_escape().await;
        }
    }
    visitor.browser.close().await;
}
