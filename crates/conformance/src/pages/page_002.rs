//! PAGE 002: the agent's operation `concludeChat`.

use serde_json::json;

use crate::answer::{Form, all};
use crate::run::{Run, arrived};
use crate::server::UNKNOWN_SESSION;
use crate::statement::{Statement, statement};

pub(crate) const STATEMENTS: &[Statement] = &[
    statement("002.1", "The request completes successfully", "200"),
    statement(
        "002.2",
        "The answer is JSON in UTF-8",
        "application/json;charset=utf-8",
    ),
    statement(
        "002.3",
        "The result names the engagement, sent twice",
        "chatConcludeEngagementResult.engagementId and its text agree",
    ),
    statement(
        "002.4",
        "There is no error on success",
        "chatSystemError is null",
    ),
    statement(
        "002.5",
        "The three times are numbers",
        "clientSendTime, serviceStartTime and serviceFinishTime are int64",
    ),
    statement(
        "002.6",
        "The answer has a session id",
        "sessionId is a text",
    ),
    statement(
        "002.7",
        "The client id is sent twice",
        "clientId and clientIdString agree",
    ),
    statement(
        "002.8",
        "The sequence number is echoed twice",
        "sequenceNumber and sequenceNumberString are that of the request",
    ),
    statement(
        "002.9",
        "A request without engagementId is invalid",
        "400 BAD_REQUEST",
    ),
    statement(
        "002.10",
        "A member of a wrong type is invalid",
        "400 BAD_REQUEST",
    ),
    statement(
        "002.11",
        "The agent session identifier is unknown",
        "403 ACCESS_DENIED",
    ),
    statement(
        "002.12",
        "The resource was not found",
        "404 for a site that does not exist",
    ),
    statement(
        "002.13",
        "The engagement is concluded",
        "the visitor gets RNEngagementConcludedMessage with AGENT_CONCLUDED",
    ),
    statement(
        "002.14",
        "The agent may enter wrap-up",
        "the agent can still release the engagement",
    ),
];

pub(crate) async fn check(run: &mut Run) {
    let session = run.agent.session.clone();
    let answer = run.agent("concludeChat", json!({})).await;
    run.see("002.9", answer.refuses(400, "BAD_REQUEST"));
    let mut refusals = Vec::new();
    for wrong in [json!("abc"), json!(1.5), json!(true)] {
        let answer = run
            .agent("concludeChat", json!({ "engagementId": wrong }))
            .await;
        refusals.push(answer.refuses(400, "BAD_REQUEST"));
    }
    run.see("002.10", all(refusals));
    let members = json!({ "engagementId": run.engagement(0) });
    let body = run.numbered(members);
    let answer = run
        .server
        .agent("concludeChat", UNKNOWN_SESSION, &body)
        .await;
    run.see("002.11", answer.refuses(403, "ACCESS_DENIED"));
    let answer = run
        .server
        .unknown_site("agent", "concludeChat", &session)
        .await;
    run.see("002.12", answer.has_status(404));

    let answer = run.server.agent("concludeChat", &session, &body).await;
    run.agent.to_release.push(0);
    run.see("002.1", answer.succeeds());
    run.see("002.2", answer.is_json_utf8());
    run.see(
        "002.3",
        answer.twin_is(
            "chatConcludeEngagementResult.engagementId",
            run.engagement(0),
        ),
    );
    run.see("002.4", answer.member("chatSystemError", Form::Null));
    let times = ["clientSendTime", "serviceStartTime", "serviceFinishTime"];
    run.see("002.5", answer.members(&times, Form::Int64));
    run.see("002.6", answer.member("sessionId", Form::Text));
    run.see("002.7", answer.twin("clientId"));
    let number = body["sequenceNumber"].as_i64().unwrap_or_default();
    run.see("002.8", answer.twin_is("sequenceNumber", number));
    let concluded = run
        .visitor_message(0, "RNEngagementConcludedMessage", |message| {
            message["reason"] == "AGENT_CONCLUDED"
        })
        .await;
    run.see("002.13", arrived(concluded.as_ref()));
    if let Some(visitor) = run.visitors.get_mut(0) {
        visitor.is_open = concluded.is_none();
    }
    // A message after the conclusion is PAGE 003's CONFLICT.
    super::page_003::check_conflict(run).await;
    let members = json!({ "engagementId": run.engagement(0) });
    let released = run.agent("releaseChat", members).await;
    run.see("002.14", released.succeeds());
    run.see("F.25", released.succeeds());
    run.agent.to_release.retain(|index| *index != 0);
}
