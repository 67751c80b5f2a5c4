//! [`Target`]: the server that is checked, and the requests to it.

use std::time::{Duration, Instant};

use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};

use crate::answer::Answer;

/// The longest wait for an answer. The server may hold a poll for 30 s (PAGE 004).
const TIMEOUT: Duration = Duration::from_secs(45);

/// The session id of a session that does not exist.
pub(crate) const UNKNOWN_SESSION: &str = "node0conformance0unknown";

/// A user of the service site, who may call `establishSessions` and `agentTokens`. It has no debug form.
#[derive(Clone)]
pub struct BasicUser {
    /// The name.
    pub name: String,
    /// The password. It is sent to the service site only, and never printed.
    pub password: String,
}

/// The server that is checked.
#[derive(Clone)]
pub struct Target {
    /// The chat server's address without a slash at the end, such as `https://chat.example.com`.
    pub base_url: String,
    /// The address of the service site, which makes the tokens. Often another host than the chat server.
    pub service_url: String,
    /// The site's name in the addresses (`fqSiteName`).
    pub site: String,
    /// The pool (a group of chat servers); empty if the site has none.
    pub pool: String,
    /// The user who is the agent, and who may also make visitors' sessions.
    pub user: BasicUser,
    /// The number of the user's account.
    pub account: i64,
    /// Whether the server is the sandbox of this repository, whose switches can move it to another pool.
    pub is_sandbox: bool,
}

/// Sends requests to a target.
pub(crate) struct Server {
    pub(crate) target: Target,
    http: Client,
}

impl Server {
    pub(crate) fn new(target: Target) -> Result<Self, String> {
        let http = Client::builder()
            .timeout(TIMEOUT)
            // A redirect could carry a session id to another host.
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| format!("the HTTP client cannot be made: {error}"))?;
        Ok(Self { target, http })
    }

    /// A request of a visitor. `session` is empty before the engagement exists.
    pub(crate) async fn consumer(&self, operation: &str, session: &str, body: &str) -> Answer {
        let request = self.http.post(self.address("consumer", operation));
        self.send(with_header(request, "SessionId", session), body)
            .await
    }

    /// The request `requestEngagement`, with this value of the header `Authorization`; none if it is empty.
    pub(crate) async fn request_engagement(&self, authorization: &str, body: &str) -> Answer {
        let request = self
            .http
            .post(self.address("consumer", "requestEngagement"));
        self.send(with_header(request, "Authorization", authorization), body)
            .await
    }

    /// A GET request of a visitor, with JSON in the query.
    pub(crate) async fn consumer_get(&self, operation: &str, request: &Value) -> Answer {
        let url = self.address("consumer", operation);
        let call = self
            .http
            .get(url)
            .query(&[("request", request.to_string())]);
        self.send(call, "").await
    }

    /// A request of an agent in this session.
    pub(crate) async fn agent(&self, operation: &str, session: &str, body: &Value) -> Answer {
        self.agent_with(operation, session, &self.target.account.to_string(), body)
            .await
    }

    /// A request of an agent, with these two headers. An empty one is not sent.
    pub(crate) async fn agent_with(
        &self,
        operation: &str,
        session: &str,
        account: &str,
        body: &Value,
    ) -> Answer {
        let request = self.http.post(self.address("agent", operation));
        let request = with_header(request, "X-JSESSIONID", session);
        self.send(with_header(request, "X-AID", account), &body.to_string())
            .await
    }

    /// A GET request of an agent, with JSON in the query.
    pub(crate) async fn agent_get(
        &self,
        operation: &str,
        session: &str,
        request: &Value,
    ) -> Answer {
        let url = self.address("agent", operation);
        let call = self
            .http
            .get(url)
            .query(&[("request", request.to_string())]);
        let call = with_header(call, "X-JSESSIONID", session);
        let account = self.target.account.to_string();
        self.send(with_header(call, "X-AID", &account), "").await
    }

    /// A request to another site's address, which does not exist.
    pub(crate) async fn unknown_site(&self, side: &str, operation: &str, session: &str) -> Answer {
        let url = self.address(side, operation);
        let url = url.replace(&self.target.site, "no_such_site_conformance");
        let account = self.target.account.to_string();
        let request = with_header(self.http.post(url), "X-JSESSIONID", session);
        self.send(with_header(request, "X-AID", &account), "{}")
            .await
    }

    /// A request with another method than the documented one.
    pub(crate) async fn wrong_method(&self, side: &str, operation: &str) -> Answer {
        let url = self.address(side, operation);
        self.send(self.http.request(Method::PUT, url), "{}").await
    }

    /// The log-on of the agent with a token.
    pub(crate) async fn log_on(&self, token: &str) -> Answer {
        let request = self
            .http
            .post(self.address("agent", "createAutomatedAgentSession"));
        self.send(request.bearer_auth(token), r#"{"logonOverride":false}"#)
            .await
    }

    /// A request to the service site with the Basic user.
    pub(crate) async fn service(&self, method: Method, name: &str, body: &str) -> Answer {
        let base = &self.target.service_url;
        let url = format!("{base}/services/rest/crossChannelServices/latest/{name}");
        let request = self
            .http
            .request(method, url)
            .basic_auth(&self.target.user.name, Some(&self.target.user.password))
            .header("OSvC-CREST-Application-Context", "pipit-conformance");
        self.send(request, body).await
    }

    /// A visitor's token.
    pub(crate) async fn establish_session(&self) -> Answer {
        let information = json!({"firstName": "Conformance", "question": "Is this server right?"});
        let body = json!({ "sessionInformation": information.to_string() });
        self.service(Method::POST, "establishSessions", &body.to_string())
            .await
    }

    /// A switch of the sandbox.
    pub(crate) async fn switch(&self, name: &str, body: &Value) -> Answer {
        let url = format!("{}/sandbox/{name}", self.target.base_url);
        self.send(self.http.post(url), &body.to_string()).await
    }

    fn address(&self, side: &str, operation: &str) -> String {
        let Target {
            base_url,
            site,
            pool,
            ..
        } = &self.target;
        let query = if pool.is_empty() {
            String::new()
        } else {
            format!("?pool={pool}")
        };
        format!("{base_url}/engagement/api/{side}/{site}/v1/{operation}{query}")
    }

    async fn send(&self, request: RequestBuilder, body: &str) -> Answer {
        let began = Instant::now();
        let request = request.header("Content-Type", "application/json; charset=utf-8");
        let answered = request.body(body.to_owned()).send().await;
        let (status, content_type, text) = match answered {
            Ok(response) => {
                let status = response.status().as_u16();
                let content_type = response.headers().get("content-type");
                let content_type = content_type.and_then(|value| value.to_str().ok());
                let content_type = content_type.unwrap_or_default().to_owned();
                (
                    status,
                    content_type,
                    response.text().await.unwrap_or_default(),
                )
            }
            Err(_) => (0, String::new(), String::new()),
        };
        Answer {
            status,
            content_type,
            json: serde_json::from_str(&text).unwrap_or(Value::Null),
            elapsed_ms: began.elapsed().as_millis(),
        }
    }
}

fn with_header(request: RequestBuilder, name: &str, value: &str) -> RequestBuilder {
    if value.is_empty() {
        request
    } else {
        request.header(name, value)
    }
}
