//! Tests which responses count as answers of the chat server, which as refusals, and how other bodies are classified.
//! The *echo* is the members that most answers have, such as the client id and the service times. A *batch* is an
//! answer to `getMessages`.

use proptest::prelude::*;

use super::fixture;
use crate::UnexpectedBody::{Empty, Html, Other, OtherJson};
use crate::{Response, UnexpectedBody, agent, consumer};

/// Reads a body with status 200 as the response to an operation, whose name is written as `consumer/…` or `agent/…`.
fn read(operation: &str, body: &str) -> Response {
    match operation.split_once('/') {
        Some(("consumer", name)) => consumer::Operation::from_name(name)
            .unwrap()
            .read_response(200, body),
        Some((_, name)) => agent::Operation::from_name(name)
            .unwrap()
            .read_response(200, body),
        None => panic!("{operation}"),
    }
}

fn is_answer(operation: &str, body: &str) -> bool {
    matches!(read(operation, body), Response::Answer(_))
}

/// Bodies that are the answer to no operation.
const ANSWERS_TO_NOTHING: [&str; 11] = [
    "{}",
    "[]",
    "null",
    "true",
    "\"text\"",
    "17",
    r#"{"ok":true}"#,
    "<html>",
    "offline",
    "{",
    OTHER_TYPES,
];

/// Checks that `right` are answers to an operation, and that `wrong` and [`ANSWERS_TO_NOTHING`] are not.
fn check(operation: &str, right: &[&str], wrong: &[&str]) {
    for body in right {
        assert!(is_answer(operation, body), "{operation}: {body}");
    }
    for body in wrong.iter().chain(&ANSWERS_TO_NOTHING) {
        assert!(!is_answer(operation, body), "{operation}: {body}");
    }
}

/// An echo with only a client id.
const ECHO: &str = r#"{"clientId":34}"#;
/// An echo with only a service time.
const TIMES: &str = r#"{"serviceStartTime":"2018-10-16T12:28:46.544Z"}"#;
/// An answer to `requestEngagement`.
const ENGAGEMENT: &str =
    r#"{"clientId":34,"resultType":"SUCCESS","engagementId":34,"sessionId":"a"}"#;
/// A consumer's batch without messages.
const BATCH: &str = r#"{"clientId":34,"systemMessages":[]}"#;
/// An agent's batch with one message.
const AGENT_BATCH: &str = r#"{"clientId":34,"getResponseTypes":[{"ChatGetTimeout":{}}]}"#;
/// Members with the names of the API and values of other types.
const OTHER_TYPES: &str = r#"{"clientId":"a@b.example","serviceStartTime":"today","resultType":1,"systemMessages":{},
    "errorMessages":null,"getResponseTypes":"","queueId":true,"availableAgentSessions":[]}"#;

#[test]
fn each_operation_has_its_own_answer() {
    let failed = r#"{"resultType":"FAIL_HOLIDAY"}"#;
    let start = "consumer/requestEngagement";
    check(start, &[ENGAGEMENT, failed], &[ECHO, BATCH, ""]);
    let batches = [
        BATCH,
        r#"{"systemMessages":[1]}"#,
        r#"{"errorMessages":[{}]}"#,
    ];
    let others = [ECHO, ENGAGEMENT, AGENT_BATCH, ""];
    check("consumer/getMessages", &batches, &others);
    let echoes = [ECHO, TIMES, r#"{"clientId":"34","new":{}}"#];
    let others = [BATCH, ENGAGEMENT, AGENT_BATCH, ""];
    check("consumer/postMessage", &echoes, &others);
    for operation in ["consumer/activity", "consumer/concludeEngagement"] {
        check(operation, &[ECHO, TIMES, "", " \n"], &[BATCH, ENGAGEMENT]);
    }
    let counts = [
        r#"{"totalAvailableAgents":0}"#,
        r#"{"engagementsInQueue":"2"}"#,
    ];
    check(
        "consumer/getQueueStats",
        &counts,
        &[ECHO, r#"{"queueId":1}"#, ""],
    );
    let queues = [
        r#"{"queueId":0}"#,
        r#"{"queueIdString":"9007199254740993"}"#,
    ];
    check("consumer/getEngagementQueue", &queues, &[ECHO, ""]);
    check("agent/getMessages", &[AGENT_BATCH], &[ECHO, BATCH, ""]);
    for operation in agent::Operation::ALL {
        if *operation != agent::Operation::GetMessages {
            let name = format!("agent/{}", operation.name());
            check(&name, &[ECHO, TIMES], &[AGENT_BATCH, ""]);
        }
    }
}

/// The examples of answers in Oracle's API reference. The directories are named after its pages.
#[test]
fn the_answers_of_the_api_reference_are_answers() {
    assert!(is_answer(
        "agent/requestAssignment",
        fixture!("page-000/response.json")
    ));
    assert!(is_answer(
        "consumer/requestEngagement",
        fixture!("page-001/response.json")
    ));
    assert!(is_answer(
        "agent/postMessage",
        fixture!("page-003/response.json")
    ));
    assert!(is_answer(
        "agent/getMessages",
        fixture!("page-004/response.json")
    ));
}

/// The body decides only if the status is from 200 to 299. With any other status, even an echo is a refusal.
#[test]
fn the_body_decides_and_not_the_status() {
    for status in [200, 201, 203, 226] {
        let response = consumer::Operation::PostMessage.read_response(status, ECHO);
        assert!(matches!(response, Response::Answer(_)), "{status}");
    }
    for status in [100, 199, 300, 304, 404, 599, 0, u16::MAX] {
        let response = consumer::Operation::PostMessage.read_response(status, ECHO);
        assert_eq!(response, Response::Refusal { status });
    }
    // A byte order mark and white space around the body are ignored.
    assert!(is_answer(
        "consumer/postMessage",
        "\u{feff} {\"clientId\":1}\r\n"
    ));
}

#[test]
fn each_kind_of_unexpected_body_is_recognized() {
    for (body, kind) in [
        ("", Empty),
        ("\u{feff}\r\n", Empty),
        ("<!doctype html>", Html),
        ("<?xml version=\"1.0\"?>", Html),
        ("\u{feff} <html>", Html),
        ("{\"clientId\":", Other),
        ("offline", Other),
        ("{}", OtherJson),
        ("[{\"clientId\":1}]", OtherJson),
        ("\"<html>\"", OtherJson),
    ] {
        assert_eq!(UnexpectedBody::of(body), kind, "{body:?}");
        let response = consumer::Operation::GetMessages.read_response(200, body);
        assert_eq!(response, Response::Unexpected(kind), "{body:?}");
    }
}

/// The code is in `errorCondition` or in `type`. An error without a known code counts as the status 500.
#[test]
fn an_error_in_the_body_counts_as_the_status_of_its_code() {
    for (error, status) in [
        (r#"{"errorCondition":"ACCESS_DENIED"}"#, 403),
        (r#"{"type":"CONFLICT"}"#, 409),
        (r#"{"errorCondition":"INVALID_FIELD"}"#, 400),
        (r#"{"errorCondition":"BAD_REQUEST"}"#, 400),
        (r#"{"errorCondition":"ENGAGEMENT_ID_UNKNOWN"}"#, 404),
        (r#"{"errorCondition":"UNKNOWN_EXCEPTION"}"#, 500),
        (r#"{"errorCondition":"NEVER_SEEN"}"#, 500),
        ("{}", 500),
        ("\"no\"", 500),
    ] {
        let body = format!(r#"{{"chatSystemError":{error},"clientId":34}}"#);
        let response = consumer::Operation::PostMessage.read_response(200, &body);
        assert_eq!(response, Response::Refusal { status }, "{error}");
    }
    let without_error = r#"{"chatSystemError":null,"clientId":34}"#;
    assert!(is_answer("agent/postMessage", without_error));
}

#[test]
fn members_that_are_not_declared_are_kept() {
    let body = r#"{"clientId":34,"somethingNew":[1]}"#;
    let Response::Answer(answer) = consumer::Operation::PostMessage.read_response(200, body) else {
        panic!("no answer");
    };
    assert!(answer.0.contains_key("somethingNew"));
}

proptest! {
    /// The bodies are printable characters, or characters of which JSON consists.
    #[test]
    fn no_text_that_is_not_an_object_is_an_answer(status in 200_u16..300, body in "\\PC{0,40}|[\\[\\]{}:,\"a0 ]{0,20}") {
        let is_object = serde_json::from_str::<serde_json::Value>(&body).is_ok_and(|it| it.is_object());
        let response = consumer::Operation::PostMessage.read_response(status, &body);
        prop_assert!(is_object || matches!(response, Response::Unexpected(_)), "{response:?}");
    }
}
