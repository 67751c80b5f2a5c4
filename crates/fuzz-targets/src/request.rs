//! The fuzz target for requests: the bodies, query parameters and URL paths of the consumer API (for visitors), the
//! bodies of the agent API, and the bodies with which a customer's own server asks Oracle's server for sessions. It also
//! checks the names of the operations of both APIs.

use percent_encoding::percent_decode_str;
use pipit_wire::consumer::{
    ActivityRequest, ClientRequest, CustomField, EngagementQueueRequest, QueueStatsRequest,
};
use pipit_wire::session::{EstablishSessionsRequest, SessionInformation};
use pipit_wire::{WireObject, agent, consumer};

use crate::round_trip::{Body, check_error};

/// Reads the bytes as the body of each request, and uses them as parts of a URL. Panics if `pipit-wire` breaks one of its
/// promises: for example, an object that was read must be the same after it is written and read again.
pub fn request(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    // If the text cannot be read, checks that the error states the true reason. One type stands for all requests here.
    check_error::<consumer::PostMessageRequest>(&text);
    check_addresses(&text);
    let Some(body) = Body::parse(data) else {
        return;
    };
    check_consumer_bodies(&body);
    check_agent_bodies(&body);
    check_backend_bodies(&body);
}

/// Reads the body as each request of the consumer API, and checks the query parameters.
fn check_consumer_bodies(body: &Body<'_>) {
    body.object::<ClientRequest>();
    body.object::<consumer::PostMessageRequest>();
    body.object::<ActivityRequest>();
    body.object::<CustomField>();
    // `297:1` is a pool: a group of chat servers.
    if let Some(request) = body.object::<QueueStatsRequest>() {
        check_parameter(&request, &request.path("site", Some("297:1")));
    }
    if let Some(request) = body.object::<EngagementQueueRequest>() {
        check_parameter(&request, &request.path("site", None));
    }
}

/// Reads the body as each request of the agent API.
fn check_agent_bodies(body: &Body<'_>) {
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

/// Reads the body as the requests that a customer's own server sends. One of them contains a JSON text within its JSON.
fn check_backend_bodies(body: &Body<'_>) {
    body.object::<EstablishSessionsRequest>();
    if let Some(information) = body.object::<SessionInformation>() {
        let inner = EstablishSessionsRequest::of(&information).session_information;
        assert!(SessionInformation::from_json(&inner).is_ok(), "{inner}");
    }
}

/// Checks that the query parameter `request` of a path is the JSON of the request, percent-encoded, and that the path
/// has only the characters of a URL.
fn check_parameter(request: &impl WireObject, path: &str) {
    let (_, encoded) = path.split_once("request=").unwrap_or_default();
    let decoded = percent_decode_str(encoded).decode_utf8_lossy();
    assert_eq!(decoded, request.to_json());
    assert!(has_only_url_characters(path), "{path}");
}

/// Uses a text as the name of an operation, of a site (the customer's account) and of a pool. Checks that an operation has
/// the name by which it was found, and that no text can change the structure of the URL.
fn check_addresses(text: &str) {
    if let Some(operation) = consumer::Operation::from_name(text) {
        assert_eq!(operation.name(), text);
    }
    if let Some(operation) = agent::Operation::from_name(text) {
        assert_eq!(operation.name(), text);
    }
    let path = consumer::Operation::PostMessage.path(text, Some(text));
    assert!(has_only_url_characters(&path), "{path}");
    let segments: Vec<&str> = path.split(['/', '?', '=']).collect();
    // The path is `/engagement/api/consumer/SITE/…`, and the first segment is empty.
    let decoded_site = segments
        .get(4)
        .map(|segment| percent_decode_str(segment).decode_utf8_lossy());
    assert_eq!(
        decoded_site.as_deref(),
        Some(text),
        "the site stays one segment of the path"
    );
}

/// Whether a path has only separators, `%`, and characters that need no percent-encoding in a URL.
fn has_only_url_characters(path: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%:/?=&".contains(&byte);
    path.bytes().all(is_allowed)
}
