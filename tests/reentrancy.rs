//! Functions of the page that run inside a function of the browser, or in a hook, call the widget back. The WASM survives
//! that: no panic, and the conversation continues.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::expect_used, clippy::panic, reason = "a panic fails the test")]

mod page;
mod server;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::Once;
use std::sync::atomic::{AtomicUsize, Ordering};

use js_sys::Function;
use page::{Widget, function, next_frame, object};
use server::{FakeServer, set_global};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// Every function of the browser that the widget calls while one of its own functions runs.
const FUNCTIONS: [&str; 40] = [
    "[Node.prototype, 'appendChild']",
    "[Node.prototype, 'insertBefore']",
    "[Node.prototype, 'removeChild']",
    "[Node.prototype, 'cloneNode']",
    "[Node.prototype, 'contains']",
    "[Node.prototype, 'getRootNode']",
    "[Element.prototype, 'setAttribute']",
    "[Element.prototype, 'removeAttribute']",
    "[Element.prototype, 'remove']",
    "[Element.prototype, 'querySelector']",
    "[Element.prototype, 'getBoundingClientRect']",
    "[Document.prototype, 'createElement']",
    "[Document.prototype, 'createTextNode']",
    "[EventTarget.prototype, 'addEventListener']",
    "[EventTarget.prototype, 'removeEventListener']",
    "[HTMLElement.prototype, 'focus']",
    "[HTMLDialogElement.prototype, 'show']",
    "[CSSStyleSheet.prototype, 'insertRule']",
    "[CSSStyleDeclaration.prototype, 'setProperty']",
    "[window, 'matchMedia']",
    "[ResizeObserver.prototype, 'observe']",
    "[ResizeObserver.prototype, 'disconnect']",
    "[Storage.prototype, 'getItem']",
    "[Storage.prototype, 'setItem']",
    "[Storage.prototype, 'removeItem']",
    "[BroadcastChannel.prototype, 'postMessage']",
    "[BroadcastChannel.prototype, 'close']",
    "[AbortController.prototype, 'abort']",
    "[Headers.prototype, 'set']",
    "[ReadableStream.prototype, 'getReader']",
    "[Date, 'now']",
    "[performance, 'now']",
    "[Math, 'random']",
    "[window, 'setTimeout']",
    "[window, 'clearTimeout']",
    "[window, 'requestAnimationFrame']",
    "[window, 'cancelAnimationFrame']",
    "[Intl.PluralRules.prototype, 'select']",
    "[Object, 'assign']",
    "[console, 'warn']",
];

/// Properties of the browser whose getter or setter the widget uses.
const PROPERTIES: [&str; 6] = [
    "[Document.prototype, 'hidden']",
    "[Element.prototype, 'scrollTop']",
    "[Element.prototype, 'scrollHeight']",
    "[Intl.DateTimeFormat.prototype, 'format']",
    "[HTMLTextAreaElement.prototype, 'value']",
    "[Node.prototype, 'textContent']",
];

/// The body of a function that makes each function and property call `window.reenter` with its name, and returns a
/// function that undoes that. `reenter` is not called while it runs.
const REPLACE: &str = "
    const undo = [];
    let isInside = false;
    const reenter = name => {
        if (isInside || !window.reenter) return;
        isInside = true;
        try { window.reenter(name) } finally { isInside = false }
    };
    for (const [object, name] of functions) {
        const property = Object.getOwnPropertyDescriptor(object, name);
        const original = object[name];
        object[name] = function (...values) {
            reenter(name);
            const result = original.apply(this, values);
            reenter(name);
            return result;
        };
        undo.push(() => property ? Object.defineProperty(object, name, property) : delete object[name]);
    }
    for (const [object, name] of properties) {
        const property = Object.getOwnPropertyDescriptor(object, name);
        Object.defineProperty(object, name, {
            ...property,
            get() { reenter(name); return property.get.call(this) },
            ...property.set && { set(value) { reenter(name); property.set.call(this, value); reenter(name) } },
        });
        undo.push(() => Object.defineProperty(object, name, property));
    }
    return () => undo.forEach(it => it());";

static PANICS: AtomicUsize = AtomicUsize::new(0);

/// Counts panics, because a panic in a callback of the browser would not reach the test.
fn count_panics() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            PANICS.fetch_add(1, Ordering::Relaxed);
            usual(panic);
        }));
    });
}

/// Replaces all functions and properties until it is dropped.
struct Replaced(Function);

impl Replaced {
    fn all() -> Self {
        let lists = |list: &[&str]| format!("[{}]", list.join(","));
        let body = format!(
            "const functions = {}; const properties = {}; {REPLACE}",
            lists(&FUNCTIONS),
            lists(&PROPERTIES)
        );
        let undo = Function::new_no_args(&body).call0(&JsValue::NULL);
        Self(undo.expect("they can be replaced").unchecked_into())
    }
}

impl Drop for Replaced {
    fn drop(&mut self) {
        set_global("reenter", &JsValue::UNDEFINED);
        self.0.call0(&JsValue::NULL).expect("it can be undone");
    }
}

/// How often the page calls back from inside each function. A page that always called back would never end: a command
/// redraws the widget, and the widget then calls the same function again.
const CALLS_BACK: usize = 5;

/// Calls `act` with the name of each function that the page calls back from, until the result is dropped.
fn reenter_with(act: impl Fn(&str) + 'static) -> Closure<dyn Fn(JsValue)> {
    let calls = RefCell::new(HashMap::<String, usize>::new());
    let reenter = Closure::<dyn Fn(JsValue)>::new(move |name: JsValue| {
        let name = name.as_string().unwrap_or_default();
        let is_allowed = {
            let mut calls = calls.borrow_mut();
            let count = calls.entry(name.clone()).or_default();
            *count += 1;
            *count <= CALLS_BACK
        };
        if is_allowed {
            act(&name);
        }
    });
    set_global("reenter", reenter.as_ref());
    reenter
}

/// Calls commands of the page, one after the other. Their errors are not of interest here.
fn call_next_command(count: &Cell<usize>) {
    count.set(count.get() + 1);
    let update = object(&[("title", format!("Title {}", count.get()).into())]);
    let commands: [(&str, JsValue); 11] = [
        ("close", JsValue::UNDEFINED),
        ("open", false.into()),
        ("send", "again".into()),
        ("setDraft", "draft".into()),
        ("update", update),
        ("markRead", JsValue::UNDEFINED),
        ("setConsent", true.into()),
        ("reattach", false.into()),
        ("setPagePrecedence", false.into()),
        ("startChat", JsValue::UNDEFINED),
        // No text: its conversion to a text would call the page, too.
        ("send", function("return it").into()),
    ];
    if let Some((name, argument)) = commands.get(count.get() % commands.len()) {
        let _ = pipit::call(name, argument);
    }
}

/// A conversation in which everything happens: messages in both directions, a draft, a reload.
async fn converse(server: &mut FakeServer, widget: &Widget) {
    server.agent_posts(["from Ana".to_owned()]).await;
    widget.type_text("typed").await;
    widget.press_enter(|_| ()).await;
    let _ = pipit::call("close", &JsValue::NULL);
    let _ = pipit::call("open", &true.into());
    next_frame().await;
}

#[wasm_bindgen_test]
async fn commands_from_inside_any_function_of_the_browser_do_no_harm() {
    count_panics();
    let (mut server, widget) = FakeServer::with_chat().await;
    let replaced = Replaced::all();
    let count = Cell::new(0);
    let reenter = reenter_with(move |_| call_next_command(&count));
    for _ in 0..3 {
        converse(&mut server, &widget).await;
    }
    drop(replaced);
    drop(reenter);
    assert_eq!(PANICS.load(Ordering::Relaxed), 0);
    // The conversation continues.
    let _ = pipit::call("open", &false.into());
    server.agent_posts(["still there?".to_owned()]).await;
    widget
        .wait_for_text(".row:last-child .bubble", "still there?")
        .await;
    // It can be ended from inside every function, too.
    let replaced = Replaced::all();
    let reenter = reenter_with(|_| {
        let _ = pipit::call("endChat", &JsValue::UNDEFINED);
    });
    let _ = pipit::call("send", &"the last".into());
    next_frame().await;
    drop(replaced);
    drop(reenter);
    assert_eq!(PANICS.load(Ordering::Relaxed), 0);
}

/// The widget is removed once from inside each function, in a widget of its own.
#[wasm_bindgen_test]
async fn the_widget_can_be_removed_from_inside_any_function_of_the_browser() {
    count_panics();
    let mut called = 0;
    for expression in FUNCTIONS.iter().chain(&PROPERTIES) {
        let name = expression.split('\'').nth(1).expect("a name");
        let (server, widget) = FakeServer::with_chat().await;
        let replaced = Replaced::all();
        let was_called = std::rc::Rc::new(Cell::new(false));
        let reenter = reenter_with({
            let was_called = was_called.clone();
            move |inside| {
                if inside == name && !was_called.replace(true) {
                    let _ = pipit::call("destroy", &JsValue::UNDEFINED);
                }
            }
        });
        let _ = pipit::call("send", &"hello".into());
        let _ = pipit::call("close", &JsValue::UNDEFINED);
        next_frame().await;
        let _ = pipit::call("destroy", &JsValue::UNDEFINED);
        drop(replaced);
        drop(reenter);
        drop(server);
        called += usize::from(was_called.get());
        assert_eq!(PANICS.load(Ordering::Relaxed), 0, "destroy in {name}");
        widget.remove();
    }
    assert!(called > 20, "only {called} functions were called");
}

/// The hooks are functions of the host.
#[wasm_bindgen_test]
async fn commands_from_inside_the_hooks_do_no_harm() {
    count_panics();
    for command in ["destroy", "close", "endChat", "open", "send", "update"] {
        let count = Cell::new(0);
        let reenter = Closure::<dyn Fn()>::new(move || {
            // The message that a hook sends goes through the hook, too.
            if count.replace(count.get() + 1) >= CALLS_BACK {
                return;
            }
            let argument = match command {
                "send" => "again".into(),
                "update" => object(&[("title", "Other".into())]),
                _ => JsValue::UNDEFINED,
            };
            let _ = pipit::call(command, &argument);
        });
        set_global("command", reenter.as_ref());
        // Called once in each hook, because a hook that sends calls itself.
        let hook = "const wasInside = window.isInside; window.isInside = true; if (!wasInside) window.command(); window.isInside = wasInside;";
        let (mut server, widget) = FakeServer::with_chat_and_options(&[
            ("beforeSend", function(&[hook, "return it"].concat()).into()),
            (
                "beforeRender",
                function(&[hook, "return it.text"].concat()).into(),
            ),
            ("sendToHost", function(hook).into()),
        ])
        .await;
        let _ = pipit::call("send", &"hello".into());
        next_frame().await;
        if command != "destroy" && command != "endChat" {
            server.agent_posts(["from Ana".to_owned()]).await;
        }
        next_frame().await;
        let _ = pipit::call("destroy", &JsValue::UNDEFINED);
        assert_eq!(PANICS.load(Ordering::Relaxed), 0, "{command}");
        widget.remove();
    }
    set_global("command", &JsValue::UNDEFINED);
}

/// The body of a function that returns a copy of an object. Each getter and each conversion of the copy, and of the objects
/// in it, calls `window.command` first. A promise of the host has a getter `then`.
const CALL_BACK: &str = "
    const reenter = () => {
        if (window.isInside) return;
        window.isInside = true;
        try { window.command?.() } finally { window.isInside = false }
    };
    const wrap = value => {
        if (typeof value === 'function') return value.isOwn ? value : Object.assign((...values) => {
            reenter();
            const result = wrap(value(...values));
            return { get then() { reenter(); return resolve => resolve(result) } };
        }, { isOwn: true });
        if (value === null || typeof value !== 'object') return value;
        const wrapped = Array.isArray(value) ? [] : {};
        for (const [name, member] of Object.entries(value)) {
            Object.defineProperty(wrapped, name, { enumerable: true, configurable: true, get() { reenter(); return wrap(member) } });
        }
        for (const name of ['toJSON', 'valueOf', 'toString']) {
            Object.defineProperty(wrapped, name, { value() { reenter(); return name === 'toJSON' ? this : 'x' } });
        }
        return wrapped;
    };
    return wrap(it);";

/// The options are objects of the host, and so is what its functions return. Getters, `toJSON`, `valueOf` and `then` run while
/// the widget reads them.
#[wasm_bindgen_test]
async fn commands_from_inside_getters_and_conversions_of_the_host_do_no_harm() {
    count_panics();
    let wrap = |value: &JsValue| {
        let wrapped = function(CALL_BACK).call1(&JsValue::NULL, value);
        wrapped.expect("it can be wrapped")
    };
    let text = |text: &str| JsValue::from(text);
    for command in [
        "destroy",
        "close",
        "endChat",
        "open",
        "send",
        "update",
        "startChat",
        "setDraft",
        "reattach",
    ] {
        let server = FakeServer::new();
        let count = std::rc::Rc::new(Cell::new(0));
        let reenter = Closure::<dyn Fn()>::new({
            let count = count.clone();
            move || {
                count.set(count.get() + 1);
                let argument = match command {
                    "send" | "setDraft" => "again".into(),
                    "update" => object(&[("title", "Other".into())]),
                    "open" | "reattach" => true.into(),
                    _ => JsValue::UNDEFINED,
                };
                // Each second call, so that the widget gets on.
                if count.get() % 2 == 1 && count.get() < 400 {
                    let _ = pipit::call(command, &argument);
                }
            }
        });
        set_global("command", reenter.as_ref());
        let fields = js_sys::JSON::parse(r#"[{"name":"firstName","required":false}]"#);
        let options = server.options(&[
            (
                "getSession",
                function("return { jwt: 'a.b.c', domain: 'chat.example.com' }").into(),
            ),
            ("beforeSend", function("return it").into()),
            ("beforeRender", function("return it.text").into()),
            ("form", fields.expect("JSON")),
            ("prefill", object(&[("firstName", text("Eve"))])),
            ("words", object(&[("send", text("Post it"))])),
            (
                "allowedHosts",
                js_sys::Array::of1(&text("chat.example.com")).into(),
            ),
            ("initialAvailability", object(&[("status", text("open"))])),
        ]);
        let widget = Widget::mounted(&wrap(&options));
        for (name, argument) in [
            ("open", false.into()),
            ("startChat", JsValue::UNDEFINED),
            ("send", wrap(&object(&[("text", text("hello"))]))),
            ("send", text("hello")),
            (
                "setAvailability",
                wrap(&object(&[
                    ("status", text("closed")),
                    ("action", text("inform")),
                ])),
            ),
            (
                "transcript",
                wrap(&object(&[
                    ("format", text("html")),
                    ("title", text("Chat")),
                ])),
            ),
            (
                "update",
                wrap(&object(&[
                    ("title", text("New")),
                    ("prefill", object(&[("firstName", text("Eva"))])),
                    ("words", object(&[("send", text("Go"))])),
                ])),
            ),
        ] {
            let _ = pipit::call(name, &argument);
            next_frame().await;
        }
        for _ in 0..3 {
            next_frame().await;
        }
        assert!(count.get() > 20, "only {} calls for {command}", count.get());
        assert_eq!(PANICS.load(Ordering::Relaxed), 0, "{command}");
        // A new widget on the same page works.
        set_global("command", &JsValue::UNDEFINED);
        let _ = pipit::call("destroy", &JsValue::UNDEFINED);
        widget.remove();
    }
    let (mut server, widget) = FakeServer::with_chat().await;
    server.agent_posts(["still there?".to_owned()]).await;
    widget
        .wait_for_text(".row:last-child .bubble", "still there?")
        .await;
}

/// A script of the page dispatches events of the browser while the widget runs.
#[wasm_bindgen_test]
async fn events_from_inside_any_function_of_the_browser_do_no_harm() {
    count_panics();
    let (mut server, widget) = FakeServer::with_chat().await;
    set_global("widgetHost", &widget.host());
    let dispatch = function(
        "const root = window.widgetHost.shadowRoot;
         const events = [
            () => root.querySelector('textarea')?.dispatchEvent(new InputEvent('input', { bubbles: true })),
            () => root.querySelector('.list')?.dispatchEvent(new Event('scroll')),
            () => root.querySelector('[aria-haspopup], [part~=menu]')?.click(),
            () => window.dispatchEvent(new Event('focus')),
            () => window.dispatchEvent(new Event('online')),
            () => document.dispatchEvent(new Event('visibilitychange')),
            () => window.visualViewport?.dispatchEvent(new Event('resize')),
         ];
         events[it % events.length]()",
    );
    let replaced = Replaced::all();
    let count = Cell::new(0_u32);
    let reenter = reenter_with(move |_| {
        count.set(count.get() + 1);
        let _ = dispatch.call1(&JsValue::NULL, &count.get().into());
    });
    for _ in 0..3 {
        converse(&mut server, &widget).await;
    }
    drop(replaced);
    drop(reenter);
    assert_eq!(PANICS.load(Ordering::Relaxed), 0);
    server.agent_posts(["still there?".to_owned()]).await;
    widget
        .wait_for_text(".row:last-child .bubble", "still there?")
        .await;
}
