//! The examples of the frameworks and bundlers (`examples/*/stack.json`). `cargo xtask stacks` builds them into the directory `stacks` of
//! the site, or names the commands that serve them during the development. The end-to-end tests build one of them with each commit.

use std::collections::BTreeMap;
use std::fs;
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use pipit_e2e::{TestServer, Visitor};
use serde_json::{Value, json};

/// The resources that a page has fetched: the paths of all, and the names of the widget's own files, which no page may fetch before the
/// visitor wants to chat.
const FETCHED: &str = r"const names = performance.getEntriesByType('resource').map(({ name }) => name);
    const isOwn = (name) => /\.wasm|\/locales\/|(split_|chunk_3|\/(ar|da|de|es|fi|fr|he|it|ja|ko|nb|nl|pl|pt|sv|tr|zh-Hans)[-.\w]*\.(txt|json))/.test(new URL(name).pathname);
    return { all: [...new Set(names.map((name) => decodeURI(new URL(name).pathname)))], own: names.filter(isOwn) };";

/// Waits until the page has loaded and fetches nothing more for half a second.
const WAIT_UNTIL_QUIET: &str = "const done = arguments[arguments.length - 1];
    let timer = setTimeout(done, 500);
    new PerformanceObserver(() => { clearTimeout(timer); timer = setTimeout(done, 500); }).observe({ entryTypes: ['resource'] });";

/// The time that a server for the development has until it answers.
const START_TIME: Duration = Duration::from_mins(2);

async fn fetched(visitor: &Visitor) -> Value {
    visitor.browser.script_async(WAIT_UNTIL_QUIET, vec![]).await;
    visitor.browser.script(FETCHED, vec![]).await
}

/// A server for the development of an example, such as `vite`. Dropping it ends the server.
struct DevelopmentServer {
    program: Child,
    url: String,
}

impl DevelopmentServer {
    /// Starts a server, and waits until it accepts connections. `command` is for a shell.
    async fn start(command: &str, session_server: &str) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        let address = free.expect("there is a free port");
        let app = std::env::var_os("PIPIT_STACKS_APP").expect("the directory of the example");
        let program = Command::new("sh")
            .args(["-c", &format!("exec {command}")])
            .current_dir(app)
            .env("PORT", address.port().to_string())
            .env("SESSION_SERVER", session_server)
            .stdin(Stdio::null())
            .spawn();
        let mut server = Self {
            program: program.expect("the server starts"),
            url: format!("http://{address}/"),
        };
        let wait = async {
            while TcpStream::connect(address).is_err() {
                let ended = server.program.try_wait().expect("the server can be asked");
                assert!(ended.is_none(), "`{command}` has ended: {ended:?}");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        let waited = tokio::time::timeout(START_TIME, wait).await;
        assert!(
            waited.is_ok(),
            "`{command}` does not listen at {address} within {START_TIME:?}"
        );
        server
    }
}

impl Drop for DevelopmentServer {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

/// Opens the page at an address, starts a chat on it, and returns what the page fetched before. The visitor waits in the queue, reads that
/// in German, and is then forgotten, because the next page would continue the conversation.
async fn chat_at(visitor: &Visitor, url: &str) -> Value {
    visitor.browser.open_page(url).await;
    visitor.part("launcher").await;
    let early = fetched(visitor).await;
    visitor.start_chat().await;
    let german: Value =
        serde_json::from_str(include_str!("../../../src/locale/de.json")).expect("the texts");
    let first = german["position.1"].as_str().expect("the text");
    visitor.wait_for_text(".place", first).await;
    let state = "return document.querySelector('pipit-chat').getAttribute('state')";
    assert_eq!(
        visitor.browser.script(state, vec![]).await,
        json!("queued"),
        "{url}"
    );
    let own = visitor.browser.script(FETCHED, vec![]).await["own"].to_string();
    assert!(own.contains(".wasm"), "{url}: {own}");
    let forget =
        "document.querySelector('pipit-chat').chat.forget().then(() => arguments[0](true))";
    visitor.browser.script_async(forget, vec![]).await;
    early
}

/// The contract of `pipit-chat/headless`.
const HEADLESS_CONTRACT: &str = include_str!("headless.js");

/// The events of that contract.
const HEADLESS_EVENTS: &str =
    "chat:requested chat:queued message:sending message:sent chat:ended destroy";

/// Opens the page of the example without the widget's view, and returns what it fetched before the visitor wanted to chat. Checks the
/// contract. Then chats with an agent by the page's own markup.
async fn chat_without_panel(server: &TestServer, visitor: &Visitor, url: &str) -> Value {
    let browser = &visitor.browser;
    browser.open_page(url).await;
    let early = fetched(visitor).await;
    let wait_for = async |what: &str, script: &str| {
        let read = async || browser.script(script, vec![]).await;
        browser.wait_until_equal(what, json!(true), read).await;
    };
    browser
        .script("document.querySelector('#open').click()", vec![])
        .await;
    wait_for("the conversation", "return !!window.conversation").await;
    let result = browser.script_async(HEADLESS_CONTRACT, vec![]).await;
    let expected = json!({ "failures": [], "events": HEADLESS_EVENTS });
    assert_eq!(result, expected);
    // The page has stored that its visitor chats, and opens the chat by itself.
    browser.open_page(url).await;
    let write = "const form = document.querySelector('form');
        form.elements.text.value = arguments[0];
        form.elements.text.dispatchEvent(new Event('input', { bubbles: true }));
        form.requestSubmit();";
    let has_status = |text: &str| {
        format!("return document.querySelector('[role=status]').textContent === '{text}'")
    };
    wait_for("the view", &has_status("Schreiben Sie uns.")).await;
    browser.script(write, vec![json!("Hallo")]).await;
    wait_for(
        "the queue",
        &has_status("Sie sind als Nächstes an der Reihe."),
    )
    .await;
    let agent = server.agent().await;
    agent.accept().await;
    wait_for("the agent", &has_status("Sie sprechen mit Ana Marques.")).await;
    agent.wait_for_last_message("> Hallo").await;
    agent.send_message("Guten Tag").await;
    let has_line = |text: &str| {
        format!(
            "return [...document.querySelectorAll('li')].some((line) => line.textContent === '{text}')"
        )
    };
    wait_for("the answer", &has_line("Ana Marques: Guten Tag")).await;
    browser.open_page(url).await;
    wait_for(
        "the answer after a reload",
        &has_line("Ana Marques: Guten Tag"),
    )
    .await;
    browser
        .script("document.querySelector('#end').click()", vec![])
        .await;
    wait_for("the end", &has_status("Der Chat ist beendet.")).await;
    let leave = "sessionStorage.clear(); conversation.forget().then(() => arguments[0](true))";
    browser.script_async(leave, vec![]).await;
    agent.browser.close().await;
    early
}

/// What was seen on a page, in the words of docs/stacks.md.
fn description(view: &str, early: &Value) -> String {
    let own = early["own"].as_array().map_or(0, Vec::len);
    let seen = format!("{view}, WASM, German, queued");
    if own == 0 {
        seen
    } else {
        format!("{seen}; fetched too early: {own}")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_built_example_starts_a_chat_in_german() {
    let server = TestServer::without_policy().await;
    let built = server.stacks();
    let visitor = server.visitor().await;
    let mut report = BTreeMap::new();
    let file = std::env::var_os("PIPIT_STACKS_REPORT");
    let mut add_to_report = |name: &str, seen: Value| {
        report.insert(name.to_owned(), seen);
        if let Some(file) = &file {
            fs::write(file, json!(report).to_string()).expect("the report can be written");
        }
    };
    for name in built.iter().filter(|name| !name.ends_with("--without")) {
        let url = |name: &str| format!("{}/stacks/{name}/", server.site());
        let (view, early) = if name == "headless" {
            let early = chat_without_panel(&server, &visitor, &url(name)).await;
            ("own view", early)
        } else {
            ("panel", chat_at(&visitor, &url(name)).await)
        };
        let without = format!("{name}--without");
        let mut seen = json!({ "seen": description(view, &early) });
        if built.contains(&without) {
            visitor.browser.open_page(&url(&without)).await;
            seen["with"] = early["all"].clone();
            seen["without"] = fetched(&visitor).await["all"].clone();
        }
        add_to_report(name, seen);
        assert!(
            file.is_some() || early["own"] == json!([]),
            "{name} fetches before the visitor wants to chat: {early}"
        );
    }
    let served = std::env::var("PIPIT_STACKS_SERVED").unwrap_or_else(|_| "{}".to_owned());
    let served: BTreeMap<String, String> =
        serde_json::from_str(&served).expect("a command for each name");
    for (name, command) in served {
        let app = DevelopmentServer::start(&command, &server.site()).await;
        let early = chat_at(&visitor, &app.url).await;
        add_to_report(&name, json!({ "seen": description("panel", &early) }));
    }
    visitor.browser.close().await;
}
