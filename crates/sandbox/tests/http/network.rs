use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::test_client::{Agent, TestClient, Visitor, send};

/// Long enough for every answer that arrives at all.
const SHORT_WAIT: Duration = Duration::from_millis(300);

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

    async fn network(&self, order: Value) {
        let reply = self.client.switch("network", order).await;
        assert_eq!(reply.status, 200, "{reply:?}");
    }

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

    /// Posts a text and returns all bytes of the answer until the connection ends.
    async fn bytes_for(&self, text: &str) -> String {
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
            let _end_or_reset = connection.read_to_end(&mut bytes);
            String::from_utf8(bytes).unwrap()
        };
        tokio::task::spawn_blocking(exchange).await.unwrap()
    }
}

#[tokio::test]
async fn after_drop_before_the_server_has_not_processed_the_request() {
    let setup = Setup::new().await;
    setup
        .network(json!({"operation": "postMessage", "fault": "drop_before", "times": 1}))
        .await;
    assert_eq!(setup.bytes_for("one").await, "");
    assert!(setup.received_by_agent().await.is_empty());
    assert_eq!(send(setup.post("two")).await.status, 200);
    assert_eq!(setup.received_by_agent().await, ["two"]);
}

#[tokio::test]
async fn after_drop_after_the_server_has_processed_the_request() {
    let setup = Setup::new().await;
    setup
        .network(json!({"operation": "postMessage", "fault": "drop_after", "times": 1}))
        .await;
    assert_eq!(setup.bytes_for("one").await, "");
    assert_eq!(setup.received_by_agent().await, ["one"]);
    assert_eq!(send(setup.post("two")).await.status, 200);
}

#[tokio::test]
async fn a_cut_answer_has_complete_headers_and_half_a_body() {
    let setup = Setup::new().await;
    setup
        .network(json!({"operation": "postMessage", "fault": "cut", "times": 1}))
        .await;
    let bytes = setup.bytes_for("one").await;
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
        .network(json!({"operation": "getMessages", "fault": "cut", "times": 1}))
        .await;
    client
        .post_as_agent(&setup.agent, &setup.visitor, "half of me")
        .await;
    let answer = poll.await.unwrap().unwrap();
    assert_eq!(answer.status(), 200);
    assert!(answer.text().await.is_err());

    client.switch("config", json!({"hold_ms": 50})).await;
    let again = client.messages(&setup.visitor).await;
    assert!(again.is_empty(), "there is no cursor: {again:?}");
}

#[tokio::test]
async fn a_closed_connection_has_delivered_its_answer() {
    let setup = Setup::new().await;
    setup
        .network(json!({"operation": "consumer/*", "fault": "close"}))
        .await;
    let bytes = setup.bytes_for("one").await;
    assert!(bytes.starts_with("HTTP/1.1 200 OK\r\n"), "{bytes}");
    assert!(bytes.ends_with('}'), "{bytes}");
}

#[tokio::test]
async fn a_delayed_answer_is_late_and_complete() {
    let setup = Setup::new().await;
    let delay = u64::try_from(SHORT_WAIT.as_millis()).unwrap();
    setup
        .network(json!({"operation": "postMessage", "fault": {"delay_ms": delay}, "times": 1}))
        .await;
    let asked = Instant::now();
    assert_eq!(send(setup.post("one")).await.status, 200);
    assert!(asked.elapsed() >= SHORT_WAIT, "{:?}", asked.elapsed());
    assert_eq!(setup.received_by_agent().await, ["one"]);
}

#[tokio::test]
async fn a_black_hole_swallows_one_direction_until_it_is_cancelled() {
    for (way, arrives) in [("in", false), ("out", true)] {
        let setup = Setup::new().await;
        setup
            .network(json!({"operation": "postMessage", "fault": {"black_hole": way}}))
            .await;
        for text in ["one", "two"] {
            let silence = setup
                .post(text)
                .timeout(SHORT_WAIT)
                .send()
                .await
                .unwrap_err();
            assert!(silence.is_timeout(), "{way}: {silence:?}");
            assert_eq!(
                setup.received_by_agent().await.contains(&text.to_owned()),
                arrives
            );
        }
        setup
            .network(json!({"operation": "postMessage", "times": 0}))
            .await;
        assert_eq!(send(setup.post("three")).await.status, 200);
    }
}

#[tokio::test]
async fn a_proxy_refuses_without_json_and_with_retry_after() {
    let setup = Setup::new().await;
    setup
        .network(json!({
            "operation": "postMessage", "times": 1,
            "fault": {"refuse": {"status": 503, "retry_after": 2}},
        }))
        .await;
    let page = "http://localhost:8460";
    let answer = setup.post("one").header("Origin", page).send().await;
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
async fn the_most_exact_selector_wins_and_only_operations_are_affected() {
    let setup = Setup::new().await;
    let refuse = |status: u16| json!({"refuse": {"status": status}});
    for (operation, status) in [("*", 500), ("consumer/*", 502), ("postMessage", 503)] {
        setup
            .network(json!({"operation": operation, "fault": refuse(status)}))
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
    let agents = setup.client.agent(&setup.agent, "getMessages").body("{}");
    assert_eq!(agents.send().await.unwrap().status(), 500);
    assert!(!setup.client.token().await.is_empty());

    setup.network(json!({"operation": "*", "times": 0})).await;
    assert_eq!(status("getMessages").await, 200);
    setup
        .network(json!({"operation": "*", "fault": "drop_before"}))
        .await;
    assert_eq!(setup.client.switch("reset", json!({})).await.status, 200);
    assert_eq!(status("getMessages").await, 403);
}
