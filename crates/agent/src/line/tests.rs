use pipit_wire::agent::{AgentResponse, ConcludeEngagementResponse, EngagementRequest};
use pipit_wire::{EngagementId, ExceptionCode, WireError};

use super::*;

fn line(credential: Credential) -> Line {
    let service = Service::at("127.0.0.1", Some(8461), "pipit_demo", Some("297:1"));
    Line::new(service, credential)
}

fn in_session() -> Line {
    line(Credential::Session {
        id: Secret::new("node01"),
        account: AccountId(12),
    })
}

fn conclude(line: &Line) -> Call {
    line.call(Operation::ConcludeChat, 1_618_317_020_415, |agent| {
        EngagementRequest {
            engagement_id: EngagementId(1000),
            agent,
            unknown: Fields::default(),
        }
    })
}

fn answer(status: u16, body: &str) -> Result<AgentResponse, AgentError> {
    read(&Answer {
        status,
        retry_after_ms: None,
        body: body.to_owned(),
    })
}

fn refused(status: u16, body: &str) -> Refusal {
    match answer(status, body) {
        Err(AgentError::Refused(refusal)) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

#[test]
fn a_request_of_a_session_is_that_of_the_page() {
    let call = conclude(&in_session());
    assert_eq!(
        call.url,
        "http://127.0.0.1:8461/engagement/api/agent/pipit_demo/v1/concludeChat?pool=297:1"
    );
    assert_eq!(
        call.headers,
        [
            ("X-JSESSIONID", "node01".to_owned()),
            ("X-AID", "12".to_owned())
        ]
    );
    let body: serde_json::Value = serde_json::from_str(&call.body).unwrap();
    assert_eq!(
        body,
        serde_json::json!({
            "timeCreated": 1_618_317_020_415_i64, "sequenceNumber": 1, "engagementId": 1000
        })
    );
}

#[test]
fn the_token_goes_into_the_header_alone() {
    let call = conclude(&line(Credential::Token(Secret::new("a.b.c"))));
    assert_eq!(call.headers, [("Authorization", "Bearer a.b.c".to_owned())]);
    assert!(!call.url.contains("a.b.c") && !call.body.contains("a.b.c"));
}

#[test]
fn requests_are_counted_over_the_log_on() {
    let line = line(Credential::Token(Secret::new("a.b.c")));
    conclude(&line);
    let line = line.known_as(Credential::Session {
        id: Secret::new("node01"),
        account: AccountId(12),
    });
    assert!(conclude(&line).body.contains(r#""sequenceNumber":2"#));
    assert!(conclude(&line).body.contains(r#""sequenceNumber":3"#));
}

#[test]
fn only_the_poll_is_waited_for_longer_than_its_hold() {
    let poll = in_session().call(Operation::GetMessages, 0, |agent| agent);
    assert!(poll.timeout_ms > Some(30_000));
    assert!(conclude(&in_session()).timeout_ms < Some(30_000));
}

#[test]
fn every_later_request_uses_a_new_pool() {
    let pool_after = |change: &str| {
        let line = in_session();
        line.follow(&ChatConfigChangeNotification::from_json(change).unwrap());
        conclude(&line).url.rsplit('=').next().map(str::to_owned)
    };
    assert_eq!(pool_after(r#"{"pool":"298:1"}"#).unwrap(), "298:1");
    assert_eq!(
        pool_after(r#"{"name":"CHAT_CLUSTER_POOL_ID","value":"299:1","pool":""}"#).unwrap(),
        "299:1"
    );
    assert_eq!(
        pool_after(r#"{"name":"SOMETHING_ELSE","value":"5"}"#).unwrap(),
        "297:1"
    );
}

#[test]
fn a_new_host_is_not_followed() {
    let line = in_session();
    let change = r#"{"domain":"evil.example","port":"443","pool":"298:1"}"#;
    line.follow(&ChatConfigChangeNotification::from_json(change).unwrap());
    assert!(conclude(&line).url.starts_with("http://127.0.0.1:8461/"));
}

#[test]
fn an_error_inside_a_200_is_a_refusal() {
    let refusal = refused(
        200,
        r#"{"chatSystemError":{"errorCondition":"CONFLICT","text":"gone","type":"ERROR"}}"#,
    );
    assert_eq!(refusal.status, 200);
    assert_eq!(refusal.error.code(), Some(ExceptionCode::Conflict));
}

#[test]
fn each_exception_code_is_found() {
    for code in ExceptionCode::ALL {
        let body = Refusal::new(403, code, "no").body();
        let error = answer(403, &body).unwrap_err();
        assert_eq!(error.code().as_ref(), Some(code));
    }
}

#[test]
fn a_refusal_may_have_any_body() {
    for body in [
        "",
        "<html>Bad gateway</html>",
        "[]",
        r#"{"chatSystemError":"no"}"#,
    ] {
        let refusal = refused(502, body);
        assert_eq!((refusal.status, refusal.error.code()), (502, None));
    }
}

#[test]
fn an_answer_that_is_not_json_is_unreadable() {
    assert_eq!(
        answer(200, "<html>Log in to this network</html>"),
        Err(AgentError::Unreadable(WireError::NotJson))
    );
}

#[test]
fn success_is_an_answer_with_or_without_the_empty_error() {
    assert!(answer(200, r#"{"chatSystemError":null}"#).is_ok());
    let concluded: ConcludeEngagementResponse = read(&Answer {
        status: 200,
        retry_after_ms: None,
        body: r#"{"chatConcludeEngagementResult":{"engagementId":1000}}"#.to_owned(),
    })
    .unwrap();
    let result = concluded.chat_conclude_engagement_result.unwrap();
    assert_eq!(result.engagement_id, Some(EngagementId(1000)));
}
