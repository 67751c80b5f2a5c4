//! The server's answers as text: written by hand, and not with the types that read them.

use serde_json::{Value, json};

use crate::Outcome;

/// The answer of `requestEngagement`, in the order and form of PAGE 001.
pub(super) const ENGAGEMENT: &str = r#"{"cancelledSurveyAuth":"ca/ncel=","cancelledSurveyId":7,
    "cancelledSurveyIdString":"7","clientId":34,"clientIdString":"34","clientRequestTime":null,
    "clientTransactionId":0,"clientTransactionIdString":"0","completedSurveyAuth":"com plete",
    "completedSurveyId":8,"completedSurveyIdString":"8","engagementId":9007199254740992,
    "engagementIdString":"9007199254740993","resultType":"SUCCESS",
    "serviceFinishTime":"2018-10-16T12:28:46.688Z","serviceStartTime":"2018-10-16T12:28:46.544Z",
    "sessionId":"192hyto5qomm8r8rpzzmuzsa6","sneakPreviewInterval":3000,
    "sneakPreviewState":"ENABLED"}"#;

pub(super) const SESSION: &str = r#"{"siteName":"pipit_demo","channelToken":"header.payload.signature",
    "sessionServerResponse":"{\"domain\":\"chat.example\",\"pool\":\"297:1\"}"}"#;

pub(super) const ANA: &str = r#"{"messageName":"RNEngagementParticipantAddedMessage","name":"Ana",
    "greeting":"","role":"LEAD","clientId":35,"clientIdString":"35","accountId":12,
    "createdTime":"2018-10-16T12:29:00.000Z","sequenceNumber":2,"sequenceNumberString":"2"}"#;

/// [`ENGAGEMENT`] with other values for these members.
pub(super) fn engagement(other: &Value) -> String {
    let mut answer: Value = serde_json::from_str(ENGAGEMENT).unwrap();
    for (name, value) in other.as_object().unwrap() {
        answer[name] = value.clone();
    }
    answer.to_string()
}

/// A message of Ana.
pub(super) fn posted(sequence: i64, body: &str) -> String {
    json!({"messageName": "RNEngagementMessagePostedMessage", "body": body, "clientId": 35,
        "createdTime": 1_539_692_940_000_i64, "sequenceNumber": sequence})
    .to_string()
}

pub(super) fn concluded(reason: &str) -> String {
    format!(
        r#"{{"messageName":"RNEngagementConcludedMessage","reason":"{reason}","role":"LEAD",
            "createdTime":"2018-10-16T12:40:00.000Z"}}"#
    )
}

pub(super) fn activity_changed(members: &Value) -> String {
    let mut message = members.clone();
    message["messageName"] = "RNEngagementActivityChangedMessage".into();
    message.to_string()
}

pub(super) fn answered(status: u16, body: &str) -> Outcome {
    Outcome::Answered {
        status,
        retry_after: None,
        body: body.to_owned(),
    }
}

pub(super) fn retry_after(status: u16, retry_after: u64) -> Outcome {
    Outcome::Answered {
        status,
        retry_after: Some(retry_after),
        body: String::new(),
    }
}
