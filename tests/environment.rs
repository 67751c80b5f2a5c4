//! A page may have broken its own environment: it has put members into `Object.prototype`, removed parts of `Intl`, replaced
//! clocks, or blocked storage. The widget works with plain fall-backs.

#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a panic fails the test"
)]

mod page;
mod server;

use js_sys::Function;
use serde_json::Value;
use server::{FakeServer, posted_message, set_global};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// The beginning of the body of every function below. `set` gives a property a value, and `get` gives it a getter. Both
/// return a function that restores the property.
const PRELUDE: &str = "
    const define = (object, name, property) => {
        const old = Object.getOwnPropertyDescriptor(object, name);
        Object.defineProperty(object, name, { __proto__: null, configurable: true, ...property });
        return () => old ? Object.defineProperty(object, name, { __proto__: null, ...old }) : delete object[name];
    };
    const set = (object, name, value, enumerable = false) => define(object, name, { value, enumerable, writable: true });
    const get = (object, name, getter) => define(object, name, { get: getter });
    const fail = () => { throw new TypeError('broken by the page') };
    const broken = class { constructor() { fail() } };";

/// What a page may have done. Each is an expression that does it and returns a function that undoes it. The objects that
/// are removed as a whole come first. `Date` is not among them, and does not throw, because Yew reads the clock by it.
const ENVIRONMENTS: [&str; 54] = [
    "set(window, 'Intl', undefined)",
    "set(window, 'performance', undefined)",
    "set(window, 'crypto', undefined)",
    "set(Object.prototype, 'theme', 'dark', true)",
    "set(Object.prototype, 'extend', () => 1, true)",
    "get(Object.prototype, 'secret', fail)",
    "get(Object.prototype, 'locale', fail)",
    "set(Object.prototype, 'toJSON', undefined, true)",
    "define(Object.prototype, 'text', { get: () => 'x', set: fail })",
    "define(Object.prototype, 'label', { get: () => 'x', set: fail })",
    "define(Object.prototype, 'maximumFractionDigits', { get: () => 'x', set: fail })",
    "set(Array.prototype, 'last', function () { return this[this.length - 1] }, true)",
    "set(Array.prototype, 'text', 'x', true)",
    "set(Intl, 'PluralRules', undefined)",
    "set(Intl, 'PluralRules', broken)",
    "set(Intl.PluralRules.prototype, 'select', () => 7)",
    "set(Intl.PluralRules.prototype, 'select', fail)",
    "set(Intl, 'NumberFormat', undefined)",
    "set(Intl, 'NumberFormat', broken)",
    "set(Intl, 'DateTimeFormat', undefined)",
    "set(Intl, 'DateTimeFormat', broken)",
    "set(Intl, 'DateTimeFormat', class { format() { return { time: 1 } } })",
    "get(Intl.DateTimeFormat.prototype, 'format', fail)",
    "set(Intl, 'getCanonicalLocales', fail)",
    "set(Date.prototype, 'toLocaleTimeString', () => undefined)",
    "set(Date.prototype, 'toLocaleTimeString', fail)",
    "set(Date.prototype, 'toLocaleDateString', () => ({}))",
    "set(Date.prototype, 'getTimezoneOffset', () => NaN)",
    "set(Date.prototype, 'getTimezoneOffset', fail)",
    "set(Number.prototype, 'toLocaleString', () => 7)",
    "set(Date, 'now', () => NaN)",
    "set(Date, 'now', () => Infinity)",
    "set(Date, 'now', () => 'today')",
    "set(Date, 'now', () => -1)",
    "set(Math, 'random', () => 0.5)",
    "set(Math, 'random', fail)",
    "set(window, 'performance', {})",
    "set(performance, 'now', () => NaN)",
    "set(performance, 'now', fail)",
    "set(window, 'structuredClone', undefined)",
    "get(window, 'sessionStorage', fail)",
    "set(Storage.prototype, 'getItem', fail)",
    "set(Storage.prototype, 'setItem', fail)",
    "set(Storage.prototype, 'removeItem', fail)",
    "set(window, 'matchMedia', undefined)",
    "set(window, 'matchMedia', () => null)",
    "set(window, 'matchMedia', () => ({ matches: false }))",
    "set(window, 'ResizeObserver', undefined)",
    "set(window, 'IntersectionObserver', undefined)",
    "set(window, 'visualViewport', undefined)",
    "set(window, 'cancelAnimationFrame', fail)",
    "get(Document.prototype, 'hidden', fail)",
    "set(Function.prototype, 'toString', fail)",
    "set(window, 'BroadcastChannel', broken)",
];

/// Functions of the browser that a page has replaced by functions that call the original and return something odd.
const ODD_RESULTS: [&str; 6] = [
    "[Node.prototype, 'appendChild']",
    "[Node.prototype, 'insertBefore']",
    "[Node.prototype, 'removeChild']",
    "[EventTarget.prototype, 'addEventListener']",
    "[Element.prototype, 'setAttribute']",
    "[Storage.prototype, 'setItem']",
];

/// Does something to the page, and undoes it when it is dropped.
struct Environment(Function);

impl Environment {
    fn broken_by(expression: &str) -> Self {
        let body = [PRELUDE, "return ", expression].concat();
        let undo = Function::new_no_args(&body).call0(&JsValue::NULL);
        let undo = undo.unwrap_or_else(|error| panic!("{expression}: {error:?}"));
        Self(undo.unchecked_into())
    }
}

impl Drop for Environment {
    fn drop(&mut self) {
        self.0.call0(&JsValue::NULL).expect("it can be undone");
    }
}

/// Mounts a widget in a page that has done all of this. Receives and sends a message, and reads the texts of the rows.
async fn assert_works(expressions: &[&str]) {
    // The names of the environments, for whoever reads the log of a failure.
    web_sys::console::log_1(&expressions.join("; ").into());
    // In reverse order, because nothing can be changed in an object that is removed.
    let expressions = expressions.iter().rev();
    let mut environments: Vec<_> = expressions.map(|it| Environment::broken_by(it)).collect();
    let (mut server, widget) = FakeServer::with_chat().await;
    server.agent_posts(["from Ana".to_owned()]).await;
    widget
        .wait_for_text(".row:last-child .bubble", "from Ana")
        .await;
    widget.type_text("from the visitor").await;
    widget.press_enter(|_| ()).await;
    widget
        .wait_for_text(".row:last-child .bubble", "from the visitor")
        .await;
    assert!(!widget.texts(".time").concat().is_empty());
    pipit::call("destroy", &JsValue::NULL).expect("it can be destroyed at any time");
    while let Some(environment) = environments.pop() {
        drop(environment);
    }
    widget.remove();
}

/// The environments are tried in groups. Neighbours in the list change the same thing, so they are in different groups.
#[wasm_bindgen_test]
async fn the_widget_works_whatever_the_page_has_broken() {
    const GROUPS: usize = 8;
    for group in 0..GROUPS {
        let members: Vec<&str> = ENVIRONMENTS
            .iter()
            .skip(group)
            .step_by(GROUPS)
            .copied()
            .collect();
        assert_works(&members).await;
    }
    let odd_results = ODD_RESULTS.map(|function| {
        format!(
            "(([object, name]) => {{
                const original = object[name];
                return set(object, name, function (...values) {{ original.apply(this, values); return {{ odd: true }} }});
            }})({function})"
        )
    });
    assert_works(&odd_results.each_ref().map(String::as_str)).await;
}

/// Where `Intl` is of no use, numbers and times are plain.
#[wasm_bindgen_test]
async fn without_intl_times_and_numbers_are_plain() {
    let environment = Environment::broken_by("set(window, 'Intl', undefined)");
    let (mut server, widget) = FakeServer::with_chat().await;
    server.agent_posts(["hello".to_owned()]).await;
    widget
        .wait_for_text(".row:last-child .bubble", "hello")
        .await;
    let time = widget.texts(".time").concat();
    assert_eq!(
        (time.len(), time.as_bytes().get(2)),
        (5, Some(&b':')),
        "{time}"
    );
    let days = widget.texts(".day");
    assert!(days.contains(&"2026-11-05".to_owned()), "{days:?}");
    drop(environment);
}

/// The server may send any number as a time.
#[wasm_bindgen_test]
async fn times_beyond_those_of_javascript_are_shown() {
    let (server, widget) = FakeServer::with_chat().await;
    let times = [
        "9223372036854775807",
        "-9223372036854775808",
        "8640000000000001",
        "1e300",
        "\"never\"",
    ];
    let messages: Vec<String> = (2..)
        .zip(times)
        .map(|(number, time)| {
            let mut message = posted_message(35, &format!("message {number}"), false);
            message["sequenceNumber"] = Value::from(number);
            message
                .to_string()
                .replace("\"2026-11-05T12:00:00Z\"", time)
        })
        .collect();
    let body = format!("{{\"systemMessages\":[{}]}}", messages.join(","));
    server.answer_poll(&body).await;
    widget
        .wait_for_text(".row:last-child .bubble", "message 6")
        .await;
    assert_eq!(widget.count(".bubble"), 5);
}

/// The answers of `fetch` are read if they can be, from whichever window they come.
#[wasm_bindgen_test]
async fn strange_responses_are_read_or_refused() {
    let frame = "(() => { const frame = document.createElement('iframe'); document.body.append(frame); return frame.contentWindow })()";
    for respond in [
        &format!("const other = window.otherWindow ??= {frame}; return new other.Response(it)"),
        "const response = new Response(it); response.text = async () => new String(it); return response",
        "return { status: 200, text: () => it }",
        "return { status: 200, headers: new Map(), text: async () => new String(it) }",
        "return { status: 200, get headers() { throw 1 }, text: () => ({ then: resolve => resolve(it) }) }",
        "const response = new Response(it); return new Proxy(response, { get: (_, name) => { const value = response[name]; return typeof value === 'function' ? value.bind(response) : value } })",
    ] {
        set_global("respond", &page::function(respond));
        let (mut server, widget) = FakeServer::with_chat().await;
        server.agent_posts(["hello".to_owned()]).await;
        widget
            .wait_for_text(".row:last-child .bubble", "hello")
            .await;
        pipit::call("destroy", &JsValue::NULL).expect("it can be destroyed");
        widget.remove();
    }
    let warnings = "const original = console.warn; window.warnings = []; \
        console.warn = text => warnings.push(text); return () => console.warn = original";
    for respond in [
        "return new Proxy(new Response(it), {})",
        "return new Proxy(new Response(it), { get() { throw 1 } })",
        "return { status: 200, text: () => ({}) }",
        "return { status: 200, text: () => { throw 1 } }",
        "return { status: new Number(200), text: () => it }",
        "return { status: 200 }",
        "return 7",
    ] {
        set_global("respond", &page::function(respond));
        let warned = Environment::broken_by(&format!("(() => {{ {warnings} }})()"));
        let (_server, widget) = FakeServer::with_failing_start().await;
        widget
            .wait_for_text("[part~=failed] h3", "We can't reach the chat service")
            .await;
        drop(warned);
        pipit::call("destroy", &JsValue::NULL).expect("it can be destroyed");
        widget.remove();
    }
    set_global("respond", &JsValue::UNDEFINED);
}

/// A body without end would fill the memory of the page.
#[wasm_bindgen_test]
async fn an_answer_that_is_too_long_is_refused() {
    for respond in [
        // 64 kB at a time, without end.
        "return new Response(new ReadableStream({ pull: stream => stream.enqueue(new Uint8Array(65536).fill(32)), cancel: () => window.isCancelled = true }))",
        "return new Response(it, { headers: { 'Content-Length': '99999999' } })",
        "return { status: 200, text: () => ' '.repeat(9e6) }",
    ] {
        set_global("respond", &page::function(respond));
        let (_server, widget) = FakeServer::with_failing_start().await;
        widget
            .wait_for_text("[part~=failed] h3", "We can't reach the chat service")
            .await;
        pipit::call("destroy", &JsValue::NULL).expect("it can be destroyed");
        widget.remove();
    }
    assert_eq!(server::global("isCancelled"), JsValue::TRUE);
    set_global("respond", &JsValue::UNDEFINED);
}
