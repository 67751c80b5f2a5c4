//! Tests of what happens below the API: bodies that end early, methods, addresses and headers that are never completed.

use std::time::{Duration, Instant};

use pipit_sandbox::Options;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::test_client::{TestClient, send};

/// Sends bytes on a connection, ends the sending side, and returns what the server answers until it closes.
async fn exchange(client: &TestClient, request: &str) -> String {
    let url = client.sandbox.api_url();
    let address = url.strip_prefix("http://").unwrap();
    let mut connection = TcpStream::connect(address).await.unwrap();
    connection.write_all(request.as_bytes()).await.unwrap();
    connection.shutdown().await.unwrap();
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).await.unwrap();
    String::from_utf8(answer).unwrap()
}

#[tokio::test]
async fn a_body_that_is_cut_short_is_answered_400_and_not_413() {
    let client = TestClient::new().await;
    let path = "/engagement/api/consumer/pipit_demo/v1/postMessage";
    for request in [
        format!("POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{{\"body\":"),
        format!(
            "POST {path} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n{{\"body\""
        ),
        format!("POST {path} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{{}}"),
    ] {
        let answer = exchange(&client, &request).await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{request}: {answer}");
        assert!(!answer.contains("1 MB"), "{answer}");
    }
}

#[tokio::test]
async fn a_wrong_method_is_answered_with_the_right_one() {
    let client = TestClient::new().await;
    let api = "/engagement/api";
    for (method, path, allowed) in [
        (
            Method::GET,
            format!("{api}/consumer/pipit_demo/v1/postMessage"),
            "POST",
        ),
        (
            Method::PUT,
            format!("{api}/agent/pipit_demo/v1/postMessage"),
            "POST",
        ),
        (
            Method::POST,
            format!("{api}/consumer/pipit_demo/v1/getQueueStats"),
            "GET",
        ),
        (Method::DELETE, "/sandbox/state".to_owned(), "GET"),
        (Method::GET, "/sandbox/fault".to_owned(), "POST"),
    ] {
        let response = client.api(method.clone(), &path).send().await.unwrap();
        assert_eq!(response.status(), 405, "{method} {path}");
        assert_eq!(response.headers()["allow"], allowed, "{method} {path}");
        let body: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
        assert!(body["chatSystemError"]["text"].is_string(), "{body}");
    }
}

#[tokio::test]
async fn an_address_that_is_no_text_is_refused_with_json() {
    let client = TestClient::new().await;
    for path in [
        "/engagement/api/consumer/pipit_demo/v1/%ff",
        "/engagement/api/agent/%ff/v1/getMessages",
        "/engagement/api/consumer/pipit_demo/v1/postMessage?pool=%ff",
        "/sandbox/%ff",
        "/%ff",
    ] {
        let reply = send(client.post(path).body("{}")).await;
        assert!(matches!(reply.status, 400 | 403 | 404), "{path}: {reply:?}");
        assert!(reply.json["message"].is_string(), "{path}: {reply:?}");
    }
}

#[tokio::test]
async fn what_no_page_lists_is_marked_as_the_sandboxs_own() {
    let client = TestClient::new().await;
    let visitor = client.visitor().await;
    let large = json!({"body": "x".repeat(1024 * 1024)}).to_string();
    let marked = [
        send(client.as_visitor(&visitor, "postMessage").body(large)).await,
        send(client.api(
            Method::GET,
            "/engagement/api/consumer/pipit_demo/v1/postMessage",
        ))
        .await,
    ];
    for reply in marked {
        let note = reply.json["sandboxNote"].as_str();
        let note = note.unwrap_or_else(|| panic!("no note in {reply:?}"));
        assert!(note.contains(&reply.status.to_string()), "{note}");
    }
    let listed = send(
        client
            .consumer("getMessages")
            .header("SessionId", "made-up")
            .body("{}"),
    )
    .await;
    assert!(listed.json.get("sandboxNote").is_none(), "{listed:?}");
    // The list of codes on page 004 has no BAD_REQUEST, although the page lists status 400.
    let agent = client.log_on(12).await;
    let reply = send(client.agent(&agent, "getMessages").body("{")).await;
    assert_eq!(reply.status, 400);
    let note = reply.json["sandboxNote"].as_str().unwrap();
    assert!(note.contains("BAD_REQUEST"), "{note}");
}

#[tokio::test]
async fn a_header_that_is_never_completed_ends_the_connection() {
    let client = TestClient::with(Options {
        header_timeout: Duration::from_millis(100),
        ..Options::default()
    })
    .await;
    let url = client.sandbox.api_url();
    let address = url.strip_prefix("http://").unwrap();
    let mut connection = TcpStream::connect(address).await.unwrap();
    connection
        .write_all(b"POST /engagement/api HTTP/1.1\r\nHost: a\r\nX-Slow")
        .await
        .unwrap();
    let began = Instant::now();
    let mut answer = Vec::new();
    let _ = connection.read_to_end(&mut answer).await;
    assert!(
        began.elapsed() < Duration::from_secs(10),
        "the connection stays open"
    );
    // A poll that is held for longer than this is not affected: its header is complete.
    client.switch("config", json!({"hold_ms": 400})).await;
    let visitor = client.visitor().await;
    client.messages(&visitor).await;
    assert!(client.messages(&visitor).await.is_empty());
}
