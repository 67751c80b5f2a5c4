//! Tests of the running server, in front of a service site that this file plays: what the shared contract of
//! `examples/session-endpoint` does not ask for. The contract has the other refusals.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by a panic"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::http::StatusCode;
use axum::routing::post;
use pipit_session::{Server, Settings, read_settings, start};
use reqwest::{Client, RequestBuilder, Response};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

const SESSION: &str =
    r#"{"siteName":"a","channelToken":"t","sessionServerResponse":"{}","extra":"x"}"#;

/// A service site whose answers wait until they are allowed.
struct ServiceSite {
    address: String,
    /// How many answers may be sent.
    allowed: Arc<Semaphore>,
    /// How many calls have arrived.
    calls: Arc<AtomicUsize>,
}

async fn start_service_site() -> ServiceSite {
    let (allowed, calls) = (Arc::new(Semaphore::new(0)), Arc::new(AtomicUsize::new(0)));
    let (site_allowed, site_calls) = (allowed.clone(), calls.clone());
    let answer = move || async move {
        site_calls.fetch_add(1, Ordering::SeqCst);
        site_allowed.acquire().await.unwrap().forget();
        SESSION
    };
    let path = pipit_wire::session::ESTABLISH_SESSIONS_PATH;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().route(path, post(answer));
    tokio::spawn(async move { axum::serve(listener, router).await });
    ServiceSite {
        address,
        allowed,
        calls,
    }
}

fn settings(site: &str, added: &str) -> Settings {
    let file = format!(
        "port = 0\nmetrics_port = 0\nb2c_site = \"{site}\"\nb2c_user = \"user\"\n\
         allowed_origins = [\"https://shop.example\"]\nchats_per_minute = 1000\n{added}"
    );
    let variable = |name: &str| (name == "B2C_PASSWORD").then(|| "word".to_owned());
    read_settings(Some(&file), &variable, &|_| Ok(String::new())).unwrap()
}

async fn start_server(site: &str, added: &str) -> Server {
    start(settings(site, added)).await.unwrap()
}

fn ask(client: &Client, server: &Server, body: &str) -> RequestBuilder {
    client
        .post(format!("http://{}/chat-session", server.address()))
        .header("content-type", "application/json")
        .header("origin", "https://shop.example")
        .body(body.to_owned())
}

/// Waits until a condition holds. The test's own time limit ends a wait that is in vain.
async fn wait_until(holds: impl Fn() -> bool) {
    while !holds() {
        tokio::task::yield_now().await;
    }
}

async fn read_metrics(client: &Client, server: &Server) -> String {
    let address = server.metrics_address().unwrap();
    let metrics = client.get(format!("http://{address}/metrics"));
    metrics.send().await.unwrap().text().await.unwrap()
}

async fn status_and_error(response: Response) -> (StatusCode, String) {
    let status = response.status();
    let body: serde_json::Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
    (
        status,
        body["error"].as_str().unwrap_or_default().to_owned(),
    )
}

#[tokio::test]
async fn a_server_that_stops_answers_all_requests_and_accepts_no_more() {
    const HELD: usize = 50;
    let site = start_service_site().await;
    let server = start_server(&site.address, "").await;
    let address = server.address();
    let client = Client::new();
    let requests = (0..HELD).map(|_| tokio::spawn(ask(&client, &server, "{}").send()));
    let requests: Vec<_> = requests.collect();
    wait_until(|| site.calls.load(Ordering::SeqCst) == HELD).await;
    let stopping = tokio::spawn(server.stop());
    while tokio::net::TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    assert!(
        !stopping.is_finished(),
        "the requests wait for their answers"
    );
    site.allowed.add_permits(HELD);
    for request in requests {
        let response = request.await.unwrap().unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        let text = response.text().await.unwrap();
        assert!(!text.contains("extra"), "{text}");
    }
    stopping.await.unwrap();
}

#[tokio::test]
async fn no_more_than_the_allowed_number_of_calls_reach_the_service_site_at_once() {
    let site = start_service_site().await;
    let server = start_server(&site.address, "").await;
    let client = Client::new();
    let requests = (0..80).map(|_| tokio::spawn(ask(&client, &server, "{}").send()));
    let requests: Vec<_> = requests.collect();
    let all_wait = "pipit_session_calls_in_progress 80";
    while !read_metrics(&client, &server).await.contains(all_wait) {}
    wait_until(|| site.calls.load(Ordering::SeqCst) >= 64).await;
    assert_eq!(site.calls.load(Ordering::SeqCst), 64);
    site.allowed.add_permits(1);
    wait_until(|| site.calls.load(Ordering::SeqCst) == 65).await;
    site.allowed.add_permits(79);
    for request in requests {
        let response = request.await.unwrap().unwrap();
        assert_eq!(response.status(), StatusCode::OK);
    }
}

#[tokio::test]
async fn all_clients_together_have_a_limit_which_is_told_in_metrics_without_anything_of_a_visitor()
{
    let site = start_service_site().await;
    site.allowed.add_permits(2);
    let server = start_server(&site.address, "chats_per_minute_in_all = 2\nqueues = [7]").await;
    let client = Client::new();
    for _ in 0..2 {
        let response = ask(&client, &server, r#"{"firstName":"Mia","queueId":7}"#)
            .send()
            .await;
        assert_eq!(response.unwrap().status(), StatusCode::OK);
    }
    let other_queue = ask(&client, &server, r#"{"queueId":8}"#)
        .send()
        .await
        .unwrap();
    assert_eq!(
        other_queue.status(),
        StatusCode::BAD_REQUEST,
        "the queue is not listed"
    );
    let response = ask(&client, &server, r#"{"firstName":"Mia"}"#)
        .send()
        .await
        .unwrap();
    let retry_after = response.headers()["retry-after"].to_str().unwrap();
    assert!(
        (1..=60).contains(&retry_after.parse::<u32>().unwrap()),
        "{retry_after}"
    );
    let outcome = status_and_error(response).await;
    assert_eq!(
        outcome,
        (StatusCode::TOO_MANY_REQUESTS, "rate_limited".to_owned())
    );
    let metrics = read_metrics(&client, &server).await;
    for line in [
        r#"pipit_session_answers_total{status="200",error=""} 2"#,
        r#"pipit_session_answers_total{status="400",error="malformed"} 1"#,
        r#"pipit_session_answers_total{status="429",error="rate_limited"} 1"#,
        r#"pipit_session_logins_total{result="anonymous"} 3"#,
        "pipit_session_service_seconds_count 2",
        "pipit_session_calls_in_progress 0",
        "pipit_session_clients 1",
    ] {
        assert!(metrics.contains(line), "{line} is missing in\n{metrics}");
    }
    for text in ["Mia", "127.0.0.1", "shop.example"] {
        assert!(!metrics.contains(text), "{metrics}");
    }
}

#[tokio::test]
async fn other_addresses_are_not_found_and_metrics_are_on_their_own_port_only() {
    let site = start_service_site().await;
    let server = start_server(&site.address, "").await;
    let client = Client::new();
    let get = |path: &str| {
        client
            .get(format!("http://{}{path}", server.address()))
            .send()
    };
    let health = get("/health").await.unwrap();
    assert_eq!(health.headers()["cache-control"], "no-store");
    assert_eq!(health.text().await.unwrap(), r#"{"status":"ok"}"#);
    for path in [
        "/",
        "/metrics",
        "/chat-session/",
        "/chat-session/a",
        "/health/a",
    ] {
        let response = get(path).await.unwrap();
        assert_eq!(response.headers()["cache-control"], "no-store", "{path}");
        let outcome = status_and_error(response).await;
        assert_eq!(
            outcome,
            (StatusCode::NOT_FOUND, "not_found".to_owned()),
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_port_in_use_and_a_service_site_that_cannot_be_reached_are_named() {
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut settings = settings("http://127.0.0.1:1", "");
    settings.address = taken.local_addr().unwrap();
    let Err(error) = start(settings).await else {
        panic!("the port is taken");
    };
    let port = taken.local_addr().unwrap().port().to_string();
    assert!(error.to_string().contains(&port), "{error}");
    let server = start_server("http://127.0.0.1:1", "").await;
    let response = ask(&Client::new(), &server, "{}").send().await.unwrap();
    let outcome = status_and_error(response).await;
    assert_eq!(
        outcome,
        (StatusCode::BAD_GATEWAY, "service_unavailable".to_owned())
    );
}
