//! Tests of the faults of the network that `POST /sandbox/network` plans.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::test_client::{Agent, TestClient, Visitor, send};

/// Every answer that is not held back arrives within this time.
const SHORT_WAIT: Duration = Duration::from_millis(300);

/// A conversation in which polls are held for 50 ms only.
struct Setup {
    client: TestClient,
    visitor: Visitor,
    agent: Agent,
}

impl Setup {
    async fn new() -> Self {
        let client = TestClient::new().await;
        let (visitor, agent) = client.conversation().await;
        client.switch("config", json!({"hold_ms": 50})).await;
        Self {
            client,
            visitor,
            agent,
        }
    }

    /// Plans or cancels a fault of the network.
    async fn plan_fault(&self, fault: Value) {
        let reply = self.client.switch("network", fault).await;
        assert_eq!(reply.status, 200, "{reply:?}");
    }

    /// The request with which the visitor posts a text.
    fn post(&self, text: &str) -> reqwest::RequestBuilder {
        self.client
            .as_visitor(&self.visitor, "postMessage")
            .body(json!({ "body": text }).to_string())
    }

    /// The visitor's messages that the agent has received since the last call.
    async fn received_by_agent(&self) -> Vec<String> {
        let batch = self
            .client
            .call_as_agent(&self.agent, "getMessages", json!({}))
            .await;
        let messages = batch.json["getResponseTypes"].as_array().unwrap().clone();
        let bodies = messages.iter().map(|it| &it["ChatPostMessage"]["body"]);
        bodies
            .filter_map(|body| body.as_str().map(str::to_owned))
            .collect()
    }

    /// Posts a text on a connection of its own, and returns all bytes that arrive until the connection ends.
    async fn raw_answer_to(&self, text: &str) -> String {
        let address = self.client.sandbox.api_url().replace("http://", "");
        let body = json!({ "body": text }).to_string();
        let request = format!(
            "POST /engagement/api/consumer/pipit_demo/v1/postMessage?pool=297:1 HTTP/1.1\r\n\
             Host: {address}\r\nSessionId: {}\r\nContent-Length: {}\r\n\r\n{body}",
            self.visitor.session,
            body.len()
        );
        let exchange = move || {
            let mut connection = TcpStream::connect(address).unwrap();
            connection.write_all(request.as_bytes()).unwrap();
            let mut bytes = Vec::new();
            let _ended_or_reset = connection.read_to_end(&mut bytes);
            String::from_utf8(bytes).unwrap()
        };
        tokio::task::spawn_blocking(exchange).await.unwrap()
    }
}

#[tokio::test]
async fn drop_before_ends_the_connection_before_the_server_processes_the_request() {
    let setup = Setup::new().await;
    setup
        .plan_fault(json!({"operation": "postMessage", "fault": "drop_before", "times": 1}))
        .await;
    assert_eq!(setup.raw_answer_to("one").await, "");
    assert!(setup.received_by_agent().await.is_empty());
    assert_eq!(send(setup.post("two")).await.status, 200);
    assert_eq!(setup.received_by_agent().await, ["two"]);
}

#[tokio::test]
async fn drop_after_ends_the_connection_after_the_server_has_processed_the_request() {
    let setup = Setup::new().await;
    setup
        .plan_fault(json!({"operation": "postMessage", "fault": "drop_after", "times": 1}))
        .await;
    assert_eq!(setup.raw_answer_to("one").await, "");
    assert_eq!(setup.received_by_agent().await, ["one"]);
    assert_eq!(send(setup.post("two")).await.status, 200);
}

#[tokio::test]
async fn a_cut_answer_has_complete_headers_and_half_a_body() {
    let setup = Setup::new().await;
    setup
        .plan_fault(json!({"operation": "postMessage", "fault": "cut", "times": 1}))
        .await;
    let bytes = setup.raw_answer_to("one").await;
    let (head, body) = bytes.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
    let length = head.split("content-length: ").nth(1).unwrap();
    let length: usize = length.split("\r\n").next().unwrap().parse().unwrap();
    assert!(length > 1);
    assert_eq!(body.len(), length / 2);
    assert_eq!(setup.received_by_agent().await, ["one"]);
}

#[tokio::test]
async fn a_cut_applies_to_the_answer_of_a_poll_that_was_held_already() {
    let setup = Setup::new().await;
    setup
        .client
        .switch("config", json!({"hold_ms": 30_000}))
        .await;
    let client = &setup.client;
    let poll = client.as_visitor(&setup.visitor, "getMessages").body("{}");
    let poll = tokio::spawn(poll.send());
    client.wait_until_polling(true).await;
    setup
        .plan_fault(json!({"operation": "getMessages", "fault": "cut", "times": 1}))
        .await;
    client
        .post_as_agent(&setup.agent, &setup.visitor, "half of me")
        .await;
    let answer = poll.await.unwrap().unwrap();
    assert_eq!(answer.status(), 200);
    assert!(answer.text().await.is_err());

    client.switch("config", json!({"hold_ms": 50})).await;
    let again = client.messages(&setup.visitor).await;
    assert!(
        again.is_empty(),
        "the API does not repeat a lost answer: {again:?}"
    );
}

#[tokio::test]
async fn close_ends_the_connection_after_a_complete_answer() {
    let setup = Setup::new().await;
    setup
        .plan_fault(json!({"operation": "consumer/*", "fault": "close"}))
        .await;
    let bytes = setup.raw_answer_to("one").await;
    assert!(bytes.starts_with("HTTP/1.1 200 OK\r\n"), "{bytes}");
    assert!(bytes.ends_with('}'), "{bytes}");
}

#[tokio::test]
async fn a_delayed_answer_arrives_later_and_complete() {
    let setup = Setup::new().await;
    let delay = u64::try_from(SHORT_WAIT.as_millis()).unwrap();
    setup
        .plan_fault(json!({"operation": "postMessage", "fault": {"delay_ms": delay}, "times": 1}))
        .await;
    let sent_at = Instant::now();
    assert_eq!(send(setup.post("one")).await.status, 200);
    assert!(sent_at.elapsed() >= SHORT_WAIT, "{:?}", sent_at.elapsed());
    assert_eq!(setup.received_by_agent().await, ["one"]);
}

#[tokio::test]
async fn a_black_hole_stops_one_direction_until_it_is_cancelled() {
    for (direction, is_processed) in [("in", false), ("out", true)] {
        let setup = Setup::new().await;
        setup
            .plan_fault(json!({"operation": "postMessage", "fault": {"black_hole": direction}}))
            .await;
        for text in ["one", "two"] {
            let silence = setup
                .post(text)
                .timeout(SHORT_WAIT)
                .send()
                .await
                .unwrap_err();
            assert!(silence.is_timeout(), "{direction}: {silence:?}");
            assert_eq!(
                setup.received_by_agent().await.contains(&text.to_owned()),
                is_processed
            );
        }
        setup
            .plan_fault(json!({"operation": "postMessage", "times": 0}))
            .await;
        assert_eq!(send(setup.post("three")).await.status, 200);
    }
}

#[tokio::test]
async fn a_refusal_of_a_proxy_has_no_json_and_has_the_header_retry_after() {
    let setup = Setup::new().await;
    setup
        .plan_fault(json!({
            "operation": "postMessage", "times": 1,
            "fault": {"refuse": {"status": 503, "retry_after": 2}},
        }))
        .await;
    let page_origin = "http://localhost:8460";
    let answer = setup.post("one").header("Origin", page_origin).send().await;
    let answer = answer.unwrap();
    assert_eq!(answer.status(), 503);
    assert_eq!(answer.headers()["retry-after"], "2");
    assert_eq!(
        answer.headers()["access-control-expose-headers"],
        "Retry-After"
    );
    let body = answer.text().await.unwrap();
    assert!(serde_json::from_str::<Value>(&body).is_err(), "{body}");
    assert!(setup.received_by_agent().await.is_empty());
}

#[tokio::test]
async fn somebody_else_answers_with_success_whether_the_request_was_processed_or_not() {
    let setup = Setup::new().await;
    let kinds = [
        ("html", 200, "text/html; charset=utf-8"),
        ("json", 200, "application/json"),
        ("text", 200, "text/plain"),
        ("empty", 200, "text/plain"),
        ("no_content", 204, "text/plain"),
    ];
    let mut received = Vec::new();
    for (kind, status, media_type) in kinds {
        for processed in [false, true] {
            let fault = json!({"somebody_else": {"sends": kind, "processed": processed}});
            setup
                .plan_fault(json!({"operation": "postMessage", "times": 1, "fault": fault}))
                .await;
            let text = format!("{kind} {processed}");
            let answer = setup.post(&text).send().await.unwrap();
            assert_eq!(answer.status(), status, "{text}");
            assert_eq!(answer.headers()["content-type"], media_type, "{text}");
            let body = answer.text().await.unwrap();
            assert!(!body.contains("clientId"), "{text}: {body}");
            received.extend(processed.then_some(text));
        }
    }
    assert_eq!(setup.received_by_agent().await, received);
}

#[tokio::test]
async fn the_most_exact_selector_applies_and_session_endpoints_have_no_faults() {
    let setup = Setup::new().await;
    let refuse = |status: u16| json!({"refuse": {"status": status}});
    for (operation, status) in [("*", 500), ("consumer/*", 502), ("postMessage", 503)] {
        setup
            .plan_fault(json!({"operation": operation, "fault": refuse(status)}))
            .await;
    }
    let status = async |operation: &str| {
        let request = setup
            .client
            .as_visitor(&setup.visitor, operation)
            .body("{}");
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(status("postMessage").await, 503);
    assert_eq!(status("getMessages").await, 502);
    let as_agent = setup.client.agent(&setup.agent, "getMessages").body("{}");
    assert_eq!(as_agent.send().await.unwrap().status(), 500);
    assert!(!setup.client.token().await.is_empty());

    setup
        .plan_fault(json!({"operation": "*", "times": 0}))
        .await;
    assert_eq!(status("getMessages").await, 200);
    setup
        .plan_fault(json!({"operation": "*", "fault": "drop_before"}))
        .await;
    assert_eq!(setup.client.switch("reset", json!({})).await.status, 200);
    assert_eq!(status("getMessages").await, 403);
}
