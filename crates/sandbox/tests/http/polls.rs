//! Tests of polls (`getMessages`), which the server holds until there is a message.

use std::time::{Duration, Instant};

use reqwest::RequestBuilder;
use serde_json::json;
use tokio::time::timeout;

use crate::test_client::{TestClient, send};

#[tokio::test]
async fn a_held_poll_is_answered_as_soon_as_a_message_is_posted() {
    let client = TestClient::new().await;
    let (visitor, agent) = client.conversation().await;
    let poll = tokio::spawn(send(client.as_visitor(&visitor, "getMessages").body("{}")));
    client.wait_until_polling(true).await;
    let posted_at = Instant::now();
    client.post_as_agent(&agent, &visitor, "hi").await;
    let reply = poll.await.unwrap();
    assert_eq!(reply.json["systemMessages"][0]["body"], "hi");
    assert!(
        posted_at.elapsed() < Duration::from_secs(1),
        "{:?}",
        posted_at.elapsed()
    );
}

#[tokio::test]
async fn a_poll_without_messages_gets_an_empty_answer() {
    let client = TestClient::new().await;
    let (visitor, agent) = client.conversation().await;
    client.call_as_agent(&agent, "getMessages", json!({})).await;
    client.switch("config", json!({"hold_ms": 50})).await;
    assert!(client.messages(&visitor).await.is_empty());
    let reply = client.call_as_agent(&agent, "getMessages", json!({})).await;
    assert_eq!(
        reply.json["getResponseTypes"],
        json!([{"ChatGetTimeout": {}}])
    );
}

#[tokio::test]
async fn a_second_poll_ends_the_first_with_an_empty_answer() {
    let client = TestClient::new().await;
    let (visitor, agent) = client.conversation().await;
    let first = tokio::spawn(send(client.as_visitor(&visitor, "getMessages").body("{}")));
    client.wait_until_polling(true).await;
    let second = tokio::spawn(send(client.as_visitor(&visitor, "getMessages").body("{}")));
    let ended = first.await.unwrap();
    assert_eq!(
        (ended.status, &ended.json["systemMessages"]),
        (200, &json!([]))
    );
    client.post_as_agent(&agent, &visitor, "hi").await;
    let reply = second.await.unwrap();
    assert_eq!(reply.json["systemMessages"][0]["body"], "hi");
}

#[tokio::test]
async fn a_poll_whose_client_closes_the_connection_loses_no_message() {
    let client = TestClient::new().await;
    let (visitor, agent) = client.conversation().await;
    let poll = tokio::spawn(send(client.as_visitor(&visitor, "getMessages").body("{}")));
    client.wait_until_polling(true).await;
    poll.abort();
    client.wait_until_polling(false).await;
    client
        .post_as_agent(&agent, &visitor, "are you there?")
        .await;
    assert_eq!(client.messages(&visitor).await[0]["body"], "are you there?");
}

#[tokio::test]
async fn time_outs_run_although_no_request_arrives() {
    let client = TestClient::new().await;
    let visitor = client.visitor().await;
    client.messages(&visitor).await;
    let poll = tokio::spawn(send(client.as_visitor(&visitor, "getMessages").body("{}")));
    client.wait_until_polling(true).await;
    client
        .switch("config", json!({"queue_timeout_ms": 1}))
        .await;
    let reply = poll.await.unwrap();
    assert_eq!(reply.json["systemMessages"][0]["reason"], "QUEUE_TIMEOUT");
}

/// Polls again as soon as each poll is answered, until it is told to stop. Returns the number of answers and the texts in
/// them.
async fn spin(request: impl Fn() -> RequestBuilder, until: Instant) -> (usize, Vec<String>) {
    let (mut count, mut bodies) = (0, Vec::new());
    while Instant::now() < until {
        let left = until.saturating_duration_since(Instant::now());
        let Ok(reply) = timeout(left, send(request().body("{}"))).await else {
            break;
        };
        count += 1;
        let messages = reply.json["systemMessages"].as_array();
        let texts = messages.into_iter().flatten();
        bodies.extend(texts.filter_map(|it| it["body"].as_str().map(str::to_owned)));
    }
    (count, bodies)
}

#[tokio::test]
async fn clients_that_poll_without_a_delay_do_not_spin_and_lose_no_message() {
    let client = TestClient::new().await;
    let (visitor, agent) = client.conversation().await;
    let until = Instant::now() + Duration::from_millis(1_500);
    let poll = || client.as_visitor(&visitor, "getMessages");
    let post = async {
        client.wait_until_polling(true).await;
        client.post_as_agent(&agent, &visitor, "hi").await;
    };
    let (first, second, third, ()) = tokio::join!(
        spin(poll, until),
        spin(poll, until),
        spin(poll, until),
        post
    );
    let count = first.0 + second.0 + third.0;
    assert!(count < 20, "{count} polls were answered in 1.5 s");
    let bodies = [first.1, second.1, third.1].concat();
    assert_eq!(bodies, ["hi"]);
    let polls = || client.agent(&agent, "getMessages");
    let until = Instant::now() + Duration::from_millis(700);
    let (first, second) = tokio::join!(spin(polls, until), spin(polls, until));
    let count = first.0 + second.0;
    assert!(
        count < 20,
        "{count} polls of an agent were answered in 0.7 s"
    );
}

#[tokio::test]
async fn a_client_that_keeps_to_a_pool_that_was_left_does_not_spin() {
    let client = TestClient::new().await;
    let (visitor, agent) = client.conversation().await;
    client.switch("migrate", json!({"pool": "298:1"})).await;
    let until = Instant::now() + Duration::from_millis(700);
    let of_visitor = spin(|| client.as_visitor(&visitor, "getMessages"), until);
    let of_agent = spin(|| client.agent(&agent, "getMessages"), until);
    let ((visitors, _), (agents, _)) = tokio::join!(of_visitor, of_agent);
    assert!(
        (1..20).contains(&visitors),
        "{visitors} polls were answered"
    );
    assert!(
        (1..20).contains(&agents),
        "{agents} polls of an agent were answered"
    );
}

#[tokio::test]
async fn an_orderly_stop_answers_held_polls() {
    let client = TestClient::new().await;
    let (visitor, agent) = client.conversation().await;
    client.call_as_agent(&agent, "getMessages", json!({})).await;
    let of_visitor = tokio::spawn(send(client.as_visitor(&visitor, "getMessages").body("{}")));
    let of_agent = tokio::spawn(send(client.agent(&agent, "getMessages").body("{}")));
    client
        .wait_until("both polls are held", |state| {
            state["engagements"][0]["session"]["polling"] == true
                && state["agents"][0]["session"]["polling"] == true
        })
        .await;
    let began = Instant::now();
    client.sandbox.stop().await;
    let reply = of_visitor.await.unwrap();
    assert_eq!(
        (reply.status, &reply.json["systemMessages"]),
        (200, &json!([]))
    );
    let reply = of_agent.await.unwrap();
    let timeout = json!([{"ChatGetTimeout": {}}]);
    assert_eq!(
        (reply.status, &reply.json["getResponseTypes"]),
        (200, &timeout)
    );
    assert!(
        began.elapsed() < Duration::from_secs(4),
        "{:?}",
        began.elapsed()
    );
}
