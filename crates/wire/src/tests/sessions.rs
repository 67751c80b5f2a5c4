//! Tests of reading a session. The backend of the website that embeds the widget passes the session in one of three
//! forms: as the answer of Oracle's operation `establishSessions`, as an object with `jwt` and `pool`, or as the form
//! for Oracle Fusion (`chatSiteName`, `jwt`, `domain`, `poolId`). The token of the session is `jwt`, which
//! `establishSessions` calls `channelToken`. The last tests are of the request of `establishSessions` and of the
//! response of `serviceSettings`, the operation of Oracle's service site that names the chat server.

use serde_json::{Value, json};

use super::read;
use crate::session::{
    EstablishSessionsRequest, EstablishSessionsResponse, ServiceSettingsResponse, Session,
    SessionInformation, SessionServer,
};
use crate::{ReadError, Secret, WireObject};

/// Reads a session that is known to be readable.
fn session(text: &str) -> Session {
    Session::from_json(text).unwrap()
}

/// A session with every member except the port. Tests that expect another session change some of its members.
fn expected() -> Session {
    Session {
        jwt: Secret::new("a.b.c"),
        site: Some("pipit_demo".to_owned()),
        pool: Some("297:1".to_owned()),
        domain: Some("chat.example".to_owned()),
        port: None,
    }
}

#[test]
fn the_answer_of_establish_sessions_is_read() {
    let text = r#"{"siteName":"pipit_demo","channelToken":"a.b.c",
        "sessionServerResponse":"{\"domain\":\"chat.example\",\"pool\":\"297:1\",\"port\":8461}"}"#;
    let with_port = Session {
        port: Some(8_461),
        ..expected()
    };
    assert_eq!(session(text), with_port);

    // The same text, read in two steps with the types of the response and of the JSON inside it.
    let response: EstablishSessionsResponse = read(text);
    assert_eq!(response.channel_token.reveal(), "a.b.c");
    let server: SessionServer = read(&response.session_server_response);
    assert_eq!(server.pool.as_deref(), Some("297:1"));
}

/// The texts in `sessions.json`, with which `npm/tests/doctor-session.ts` tests the reader of the command `doctor`, too.
#[test]
fn sessions_are_read_as_the_doctor_reads_them() {
    let cases: Vec<Value> = serde_json::from_str(include_str!("sessions.json")).unwrap();
    for case in cases {
        let text = case["text"].as_str().unwrap();
        let read = Session::from_json(text).ok().map(|session| {
            json!({
                "token": session.jwt.reveal(),
                "site": session.site.unwrap_or_default(),
                "pool": session.pool.unwrap_or_default(),
                "domain": session.domain.unwrap_or_default(),
                "port": session.port.unwrap_or_default(),
            })
        });
        assert_eq!(read.unwrap_or_default(), case["session"], "{text}");
    }
}

#[test]
fn session_server_response_may_be_an_object_instead_of_a_text() {
    let value = json!({
        "siteName": "pipit_demo",
        "channelToken": "a.b.c",
        "sessionServerResponse": {"domain": "chat.example", "pool": "297:1"},
    });
    assert_eq!(Session::read(&value), Ok(expected()));
}

#[test]
fn a_session_may_have_only_a_token_and_a_pool() {
    let pool_only = Session {
        site: None,
        domain: None,
        ..expected()
    };
    assert_eq!(session(r#"{"jwt":"a.b.c","pool":"297:1"}"#), pool_only);
}

#[test]
fn the_fusion_form_is_read() {
    let text = r#"{"chatSiteName":"pipit_demo","jwt":"a.b.c","domain":"chat.example",
        "poolId":"297:1"}"#;
    assert_eq!(session(text), expected());
}

#[test]
fn empty_and_null_members_count_as_absent() {
    let bare = Session {
        site: None,
        pool: None,
        domain: None,
        ..expected()
    };
    for text in [
        r#"{"jwt":"a.b.c"}"#,
        r#"{"jwt":"a.b.c","pool":null}"#,
        r#"{"jwt":"a.b.c","pool":"","domain":"","siteName":"","port":""}"#,
        r#"{"jwt":"a.b.c","poolId":null,"domain":null,"chatSiteName":null,"port":null}"#,
        r#"{"channelToken":null,"jwt":"a.b.c","sessionServerResponse":null}"#,
        r#"{"channelToken":"","jwt":"a.b.c","sessionServerResponse":"{\"pool\":\"\"}"}"#,
    ] {
        assert_eq!(session(text), bare, "{text}");
    }
    assert_eq!(
        session(r#"{"jwt":"a.b.c","pool":"","poolId":"297:1"}"#).pool,
        expected().pool
    );
}

#[test]
fn the_port_is_a_number_or_a_text_from_1_to_65535() {
    for (written, port) in [
        ("8461", Some(8_461)),
        (r#""8461""#, Some(8_461)),
        ("65535", Some(65_535)),
        ("0", None),
        ("65536", None),
        ("-1", None),
        (r#""https""#, None),
    ] {
        let text = format!(r#"{{"jwt":"a.b.c","port":{written}}}"#);
        assert_eq!(session(&text).port, port, "{written}");
    }
}

#[test]
fn a_session_without_a_token_cannot_be_read() {
    for text in [
        "{}",
        r#"{"jwt":""}"#,
        r#"{"jwt":null}"#,
        r#"{"jwt":17}"#,
        // A token inside `sessionServerResponse` does not count.
        r#"{"siteName":"pipit_demo","sessionServerResponse":"{\"jwt\":\"a.b.c\"}"}"#,
    ] {
        assert_eq!(
            Session::from_json(text),
            Err(ReadError::Missing("jwt")),
            "{text}"
        );
    }
    assert_eq!(Session::from_json("[]"), Err(ReadError::NotAnObject));
    assert_eq!(Session::from_json("<html>"), Err(ReadError::NotJson));
    // The JSON inside the text `sessionServerResponse` ends too early.
    let cut = r#"{"channelToken":"a.b.c","sessionServerResponse":"{\"domain\":"}"#;
    assert_eq!(Session::from_json(cut), Err(ReadError::NotJson));
}

#[test]
fn debug_output_does_not_contain_tokens() {
    let text = r#"{"siteName":"pipit_demo","channelToken":"a.b.c","sessionServerResponse":"{}"}"#;
    let response: EstablishSessionsResponse = read(text);
    for shown in [format!("{:?}", session(text)), format!("{response:?}")] {
        assert!(
            shown.contains("pipit_demo") && !shown.contains("a.b.c"),
            "{shown}"
        );
    }
}

#[test]
fn the_request_of_establish_sessions_contains_json_inside_a_text() {
    let information = SessionInformation {
        first_name: Some("Ada \"A\"".to_owned()),
        // 2^53 + 1, which a floating-point number cannot represent.
        queue_id: Some(9_007_199_254_740_993),
        ..SessionInformation::default()
    };
    let request = EstablishSessionsRequest::of(&information);
    assert_eq!(
        request.to_value(),
        json!({"sessionInformation": r#"{"firstName":"Ada \"A\"","queueId":9007199254740993}"#})
    );
    let inner: SessionInformation = read(&request.session_information);
    assert_eq!(inner, information);
}

#[test]
fn service_settings_are_read() {
    let text = r#"{"domain":"chat.example","pool":"297:1","port":443,"siteName":"pipit_demo",
        "links":[{"rel":"self"}]}"#;
    // This also checks that no member stays unread.
    let settings: ServiceSettingsResponse = super::read_whole(text);
    assert_eq!(settings.port, Some(443));
    assert_eq!(settings.links, [json!({"rel": "self"})]);
}
