//! Tests of the types and values that members of requests can have, as Oracle's API reference documents them.

use reqwest::Method;
use serde_json::{Value, json};

use crate::test_client::{Reply, TestClient, Visitor, send};

/// Checks that a reply is a refusal with status 400 and this code, whose text names the member.
fn check_names(reply: &Reply, code: &str, member: &str) {
    let error = &reply.json["chatSystemError"];
    assert_eq!(reply.status, 400, "{member}: {reply:?}");
    assert_eq!(error["errorCondition"], code, "{member}: {reply:?}");
    let text = error["text"].as_str().unwrap();
    assert!(text.contains(&format!("{member:?}")), "{member}: {text}");
    assert!(text.ends_with('.'), "{text}");
}

/// The body of an agent's message to a visitor, with one member replaced or added.
fn agent_post(visitor: &Visitor, member: &str, value: &Value) -> Value {
    let mut body = json!({
        "body": "Sample message text.", "destinationId": visitor.started["engagementId"],
        "destinationType": "ENGAGEMENT", "messageType": "TEXT", "visibility": "ALL",
    });
    body[member] = value.clone();
    body
}

#[tokio::test]
async fn each_member_of_a_visitors_message_has_the_documented_type() {
    let client = TestClient::new().await;
    let visitor = client.visitor().await;
    let wrong = [
        ("clientTransactionId", json!(1.5)),
        ("clientTransactionId", json!("abc")),
        ("clientTransactionId", json!("7")),
        ("clientTransactionId", json!(9_223_372_036_854_775_808_u64)),
        ("clientTransactionId", json!(true)),
        ("clientRequestTime", json!(1_600_000_000_000_i64)),
        ("richText", json!("yes")),
        ("richText", json!("true")),
        ("richText", json!(1)),
        ("offTheRecord", json!("no")),
        ("messageDataMap", json!([1])),
        ("messageDataMap", json!({"n": 1})),
        ("messageDataMap", json!({"n": null})),
        ("messageDataMap", json!("n")),
        ("messageId", json!(7)),
        ("messageId", json!({})),
        ("body", json!(["text"])),
        ("body", json!(null)),
    ];
    for (member, value) in wrong {
        let mut body = json!({"body": "Hello"});
        body[member] = value;
        let request = client.as_visitor(&visitor, "postMessage");
        check_names(
            &send(request.body(body.to_string())).await,
            "BAD_REQUEST",
            member,
        );
    }
    let right = json!({
        "body": "Hello", "clientTransactionId": i64::MIN, "clientRequestTime": null, "richText": null,
        "offTheRecord": false, "messageId": "7", "messageDataMap": {"n": "1"}, "unknownMember": [1],
    });
    let request = client.as_visitor(&visitor, "postMessage");
    let reply = send(request.body(right.to_string())).await;
    assert_eq!(reply.status, 200, "{reply:?}");
}

#[tokio::test]
async fn the_other_requests_of_a_visitor_are_checked_too() {
    let client = TestClient::new().await;
    let visitor = client.visitor().await;
    for (operation, body, member) in [
        (
            "getMessages",
            json!({"clientTransactionId": 1.5}),
            "clientTransactionId",
        ),
        (
            "concludeEngagement",
            json!({"clientRequestTime": 5}),
            "clientRequestTime",
        ),
        ("activity", json!({"mode": "SLEEPING"}), "mode"),
        ("activity", json!({"mode": "NONE"}), "mode"),
        (
            "activity",
            json!({"mode": "LISTENING", "sneakPreviewText": 5}),
            "sneakPreviewText",
        ),
        (
            "activity",
            json!({"mode": "LISTENING", "sneakPreviewFocus": "true"}),
            "sneakPreviewFocus",
        ),
    ] {
        let request = client.as_visitor(&visitor, operation);
        check_names(
            &send(request.body(body.to_string())).await,
            "BAD_REQUEST",
            member,
        );
    }
    let token = client.token().await;
    let request = client.consumer("requestEngagement").bearer_auth(&token);
    let reply = send(request.body(r#"{"clientTransactionId": "abc"}"#)).await;
    check_names(&reply, "BAD_REQUEST", "clientTransactionId");
    let request = client.consumer("requestEngagement").bearer_auth(&token);
    let reply = send(request.body("{}")).await;
    assert_eq!(
        reply.status, 200,
        "a refused request does not use up the token: {reply:?}"
    );

    for (operation, query, member) in [
        (
            "getQueueStats",
            json!({"queueId": "abc", "chatProactiveAvailableType": "AGENTS"}),
            "queueId",
        ),
        (
            "getQueueStats",
            json!({"queueId": 1}),
            "chatProactiveAvailableType",
        ),
        (
            "getQueueStats",
            json!({"queueId": 1, "chatProactiveAvailableType": "ALL"}),
            "chatProactiveAvailableType",
        ),
        (
            "getEngagementQueue",
            json!({"interfaceId": 2_147_483_648_i64}),
            "interfaceId",
        ),
        (
            "getEngagementQueue",
            json!({"customFields": {}}),
            "customFields",
        ),
        (
            "getEngagementQueue",
            json!({"customFields": [{"name": "a", "type": "string", "value": "x"}]}),
            "customFields",
        ),
        (
            "getEngagementQueue",
            json!({"customFields": [{"name": "a", "value": "x"}]}),
            "customFields",
        ),
    ] {
        let query = query.to_string();
        let path = format!("/engagement/api/consumer/pipit_demo/v1/{operation}");
        let request = client.api(Method::GET, &path).query(&[("request", query)]);
        check_names(&send(request).await, "BAD_REQUEST", member);
    }
}

#[tokio::test]
async fn the_visitors_session_information_is_checked() {
    let client = TestClient::new().await;
    for (information, member) in [
        (json!({"queueId": "abc"}), "queueId"),
        (json!({"queueId": 1.5}), "queueId"),
        (json!({"contactId": "12"}), "contactId"),
        (json!({"firstName": 7}), "firstName"),
        (json!({"customFields": "none"}), "customFields"),
        (json!({"customFields": [{"value": "x"}]}), "customFields"),
        (json!({"auxiliaryData": []}), "auxiliaryData"),
    ] {
        let body = json!({"sessionInformation": information.to_string()});
        let path = "/services/rest/crossChannelServices/latest/establishSessions";
        let request = client.post(path).basic_auth("demo", Some("demo"));
        check_names(
            &send(request.body(body.to_string())).await,
            "BAD_REQUEST",
            member,
        );
    }
}

#[tokio::test]
async fn each_member_of_an_agents_message_has_the_documented_type_and_value() {
    let client = TestClient::new().await;
    let (visitor, agent) = client.conversation().await;
    let wrong = [
        ("visibility", json!("EVERYBODY")),
        ("visibility", json!("all")),
        ("visibility", json!(1)),
        ("visibility", json!([])),
        ("richText", json!("yes")),
        ("messageDataMap", json!([1])),
        ("messageDataMap", json!({"n": 1})),
        ("messageId", json!(7)),
        ("destinationId", json!("abc")),
        ("destinationId", json!(null)),
        ("destinationType", json!("ROOM")),
        ("destinationType", json!(3)),
        ("messageType", json!("HTML")),
        ("messageType", json!(null)),
        ("body", json!(5)),
    ];
    for (member, value) in wrong {
        let body = agent_post(&visitor, member, &value);
        let reply = client.call_as_agent(&agent, "postMessage", body).await;
        check_names(&reply, "INVALID_FIELD", member);
    }
    for (member, value) in [
        ("sequenceNumber", json!("seven")),
        ("timeCreated", json!(1.5)),
    ] {
        let body = agent_post(&visitor, member, &value).to_string();
        let reply = send(client.agent(&agent, "postMessage").body(body)).await;
        check_names(&reply, "INVALID_FIELD", member);
    }
    for visibility in ["ALL", "NONE", "NOT_ENDUSER"] {
        let mut body = agent_post(&visitor, "visibility", &json!(visibility));
        body["body"] = json!(visibility);
        let reply = client.call_as_agent(&agent, "postMessage", body).await;
        assert_eq!(reply.status, 200, "{reply:?}");
    }
    let batch = client.messages(&visitor).await;
    let bodies: Vec<_> = batch.iter().map(|message| &message["body"]).collect();
    assert_eq!(bodies, ["ALL"], "only this message is for the visitor");
}

#[tokio::test]
async fn the_other_requests_of_an_agent_are_checked_too() {
    let client = TestClient::new().await;
    let (visitor, agent) = client.conversation().await;
    let engagement = &visitor.started["engagementId"];
    let client_id = &client.state().await["agents"][0]["client_id"]
        .as_str()
        .unwrap()
        .parse::<i64>()
        .unwrap();
    for (operation, body, member) in [
        (
            "getMessages",
            json!({"sequenceNumber": "seven"}),
            "sequenceNumber",
        ),
        (
            "requestAssignment",
            json!({"assignmentRequested": "true", "idleSessionCount": 0, "maxSessionCount": 3}),
            "assignmentRequested",
        ),
        (
            "requestAssignment",
            json!({"assignmentRequested": true, "idleSessionCount": 0}),
            "maxSessionCount",
        ),
        (
            "requestAssignment",
            json!({"assignmentRequested": true, "idleSessionCount": 0, "maxSessionCount": 2_147_483_648_i64}),
            "maxSessionCount",
        ),
        (
            "assignmentAcknowledgement",
            json!({"action": "TAKE", "actionType": "MANUAL", "assignmentType": "LEAD", "engagementId": engagement}),
            "action",
        ),
        (
            "assignmentAcknowledgement",
            json!({"action": "ACCEPT", "actionType": "HAND", "assignmentType": "LEAD", "engagementId": engagement}),
            "actionType",
        ),
        (
            "assignmentAcknowledgement",
            json!({"action": "ACCEPT", "actionType": "AUTO", "assignmentType": "CHIEF", "engagementId": engagement}),
            "assignmentType",
        ),
        (
            "setInteractionStatus",
            json!({"clientId": client_id, "engagementId": engagement, "mode": "AWAKE"}),
            "mode",
        ),
        (
            "setInteractionStatus",
            json!({"clientId": client_id, "engagementId": engagement, "mode": "LISTENING", "visibility": "SOME"}),
            "visibility",
        ),
        (
            "setInteractionStatus",
            json!({"clientId": client_id, "engagementId": engagement, "mode": "LISTENING", "sneakPreviewState": "ON"}),
            "sneakPreviewState",
        ),
        (
            "setActivityStatus",
            json!({"status": "LUNCH", "subTypeId": 0}),
            "status",
        ),
        (
            "setActivityStatus",
            json!({"status": "AVAILABLE"}),
            "subTypeId",
        ),
        (
            "setActivityStatus",
            json!({"status": "AVAILABLE", "subTypeId": "1"}),
            "subTypeId",
        ),
        (
            "concludeChat",
            json!({"engagementId": "one"}),
            "engagementId",
        ),
        ("logoff", json!({}), "forceLogoff"),
        ("logoff", json!({"forceLogoff": null}), "forceLogoff"),
        ("logoff", json!({"forceLogoff": "true"}), "forceLogoff"),
    ] {
        let mut body = body;
        if body.get("sequenceNumber").is_none() {
            body["sequenceNumber"] = json!(7);
        }
        let reply = send(client.agent(&agent, operation).body(body.to_string())).await;
        check_names(&reply, "BAD_REQUEST", member);
    }
}

#[tokio::test]
async fn complete_requests_of_an_agent_are_accepted() {
    let client = TestClient::new().await;
    let agent = client.log_on(12).await;
    let status = json!({"status": "AVAILABLE", "subTypeId": 0});
    assert_eq!(
        client
            .call_as_agent(&agent, "setActivityStatus", status)
            .await
            .status,
        200
    );
    let logoff = json!({"forceLogoff": true});
    assert_eq!(
        client.call_as_agent(&agent, "logoff", logoff).await.status,
        200
    );
}
