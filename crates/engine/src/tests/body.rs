//! Answers and messages of the server, and a session of the page, as text for the tests of the engine. These texts are
//! written by hand. They are not made with the types that read them, because a mistake in a type could then stay
//! hidden.
//!
//! PAGE nnn: documented on that page of Oracle's API reference.

use serde_json::{Value, json};

use crate::Outcome;

/// The server's answer to `requestEngagement`: the documented members, in the documented order and form (PAGE 001).
/// The visitor's client id is 34, and the surveys are 7 (cancelled) and 8 (completed). The number
/// `engagementId` differs from the text `engagementIdString`, because JavaScript cannot represent the number exactly.
pub(super) const ENGAGEMENT: &str = r#"{"cancelledSurveyAuth":"ca/ncel=","cancelledSurveyId":7,
    "cancelledSurveyIdString":"7","clientId":34,"clientIdString":"34","clientRequestTime":null,
    "clientTransactionId":0,"clientTransactionIdString":"0","completedSurveyAuth":"com plete",
    "completedSurveyId":8,"completedSurveyIdString":"8","engagementId":9007199254740992,
    "engagementIdString":"9007199254740993","resultType":"SUCCESS",
    "serviceFinishTime":"2018-10-16T12:28:46.688Z","serviceStartTime":"2018-10-16T12:28:46.544Z",
    "sessionId":"192hyto5qomm8r8rpzzmuzsa6","sneakPreviewInterval":3000,
    "sneakPreviewState":"ENABLED"}"#;

/// The server's answer to `postMessage`, `activity` and `concludeEngagement`: the echo of the request.
pub(super) const ECHO: &str = r#"{"clientId":34,"clientIdString":"34","clientRequestTime":null,
    "clientTransactionId":0,"serviceStartTime":"2018-10-16T12:28:46.544Z"}"#;

/// A session: the token and the address of a chat server, as the web page that embeds the chat supplies them.
pub(super) const SESSION: &str = r#"{"siteName":"pipit_demo","channelToken":"header.payload.signature",
    "sessionServerResponse":"{\"domain\":\"chat.example\",\"pool\":\"297:1\"}"}"#;

/// The message that the agent Ana has joined as the lead (the agent who is responsible for the chat). Her client id is
/// 35.
pub(super) const ANA: &str = r#"{"messageName":"RNEngagementParticipantAddedMessage","name":"Ana",
    "greeting":"","role":"LEAD","clientId":35,"clientIdString":"35","accountId":12,
    "createdTime":"2018-10-16T12:29:00.000Z","sequenceNumber":2,"sequenceNumberString":"2"}"#;

/// [`ENGAGEMENT`] with other values for these members.
pub(super) fn engagement(other_members: &Value) -> String {
    with_members(ENGAGEMENT, other_members)
}

/// [`ANA`] with other values for these members: the message that another agent has joined.
pub(super) fn agent_joined(other_members: &Value) -> String {
    with_members(ANA, other_members)
}

/// A JSON object with other values for these members.
fn with_members(object: &str, other_members: &Value) -> String {
    let mut changed: Value = serde_json::from_str(object).unwrap();
    for (name, value) in other_members.as_object().unwrap() {
        changed[name] = value.clone();
    }
    changed.to_string()
}

/// A message that Ana has written on 2018-10-16 at 12:29:00 UTC, with this sequence number.
pub(super) fn posted(sequence: i64, body: &str) -> String {
    json!({"messageName": "RNEngagementMessagePostedMessage", "body": body, "clientId": 35,
        "createdTime": 1_539_692_940_000_i64, "sequenceNumber": sequence})
    .to_string()
}

/// The message that the engagement (the chat at the server) has ended for this reason. It has no sequence number.
pub(super) fn concluded(reason: &str) -> String {
    format!(
        r#"{{"messageName":"RNEngagementConcludedMessage","reason":"{reason}","role":"LEAD",
            "createdTime":"2018-10-16T12:40:00.000Z"}}"#
    )
}

/// A message with the activity of an agent, or with new settings of the sneak preview (text that the agent
/// sees while the visitor still types it).
pub(super) fn activity_changed(members: &Value) -> String {
    let mut message = members.clone();
    message["messageName"] = "RNEngagementActivityChangedMessage".into();
    message.to_string()
}

/// The outcome of a request that was answered without the header `Retry-After`.
pub(super) fn answered(status: u16, body: &str) -> Outcome {
    Outcome::Answered {
        status,
        retry_after: None,
        body: body.to_owned(),
    }
}

/// The outcome of a request that was answered with the header `Retry-After`, which demands a pause of this time.
pub(super) fn answered_with_retry_after(status: u16, retry_after_ms: u64) -> Outcome {
    Outcome::Answered {
        status,
        retry_after: Some(retry_after_ms),
        body: String::new(),
    }
}
