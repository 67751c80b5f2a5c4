//! The saved transcript: a text file, and an HTML page that contains only text.

use pipit_e2e::{TestServer, Visitor};
use serde_json::json;

/// A script that keeps each downloaded file in the page.
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

/// Clicks a part and returns the name and content of the file that it downloads.
async fn download(visitor: &Visitor, part: &str) -> (String, String) {
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
async fn a_conversation_is_saved_as_text_and_as_a_page_without_scripts() {
    let server = TestServer::start().await;
    let visitor = server.visitor().await;
    visitor.start_chat().await;
    let agent = server.agent().await;
    agent.accept().await;
    visitor.send_message(HOSTILE).await;
    agent.wait_for_last_message(&format!("> {HOSTILE}")).await;
    agent.send_message("Good day.").await;
    visitor.wait_for_last_message("< Good day.").await;

    visitor.click("more").await;
    let (name, text) = download(&visitor, "save-text").await;
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
    let (name, page) = download(&visitor, "save").await;
    assert_eq!(name, "chat.html");
    let read = "
        const files = self.trustedTypes?.createPolicy('page', { createHTML: text => text });
        const page = new DOMParser().parseFromString(files?.createHTML(arguments[0]) ?? arguments[0], 'text/html');
        const kinds = new Set([...page.querySelectorAll('*')].map(it => it.localName));
        return [[...kinds].sort(), [...page.querySelectorAll('.mine p')].map(it => it.textContent)]";
    // A saved page is opened from disk, without the policy of this site, which its inline style would violate.
    visitor.browser.open_page("about:blank").await;
    let result = visitor.browser.script(read, vec![json!(page)]).await;
    let kinds = [
        "bdi", "body", "h1", "h2", "head", "html", "meta", "p", "section", "style", "time", "title",
    ];
    assert_eq!(result, json!([kinds, [HOSTILE]]));
    agent.browser.close().await;
    visitor.browser.close().await;
}
