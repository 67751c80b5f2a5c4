//! Tests of the operations of Oracle's chat APIs: their names and HTTP methods, their addresses (path and query), and
//! the HTTP statuses and exception codes that their responses can have. An address names a site (one customer's
//! installation) and a pool (a group of chat servers).
//!
//! A mark before an assertion says where its values come from. PAGE nnn: documented on that page of Oracle's API
//! reference. FOUND: seen in Oracle's own clients or answers.

use crate::consumer::{EngagementQueueRequest, Method, ProactiveAvailableType, QueueStatsRequest};
use crate::url::{encode_path_segment, encode_query_value};
use crate::{EngagementId, ExceptionCode, Fields, QueueId, agent, consumer};

#[test]
fn consumer_operations_have_these_names_and_methods() {
    let names_and_methods: Vec<_> = consumer::Operation::ALL
        .iter()
        .map(|operation| (operation.name(), operation.method()))
        .collect();
    let expected = [
        ("requestEngagement", Method::Post),
        ("getMessages", Method::Post),
        ("postMessage", Method::Post),
        ("activity", Method::Post),
        ("concludeEngagement", Method::Post),
        ("getQueueStats", Method::Get),
        ("getEngagementQueue", Method::Get),
    ];
    assert_eq!(names_and_methods, expected);
    for operation in consumer::Operation::ALL {
        assert_eq!(
            consumer::Operation::from_name(operation.name()),
            Some(*operation)
        );
    }
    // This operation belongs to the agent API.
    assert_eq!(consumer::Operation::from_name("concludeChat"), None);
}

#[test]
fn agent_operations_have_these_names() {
    let names: Vec<_> = agent::Operation::ALL
        .iter()
        .map(|operation| operation.name())
        .collect();
    let expected = [
        "createAutomatedAgentSession",
        "setActivityStatus",
        "requestAssignment",
        "assignmentAcknowledgement",
        "getMessages",
        "postMessage",
        "setInteractionStatus",
        "concludeChat",
        "releaseChat",
        "setEngagementProperty",
        "modifyProperties",
        "retrieveAgentsAndQueues",
        "rerouteEngagement",
        "rerouteAvailability",
        "logoff",
    ];
    assert_eq!(names, expected);
    for operation in agent::Operation::ALL {
        assert_eq!(
            agent::Operation::from_name(operation.name()),
            Some(*operation)
        );
    }
    // This operation belongs to the consumer API.
    assert_eq!(agent::Operation::from_name("concludeEngagement"), None);
}

/// `rerouteAvailability` is the only operation of agents that is a GET (FOUND), with its request in the query.
#[test]
fn an_agents_get_request_is_in_the_query() {
    let gets: Vec<_> = agent::Operation::ALL
        .iter()
        .filter(|operation| operation.method() == Method::Get)
        .collect();
    assert_eq!(gets, [&agent::Operation::RerouteAvailability]);
    let request = agent::RerouteAvailabilityRequest {
        engagement_id: EngagementId(9_007_199_254_740_993),
        unknown: Fields::default(),
    };
    let path =
        agent::Operation::RerouteAvailability.path_with_request("site", Some("297:1"), &request);
    assert_eq!(
        path,
        "/engagement/api/agent/site/v1/rerouteAvailability?pool=297:1\
         &request=%7B%22engagementId%22:9007199254740993%7D"
    );
}

/// The expected addresses are those in the cURL commands of Oracle's API reference.
#[test]
fn addresses_are_those_of_the_api_reference() {
    let consumer_site = "day119_181100_sql_238h";
    let agent_site = "day001_221100_sql_001h";
    let pool = Some("297:1");
    assert_eq!(
        consumer::Operation::RequestEngagement.path(consumer_site, pool),
        "/engagement/api/consumer/day119_181100_sql_238h/v1/requestEngagement?pool=297:1"
    );
    for operation in [
        agent::Operation::RequestAssignment,
        agent::Operation::ConcludeChat,
        agent::Operation::PostMessage,
        agent::Operation::GetMessages,
    ] {
        let name = operation.name();
        assert_eq!(
            operation.path(agent_site, pool),
            format!("/engagement/api/agent/day001_221100_sql_001h/v1/{name}?pool=297:1")
        );
    }
}

#[test]
fn an_address_without_a_pool_has_no_query() {
    // An empty name counts as no pool.
    for pool in [None, Some("")] {
        assert_eq!(
            agent::Operation::Logoff.path("site", pool),
            "/engagement/api/agent/site/v1/logoff"
        );
    }
}

/// A colon stays in the query, because Oracle's examples contain `pool=297:1`.
#[test]
fn site_and_pool_are_encoded() {
    assert_eq!(
        consumer::Operation::GetMessages.path("a/b?c#d é", Some("1:2&x=3 %")),
        "/engagement/api/consumer/a%2Fb%3Fc%23d%20%C3%A9/v1/getMessages?pool=1:2%26x%3D3%20%25"
    );
    assert_eq!(encode_path_segment("Az09-._~:"), "Az09-._~%3A");
    assert_eq!(encode_query_value("Az09-._~:+"), "Az09-._~:%2B");
}

#[test]
fn queue_requests_are_sent_in_the_query() {
    let stats = QueueStatsRequest {
        queue_id: QueueId(5),
        chat_proactive_available_type: ProactiveAvailableType::Sessions,
        unknown: Fields::default(),
    };
    let request = "%7B%22chatProactiveAvailableType%22:%22SESSIONS%22%2C%22queueId%22:5%7D";
    assert_eq!(
        stats.path("site", Some("297:1")),
        format!("/engagement/api/consumer/site/v1/getQueueStats?pool=297:1&request={request}")
    );
    let queue = EngagementQueueRequest {
        interface_id: Some(1),
        ..EngagementQueueRequest::default()
    };
    assert_eq!(
        queue.path("site", None),
        "/engagement/api/consumer/site/v1/getEngagementQueue?request=%7B%22interfaceId%22:1%7D"
    );
}

#[test]
fn statuses_are_those_that_oracle_documents_or_uses() {
    // PAGE 001.
    assert_eq!(
        consumer::Operation::RequestEngagement.statuses(),
        [200, 400, 403, 404, 408, 409, 500]
    );
    // PAGE 000, 002, 003, 004.
    assert_eq!(agent::Operation::STATUSES, [200, 400, 403, 404, 500]);
    // FOUND.
    for (operation, statuses) in [
        (
            consumer::Operation::PostMessage,
            &[200, 400, 403, 404, 409, 500][..],
        ),
        (consumer::Operation::Activity, &[200, 400, 403, 404, 500]),
        (
            consumer::Operation::GetEngagementQueue,
            &[200, 400, 404, 500],
        ),
    ] {
        assert_eq!(operation.statuses(), statuses);
    }
}

#[test]
fn exception_codes_are_those_that_oracle_documents_or_uses() {
    use agent::Operation;
    let codes = |operation: Operation| -> Vec<&str> {
        let codes = operation.exception_codes();
        codes.iter().map(ExceptionCode::as_str).collect()
    };
    // PAGE 000, PAGE 002.
    for operation in [Operation::RequestAssignment, Operation::ConcludeChat] {
        assert_eq!(
            codes(operation),
            [
                "ACCESS_DENIED",
                "UNKNOWN_EXCEPTION",
                "BAD_REQUEST",
                "INTERNAL_SERVER_ERROR",
            ]
        );
    }
    // PAGE 003.
    assert_eq!(
        codes(Operation::PostMessage),
        [
            "ACCESS_DENIED",
            "UNKNOWN_EXCEPTION",
            "CONFLICT",
            "UNDEFINED_CONDITION",
            "INVALID_FIELD",
        ]
    );
    // PAGE 004.
    assert_eq!(
        codes(Operation::GetMessages),
        [
            "ACCESS_DENIED",
            "UNKNOWN_EXCEPTION",
            "INTERNAL_SERVER_ERROR",
        ]
    );
    // FOUND: these two codes.
    assert!(codes(Operation::SetActivityStatus).contains(&"CONFLICT"));
    assert!(
        codes(Operation::CreateAutomatedAgentSession).contains(&"DEPENDENCY_APPLICATION_TIMEOUT")
    );
}
