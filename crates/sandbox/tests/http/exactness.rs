//! Tests of what Oracle's API reference says exactly about answers, sessions of agents, required headers and settings.

use reqwest::Method;
use serde_json::{Value, json};

use crate::test_client::{Agent, TestClient, send};

#[tokio::test]
async fn an_agents_status_is_hidden_from_the_visitor_if_its_visibility_says_so() {
    let client = TestClient::new().await;
    let (visitor, agent) = client.conversation().await;
    let client_id: i64 = client.state().await["agents"][0]["client_id"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    let report = |visibility: Value, mode: &str| {
        json!({
            "clientId": client_id, "engagementId": visitor.started["engagementId"], "mode": mode,
            "visibility": visibility,
        })
    };
    for (visibility, mode) in [
        (json!("NOT_ENDUSER"), "RESPONDING"),
        (json!("NONE"), "RESPONDING"),
        (json!("ALL"), "LISTENING"),
        (json!(null), "RESPONDING"),
    ] {
        let body = report(visibility, mode);
        let reply = client
            .call_as_agent(&agent, "setInteractionStatus", body)
            .await;
        assert_eq!(reply.status, 200, "{reply:?}");
    }
    let batch = client.messages(&visitor).await;
    let modes: Vec<_> = batch.iter().map(|message| &message["mode"]).collect();
    assert_eq!(modes, ["LISTENING", "RESPONDING"]);
}

#[tokio::test]
async fn agent_tokens_takes_no_body_and_the_basic_user_is_the_agent() {
    let client = TestClient::new().await;
    let path = "/services/rest/crossChannelServices/latest/agentTokens";
    let request = |user: &str| {
        let request = client.post(path).basic_auth(user, Some("demo"));
        request.header("OSvC-CREST-Application-Context", "test")
    };
    for body in ["{}", r#"{"accountId":13}"#, "x"] {
        let reply = send(request("demo").body(body)).await;
        assert_eq!(reply.status, 400, "{body}: {reply:?}");
    }
    let reply = send(client.post(path).basic_auth("demo", Some("demo"))).await;
    assert_eq!(reply.status, 400, "the context is required: {reply:?}");
    let unknown = send(request("nobody")).await;
    assert_eq!(unknown.status, 401, "{unknown:?}");
    for (user, account, name) in [
        ("demo", "12", "Ana Marques"),
        ("ana", "12", "Ana Marques"),
        ("ben", "13", "Ben Okafor"),
        ("77", "77", "Agent 77"),
    ] {
        let token = send(request(user)).await.json["sessionToken"]
            .as_str()
            .unwrap()
            .to_owned();
        let log_on = client
            .post("/engagement/api/agent/pipit_demo/v1/createAutomatedAgentSession?pool=297:1");
        let reply = send(log_on.bearer_auth(token).body(r#"{"logonOverride":true}"#)).await;
        assert_eq!(reply.status, 200, "{user}: {reply:?}");
        let state = client.state().await;
        let agents = state["agents"].as_array().unwrap();
        let is_agent = |agent: &&Value| agent["account_id"] == *account;
        assert_eq!(
            agents.iter().find(is_agent).unwrap()["name"],
            name,
            "{user}"
        );
    }
    let settings = "/services/rest/crossChannelServices/latest/serviceSettings/1";
    let reply = send(
        client
            .api(Method::GET, settings)
            .basic_auth("demo", Some("demo")),
    )
    .await;
    assert_eq!(reply.status, 400, "the context is required: {reply:?}");
}

#[tokio::test]
async fn ports_have_the_documented_type_in_each_answer() {
    let client = TestClient::new().await;
    let path = "/services/rest/crossChannelServices/latest";
    let establish = client
        .post(&format!("{path}/establishSessions"))
        .basic_auth("demo", Some("demo"));
    let reply = send(establish.body(r#"{"sessionInformation":"{}"}"#)).await;
    let server: Value =
        serde_json::from_str(reply.json["sessionServerResponse"].as_str().unwrap()).unwrap();
    let port = server["port"].as_str().expect("the port is a text");
    assert!(client.sandbox.api_url().ends_with(&format!(":{port}")));
    let settings = client.api(Method::GET, &format!("{path}/serviceSettings/1"));
    let settings = settings
        .basic_auth("demo", Some("demo"))
        .header("OSvC-CREST-Application-Context", "test");
    assert!(send(settings).await.json["port"].is_number());
}

#[tokio::test]
async fn only_get_messages_says_that_the_send_time_is_null() {
    let client = TestClient::new().await;
    let agent = client.log_on(12).await;
    let body = json!({"assignmentRequested": true, "idleSessionCount": 0, "maxSessionCount": 3});
    let request = || client.agent(&agent, "requestAssignment");
    let reply = send(request().body(body.to_string())).await;
    let received = reply.json["serviceStartTime"].as_i64().unwrap();
    assert_eq!(
        reply.json["clientSendTime"].as_i64(),
        Some(received),
        "{reply:?}"
    );
    let mut dated = body;
    dated["timeCreated"] = json!(5);
    let reply = send(request().body(dated.to_string())).await;
    assert_eq!(reply.json["clientSendTime"], 5);
    client.visitor().await;
    let reply = client.call_as_agent(&agent, "getMessages", json!({})).await;
    assert_eq!(reply.json["clientSendTime"], "null");
}

/// The members that page 004 prints for each message, without those of its *tail*.
const PRINTED: [(&str, &str); 6] = [
    (
        "ChatActivitySignal",
        "engagementId engagementIdString clientId clientIdString mode sneakPreviewState sneakPreviewInterval sneakPreview sneakPreviewFocus",
    ),
    (
        "ChatConfigChangeNotification",
        "name value domain port pool",
    ),
    (
        "ChatDisconnectNotification",
        "engagementId engagementIdString clientId clientIdString reason role",
    ),
    (
        "ChatEngagementAssignment",
        "contactInfo agentInfo engagementId engagementIdString engagementCreateTime engagementCreateTimeString engagementFirstEngagedTime engagementFirstEngagedTimeString secondsEngaged secondsEngagedString queueId queueIdString type requestSource incidentId incidentIdString initiationType asyncRequestId consumerId",
    ),
    (
        "ChatEngagementParticipantAdded",
        "name greeting messageDataMap engagementId engagementIdString clientId clientIdString role accountId accountIdString virtualAgent",
    ),
    (
        "ChatPostMessage",
        "body vaResponse offTheRecord richText messageDataMap messageId",
    ),
];
/// The members at the end of each message. A `ChatConfigChangeNotification` has no destination id.
const TAIL: &str = "destinationType senderId senderIdString senderType messageType visibility createdTime createdTimeString sequenceNumber sequenceNumberString";
const CONTACT: &str = "customFields firstName lastName emailAddress interfaceId interfaceLanguageCode contactId contactIdString orgId orgIdString sessionId question productId productIdString categoryId categoryIdString queueId queueIdString browser userAgent ipAddress operatingSystem coBrowseEnabled visitorId engagementEngineId referrerUrl engagementEngineSessionId coBrowsePremiumSupported mediaList estaraFsguid";
const AGENT_INFO: &str = "clientId clientIdString name accountId accountIdString profileId profileIdString groupId status subTypeId mediaList";

fn check_members(message: &str, value: &Value, members: &str) {
    for member in members.split(' ') {
        let is_nullable = member == "messageDataMap";
        let found = value.get(member);
        assert!(
            found.is_some_and(|found| is_nullable || !found.is_null()),
            "{message} has no {member}: {value}"
        );
    }
}

#[tokio::test]
async fn messages_to_agents_have_every_member_that_page_004_prints() {
    let client = TestClient::new().await;
    let visitor = client.visitor().await;
    let agent = client.log_on(12).await;
    client.accept_engagement(&agent, &visitor).await;
    let mut messages = Vec::new();
    let post = |operation: &str, body: Value| {
        send(
            client
                .as_visitor(&visitor, operation)
                .body(body.to_string()),
        )
    };
    assert_eq!(
        post("postMessage", json!({"body": "Hello"})).await.status,
        200
    );
    assert_eq!(
        post("activity", json!({"mode": "RESPONDING"})).await.status,
        200
    );
    client.switch("migrate", json!({"pool": "297:1"})).await;
    // Nobody but the server ends this engagement.
    client.switch("config", json!({"idle_ms": 1})).await;
    client
        .wait_until("the end", |state| {
            state["engagements"][0]["phase"] == "concluded"
        })
        .await;
    while !messages
        .iter()
        .any(|message: &Value| message.get("ChatDisconnectNotification").is_some())
    {
        let reply = client.call_as_agent(&agent, "getMessages", json!({})).await;
        messages.extend(reply.json["getResponseTypes"].as_array().unwrap().clone());
    }
    for (name, members) in PRINTED {
        let found = messages.iter().find_map(|message| message.get(name));
        let message = found.unwrap_or_else(|| panic!("no {name} in {messages:?}"));
        check_members(name, message, members);
        check_members(name, message, TAIL);
        if name == "ChatEngagementAssignment" {
            check_members("contactInfo", &message["contactInfo"], CONTACT);
            check_members("agentInfo", &message["agentInfo"], AGENT_INFO);
        }
        let has_destination = message.get("destinationId").is_some();
        assert_eq!(
            has_destination,
            name != "ChatConfigChangeNotification",
            "{message}"
        );
    }
}

#[tokio::test]
async fn a_take_over_keeps_the_agents_engagements_and_ends_the_former_session_id() {
    let client = TestClient::new().await;
    let (visitor, first) = client.conversation().await;
    let reply = send(
        client
            .as_visitor(&visitor, "postMessage")
            .body(r#"{"body":"unread"}"#),
    )
    .await;
    assert_eq!(reply.status, 200);
    let before = client.state().await;
    let second = client.take_over(12).await;
    assert_ne!(first.session, second.session);
    let reply = client.call_as_agent(&first, "getMessages", json!({})).await;
    assert_eq!(reply.status, 403, "{reply:?}");
    let after = client.state().await;
    assert_eq!(after["engagements"][0]["phase"], "chatting");
    assert_eq!(
        after["engagements"][0]["lead"],
        before["engagements"][0]["lead"]
    );
    assert_eq!(after["agents"].as_array().unwrap().len(), 1);
    assert!(
        client
            .post_as_agent(&second, &visitor, "still here")
            .await
            .json["chatSystemError"]
            .is_null()
    );
    let batch = client.messages(&visitor).await;
    let names: Vec<_> = batch
        .iter()
        .map(|message| &message["messageName"])
        .collect();
    assert_eq!(
        names,
        ["RNEngagementMessagePostedMessage"],
        "the visitor notices nothing"
    );

    let reply = client
        .call_as_agent(&second, "getMessages", json!({}))
        .await;
    let messages = reply.json["getResponseTypes"].as_array().unwrap();
    let numbers: Vec<_> = messages
        .iter()
        .map(|message| {
            let content = message.as_object().unwrap().values().next().unwrap();
            content["sequenceNumber"].as_i64().unwrap()
        })
        .collect();
    let expected: Vec<_> = (1..).take(numbers.len()).collect();
    assert_eq!(numbers, expected, "the sequence begins again: {messages:?}");
    let bodies: Vec<_> = messages
        .iter()
        .filter_map(|message| message["ChatPostMessage"]["body"].as_str())
        .collect();
    assert_eq!(bodies, ["unread"], "no message is lost");
    let accept = json!({
        "action": "ACCEPT", "actionType": "MANUAL", "assignmentType": "LEAD",
        "engagementId": visitor.started["engagementId"],
    });
    let reply = client
        .call_as_agent(&second, "assignmentAcknowledgement", accept)
        .await;
    assert_eq!(
        reply.status, 200,
        "accepting what the agent has changes nothing: {reply:?}"
    );
}

#[tokio::test]
async fn the_spam_rule_applies_to_agents_too() {
    let client = TestClient::new().await;
    let (visitor, agent) = client.conversation().await;
    client
        .switch("config", json!({"spam": {"max_urls": 1, "eject_at": 2}}))
        .await;
    let spam = |number: usize| format!("https://a.example https://b.example {number}");
    let reply = client.post_as_agent(&agent, &visitor, &spam(1)).await;
    assert_eq!(reply.status, 200);
    assert!(
        reply.json["chatSystemError"].is_null(),
        "a first offence is only stopped: {reply:?}"
    );
    let reply = client.post_as_agent(&agent, &visitor, &spam(2)).await;
    assert_eq!(
        reply.json["chatSystemError"]["errorCondition"], "CONFLICT",
        "{reply:?}"
    );
    let batch = client.messages(&visitor).await;
    assert_eq!(batch.len(), 1, "no text reached the visitor: {batch:?}");
    assert_eq!(batch[0]["reason"], "EJECTED");
    let reply = client.call_as_agent(&agent, "getMessages", json!({})).await;
    let messages = reply.json["getResponseTypes"].as_array().unwrap();
    let notices = messages
        .iter()
        .filter(|message| message["ChatPostMessage"]["senderType"] == "SYSTEM");
    assert_eq!(notices.count(), 2, "the agent is told: {messages:?}");
}

#[tokio::test]
async fn one_agents_text_to_two_visitors_is_no_duplicate() {
    let client = TestClient::new().await;
    let (first, agent) = client.conversation().await;
    let second = client.visitor().await;
    client.accept_engagement(&agent, &second).await;
    for visitor in [&first, &second] {
        client
            .post_as_agent(&agent, visitor, "Hello, how can I help?")
            .await;
        client
            .wait_for_message(visitor, "RNEngagementMessagePostedMessage")
            .await;
    }
    assert_eq!(client.state().await["spam_hits"], 0);
}

#[tokio::test]
async fn bodies_of_errors_carry_the_code_and_the_text_in_both_forms() {
    let client = TestClient::new().await;
    let unknown = client
        .consumer("getMessages")
        .header("SessionId", "made-up");
    let reply = send(unknown.body("{}")).await;
    assert_eq!(reply.json["exceptionCode"], "ACCESS_DENIED", "{reply:?}");
    assert_eq!(
        reply.json["message"], reply.json["chatSystemError"]["text"],
        "{reply:?}"
    );
    let agent = Agent {
        session: "made-up".to_owned(),
        account: 12,
    };
    let reply = client.call_as_agent(&agent, "getMessages", json!({})).await;
    assert_eq!(reply.json["exceptionCode"], "ACCESS_DENIED", "{reply:?}");
}

#[tokio::test]
async fn settings_are_checked() {
    let client = TestClient::new().await;
    for (setting, wrong) in [
        ("sneak_preview_state", json!("BOGUS")),
        ("sneak_preview_state", json!("enabled")),
        ("sneak_preview_interval_ms", json!(-1)),
        ("hold_ms", json!(i64::MAX)),
        ("hold_ms", json!("long")),
        ("absent_retries", json!(1_000_000)),
        ("pool_grace_ms", json!(-1)),
        ("average_wait_seconds", json!(-1)),
        ("queue_id", json!(-1)),
        ("spam", json!({"eject_at": 0})),
        ("spam", json!({"burst_ms": -1})),
        ("spam", json!({"duplicate_ms": i64::MAX})),
        ("completed_survey", json!({"id": -1, "auth": "a"})),
        (
            "delayed_survey",
            json!({"id": 1, "auth": "a", "delay_seconds": -1}),
        ),
        ("first_client_id", json!(1)),
        ("first_engagement_id", json!(0)),
        ("token_seconds", json!(i64::MAX)),
    ] {
        let mut change = json!({});
        change[setting] = wrong.clone();
        let reply = client.switch("config", change).await;
        assert_eq!(reply.status, 400, "{setting}: {wrong}");
        let text = reply.json["message"].as_str().unwrap();
        assert!(text.contains(setting), "{setting}: {text}");
    }
    let reply = client
        .switch("config", json!({"sneak_preview_state": "BOGUS"}))
        .await;
    let text = reply.json["message"].as_str().unwrap();
    assert!(
        text.contains("SERVICE_UNAVAILABLE"),
        "the text lists what is allowed: {text}"
    );
}
