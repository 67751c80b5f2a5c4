//! Checks the sandbox of this repository against every statement, and broken sandboxes, of which exactly the broken
//! statements must fail.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

mod broken_server;

use std::collections::BTreeSet;

use broken_server::BrokenServer;
use pipit_conformance::{
    BasicUser, Outcome, Report, Target, check, markdown, statements, summary, text_table,
};
use pipit_sandbox::{Options, Sandbox, Strictness, start};
use pipit_switchboard::Config;
use serde_json::{Value, json};

/// A strict sandbox that holds polls for a short time, so that the check is quick.
fn options() -> Options {
    Options {
        config: Config {
            hold_ms: 600,
            ..Config::default()
        },
        ..Options::default()
    }
}

fn target(url: &str) -> Target {
    Target {
        base_url: url.to_owned(),
        service_url: url.to_owned(),
        site: "pipit_demo".to_owned(),
        pool: "297:1".to_owned(),
        user: BasicUser {
            name: "demo".to_owned(),
            password: "demo".to_owned(),
        },
        account: 12,
        is_sandbox: true,
    }
}

async fn check_sandbox(options: Options) -> (Report, Sandbox) {
    let sandbox = start(options).await.unwrap();
    let report = check(target(&sandbox.api_url())).await.unwrap();
    (report, sandbox)
}

/// The state of a sandbox.
async fn state(sandbox: &Sandbox) -> Value {
    let url = format!("{}/sandbox/state", sandbox.api_url());
    let text = reqwest::get(url).await.unwrap().text().await.unwrap();
    serde_json::from_str(&text).unwrap()
}

#[tokio::test]
async fn the_strict_sandbox_passes_each_statement_and_nothing_stays() {
    let (report, sandbox) = check_sandbox(options()).await;
    for statement in statements() {
        let outcome = report.outcome(statement.id);
        assert!(
            matches!(outcome, Outcome::Passed(_)),
            "{statement:?}: {outcome:?}"
        );
    }
    assert_eq!(report.left_behind, Vec::<String>::new());
    let state = state(&sandbox).await;
    assert_eq!(state["agents"], json!([]));
    let engagements = state["engagements"].as_array().unwrap();
    assert!(
        engagements.iter().all(|it| it["phase"] == "concluded"),
        "{engagements:?}"
    );
    assert!(summary(&report).contains(" 0 failed, 0 not tried"));
}

#[tokio::test]
async fn no_token_and_no_session_id_is_printed() {
    let sandbox = start(options()).await.unwrap();
    let broken = BrokenServer::start(&sandbox.api_url(), |_, _| {}).await;
    let report = check(target(&broken.url())).await.unwrap();
    let table = text_table(&report);
    let secrets = broken.secrets();
    assert!(secrets.len() > 5, "tokens and session ids were seen");
    for secret in secrets {
        assert!(!table.contains(&secret));
    }
}

/// The statements that fail if the answers are changed.
async fn failures_of(change: fn(&str, &mut Value)) -> BTreeSet<&'static str> {
    let sandbox = start(options()).await.unwrap();
    let broken = BrokenServer::start(&sandbox.api_url(), change).await;
    let report = check(target(&broken.url())).await.unwrap();
    report.failed().into_iter().collect()
}

#[tokio::test]
async fn an_answer_that_breaks_a_statement_makes_it_fail_and_no_other() {
    type Change = fn(&str, &mut Value);
    let cases: [(Change, &[&str]); 10] = [
        (
            |path, body| remove(path, "agent/requestAssignment", body, "clientIdString"),
            &["000.7"],
        ),
        (
            |path, body| {
                set(
                    path,
                    "agent/requestAssignment",
                    body,
                    "serviceStartTime",
                    json!("soon"),
                );
            },
            &["000.5"],
        ),
        (
            |path, body| {
                set(
                    path,
                    "consumer/requestEngagement",
                    body,
                    "completedSurveyAuth",
                    json!(""),
                );
            },
            &["001.12"],
        ),
        (
            |path, body| {
                set(
                    path,
                    "consumer/requestEngagement",
                    body,
                    "sneakPreviewState",
                    json!("MAYBE"),
                );
            },
            &["001.7"],
        ),
        (
            |path, body| remove(path, "agent/concludeChat", body, "sequenceNumber"),
            &["002.8"],
        ),
        (
            |path, body| {
                let result = json!({"clientReset": "never"});
                set(path, "agent/postMessage", body, "chatPostResult", result);
            },
            &["003.3"],
        ),
        (
            |path, body| {
                each_message(path, body, "ChatPostMessage", |it| {
                    it.remove("vaResponse");
                });
            },
            &["004.26"],
        ),
        (
            |path, body| {
                each_message(path, body, "ChatEngagementAssignment", |it| {
                    it.insert("requestSource".to_owned(), json!("PIGEON"));
                });
            },
            &["004.22"],
        ),
        (
            |path, body| {
                set(
                    path,
                    "agent/getMessages",
                    body,
                    "containsDisconnect",
                    json!(true),
                );
            },
            &["004.9"],
        ),
        (
            |path, body| remove(path, "agent/modifyProperties", body, "propertiesResultMap"),
            &["F.22"],
        ),
    ];
    let runs = cases.map(|(change, expected)| async move {
        let expected: BTreeSet<&str> = expected.iter().copied().collect();
        assert_eq!(failures_of(change).await, expected);
    });
    for run in runs.map(tokio::spawn) {
        run.await.unwrap();
    }
}

#[tokio::test]
async fn a_setting_that_breaks_a_statement_makes_it_fail() {
    let lenient = Options {
        strictness: Strictness::Lenient,
        ..options()
    };
    let (report, _sandbox) = check_sandbox(lenient).await;
    assert_eq!(report.failed(), ["F.17", "F.26"]);

    // The queue of the visitors does not exist, so the server answers 409. Nothing more can be tried.
    let mut without_queue = options();
    without_queue.config.queues = serde_json::from_value(json!([{"id": 2}])).unwrap();
    let (report, _sandbox) = check_sandbox(without_queue).await;
    assert!(matches!(report.outcome("001.1"), Outcome::Failed(_)));
    assert_eq!(report.outcome("001.1").seen(), "409 CONFLICT");
    assert!(matches!(report.outcome("001.16"), Outcome::Passed(_)));
    assert!(matches!(report.outcome("000.1"), Outcome::NotTried(_)));
}

#[tokio::test]
async fn an_account_that_is_logged_on_stays_logged_on() {
    let sandbox = start(options()).await.unwrap();
    let target = target(&sandbox.api_url());
    let first = check(target.clone()).await.unwrap();
    assert_eq!(first.failed(), Vec::<&str>::new());
    // Somebody else works with the account.
    broken_server::log_on(&sandbox.api_url()).await;
    let report = check(target).await.unwrap();
    assert_eq!(report.failed(), ["F.15"]);
    assert!(matches!(report.outcome("000.1"), Outcome::NotTried(_)));
    assert_eq!(state(&sandbox).await["agents"].as_array().unwrap().len(), 1);
}

/// The table in the documentation is what `--markdown` prints.
#[test]
fn the_documented_table_is_the_generated_one() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/conformance.md");
    let document = std::fs::read_to_string(path).unwrap();
    assert!(
        document.contains(&markdown()),
        "write the output of `cargo run -p pipit-conformance -- --markdown` into docs/conformance.md"
    );
}

/// Whether the path is that of an operation such as `agent/getMessages`.
fn is_for(path: &str, operation: &str) -> bool {
    let (side, name) = operation.split_once('/').unwrap();
    path.contains(&format!("/api/{side}/")) && path.contains(&format!("/v1/{name}"))
}

fn remove(path: &str, operation: &str, body: &mut Value, name: &str) {
    if let Some(members) = body.as_object_mut().filter(|_| is_for(path, operation)) {
        members.remove(name);
    }
}

fn set(path: &str, operation: &str, body: &mut Value, name: &str, value: Value) {
    // Only an answer that has the member: a refusal stays a refusal.
    let members = body.as_object_mut().filter(|_| is_for(path, operation));
    if let Some(member) = members.and_then(|members| members.get_mut(name)) {
        *member = value;
    }
}

/// Changes each message to the agent with this tag.
fn each_message(
    path: &str,
    body: &mut Value,
    tag: &str,
    change: fn(&mut serde_json::Map<String, Value>),
) {
    let list = body
        .get_mut("getResponseTypes")
        .and_then(Value::as_array_mut);
    let messages = list
        .into_iter()
        .flatten()
        .filter(|_| is_for(path, "agent/getMessages"));
    for message in messages {
        if let Some(content) = message.get_mut(tag).and_then(Value::as_object_mut) {
            change(content);
        }
    }
}
