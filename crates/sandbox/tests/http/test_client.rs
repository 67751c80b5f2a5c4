//! A client of a sandbox that uses only HTTP and JSON, and none of this repository's crates for the chat REST API.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use pipit_sandbox::{Options, Sandbox, start};
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Value, json};

/// A test fails if an expected answer does not arrive within this time.
const TIMEOUT: Duration = Duration::from_secs(20);

/// The variable of the environment that names the script of `npx pipit-sandbox`. If it is set, the tests that need no
/// special options test that program in place of this crate's server.
const SCRIPT: &str = "PIPIT_SANDBOX_SCRIPT";

/// An HTTP client with a sandbox of its own, on free ports.
pub(crate) struct TestClient {
    pub(crate) sandbox: TestedSandbox,
    pub(crate) http: Client,
}

/// The sandbox that is tested.
pub(crate) enum TestedSandbox {
    /// The server of this crate.
    Here(Sandbox),
    /// `npx pipit-sandbox`, and the address of its API.
    Script(Script, String),
}

impl TestedSandbox {
    /// Starts the script on a free port, and waits until it is ready.
    fn of_script(script: &Path) -> Self {
        let mut node = Command::new("node");
        let node = node.arg(script).args(["--port", "0"]);
        let mut child = node.stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = lines.next().unwrap().unwrap();
        let url = first.strip_prefix("api    ").unwrap().to_owned();
        assert!(lines.any(|line| line.unwrap() == "ready"));
        Self::Script(Script(child), url)
    }

    /// The API's address, without a slash at the end.
    pub(crate) fn api_url(&self) -> String {
        match self {
            Self::Here(sandbox) => sandbox.api_url(),
            Self::Script(_, url) => url.clone(),
        }
    }

    /// The site's address; `None` if there is no site.
    pub(crate) fn site_url(&self) -> Option<String> {
        match self {
            Self::Here(sandbox) => sandbox.site_url(),
            Self::Script(..) => None,
        }
    }

    /// Stops the sandbox in an orderly way.
    pub(crate) async fn stop(self) {
        match self {
            Self::Here(sandbox) => sandbox.stop().await,
            Self::Script(mut script, _) => {
                let id = script.0.id().to_string();
                Command::new("kill").arg(id).status().unwrap();
                assert!(script.0.wait().unwrap().success());
            }
        }
    }
}

/// The process of `npx pipit-sandbox`, which ends with its test.
pub(crate) struct Script(Child);

impl Drop for Script {
    fn drop(&mut self) {
        // An error means that the process has ended.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The status and the JSON body of an answer.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) json: Value,
}

/// A visitor whose engagement has begun.
pub(crate) struct Visitor {
    pub(crate) session: String,
    /// The answer to `requestEngagement`.
    pub(crate) started: Value,
}

/// An agent who is logged on.
#[derive(Clone)]
pub(crate) struct Agent {
    pub(crate) session: String,
    pub(crate) account: i64,
}

impl TestClient {
    pub(crate) async fn new() -> Self {
        match std::env::var_os(SCRIPT) {
            Some(script) => Self::of(TestedSandbox::of_script(Path::new(&script))),
            None => Self::with(Options::default()).await,
        }
    }

    pub(crate) async fn with(options: Options) -> Self {
        Self::of(TestedSandbox::Here(start(options).await.unwrap()))
    }

    fn of(sandbox: TestedSandbox) -> Self {
        let http = Client::builder().timeout(TIMEOUT).build().unwrap();
        Self { sandbox, http }
    }

    /// Starts a sandbox with a site that serves `tests/site`.
    pub(crate) async fn with_site() -> Self {
        let directory = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/site");
        Self::with(Options {
            site_dir: Some(directory),
            ..Options::default()
        })
        .await
    }

    /// A request to the API.
    pub(crate) fn api(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("{}{path}", self.sandbox.api_url());
        self.http.request(method, url)
    }

    pub(crate) fn post(&self, path: &str) -> RequestBuilder {
        self.api(Method::POST, path)
    }

    /// A request for an operation of the consumer (the visitor's client), without a session.
    pub(crate) fn consumer(&self, operation: &str) -> RequestBuilder {
        let path = format!("/engagement/api/consumer/pipit_demo/v1/{operation}?pool=297:1");
        let request = self.post(&path);
        request.header("Content-Type", "application/json; charset=utf-8")
    }

    /// A request for an operation of an agent, in the agent's session.
    pub(crate) fn agent(&self, agent: &Agent, operation: &str) -> RequestBuilder {
        let path = format!("/engagement/api/agent/pipit_demo/v1/{operation}?pool=297:1");
        let request = self.post(&path).header("X-JSESSIONID", &agent.session);
        request.header("X-AID", agent.account)
    }

    /// A visitor's token from `establishSessions`.
    pub(crate) async fn token(&self) -> String {
        let body = json!({"sessionInformation": r#"{"firstName":"Mia","question":"A kettle"}"#});
        let path = "/services/rest/crossChannelServices/latest/establishSessions";
        let request = self.post(path).basic_auth("demo", Some("demo"));
        let reply = send(request.body(body.to_string())).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        text(&reply.json["channelToken"])
    }

    /// Requests an engagement for a new visitor.
    pub(crate) async fn visitor(&self) -> Visitor {
        let token = self.token().await;
        let request = self.consumer("requestEngagement").bearer_auth(token);
        let reply = send(request.body("{}")).await;
        assert_eq!(reply.json["resultType"], "SUCCESS", "{reply:?}");
        Visitor {
            session: text(&reply.json["sessionId"]),
            started: reply.json,
        }
    }

    /// A request for an operation of the consumer, in the visitor's session.
    pub(crate) fn as_visitor(&self, visitor: &Visitor, operation: &str) -> RequestBuilder {
        self.consumer(operation)
            .header("SessionId", &visitor.session)
    }

    /// Polls once, and returns the visitor's messages.
    pub(crate) async fn messages(&self, visitor: &Visitor) -> Vec<Value> {
        let reply = send(self.as_visitor(visitor, "getMessages").body("{}")).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        reply.json["systemMessages"].as_array().unwrap().clone()
    }

    /// Polls until a message of this name arrives, and returns it.
    pub(crate) async fn wait_for_message(&self, visitor: &Visitor, name: &str) -> Value {
        let began = Instant::now();
        while began.elapsed() < TIMEOUT {
            let batch = self.messages(visitor).await;
            let found = batch.iter().find(|message| message["messageName"] == name);
            if let Some(found) = found {
                return found.clone();
            }
        }
        panic!("no message {name} arrived");
    }

    /// Logs on the agent with this account: 12 is the Basic user `demo`, 13 is `ben`.
    pub(crate) async fn log_on(&self, account: i64) -> Agent {
        self.create_agent_session(account, json!({})).await
    }

    /// Logs on an agent who is logged on already, and ends the earlier session id.
    pub(crate) async fn take_over(&self, account: i64) -> Agent {
        let request = json!({"logonOverride": true});
        self.create_agent_session(account, request).await
    }

    async fn create_agent_session(&self, account: i64, body: Value) -> Agent {
        let user = match account {
            12 => "demo".to_owned(),
            13 => "ben".to_owned(),
            other => other.to_string(),
        };
        let path = "/services/rest/crossChannelServices/latest/agentTokens";
        let request = self.post(path).basic_auth(user, Some("demo"));
        let request = request.header("OSvC-CREST-Application-Context", "test");
        let token = text(&send(request).await.json["sessionToken"]);
        let path = "/engagement/api/agent/pipit_demo/v1/createAutomatedAgentSession?pool=297:1";
        let request = self.post(path).bearer_auth(token).body(body.to_string());
        let reply = send(request).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        Agent {
            session: text(&reply.json["sessionId"]),
            account,
        }
    }

    pub(crate) async fn call_as_agent(
        &self,
        agent: &Agent,
        operation: &str,
        mut body: Value,
    ) -> Reply {
        body["timeCreated"] = json!(1_621_872_165_581_i64);
        body["sequenceNumber"] = json!(7);
        send(self.agent(agent, operation).body(body.to_string())).await
    }

    /// Starts a conversation between a visitor and an agent.
    pub(crate) async fn conversation(&self) -> (Visitor, Agent) {
        let visitor = self.visitor().await;
        let agent = self.log_on(12).await;
        self.accept_engagement(&agent, &visitor).await;
        self.wait_for_message(&visitor, "RNEngagementParticipantAddedMessage")
            .await;
        (visitor, agent)
    }

    /// Lets the agent ask for engagements and accept this one.
    pub(crate) async fn accept_engagement(&self, agent: &Agent, visitor: &Visitor) {
        let request =
            json!({"assignmentRequested": true, "idleSessionCount": 0, "maxSessionCount": 3});
        let reply = self
            .call_as_agent(agent, "requestAssignment", request)
            .await;
        assert_eq!(reply.status, 200, "{reply:?}");
        let accept = json!({
            "action": "ACCEPT", "actionType": "MANUAL", "assignmentType": "LEAD",
            "engagementId": visitor.started["engagementId"],
        });
        let reply = self
            .call_as_agent(agent, "assignmentAcknowledgement", accept)
            .await;
        assert_eq!(reply.status, 200, "{reply:?}");
    }

    pub(crate) async fn post_as_agent(
        &self,
        agent: &Agent,
        visitor: &Visitor,
        body: &str,
    ) -> Reply {
        let post = json!({
            "body": body, "destinationId": visitor.started["engagementId"],
            "destinationType": "ENGAGEMENT", "messageType": "TEXT", "visibility": "ALL",
            "messageDataMap": null, "messageId": "1", "richText": null,
        });
        self.call_as_agent(agent, "postMessage", post).await
    }

    pub(crate) async fn state(&self) -> Value {
        send(self.api(Method::GET, "/sandbox/state")).await.json
    }

    /// Sends a request to a switch of the sandbox: `/sandbox/…`.
    pub(crate) async fn switch(&self, name: &str, body: Value) -> Reply {
        let request = self.post(&format!("/sandbox/{name}"));
        send(request.body(body.to_string())).await
    }

    /// Waits until the state of the sandbox meets a condition. `what` names the condition if the test fails.
    pub(crate) async fn wait_until(&self, what: &str, condition: impl Fn(&Value) -> bool) {
        let began = Instant::now();
        while began.elapsed() < TIMEOUT {
            if condition(&self.state().await) {
                return;
            }
        }
        panic!("the state was not reached: {what}");
    }

    /// Waits until the server holds a poll of the first visitor, or, with false, until it holds none.
    pub(crate) async fn wait_until_polling(&self, is_polling: bool) {
        let condition = |state: &Value| state["engagements"][0]["session"]["polling"] == is_polling;
        self.wait_until(&format!("polling: {is_polling}"), condition)
            .await;
    }
}

/// Sends a request, and reads its answer.
pub(crate) async fn send(request: RequestBuilder) -> Reply {
    read(request.send().await.unwrap()).await
}

pub(crate) async fn read(response: Response) -> Reply {
    let status = response.status().as_u16();
    let body = response.text().await.unwrap();
    let json = serde_json::from_str(&body);
    Reply {
        status,
        json: json.unwrap_or_else(|_| panic!("{status} without JSON: {body}")),
    }
}

/// The text of a JSON value.
pub(crate) fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value} is no text"))
        .to_owned()
}
