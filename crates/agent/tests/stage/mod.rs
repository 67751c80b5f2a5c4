//! What the tests play with: the sandbox, its switches, a visitor by raw requests, a `fetch` that
//! somebody has replaced.

mod consumer;
mod fetch;

use pipit_agent::{AgentSession, Retrieval, Service};
use pipit_fetch::{AbortOnDrop, Answer, Call, Cookies};
use pipit_wire::agent::{AgentMessage, ChatEngagementAssignment};
use pipit_wire::session::{AGENT_TOKENS_PATH, AgentTokensResponse};
use pipit_wire::{AccountId, WireObject as _};
use serde_json::json;

pub(crate) use consumer::Consumer;
pub(crate) use fetch::Fetch;

/// `demo` / `demo`.
const BASIC: &str = "Basic ZGVtbzpkZW1v";
/// More batches without what is waited for mean that it will not come.
const PATIENCE: usize = 10;

fn api() -> &'static str {
    let Some(url) = option_env!("PIPIT_SANDBOX") else {
        panic!("build these tests with PIPIT_SANDBOX=http://127.0.0.1:PORT, a sandbox's API");
    };
    url.trim_end_matches('/')
}

pub(crate) fn service() -> Service {
    Service {
        base_url: api().to_owned(),
        site: "pipit_demo".to_owned(),
        pool: Some("297:1".to_owned()),
    }
}

async fn post(path: &str, headers: Vec<(&'static str, String)>, body: String) -> Answer {
    let call = Call {
        url: [api(), path].concat(),
        headers,
        body,
        cookies: Cookies::Omit,
        timeout_ms: Some(10_000),
    };
    let answer = pipit_fetch::post(call, &AbortOnDrop::new()).await.unwrap();
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    answer
}

/// Sets a switch of the sandbox.
pub(crate) async fn switch(name: &str, body: &str) {
    post(&format!("/sandbox/{name}"), Vec::new(), body.to_owned()).await;
}

/// Forgets everything, and holds polls for so short a time that a test soon knows what will not
/// come.
pub(crate) async fn clear() {
    switch("reset", "{}").await;
    switch("config", r#"{"hold_ms":1000}"#).await;
}

/// An agent with both halves.
pub(crate) struct Agent {
    pub(crate) session: AgentSession,
    pub(crate) retrieval: Retrieval,
    /// Messages that were heard and not asked for yet.
    heard: Vec<AgentMessage>,
}

impl Agent {
    /// An agent who has logged on and wants engagements.
    pub(crate) async fn available(account: i64, name: &str) -> Self {
        let body = json!({"accountId": account, "name": name}).to_string();
        let headers = vec![("Authorization", BASIC.to_owned())];
        let answer = post(AGENT_TOKENS_PATH, headers, body).await;
        let token = AgentTokensResponse::from_json(&answer.body).unwrap();
        let logged_on = AgentSession::log_on(service(), AccountId(account), token.session_token);
        let (session, retrieval) = logged_on.await.unwrap();
        session.set_available(true).await.unwrap();
        session.request_assignment(0, 3).await.unwrap();
        Self {
            session,
            retrieval,
            heard: Vec::new(),
        }
    }

    pub(crate) async fn assigned(&mut self) -> ChatEngagementAssignment {
        self.next(|message| match message {
            AgentMessage::ChatEngagementAssignment(assignment) => Some(*assignment),
            _ => None,
        })
        .await
    }

    /// The first message that is wanted; those before it are skipped.
    pub(crate) async fn next<T>(&mut self, wanted: impl Fn(AgentMessage) -> Option<T>) -> T {
        for _ in 0..PATIENCE {
            while !self.heard.is_empty() {
                if let Some(found) = wanted(self.heard.remove(0)) {
                    return found;
                }
            }
            self.heard = self.retrieval.next().await.unwrap();
        }
        panic!("the message that was waited for has not come");
    }
}
