//! What the tests need: an agent, a visitor, requests to the sandbox (the chat server for tests) and its switches, and a
//! replacement of the page's `fetch`.

mod consumer;
mod replaced_fetch;

use pipit_agent::{AgentSession, MessageReceiver, ServiceAddress};
use pipit_fetch::{AbortOnDrop, Answer, Call, Cookies};
use pipit_wire::agent::{AgentMessage, ChatEngagementAssignment};
use pipit_wire::session::{AGENT_TOKENS_PATH, APPLICATION_CONTEXT_HEADER, AgentTokensResponse};
use pipit_wire::{AccountId, WireObject as _};

pub(crate) use consumer::Consumer;
pub(crate) use replaced_fetch::ReplacedFetch;

/// The header value of Basic authentication as `12` with the password `demo`: the agent Ana Marques.
const BASIC_ANA: &str = "Basic MTI6ZGVtbw==";
/// The header value of Basic authentication as `demo` with the password `demo`.
const BASIC: &str = "Basic ZGVtbzpkZW1v";
/// The header value of Basic authentication as `13` with the password `demo`: the agent Ben Okafor.
const BASIC_BEN: &str = "Basic MTM6ZGVtbw==";
/// The number of polls after which a test that waits for a message fails.
const MAX_BATCHES: usize = 10;

/// The address of the sandbox's API, without a slash at the end.
fn api() -> &'static str {
    let Some(url) = option_env!("PIPIT_SANDBOX") else {
        panic!("build these tests with PIPIT_SANDBOX=http://127.0.0.1:PORT, a sandbox's API");
    };
    url.trim_end_matches('/')
}

/// The address of the sandbox's demo site.
pub(crate) fn service_address() -> ServiceAddress {
    ServiceAddress {
        base_url: api().to_owned(),
        site: "pipit_demo".to_owned(),
        pool: Some("297:1".to_owned()),
    }
}

/// Sends a POST request, and checks that the status of the answer is 200.
async fn post(path: &str, headers: Vec<(&'static str, String)>, body: String) -> Answer {
    let call = Call {
        url: [api(), path].concat(),
        headers,
        body,
        cookies: Cookies::Omit,
        is_repeatable: false,
        outlives_page: false,
        timeout_ms: Some(10_000),
    };
    let answer = pipit_fetch::post(call, &AbortOnDrop::new()).await.unwrap();
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    answer
}

/// Uses a switch of the sandbox, which is an operation for tests, such as `reset`.
pub(crate) async fn switch(name: &str, body: &str) {
    post(&format!("/sandbox/{name}"), Vec::new(), body.to_owned()).await;
}

/// Resets the sandbox, and makes it hold polls for 1 s only, so that a test does not wait long if no message arrives.
pub(crate) async fn reset_sandbox() {
    switch("reset", "{}").await;
    switch("config", r#"{"hold_ms":1000}"#).await;
}

/// An agent who is logged on, with both halves of the session.
pub(crate) struct Agent {
    pub(crate) session: AgentSession,
    pub(crate) receiver: MessageReceiver,
    /// Messages that no call of `next` has returned yet.
    received: Vec<AgentMessage>,
}

impl Agent {
    /// Logs an agent on, makes the agent available, and asks for an engagement.
    pub(crate) async fn available(account: i64) -> Self {
        let basic = if account == 13 { BASIC_BEN } else { BASIC_ANA };
        let headers = vec![
            ("Authorization", basic.to_owned()),
            (APPLICATION_CONTEXT_HEADER, "test".to_owned()),
        ];
        // The Basic user is the agent, so the request has no body.
        let answer = post(AGENT_TOKENS_PATH, headers, String::new()).await;
        let token = AgentTokensResponse::from_json(&answer.body).unwrap();
        let logged_on =
            AgentSession::log_on(service_address(), AccountId(account), token.session_token);
        let (session, receiver) = logged_on.await.unwrap();
        session.set_available(true).await.unwrap();
        session.request_assignment(0, 3).await.unwrap();
        Self {
            session,
            receiver,
            received: Vec::new(),
        }
    }

    /// Waits for the next assignment.
    pub(crate) async fn next_assignment(&mut self) -> ChatEngagementAssignment {
        self.next(|message| match message {
            AgentMessage::ChatEngagementAssignment(assignment) => Some(*assignment),
            _ => None,
        })
        .await
    }

    /// Waits for the first message for which `select` returns a value. Earlier messages are skipped.
    pub(crate) async fn next<T>(&mut self, select: impl Fn(AgentMessage) -> Option<T>) -> T {
        for _ in 0..MAX_BATCHES {
            while !self.received.is_empty() {
                if let Some(found) = select(self.received.remove(0)) {
                    return found;
                }
            }
            self.received = self.receiver.next().await.unwrap();
        }
        panic!("the expected message has not arrived");
    }
}
