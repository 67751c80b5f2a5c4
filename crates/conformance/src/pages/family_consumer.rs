//! FAMILY, consumer: how a visitor's session is made, and the visitor's operations beside `requestEngagement`. None of the
//! five pages documents them.

use reqwest::Method;
use serde_json::{Value, json};

use crate::answer::{Form, all};
use crate::run::{Run, arrived};
use crate::server::UNKNOWN_SESSION;
use crate::statement::{Statement, statement};

pub(crate) const STATEMENTS: &[Statement] = &[
    statement(
        "F.1",
        "establishSessions makes a visitor's session",
        "200 with the texts siteName, channelToken and sessionServerResponse",
    ),
    statement(
        "F.2",
        "sessionServerResponse is a text that contains JSON",
        "domain and pool in it are texts",
    ),
    statement(
        "F.3",
        "getQueueStats is a GET with JSON in the query",
        "200 with the number availableAgentSessions",
    ),
    statement(
        "F.4",
        "getEngagementQueue is a GET with JSON in the query",
        "200 with queueId, sent twice",
    ),
    statement(
        "F.5",
        "The consumer's getMessages has a list of messages",
        "systemMessages is a list, and each has a messageName",
    ),
    statement("F.6", "The visitor's postMessage completes", "200"),
    statement("F.7", "postMessage needs a body", "400"),
    statement("F.8", "The visitor's activity completes", "200"),
    statement(
        "F.9",
        "activity needs the mode LISTENING or RESPONDING",
        "400 without a mode, and with another",
    ),
    statement("F.10", "The consumer session identifier is unknown", "403"),
    statement("F.11", "The visitor's concludeEngagement completes", "200"),
    statement(
        "F.12",
        "concludeEngagement echoes the ids",
        "clientId, and clientTransactionId of the request, each sent twice",
    ),
    statement(
        "F.13",
        "RNEngagementParticipantAddedMessage informs the visitor of an agent",
        "it arrives with the role LEAD",
    ),
];

/// What can be asked before a visitor's engagement exists.
pub(crate) async fn check_before(run: &mut Run) {
    let answer = run.server.establish_session().await;
    let texts = ["siteName", "channelToken", "sessionServerResponse"];
    run.see(
        "F.1",
        all([answer.succeeds(), answer.members(&texts, Form::Text)]),
    );
    let inner = serde_json::from_str(&answer.text("sessionServerResponse"));
    let inner: Value = inner.unwrap_or_default();
    let texts = ["domain", "pool"].map(|name| crate::answer::member_of(&inner, name, Form::Text));
    run.see("F.2", all(texts));
    let request = json!({"queueId": 1, "chatProactiveAvailableType": "AGENTS"});
    let answer = run.server.consumer_get("getQueueStats", &request).await;
    let number = answer.member("availableAgentSessions", Form::Int32);
    run.see("F.3", all([answer.succeeds(), number]));
    let request = json!({"interfaceId": 1});
    let answer = run
        .server
        .consumer_get("getEngagementQueue", &request)
        .await;
    run.see("F.4", all([answer.succeeds(), answer.twin("queueId")]));
    // Not needed, and the tokens of the service site are checked where they are used.
    let _ = run
        .server
        .service(Method::GET, "serviceSettings/1", "")
        .await;
}

/// The visitor's side of the conversation.
pub(crate) async fn check_conversation(run: &mut Run) {
    let session = run.visitors.first().map(|visitor| visitor.session.clone());
    let session = session.unwrap_or_default();
    let answer = run.server.consumer("postMessage", &session, "{}").await;
    run.see("F.7", answer.has_status(400));
    for wrong in ["{}", r#"{"mode":"SLEEPING"}"#] {
        let answer = run.server.consumer("activity", &session, wrong).await;
        run.see("F.9", answer.has_status(400));
    }
    for operation in [
        "getMessages",
        "postMessage",
        "activity",
        "concludeEngagement",
    ] {
        let body = r#"{"body":"x","mode":"LISTENING"}"#;
        let answer = run.server.consumer(operation, UNKNOWN_SESSION, body).await;
        run.see("F.10", answer.has_status(403));
    }
    if let Some(answer) = run.poll_visitor(0).await {
        let list = answer.member("systemMessages", Form::List);
        let messages = answer.json["systemMessages"].as_array();
        let names = messages
            .into_iter()
            .flatten()
            .map(|message| crate::answer::member_of(message, "messageName", Form::Text));
        run.see("F.5", all(names).and(list));
    }
    let added = run
        .visitor_message(0, "RNEngagementParticipantAddedMessage", |added| {
            added["role"] == "LEAD"
        })
        .await;
    run.see("F.13", arrived(added.as_ref()));
}
