//! The sandbox without a network: requests are answered by the same routes, and time passes only when a test lets it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by a panic"
)]

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use pipit_sandbox::{
    AgentAccount, Behaviour, LocalAnswer, LocalRequest, LocalServer, Options, read_config,
};
use serde_json::{Value, json};

type Pending<T> = Pin<Box<dyn Future<Output = T>>>;

/// A time at which a clock starts, in ms since 1970.
const START_MS: i64 = 1_800_000_000_000;

/// A local server with its background tasks.
struct Local {
    server: LocalServer,
    tasks: Vec<Pending<()>>,
}

impl Local {
    fn start(options: &Options) -> Self {
        let (server, tasks) = LocalServer::new(options, ("chat.test", None), START_MS).unwrap();
        let tasks = tasks
            .into_iter()
            .map(|task| -> Pending<()> { Box::pin(task) });
        let tasks = tasks.collect();
        Self { server, tasks }
    }

    /// Lets the background tasks run as far as they can. Each of them may wake another one.
    fn settle(&mut self) {
        let mut context = Context::from_waker(Waker::noop());
        for _ in 0..8 {
            self.tasks
                .retain_mut(|task| task.as_mut().poll(&mut context).is_pending());
        }
    }

    fn advance(&mut self, ms: i64) {
        self.server.set_time(self.server.now() + ms);
        self.settle();
    }

    fn post(&self, path: &str, headers: &[(&str, &str)], body: &Value) -> Pending<LocalAnswer> {
        let headers = headers.iter();
        Box::pin(
            self.server.answer(LocalRequest {
                method: "POST".to_owned(),
                path: path.to_owned(),
                headers: headers
                    .map(|&(name, value)| (name.to_owned(), value.to_owned()))
                    .collect(),
                body: body.to_string().into_bytes(),
            }),
        )
    }

    /// The answer to a request that is answered at once.
    fn answered(&mut self, path: &str, headers: &[(&str, &str)], body: &Value) -> Value {
        let mut request = self.post(path, headers, body);
        let answer = ready(&mut request).expect("an answer at once");
        self.settle();
        assert_eq!(answer.status, 200, "{path}: {}", text(&answer));
        serde_json::from_slice(&answer.body).unwrap()
    }

    /// Begins a conversation, and returns the session of the visitor.
    fn begin(&mut self) -> String {
        let session = self.answered("/session", &[], &json!({"firstName": "Eva"}));
        let bearer = format!("Bearer {}", session["channelToken"].as_str().unwrap());
        let path = consumer("requestEngagement");
        let started = self.answered(&path, &[("authorization", &bearer)], &json!({}));
        started["sessionId"].as_str().unwrap().to_owned()
    }
}

fn ready<T>(pending: &mut Pending<T>) -> Option<T> {
    let mut context = Context::from_waker(Waker::noop());
    match pending.as_mut().poll(&mut context) {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    }
}

fn text(answer: &LocalAnswer) -> String {
    String::from_utf8_lossy(&answer.body).into_owned()
}

fn consumer(operation: &str) -> String {
    format!("/engagement/api/consumer/pipit_demo/v1/{operation}?pool=297:1")
}

/// The options of a sandbox whose only agent repeats what the visitor says.
fn echo() -> Options {
    Options {
        agents: vec![AgentAccount {
            behaviour: Behaviour::Echo,
            ..AgentAccount::defaults().remove(0)
        }],
        ..Options::default()
    }
}

#[test]
fn a_poll_is_held_until_its_time_in_virtual_time() {
    let mut local = Local::start(&Options::default());
    let session = local.begin();
    let headers = [("sessionid", session.as_str())];
    let first = local.answered(&consumer("getMessages"), &headers, &json!({}));
    assert_eq!(
        first["systemMessages"].as_array().map(Vec::len),
        Some(1),
        "{first}"
    );
    let mut poll = local.post(&consumer("getMessages"), &headers, &json!({}));
    assert!(ready(&mut poll).is_none());
    assert_eq!(local.server.next_wake(), Some(START_MS + 30_000));
    local.advance(29_999);
    assert!(ready(&mut poll).is_none());
    local.advance(1);
    let answer = ready(&mut poll).expect("the hold has ended");
    let batch: Value = serde_json::from_slice(&answer.body).unwrap();
    let messages = batch["systemMessages"].as_array();
    assert_eq!(messages.map(Vec::len), Some(0), "{batch}");
}

#[test]
fn the_chat_server_names_the_address_it_was_given() {
    let mut local = Local::start(&Options::default());
    let session = local.answered("/session", &[], &json!({}));
    let server = session["sessionServerResponse"].as_str().unwrap();
    let server: Value = serde_json::from_str(server).unwrap();
    assert_eq!(server["domain"], "chat.test");
    assert_eq!(server["port"], Value::Null);
}

#[test]
fn an_automated_agent_answers_without_a_network() {
    let mut local = Local::start(&echo());
    local.settle();
    let session = local.begin();
    let headers = [("sessionid", session.as_str())];
    local.answered(
        &consumer("postMessage"),
        &headers,
        &json!({"body": "Is it on its way?"}),
    );
    let batch = local.answered(&consumer("getMessages"), &headers, &json!({}));
    assert!(batch.to_string().contains("Is it on its way?"), "{batch}");
}

/// A script that an agent of the sandbox plays.
const SCRIPT: &str = r#"
title = "An agent of the sandbox"
steps = [
  { visitor = "start" },
  { agent = "signIn" },
  { agent = "accept" },
  { agent = "say", text = "What is your order number?" },
  { visitor = "say", text = "17" },
  { agent = "sees", message = "17" },
  { agent = "typing", isTyping = true },
  { after = "5s", agent = "sayHtml", html = "<b>One moment</b>" },
  { agent = "sendFile", name = "label.pdf", type = "application/pdf", size = 10 },
  { visitor = "say", text = "Thank you" },
  { agent = "conclude" },
]
"#;

#[test]
fn an_agent_of_the_sandbox_plays_a_script_to_each_visitor() {
    let config =
        "[[agents]]\naccount = 15\nname = \"Eve\"\nkind = \"scripted\"\nscript = \"eve.toml\"";
    let read_script = |path: &str| {
        assert_eq!(path, "eve.toml");
        Ok(SCRIPT.to_owned())
    };
    let options = read_config(config, read_script).unwrap();
    let mut local = Local::start(&options);
    local.settle();
    let visitors = [local.begin(), local.begin()];
    local.settle();
    for session in visitors {
        let headers = [("sessionid", session.as_str())];
        let receive = |local: &mut Local| {
            local.settle();
            let batch = local.answered(&consumer("getMessages"), &headers, &json!({}));
            batch.to_string()
        };
        let question = receive(&mut local);
        assert!(
            question.contains("What is your order number?"),
            "{question}"
        );
        let say = |local: &mut Local, body: &str| {
            local.answered(&consumer("postMessage"), &headers, &json!({ "body": body }));
            local.settle();
        };
        say(&mut local, "My number is 17");
        let typing = receive(&mut local);
        assert!(typing.contains("RESPONDING"), "{typing}");
        local.advance(4_999);
        let mut poll = local.post(&consumer("getMessages"), &headers, &json!({}));
        assert!(ready(&mut poll).is_none(), "the agent does not wait");
        local.advance(1);
        let answer = text(&ready(&mut poll).unwrap());
        assert!(answer.contains("<b>One moment</b>"), "{answer}");
        let file = answer + &receive_if_any(&mut local, &headers);
        assert!(file.contains("label.pdf"), "{file}");
        say(&mut local, "Many thanks");
        let end = receive(&mut local);
        assert!(end.contains("AGENT_CONCLUDED"), "{end}");
    }
}

/// What a poll gets at once; empty if it is held.
fn receive_if_any(local: &mut Local, headers: &[(&str, &str)]) -> String {
    local.settle();
    let mut poll = local.post(&consumer("getMessages"), headers, &json!({}));
    ready(&mut poll)
        .map(|answer| text(&answer))
        .unwrap_or_default()
}

#[test]
fn planned_faults_reach_the_client_as_they_would_on_a_network() {
    let mut local = Local::start(&Options::default());
    let session = local.begin();
    let headers = [("sessionid", session.as_str())];
    let plan = |local: &mut Local, fault: Value| {
        let body = json!({"operation": "postMessage", "fault": fault, "times": 1});
        local.answered("/sandbox/network", &[], &body);
        local.post(
            &consumer("postMessage"),
            &headers,
            &json!({"body": "Hello"}),
        )
    };
    let mut dropped = plan(&mut local, json!("drop_before"));
    let dropped = ready(&mut dropped).unwrap();
    assert!(dropped.is_cut_off && dropped.body.is_empty());
    let mut cut = plan(&mut local, json!("cut"));
    // The bytes before the cut are sent before the connection ends.
    let cut = (0..3).find_map(|_| ready(&mut cut)).unwrap();
    assert!(cut.is_cut_off && !cut.body.is_empty());
    let mut delayed = plan(&mut local, json!({"delay_ms": 500}));
    assert!(ready(&mut delayed).is_none());
    local.advance(499);
    assert!(ready(&mut delayed).is_none());
    local.advance(1);
    assert!(ready(&mut delayed).is_some());
}

#[test]
fn a_stopped_server_answers_its_held_polls() {
    let mut local = Local::start(&Options::default());
    let session = local.begin();
    let headers = [("sessionid", session.as_str())];
    local.answered(&consumer("getMessages"), &headers, &json!({}));
    let mut poll = local.post(&consumer("getMessages"), &headers, &json!({}));
    assert!(ready(&mut poll).is_none());
    local.server.stop();
    assert_eq!(ready(&mut poll).map(|answer| answer.status), Some(200));
}

#[test]
fn an_automated_agent_ends_with_its_server() {
    let mut local = Local::start(&echo());
    local.settle();
    local.server.stop();
    // Without an end, the agent would poll in this call for ever.
    local.settle();
    local.advance(1_000);
    // The time-outs of the chat go on as long as the server is kept.
    assert_eq!(local.tasks.len(), 1);
}
