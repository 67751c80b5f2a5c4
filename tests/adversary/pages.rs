//! Pages that break their own environment: built-in objects with additions, replaced functions, and features that are
//! missing. Libraries from before 2015, extensions, consent tools and test tools do all of this.

use std::time::{Duration, Instant};

use serde_json::json;

use super::Scene;
use super::agent::Agent;

/// What the visitor gets on a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gets {
    /// A chat: a message in each direction arrives.
    Chat,
    /// A chat, or a text that says what is wrong. The page has removed something that a chat needs.
    ChatOrText,
    /// No chat, and an error on the console that has this text. The page has removed something without which the loader does
    /// not run. To do without it costs each page 65 bytes.
    NamedError(&'static str),
}

/// The pages: a name, the script that breaks the environment before the widget's script runs, and what the visitor gets.
const PAGES: [(&str, &str, Gets); 74] = [
    // Additions to built-in objects.
    (
        "a text in Object.prototype",
        "Object.prototype.legacy = 'x'",
        Gets::Chat,
    ),
    (
        "a function in Object.prototype",
        "Object.prototype.each = function () {}",
        Gets::Chat,
    ),
    (
        "a number in Array.prototype",
        "Array.prototype.total = 4",
        Gets::Chat,
    ),
    (
        "a function in Array.prototype",
        "Array.prototype.remove = function () {}",
        Gets::Chat,
    ),
    (
        "a toJSON in Array.prototype",
        "Array.prototype.toJSON = function () { return 'x' }",
        Gets::ChatOrText,
    ),
    (
        "a toJSON in Object.prototype",
        "Object.prototype.toJSON = function () { return 'x' }",
        Gets::ChatOrText,
    ),
    (
        "a toJSON in String.prototype",
        "String.prototype.toJSON = function () { return `<${this}>` }",
        Gets::ChatOrText,
    ),
    (
        "names of options in Object.prototype",
        "Object.prototype.title = 7; Object.prototype.mode = 'x'; Object.prototype.getSession = 'x'",
        Gets::Chat,
    ),
    (
        "members of answers in Object.prototype",
        "Object.prototype.code = 'E_X'; Object.prototype.message = 'x'; Object.prototype.status = 7",
        Gets::Chat,
    ),
    (
        "a then in Object.prototype",
        "Object.defineProperty(Object.prototype, 'then', { value: undefined, writable: true, configurable: true })",
        Gets::Chat,
    ),
    (
        "a setter in Object.prototype",
        "Object.defineProperty(Object.prototype, 'signal', { set() { throw new Error('set') }, get() { return undefined }, configurable: true })",
        Gets::Chat,
    ),
    (
        "frozen prototypes",
        "[Object, Array, String, Promise, Map].forEach(it => Object.freeze(it.prototype))",
        Gets::Chat,
    ),
    (
        "methods of arrays replaced",
        "const { map } = Array.prototype; Array.prototype.map = function (...values) { return map.apply(this, values) }",
        Gets::Chat,
    ),
    (
        "an old Array.from",
        "Array.from = list => [].slice.call(list)",
        Gets::ChatOrText,
    ),
    (
        "a wrapped JSON",
        "const { parse, stringify } = JSON; JSON.parse = (...it) => parse(...it); JSON.stringify = (...it) => stringify(...it)",
        Gets::Chat,
    ),
    (
        "a JSON.parse that freezes",
        "const { parse } = JSON; JSON.parse = text => Object.freeze(parse(text))",
        Gets::Chat,
    ),
    // Dates, languages and numbers.
    ("no Intl", "delete window.Intl", Gets::Chat),
    (
        "an Intl that throws",
        "Intl.DateTimeFormat = Intl.NumberFormat = function () { throw new RangeError('no') }",
        Gets::Chat,
    ),
    ("no plural rules", "delete Intl.PluralRules", Gets::Chat),
    (
        "plural rules that throw",
        "Intl.PluralRules = class { constructor() { throw new Error('no') } }",
        Gets::Chat,
    ),
    (
        "times that are no text",
        "Date.prototype.toLocaleTimeString = Date.prototype.toLocaleDateString = () => 5",
        Gets::Chat,
    ),
    (
        "times that throw",
        "Date.prototype.toLocaleTimeString = Date.prototype.toLocaleDateString = () => { throw new RangeError('zone') }",
        Gets::Chat,
    ),
    ("a fixed clock", "Date.now = () => 1e12", Gets::ChatOrText),
    (
        "a clock that is no number",
        "Date.now = () => NaN",
        Gets::ChatOrText,
    ),
    (
        "a random number that repeats",
        "Math.random = () => 0.5",
        Gets::Chat,
    ),
    // Requests and answers.
    (
        "fetch in a proxy",
        "window.fetch = new Proxy(fetch, {})",
        Gets::Chat,
    ),
    (
        "fetch that gives a proxy of the answer",
        "const send = fetch; window.fetch = async (...it) => { const answer = await send(...it); return new Proxy(answer, { get: (to, name) => typeof to[name] === 'function' ? to[name].bind(to) : to[name] }) }",
        Gets::Chat,
    ),
    (
        "an answer whose text is a String object",
        "const { text } = Response.prototype; Response.prototype.text = async function () { return new String(await text.call(this)) }",
        Gets::Chat,
    ),
    (
        "an answer whose text is a number",
        "Response.prototype.text = async () => 5",
        Gets::ChatOrText,
    ),
    (
        "another Promise",
        "window.Promise = class extends Promise {}",
        Gets::Chat,
    ),
    (
        "a then that is called twice",
        "const { then } = Promise.prototype; Promise.prototype.then = function (...it) { return then.apply(this, it) }",
        Gets::Chat,
    ),
    (
        "no AbortController",
        "delete window.AbortController",
        Gets::NamedError("AbortController"),
    ),
    (
        "a Request that is a function",
        "const Own = Request; window.Request = function (...it) { return new Own(...it) }",
        Gets::Chat,
    ),
    (
        "Headers that throw for unknown names",
        "const { set } = Headers.prototype; Headers.prototype.set = function (name, value) { return set.call(this, name, value) }",
        Gets::Chat,
    ),
    // Storage, tabs and locks.
    (
        "a storage that throws",
        "Object.defineProperty(window, 'sessionStorage', { get() { throw new DOMException('no', 'SecurityError') } })",
        Gets::Chat,
    ),
    (
        "a storage that is full",
        "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }",
        Gets::Chat,
    ),
    (
        "a storage that is null",
        "Object.defineProperty(window, 'sessionStorage', { value: null }); Object.defineProperty(window, 'localStorage', { value: null })",
        Gets::Chat,
    ),
    (
        "a storage with another prototype",
        "Storage.prototype.getItem = () => ({})",
        Gets::Chat,
    ),
    (
        "no BroadcastChannel",
        "delete window.BroadcastChannel",
        Gets::Chat,
    ),
    (
        "no locks",
        "Object.defineProperty(navigator, 'locks', { value: undefined })",
        Gets::Chat,
    ),
    (
        "locks that are refused",
        "LockManager.prototype.request = () => Promise.reject(new Error('no')); LockManager.prototype.query = () => { throw new Error('no') }",
        Gets::Chat,
    ),
    // The document.
    (
        "a createElement that counts",
        "const { createElement } = Document.prototype; window.made = 0; Document.prototype.createElement = function (...it) { made++; return createElement.apply(this, it) }",
        Gets::Chat,
    ),
    (
        "an appendChild that calls back",
        "const { appendChild } = Node.prototype; Node.prototype.appendChild = function (child) { try { window.Pipit?.getState?.(); window.Pipit?.open?.() } catch {} return appendChild.call(this, child) }",
        Gets::Chat,
    ),
    (
        "an addEventListener that is wrapped",
        "const { addEventListener } = EventTarget.prototype; EventTarget.prototype.addEventListener = function (type, listener, options) { return addEventListener.call(this ?? window, type, listener, options) }",
        Gets::Chat,
    ),
    (
        "no ResizeObserver",
        "delete window.ResizeObserver",
        Gets::ChatOrText,
    ),
    (
        "no matchMedia",
        "delete window.matchMedia",
        Gets::ChatOrText,
    ),
    (
        "no crypto",
        "Object.defineProperty(window, 'crypto', { value: undefined })",
        Gets::ChatOrText,
    ),
    (
        "no queueMicrotask and no idle callbacks",
        "delete window.queueMicrotask; delete window.requestIdleCallback",
        Gets::Chat,
    ),
    // Getters and setters that throw, under names that the widget's options and objects have.
    (
        "getters that throw",
        "for (const name of ['text', 'label', 'locale', 'headers', 'cause']) Object.defineProperty(Object.prototype, name, { get() { throw new Error(name) }, set(value) { Object.defineProperty(this, name, { value, writable: true, enumerable: true, configurable: true }) }, configurable: true })",
        Gets::Chat,
    ),
    ("no Date", "window.Date = undefined", Gets::Chat),
    (
        "a clock that throws",
        "Date.now = () => { throw new Error('no') }",
        Gets::Chat,
    ),
    (
        "no performance",
        "Object.defineProperty(window, 'performance', { value: { getEntriesByType: performance.getEntriesByType.bind(performance) } })",
        Gets::ChatOrText,
    ),
    (
        "an Intl that is undefined",
        "window.Intl = undefined",
        Gets::Chat,
    ),
    (
        "an answer of another realm",
        "const frame = document.createElement('iframe'); document.documentElement.append(frame); const send = frame.contentWindow.fetch.bind(window); const Own = frame.contentWindow.Response; window.fetch = async (...it) => { const { status, body, headers } = await send(...it); return new Own(body, { status, headers }) }",
        Gets::Chat,
    ),
    (
        "an unbound proxy of the answer",
        "const send = fetch; window.fetch = async (...it) => new Proxy(await send(...it), {})",
        Gets::Chat,
    ),
    (
        "locks that never answer",
        "LockManager.prototype.request = LockManager.prototype.query = () => new Promise(() => {})",
        Gets::ChatOrText,
    ),
    (
        "a BroadcastChannel that throws",
        "window.BroadcastChannel = class { constructor() { throw new Error('no') } }",
        Gets::Chat,
    ),
    (
        "no structuredClone",
        "delete window.structuredClone",
        Gets::Chat,
    ),
    (
        "a document that does not say whether it is hidden",
        "Object.defineProperty(Document.prototype, 'hidden', { get() { throw new Error('no') } })",
        Gets::ChatOrText,
    ),
    (
        "functions without a text",
        "Function.prototype.toString = () => { throw new Error('no') }",
        Gets::ChatOrText,
    ),
    (
        "a setAttribute that calls back",
        "const { setAttribute } = Element.prototype; let calls = 0; Element.prototype.setAttribute = function (...it) { if (++calls === 40) try { window.Pipit?.update?.({ title: 'Shop' }) } catch {} return setAttribute.apply(this, it) }",
        Gets::Chat,
    ),
    // Relatives.
    (
        "options of functions of the browser in Object.prototype",
        "for (const name of ['signal', 'headers', 'method', 'body', 'keepalive', 'credentials', 'cache', 'redirect', 'referrer', 'integrity', 'passive', 'capture', 'detail', 'bubbles', 'cancelable', 'composed', 'statusText', 'type', 'steal', 'ifAvailable', 'preventScroll', 'behavior']) Object.prototype[name] = 'x'",
        Gets::Chat,
    ),
    (
        "setters that throw, for options of functions of the browser",
        "for (const name of ['headers', 'method', 'body', 'credentials', 'redirect', 'passive', 'capture', 'once', 'steal', 'preventScroll', 'reason', 'answers']) Object.defineProperty(Object.prototype, name, { get() { return undefined }, set() { throw new Error(name) }, configurable: true })",
        Gets::Chat,
    ),
    (
        "a bind and an Array.from of another kind",
        "Function.prototype.bind = function (that, values) { const own = this; return function () { return own.apply(that, values ?? arguments) } }; Function.prototype.extend = function () {}; Array.from = item => item == null ? [] : typeof item !== 'string' && item.length != null ? [].slice.call(item) : [item]",
        Gets::Chat,
    ),
    (
        "a Promise of its own class",
        "const Usual = Promise; window.Promise = class { constructor(start) { this.inner = new Usual(start) } then(...it) { return new Promise(resolve => resolve(this.inner.then(...it))) } catch(it) { return this.then(undefined, it) } finally(it) { return this.then(value => { it(); return value }, error => { it(); throw error }) } static resolve(it) { return new Promise(resolve => resolve(it)) } static reject(it) { return new Promise((_, reject) => reject(it)) } static all(it) { return Promise.resolve(Usual.all(it)) } static race(it) { return Promise.resolve(Usual.race(it)) } }",
        Gets::Chat,
    ),
    (
        "timers that are slow and are objects",
        "const { setTimeout, clearTimeout } = window; window.setTimeout = (action, ms, ...it) => ({ id: setTimeout(action, Math.max(ms ?? 0, 100), ...it) }); window.clearTimeout = timer => clearTimeout(timer?.id)",
        Gets::Chat,
    ),
    ("no console", "window.console = undefined", Gets::Chat),
    (
        "a console without functions",
        "window.console = {}",
        Gets::Chat,
    ),
    (
        "every built-in object frozen",
        "for (const it of [Object, Function, Array, String, Number, Error, TypeError, Promise, Map, Set, WeakMap, RegExp, Date, Event, EventTarget, Node, Element, HTMLElement, Document, Response, Request, Headers]) { Object.freeze(it.prototype); Object.freeze(it) } Object.freeze(JSON); Object.freeze(Math); Object.freeze(Reflect)",
        Gets::Chat,
    ),
    (
        "a wrapped registry of elements, and an old CustomEvent",
        "const { define } = customElements; customElements.define = (name, own, it) => define.call(customElements, name, class extends own {}, it); window.CustomEvent = function (type, { bubbles = false, cancelable = false, detail = null } = {}) { const event = document.createEvent('CustomEvent'); event.initCustomEvent(type, bubbles, cancelable, detail); return event }",
        Gets::Chat,
    ),
    (
        "dates that are broken or are made by JSON.parse",
        "Date.prototype.toISOString = Date.prototype.toJSON = () => { throw new RangeError('date') }; const { parse } = JSON; JSON.parse = (text, own) => parse(text, own ?? ((_, value) => /^[0-9]{4}-/.test(value) ? new Date(value) : value))",
        Gets::Chat,
    ),
    (
        "a fetch without a Response",
        "const send = fetch; window.fetch = async (...it) => { const answer = await send(...it); return { ok: answer.ok, status: answer.status, url: answer.url, headers: answer.headers, text: () => answer.text(), json: () => answer.json(), arrayBuffer: () => answer.arrayBuffer() } }",
        Gets::Chat,
    ),
    (
        "no languages, no identifiers, no weak references",
        "Object.defineProperty(Navigator.prototype, 'languages', { get() {} }); delete Crypto.prototype.randomUUID; delete window.WeakRef; delete window.FinalizationRegistry; delete URL.canParse",
        Gets::Chat,
    ),
    (
        "methods of elements by older functions",
        "for (const name of ['append', 'prepend']) Element.prototype[name] = function (...it) { for (const node of it) this.insertBefore(typeof node === 'string' ? document.createTextNode(node) : node, name === 'append' ? null : this.firstChild); return this }; Element.prototype.remove = function () { this.parentNode?.removeChild(this); return this }",
        Gets::Chat,
    ),
];

/// The script that uses the chat and reports what there is to see. The browser's driver cannot do that, because its own
/// scripts break on some of these pages.
const USE_CHAT: &str = include_str!("use-chat.js");

/// What a page has reported.
#[derive(Default)]
struct Report {
    state: String,
    texts: String,
    failures: String,
    alarms: String,
    /// How often the button of the page has worked.
    clicks: u32,
    /// The texts of the console.
    console: String,
    /// The document and the address.
    everything: String,
}

impl Scene {
    /// The most recent report of the page with this number; empty if it has sent none.
    fn report(&self, number: usize) -> Report {
        let text = self.proxy.report();
        let mut parts = text.split('\u{1}').map(str::to_owned);
        if parts.next() != Some(number.to_string()) {
            return Report::default();
        }
        let mut next = || parts.next().unwrap_or_default();
        Report {
            state: next(),
            texts: next(),
            failures: next(),
            alarms: next(),
            clicks: next().parse().unwrap_or_default(),
            console: next(),
            everything: next(),
        }
    }

    /// Opens a page that runs this script before the widget's, in an iframe of a page that is whole: the browser's driver
    /// evaluates scripts of its own in the page at the top, even before it leaves that page.
    async fn open_broken_page(&self, number: usize, script: &str) {
        let name = format!("page-{number}.html");
        let use_chat = USE_CHAT.replace("NUMBER", &number.to_string());
        let scripts = format!("<script>{use_chat}</script><script>{{ {script} }}</script>");
        let page = super::page(&scripts, &self.proxy.origin());
        self.server.serve(&name, &page);
        let open = "document.querySelector('iframe')?.remove();
            const frame = Object.assign(document.createElement('iframe'), { src: arguments[0], width: 1200, height: 700 });
            document.body.append(frame)";
        let address = format!("/{name}");
        self.visitor
            .browser
            .script(open, vec![json!(address)])
            .await;
    }

    /// Holds a conversation of two messages on the page with this number. Returns what went wrong.
    async fn try_conversation(&self, agent: &Agent, number: usize) -> Option<String> {
        let posts_before = self.proxy.count("postMessage");
        let is_decided = async || {
            let report = self.report(number);
            let has_failed = !report.failures.is_empty() || !report.alarms.is_empty();
            report.state == "queued" || report.state == "failed" || has_failed
        };
        if !within_patience(is_decided).await || self.report(number).state != "queued" {
            let Report {
                state, failures, ..
            } = self.report(number);
            return Some(format!("the chat does not start: {state} {failures}"));
        }
        let engagement = self.server.newest_engagement().await;
        agent.accept(&engagement).await;
        let answer = format!("answer {number}.");
        agent.post(&engagement, &answer).await;
        if !within_patience(async || self.report(number).texts.contains(&answer)).await {
            return Some("the answer of the agent is not shown".to_owned());
        }
        let is_sent =
            within_patience(async || self.proxy.count("postMessage") > posts_before).await;
        (!is_sent).then(|| "the question is not sent".to_owned())
    }

    /// What must not be on the page with this number.
    fn faults_of_page(&self, number: usize) -> Vec<String> {
        let report = self.report(number);
        let mut faults = Vec::new();
        if !report.alarms.is_empty() {
            faults.push(report.alarms);
        }
        if report.clicks == 0 {
            faults.push("the button of the page does not work".to_owned());
        }
        let secrets = self.proxy.secrets();
        if secrets.iter().any(|secret| {
            [&report.everything, &report.console]
                .iter()
                .any(|text| text.contains(secret))
        }) {
            faults.push("a secret is in the document, the address or the console".to_owned());
        }
        faults
    }
}

/// The time after which a page counts as one on which the chat does not work.
const PATIENCE: Duration = Duration::from_secs(20);

/// Waits until `check` is true. Returns false if that takes too long: the test then goes on with the next page.
async fn within_patience(check: impl AsyncFn() -> bool) -> bool {
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        if check().await {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(40)).await;
    }
    false
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_page_with_a_broken_environment_the_visitor_can_chat_or_reads_why_not() {
    let scene = Scene::start("").await;
    let agent = Agent::log_on(&scene.server).await;
    scene.server.serve(
        "whole.html",
        "<!doctype html><title>Whole</title><body></body>",
    );
    let whole = format!("{}/whole.html", scene.proxy.origin());
    scene.visitor.browser.open_page(&whole).await;
    let mut faults = Vec::new();
    for (number, (name, script, gets)) in PAGES.into_iter().enumerate() {
        scene.open_broken_page(number, script).await;
        if let Gets::NamedError(text) = gets {
            let is_named = within_patience(async || scene.report(number).alarms.contains(text));
            if !is_named.await || scene.report(number).clicks == 0 {
                faults.push(format!(
                    "{name}: no error names it, or the page does not work"
                ));
            }
            continue;
        }
        let problem = scene.try_conversation(&agent, number).await;
        let is_told = !scene.report(number).texts.trim().is_empty();
        if let Some(problem) = problem
            && (gets == Gets::Chat || !is_told)
        {
            let Report { texts, console, .. } = scene.report(number);
            faults.push(format!(
                "{name}: {problem}; the visitor sees: {texts}; the console: {console}"
            ));
        }
        let found = scene.faults_of_page(number).into_iter();
        faults.extend(found.map(|fault| format!("{name}: {fault}")));
    }
    assert!(
        faults.is_empty(),
        "{} faults:\n{}",
        faults.len(),
        faults.join("\n")
    );
    scene.end().await;
}
