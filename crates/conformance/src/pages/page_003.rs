//! PAGE 003: the agent's operation `postMessage`.

use serde_json::{Value, json};

use super::page_000::{with, without};
use crate::answer::{Form, Seen, all};
use crate::run::{Run, arrived};
use crate::server::UNKNOWN_SESSION;
use crate::statement::{Statement, statement};

pub(crate) const STATEMENTS: &[Statement] = &[
    statement("003.1", "The request completes successfully", "200"),
    statement(
        "003.2",
        "The answer is JSON in UTF-8",
        "application/json;charset=utf-8",
    ),
    statement(
        "003.3",
        "The result has the indicator clientReset",
        "chatPostResult.clientReset is int32, or a text with its digits",
    ),
    statement(
        "003.4",
        "There is no error on success",
        "chatSystemError is null",
    ),
    statement(
        "003.5",
        "The three times are numbers",
        "clientSendTime, serviceStartTime and serviceFinishTime are int64",
    ),
    statement(
        "003.6",
        "The answer has a session id",
        "sessionId is a text",
    ),
    statement(
        "003.7",
        "The client id is sent twice",
        "clientId and clientIdString agree",
    ),
    statement(
        "003.8",
        "The sequence number is echoed twice",
        "sequenceNumber and sequenceNumberString are that of the request",
    ),
    statement("003.9", "The member body is required", "400 INVALID_FIELD"),
    statement(
        "003.10",
        "The member destinationId is required",
        "400 INVALID_FIELD",
    ),
    statement(
        "003.11",
        "The member destinationType is required",
        "400 INVALID_FIELD",
    ),
    statement(
        "003.12",
        "The member messageType is required",
        "400 INVALID_FIELD",
    ),
    statement(
        "003.13",
        "The destination type is one of 18",
        "400 INVALID_FIELD for another",
    ),
    statement(
        "003.14",
        "The message type is TEXT",
        "400 INVALID_FIELD for another",
    ),
    statement(
        "003.15",
        "The visibility is NONE, ALL or NOT_ENDUSER",
        "400 INVALID_FIELD for another, and for a number",
    ),
    statement(
        "003.16",
        "The member richText is a flag",
        "400 INVALID_FIELD for a text",
    ),
    statement(
        "003.17",
        "The data map has texts",
        "400 INVALID_FIELD for a list, and for a number in it",
    ),
    statement(
        "003.18",
        "The message id is a text",
        "400 INVALID_FIELD for a number",
    ),
    statement(
        "003.19",
        "The sequence number and the time are int64",
        "400 INVALID_FIELD for a text, a fraction, and 2^63",
    ),
    statement(
        "003.20",
        "The agent session identifier is unknown",
        "403 ACCESS_DENIED",
    ),
    statement("003.21", "The header X-AID is required", "403"),
    statement(
        "003.22",
        "The resource was not found",
        "404 for a site that does not exist",
    ),
    statement(
        "003.23",
        "The message is sent to the end user",
        "the visitor gets its text",
    ),
    statement(
        "003.24",
        "A rich text is marked",
        "the visitor's message has richText true",
    ),
    statement(
        "003.25",
        "The data map and the message id belong to the message",
        "the visitor's message has both",
    ),
    statement(
        "003.26",
        "NOT_ENDUSER is not visible to the end user",
        "the visitor gets the message after it, and not this one",
    ),
    statement(
        "003.27",
        "The optional members may be null or absent",
        "200",
    ),
    statement(
        "003.28",
        "CONFLICT: the lead participant has left the engagement",
        "CONFLICT, with any status",
    ),
];

pub(crate) async fn check(run: &mut Run) {
    let right = json!({
        "body": "One <b>moment</b>, please.", "destinationId": run.engagement(0),
        "destinationType": "ENGAGEMENT", "messageType": "TEXT", "visibility": "ALL",
        "messageDataMap": {"shelf": "7"}, "messageId": "conformance-1", "richText": true,
    });
    check_refusals(run, &right).await;
    let session = run.agent.session.clone();
    let body = run.numbered(right.clone());
    let answer = run
        .server
        .agent("postMessage", UNKNOWN_SESSION, &body)
        .await;
    run.see("003.20", answer.refuses(403, "ACCESS_DENIED"));
    let answer = run
        .server
        .agent_with("postMessage", &session, "", &body)
        .await;
    run.see("003.21", answer.has_status(403));
    let answer = run
        .server
        .unknown_site("agent", "postMessage", &session)
        .await;
    run.see("003.22", answer.has_status(404));

    let answer = run.server.agent("postMessage", &session, &body).await;
    run.see("003.1", answer.succeeds());
    run.see("003.2", answer.is_json_utf8());
    run.see(
        "003.3",
        answer.member("chatPostResult.clientReset", Form::Int32OrDigits),
    );
    run.see("003.4", answer.member("chatSystemError", Form::Null));
    let times = ["clientSendTime", "serviceStartTime", "serviceFinishTime"];
    run.see("003.5", answer.members(&times, Form::Int64));
    run.see("003.6", answer.member("sessionId", Form::Text));
    run.see("003.7", answer.twin("clientId"));
    let number = body["sequenceNumber"].as_i64().unwrap_or_default();
    run.see("003.8", answer.twin_is("sequenceNumber", number));
    let message = posted(run, "One <b>moment</b>, please.").await;
    run.see("003.23", arrived(message.as_ref()));
    let message = message.unwrap_or_default();
    run.see("003.24", is(&message, "richText", &json!(true)));
    let data = is(&message, "messageDataMap", &json!({"shelf": "7"}));
    run.see(
        "003.25",
        all([data, is(&message, "messageId", &json!("conformance-1"))]),
    );
    check_visibility(run, &right).await;
}

async fn check_refusals(run: &mut Run, right: &Value) {
    for (id, name) in [
        ("003.9", "body"),
        ("003.10", "destinationId"),
        ("003.11", "destinationType"),
        ("003.12", "messageType"),
    ] {
        let answer = run.agent("postMessage", without(right, name)).await;
        run.see(id, answer.refuses(400, "INVALID_FIELD"));
    }
    for (id, name, wrong) in [
        ("003.13", "destinationType", json!("CAT")),
        ("003.14", "messageType", json!("IMAGE")),
        ("003.15", "visibility", json!("SOME")),
        ("003.15", "visibility", json!(1)),
        ("003.16", "richText", json!("yes")),
        ("003.17", "messageDataMap", json!([1])),
        ("003.17", "messageDataMap", json!({"n": 1})),
        ("003.18", "messageId", json!(7)),
    ] {
        let answer = run.agent("postMessage", with(right, name, wrong)).await;
        run.see(id, answer.refuses(400, "INVALID_FIELD"));
    }
    for name in ["sequenceNumber", "timeCreated"] {
        for wrong in [
            json!("seven"),
            json!(1.5),
            json!(9_223_372_036_854_775_808_u64),
        ] {
            let body = with(&run.numbered(right.clone()), name, wrong);
            let session = run.agent.session.clone();
            let answer = run.server.agent("postMessage", &session, &body).await;
            run.see("003.19", answer.refuses(400, "INVALID_FIELD"));
        }
    }
}

async fn check_visibility(run: &mut Run, right: &Value) {
    let hidden = with(right, "body", json!("For colleagues only."));
    let hidden = with(&hidden, "visibility", json!("NOT_ENDUSER"));
    run.agent("postMessage", hidden).await;
    let plain = json!({
        "body": "Thank you for waiting.", "destinationId": run.engagement(0),
        "destinationType": "ENGAGEMENT", "messageType": "TEXT", "messageDataMap": null,
        "richText": null,
    });
    let answer = run.agent("postMessage", plain).await;
    run.see("003.27", answer.succeeds());
    let later = posted(run, "Thank you for waiting.").await;
    let messages = run.visitors.first().map(|visitor| &visitor.messages);
    let is_shown = messages
        .into_iter()
        .flatten()
        .any(|message| message["body"] == "For colleagues only.");
    run.see(
        "003.26",
        match (later, is_shown) {
            (None, _) => Err("the message after it did not arrive".to_owned()),
            (_, true) => Err("the visitor gets it".to_owned()),
            (_, false) => Ok("the visitor does not get it".to_owned()),
        },
    );
}

/// Checks that a message after the end of the engagement is a conflict.
pub(crate) async fn check_conflict(run: &mut Run) {
    let late = json!({
        "body": "Too late.", "destinationId": run.engagement(0), "destinationType": "ENGAGEMENT",
        "messageType": "TEXT",
    });
    let answer = run.agent("postMessage", late).await;
    run.see("003.28", answer.refuses(answer.status, "CONFLICT"));
}

/// Waits for a text to the visitor.
async fn posted(run: &mut Run, body: &str) -> Option<Value> {
    run.visitor_message(0, "RNEngagementMessagePostedMessage", |message| {
        message["body"] == body
    })
    .await
}

/// Whether a member has this value.
fn is(message: &Value, name: &str, value: &Value) -> Seen {
    let seen = format!("{name}: {}", message[name]);
    if message[name] == *value {
        Ok(seen)
    } else {
        Err(seen)
    }
}
