//! PAGE 001: the consumer's operation `requestEngagement`.

use std::collections::VecDeque;

use serde_json::{Value, json};

use crate::answer::{Answer, Form, Seen, all};
use crate::run::{Run, Visitor};
use crate::statement::{Statement, statement};

pub(crate) const STATEMENTS: &[Statement] = &[
    statement(
        "001.1",
        "The chat session is created, with a body of {}",
        "200",
    ),
    statement(
        "001.2",
        "The answer is JSON in UTF-8",
        "application/json;charset=utf-8",
    ),
    statement(
        "001.3",
        "The engagement id is sent twice",
        "engagementId and engagementIdString agree",
    ),
    statement(
        "001.4",
        "The client id is sent twice",
        "clientId and clientIdString agree",
    ),
    statement(
        "001.5",
        "The type of the result is SUCCESS",
        "resultType is SUCCESS",
    ),
    statement(
        "001.6",
        "The answer has a session id",
        "sessionId is a text",
    ),
    statement(
        "001.7",
        "The sneak preview state is one of five",
        "NONE, ENABLED, DISABLED, SITE_UNAVAILABLE or SERVICE_UNAVAILABLE",
    ),
    statement(
        "001.8",
        "The sneak preview interval is a number of milliseconds",
        "sneakPreviewInterval is int32, not below 0",
    ),
    statement(
        "001.9",
        "The two service times are texts of ISO 8601, and do not run backwards",
        "serviceStartTime is not after serviceFinishTime",
    ),
    statement(
        "001.10",
        "The survey of a cancelled chat has an id, sent twice, and an authentication parameter",
        "cancelledSurveyId, cancelledSurveyIdString, and the text cancelledSurveyAuth",
    ),
    statement(
        "001.11",
        "The survey of a completed chat has an id, sent twice, and an authentication parameter",
        "completedSurveyId, completedSurveyIdString, and the text completedSurveyAuth",
    ),
    statement(
        "001.12",
        "A survey needs both its id and its parameter",
        "the parameter is empty exactly if the id is 0",
    ),
    statement(
        "001.13",
        "Without a transaction id the echo is 0, and without a time null",
        "clientTransactionId 0, clientRequestTime null",
    ),
    statement(
        "001.14",
        "The transaction id is echoed, as a number and as a text",
        "clientTransactionId and clientTransactionIdString are that of the request",
    ),
    statement(
        "001.15",
        "The client's time is echoed",
        "clientRequestTime is that of the request",
    ),
    statement("001.16", "The header Authorization is required", "403"),
    statement("001.17", "The token must be valid", "403"),
    statement("001.18", "The header must have the prefix Bearer", "403"),
    statement(
        "001.19",
        "The validation of the request object failed",
        "400 for a body that is no JSON, and for a transaction id of a wrong type",
    ),
    statement(
        "001.20",
        "The resource was not found",
        "404 for a site that does not exist",
    ),
    statement("001.21", "The operation is a POST", "405 for PUT"),
];

const PREVIEW_STATES: &[&str] = &[
    "NONE",
    "ENABLED",
    "DISABLED",
    "SITE_UNAVAILABLE",
    "SERVICE_UNAVAILABLE",
];

pub(crate) async fn check(run: &mut Run) {
    let token = run.server.establish_session().await.text("channelToken");
    let bearer = format!("Bearer {token}");
    let answer = run.server.request_engagement("", "{}").await;
    run.see("001.16", answer.has_status(403));
    let answer = run
        .server
        .request_engagement("Bearer not.a.token", "{}")
        .await;
    run.see("001.17", answer.has_status(403));
    let answer = run.server.request_engagement(&token, "{}").await;
    run.see("001.18", answer.has_status(403));
    let mut refusals = Vec::new();
    for wrong in [
        "{",
        "[]",
        r#"{"clientTransactionId":"abc"}"#,
        r#"{"clientTransactionId":1.5}"#,
    ] {
        refusals.push(
            run.server
                .request_engagement(&bearer, wrong)
                .await
                .has_status(400),
        );
    }
    run.see("001.19", all(refusals));
    let answer = run
        .server
        .unknown_site("consumer", "requestEngagement", "")
        .await;
    run.see("001.20", answer.has_status(404));
    let answer = run
        .server
        .wrong_method("consumer", "requestEngagement")
        .await;
    run.see("001.21", answer.has_status(405));

    let answer = run.server.request_engagement(&bearer, "{}").await;
    check_members(run, &answer);
    begin(run, &answer);

    let token = run.server.establish_session().await.text("channelToken");
    let time = "2026-01-02T03:04:05+01:00";
    let body = json!({"clientTransactionId": 77, "clientRequestTime": time});
    let bearer = format!("Bearer {token}");
    let answer = run
        .server
        .request_engagement(&bearer, &body.to_string())
        .await;
    run.see("001.14", answer.twin_is("clientTransactionId", 77));
    let echoed = answer.member("clientRequestTime", Form::Text);
    let is_echoed = answer.text("clientRequestTime") == time;
    run.see(
        "001.15",
        if is_echoed {
            echoed
        } else {
            echoed.and_then(Err)
        },
    );
    begin(run, &answer);
}

fn check_members(run: &mut Run, answer: &Answer) {
    run.see("001.1", answer.succeeds());
    run.see("001.2", answer.is_json_utf8());
    run.see("001.3", answer.twin("engagementId"));
    run.see("001.4", answer.twin("clientId"));
    run.see(
        "001.5",
        answer.member("resultType", Form::OneOf(&["SUCCESS"])),
    );
    run.see("001.6", answer.member("sessionId", Form::Text));
    run.see(
        "001.7",
        answer.member("sneakPreviewState", Form::OneOf(PREVIEW_STATES)),
    );
    let interval = answer.json["sneakPreviewInterval"].as_i64();
    let seen = answer.member("sneakPreviewInterval", Form::Int32);
    let is_right = interval.is_some_and(|interval| interval >= 0);
    run.see("001.8", if is_right { seen } else { seen.and_then(Err) });
    let times = ["serviceStartTime", "serviceFinishTime"];
    let seen = answer.members(&times, Form::IsoTime);
    let in_order = answer.text("serviceStartTime") <= answer.text("serviceFinishTime");
    run.see("001.9", if in_order { seen } else { seen.and_then(Err) });
    for (id, survey) in [("001.10", "cancelledSurvey"), ("001.11", "completedSurvey")] {
        let auth = answer.member(&format!("{survey}Auth"), Form::Text);
        run.see(id, all([answer.twin(&format!("{survey}Id")), auth]));
    }
    let surveys = ["cancelledSurvey", "completedSurvey"];
    run.see(
        "001.12",
        all(surveys.map(|survey| is_whole(answer, survey))),
    );
    let transaction = answer.twin_is("clientTransactionId", 0);
    run.see(
        "001.13",
        all([transaction, answer.member("clientRequestTime", Form::Null)]),
    );
}

/// Whether a survey has both an id and a parameter, or neither.
fn is_whole(answer: &Answer, survey: &str) -> Seen {
    let has_id = answer.json[format!("{survey}Id")] != json!(0);
    let has_auth = !answer.text(&format!("{survey}Auth")).is_empty();
    let seen = format!(
        "{survey}: id {}, parameter {}",
        there(has_id),
        there(has_auth)
    );
    if has_id == has_auth {
        Ok(seen)
    } else {
        Err(seen)
    }
}

fn there(is_there: bool) -> &'static str {
    if is_there { "set" } else { "not set" }
}

/// Keeps the visitor, if the engagement has begun.
fn begin(run: &mut Run, answer: &Answer) {
    let engagement = answer.json["engagementId"].as_i64();
    let session = answer.text("sessionId");
    if let (Some(engagement), Value::String(_)) = (engagement, &answer.json["sessionId"]) {
        run.visitors.push(Visitor {
            session,
            engagement,
            is_open: true,
            messages: VecDeque::new(),
        });
    }
}
