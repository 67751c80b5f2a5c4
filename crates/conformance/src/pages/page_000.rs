//! PAGE 000: the agent's operation `requestAssignment`.

use serde_json::{Value, json};

use crate::answer::{Form, all};
use crate::run::Run;
use crate::server::UNKNOWN_SESSION;
use crate::statement::{Statement, statement};

pub(crate) const STATEMENTS: &[Statement] = &[
    statement("000.1", "The request completes successfully", "200"),
    statement(
        "000.2",
        "The answer is JSON in UTF-8",
        "application/json;charset=utf-8",
    ),
    statement(
        "000.3",
        "The result says whether an assignment was made",
        "chatRequestAssignmentResult.assignmentMade is a flag",
    ),
    statement(
        "000.4",
        "There is no error on success",
        "chatSystemError is null",
    ),
    statement(
        "000.5",
        "The three times are numbers",
        "clientSendTime, serviceStartTime and serviceFinishTime are int64",
    ),
    statement(
        "000.6",
        "The answer has a session id",
        "sessionId is a text",
    ),
    statement(
        "000.7",
        "The client id is sent twice",
        "clientId and clientIdString agree",
    ),
    statement(
        "000.8",
        "The sequence number is echoed twice",
        "sequenceNumber and sequenceNumberString are that of the request",
    ),
    statement(
        "000.9",
        "A request without assignmentRequested is invalid",
        "400 BAD_REQUEST",
    ),
    statement(
        "000.10",
        "A request without idleSessionCount is invalid",
        "400 BAD_REQUEST",
    ),
    statement(
        "000.11",
        "A request without maxSessionCount is invalid",
        "400 BAD_REQUEST",
    ),
    statement(
        "000.12",
        "A member of a wrong type is invalid",
        "400 BAD_REQUEST for a text, a fraction, and a number beyond int32",
    ),
    statement(
        "000.13",
        "The agent session identifier is unknown",
        "403 ACCESS_DENIED",
    ),
    statement("000.14", "The header X-AID is required", "403"),
    statement("000.15", "The header X-JSESSIONID is required", "403"),
    statement(
        "000.16",
        "The resource was not found",
        "404 for a site that does not exist",
    ),
    statement("000.17", "The operation is a POST", "405 for PUT"),
];

pub(crate) async fn check(run: &mut Run) {
    let right = json!({"assignmentRequested": true, "idleSessionCount": 0, "maxSessionCount": 3});
    let body = run.numbered(right.clone());
    let session = run.agent.session.clone();
    let answer = run.server.agent("requestAssignment", &session, &body).await;
    run.see("000.1", answer.succeeds());
    run.see("000.2", answer.is_json_utf8());
    run.see(
        "000.3",
        answer.member("chatRequestAssignmentResult.assignmentMade", Form::Flag),
    );
    run.see("000.4", answer.member("chatSystemError", Form::Null));
    let times = ["clientSendTime", "serviceStartTime", "serviceFinishTime"];
    run.see("000.5", answer.members(&times, Form::Int64));
    run.see("000.6", answer.member("sessionId", Form::Text));
    run.see("000.7", answer.twin("clientId"));
    let number = body["sequenceNumber"].as_i64().unwrap_or_default();
    run.see("000.8", answer.twin_is("sequenceNumber", number));
    for (id, name) in [
        ("000.9", "assignmentRequested"),
        ("000.10", "idleSessionCount"),
        ("000.11", "maxSessionCount"),
    ] {
        let answer = run.agent("requestAssignment", without(&right, name)).await;
        run.see(id, answer.refuses(400, "BAD_REQUEST"));
    }
    let mut refusals = Vec::new();
    for (name, wrong) in [
        ("assignmentRequested", json!("yes")),
        ("idleSessionCount", json!(0.5)),
        ("maxSessionCount", json!(2_147_483_648_i64)),
    ] {
        let answer = run
            .agent("requestAssignment", with(&right, name, wrong))
            .await;
        refusals.push(answer.refuses(400, "BAD_REQUEST"));
    }
    run.see("000.12", all(refusals));
    let answer = run
        .server
        .agent("requestAssignment", UNKNOWN_SESSION, &body)
        .await;
    run.see("000.13", answer.refuses(403, "ACCESS_DENIED"));
    let answer = run
        .server
        .agent_with("requestAssignment", &session, "", &body)
        .await;
    run.see("000.14", answer.has_status(403));
    let answer = run.server.agent("requestAssignment", "", &body).await;
    run.see("000.15", answer.has_status(403));
    let answer = run
        .server
        .unknown_site("agent", "requestAssignment", &session)
        .await;
    run.see("000.16", answer.has_status(404));
    let answer = run.server.wrong_method("agent", "requestAssignment").await;
    run.see("000.17", answer.has_status(405));
}

/// The members without one of them.
pub(crate) fn without(members: &Value, name: &str) -> Value {
    let mut rest = members.clone();
    if let Some(object) = rest.as_object_mut() {
        object.remove(name);
    }
    rest
}

/// The members with another value of one of them.
pub(crate) fn with(members: &Value, name: &str, value: Value) -> Value {
    let mut changed = members.clone();
    if let Some(object) = changed.as_object_mut() {
        object.insert(name.to_owned(), value);
    }
    changed
}
