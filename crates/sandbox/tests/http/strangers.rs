//! Three clients that behave as public clients of the API do, which were written for Oracle's servers. They send more than
//! the reference asks for, or leave out what it asks for. A lenient sandbox serves all three, so that they stay usable
//! for tests. A strict one says what is wrong with them.

use std::time::Duration;

use pipit_sandbox::{Options, Strictness};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use crate::test_client::{Agent, Reply, TestClient, read, send, text};

const CONSUMER: &str = "/engagement/api/consumer/pipit_demo/v1";
const AGENT: &str = "/engagement/api/agent/pipit_demo/v1";
const SERVICES: &str = "/services/rest/crossChannelServices/latest";

async fn lenient() -> TestClient {
    TestClient::with(Options {
        strictness: Strictness::Lenient,
        ..Options::default()
    })
    .await
}

/// The bodies of the messages in the answer to a poll.
fn bodies(reply: &Reply) -> Vec<String> {
    let messages = reply.json["systemMessages"].as_array().unwrap();
    let bodies = messages
        .iter()
        .filter_map(|message| message["body"].as_str());
    bodies.map(str::to_owned).collect()
}

/// Starts an engagement with a token, and returns its session id and id.
async fn start(request: RequestBuilder) -> (String, Value) {
    let reply = send(request).await;
    assert_eq!(reply.json["resultType"], "SUCCESS", "{reply:?}");
    (
        text(&reply.json["sessionId"]),
        reply.json["engagementId"].clone(),
    )
}

/// Lets an agent accept the engagement.
async fn accept(client: &TestClient, engagement: &Value) -> Agent {
    let agent = client.log_on(12).await;
    let limits = json!({"assignmentRequested": true, "idleSessionCount": 0, "maxSessionCount": 3});
    client
        .call_as_agent(&agent, "requestAssignment", limits)
        .await;
    let accept = json!({
        "action": "ACCEPT", "actionType": "MANUAL", "assignmentType": "LEAD", "engagementId": engagement,
    });
    let reply = client
        .call_as_agent(&agent, "assignmentAcknowledgement", accept)
        .await;
    assert_eq!(reply.status, 200, "{reply:?}");
    agent
}

async fn say(client: &TestClient, agent: &Agent, engagement: &Value, body: &str) {
    let post = json!({
        "body": body, "destinationId": engagement, "destinationType": "ENGAGEMENT", "messageType": "TEXT",
    });
    let reply = client.call_as_agent(agent, "postMessage", post).await;
    assert_eq!(reply.status, 200, "{reply:?}");
}

/// A service desk's client: it asks for the queue's agents with POST, sends its Bearer token beside the session id on every
/// call, and polls again without a pause, whatever the answer is.
#[tokio::test]
async fn a_client_that_posts_for_queue_stats_and_keeps_its_bearer_token() {
    let client = lenient().await;
    let stats = |client: &TestClient| {
        let request = client.post(&format!("{CONSUMER}/getQueueStats?pool=297:1"));
        request.body(json!({"queueId": 1, "chatProactiveAvailableType": "AGENTS"}).to_string())
    };
    let reply = send(stats(&client)).await;
    assert_eq!(reply.json["totalAvailableAgents"], 0, "{reply:?}");
    let without_members = client.post(&format!("{CONSUMER}/getQueueStats?pool=297:1"));
    assert_eq!(send(without_members.body("{}")).await.status, 200);

    let token = client.token().await;
    let begin = client.consumer("requestEngagement").bearer_auth(&token);
    let (session, engagement) = start(begin.body("{}")).await;
    let call = |operation: &str| {
        let request = client.consumer(operation).bearer_auth(&token);
        request.header("SessionId", &session)
    };
    let history = json!({"body": "<p>What the bot said</p>", "richText": true}).to_string();
    assert_eq!(send(call("postMessage").body(history)).await.status, 200);
    let agent = accept(&client, &engagement).await;
    let mut received = Vec::new();
    let polls = async {
        let mut count = 0;
        while received.last().is_none_or(|last| last != "Goodbye") {
            received.extend(bodies(&send(call("getMessages").body("{}")).await));
            count += 1;
        }
        count
    };
    let talk = async {
        for body in ["Hello", "Goodbye"] {
            say(&client, &agent, &engagement, body).await;
        }
    };
    let (count, ()) = tokio::join!(polls, talk);
    assert!(count < 10, "{count} polls for two messages");
    assert_eq!(received, ["Hello", "Goodbye"]);
    let strict = TestClient::new().await;
    assert_eq!(send(stats(&strict)).await.status, 405, "documented is GET");
}

/// A mobile app's client: it takes the port only as a text, names types of custom fields in lower case, sends no body
/// with polls, and ends with a number as the time and without a pool.
#[tokio::test]
async fn a_client_without_bodies_and_with_numbers_for_times() {
    let client = lenient().await;
    let information = json!({
        "firstName": "Mia", "auxiliaryData": {"BROWSER": "Firefox", "OPERATING_SYSTEM": "Linux"},
        "customFields": [{"name": "c$plan", "type": "string", "value": "gold"}],
    });
    let request = client.post(&format!("{SERVICES}/establishSessions"));
    let body = json!({"sessionInformation": information.to_string()}).to_string();
    let established = send(request.basic_auth("demo", Some("demo")).body(body))
        .await
        .json;
    let server: Value = serde_json::from_str(&text(&established["sessionServerResponse"])).unwrap();
    // The app uses port 80 if the port has no length.
    let port = server["port"]
        .as_str()
        .filter(|port| !port.is_empty())
        .unwrap_or("80");
    let base = format!("http://{}:{port}{CONSUMER}", text(&server["domain"]));
    let request = |operation: &str| client.http.post(format!("{base}/{operation}"));
    let begin = request("requestEngagement?pool=297:1");
    let token = text(&established["channelToken"]);
    let (session, engagement) = start(begin.bearer_auth(token).body("{}")).await;
    let agent = accept(&client, &engagement).await;
    say(&client, &agent, &engagement, "Hello").await;
    let reply = send(request("getMessages?pool=297:1").header("SessionId", &session)).await;
    assert_eq!(bodies(&reply), ["Hello"]);
    assert_eq!(reply.json["errorMessages"].as_array().unwrap().len(), 0);
    let end = |request: RequestBuilder, session: &str| {
        let body = json!({"clientRequestTime": 1_600_000_000_000_i64}).to_string();
        send(request.header("SessionId", session).body(body))
    };
    let reply = end(request("concludeEngagement"), &session).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    assert!(reply.json["clientRequestTime"].is_null(), "{reply:?}");

    let strict = TestClient::new().await;
    let visitor = strict.visitor().await;
    let conclude = strict.post(&format!("{CONSUMER}/concludeEngagement"));
    let reply = end(conclude, &visitor.session).await;
    assert_eq!(reply.status, 400);
    assert!(
        text(&reply.json["message"]).contains("\"clientRequestTime\""),
        "{reply:?}"
    );
}

/// A bot's hand-over: Basic credentials on calls that need none, a Bearer token beside the agent's session, and a new
/// poll at a fixed interval, although the previous one is still held.
#[tokio::test]
async fn a_client_with_basic_on_every_call_and_overlapping_polls() {
    let client = lenient().await;
    let queue = json!({"queueId": 1, "chatProactiveAvailableType": "AGENTS"}).to_string();
    let stats = client.api(Method::GET, &format!("{CONSUMER}/getQueueStats"));
    let stats = stats
        .basic_auth("demo", Some("demo"))
        .query(&[("request", queue)]);
    assert_eq!(send(stats).await.json["engagementsInQueue"], 0);
    // The body with the account is not documented. Older clients of the sandbox send it.
    let tokens = client
        .post(&format!("{SERVICES}/agentTokens"))
        .basic_auth("demo", Some("demo"));
    let bearer = text(
        &send(tokens.body(r#"{"accountId": 44, "name": "Bot"}"#))
            .await
            .json["sessionToken"],
    );
    let log_on = client.post(&format!("{AGENT}/createAutomatedAgentSession?pool=297:1"));
    let bot = text(&send(log_on.bearer_auth(&bearer).body("{}")).await.json["sessionId"]);
    let as_bot = |operation: &str, body: &str| {
        let request = client
            .post(&format!("{AGENT}/{operation}?pool=297:1"))
            .bearer_auth(&bearer);
        let request = request.header("X-JSESSIONID", &bot).header("X-AID", 44);
        send(request.body(body.to_owned()))
    };
    assert_eq!(
        as_bot("setActivityStatus", r#"{"status": "UNAVAILABLE"}"#)
            .await
            .status,
        200
    );
    assert_eq!(as_bot("logoff", "{}").await.status, 200);

    let token = client.token().await;
    let begin = client.consumer("requestEngagement").bearer_auth(&token);
    let (session, engagement) = start(begin.body("{}")).await;
    let agent = accept(&client, &engagement).await;
    // The messages of the beginning.
    let first = client.consumer("getMessages").header("SessionId", &session);
    send(first.body("{}")).await;
    let mut polls = Vec::new();
    for number in 0..6 {
        let request = client.consumer("getMessages").bearer_auth(&token);
        let request = request
            .basic_auth("demo", Some("demo"))
            .header("SessionId", &session);
        polls.push(tokio::spawn(request.body("{}").send()));
        // The client's interval. Most messages come while a poll is held that has displaced another one.
        sleep(Duration::from_millis(50)).await;
        client.wait_until_polling(true).await;
        if number % 3 == 2 {
            say(&client, &agent, &engagement, &format!("message {number}")).await;
        }
    }
    let mut received = Vec::new();
    for poll in polls {
        // A poll that was displaced a moment after another one is held, and has no message.
        let Ok(response) = timeout(Duration::from_millis(300), poll).await else {
            continue;
        };
        received.extend(bodies(&read(response.unwrap().unwrap()).await));
    }
    received.sort();
    assert_eq!(received, ["message 2", "message 5"]);
}
