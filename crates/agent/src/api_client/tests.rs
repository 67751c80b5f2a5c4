//! Tests of the calls that an [`ApiClient`] makes, and of the answers that it parses. Nothing is sent.

use pipit_wire::agent::{AgentResponse, ConcludeEngagementResponse, EngagementRequest};
use pipit_wire::{EngagementId, ExceptionCode, UnexpectedBody};

use super::*;
use crate::FetchTransport;

/// A client with this credential. It has the address of the sandbox (the chat server for tests) on this machine, and
/// the pool `297:1`. No server has to run, because nothing is sent.
fn client_with(credential: Credential) -> ApiClient {
    let address = ServiceAddress::new("127.0.0.1", Some(8461), "pipit_demo", Some("297:1"));
    ApiClient::new(Rc::new(FetchTransport), address, credential)
}

/// A client of an agent who is logged on. The session id and the account are made up.
fn session_client() -> ApiClient {
    client_with(Credential::Session {
        id: Secret::new("node01"),
        account: AccountId(12),
    })
}

/// A `concludeChat` request with the values of the sample in Oracle's API reference, except its number: each request of a
/// client has the next one.
fn conclude_request(client: &ApiClient) -> HttpRequest {
    let agent = AgentRequest {
        time_created: Some(1_618_317_020_415),
        sequence_number: Some(client.next_number()),
        ..AgentRequest::default()
    };
    let body = EngagementRequest::new(EngagementId(1000), agent);
    client.request(Operation::ConcludeChat, &body)
}

/// Parses an answer with this status and this body.
fn parse(status: u16, body: &str) -> Result<AgentResponse, AgentError> {
    parse_answer(Operation::ReleaseChat, Ok(response(status, body)))
}

fn response(status: u16, body: &str) -> HttpResponse {
    HttpResponse {
        status,
        retry_after_ms: None,
        body: body.to_owned(),
    }
}

/// Parses an answer that must be a refusal.
fn refused(status: u16, body: &str) -> Refusal {
    match parse(status, body) {
        Err(AgentError {
            failure: Failure::Refused(refusal),
            ..
        }) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

#[test]
fn a_request_in_a_session_matches_the_api_reference() {
    let call = conclude_request(&session_client());
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
fn the_token_is_sent_in_a_header_only() {
    let call = conclude_request(&client_with(Credential::Token(Secret::new("a.b.c"))));
    assert_eq!(call.headers, [("Authorization", "Bearer a.b.c".to_owned())]);
    assert!(!call.url.contains("a.b.c") && !call.body.contains("a.b.c"));
}

#[test]
fn sequence_numbers_continue_after_the_log_on() {
    let client = client_with(Credential::Token(Secret::new("a.b.c")));
    // This call has the sequence number 1.
    conclude_request(&client);
    let client = client.with_credential(Credential::Session {
        id: Secret::new("node01"),
        account: AccountId(12),
    });
    assert!(
        conclude_request(&client)
            .body
            .contains(r#""sequenceNumber":2"#)
    );
    assert!(
        conclude_request(&client)
            .body
            .contains(r#""sequenceNumber":3"#)
    );
}

#[test]
fn only_a_poll_waits_longer_than_30_s_for_its_answer() {
    // The server holds a poll for up to 30 s, and answers all other requests at once.
    let poll = session_client().request(Operation::GetMessages, &AgentRequest::default());
    assert!(poll.timeout_ms > 30_000);
    assert!(conclude_request(&session_client()).timeout_ms < 30_000);
}

#[test]
fn the_request_after_a_new_pool_uses_it() {
    // Returns the pool in the URL of the first request after this message.
    let pool_after = |change: &str| {
        let client = session_client();
        client.use_new_pool(&ChatConfigChangeNotification::from_json(change).unwrap());
        conclude_request(&client)
            .url
            .rsplit('=')
            .next()
            .map(str::to_owned)
    };
    assert_eq!(pool_after(r#"{"pool":"298:1"}"#).unwrap(), "298:1");
    assert_eq!(
        pool_after(r#"{"name":"CHAT_CLUSTER_POOL_ID","value":"299:1","pool":""}"#).unwrap(),
        "299:1"
    );
    // This message changes another setting, so the pool stays.
    assert_eq!(
        pool_after(r#"{"name":"SOMETHING_ELSE","value":"5"}"#).unwrap(),
        "297:1"
    );
}

#[test]
fn a_new_host_is_used_only_if_it_is_allowed() {
    // Returns the beginning of the address of the first request after a message with this host and port.
    let host_after = |domain: &str, port: &str| {
        let client = session_client();
        let allowed = ["chat2.example", "127.0.0.1:8462"];
        client.address.borrow_mut().allowed_hosts = allowed.map(str::to_owned).to_vec();
        let change = format!(r#"{{"domain":"{domain}","port":"{port}","pool":"298:1"}}"#);
        client.use_new_pool(&ChatConfigChangeNotification::from_json(&change).unwrap());
        let url = conclude_request(&client).url;
        url.split("/engagement/").next().map(str::to_owned).unwrap()
    };
    assert_eq!(host_after("chat2.example", ""), "https://chat2.example");
    assert_eq!(host_after("127.0.0.1", "8462"), "http://127.0.0.1:8462");
    for (domain, port) in [
        ("evil.example", "443"),
        ("chat2.example", "8443"),
        ("chat2.example.evil.example", ""),
        ("127.0.0.1", "8463"),
        ("", ""),
    ] {
        assert_eq!(host_after(domain, port), "http://127.0.0.1:8461");
    }
}

#[test]
fn an_error_in_an_answer_with_status_200_is_a_refusal() {
    let refusal = refused(
        200,
        r#"{"chatSystemError":{"errorCondition":"CONFLICT","text":"gone","type":"ERROR"}}"#,
    );
    // The status that stands for the code.
    assert_eq!(refusal.status, 409);
    assert_eq!(refusal.error.code(), Some(ExceptionCode::Conflict));
}

#[test]
fn each_exception_code_is_parsed() {
    for code in ExceptionCode::ALL {
        let body = Refusal::new(403, code, "no").body();
        let error = parse(403, &body).unwrap_err();
        assert_eq!(error.code().as_ref(), Some(code));
    }
}

#[test]
fn code_and_text_are_found_in_each_known_form() {
    for body in [
        r#"{"chatSystemError":{"errorCondition":"CONFLICT","text":"gone"}}"#,
        r#"{"errorCondition":"CONFLICT","text":"gone"}"#,
        r#"{"exceptionCode":"CONFLICT","message":"gone"}"#,
        r#"{"exceptionCode":"CONFLICT","detail":"gone"}"#,
        r#"{"chatSystemError":null,"exceptionCode":"CONFLICT","message":"gone"}"#,
    ] {
        let error = parse(409, body).unwrap_err();
        assert_eq!(error.code(), Some(ExceptionCode::Conflict), "{body}");
        assert_eq!(error.text(), Some("gone"), "{body}");
    }
}

#[test]
fn a_refusal_can_have_any_body() {
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
fn an_answer_of_somebody_else_is_no_success_and_names_what_came() {
    for (body, kind, name) in [
        (
            "<html>Log in to this network</html>",
            UnexpectedBody::Html,
            "a web page",
        ),
        ("{}", UnexpectedBody::OtherJson, "JSON of another kind"),
        ("", UnexpectedBody::Empty, "empty"),
        (
            "offline",
            UnexpectedBody::Other,
            "neither JSON nor a web page",
        ),
    ] {
        let error = parse(200, body).unwrap_err();
        assert_eq!(error.failure, Failure::Unexpected(kind));
        assert!(
            error.is_transient() && error.to_string().contains(name),
            "{error}"
        );
    }
}

#[test]
fn an_answer_whose_error_is_null_or_missing_is_a_success() {
    assert!(parse(200, r#"{"chatSystemError":null,"clientId":47}"#).is_ok());
    let body = r#"{"chatConcludeEngagementResult":{"engagementId":1000},"clientId":47}"#;
    let concluded: ConcludeEngagementResponse =
        parse_answer(Operation::ConcludeChat, Ok(response(200, body))).unwrap();
    let result = concluded.chat_conclude_engagement_result.unwrap();
    assert_eq!(result.engagement_id, Some(EngagementId(1000)));
}
