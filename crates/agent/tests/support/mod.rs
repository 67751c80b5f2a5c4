//! What the tests need: a visitor, agents who are logged on, requests to the sandbox (the chat server for tests) and its switches, and a
//! replacement of the page's `fetch`.

mod consumer;
mod replaced_fetch;

use std::rc::Rc;

use pipit_agent::{Agent, FetchTransport, ServiceAddress};
use pipit_fetch::{AbortOnDrop, Answer, Call, Cookies};
use pipit_wire::AccountId;

pub(crate) use consumer::Consumer;
pub(crate) use replaced_fetch::ReplacedFetch;

/// The header value of Basic authentication as `demo` with the password `demo`.
const BASIC: &str = "Basic ZGVtbzpkZW1v";
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
        allowed_hosts: Vec::new(),
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

/// Logs an agent on, who then asks for engagements.
pub(crate) async fn sign_in(account: i64) -> Agent {
    let transport = Rc::new(FetchTransport);
    Agent::sign_in_at_sandbox(transport, api(), AccountId(account))
        .await
        .unwrap()
}
