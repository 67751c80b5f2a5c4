//! The command `doctor`: each problem in the table of `npm/doctor-problems.ts` has a page here that causes it, and each way in which a
//! chat can fail to start has a problem.

use std::collections::BTreeSet;

use pipit_e2e::{Browser, TestServer};
use serde_json::{Value, json};

#[path = "doctor/pages.rs"]
mod pages;
#[path = "doctor/unusual_server.rs"]
mod unusual_server;

use pages::{Page, pages};
use unusual_server::UnusualServer;

/// The table of problems.
const TABLE: &str = include_str!("../../../npm/doctor-problems.ts");

/// Error codes with which a chat can fail and which no check finds, and why.
const NOT_OF_THE_PAGE: [(&str, &str); 9] = [
    ("E_ARGUMENT", "the caller of a command sees it at once"),
    (
        "E_COMMAND",
        "files of two versions; the panel does not start then",
    ),
    ("E_DEQUEUED", "the server ends the wait"),
    ("E_FORM", "the visitor has to fill in the form first"),
    (
        "E_FRAME",
        "a function of the page has failed in a conversation",
    ),
    ("E_INTERRUPTED", "a reload in the middle of a start"),
    (
        "E_NOT_STARTED",
        "the server decides when a chat is requested",
    ),
    ("E_SERVER", "faults of a single request"),
    ("E_SESSION_LOST", "the server has ended the session"),
];

/// Asks a page for the problems. A page may define `ask` for another chat than `Pipit`.
const ASK: &str = "const done = arguments[arguments.length - 1];
    const ask = () => (window.ask ?? (() => Pipit.doctor()))().then(
        found => done(found.filter(it => !it.isFine).map(({ check, problem, message, fix }) => ({ check, problem, message, fix }))),
        ({ code, message }) => done(`doctor() failed with ${code}: ${message}`));
    const askWhenLoaded = () => window.ask || window.Pipit?.doctor ? ask() : setTimeout(askWhenLoaded, 20);
    askWhenLoaded()";

/// The text of each finding of a problem, by the problem's name. Leaves out `frame-header`, unless it is the `wanted` one: the header is
/// too wide on each page of these tests, because pages of other tests embed the frame from other origins.
async fn problems(browser: &Browser, wanted: &str) -> Vec<(String, String)> {
    let found = browser.script_async(ASK, vec![]).await;
    let list = found.as_array().cloned();
    assert!(list.is_some(), "doctor() gives findings: {found}");
    let text = |finding: &Value, name: &str| finding[name].as_str().unwrap_or_default().to_owned();
    list.iter()
        .flatten()
        .map(|finding| {
            let words = ["message", "fix"].map(|name| text(finding, name));
            (text(finding, "problem"), words.join(" | "))
        })
        .filter(|(problem, _)| problem != "frame-header" || wanted == "frame-header")
        .collect()
}

/// The name of each problem in the table, and the code of the error that it causes.
fn table() -> impl Iterator<Item = (&'static str, Option<&'static str>)> {
    let lines = TABLE.lines().filter_map(|line| line.strip_prefix("    "));
    let rows = lines.filter_map(|line| line.strip_suffix(',')?.split_once(": "));
    rows.map(|(name, code)| {
        let code = (code != "null").then(|| code.trim_matches('"'));
        (name.trim_matches('"'), code)
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_finds_each_problem_of_its_table_and_nothing_where_all_is_well() {
    let server = TestServer::with_page("").await;
    let session = reqwest::Client::new().post(format!("{}/session", server.site()));
    let session = session.body("{}").send().await.expect("a session");
    let session = session.text().await.expect("the session is text");
    let unusual = UnusualServer::start(session.clone()).await;
    let pages = pages(&server, &unusual, &session);
    let visitor = server.visitor().await;
    let mut failures = Vec::new();
    for (
        number,
        Page {
            problems: expected,
            says,
            html,
        },
    ) in pages.iter().enumerate()
    {
        server.serve(&format!("{number}.html"), html);
        let url = format!("{}/{number}.html", server.site());
        visitor.browser.open_page(&url).await;
        let wanted = expected.first().copied().unwrap_or_default();
        let found = problems(&visitor.browser, wanted).await;
        let names: Vec<_> = found.iter().map(|(name, _)| &**name).collect();
        let is_said = found.first().is_none_or(|(_, words)| words.contains(says));
        if names != *expected || !is_said {
            failures.push(format!(
                "{expected:?} ({says}):\n  {html}\n  found {found:#?}"
            ));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    visitor.browser.close().await;

    // `E_TARGET` and so on: what keeps a chat from starting is in the table, or in the list above.
    let caused: BTreeSet<_> = pages
        .iter()
        .flat_map(|page| page.problems.clone())
        .collect();
    let names: BTreeSet<_> = table().map(|(name, _)| name).collect();
    assert_eq!(caused, names, "each problem has a page");
}

#[test]
fn each_way_in_which_a_chat_can_fail_to_start_has_a_problem() {
    let contract = include_str!("../../../npm/contract.ts");
    let lines = contract
        .lines()
        .filter_map(|line| line.strip_prefix("  | \"E_"));
    let codes: Vec<_> = lines
        .map(|line| format!("E_{}", line.trim_end_matches([';', '"'])))
        .collect();
    let codes: BTreeSet<_> = codes.iter().map(String::as_str).collect();
    let mut known: BTreeSet<_> = table().filter_map(|(_, code)| code).collect();
    assert!(known.is_subset(&codes), "{known:?}");
    known.extend(NOT_OF_THE_PAGE.map(|(code, _)| code));
    let unknown: Vec<_> = codes.difference(&known).collect();
    assert_eq!(unknown, Vec::<&&str>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_rejection_has_a_code_and_a_name() {
    let server = TestServer::with_page("").await;
    let loader = "<script src=/pipit/pipit.js data-session-endpoint=/session></script>";
    // What keeps the panel from loading, and the code.
    let pages = [
        (
            r#"<meta http-equiv=Content-Security-Policy content="connect-src 'none'">"#,
            "E_NOT_LOADED",
        ),
        (
            "<script>window.fetch = async () => { throw new TypeError('Failed to fetch') }</script>",
            "E_NOT_LOADED",
        ),
        (
            "<script>window.Pipit = { config: { title: 1, nope: 2 } }</script>",
            "E_OPTION",
        ),
        (
            "<script>window.Pipit = { config: { words: { nope: '' } } }</script>",
            "E_OPTION",
        ),
        (
            "<script>delete window.HTMLDialogElement</script>",
            "E_BROWSER",
        ),
    ];
    let visitor = server.visitor().await;
    for (number, (cause, code)) in pages.iter().enumerate() {
        let name = format!("rejection-{number}.html");
        server.serve(
            &name,
            &format!(
                "<!doctype html><html lang=en><head>{cause}</head><body>{loader}</body></html>"
            ),
        );
        visitor
            .browser
            .open_page(&format!("{}/{name}", server.site()))
            .await;
        let send = "const done = arguments[arguments.length - 1];
            Pipit.send('hello').then(done, (error) => done([error.name, error.code, `${error}`.startsWith('PipitError: Pipit: ')]))";
        let rejection = visitor.browser.script_async(send, vec![]).await;
        assert_eq!(rejection, json!(["PipitError", code, true]), "{cause}");
    }
    visitor.browser.close().await;
}
