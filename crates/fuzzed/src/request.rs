//! What a chat server is asked: bodies, parameters and addresses of both sides, and what a page's
//! backend asks of the service site.

use percent_encoding::percent_decode_str;
use pipit_wire::consumer::{
    ActivityRequest, ClientRequest, CustomField, EngagementQueueRequest, QueueStatsRequest,
};
use pipit_wire::session::{EstablishSessionsRequest, SessionInformation};
use pipit_wire::{WireObject, agent, consumer};

use crate::wire::{Body, says_what_is_wrong};

/// The bytes are what a server reads of a request, of either side.
pub fn request(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    says_what_is_wrong::<consumer::PostMessageRequest>(&text);
    address(&text);
    let Some(body) = Body::of(data) else {
        return;
    };
    of_consumer(&body);
    of_agent(&body);
    of_backend(&body);
}

fn of_consumer(body: &Body<'_>) {
    body.object::<ClientRequest>();
    body.object::<consumer::PostMessageRequest>();
    body.object::<ActivityRequest>();
    body.object::<CustomField>();
    if let Some(request) = body.object::<QueueStatsRequest>() {
        parameter(&request, &request.path("site", Some("297:1")));
    }
    if let Some(request) = body.object::<EngagementQueueRequest>() {
        parameter(&request, &request.path("site", None));
    }
}

fn of_agent(body: &Body<'_>) {
    body.object::<agent::AgentRequest>();
    body.object::<agent::CreateAutomatedAgentSessionRequest>();
    body.object::<agent::SetActivityStatusRequest>();
    body.object::<agent::RequestAssignmentRequest>();
    body.object::<agent::AssignmentAcknowledgementRequest>();
    body.object::<agent::PostMessageRequest>();
    body.object::<agent::SetInteractionStatusRequest>();
    body.object::<agent::EngagementRequest>();
    body.object::<agent::LogoffRequest>();
}

fn of_backend(body: &Body<'_>) {
    body.object::<EstablishSessionsRequest>();
    if let Some(information) = body.object::<SessionInformation>() {
        let inner = EstablishSessionsRequest::of(&information).session_information;
        assert!(SessionInformation::from_json(&inner).is_ok(), "{inner}");
    }
}

/// A parameter of an address is what was written, percent-encoded.
fn parameter(request: &impl WireObject, path: &str) {
    let (_, encoded) = path.split_once("request=").unwrap_or_default();
    let decoded = percent_decode_str(encoded).decode_utf8_lossy();
    assert_eq!(decoded, request.to_json());
    assert!(is_plain(path), "{path}");
}

/// Any text may be the name of an operation, of a site or of a pool.
fn address(text: &str) {
    if let Some(operation) = consumer::Operation::from_name(text) {
        assert_eq!(operation.name(), text);
    }
    if let Some(operation) = agent::Operation::from_name(text) {
        assert_eq!(operation.name(), text);
    }
    let path = consumer::Operation::PostMessage.path(text, Some(text));
    assert!(is_plain(&path), "{path}");
    let parts: Vec<&str> = path.split(['/', '?', '=']).collect();
    let decoded = parts
        .get(4)
        .map(|part| percent_decode_str(part).decode_utf8_lossy());
    assert_eq!(
        decoded.as_deref(),
        Some(text),
        "the site stays one part of the path"
    );
}

/// Whether nothing in an address could be taken for something else.
fn is_plain(path: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%:/?=&".contains(&byte);
    path.bytes().all(is_plain)
}
