//! Tests of the site, which plays a customer's website, and of its backend.

use reqwest::Method;
use serde_json::{Value, json};

use crate::test_client::{TestClient, send, text};

fn site(client: &TestClient, method: Method, path: &str) -> reqwest::RequestBuilder {
    let url = format!("{}{path}", client.sandbox.site_url().unwrap());
    client.http.request(method, url)
}

#[tokio::test]
async fn files_have_their_media_types_and_browsers_must_revalidate_them() {
    let client = TestClient::with_site().await;
    for (path, media_type) in [
        ("/", "text/html"),
        ("/desk/", "text/html"),
        ("/shop.css", "text/css"),
        ("/desk/desk.js", "text/javascript"),
        ("/desk/desk.wasm", "application/wasm"),
        ("/shop.woff2", "font/woff2"),
    ] {
        let answer = site(&client, Method::GET, path).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        let content_type = answer.headers()["content-type"].to_str().unwrap();
        assert!(
            content_type.starts_with(media_type),
            "{path}: {content_type}"
        );
        assert_eq!(answer.headers()["cache-control"], "no-cache");
    }
    for path in ["/nothing.html", "/../main.rs", "/%2e%2e/http/main.rs"] {
        let answer = site(&client, Method::GET, path).send().await.unwrap();
        assert_eq!(answer.status(), 404, "{path}");
    }
}

#[tokio::test]
async fn the_backend_makes_sessions_and_agent_tokens_that_work() {
    let client = TestClient::with_site().await;
    for body in ["", "{}", r#"{"firstName":"Mia","question":"A kettle"}"#] {
        let session = send(site(&client, Method::POST, "/session").body(body))
            .await
            .json;
        let token = text(&session["channelToken"]);
        let request = client.consumer("requestEngagement").bearer_auth(token);
        assert_eq!(send(request.body("{}")).await.json["resultType"], "SUCCESS");
    }
    assert_eq!(
        send(site(&client, Method::GET, "/session")).await.status,
        405
    );

    let request = site(&client, Method::POST, "/agent-token").body(r#"{"accountId":13}"#);
    let answer = send(request).await.json;
    assert_eq!(
        (&answer["accountId"], &answer["siteName"]),
        (&json!(13), &json!("pipit_demo"))
    );
    assert_eq!(
        (&answer["domain"], &answer["pool"]),
        (&json!("127.0.0.1"), &json!("297:1"))
    );
    assert!(
        client
            .sandbox
            .api_url()
            .ends_with(&format!(":{}", answer["port"]))
    );
    let path = "/engagement/api/agent/pipit_demo/v1/createAutomatedAgentSession";
    let request = client.post(path).bearer_auth(text(&answer["sessionToken"]));
    assert_eq!(send(request.body("{}")).await.status, 200);
}

#[tokio::test]
async fn the_api_port_has_the_backend_too() {
    let client = TestClient::new().await;
    let answer = send(client.post("/session")).await;
    assert_eq!(answer.status, 200);
    assert!(answer.json["channelToken"].is_string());
}

#[tokio::test]
async fn behind_a_proxy_the_chat_server_has_the_address_of_the_page() {
    let client = TestClient::new().await;
    let post_from_page = |path: &str| client.post(path).header("Origin", "http://127.0.0.1:8080");
    let session = send(post_from_page("/behind-proxy/session")).await.json;
    let server: Value = serde_json::from_str(&text(&session["sessionServerResponse"])).unwrap();
    assert_eq!(
        (&server["domain"], &server["port"]),
        (&json!("127.0.0.1"), &json!("8080"))
    );
    let answer = send(post_from_page("/behind-proxy/agent-token")).await.json;
    assert_eq!(
        (&answer["domain"], &answer["port"]),
        (&json!("127.0.0.1"), &json!(8080))
    );
}

#[tokio::test]
async fn the_survey_page_lists_the_values_in_its_address_on_both_ports() {
    let client = TestClient::with_site().await;
    let path = "/ci/documents/detail/5/101/6/223/7/9007199254740993/12/k7Qm%2FZp%2B4w%3D%3D";
    let expected = "survey: 101\ntable: 223\nengagement: 9007199254740993\nauth: k7Qm/Zp+4w==\n";
    for request in [
        site(&client, Method::GET, path),
        client.api(Method::GET, path),
    ] {
        let answer = request.send().await.unwrap();
        assert!(
            answer.headers()["content-type"]
                .to_str()
                .unwrap()
                .starts_with("text/plain")
        );
        assert!(answer.text().await.unwrap().ends_with(expected));
    }
}
