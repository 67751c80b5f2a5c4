//! Tests of requests that the server refuses.

use reqwest::Method;
use serde_json::json;

use crate::test_client::{Agent, Reply, TestClient, send};

/// Checks that a reply is a refusal: this status, and JSON with this code and a sentence.
fn check_refusal(reply: &Reply, status: u16, code: &str) {
    let error = &reply.json["chatSystemError"];
    assert_eq!(reply.status, status, "{reply:?}");
    assert_eq!(error["errorCondition"], code, "{reply:?}");
    assert!(error["text"].as_str().unwrap().ends_with('.'), "{reply:?}");
}

#[tokio::test]
async fn missing_forged_and_used_tokens_are_refused() {
    let client = TestClient::new().await;
    let request = || client.consumer("requestEngagement").body("{}");
    check_refusal(&send(request()).await, 403, "ACCESS_DENIED");
    check_refusal(
        &send(request().bearer_auth("no.jwt.here")).await,
        403,
        "ACCESS_DENIED",
    );

    let token = client.token().await;
    let (rest, signature) = token.rsplit_once('.').unwrap();
    let forged = format!("{rest}.{}", signature.chars().rev().collect::<String>());
    check_refusal(
        &send(request().bearer_auth(forged)).await,
        403,
        "ACCESS_DENIED",
    );

    assert_eq!(send(request().bearer_auth(&token)).await.status, 200);
    check_refusal(
        &send(request().bearer_auth(&token)).await,
        403,
        "ACCESS_DENIED",
    );
}

#[tokio::test]
async fn a_token_of_another_server_or_audience_or_an_expired_one_is_refused() {
    let client = TestClient::new().await;
    let request = |token: &str| {
        client
            .consumer("requestEngagement")
            .bearer_auth(token)
            .body("{}")
    };
    let token_of_other_server = TestClient::new().await.token().await;
    check_refusal(
        &send(request(&token_of_other_server)).await,
        403,
        "ACCESS_DENIED",
    );

    let path = "/services/rest/crossChannelServices/latest/agentTokens";
    let request_token = client.post(path).basic_auth("demo", Some("demo"));
    let request_token = request_token.header("OSvC-CREST-Application-Context", "test");
    let answer = send(request_token).await.json;
    let agent_token = answer["sessionToken"].as_str().unwrap();
    check_refusal(&send(request(agent_token)).await, 403, "ACCESS_DENIED");

    client.switch("config", json!({"token_seconds": 0})).await;
    check_refusal(
        &send(request(&client.token().await)).await,
        403,
        "ACCESS_DENIED",
    );
}

#[tokio::test]
async fn missing_unknown_and_mixed_sessions_are_refused() {
    let client = TestClient::new().await;
    for operation in [
        "getMessages",
        "postMessage",
        "activity",
        "concludeEngagement",
    ] {
        let body = r#"{"body":"x","mode":"LISTENING"}"#;
        let without = client.consumer(operation).body(body);
        check_refusal(&send(without).await, 403, "ACCESS_DENIED");
        let unknown = client
            .consumer(operation)
            .header("SessionId", "made-up")
            .body(body);
        check_refusal(&send(unknown).await, 403, "ACCESS_DENIED");
    }
    let ana = client.log_on(12).await;
    client.log_on(13).await;
    let mixed = Agent {
        account: 13,
        ..ana.clone()
    };
    check_refusal(
        &client.call_as_agent(&mixed, "getMessages", json!({})).await,
        403,
        "ACCESS_DENIED",
    );
    let path = "/engagement/api/agent/pipit_demo/v1/getMessages";
    let without = client
        .post(path)
        .header("X-JSESSIONID", &ana.session)
        .body("{}");
    check_refusal(&send(without).await, 403, "ACCESS_DENIED");
    let invalid_account = client.post(path).header("X-JSESSIONID", &ana.session);
    check_refusal(
        &send(invalid_account.header("X-AID", "Ana")).await,
        403,
        "ACCESS_DENIED",
    );
}

#[tokio::test]
async fn endpoints_for_servers_need_basic_authentication() {
    let client = TestClient::new().await;
    for (method, operation) in [
        (Method::POST, "establishSessions"),
        (Method::POST, "agentTokens"),
        (Method::GET, "serviceSettings/1"),
    ] {
        let path = format!("/services/rest/crossChannelServices/latest/{operation}");
        check_refusal(
            &send(client.api(method.clone(), &path)).await,
            401,
            "ACCESS_DENIED",
        );
        let wrong = client.api(method, &path).basic_auth("demo", Some("guess"));
        check_refusal(&send(wrong).await, 401, "ACCESS_DENIED");
    }
    let path = "/services/rest/crossChannelServices/latest/establishSessions";
    let basic = || client.post(path).basic_auth("demo", Some("demo"));
    let long = basic().header("OSvC-CREST-Application-Context", "x".repeat(41));
    check_refusal(
        &send(long.body(r#"{"sessionInformation":"{}"}"#)).await,
        400,
        "BAD_REQUEST",
    );
    let object = basic().body(r#"{"sessionInformation":{"firstName":"Mia"}}"#);
    check_refusal(&send(object).await, 400, "BAD_REQUEST");
    let broken = basic().body(r#"{"sessionInformation":"{broken"}"#);
    check_refusal(&send(broken).await, 400, "BAD_REQUEST");
}

#[tokio::test]
async fn malformed_bodies_are_refused_and_the_server_keeps_running() {
    let client = TestClient::new().await;
    let visitor = client.visitor().await;
    let post = || client.as_visitor(&visitor, "postMessage");
    for body in [
        "{",
        "[]",
        "null",
        "{}",
        r#"{"body":5}"#,
        "\u{0}",
        r#"{"body":null}"#,
    ] {
        check_refusal(&send(post().body(body)).await, 400, "BAD_REQUEST");
    }
    check_refusal(
        &send(post().body(vec![b'"', 0xff])).await,
        400,
        "BAD_REQUEST",
    );
    let unknown_mode = client
        .as_visitor(&visitor, "activity")
        .body(r#"{"mode":"SLEEPING"}"#);
    check_refusal(&send(unknown_mode).await, 400, "BAD_REQUEST");
    let nested = format!(r#"{{"body":{}1{}}}"#, "[".repeat(5_000), "]".repeat(5_000));
    check_refusal(&send(post().body(nested)).await, 400, "BAD_REQUEST");
    assert_eq!(
        send(post().body(r#"{"body":"still here"}"#)).await.status,
        200
    );
}

#[tokio::test]
async fn a_body_above_one_megabyte_is_refused_and_one_below_is_accepted() {
    let client = TestClient::new().await;
    let visitor = client.visitor().await;
    let post = |length: usize| {
        let body = json!({"body": "x".repeat(length)}).to_string();
        client.as_visitor(&visitor, "postMessage").body(body)
    };
    check_refusal(&send(post(1024 * 1024)).await, 413, "BAD_REQUEST");
    assert_eq!(send(post(1024 * 1024 - 100)).await.status, 200);
}

#[tokio::test]
async fn wrong_addresses_and_methods_are_refused() {
    let client = TestClient::new().await;
    let consumer = "/engagement/api/consumer";
    let visitor = client.visitor().await;
    for path in [
        "/",
        "/engagement/api/consumer/elsewhere/v1/getMessages",
        "/engagement/api/consumer/pipit_demo/v1/sendActivityUpdate",
        "/engagement/api/agent/pipit_demo/v1/activity",
        "/engagement/api/consumer/pipit_demo/v2/getMessages",
        "/sandbox/self-destruct",
    ] {
        let request = client
            .post(path)
            .header("SessionId", &visitor.session)
            .body("{}");
        check_refusal(&send(request).await, 404, "BAD_REQUEST");
    }
    let get = client.api(
        Method::GET,
        &format!("{consumer}/pipit_demo/v1/postMessage"),
    );
    check_refusal(&send(get).await, 405, "BAD_REQUEST");
    let post = client.post(&format!("{consumer}/pipit_demo/v1/getQueueStats"));
    check_refusal(&send(post).await, 405, "BAD_REQUEST");
    let no_request = client.api(
        Method::GET,
        &format!("{consumer}/pipit_demo/v1/getQueueStats"),
    );
    check_refusal(&send(no_request).await, 400, "BAD_REQUEST");
}

#[tokio::test]
async fn an_unknown_pool_is_refused_and_a_missing_one_is_accepted() {
    let client = TestClient::new().await;
    let visitor = client.visitor().await;
    let post = |query: &str| {
        let path = format!("/engagement/api/consumer/pipit_demo/v1/postMessage{query}");
        let request = client.post(&path).header("SessionId", &visitor.session);
        request.body(json!({"body": format!("under {query}")}).to_string())
    };
    check_refusal(&send(post("?pool=1:1")).await, 404, "BAD_REQUEST");
    for query in ["", "?pool=", "?pool=297:1", "?pool=297%3A1"] {
        assert_eq!(send(post(query)).await.status, 200, "{query}");
    }
}
