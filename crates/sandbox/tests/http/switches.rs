//! Tests of the *switches*: requests to `/sandbox/…` that plan faults, change settings and return the state.

use serde_json::json;

use crate::test_client::{TestClient, send, text};

#[tokio::test]
async fn a_fault_applies_to_the_planned_number_of_calls() {
    let client = TestClient::new().await;
    let token = client.token().await;
    let request = || {
        client
            .consumer("requestEngagement")
            .bearer_auth(&token)
            .body("{}")
    };
    for status in [400, 403, 404, 408, 409, 500] {
        let fault = json!({"operation": "requestEngagement", "status": status, "times": 2});
        assert_eq!(client.switch("fault", fault).await.status, 200);
        for _ in 0..2 {
            let reply = send(request()).await;
            assert_eq!(reply.status, status);
            assert!(reply.json["chatSystemError"]["errorCondition"].is_string());
        }
    }
    let fault = json!({"operation": "requestEngagement", "resultType": "FAIL_OUT_OF_HOURS"});
    client.switch("fault", fault).await;
    let reply = send(request()).await;
    assert_eq!(
        (reply.status, &reply.json["resultType"]),
        (200, &json!("FAIL_OUT_OF_HOURS"))
    );
    assert!(reply.json.get("sessionId").is_none());

    assert_eq!(
        send(request()).await.json["resultType"],
        "SUCCESS",
        "the failed calls have not used the token"
    );
}

#[tokio::test]
async fn a_fault_can_be_for_one_side_and_can_be_cancelled() {
    let client = TestClient::new().await;
    let (visitor, agent) = client.conversation().await;
    let post = |text: &str| {
        client
            .as_visitor(&visitor, "postMessage")
            .body(json!({"body": text}).to_string())
    };
    client
        .switch(
            "fault",
            json!({"operation": "agent/postMessage", "status": 500}),
        )
        .await;
    assert_eq!(send(post("one")).await.status, 200);
    assert_eq!(
        client.post_as_agent(&agent, &visitor, "hi").await.status,
        500
    );

    client
        .switch(
            "fault",
            json!({"operation": "*", "status": 503, "times": 9}),
        )
        .await;
    assert_eq!(send(post("two")).await.status, 503);
    client
        .switch("fault", json!({"operation": "*", "times": 0}))
        .await;
    assert_eq!(send(post("three")).await.status, 200);
}

#[tokio::test]
async fn invalid_switch_requests_are_refused() {
    let client = TestClient::new().await;
    for (switch, body) in [
        ("fault", json!({"operation": "nonsense", "status": 500})),
        ("fault", json!({"operation": "postMessage", "status": 200})),
        (
            "fault",
            json!({"operation": "postMessage", "resultType": "FAIL_HOLIDAY"}),
        ),
        ("fault", json!({"operation": "postMessage"})),
        ("network", json!({"operation": "nonsense", "fault": "cut"})),
        ("network", json!({"operation": "postMessage"})),
        (
            "network",
            json!({"operation": "postMessage", "fault": "rain"}),
        ),
        (
            "network",
            json!({"operation": "*", "fault": {"refuse": {"status": 200}}}),
        ),
        ("config", json!({"hold_ms": 0})),
        ("config", json!({"no_such_setting": 1})),
        ("config", json!({"token_seconds": "long"})),
        ("config", json!([])),
        ("migrate", json!({})),
        ("transfer", json!({"engagementId": "x"})),
    ] {
        let reply = client.switch(switch, body.clone()).await;
        assert_eq!(reply.status, 400, "{switch} {body}: {reply:?}");
    }
    let unknown = json!({"engagementId": "5"});
    assert_eq!(client.switch("transfer", unknown).await.status, 404);
}

#[tokio::test]
async fn a_change_of_settings_leaves_the_other_members_unchanged() {
    let client = TestClient::new().await;
    let change = json!({
        "sneak_preview_state": "SITE_UNAVAILABLE",
        "completed_survey": {"id": 0, "auth": ""},
        "delayed_survey": {"id": 103, "auth": "later", "delay_seconds": 600},
        "spam": {"eject_at": 1},
    });
    assert_eq!(client.switch("config", change).await.status, 200);
    let visitor = client.visitor().await;
    assert_eq!(visitor.started["sneakPreviewState"], "SITE_UNAVAILABLE");
    assert_eq!(visitor.started["completedSurveyIdString"], "0");
    assert_eq!(visitor.started["cancelledSurveyId"], 102);
    assert_eq!(visitor.started["sendSurveyId"], 103);

    let post = || {
        client
            .as_visitor(&visitor, "postMessage")
            .body(r#"{"body":"buy!"}"#)
    };
    assert_eq!(send(post()).await.status, 200);
    assert_eq!(send(post()).await.status, 409);
}

#[tokio::test]
async fn after_a_migration_polls_announce_the_new_pool_and_the_former_one_is_refused() {
    let client = TestClient::new().await;
    let visitor = client.visitor().await;
    client.messages(&visitor).await;
    let poll = tokio::spawn(send(client.as_visitor(&visitor, "getMessages").body("{}")));
    client.wait_until_polling(true).await;
    client.switch("config", json!({"pool_grace_ms": 0})).await;
    client
        .switch(
            "migrate",
            json!({"pool": "298:1", "domain": null, "port": null}),
        )
        .await;
    let message = poll.await.unwrap().json["systemMessages"][0].clone();
    assert_eq!(
        message["messageName"],
        "RNEngagementConfigurationChangedMessage"
    );
    assert_eq!(message["pool"], "298:1");

    let post = || {
        client
            .as_visitor(&visitor, "postMessage")
            .body(r#"{"body":"hello"}"#)
    };
    assert_eq!(
        send(post()).await.status,
        404,
        "as_visitor sends requests to the former pool"
    );
    let path = "/engagement/api/consumer/pipit_demo/v1/postMessage?pool=298:1";
    let request = client.post(path).header("SessionId", &visitor.session);
    assert_eq!(send(request.body(r#"{"body":"hello"}"#)).await.status, 200);
}

#[tokio::test]
async fn a_second_agent_can_be_invited_and_a_conversation_put_back_into_the_queue() {
    let client = TestClient::new().await;
    let (visitor, _) = client.conversation().await;
    let second = client.log_on(13).await;
    let id = text(&visitor.started["engagementIdString"]);
    let invite = json!({"engagementId": id, "accountId": 13});
    assert_eq!(client.switch("conference", invite).await.status, 200);
    let batch = client
        .call_as_agent(&second, "getMessages", json!({}))
        .await
        .json;
    let assignment = &batch["getResponseTypes"][0]["ChatEngagementAssignment"];
    assert_eq!(assignment["type"], "CONFERENCE");

    assert_eq!(
        client
            .switch("transfer", json!({"engagementId": id}))
            .await
            .status,
        200
    );
    let departure = client
        .wait_for_message(&visitor, "RNEngagementParticipantLeftMessage")
        .await;
    assert_eq!(departure["disconnectReason"], "TRANSFERRED_TO_QUEUE");
}

#[tokio::test]
async fn reset_removes_engagements_agents_and_faults_and_restores_the_settings() {
    let client = TestClient::new().await;
    let (visitor, agent) = client.conversation().await;
    client
        .switch("config", json!({"echo": true, "token_seconds": 0}))
        .await;
    client
        .switch(
            "fault",
            json!({"operation": "*", "status": 500, "times": 9}),
        )
        .await;
    assert_eq!(client.switch("reset", json!({})).await.status, 200);
    let state = client.state().await;
    assert_eq!(
        (&state["engagements"], &state["agents"]),
        (&json!([]), &json!([]))
    );
    assert_eq!(
        client
            .call_as_agent(&agent, "getMessages", json!({}))
            .await
            .status,
        403
    );
    let new_visitor = client.visitor().await;
    assert_ne!(
        new_visitor.started["engagementId"],
        visitor.started["engagementId"]
    );
    assert_eq!(client.messages(&new_visitor).await.len(), 1);
}

#[tokio::test]
async fn the_state_contains_no_session_ids() {
    let client = TestClient::new().await;
    let (visitor, agent) = client.conversation().await;
    let state = client.state().await.to_string();
    assert!(state.contains(&text(&visitor.started["engagementIdString"])));
    assert!(
        !state.contains(&visitor.session) && !state.contains(&agent.session),
        "{state}"
    );
}
