//! Tests of conversations over HTTP: sessions, messages, sneak previews (text that the visitor is typing) and queries.

use pipit_sandbox::Options;
use serde_json::{Value, json};

use crate::test_client::{Agent, TestClient, Visitor, read, send, text};

/// Polls once, and returns those of the agent's messages that have this name.
async fn agent_messages(client: &TestClient, agent: &Agent, name: &str) -> Vec<Value> {
    let reply = client.call_as_agent(agent, "getMessages", json!({})).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    let batch = reply.json["getResponseTypes"].as_array().unwrap();
    batch
        .iter()
        .filter_map(|message| message.get(name))
        .cloned()
        .collect()
}

#[tokio::test]
async fn a_client_written_from_the_api_reference_can_hold_a_whole_conversation() {
    let client = TestClient::new().await;

    // The session. In the request and in the answer, a member is a text that contains JSON.
    let path = "/services/rest/crossChannelServices/latest/establishSessions";
    let information = json!({"firstName": "Mia", "lastName": "Holt", "question": "My order"});
    let body = json!({"sessionInformation": information.to_string()}).to_string();
    let request = client
        .post(path)
        .basic_auth("demo", Some("demo"))
        .body(body);
    let established = send(request.header("OSvC-CREST-Application-Context", "test"))
        .await
        .json;
    let server: Value = serde_json::from_str(&text(&established["sessionServerResponse"])).unwrap();
    assert_eq!(established["siteName"], "pipit_demo");
    assert_eq!(server["domain"], "127.0.0.1");
    assert_eq!(server["pool"], "297:1");
    let port = text(&server["port"]);
    let base = format!("http://127.0.0.1:{port}");
    assert_eq!(base, client.sandbox.api_url());
    let jwt = text(&established["channelToken"]);

    // The engagement begins.
    let request = client
        .consumer("requestEngagement")
        .bearer_auth(&jwt)
        .body("{}");
    let response = request.send().await.unwrap();
    let media_type = response.headers()["content-type"].clone();
    assert_eq!(media_type, "application/json;charset=utf-8");
    let started = read(response).await.json;
    assert_eq!(started["resultType"], "SUCCESS");
    assert_eq!(
        started["engagementIdString"],
        started["engagementId"].to_string()
    );
    assert_eq!(started["completedSurveyId"], 101);
    assert_eq!(started["completedSurveyAuth"], "k7Qm/Zp+4w==");
    assert_eq!(started["clientRequestTime"], Value::Null);
    let visitor = Visitor {
        session: text(&started["sessionId"]),
        started,
    };
    let position = client
        .wait_for_message(&visitor, "RNEngagementWaitInformationChangedMessage")
        .await;
    assert_eq!(position["positionString"], "1");
    let message_from_queue = json!({"body": "first"}).to_string();
    assert_eq!(
        send(
            client
                .as_visitor(&visitor, "postMessage")
                .body(message_from_queue)
        )
        .await
        .status,
        200
    );

    // The agent accepts it.
    let agent = client.log_on(12).await;
    client.accept_engagement(&agent, &visitor).await;
    let batch = client
        .call_as_agent(&agent, "getMessages", json!({}))
        .await
        .json;
    assert_eq!(batch["clientSendTime"], "null");
    assert_eq!(batch["containsDisconnect"], false);
    let messages = batch["getResponseTypes"].as_array().unwrap();
    let assignment = &messages[0]["ChatEngagementAssignment"];
    assert_eq!(assignment["contactInfo"]["lastName"], "Holt");
    assert_eq!(assignment["requestSource"], "REST_API");
    assert_eq!(
        messages[1]["ChatEngagementParticipantAdded"]["name"],
        "Mia Holt"
    );
    assert_eq!(messages[2]["ChatPostMessage"]["body"], "first");
    let added = client
        .wait_for_message(&visitor, "RNEngagementParticipantAddedMessage")
        .await;
    assert_eq!(added["name"], "Ana Marques");
    assert_eq!(
        added["greeting"],
        "Hi, this is Ana Marques. How can I help you?"
    );

    exchange_twenty_messages(&client, &visitor, &agent).await;

    // The agent ends it. The visitor's client polls with the Bearer header, as published samples do.
    let id = visitor.started["engagementId"].clone();
    let reply = client
        .call_as_agent(&agent, "concludeChat", json!({"engagementId": id}))
        .await;
    assert_eq!(
        reply.json["chatConcludeEngagementResult"]["engagementId"],
        id
    );
    let request = client.as_visitor(&visitor, "getMessages").bearer_auth(&jwt);
    let conclusion = send(request.body("{}")).await.json["systemMessages"][0].clone();
    assert_eq!(conclusion["messageName"], "RNEngagementConcludedMessage");
    assert_eq!(conclusion["reason"], "AGENT_CONCLUDED");
    let poll_after_end = send(client.as_visitor(&visitor, "getMessages").body("{}")).await;
    assert_eq!(poll_after_end.status, 403);
    let reply = client
        .call_as_agent(&agent, "releaseChat", json!({"engagementId": id}))
        .await;
    assert_eq!(reply.status, 200);
    assert_eq!(client.state().await["engagements"], json!([]));
}

/// Posts twenty messages on each side and checks that they arrive in order.
async fn exchange_twenty_messages(client: &TestClient, visitor: &Visitor, agent: &Agent) {
    for number in 1..=20 {
        let body = json!({"body": format!("question {number}")}).to_string();
        let reply = send(client.as_visitor(visitor, "postMessage").body(body)).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        let reply = client
            .post_as_agent(agent, visitor, &format!("answer {number}"))
            .await;
        assert_eq!(reply.json["chatPostResult"]["clientReset"], "0");
        assert_eq!(reply.json["chatSystemError"], Value::Null);
    }
    let questions = agent_messages(client, agent, "ChatPostMessage").await;
    let answers = client.messages(visitor).await;
    assert_eq!((questions.len(), answers.len()), (20, 20));
    for number in 1..=20 {
        assert_eq!(questions[number - 1]["body"], format!("question {number}"));
        assert_eq!(answers[number - 1]["body"], format!("answer {number}"));
    }
}

#[tokio::test]
async fn a_preview_reaches_the_agent_while_the_visitor_types() {
    let client = TestClient::new().await;
    let (visitor, agent) = client.conversation().await;
    agent_messages(&client, &agent, "").await;
    let typing = json!({"mode": "RESPONDING", "sneakPreviewText": "My ord"}).to_string();
    let reply = send(client.as_visitor(&visitor, "activity").body(typing)).await;
    assert_eq!(reply.json["sneakPreviewState"], "ENABLED");
    let signals = agent_messages(&client, &agent, "ChatActivitySignal").await;
    assert_eq!(signals[0]["sneakPreview"], "My ord");

    let status = json!({
        "clientId": agent_client_id(&client, 0).await, "engagementId": visitor.started["engagementId"],
        "mode": "RESEARCHING", "sneakPreviewFocus": true,
    });
    let reply = client
        .call_as_agent(&agent, "setInteractionStatus", status)
        .await;
    assert_eq!(reply.status, 200, "{reply:?}");
    let message = client
        .wait_for_message(&visitor, "RNEngagementActivityChangedMessage")
        .await;
    assert_eq!(
        (&message["mode"], &message["sneakPreviewFocus"]),
        (&json!("RESEARCHING"), &json!(true))
    );
    assert_eq!(client.state().await["preview_violations"], 0);
}

/// The client id of the agent with this index in the state, as a number.
async fn agent_client_id(client: &TestClient, index: usize) -> i64 {
    let state = client.state().await;
    text(&state["agents"][index]["client_id"]).parse().unwrap()
}

#[tokio::test]
async fn queue_queries_need_no_session() {
    let client = TestClient::new().await;
    client.visitor().await;
    let site = "/engagement/api/consumer/pipit_demo/v1";
    let stats = "%7B%22queueId%22%3A1%2C%22chatProactiveAvailableType%22%3A%22AGENTS%22%7D";
    let path = format!("{site}/getQueueStats?pool=297:1&request={stats}");
    let reply = send(client.api(reqwest::Method::GET, &path)).await;
    assert_eq!(reply.json["engagementsInQueue"], 1, "{reply:?}");
    let path = format!("{site}/getEngagementQueue?request=%7B%22interfaceId%22%3A1%7D");
    let reply = send(client.api(reqwest::Method::GET, &path)).await;
    assert_eq!(reply.json["queueIdString"], "1", "{reply:?}");
}

#[tokio::test]
async fn service_settings_contain_the_address_of_the_chat_server() {
    let client = TestClient::with(Options::default()).await;
    let path = "/services/rest/crossChannelServices/latest/serviceSettings/1";
    let request = client
        .api(reqwest::Method::GET, path)
        .header("OSvC-CREST-Application-Context", "test")
        .basic_auth("demo", Some("demo"));
    let reply = send(request).await.json;
    assert_eq!(reply["siteName"], "pipit_demo");
    assert_eq!(reply["pool"], "297:1");
    assert!(
        client
            .sandbox
            .api_url()
            .ends_with(&format!(":{}", reply["port"]))
    );
}
