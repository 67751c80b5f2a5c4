//! An adversary of the widget: a proxy between the browser and the chat server that breaks answers (`proxy.rs`,
//! `breakage.rs`), and pages that break their own environment (`pages.rs`). The tests here are a part of the end-to-end
//! tests, whose drivers they use; `cargo xtask test adversary` runs only them. One browser goes through many cases. In
//! each case, these things must hold (`FIND_FAULTS`):
//!
//! - No script of an answer runs, nothing navigates, and no promise is left rejected.
//! - The page around the widget works as before.
//! - No token and no session id is in the document, in an address or on the console, and no token is stored.
//! - The visitor can go on, or reads what to do.
//!
//! What needs no browser is tested without one: hostile markup in `crates/rich-text`, and answers that cannot be read in
//! `crates/wire` and `crates/engine`.

mod agent;
mod answers;
mod breakage;
mod pages;
mod proxy;

use pipit_e2e::{TestServer, Visitor, wait_for};
use serde_json::{Value, json};

use proxy::Proxy;

/// A script that runs first on each page. It records what must not happen, and has a button of the page's own.
const WATCH: &str = r#"<script>
    window.alarms = [];
    window.alarm = what => { alarms.push(what); };
    window.clicks = 0;
    window.alert = window.confirm = window.prompt = window.print = () => alarm("a dialog");
    addEventListener("error", event => alarm(`an error: ${event.message ?? event.target?.src}`));
    addEventListener("unhandledrejection", ({ reason }) => alarm(`a rejection: ${reason?.stack ?? reason}`));
    addEventListener("beforeunload", () => { sessionStorage.setItem("alarm", "the page was left"); });
    window.consoleTexts = "";
    for (const level of ["log", "info", "warn", "error", "debug"]) {
        const write = console[level];
        console[level] = (...values) => { consoleTexts += values.map(String).join(" ") + "\n"; write.apply(console, values); };
    }
    addEventListener("DOMContentLoaded", () => {
        const button = Object.assign(document.createElement("button"), { id: "own", textContent: "Buy", onclick: () => { clicks++; } });
        document.body.prepend(button);
    });
</script>"#;

/// The script that finds what must not be. Its arguments are the secrets, of which the first ones are tokens.
const FIND_FAULTS: &str = r#"
    const [tokens, sessions] = arguments;
    const faults = [...alarms];
    alarms.length = 0;
    const before = clicks;
    document.querySelector('[id=own]')?.click();
    if (clicks !== before + 1) faults.push("the button of the page does not work");
    const texts = root => [...root.querySelectorAll("*")].map(it => it.cloneNode().outerHTML + (it.shadowRoot ? texts(it.shadowRoot) : "")).join("")
        + root.textContent;
    const places = { document: texts(document.documentElement), address: location.href + history.length, console: consoleTexts, cookie: document.cookie };
    const stored = JSON.stringify([{ ...sessionStorage }, { ...localStorage }]);
    for (const secret of [...tokens, ...sessions])
        for (const [place, text] of Object.entries(places)) if (text.includes(secret)) faults.push(`a secret is in: ${place}`);
    for (const token of tokens) if (stored.includes(token)) faults.push("a token is stored");
    if (sessionStorage.getItem("alarm")) faults.push(sessionStorage.getItem("alarm"));
    return faults;"#;

/// A visitor on a page that the proxy serves.
struct Scene {
    server: TestServer,
    proxy: Proxy,
    visitor: Visitor,
}

impl Scene {
    /// Opens the page with these scripts before the widget's.
    async fn start(scripts: &str) -> Self {
        let server = TestServer::with_page("").await;
        let patient = json!({ "absent_ms": 3_600_000, "spam": { "enabled": false } });
        server.switch("config", patient).await;
        let proxy = Proxy::start(&server).await;
        server.serve("index.html", &page(scripts, &proxy.origin()));
        server.serve(
            "sign-in.html",
            "<script>parent.alarm?.('a sign-in page ran')</script>",
        );
        let visitor = server.visitor().await;
        visitor.browser.open_page(&proxy.origin()).await;
        visitor.part("launcher").await;
        Self {
            server,
            proxy,
            visitor,
        }
    }

    /// What must not be and is; see the list above.
    async fn faults(&self) -> Vec<String> {
        let secrets = self.proxy.secrets();
        let (tokens, sessions): (Vec<_>, Vec<_>) =
            secrets.into_iter().partition(|it| it.contains('.'));
        let faults = self
            .visitor
            .browser
            .script(FIND_FAULTS, vec![json!(tokens), json!(sessions)])
            .await;
        serde_json::from_value(faults).expect("a list of texts")
    }

    /// Calls a command of the page and waits until it is done. Returns the error's code, or `null`.
    async fn call(&self, command: &str) -> Value {
        let script = format!(
            "const done = arguments[arguments.length - 1];
             setTimeout(() => done('nothing within 10 s'), 10_000);
             (async () => Pipit.{command})().then(() => done(null), error => done(error.code ?? String(error)))"
        );
        self.visitor.browser.script_async(&script, vec![]).await
    }

    async fn state(&self) -> String {
        let state = self
            .visitor
            .browser
            .script("return Pipit.getState().state", vec![])
            .await;
        state.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until the chat's state is one of these, and returns it.
    async fn wait_for_state(&self, what: &str, expected: &[&str]) -> String {
        wait_for(what, || async {
            let state = self.state().await;
            expected.contains(&state.as_str()).then_some(state)
        })
        .await
    }

    async fn end(self) {
        self.visitor.browser.close().await;
    }
}

/// A page with the widget, whose chat server is the proxy. `scripts` run before the widget's.
fn page(scripts: &str, origin: &str) -> String {
    format!(
        r#"<!doctype html><html lang="en"><head><meta charset="utf-8">{WATCH}{scripts}</head><body>
        <script src="/pipit/pipit.js" data-session-endpoint="/session" data-base-url="{origin}"></script></body></html>"#
    )
}
