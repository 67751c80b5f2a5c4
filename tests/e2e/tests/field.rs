//! Pages that broke chat widgets in the wild. Each case is a folder in `tests/field`: `page.html` was reduced from a public
//! report, and `source.txt` names the report.

use std::fs;
use std::path::Path;

use pipit_e2e::{TestServer, Visitor};
use serde_json::{Value, json};

/// Returns the page of a case.
fn page_of(case: &str) -> String {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../field");
    fs::read_to_string(cases.join(case).join("page.html")).expect("the case has a page")
}

/// Waits until the body of a script returns this value in the page.
async fn wait_for_value(visitor: &Visitor, script: &str, expected: Value) {
    let check = async || visitor.browser.script(script, vec![]).await;
    visitor
        .browser
        .wait_until_equal(script, expected, check)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_malformed_language_does_not_keep_the_panel_from_opening() {
    let page = page_of("01-malformed-language-tag");
    let lang = "lang=\"en_US.UTF-8\"";
    let script = "<script async";
    let languages = |value: &str| {
        format!(
            "<script>Object.defineProperty(navigator, 'languages', {{ value: {value} }})</script>{script}"
        )
    };
    let variants = [
        ("unix", lang, lang.to_owned()),
        ("posix", lang, "lang=\"C\"".to_owned()),
        ("dash", lang, "lang=\"en-\"".to_owned()),
        ("template", lang, "lang=\"{{ lang }}\"".to_owned()),
        ("prototype", lang, "lang=\"constructor\"".to_owned()),
        (
            "option",
            script,
            format!("{script} data-locale=\"en_US.UTF-8\""),
        ),
        ("browser", script, languages("['en_US.UTF-8', 'C']")),
        ("unknown", script, languages("undefined")),
    ];
    let server = TestServer::with_page(&page).await;
    for (name, before, after) in &variants {
        server.serve(&format!("{name}.html"), &page.replacen(before, after, 1));
    }
    let visitor = server.visitor().await;
    for (name, ..) in &variants {
        let url = format!("{}/{name}.html", server.site());
        visitor.browser.open_page(&url).await;
        visitor.open_panel().await;
        visitor.wait_for_part_text("start", "Start chat").await;
        // The tab stores that the panel is open. Without this line, the next page would open it again.
        let forget = "document.querySelector('pipit-chat').chat.destroy(); sessionStorage.clear()";
        visitor.browser.script(forget, vec![]).await;
    }
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_host_may_destroy_the_chat_while_a_message_is_drawn() {
    let page = page_of("24-destroyed-while-drawing");
    let server = TestServer::with_page(&page).await;
    let visitor = server.visitor().await;
    let collect_errors = "window.errors = [];
        addEventListener('error', ({ message }) => errors.push(message));
        addEventListener('unhandledrejection', ({ reason }) => errors.push(`${reason}`))";
    visitor.browser.script(collect_errors, vec![]).await;
    visitor.start_chat().await;
    let agent = server.agent().await;
    // The greeting is the first message that `beforeRender` gets.
    agent.accept().await;
    let chats = "return document.querySelectorAll('pipit-chat').length";
    wait_for_value(&visitor, chats, json!(0)).await;
    // The next chat of the page needs the lock that makes its tab the leader.
    let held_locks = "const done = arguments[arguments.length - 1];
        navigator.locks.query().then(({ held }) => done(held.filter(({ name }) => name.startsWith('pipit.')).length))";
    let check = async || visitor.browser.script_async(held_locks, vec![]).await;
    visitor
        .browser
        .wait_until_equal("no lock is held", json!(0), check)
        .await;
    let errors = visitor.browser.script("return errors", vec![]).await;
    assert_eq!(errors, json!([]));
    visitor.browser.close().await;
}
