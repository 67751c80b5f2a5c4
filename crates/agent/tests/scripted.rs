//! Tests of the client over a transport that answers from a list and has a virtual clock: what is sent again and what is
//! not, that there is one poll, and what a failed wait says.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by a panic")]

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use futures_util::FutureExt as _;
use futures_util::future::{LocalBoxFuture, join, pending, ready};
use pipit_agent::{
    Agent, AgentSession, Failure, HttpRequest, HttpResponse, LogOn, MessageReceiver, Method,
    NoAnswer, ServiceAddress, Transport, WaitError,
};
use pipit_wire::agent::{
    AgentRequest, DestinationType, MessageType, PostMessageRequest, Visibility,
};
use pipit_wire::{AccountId, EngagementId, Fields, Secret, SequenceNumber, TextMap};
use serde_json::{Value, json};

/// The answer to a request: a response, or the reason why there is none.
type Answer = Result<HttpResponse, NoAnswer>;

/// Answers requests by their operation, and records them. A request for which no answer is left stays open.
#[derive(Default)]
struct Script {
    answers: RefCell<VecDeque<(&'static str, Answer)>>,
    /// The operations of the requests, with their bodies.
    sent: RefCell<Vec<(String, String)>>,
    now_ms: Cell<i64>,
    /// How many requests stay open because no answer is left.
    open: Rc<Cell<usize>>,
}

impl Script {
    fn answer(&self, operation: &'static str, response: HttpResponse) {
        self.plan(operation, Ok(response));
    }

    fn plan(&self, operation: &'static str, answer: Answer) {
        self.answers.borrow_mut().push_back((operation, answer));
    }

    /// How often an operation was called.
    fn count(&self, operation: &str) -> usize {
        let sent = self.sent.borrow();
        sent.iter().filter(|(name, _)| name == operation).count()
    }

    /// The body of the latest request for an operation.
    fn body(&self, operation: &str) -> Value {
        let sent = self.sent.borrow();
        let (_, body) = sent.iter().rfind(|(name, _)| name == operation).unwrap();
        serde_json::from_str(body).unwrap()
    }
}

/// Decreases the number of open requests when its request is dropped.
struct OpenRequest(Rc<Cell<usize>>);

impl Drop for OpenRequest {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}

impl Transport for Script {
    fn send(&self, request: HttpRequest) -> LocalBoxFuture<'static, Answer> {
        let path = request.url.split('?').next().unwrap();
        let operation = path.rsplit('/').next().unwrap().to_owned();
        assert_eq!(request.method == Method::Get, request.body.is_empty());
        self.sent
            .borrow_mut()
            .push((operation.clone(), request.body));
        let mut answers = self.answers.borrow_mut();
        let index = answers.iter().position(|(name, _)| *name == operation);
        if let Some((_, answer)) = index.and_then(|index| answers.remove(index)) {
            return ready(answer).boxed_local();
        }
        self.open.set(self.open.get() + 1);
        let open = OpenRequest(Rc::clone(&self.open));
        let stay_open = async move {
            let _open = open;
            pending().await
        };
        stay_open.boxed_local()
    }

    /// The virtual time passes when somebody waits.
    fn sleep(&self, duration_ms: u32) -> LocalBoxFuture<'static, ()> {
        self.now_ms.set(self.now_ms.get() + i64::from(duration_ms));
        // Pending once, so that what is raced with the limit of a wait comes first.
        let mut was_polled = false;
        std::future::poll_fn(move |_| {
            if std::mem::replace(&mut was_polled, true) {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        })
        .boxed_local()
    }

    fn now_ms(&self) -> i64 {
        self.now_ms.get()
    }
}

fn ok(members: &Value) -> HttpResponse {
    let mut body = json!({"clientId": 47, "sessionId": "node01", "chatSystemError": null});
    body.as_object_mut()
        .unwrap()
        .extend(members.as_object().unwrap().clone());
    HttpResponse {
        status: 200,
        retry_after_ms: None,
        body: body.to_string(),
    }
}

fn refusal(status: u16, retry_after_ms: Option<u64>) -> HttpResponse {
    HttpResponse {
        status,
        retry_after_ms,
        body: r#"{"exceptionCode":"X","message":"no"}"#.to_owned(),
    }
}

fn lost() -> Answer {
    Err(NoAnswer::Lost("cut".to_owned()))
}

/// A batch of messages in the answer to a poll.
fn batch(messages: &Value) -> HttpResponse {
    ok(&json!({ "getResponseTypes": messages }))
}

fn posted(text: &str) -> Value {
    json!({"ChatPostMessage": {"body": text}})
}

/// Runs a future to its end. It must not wait for anything that only a network could bring.
fn run<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    for _ in 0..100 {
        if let Poll::Ready(value) = future
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
        {
            return value;
        }
    }
    panic!("the future does not end");
}

fn log_on() -> LogOn {
    let address = ServiceAddress::new("127.0.0.1", Some(1), "site", Some("297:1"));
    LogOn::new(address, AccountId(12), Secret::new("a.b.c"))
}

/// The two halves of a session.
fn session(script: &Rc<Script>) -> (AgentSession, MessageReceiver) {
    script.answer("createAutomatedAgentSession", ok(&json!({})));
    run(AgentSession::log_on(Rc::clone(script) as _, log_on())).unwrap()
}

fn agent(script: &Rc<Script>) -> Agent {
    for operation in [
        "createAutomatedAgentSession",
        "setActivityStatus",
        "requestAssignment",
    ] {
        script.answer(operation, ok(&json!({})));
    }
    run(Agent::sign_in(Rc::clone(script) as _, log_on())).unwrap()
}

#[test]
fn a_request_that_sets_a_value_is_sent_up_to_three_times() {
    for failure in [
        lost(),
        Ok(refusal(500, None)),
        Ok(refusal(503, Some(9_000))),
        Ok(refusal(429, None)),
    ] {
        let script = Rc::new(Script::default());
        let (session, _receiver) = session(&script);
        script.plan("setActivityStatus", failure.clone());
        script.plan("setActivityStatus", failure.clone());
        script.answer("setActivityStatus", ok(&json!({})));
        run(session.set_available(true)).unwrap();
        assert_eq!(script.count("setActivityStatus"), 3);
        let waited_ms = script.now_ms.get();
        match failure {
            Ok(HttpResponse {
                retry_after_ms: Some(_),
                ..
            }) => assert_eq!(waited_ms, 18_000),
            _ => assert_eq!(waited_ms, 1_800),
        }
        // All three are the same request.
        let numbers: Vec<Value> = script
            .sent
            .borrow()
            .iter()
            .skip(1)
            .map(|(_, body)| serde_json::from_str::<Value>(body).unwrap()["sequenceNumber"].clone())
            .collect();
        assert_eq!(numbers, [2, 2, 2]);
    }
}

#[test]
fn a_refusal_for_good_is_not_sent_again() {
    let script = Rc::new(Script::default());
    let (session, _receiver) = session(&script);
    script.answer("setActivityStatus", refusal(403, None));
    let error = run(session.set_available(true)).unwrap_err();
    assert_eq!(
        (error.operation, error.status()),
        ("setActivityStatus", Some(403))
    );
    assert_eq!(error.text(), Some("no"));
    assert_eq!(script.count("setActivityStatus"), 1);
}

#[test]
fn a_message_and_a_decision_are_sent_once_whatever_happens() {
    use pipit_wire::agent::{AssignmentAction, AssignmentType};
    let id = EngagementId(5);
    for failure in [lost(), Ok(refusal(500, None))] {
        let script = Rc::new(Script::default());
        let (session, _receiver) = session(&script);
        for operation in [
            "postMessage",
            "concludeChat",
            "releaseChat",
            "rerouteEngagement",
            "assignmentAcknowledgement",
            "logoff",
        ] {
            script.plan(operation, failure.clone());
        }
        run(session.post(id, "Hello")).unwrap_err();
        run(session.conclude(id)).unwrap_err();
        run(session.release(id)).unwrap_err();
        run(session.reroute(id)).unwrap_err();
        run(session.acknowledge(id, AssignmentAction::Accept, AssignmentType::Lead)).unwrap_err();
        run(session.log_off(true)).unwrap_err();
        assert_eq!(script.sent.borrow().len(), 7);
    }
}

#[test]
fn a_post_has_each_field_of_the_page() {
    let script = Rc::new(Script::default());
    let (session, _receiver) = session(&script);
    script.answer(
        "postMessage",
        ok(&json!({"chatPostResult": {"clientReset": "0"}})),
    );
    let request = PostMessageRequest {
        body: "<b>Hi</b>".to_owned(),
        destination_id: 27,
        destination_type: DestinationType::EndUser,
        message_type: MessageType::Text,
        visibility: Some(Visibility::NotEnduser),
        message_id: Some("m1".to_owned()),
        rich_text: Some(true),
        message_data_map: Some(TextMap::from_iter([("k".to_owned(), "v".to_owned())])),
        agent: AgentRequest {
            time_created: Some(1_621_869_388_454),
            sequence_number: Some(SequenceNumber(5)),
            ..AgentRequest::default()
        },
        unknown: Fields::default(),
    };
    run(session.post_message(request)).unwrap();
    assert_eq!(
        script.body("postMessage"),
        json!({
            "body": "<b>Hi</b>", "destinationId": 27, "destinationType": "END_USER",
            "messageDataMap": {"k": "v"}, "messageId": "m1", "messageType": "TEXT", "richText": true,
            "sequenceNumber": 5, "timeCreated": 1_621_869_388_454_i64, "visibility": "NOT_ENDUSER",
        })
    );
}

#[test]
fn a_poll_that_nobody_waits_for_goes_on_and_loses_nothing() {
    let script = Rc::new(Script::default());
    let (_session, mut receiver) = session(&script);
    for _ in 0..3 {
        let begun = pin!(receiver.next()).poll(&mut Context::from_waker(Waker::noop()));
        assert!(begun.is_pending());
    }
    assert_eq!((script.count("getMessages"), script.open.get()), (1, 1));
    drop(receiver);
    assert_eq!(script.open.get(), 0, "the poll ends with its receiver");
}

#[test]
fn several_waits_share_one_poll_and_each_takes_its_own_message() {
    let script = Rc::new(Script::default());
    let agent = agent(&script);
    script.answer("getMessages", batch(&json!([posted("one"), posted("two")])));
    let both = join(agent.wait_for_message("two"), agent.wait_for_message("one"));
    assert_eq!(run(both), (Ok(()), Ok(())));
    assert_eq!(script.count("getMessages"), 1);
}

#[test]
fn a_wait_that_fails_says_what_was_seen_instead() {
    let script = Rc::new(Script::default());
    let agent = agent(&script);
    agent.set_wait_limit(5_000);
    let messages = json!([
        posted("Hello"),
        {"ChatActivitySignal": {"mode": "RESPONDING", "sneakPreview": "How do"}},
        {"ChatNews": {"x": 1}},
    ]);
    script.answer("getMessages", batch(&messages));
    let error = run(agent.wait_for_preview("How much")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "Waited 5000 ms for the preview \"How much\". Seen instead: the message \"Hello\"; RESPONDING \
         with the preview \"How do\"; an unknown message {\"ChatNews\":{\"x\":1}}."
    );
    // A failed wait takes nothing.
    script.answer("getMessages", batch(&json!([posted("later")])));
    run(agent.wait_for_message("Hello")).unwrap();
}

#[test]
fn a_failing_poll_is_tried_again_and_named_if_the_wait_fails() {
    let script = Rc::new(Script::default());
    let agent = agent(&script);
    agent.set_wait_limit(700);
    script.plan("getMessages", lost());
    let error = run(agent.wait_for_message("x")).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("The last poll failed: The chat server did not answer getMessages (cut)."),
        "{error}"
    );

    let script = Rc::new(Script::default());
    let agent = self::agent(&script);
    script.answer("getMessages", refusal(403, None));
    let WaitError::Failed(error) = run(agent.next_message())
        .map_err(WaitError::Failed)
        .unwrap_err()
    else {
        panic!("the session is over");
    };
    assert_eq!(
        (error.operation, error.status()),
        ("getMessages", Some(403))
    );
}

#[test]
fn an_agent_without_a_conversation_sends_nothing() {
    let script = Rc::new(Script::default());
    let agent = agent(&script);
    let sent = script.sent.borrow().len();
    let error = run(agent.say("Hello")).unwrap_err();
    assert_eq!(error.failure, Failure::NoEngagement);
    assert_eq!(
        error.to_string(),
        "The agent has no conversation for postMessage: accept one first."
    );
    assert_eq!(script.sent.borrow().len(), sent);
}
