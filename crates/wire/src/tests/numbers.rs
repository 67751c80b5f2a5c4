//! Tests of numbers: int64 values, numbers as texts, and *twins*, which the API prints both as a number and as a text.

use super::{json, read};
use crate::agent::{ChatPostResult, ClientReset, EngagementRequest, RequestAssignmentRequest};
use crate::consumer::{RequestEngagementResponse, WaitInformationChanged};
use crate::session::SessionServer;
use crate::{EngagementId, WireObject};

/// A response to `requestEngagement` with these members.
fn response_with(members: &str) -> RequestEngagementResponse {
    read(&format!(r#"{{"resultType":"SUCCESS",{members}}}"#))
}

#[test]
fn an_int64_is_exact_as_a_number_and_as_a_text() {
    // The first id, 2^53 + 1, is the smallest positive integer that a JavaScript number cannot represent.
    for id in [(1 << 53) + 1, i64::MAX, i64::MIN, 0, -1] {
        for members in [
            format!(r#""engagementId":{id}"#),
            format!(r#""engagementIdString":"{id}""#),
            format!(r#""engagementId":{id},"engagementIdString":"{id}""#),
        ] {
            let response = response_with(&members);
            assert_eq!(response.engagement_id, Some(EngagementId(id)), "{members}");
            let text = response.to_json();
            assert!(text.contains(&format!(r#""engagementId":{id},"#)), "{text}");
            assert!(
                text.contains(&format!(r#""engagementIdString":"{id}""#)),
                "{text}"
            );
        }
    }
}

#[test]
fn an_int64_of_a_request_is_written_as_a_json_integer() {
    // 2^53 + 1, as a text.
    let request: EngagementRequest = read(r#"{"engagementId":"9007199254740993"}"#);
    assert_eq!(request.to_json(), r#"{"engagementId":9007199254740993}"#);
}

/// A number that went through JavaScript may have been rounded: 9007199254740993, which is 2^53 + 1, becomes
/// 9007199254740992.
#[test]
fn a_twins_text_is_preferred_to_its_number() {
    let response =
        response_with(r#""engagementId":9007199254740992,"engagementIdString":"9007199254740993""#);
    assert_eq!(
        response.engagement_id,
        Some(EngagementId(9_007_199_254_740_993))
    );
}

#[test]
fn one_readable_form_of_a_twin_is_enough() {
    for members in [
        r#""engagementId":34,"engagementIdString":null"#,
        r#""engagementId":34,"engagementIdString":"""#,
        r#""engagementId":34,"engagementIdString":"thirty-four""#,
        r#""engagementId":null,"engagementIdString":"34""#,
        r#""engagementId":{},"engagementIdString":"34""#,
        r#""engagementId":34.5,"engagementIdString":"34""#,
        r#""engagementId":99999999999999999999,"engagementIdString":"34""#,
        r#""engagementId":"34""#,
    ] {
        let response = response_with(members);
        assert_eq!(response.engagement_id, Some(EngagementId(34)), "{members}");
        let written = response.to_value();
        assert_eq!(written["engagementId"], 34, "{members}");
        assert_eq!(written["engagementIdString"], "34", "{members}");
    }
}

/// JavaScript, and many servers, do not distinguish `5` and `5.0`.
#[test]
fn a_whole_number_can_have_a_fraction_or_an_exponent() {
    for (number, position) in [
        ("5.0", Some(5)),
        ("5e0", Some(5)),
        ("0.5e1", Some(5)),
        ("-0.0", Some(0)),
        ("1234567890.0", Some(1_234_567_890)),
        ("9.1e15", None),
        ("5.5", None),
        ("1e300", None),
    ] {
        let wait: WaitInformationChanged = read(&format!(r#"{{"position":{number}}}"#));
        assert_eq!(wait.position, position, "{number}");
    }
    let counts: crate::consumer::QueueStatsResponse =
        read(r#"{"totalAvailableAgents":2.0,"engagementsInQueue":-1.0}"#);
    assert_eq!(counts.total_available_agents, Some(2));
}

#[test]
fn unreadable_twins_are_kept_unchanged() {
    let text = r#"{"position":"first","positionString":[]}"#;
    let wait: WaitInformationChanged = read(text);
    assert_eq!(wait.position, None);
    assert_eq!(wait.to_value(), json(text));
}

#[test]
fn client_reset_can_be_a_number_or_a_text() {
    for (text, reset) in [
        (r#"{"clientReset":"0"}"#, 0),
        (r#"{"clientReset":0}"#, 0),
        (r#"{"clientReset":2}"#, 2),
        (r#"{"clientReset":"2"}"#, 2),
        (r#"{"clientReset":null}"#, 0),
        // A number beyond the range of an int32 is unreadable, so the value is the default.
        (r#"{"clientReset":99999999999}"#, 0),
        ("{}", 0),
    ] {
        let result: ChatPostResult = read(text);
        assert_eq!(result.client_reset, ClientReset(reset), "{text}");
    }
}

/// Unlike `clientReset`, `maxSessionCount` has no default, so the whole request is unreadable.
#[test]
fn a_number_beyond_the_range_of_an_int32_is_unreadable() {
    let request = |max: &str| {
        RequestAssignmentRequest::from_json(&format!(
            r#"{{"assignmentRequested":"true","idleSessionCount":"0","maxSessionCount":{max}}}"#
        ))
    };
    assert_eq!(request("2147483647").unwrap().max_session_count, i32::MAX);
    assert!(request("2147483648").is_err());
}

/// Messages to an agent contain the port as a text, and the response to `serviceSettings` contains it as a number. This
/// test reads both forms into one type.
#[test]
fn the_port_can_be_a_number_or_a_text() {
    for text in [
        r#"{"domain":"chat.example","port":8443}"#,
        r#"{"domain":"chat.example","port":" 8443 "}"#,
    ] {
        let server: SessionServer = read(text);
        assert_eq!(server.port, Some(8_443));
    }
}
