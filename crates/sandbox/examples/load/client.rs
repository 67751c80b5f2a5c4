//! Sends the requests of visitors and agents.

use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};

/// An HTTP client of the server.
#[derive(Clone)]
pub(crate) struct ApiClient {
    http: Client,
    url: String,
}

/// How a request identifies its sender.
pub(crate) enum Sender<'a> {
    Visitor { session: &'a str },
    Agent { session: &'a str, account: usize },
}

impl ApiClient {
    pub(crate) fn new(url: &str) -> Self {
        Self {
            http: Client::new(),
            url: url.to_owned(),
        }
    }

    /// Creates a visitor's session and starts the engagement. Returns the ids of the engagement and of the session.
    pub(crate) async fn start_visitor(&self) -> Result<(String, String), String> {
        let body = json!({"sessionInformation": "{}"});
        let request = self
            .service("establishSessions", "demo")
            .body(body.to_string());
        let token = send(request).await?;
        let path = "/engagement/api/consumer/pipit_demo/v1/requestEngagement?pool=297:1";
        let request = self.http.post(format!("{}{path}", self.url));
        let request = request
            .bearer_auth(text(&token, "channelToken")?)
            .body("{}");
        let started = send(request).await?;
        Ok((
            text(&started, "engagementIdString")?,
            text(&started, "sessionId")?,
        ))
    }

    /// Logs an agent on. Returns the session id.
    pub(crate) async fn log_on(&self, account: usize) -> Result<String, String> {
        let token = send(self.service("agentTokens", &account.to_string())).await?;
        let path = "/engagement/api/agent/pipit_demo/v1/createAutomatedAgentSession?pool=297:1";
        let request = self.http.post(format!("{}{path}", self.url));
        let request = request
            .bearer_auth(text(&token, "sessionToken")?)
            .body("{}");
        text(&send(request).await?, "sessionId")
    }

    /// Calls an operation.
    pub(crate) async fn call(
        &self,
        sender: Sender<'_>,
        operation: &str,
        body: &Value,
    ) -> Result<Value, String> {
        let side = match sender {
            Sender::Visitor { .. } => "consumer",
            Sender::Agent { .. } => "agent",
        };
        let path = format!("/engagement/api/{side}/pipit_demo/v1/{operation}?pool=297:1");
        let request = self.http.post(format!("{}{path}", self.url));
        let request = match sender {
            Sender::Visitor { session } => request.header("SessionId", session),
            Sender::Agent { session, account } => request
                .header("X-JSESSIONID", session)
                .header("X-AID", account),
        };
        send(request.body(body.to_string())).await
    }

    fn service(&self, name: &str, user: &str) -> RequestBuilder {
        let path = format!("/services/rest/crossChannelServices/latest/{name}");
        let request = self.http.post(format!("{}{path}", self.url));
        request
            .basic_auth(user, Some("demo"))
            .header("OSvC-CREST-Application-Context", "load")
    }
}

/// Sends a request, and reads the JSON of an answer with the status 200.
async fn send(request: RequestBuilder) -> Result<Value, String> {
    let failed = |error: reqwest::Error| error.to_string();
    let answer = request.send().await.map_err(failed)?;
    let status = answer.status();
    let body = answer.text().await.map_err(failed)?;
    if status != 200 {
        return Err(format!("{status}: {body}"));
    }
    serde_json::from_str(&body).map_err(|error| error.to_string())
}

fn text(answer: &Value, name: &str) -> Result<String, String> {
    let text = answer.get(name).and_then(Value::as_str);
    text.map(str::to_owned)
        .ok_or_else(|| format!("the answer has no {name}"))
}
