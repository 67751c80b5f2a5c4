//! Markup that tries to do harm, drawn by the real widget: nothing of it runs, nothing is fetched,
//! and there is no element that the widget does not mean.

#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::expect_used,
    reason = "a test that cannot go on says so by a panic"
)]

#[path = "../crates/rich-text/corpus/reader.rs"]
#[allow(
    dead_code,
    reason = "what remains of a case is tested where it is read"
)]
mod corpus;
mod page;
mod server;

use js_sys::Promise;
use page::{Widget, function, next_frame, until};
use server::{Server, posted};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::Element;

wasm_bindgen_test_configure!(run_in_browser);

/// Whatever runs, asks another host or fails to load, now or later, is told in `window.alarms`.
const LISTEN: &str = "
    window.alarms = [];
    const ring = what => window.alarms.push(String(what));
    window.alarm = () => { ring('a script runs'); };
    const load = event => ring('loads ' + event.target.localName);
    it.addEventListener('load', load, true);
    it.addEventListener('error', load, true);
    new PerformanceObserver(list => {
        for (const entry of list.getEntries()) if (entry.name.includes('alarm.example')) ring(entry.name);
    }).observe({ type: 'resource', buffered: true });";

/// What in the bubble of the row `it` is not in the list: elements, and attributes on them.
const FOREIGN: &str = r"
    const allowed = {
        P: /^class=cut$|^translate=no$/, BR: /^$/, B: /^$/, I: /^$/, U: /^$/, CODE: /^$/,
        UL: /^$/, OL: /^$/, LI: /^$/, BLOCKQUOTE: /^$/,
        A: /^href=(https?:\/\/|mailto:|tel:)|^target=_blank$|^rel=noopener noreferrer$|^dir=auto$/,
        SMALL: /^class=host$|^dir=ltr$|^translate=no$/,
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
    let told = function(body).call1(&JsValue::NULL, it);
    told.expect("the page runs it")
}

fn alarms() -> Option<String> {
    call("return window.alarms.join('; ')", &JsValue::NULL).as_string()
}

#[wasm_bindgen_test]
async fn no_alarm_rings_and_nothing_foreign_is_drawn() {
    let (mut server, widget) = Server::with_ana().await;
    let list = widget.find(".list").await;
    call(LISTEN, &list);
    let cases: Vec<_> = corpus::cases().collect();
    assert!(cases.len() >= 200, "{} cases", cases.len());
    let messages = cases.iter().map(|case| posted(35, &case.html, true));
    server.tells(messages.collect()).await;
    server.says(["the end".to_owned()]).await;
    let rows = cases.len() + 2;
    until("a row a case", || {
        let drawn = list.query_selector_all(".row").ok()?;
        (drawn.length() as usize == rows).then_some(())
    })
    .await;
    // Ana's arrival has the first row.
    let drawn = list.query_selector_all(".row").expect("it is CSS");
    let drawn = (1..drawn.length()).filter_map(|index| drawn.get(index));
    for (case, row) in cases.iter().zip(drawn) {
        let foreign = call(FOREIGN, &row);
        assert_eq!(foreign, "", "{}: {}", case.name, case.html);
    }
    // What would only be asked for late: after some frames, and an answer of the network.
    for _ in 0..10 {
        next_frame().await;
    }
    let own = "const own = new Image(); return new Promise(done => { own.onerror = done; own.src = '/none' })";
    let own = Promise::resolve(&call(own, &JsValue::NULL));
    JsFuture::from(own).await.expect("a request ends");
    assert_eq!(alarms().as_deref(), Some(""));
}

#[wasm_bindgen_test]
async fn what_is_meant_well_is_drawn() {
    let (mut server, widget) = Server::with_ana().await;
    for (html, drawn) in [
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
        server.says_rich(html).await;
        bubble(&widget, drawn).await;
    }
    server.says_rich(&"ä".repeat(100_000)).await;
    widget.sees(".cut", "Message was cut").await;
}

#[wasm_bindgen_test]
async fn a_link_tells_the_host_to_which_it_leads() {
    let (mut server, widget) = Server::with_ana().await;
    for (address, text, told) in [
        (
            "https://evil.example/",
            "https://bank.example/",
            "(evil.example)",
        ),
        ("https://evil.example/", "our shop", "(evil.example)"),
        // A Cyrillic letter in the middle, and a number that is an address.
        (
            "https://b\u{430}nk.example/",
            "https://b\u{430}nk.example/",
            "(xn--bnk-6cd.example)",
        ),
        ("http://2130706433/", "http://2130706433/", "(127.0.0.1)"),
    ] {
        server
            .says_rich(&format!("<a href='{address}'>{text}</a> ."))
            .await;
        widget.sees(".row:last-child .host", told).await;
        widget.sees(".row:last-child a", text).await;
    }
    // What the browser takes for no address.
    server
        .says_rich("<a href='http://1.2.3.4.5/'>five</a>")
        .await;
    widget.sees(".row:last-child .bubble", "five").await;
    assert_eq!(widget.count(".row:last-child a"), 0);
}

#[wasm_bindgen_test]
async fn plain_text_is_to_the_letter_but_for_its_links() {
    let (mut server, widget) = Server::with_ana().await;
    let text = "<b>2 &lt; 3</b>\nsee https://shop.example/a, or\u{a0}www.shop.example";
    server.says([text.to_owned()]).await;
    widget.sees(".row:last-child .bubble", text).await;
    assert_eq!(widget.count(".row:last-child a"), 2);
    assert_eq!(widget.count(".row:last-child .bubble :not(a)"), 0);
}

/// Waits until the newest message is drawn like this.
async fn bubble(widget: &Widget, drawn: &str) {
    let is_drawn = |bubble: &Element| bubble.inner_html() == drawn;
    until(drawn, || {
        let bubble = widget.element(".row:last-child .bubble");
        bubble.filter(is_drawn).map(|_| ())
    })
    .await;
}
