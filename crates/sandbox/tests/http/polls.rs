//! Tests of polls (`getMessages`), which the server holds until there is a message.

use std::time::{Duration, Instant};

use serde_json::json;

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
