//! What the visitor keeps of a conversation: as text, and as a page that holds nothing but text.

use pipit_e2e::{Visitor, World};
use serde_json::json;

/// Keeps each file that is offered, instead of the browser.
const CATCH: &str = "
    window.files = [];
    const blobs = new Map();
    const make = URL.createObjectURL;
    URL.createObjectURL = blob => { const url = make.call(URL, blob); blobs.set(url, blob); return url };
    HTMLAnchorElement.prototype.click = function () {
        const name = this.download;
        blobs.get(this.href).text().then(text => window.files.push([name, text]));
    };";

const HOSTILE: &str = "<img src=//alarm.example onerror=alarm(1)> \"'&amp;";

/// The file that comes when a part is pressed.
async fn file(visitor: &Visitor, part: &str) -> (String, String) {
    visitor.browser.script(CATCH, vec![]).await;
    visitor.click(part).await;
    let look = async || {
        let count = visitor.browser.script("return window.files.length", vec![]);
        count.await
    };
    visitor
        .browser
        .wait_until_equal("a file", json!(1), look)
        .await;
    let file = visitor.browser.script("return window.files[0]", vec![]);
    serde_json::from_value(file.await).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_is_kept_as_text_and_as_a_page_that_runs_nothing() {
    let world = World::start().await;
    let visitor = world.visitor().await;
    visitor.start_chat().await;
    let agent = world.agent().await;
    agent.accept().await;
    visitor.send_message(HOSTILE).await;
    agent.wait_for_last_message(&format!("> {HOSTILE}")).await;
    agent.send_message("Good day.").await;
    visitor.wait_for_last_message("< Good day.").await;

    visitor.click("more").await;
    let (name, text) = file(&visitor, "save-text").await;
    assert_eq!(name, "chat.txt");
    let said: Vec<_> = text
        .lines()
        .filter_map(|line| Some(line.split_once("] ")?.1))
        .collect();
    let greeting = "Ana Marques: Hi, this is Ana Marques. How can I help you?";
    let own = format!("You: {HOSTILE}");
    assert_eq!(
        said,
        [
            "Ana Marques joined",
            greeting,
            &own,
            "Ana Marques: Good day."
        ]
    );

    agent.click("conclude").await;
    let (name, page) = file(&visitor, "save").await;
    assert_eq!(name, "chat.html");
    let read = "
        const files = self.trustedTypes?.createPolicy('page', { createHTML: text => text });
        const page = new DOMParser().parseFromString(files?.createHTML(arguments[0]) ?? arguments[0], 'text/html');
        const kinds = new Set([...page.querySelectorAll('*')].map(it => it.localName));
        return [[...kinds].sort(), [...page.querySelectorAll('.mine p')].map(it => it.textContent)]";
    // Opened from a disk it is under no page's policy, which its own style would not pass.
    visitor.browser.open_page("about:blank").await;
    let told = visitor.browser.script(read, vec![json!(page)]).await;
    let kinds = [
        "bdi", "body", "h1", "h2", "head", "html", "meta", "p", "section", "style", "time", "title",
    ];
    assert_eq!(told, json!([kinds, [HOSTILE]]));
    agent.browser.close().await;
    visitor.browser.close().await;
}
