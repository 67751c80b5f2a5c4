use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::stranger::{Agent, Stranger, Visitor, send};

/// Long enough for an answer that comes at all.
const A_WHILE: Duration = Duration::from_millis(300);

struct Scene {
    it: Stranger,
    visitor: Visitor,
    agent: Agent,
}

impl Scene {
    async fn new() -> Self {
        let it = Stranger::new().await;
        let (visitor, agent) = it.conversation().await;
        it.switch("config", json!({"hold_ms": 50})).await;
        Self { it, visitor, agent }
    }

    async fn network(&self, order: Value) {
        let reply = self.it.switch("network", order).await;
        assert_eq!(reply.status, 200, "{reply:?}");
    }

    fn post(&self, text: &str) -> reqwest::RequestBuilder {
        self.it
            .as_visitor(&self.visitor, "postMessage")
            .body(json!({ "body": text }).to_string())
    }

    /// The visitor's messages that have come to the agent since it was last asked.
    async fn at_agent(&self) -> Vec<String> {
        let batch = self.it.ask(&self.agent, "getMessages", json!({})).await;
        let messages = batch.json["getResponseTypes"].as_array().unwrap().clone();
        let bodies = messages.iter().map(|it| &it["ChatPostMessage"]["body"]);
        bodies
            .filter_map(|body| body.as_str().map(str::to_owned))
            .collect()
    }

    /// Every byte that comes back for a post until the connection ends.
    async fn bytes_for(&self, text: &str) -> String {
        let address = self.it.sandbox.api_url().replace("http://", "");
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
            let mut came = Vec::new();
            let _ended_or_reset = connection.read_to_end(&mut came);
            String::from_utf8(came).unwrap()
        };
        tokio::task::spawn_blocking(exchange).await.unwrap()
    }
}

#[tokio::test]
async fn dropped_before_the_server_has_done_nothing() {
    let scene = Scene::new().await;
    scene
        .network(json!({"operation": "postMessage", "fault": "drop_before", "times": 1}))
        .await;
    assert_eq!(scene.bytes_for("one").await, "");
    assert!(scene.at_agent().await.is_empty());
    assert_eq!(send(scene.post("two")).await.status, 200);
    assert_eq!(scene.at_agent().await, ["two"]);
}

#[tokio::test]
async fn dropped_after_the_server_has_done_it() {
    let scene = Scene::new().await;
    scene
        .network(json!({"operation": "postMessage", "fault": "drop_after", "times": 1}))
        .await;
    assert_eq!(scene.bytes_for("one").await, "");
    assert_eq!(scene.at_agent().await, ["one"]);
    assert_eq!(send(scene.post("two")).await.status, 200);
}

#[tokio::test]
async fn a_cut_answer_has_a_whole_head_and_half_a_body() {
    let scene = Scene::new().await;
    scene
        .network(json!({"operation": "postMessage", "fault": "cut", "times": 1}))
        .await;
    let came = scene.bytes_for("one").await;
    let (head, body) = came.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
    let length = head.split("content-length: ").nth(1).unwrap();
    let length: usize = length.split("\r\n").next().unwrap().parse().unwrap();
    assert!(length > 1);
    assert_eq!(body.len(), length / 2);
    assert_eq!(scene.at_agent().await, ["one"]);
}

#[tokio::test]
async fn a_cut_meets_the_answer_of_a_poll_that_was_held_already() {
    let scene = Scene::new().await;
    scene.it.switch("config", json!({"hold_ms": 30_000})).await;
    let it = &scene.it;
    let poll = it.as_visitor(&scene.visitor, "getMessages").body("{}");
    let poll = tokio::spawn(poll.send());
    it.until_polling(true).await;
    scene
        .network(json!({"operation": "getMessages", "fault": "cut", "times": 1}))
        .await;
    it.answer(&scene.agent, &scene.visitor, "half of me").await;
    let answer = poll.await.unwrap().unwrap();
    assert_eq!(answer.status(), 200);
    assert!(answer.text().await.is_err());

    it.switch("config", json!({"hold_ms": 50})).await;
    let again = it.messages(&scene.visitor).await;
    assert!(again.is_empty(), "there is no cursor: {again:?}");
}

#[tokio::test]
async fn a_closed_connection_has_brought_its_answer() {
    let scene = Scene::new().await;
    scene
        .network(json!({"operation": "consumer/*", "fault": "close"}))
        .await;
    let came = scene.bytes_for("one").await;
    assert!(came.starts_with("HTTP/1.1 200 OK\r\n"), "{came}");
    assert!(came.ends_with('}'), "{came}");
}

#[tokio::test]
async fn a_delayed_answer_is_late_and_whole() {
    let scene = Scene::new().await;
    let delay = u64::try_from(A_WHILE.as_millis()).unwrap();
    scene
        .network(json!({"operation": "postMessage", "fault": {"delay_ms": delay}, "times": 1}))
        .await;
    let asked = Instant::now();
    assert_eq!(send(scene.post("one")).await.status, 200);
    assert!(asked.elapsed() >= A_WHILE, "{:?}", asked.elapsed());
    assert_eq!(scene.at_agent().await, ["one"]);
}

#[tokio::test]
async fn a_black_hole_swallows_one_way_until_it_is_cleared() {
    for (way, arrives) in [("in", false), ("out", true)] {
        let scene = Scene::new().await;
        scene
            .network(json!({"operation": "postMessage", "fault": {"black_hole": way}}))
            .await;
        for text in ["one", "two"] {
            let silence = scene.post(text).timeout(A_WHILE).send().await.unwrap_err();
            assert!(silence.is_timeout(), "{way}: {silence:?}");
            assert_eq!(scene.at_agent().await.contains(&text.to_owned()), arrives);
        }
        scene
            .network(json!({"operation": "postMessage", "times": 0}))
            .await;
        assert_eq!(send(scene.post("three")).await.status, 200);
    }
}

#[tokio::test]
async fn a_proxy_refuses_without_json_and_says_for_how_long() {
    let scene = Scene::new().await;
    scene
        .network(json!({
            "operation": "postMessage", "times": 1,
            "fault": {"refuse": {"status": 503, "retry_after": 2}},
        }))
        .await;
    let page = "http://localhost:8460";
    let answer = scene.post("one").header("Origin", page).send().await;
    let answer = answer.unwrap();
    assert_eq!(answer.status(), 503);
    assert_eq!(answer.headers()["retry-after"], "2");
    assert_eq!(
        answer.headers()["access-control-expose-headers"],
        "Retry-After"
    );
    let body = answer.text().await.unwrap();
    assert!(serde_json::from_str::<Value>(&body).is_err(), "{body}");
    assert!(scene.at_agent().await.is_empty());
}

#[tokio::test]
async fn the_most_exact_order_holds_and_only_operations_are_met() {
    let scene = Scene::new().await;
    let refuse = |status: u16| json!({"refuse": {"status": status}});
    for (operation, status) in [("*", 500), ("consumer/*", 502), ("postMessage", 503)] {
        scene
            .network(json!({"operation": operation, "fault": refuse(status)}))
            .await;
    }
    let status = async |operation: &str| {
        let request = scene.it.as_visitor(&scene.visitor, operation).body("{}");
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(status("postMessage").await, 503);
    assert_eq!(status("getMessages").await, 502);
    let agents = scene.it.agent(&scene.agent, "getMessages").body("{}");
    assert_eq!(agents.send().await.unwrap().status(), 500);
    assert!(!scene.it.token().await.is_empty());

    scene.network(json!({"operation": "*", "times": 0})).await;
    assert_eq!(status("getMessages").await, 200);
    scene
        .network(json!({"operation": "*", "fault": "drop_before"}))
        .await;
    assert_eq!(scene.it.switch("reset", json!({})).await.status, 200);
    assert_eq!(status("getMessages").await, 403);
}
