//! FAMILY, agent: the log-on and the agent's operations that none of the five pages documents.

use reqwest::Method;
use serde_json::json;

use super::page_000::without;
use crate::answer::{Form, all};
use crate::run::{Run, arrived};
use crate::statement::{Statement, statement};

pub(crate) const STATEMENTS: &[Statement] = &[
    statement(
        "F.14",
        "agentTokens makes the agent's token",
        "200 with the text sessionToken",
    ),
    statement(
        "F.15",
        "createAutomatedAgentSession logs the agent on",
        "200 with the text sessionId and clientId, sent twice",
    ),
    statement(
        "F.16",
        "setActivityStatus sets whether the agent is available",
        "200",
    ),
    statement(
        "F.17",
        "setActivityStatus needs status and subTypeId",
        "400 BAD_REQUEST",
    ),
    statement(
        "F.18",
        "assignmentAcknowledgement accepts an offer, and lists the participants",
        "200, and clientList in chatAssignmentAcknowledgementResult is a list",
    ),
    statement(
        "F.19",
        "setInteractionStatus reports the agent's activity to the visitor",
        "200, and the visitor gets RNEngagementActivityChangedMessage",
    ),
    statement(
        "F.20",
        "With NOT_ENDUSER the visitor does not see the activity",
        "it does not arrive before a later one",
    ),
    statement("F.21", "setEngagementProperty changes a property", "200"),
    statement(
        "F.22",
        "modifyProperties says of each property whether it was changed",
        "200, and propertiesResultMap is an object",
    ),
    statement(
        "F.23",
        "retrieveAgentsAndQueues lists agents and queues",
        "200, agents is a list and queues an object",
    ),
    statement(
        "F.24",
        "rerouteAvailability is a GET with JSON in the query",
        "200",
    ),
    statement("F.25", "releaseChat ends the wrap-up", "200"),
    statement("F.26", "logoff needs forceLogoff", "400 BAD_REQUEST"),
    statement(
        "F.27",
        "logoff ends the session",
        "200, and 403 for the next poll",
    ),
];

/// Logs the agent on. Returns whether that has succeeded.
pub(crate) async fn log_on(run: &mut Run) -> bool {
    let answer = run.server.service(Method::POST, "agentTokens", "").await;
    run.see(
        "F.14",
        all([answer.succeeds(), answer.member("sessionToken", Form::Text)]),
    );
    let answer = run.server.log_on(&answer.text("sessionToken")).await;
    let session = answer.member("sessionId", Form::Text);
    run.see(
        "F.15",
        all([answer.succeeds(), session, answer.twin("clientId")]),
    );
    run.agent.session = answer.text("sessionId");
    run.agent.client_id = answer.json["clientId"].as_i64().unwrap_or_default();
    if run.agent.session.is_empty() {
        return false;
    }
    let available = json!({"status": "AVAILABLE", "subTypeId": 0});
    let answer = run.agent("setActivityStatus", available.clone()).await;
    run.see("F.16", answer.succeeds());
    for name in ["status", "subTypeId"] {
        let answer = run
            .agent("setActivityStatus", without(&available, name))
            .await;
        run.see("F.17", answer.refuses(400, "BAD_REQUEST"));
    }
    true
}

/// Accepts the first visitor.
pub(crate) async fn accept(run: &mut Run) {
    let accept = json!({
        "action": "ACCEPT", "actionType": "MANUAL", "assignmentType": "LEAD",
        "engagementId": run.engagement(0),
    });
    let answer = run.agent("assignmentAcknowledgement", accept).await;
    let list = answer.member("chatAssignmentAcknowledgementResult.clientList", Form::List);
    run.see("F.18", all([answer.succeeds(), list]));
}

/// The operations within an engagement.
pub(crate) async fn check_conversation(run: &mut Run) {
    let id = run.engagement(0);
    let report = |client_id: i64, mode: &str, visibility: &str| {
        json!({
            "clientId": client_id, "engagementId": id, "mode": mode, "sneakPreviewFocus": true,
            "visibility": visibility,
        })
    };
    let client = run.agent.client_id;
    let hidden = report(client, "LISTENING", "NOT_ENDUSER");
    run.agent("setInteractionStatus", hidden).await;
    let answer = run
        .agent("setInteractionStatus", report(client, "RESPONDING", "ALL"))
        .await;
    let shown = run
        .visitor_message(0, "RNEngagementActivityChangedMessage", |_| true)
        .await;
    run.see("F.19", all([answer.succeeds(), arrived(shown.as_ref())]));
    let mode = shown.unwrap_or_default()["mode"].clone();
    let seen = format!("the first that arrives is {mode}");
    run.see(
        "F.20",
        if mode == "RESPONDING" {
            Ok(seen)
        } else {
            Err(seen)
        },
    );

    let question = json!({
        "engagementId": id, "type": "USER", "name": "QUESTION", "value": "Is this server right?",
    });
    let answer = run.agent("setEngagementProperty", question).await;
    run.see("F.21", answer.succeeds());
    let names = json!({
        "engagementId": id, "type": "USER", "propertiesMap": {"FIRST_NAME": "Conformance"},
    });
    let answer = run.agent("modifyProperties", names).await;
    let results = answer.member("propertiesResultMap", Form::Object);
    run.see("F.22", all([answer.succeeds(), results]));
    let lists = json!({
        "id": id, "includeAgentInformation": true, "includeQueueInformation": true,
        "includeQueueStatistics": true,
    });
    let answer = run.agent("retrieveAgentsAndQueues", lists).await;
    let agents = answer.member("agents", Form::List);
    let queues = answer.member("queues", Form::Object);
    run.see("F.23", all([answer.succeeds(), agents, queues]));
    let session = run.agent.session.clone();
    let request = json!({ "engagementId": id });
    let answer = run
        .server
        .agent_get("rerouteAvailability", &session, &request)
        .await;
    run.see("F.24", answer.succeeds());
}

/// Logs the agent off.
pub(crate) async fn log_off(run: &mut Run) {
    let unforced = run.agent("logoff", json!({})).await;
    run.see("F.26", unforced.refuses(400, "BAD_REQUEST"));
    for index in std::mem::take(&mut run.agent.to_release) {
        let body = json!({ "engagementId": run.engagement(index) });
        run.agent("releaseChat", body).await;
    }
    let answer = if unforced.status == 200 {
        // The session has ended already.
        unforced
    } else {
        run.agent("logoff", json!({"forceLogoff": true})).await
    };
    let session = run.agent.session.clone();
    let body = run.numbered(json!({}));
    let next = run.server.agent("getMessages", &session, &body).await;
    run.see("F.27", all([answer.succeeds(), next.has_status(403)]));
    if answer.status == 200 {
        run.agent.session.clear();
    }
}
