use std::time::{Duration, Instant};

use serde_json::json;

use crate::stranger::{Stranger, send};

#[tokio::test]
async fn a_held_poll_wakes_at_once() {
    let it = Stranger::new().await;
    let (visitor, agent) = it.conversation().await;
    let poll = tokio::spawn(send(it.as_visitor(&visitor, "getMessages").body("{}")));
    it.until_polling(true).await;
    let posted = Instant::now();
    it.answer(&agent, &visitor, "hi").await;
    let reply = poll.await.unwrap();
    assert_eq!(reply.json["systemMessages"][0]["body"], "hi");
    assert!(
        posted.elapsed() < Duration::from_secs(1),
        "{:?}",
        posted.elapsed()
    );
}

#[tokio::test]
async fn a_hold_that_ends_is_answered_empty() {
    let it = Stranger::new().await;
    let (visitor, agent) = it.conversation().await;
    it.ask(&agent, "getMessages", json!({})).await;
    it.switch("config", json!({"hold_ms": 50})).await;
    assert!(it.messages(&visitor).await.is_empty());
    let reply = it.ask(&agent, "getMessages", json!({})).await;
    assert_eq!(
        reply.json["getResponseTypes"],
        json!([{"ChatGetTimeout": {}}])
    );
}

#[tokio::test]
async fn a_second_poll_ends_the_first() {
    let it = Stranger::new().await;
    let (visitor, agent) = it.conversation().await;
    let first = tokio::spawn(send(it.as_visitor(&visitor, "getMessages").body("{}")));
    it.until_polling(true).await;
    let second = tokio::spawn(send(it.as_visitor(&visitor, "getMessages").body("{}")));
    let ended = first.await.unwrap();
    assert_eq!(
        (ended.status, &ended.json["systemMessages"]),
        (200, &json!([]))
    );
    it.answer(&agent, &visitor, "hi").await;
    let reply = second.await.unwrap();
    assert_eq!(reply.json["systemMessages"][0]["body"], "hi");
}

#[tokio::test]
async fn a_poll_that_hung_up_loses_nothing() {
    let it = Stranger::new().await;
    let (visitor, agent) = it.conversation().await;
    let poll = tokio::spawn(send(it.as_visitor(&visitor, "getMessages").body("{}")));
    it.until_polling(true).await;
    poll.abort();
    it.until_polling(false).await;
    it.answer(&agent, &visitor, "are you there?").await;
    assert_eq!(it.messages(&visitor).await[0]["body"], "are you there?");
}

#[tokio::test]
async fn time_outs_come_by_themselves() {
    let it = Stranger::new().await;
    let visitor = it.visitor().await;
    it.messages(&visitor).await;
    let poll = tokio::spawn(send(it.as_visitor(&visitor, "getMessages").body("{}")));
    it.until_polling(true).await;
    it.switch("config", json!({"queue_timeout_ms": 1})).await;
    let reply = poll.await.unwrap();
    assert_eq!(reply.json["systemMessages"][0]["reason"], "QUEUE_TIMEOUT");
}
