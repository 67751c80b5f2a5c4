//! Tests of CORS: which web pages may read the answers of the API.

use pipit_sandbox::Options;
use reqwest::{Method, Response};

use crate::test_client::TestClient;

async fn preflight(client: &TestClient, origin: &str) -> Response {
    let path = "/engagement/api/consumer/pipit_demo/v1/requestEngagement";
    let request = client.api(Method::OPTIONS, path).header("Origin", origin);
    let request = request.header("Access-Control-Request-Method", "POST");
    let headers = request.header(
        "Access-Control-Request-Headers",
        "authorization,content-type",
    );
    headers.send().await.unwrap()
}

fn header<'a>(response: &'a Response, name: &str) -> Option<&'a str> {
    Some(response.headers().get(name)?.to_str().unwrap())
}

#[tokio::test]
async fn pages_of_this_machine_and_of_listed_origins_may_read_answers() {
    let client = TestClient::with(Options {
        allowed_origins: vec!["https://shop.example".to_owned()],
        ..Options::default()
    })
    .await;
    for origin in [
        "http://127.0.0.1:8460",
        "http://localhost:8080",
        "https://shop.example",
    ] {
        let answer = preflight(&client, origin).await;
        assert_eq!(answer.status(), 204);
        assert_eq!(header(&answer, "access-control-allow-origin"), Some(origin));
        let allowed = header(&answer, "access-control-allow-headers").unwrap();
        for name in [
            "Content-Type",
            "Authorization",
            "SessionId",
            "X-JSESSIONID",
            "X-AID",
        ] {
            assert!(allowed.contains(name), "{allowed}");
        }
        assert!(header(&answer, "access-control-max-age").is_some());
        assert_eq!(header(&answer, "vary"), Some("Origin"));
    }
}

#[tokio::test]
async fn other_origins_get_no_cors_headers() {
    let client = TestClient::new().await;
    for origin in [
        "https://evil.example",
        "http://127.0.0.1.evil.example",
        "http://localhost.evil.example:80",
        "http://127.0.0.1:80:80",
        "null",
    ] {
        let answer = preflight(&client, origin).await;
        assert_eq!(
            header(&answer, "access-control-allow-origin"),
            None,
            "{origin}"
        );
        assert_eq!(
            header(&answer, "access-control-allow-headers"),
            None,
            "{origin}"
        );
        let answer = client
            .api(Method::GET, "/sandbox/state")
            .header("Origin", origin);
        let answer = answer.send().await.unwrap();
        assert_eq!(
            header(&answer, "access-control-allow-origin"),
            None,
            "{origin}"
        );
    }
}

#[tokio::test]
async fn pages_of_allowed_origins_can_also_read_refusals() {
    let client = TestClient::new().await;
    let origin = "http://localhost:8460";
    let answer = client
        .consumer("getMessages")
        .header("Origin", origin)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 403);
    assert_eq!(header(&answer, "access-control-allow-origin"), Some(origin));
}
