//! Hostile markup and texts, rendered by the real widget: no script runs, nothing is fetched, only allowed elements and
//! attributes are in the document, no message adds too much to it, and nothing pretends to be something else.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::expect_used, reason = "a test that cannot continue panics")]

#[path = "../crates/rich-text/corpus/reader.rs"]
#[allow(dead_code, reason = "only the markup of a case is used here")]
mod corpus;
mod page;
mod server;

use js_sys::Promise;
use page::{Widget, function, next_frame, object, wait_until};
use serde_json::json;
use server::{FakeServer, posted_message};
use wasm_bindgen::{JsCast as _, JsValue};
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
        UL: /^$/, OL: /^start=\d+$/, LI: /^$/, BLOCKQUOTE: /^$/,
        DIV: /^tabindex=-1$/, BUTTON: /^part=show-all$|^type=button$/,
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
    widget.click("[part~=show-all]").await;
    widget
        .wait_for_text(".cut-note", "Message was shortened")
        .await;
    // The note follows a change of the language, and English replaces the texts of another language.
    let german = object(&[("messageCut", "Nachricht wurde gekürzt".into())]);
    for (locale, language, note) in [
        ("de", german, "Nachricht wurde gekürzt"),
        ("en", JsValue::UNDEFINED, "Message was shortened"),
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
        (
            "https://evil.example/",
            "https://evil.example:x@bank.example/",
            "(evil.example)",
        ),
        (
            "https://evil.example/",
            "evil.example/\u{2800}bank.example",
            "(evil.example)",
        ),
        (
            "mailto:eve@evil.example",
            "help@bank.example",
            "(eve@evil.example)",
        ),
        (
            "mailto:eve@b\u{430}nk.example",
            "eve@b\u{430}nk.example",
            "(eve@xn--bnk-6cd.example)",
        ),
        ("tel:+1900123", "+49 30 123", "(+1900123)"),
    ] {
        server
            .agent_posts_html(&format!("<a href='{address}'>{text}</a> ."))
            .await;
        widget
            .wait_for_text(".row:last-child .link-host", host)
            .await;
        widget.wait_for_text(".row:last-child a", text).await;
    }
    // Over two lines, and two links side by side that look like one.
    for (html, hosts) in [
        (
            "<a href='https://evil.example/'>evil.example/<br>bank.example</a>",
            vec!["(evil.example)"],
        ),
        (
            "<a href='https://bank.example/'>https://bank.example/</a><a href='https://evil.example/'>evil.example/</a>",
            vec!["(bank.example)", "(evil.example)"],
        ),
        (
            "https://bank.example.<b><a href='https://evil.example/'>evil.example</a></b>",
            vec!["(bank.example)", "(evil.example)"],
        ),
    ] {
        server.agent_posts_html(html).await;
        wait_until(html, || {
            (widget.texts(".row:last-child .link-host") == hosts).then_some(())
        })
        .await;
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

/// The most elements and characters that a message may add before the visitor asks for all of it. A portion has at most
/// 3,000 characters and 300 nodes; an address that follows them may be longer, and some nodes need two elements.
const MAX_ELEMENTS: u32 = 650;
const MAX_SHOWN_CHARS: usize = 6_000;

/// Texts that freeze a browser, or nearly, if it draws all of them: each is a beginning, a part that is repeated, and how
/// often.
const EXPENSIVE_TEXTS: [(&str, &str, usize); 20] = [
    ("", "a", 1_000_000),
    ("", "lorem ipsum ", 80_000),
    ("", "\n", 100_000),
    ("", "x\r\n", 100_000),
    ("", "x\u{2028}", 60_000),
    ("Z", "\u{301}", 64_000),
    ("Z", "\u{20dd}", 64_000),
    ("\u{915}", "\u{93e}", 64_000),
    ("", "\u{1100}", 64_000),
    ("", "\u{1f468}\u{200d}", 32_000),
    ("\u{1f44d}", "\u{1f3fb}", 32_000),
    ("a", "\u{fe0f}", 64_000),
    ("\u{1f3f4}", "\u{e0067}", 32_000),
    ("", "\u{202e}a", 32_000),
    ("", "a\u{5d0}", 32_000),
    ("", "\u{628}", 64_000),
    ("", "\t", 64_000),
    ("", "https://a.example/ ", 4_000),
    ("", "a@", 32_000),
    ("www.a.b", "(", 64_000),
];

/// HTML messages of the same kind.
const EXPENSIVE_HTML: [(&str, &str, usize); 14] = [
    ("", "&", 100_000),
    ("", "&amp", 16_000),
    ("", "<a href=https://a.example/><p>x", 4_000),
    ("", "<a href=https://a.example/>x</a>y", 2_000),
    ("<b><i><u>", "<p>x", 16_000),
    ("", "<ul><li>x", 7_000),
    ("", "<blockquote>x", 5_000),
    ("", "x<br>", 13_000),
    ("", "<b>a</b><i>b</i>", 4_000),
    ("Z", "&#x301;", 9_000),
    ("<pre>", "&#10;x", 10_000),
    ("<table>", "<tr><td>x", 7_000),
    ("<ol>", "<li>x", 5_000),
    ("", "\u{628}", 64_000),
];

#[wasm_bindgen_test]
async fn no_message_adds_more_than_a_portion_until_the_visitor_asks() {
    let (mut server, widget) = FakeServer::with_chat().await;
    let texts = EXPENSIVE_TEXTS.iter().map(|shape| (shape, false));
    let shapes = texts.chain(EXPENSIVE_HTML.iter().map(|shape| (shape, true)));
    for (number, ((start, part, count), is_html)) in shapes.enumerate() {
        let text = start.to_string() + &part.repeat(*count);
        server
            .deliver(vec![
                posted_message(35, &text, is_html),
                posted_message(35, "the end", false),
            ])
            .await;
        let row_count = 2 * number + 3;
        wait_until("two further rows", || {
            (widget.count(".row") as usize == row_count).then_some(())
        })
        .await;
        let rows = widget.wait_for(".list").await.query_selector_all(".row");
        let rows = rows.expect("the selector is valid");
        let row: Element = rows
            .get(rows.length() - 2)
            .and_then(|row| row.dyn_into().ok())
            .expect("the row of the message");
        let elements = row.query_selector_all("*").expect("the selector is valid");
        assert!(
            elements.length() <= MAX_ELEMENTS,
            "{part:?}: {} elements",
            elements.length()
        );
        let shown = row.text_content().unwrap_or_default().chars().count();
        assert!(shown <= MAX_SHOWN_CHARS, "{part:?}: {shown} characters");
    }
    // Names, file names, greetings and the server's own texts.
    let hostile = "Z".to_owned() + &"\u{301}".repeat(64_000) + &"\nx".repeat(100_000);
    let before = widget.count(".row") as usize;
    server.agent_joins(&hostile, 36).await;
    let greeting = json!({ "messageName": "RNEngagementParticipantAddedMessage", "name": "Bob", "greeting": hostile,
        "role": "CONFEREE", "clientId": 37, "clientIdString": "37" });
    let file = json!({ "messageName": "RNEngagementFileAttachmentMessage", "clientId": 35, "userFileName": hostile,
        "fileSize": 5 });
    let error =
        json!({ "messageName": "RNEngagementConsumerErrorOccurredMessage", "text": hostile });
    server.deliver(vec![greeting, file, error]).await;
    wait_until(
        "the rows of two names, a greeting, a file and an error",
        || (widget.count(".row") as usize == before + 5).then_some(()),
    )
    .await;
    let list = widget.wait_for(".list").await;
    let longest =
        "return Math.max(...[...it.querySelectorAll('.row')].map(row => row.textContent.length))";
    let longest = call(longest, &list).as_f64().unwrap_or_default();
    assert!(longest < 7_000.0, "{longest} characters");
}

#[wasm_bindgen_test]
async fn show_all_shows_all_in_portions_and_moves_the_focus() {
    let (mut server, widget) = FakeServer::with_chat().await;
    let words: Vec<String> = (0..10_000).map(|number| number.to_string()).collect();
    for (text, is_html) in [
        (words.join(" "), false),
        (words.join("<br>"), true),
        ("<ol><li>".to_owned() + &words.join("<li>"), true),
    ] {
        server
            .deliver(vec![posted_message(35, &text, is_html)])
            .await;
        let button = widget.wait_for(".row:last-child [part~=show-all]").await;
        assert_eq!(button.text_content().as_deref(), Some("Show all"));
        let focus = "it.focus(); return it.getRootNode().activeElement === it";
        assert_eq!(
            call(focus, &button),
            JsValue::TRUE,
            "the keyboard reaches it"
        );
        let list = widget.wait_for(".list").await;
        // The list follows new messages while the visitor is at its end.
        list.set_scroll_top(list.scroll_height());
        for _ in 0..4 {
            next_frame().await;
        }
        // `scrollTop` itself may change: the browser computes the heights of long messages above as soon as they come near.
        let row = widget.wait_for(".row:last-child").await;
        let top = row.get_bounding_client_rect().top();
        widget.click(".row:last-child [part~=show-all]").await;
        let second = ".row:last-child .bubble > [tabindex='-1']";
        let second = widget.wait_for(second).await;
        wait_until("the focus on the second portion", || {
            let focused = call("return it.getRootNode().activeElement", &second);
            (focused == JsValue::from(second.clone())).then_some(())
        })
        .await;
        let is_complete = "const words = new Set(it.innerText.split(/\\D+/));
            return it.querySelector('li') ? it.querySelectorAll('li').length : words.size";
        let bubble = widget.wait_for(".row:last-child .bubble").await;
        // HTML of this kind has too many nodes, so its end is cut.
        let expected = if is_html { 300.0 } else { 10_000.0 };
        wait_until("all of the text", || {
            let has_button = widget.count(".row:last-child [part~=show-all]") > 0;
            let words = call(is_complete, &bubble).as_f64()?;
            (!has_button && words >= expected).then_some(())
        })
        .await;
        if is_html {
            widget
                .wait_for_text(".row:last-child .cut-note", "Message was shortened")
                .await;
        }
        let moved = row.get_bounding_client_rect().top() - top;
        assert!(moved.abs() < 20.0, "the message has moved by {moved} px");
    }
}

#[wasm_bindgen_test]
async fn names_of_agents_and_files_pretend_nothing() {
    let (mut server, widget) = FakeServer::with_chat().await;
    for (name, shown) in [
        ("\u{200b}\u{3164}", "An agent"),
        ("Y\u{43e}u", "Y\u{43e}u (agent)"),
        ("Support", "Support (agent)"),
        ("\u{202e}anA", "anA"),
    ] {
        server.agent_joins(name, 35).await;
        let joined = shown.to_owned() + " joined";
        widget.wait_for_text(".row:last-child .note", &joined).await;
        let header = if shown == "An agent" {
            "Support"
        } else {
            shown
        };
        widget.wait_for_text(".name", header).await;
    }
    for (name, shown) in [
        ("invoice\u{202e}fdp.exe", "invoicefdp.exe"),
        ("invoice.pdf          .exe", "invoice.pdf .exe"),
        ("\u{5d0}fdp.exe", "\u{5d0}fdp.exe"),
    ] {
        let file = json!({ "messageName": "RNEngagementFileAttachmentMessage", "clientId": 35, "userFileName": name });
        server.deliver(vec![file]).await;
        widget
            .wait_for_text(".row:last-child [part~=file] bdi[dir=ltr]", shown)
            .await;
    }
    // Controls that change the order are not drawn, in the visitor's own messages either.
    server.agent_posts(["a\u{202e}b\u{2066}c".to_owned()]).await;
    widget.wait_for_text(".row:last-child .bubble", "abc").await;
    widget.type_text("d\u{202e}e").await;
    widget.click("[part~=send]").await;
    widget.wait_for_text(".row:last-child .bubble", "de").await;
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
