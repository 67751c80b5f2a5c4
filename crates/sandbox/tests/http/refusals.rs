use reqwest::Method;
use serde_json::json;

use crate::test_client::{Agent, Reply, TestClient, send};

/// Every refusal is JSON with a code and a sentence.
fn check(reply: &Reply, status: u16, code: &str) {
    let error = &reply.json["chatSystemError"];
    assert_eq!(reply.status, status, "{reply:?}");
    assert_eq!(error["errorCondition"], code, "{reply:?}");
    assert!(error["text"].as_str().unwrap().ends_with('.'), "{reply:?}");
}

#[tokio::test]
async fn tokens_are_checked() {
    let client = TestClient::new().await;
    let request = || client.consumer("requestEngagement").body("{}");
    check(&send(request()).await, 403, "ACCESS_DENIED");
    check(
        &send(request().bearer_auth("no.jwt.here")).await,
        403,
        "ACCESS_DENIED",
    );

    let token = client.token().await;
    let (rest, signature) = token.rsplit_once('.').unwrap();
    let forged = format!("{rest}.{}", signature.chars().rev().collect::<String>());
    check(
        &send(request().bearer_auth(forged)).await,
        403,
        "ACCESS_DENIED",
    );

    assert_eq!(send(request().bearer_auth(&token)).await.status, 200);
    check(
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
    let elsewhere = TestClient::new().await.token().await;
    check(&send(request(&elsewhere)).await, 403, "ACCESS_DENIED");

    let path = "/services/rest/crossChannelServices/latest/agentTokens";
    let agents = send(client.post(path).basic_auth("demo", Some("demo")))
        .await
        .json;
    let agents = agents["sessionToken"].as_str().unwrap();
    check(&send(request(agents)).await, 403, "ACCESS_DENIED");

    client.switch("config", json!({"token_seconds": 0})).await;
    check(
        &send(request(&client.token().await)).await,
        403,
        "ACCESS_DENIED",
    );
}

#[tokio::test]
async fn sessions_are_checked() {
    let client = TestClient::new().await;
    for operation in [
        "getMessages",
        "postMessage",
        "activity",
        "concludeEngagement",
    ] {
        let body = r#"{"body":"x","mode":"LISTENING"}"#;
        let without = client.consumer(operation).body(body);
        check(&send(without).await, 403, "ACCESS_DENIED");
        let unknown = client
            .consumer(operation)
            .header("SessionId", "made-up")
            .body(body);
        check(&send(unknown).await, 403, "ACCESS_DENIED");
    }
    let ana = client.log_on(12).await;
    client.log_on(13).await;
    let mixed = Agent {
        account: 13,
        ..ana.clone()
    };
    check(
        &client.call_as_agent(&mixed, "getMessages", json!({})).await,
        403,
        "ACCESS_DENIED",
    );
    let path = "/engagement/api/agent/pipit_demo/v1/getMessages";
    let without = client
        .post(path)
        .header("X-JSESSIONID", &ana.session)
        .body("{}");
    check(&send(without).await, 403, "ACCESS_DENIED");
    let no_number = client.post(path).header("X-JSESSIONID", &ana.session);
    check(
        &send(no_number.header("X-AID", "Ana")).await,
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
        check(
            &send(client.api(method.clone(), &path)).await,
            401,
            "ACCESS_DENIED",
        );
        let wrong = client.api(method, &path).basic_auth("demo", Some("guess"));
        check(&send(wrong).await, 401, "ACCESS_DENIED");
    }
    let path = "/services/rest/crossChannelServices/latest/establishSessions";
    let basic = || client.post(path).basic_auth("demo", Some("demo"));
    let long = basic().header("OSvC-CREST-Application-Context", "x".repeat(41));
    check(
        &send(long.body(r#"{"sessionInformation":"{}"}"#)).await,
        400,
        "BAD_REQUEST",
    );
    let object = basic().body(r#"{"sessionInformation":{"firstName":"Mia"}}"#);
    check(&send(object).await, 400, "BAD_REQUEST");
    let broken = basic().body(r#"{"sessionInformation":"{broken"}"#);
    check(&send(broken).await, 400, "BAD_REQUEST");
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
        check(&send(post().body(body)).await, 400, "BAD_REQUEST");
    }
    check(
        &send(post().body(vec![b'"', 0xff])).await,
        400,
        "BAD_REQUEST",
    );
    let odd_mode = client
        .as_visitor(&visitor, "activity")
        .body(r#"{"mode":"SLEEPING"}"#);
    check(&send(odd_mode).await, 400, "BAD_REQUEST");
    let nested = format!(r#"{{"body":{}1{}}}"#, "[".repeat(5_000), "]".repeat(5_000));
    check(&send(post().body(nested)).await, 400, "BAD_REQUEST");
    assert_eq!(
        send(post().body(r#"{"body":"still here"}"#)).await.status,
        200
    );
}

#[tokio::test]
async fn a_body_over_one_megabyte_is_refused_and_one_below_is_not() {
    let client = TestClient::new().await;
    let visitor = client.visitor().await;
    let post = |length: usize| {
        let body = json!({"body": "x".repeat(length)}).to_string();
        client.as_visitor(&visitor, "postMessage").body(body)
    };
    check(&send(post(1024 * 1024)).await, 413, "BAD_REQUEST");
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
        check(&send(request).await, 404, "BAD_REQUEST");
    }
    let get = client.api(
        Method::GET,
        &format!("{consumer}/pipit_demo/v1/postMessage"),
    );
    check(&send(get).await, 405, "BAD_REQUEST");
    let post = client.post(&format!("{consumer}/pipit_demo/v1/getQueueStats"));
    check(&send(post).await, 405, "BAD_REQUEST");
    let no_request = client.api(
        Method::GET,
        &format!("{consumer}/pipit_demo/v1/getQueueStats"),
    );
    check(&send(no_request).await, 400, "BAD_REQUEST");
}

#[tokio::test]
async fn an_unknown_pool_is_refused_and_none_is_not() {
    let client = TestClient::new().await;
    let visitor = client.visitor().await;
    let post = |query: &str| {
        let path = format!("/engagement/api/consumer/pipit_demo/v1/postMessage{query}");
        let request = client.post(&path).header("SessionId", &visitor.session);
        request.body(json!({"body": format!("under {query}")}).to_string())
    };
    check(&send(post("?pool=1:1")).await, 404, "BAD_REQUEST");
    for query in ["", "?pool=", "?pool=297:1", "?pool=297%3A1"] {
        assert_eq!(send(post(query)).await.status, 200, "{query}");
    }
}
