//! Hostile markup, rendered by the real widget: no script runs, nothing is fetched, and only allowed elements and
//! attributes are in the document.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::expect_used, reason = "a test that cannot continue panics")]

#[path = "../crates/rich-text/corpus/reader.rs"]
#[allow(dead_code, reason = "only the markup of a case is used here")]
mod corpus;
mod page;
mod server;

use js_sys::Promise;
use page::{Widget, function, next_frame, object, wait_until};
use server::{FakeServer, posted_message};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::Element;

wasm_bindgen_test_configure!(run_in_browser);

/// Collects in `window.alarms` every script that runs, every load, and every request to another host, now or later.
const WATCH: &str = "
    window.alarms = [];
    const report = what => window.alarms.push(String(what));
    window.alarm = () => { report('a script runs'); };
    const load = event => report('loads ' + event.target.localName);
    it.addEventListener('load', load, true);
    it.addEventListener('error', load, true);
    new PerformanceObserver(list => {
        for (const entry of list.getEntries()) if (entry.name.includes('alarm.example')) report(entry.name);
    }).observe({ type: 'resource', buffered: true });";

/// Returns the elements and attributes in the bubble of the row `it` that are not allowed.
const FOREIGN: &str = r"
    const allowed = {
        P: /^class=cut-note$|^translate=no$/, BR: /^$/, B: /^$/, I: /^$/, U: /^$/, CODE: /^$/,
        UL: /^$/, OL: /^$/, LI: /^$/, BLOCKQUOTE: /^$/,
        A: /^href=(https?:\/\/|mailto:|tel:)|^target=_blank$|^rel=noopener noreferrer$|^dir=auto$/,
        SMALL: /^class=link-host$|^dir=ltr$|^translate=no$/,
    };
    const foreign = [];
    for (const element of it.querySelectorAll('.bubble *')) {
        const rule = element.namespaceURI === 'http://www.w3.org/1999/xhtml' && allowed[element.tagName];
        if (!rule) foreign.push('<' + element.localName + '>');
        else for (const { name, value } of element.attributes) {
            if (!rule.test(name + '=' + value)) foreign.push(element.localName + ' ' + name + '=' + value);
        }
        if (element.tagName === 'A' && element.rel !== 'noopener noreferrer') foreign.push('a link with an opener');
    }
    return foreign.join(', ');";

fn call(body: &str, it: &JsValue) -> JsValue {
    let result = function(body).call1(&JsValue::NULL, it);
    result.expect("the script runs")
}

fn alarms() -> Option<String> {
    call("return window.alarms.join('; ')", &JsValue::NULL).as_string()
}

#[wasm_bindgen_test]
async fn hostile_markup_runs_nothing_and_adds_no_foreign_element() {
    let (mut server, widget) = FakeServer::with_chat().await;
    let list = widget.wait_for(".list").await;
    call(WATCH, &list);
    let cases: Vec<_> = corpus::cases().collect();
    assert!(cases.len() >= 200, "{} cases", cases.len());
    let messages = cases
        .iter()
        .map(|case| posted_message(35, &case.html, true));
    server.deliver(messages.collect()).await;
    server.agent_posts(["the end".to_owned()]).await;
    let row_count = cases.len() + 2;
    wait_until("one row for each case", || {
        let drawn = list.query_selector_all(".row").ok()?;
        (drawn.length() as usize == row_count).then_some(())
    })
    .await;
    // The first row is the notice that Ana joined.
    let rows = list
        .query_selector_all(".row")
        .expect("the selector is valid");
    let message_rows = (1..rows.length()).filter_map(|index| rows.get(index));
    for (case, row) in cases.iter().zip(message_rows) {
        let foreign = call(FOREIGN, &row);
        assert_eq!(foreign, "", "{}: {}", case.name, case.html);
    }
    // Waits for late requests: some frames, and until a request of our own has failed.
    for _ in 0..10 {
        next_frame().await;
    }
    let request = "const image = new Image(); return new Promise(done => { image.onerror = done; image.src = '/none' })";
    let answered = Promise::resolve(&call(request, &JsValue::NULL));
    JsFuture::from(answered).await.expect("the request ends");
    assert_eq!(alarms().as_deref(), Some(""));
}

#[wasm_bindgen_test]
async fn allowed_markup_is_rendered() {
    let (mut server, widget) = FakeServer::with_chat().await;
    for (html, expected) in [
        (
            "Hi&nbsp;<span style='font-weight:bold'>you</span><br>there",
            "<p>Hi&nbsp;<b>you</b><br>there</p>",
        ),
        (
            "<ul><li>one<li><i><u>two</u></i></ul><blockquote><code>x &lt; y</code></blockquote>",
            "<ul><li><p>one</p></li><li><p><i><u>two</u></i></p></li></ul>\
             <blockquote><p><code>x &lt; y</code></p></blockquote>",
        ),
        (
            "<a href='https://shop.example/a'>https://shop.example/a</a>",
            "<p><a href=\"https://shop.example/a\" target=\"_blank\" rel=\"noopener noreferrer\" dir=\"auto\">\
             https://shop.example/a</a></p>",
        ),
    ] {
        server.agent_posts_html(html).await;
        wait_for_bubble(&widget, expected).await;
    }
    server.agent_posts_html(&"ä".repeat(100_000)).await;
    widget.wait_for_text(".cut-note", "Message was cut").await;
    // The note follows a change of the language, and English replaces the texts of another language.
    let german = object(&[("messageCut", "Nachricht wurde gekürzt".into())]);
    for (locale, language, note) in [
        ("de", german, "Nachricht wurde gekürzt"),
        ("en", JsValue::UNDEFINED, "Message was cut"),
    ] {
        let options = object(&[("locale", locale.into()), ("language", language)]);
        pipit::call("update", &options).expect("the options can change");
        widget.wait_for_text(".cut-note", note).await;
    }
}

#[wasm_bindgen_test]
async fn a_link_shows_the_host_that_it_opens() {
    let (mut server, widget) = FakeServer::with_chat().await;
    for (address, text, host) in [
        (
            "https://evil.example/",
            "https://bank.example/",
            "(evil.example)",
        ),
        ("https://evil.example/", "our shop", "(evil.example)"),
        // A host with a Cyrillic letter, and a number that the browser reads as an IP address.
        (
            "https://b\u{430}nk.example/",
            "https://b\u{430}nk.example/",
            "(xn--bnk-6cd.example)",
        ),
        ("http://2130706433/", "http://2130706433/", "(127.0.0.1)"),
    ] {
        server
            .agent_posts_html(&format!("<a href='{address}'>{text}</a> ."))
            .await;
        widget
            .wait_for_text(".row:last-child .link-host", host)
            .await;
        widget.wait_for_text(".row:last-child a", text).await;
    }
    // An address that the browser does not accept.
    server
        .agent_posts_html("<a href='http://1.2.3.4.5/'>five</a>")
        .await;
    widget
        .wait_for_text(".row:last-child .bubble", "five")
        .await;
    assert_eq!(widget.count(".row:last-child a"), 0);
}

#[wasm_bindgen_test]
async fn plain_text_is_shown_unchanged_except_for_its_links() {
    let (mut server, widget) = FakeServer::with_chat().await;
    let text = "<b>2 &lt; 3</b>\nsee https://shop.example/a, or\u{a0}www.shop.example";
    server.agent_posts([text.to_owned()]).await;
    widget.wait_for_text(".row:last-child .bubble", text).await;
    assert_eq!(widget.count(".row:last-child a"), 2);
    assert_eq!(widget.count(".row:last-child .bubble :not(a)"), 0);
}

/// Waits until the newest message has this markup.
async fn wait_for_bubble(widget: &Widget, expected: &str) {
    let is_expected = |bubble: &Element| bubble.inner_html() == expected;
    wait_until(expected, || {
        let bubble = widget.element(".row:last-child .bubble");
        bubble.filter(is_expected).map(|_| ())
    })
    .await;
}
