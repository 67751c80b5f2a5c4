//! Tests of [`Refusal`](crate::Refusal), the server's refusal of a request: it accepts every body of an error response,
//! and uses the readable part. One test reads an error from a response with status 200.

use super::read;
use crate::agent::AgentResponse;
use crate::{ChatSystemError, ExceptionCode, Refusal};

/// The exception code (the reason of the refusal, from a fixed list) is in `errorCondition` or else in `type`. These
/// members are in the object `chatSystemError` or in the body itself. The member `text`, here "left", is for people only.
#[test]
fn a_code_is_read_from_every_member_that_can_contain_it() {
    for body in [
        r#"{"chatSystemError":{"errorCondition":"CONFLICT","text":"left","type":"ERROR"}}"#,
        // `E-17` is not an exception code, so `type` is used.
        r#"{"chatSystemError":{"errorCondition":"E-17","text":"left","type":"CONFLICT"}}"#,
        r#"{"chatSystemError":{"text":"left","type":"CONFLICT"},"clientId":1}"#,
        r#"{"errorCondition":"CONFLICT","text":"left"}"#,
        r#"{"type":"CONFLICT","text":"left"}"#,
        r#"{"chatSystemError":null,"type":"CONFLICT","text":"left"}"#,
    ] {
        let refusal = Refusal::read(409, body);
        assert_eq!(
            refusal.error.code(),
            Some(ExceptionCode::Conflict),
            "{body}"
        );
        assert_eq!(refusal.to_string(), "HTTP 409 CONFLICT: left", "{body}");
    }
}

#[test]
fn bodies_without_a_readable_error_are_accepted() {
    for body in [
        "",
        "<html><body>502 Bad Gateway</body></html>",
        "null",
        "[]",
        "\"CONFLICT\"",
        "{}",
        r#"{"chatSystemError":"CONFLICT"}"#,
        r#"{"chatSystemError":{"errorCondition":17}}"#,
        "{\"chatSystemError\":",
    ] {
        let refusal = Refusal::read(502, body);
        assert_eq!(refusal.status, 502);
        assert_eq!(refusal.error.code(), None, "{body}");
        assert_eq!(refusal.to_string(), "HTTP 502", "{body}");
    }
}

#[test]
fn a_code_that_is_not_listed_is_none_and_its_text_is_kept() {
    let refusal = Refusal::read(500, r#"{"errorCondition":"NEW_CODE","text":"what"}"#);
    assert_eq!(refusal.error.code(), None);
    assert_eq!(refusal.error.error_condition.as_deref(), Some("NEW_CODE"));
    assert_eq!(refusal.to_string(), "HTTP 500: what");
}

#[test]
fn a_refusal_can_be_written_and_read_again() {
    for code in ExceptionCode::ALL {
        let refusal = Refusal::new(403, code, "why \"quoted\" and\nbroken");
        assert_eq!(Refusal::read(403, &refusal.body()), refusal);
        assert_eq!(refusal.error.code().as_ref(), Some(code));
    }
}

#[test]
fn a_response_with_status_200_can_contain_an_error() {
    let response: AgentResponse =
        read(r#"{"chatSystemError":{"errorCondition":"ACCESS_DENIED","text":"no"}}"#);
    let error: ChatSystemError = response.echo.chat_system_error.unwrap();
    assert_eq!(error.code(), Some(ExceptionCode::AccessDenied));
}
