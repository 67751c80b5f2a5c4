//! A chat server with a fault: it passes requests on to a sandbox, and changes the answers.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// The server. It ends when it is dropped.
pub(crate) struct BrokenServer {
    address: SocketAddr,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

struct Shared {
    behind: String,
    http: reqwest::Client,
    /// Changes the body of an answer. It gets the path of the request, too.
    change: fn(&str, &mut Value),
    /// Each token and each session id of an answer.
    secrets: Mutex<BTreeSet<String>>,
}

impl BrokenServer {
    pub(crate) async fn start(behind: &str, change: fn(&str, &mut Value)) -> Self {
        let shared = Arc::new(Shared {
            behind: behind.to_owned(),
            http: reqwest::Client::new(),
            change,
            secrets: Mutex::default(),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new()
            .fallback(pass_on)
            .with_state(Arc::clone(&shared));
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self {
            address,
            shared,
            task,
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The tokens and session ids that were answered.
    pub(crate) fn secrets(&self) -> BTreeSet<String> {
        self.shared.secrets.lock().unwrap().clone()
    }
}

impl Drop for BrokenServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn pass_on(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path_and_query().unwrap().to_string();
    let body = to_bytes(body, 1 << 20).await.unwrap();
    let url = format!("{}{path}", shared.behind);
    let mut headers = parts.headers;
    headers.remove("host");
    let call = shared.http.request(parts.method, url).headers(headers);
    let answer = call.body(body).send().await.unwrap();
    let status = answer.status();
    let content_type = answer.headers().get("content-type").cloned();
    let text = answer.text().await.unwrap();
    let text = match serde_json::from_str::<Value>(&text) {
        Ok(mut value) => {
            for name in ["sessionId", "channelToken", "sessionToken"] {
                if let Some(secret) = value.get(name).and_then(Value::as_str) {
                    shared.secrets.lock().unwrap().insert(secret.to_owned());
                }
            }
            (shared.change)(&path, &mut value);
            value.to_string()
        }
        Err(_) => text,
    };
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = StatusCode::from_u16(status.as_u16()).unwrap();
    if let Some(content_type) = content_type {
        response.headers_mut().insert("content-type", content_type);
    }
    response
}

/// Logs the agent with account 12 on, as somebody else would.
pub(crate) async fn log_on(url: &str) {
    let http = reqwest::Client::new();
    let tokens = format!("{url}/services/rest/crossChannelServices/latest/agentTokens");
    let request = http.post(tokens).basic_auth("demo", Some("demo"));
    let request = request.header("OSvC-CREST-Application-Context", "test");
    let text = request.send().await.unwrap().text().await.unwrap();
    let token: Value = serde_json::from_str(&text).unwrap();
    let token = token.get("sessionToken").and_then(Value::as_str).unwrap();
    let log_on = format!("{url}/engagement/api/agent/pipit_demo/v1/createAutomatedAgentSession");
    let answer = http
        .post(log_on)
        .bearer_auth(token)
        .body(json!({}).to_string());
    assert_eq!(answer.send().await.unwrap().status(), 200);
}
