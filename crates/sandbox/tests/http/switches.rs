use serde_json::json;

use crate::stranger::{Stranger, send, text};

#[tokio::test]
async fn a_fault_meets_so_many_calls_of_its_operation() {
    let it = Stranger::new().await;
    let token = it.token().await;
    let request = || {
        it.consumer("requestEngagement")
            .bearer_auth(&token)
            .body("{}")
    };
    for status in [400, 403, 404, 408, 409, 500] {
        let fault = json!({"operation": "requestEngagement", "status": status, "times": 2});
        assert_eq!(it.switch("fault", fault).await.status, 200);
        for _ in 0..2 {
            let reply = send(request()).await;
            assert_eq!(reply.status, status);
            assert!(reply.json["chatSystemError"]["errorCondition"].is_string());
        }
    }
    let fault = json!({"operation": "requestEngagement", "resultType": "FAIL_OUT_OF_HOURS"});
    it.switch("fault", fault).await;
    let reply = send(request()).await;
    assert_eq!(
        (reply.status, &reply.json["resultType"]),
        (200, &json!("FAIL_OUT_OF_HOURS"))
    );
    assert!(reply.json.get("sessionId").is_none());

    assert_eq!(
        send(request()).await.json["resultType"],
        "SUCCESS",
        "the token is unspent"
    );
}

#[tokio::test]
async fn faults_can_be_cleared_and_are_told_apart_by_side() {
    let it = Stranger::new().await;
    let (visitor, agent) = it.conversation().await;
    let post = |text: &str| {
        it.as_visitor(&visitor, "postMessage")
            .body(json!({"body": text}).to_string())
    };
    it.switch(
        "fault",
        json!({"operation": "agent/postMessage", "status": 500}),
    )
    .await;
    assert_eq!(send(post("one")).await.status, 200);
    assert_eq!(it.answer(&agent, &visitor, "hi").await.status, 500);

    it.switch(
        "fault",
        json!({"operation": "*", "status": 503, "times": 9}),
    )
    .await;
    assert_eq!(send(post("two")).await.status, 503);
    it.switch("fault", json!({"operation": "*", "times": 0}))
        .await;
    assert_eq!(send(post("three")).await.status, 200);
}

#[tokio::test]
async fn a_switch_that_makes_no_sense_is_refused() {
    let it = Stranger::new().await;
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
        let reply = it.switch(switch, body.clone()).await;
        assert_eq!(reply.status, 400, "{switch} {body}: {reply:?}");
    }
    let unknown = json!({"engagementId": "5"});
    assert_eq!(it.switch("transfer", unknown).await.status, 404);
}

#[tokio::test]
async fn settings_are_changed_member_by_member() {
    let it = Stranger::new().await;
    let change = json!({
        "sneak_preview_state": "SITE_UNAVAILABLE",
        "completed_survey": {"id": 0, "auth": ""},
        "delayed_survey": {"id": 103, "auth": "later", "delay_seconds": 600},
        "spam": {"eject_at": 1},
    });
    assert_eq!(it.switch("config", change).await.status, 200);
    let visitor = it.visitor().await;
    assert_eq!(visitor.started["sneakPreviewState"], "SITE_UNAVAILABLE");
    assert_eq!(visitor.started["completedSurveyIdString"], "0");
    assert_eq!(visitor.started["cancelledSurveyId"], 102);
    assert_eq!(visitor.started["sendSurveyId"], 103);

    let post = || {
        it.as_visitor(&visitor, "postMessage")
            .body(r#"{"body":"buy!"}"#)
    };
    assert_eq!(send(post()).await.status, 200);
    assert_eq!(send(post()).await.status, 409);
}

#[tokio::test]
async fn after_a_migration_the_former_pool_is_told_and_then_refused() {
    let it = Stranger::new().await;
    let visitor = it.visitor().await;
    it.messages(&visitor).await;
    let poll = tokio::spawn(send(it.as_visitor(&visitor, "getMessages").body("{}")));
    it.until_polling(true).await;
    it.switch("config", json!({"pool_grace_ms": 0})).await;
    it.switch(
        "migrate",
        json!({"pool": "298:1", "domain": null, "port": null}),
    )
    .await;
    let told = poll.await.unwrap().json["systemMessages"][0].clone();
    assert_eq!(
        told["messageName"],
        "RNEngagementConfigurationChangedMessage"
    );
    assert_eq!(told["pool"], "298:1");

    let post = || {
        it.as_visitor(&visitor, "postMessage")
            .body(r#"{"body":"hello"}"#)
    };
    assert_eq!(
        send(post()).await.status,
        404,
        "as_visitor asks the former pool"
    );
    let path = "/engagement/api/consumer/pipit_demo/v1/postMessage?pool=298:1";
    let request = it.post(path).header("SessionId", &visitor.session);
    assert_eq!(send(request.body(r#"{"body":"hello"}"#)).await.status, 200);
}

#[tokio::test]
async fn a_second_agent_is_asked_in_and_a_conversation_put_back() {
    let it = Stranger::new().await;
    let (visitor, _) = it.conversation().await;
    let second = it.log_on(13).await;
    let id = text(&visitor.started["engagementIdString"]);
    let invite = json!({"engagementId": id, "accountId": 13});
    assert_eq!(it.switch("conference", invite).await.status, 200);
    let batch = it.ask(&second, "getMessages", json!({})).await.json;
    let assignment = &batch["getResponseTypes"][0]["ChatEngagementAssignment"];
    assert_eq!(assignment["type"], "CONFERENCE");

    assert_eq!(
        it.switch("transfer", json!({"engagementId": id}))
            .await
            .status,
        200
    );
    let left = it
        .message(&visitor, "RNEngagementParticipantLeftMessage")
        .await;
    assert_eq!(left["disconnectReason"], "TRANSFERRED_TO_QUEUE");
}

#[tokio::test]
async fn reset_forgets_everybody_and_every_setting() {
    let it = Stranger::new().await;
    let (visitor, agent) = it.conversation().await;
    it.switch("config", json!({"echo": true, "token_seconds": 0}))
        .await;
    it.switch(
        "fault",
        json!({"operation": "*", "status": 500, "times": 9}),
    )
    .await;
    assert_eq!(it.switch("reset", json!({})).await.status, 200);
    let state = it.state().await;
    assert_eq!(
        (&state["engagements"], &state["agents"]),
        (&json!([]), &json!([]))
    );
    assert_eq!(it.ask(&agent, "getMessages", json!({})).await.status, 403);
    let again = it.visitor().await;
    assert_ne!(
        again.started["engagementId"],
        visitor.started["engagementId"]
    );
    assert_eq!(it.messages(&again).await.len(), 1);
}

#[tokio::test]
async fn the_state_shows_no_secrets() {
    let it = Stranger::new().await;
    let (visitor, agent) = it.conversation().await;
    let state = it.state().await.to_string();
    assert!(state.contains(&text(&visitor.started["engagementIdString"])));
    assert!(
        !state.contains(&visitor.session) && !state.contains(&agent.session),
        "{state}"
    );
}
