//! Tests of reading JSON that the documentation does not describe. Unknown members, optional members that are
//! `null` or of another type, white space and empty bodies are tolerated. A required member that is missing, `null` or
//! of another type is an error. Bodies that are not objects are errors, too. Deep nesting is an error in requests; what
//! comes from a server is read without the members that are too deep.

// The macro `json!` gets another name, because the function `json` of these tests parses a text.
use serde_json::json as object;

use super::{json, read};
use crate::agent::{AgentResponse, PostMessageResponse};
use crate::consumer::{ClientRequest, PostMessageRequest, RequestEngagementResponse};
use crate::session::Session;
use crate::{Fields, ReadError, Refusal, WireObject};

#[test]
fn unknown_members_are_kept_and_written_back() {
    let text = r#"{
        "chatPostResult":{"clientReset":"0","hint":{"deep":[1,null,"x"]}},
        "chatSystemError":null,
        "agentSessionType":"AUTOMATED",
        "big":9007199254740993,
        "nothing":null
    }"#;
    let response: PostMessageResponse = read(text);
    assert_eq!(response.unknown.0["agentSessionType"], "AUTOMATED");
    assert_eq!(response.unknown.0["big"], 9_007_199_254_740_993_i64);
    let result = response.chat_post_result.clone().unwrap();
    assert_eq!(result.unknown.0["hint"], json(r#"{"deep":[1,null,"x"]}"#));
    assert_eq!(response.to_value(), json(text));
}

/// One of Oracle's samples sends `clientRequestTime` as a number, although the documentation demands a text.
#[test]
fn members_of_another_type_are_kept_and_written_back() {
    for text in [
        r#"{"clientRequestTime":1621872165581}"#,
        r#"{"clientTransactionId":"a17"}"#,
        r#"{"clientTransactionId":1.5}"#,
    ] {
        let request: ClientRequest = read(text);
        assert_eq!(request.client_request_time, None);
        assert_eq!(request.client_transaction_id, None);
        assert_eq!(request.to_value(), json(text));
    }
    let text = r#"{"chatSystemError":"none"}"#;
    let response: AgentResponse = read(text);
    assert_eq!(response.echo.chat_system_error, None);
    assert_eq!(response.to_value(), json(text));
}

#[test]
fn null_counts_as_absent() {
    let answer: RequestEngagementResponse = read(
        r#"{"resultType":"SUCCESS","engagementId":null,"sessionId":null,
            "cancelledSurveyId":null,"cancelledSurveyAuth":null,"clientTransactionId":null}"#,
    );
    assert_eq!(answer.engagement_id, None);
    assert_eq!(answer.session_id, None);
    assert_eq!(answer.cancelled_survey_id.0, 0);
    assert_eq!(answer.cancelled_survey_auth, "");
    assert_eq!(answer.echo.client_transaction_id, 0);
    assert_eq!(answer.unknown, Fields::default());
}

#[test]
fn the_error_names_the_missing_member() {
    for text in [
        "{}",
        // An empty body is read as an empty object, which has no member `body`.
        "",
        r#"{"body":null}"#,
        r#"{"body":1}"#,
        r#"{"Body":"x"}"#,
    ] {
        assert_eq!(
            PostMessageRequest::from_json(text),
            Err(ReadError::Missing("body")),
            "{text}"
        );
    }
    assert_eq!(
        ReadError::Missing("body").to_string(),
        r#"the member "body" is missing or of a wrong type"#
    );
}

#[test]
fn bodies_that_are_not_objects_are_errors() {
    for (text, error) in [
        ("null", ReadError::NotAnObject),
        ("[]", ReadError::NotAnObject),
        ("\"{}\"", ReadError::NotAnObject),
        ("{", ReadError::NotJson),
        ("{} {}", ReadError::NotJson),
        ("<html>", ReadError::NotJson),
    ] {
        assert_eq!(ClientRequest::from_json(text), Err(error), "{text}");
    }
}

#[test]
fn white_space_and_a_byte_order_mark_are_ignored() {
    for text in ["\u{feff}{}", " \r\n{}\n ", "\u{feff}", " "] {
        assert_eq!(
            ClientRequest::from_json(text),
            Ok(ClientRequest::default()),
            "{text:?}"
        );
    }
}

#[test]
fn deep_nesting_causes_no_crash() {
    // `serde_json` refuses more than 127 levels.
    let depth = 10_000;
    let deep_list = "[".repeat(depth) + &"]".repeat(depth);
    let deep_object = r#"{"a":"#.repeat(depth) + "1" + &"}".repeat(depth);
    let deep_member = format!(r#"{{"jwt":"j","resultType":"SUCCESS","extra":{deep_list}}}"#);
    for text in [&deep_list, &deep_object, &deep_member, &"[".repeat(depth)] {
        let answer = RequestEngagementResponse::from_json(text);
        assert_eq!(answer, Err(ReadError::NotJson));
        assert_eq!(Fields::from_json(text), Err(ReadError::NotJson));
        // A refusal can always be read. If its body is not readable, the refusal has no text.
        assert_eq!(Refusal::read(500, text).error.text, None);
    }
    assert_eq!(Session::from_json(&deep_list), Err(ReadError::NotJson));
    assert_eq!(
        Session::from_json(&deep_object),
        Err(ReadError::Missing("jwt"))
    );
    let session = Session::from_json(&deep_member).unwrap();
    assert_eq!(session.jwt.reveal(), "j");
    let session = object!({"channelToken": "j", "sessionServerResponse": deep_list});
    assert_eq!(Session::read(&session), Err(ReadError::NotJson));
}
