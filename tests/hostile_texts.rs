//! Hostile texts where no markup is expected, drawn by the real widget: as plain messages, as names of agents, and as file
//! names. Nothing runs, nothing is fetched, nothing becomes an element, and no text changes the order of what is beside it.

#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot continue panics"
)]

mod page;
mod server;

use js_sys::Promise;
use page::{Widget, function, next_frame, wait_until};
use serde_json::json;
use server::{FakeServer, posted_message};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::Element;

wasm_bindgen_test_configure!(run_in_browser);

/// Records every script that runs and every request to another host.
const WATCH: &str = "
    window.alarms = [];
    window.alarm = () => { alarms.push('a script runs'); };
    new PerformanceObserver(list => {
        for (const { name } of list.getEntries()) if (name.includes('alarm.example')) alarms.push(name);
    }).observe({ type: 'resource', buffered: true });";

/// Finds what may not be in the element `it`, which contains all rows, and around it in the panel.
const FIND_FAULTS: &str = r"
    const faults = [...window.alarms];
    const panel = it.getRootNode();
    const foreign = 'script, iframe, img, object, embed, style, link, form, video, audio, base, meta, math, template, pipit-chat';
    for (const element of panel.querySelectorAll(foreign)) if (element.closest('.list')) faults.push('<' + element.localName + '>');
    for (const element of it.querySelectorAll('*')) {
        for (const { name, value } of element.attributes) {
            if (name.startsWith('on') || name === 'style' || name === 'srcdoc') faults.push(element.localName + ' ' + name);
            if (name === 'href' && !/^(https?:\/\/|mailto:|tel:)/.test(value)) faults.push('href=' + value);
        }
        if (element.localName === 'a' && element.rel !== 'noopener noreferrer') faults.push('a link with an opener');
    }
    // The widget itself isolates names in its sentences: U+2068 before the name, and U+2069 behind it.
    const isolated = panel.textContent.replace(/\u2068[^\u2066-\u2069]*\u2069/g, '');
    if (/[\u202A-\u202E\u2066-\u2069]/.test(isolated)) faults.push('a control of the order');
    if (it.scrollWidth > it.clientWidth) faults.push('the list is wider than the panel');
    return [...new Set(faults)].join('; ');";

fn call(body: &str, it: &JsValue) -> JsValue {
    let result = function(body).call1(&JsValue::NULL, it);
    result.expect("the script runs")
}

/// The texts of `tests/adversary/texts.txt`.
fn texts() -> Vec<String> {
    let lines = include_str!("adversary/texts.txt").lines();
    let written = lines.filter(|line| !line.is_empty() && !line.starts_with("# "));
    written.map(expand).collect()
}

/// Replaces the shorthands, which the file itself explains.
fn expand(written: &str) -> String {
    let mut parts = written.split('⟦');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (shorthand, rest) = part.split_once('⟧').unwrap_or((part, ""));
        if let Some((repeated, times)) = shorthand.rsplit_once('×') {
            let code = u32::from_str_radix(repeated, 16)
                .ok()
                .and_then(char::from_u32);
            let repeated = match code {
                Some(character) if repeated.len() > 1 => character.to_string(),
                _ => repeated.to_owned(),
            };
            text.push_str(&repeated.repeat(times.parse().unwrap_or_default()));
        } else {
            let code = u32::from_str_radix(shorthand, 16).ok();
            text.extend(code.and_then(char::from_u32));
        }
        text.push_str(rest);
    }
    text
}

/// Waits until this many rows are drawn, and then until late requests would have begun.
async fn wait_for_rows(widget: &Widget, count: usize) -> Element {
    let list = widget.wait_for(".list").await;
    wait_until("one row for each text", || {
        let rows = list.query_selector_all(".row").ok()?;
        (rows.length() as usize >= count).then_some(())
    })
    .await;
    for _ in 0..5 {
        next_frame().await;
    }
    let request = "const image = new Image(); return new Promise(done => { image.onerror = done; image.src = '/none' })";
    let answered = Promise::resolve(&call(request, &JsValue::NULL));
    JsFuture::from(answered).await.expect("the request ends");
    list
}

fn faults(list: &Element) -> String {
    let found = call(FIND_FAULTS, list.unchecked_ref());
    found.as_string().expect("a text")
}

#[wasm_bindgen_test]
async fn hostile_texts_do_no_harm_as_messages() {
    let (mut server, widget) = FakeServer::with_chat().await;
    call(WATCH, &JsValue::NULL);
    let texts = texts();
    assert!(texts.len() >= 120, "{} texts", texts.len());
    for is_html in [false, true] {
        let messages = texts.iter().map(|text| posted_message(35, text, is_html));
        server.deliver(messages.collect()).await;
    }
    server.agent_posts(["the end".to_owned()]).await;
    wait_until("the end", || {
        let shown = widget.texts(".bubble");
        shown.iter().any(|text| text == "the end").then_some(())
    })
    .await;
    let list = wait_for_rows(&widget, texts.len()).await;
    assert_eq!(faults(&list), "");
}

#[wasm_bindgen_test]
async fn hostile_texts_do_no_harm_as_names() {
    let (mut server, widget) = FakeServer::with_chat().await;
    call(WATCH, &JsValue::NULL);
    let texts = texts();
    for (client_id, name) in (100..).zip(&texts) {
        server.agent_joins(name, client_id).await;
        server
            .deliver(vec![posted_message(client_id, "hello", false)])
            .await;
    }
    let list = wait_for_rows(&widget, texts.len()).await;
    assert_eq!(faults(&list), "");
    let authors = widget.texts(".author");
    let nameless = authors.iter().filter(|name| name.trim().is_empty()).count();
    assert_eq!(nameless, 0, "{authors:?}");
    // The leading agent's name is in the header, too.
    for name in &texts {
        server.agent_joins(name, 35).await;
    }
    let list = wait_for_rows(&widget, texts.len()).await;
    assert_eq!(faults(&list), "");
}

#[wasm_bindgen_test]
async fn hostile_texts_do_no_harm_as_file_names() {
    let site = ("surveyBase", JsValue::from("https://help.example"));
    let (mut server, widget) = FakeServer::with_chat_and_options(&[site]).await;
    call(WATCH, &JsValue::NULL);
    let texts = texts();
    let files = texts.iter().map(|name| {
        json!({ "messageName": "RNEngagementFileAttachmentMessage", "clientId": 35, "userFileName": name,
            "localFileName": name, "contentType": name, "fileSize": 5, "createdTime": "2026-11-05T12:00:00Z" })
    });
    server.deliver(files.collect()).await;
    let list = wait_for_rows(&widget, texts.len()).await;
    assert_eq!(faults(&list), "");
    // Every link leads to the site, with the name in the query only.
    let addresses = "return [...it.querySelectorAll('a')].map(it => new URL(it.href)).filter(it =>
        it.origin !== 'https://help.example' || it.pathname !== '/ci/oit/getTempFile' || it.hash !== ''
        || it.searchParams.getAll('userFileName').length !== 1).join(', ')";
    assert_eq!(call(addresses, list.unchecked_ref()), "");
}
