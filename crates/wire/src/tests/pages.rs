//! Tests that read the example bodies of Oracle's API reference. Each page has a request, a cURL command with a
//! request, and a response. Test names begin with the number of the page. `read_whole` also checks that the type
//! declares every member of the outermost object, and that writing the object gives the same JSON again.

use super::{fixture, read_whole};
use crate::agent::{
    self, AgentEcho, AgentMessage, AgentRequest, ChatConcludeEngagementResult, ChatPostResult,
    ChatRequestAssignmentResult, ClientReset, DestinationType, EngagementRequest, MessageType,
    RequestAssignmentRequest, RequestAssignmentResponse, Visibility,
};
use crate::consumer::{ClientRequest, DelayedSurvey, Echo, RequestEngagementResponse, ResultType};
use crate::vocabulary::SneakPreviewState;
use crate::{
    ClientId, ClientSendTime, EngagementId, Fields, Secret, SequenceNumber, ServiceTime, SurveyId,
    WireObject,
};

/// The members that every request of the agent API has.
fn agent_request(time_created: i64, sequence_number: i64) -> AgentRequest {
    AgentRequest {
        time_created: Some(time_created),
        sequence_number: Some(SequenceNumber(sequence_number)),
        ..AgentRequest::default()
    }
}

/// The request of page 000. The cURL command has the same body.
fn assignment_request() -> RequestAssignmentRequest {
    RequestAssignmentRequest {
        assignment_requested: true,
        idle_session_count: 0,
        max_session_count: 3,
        agent: agent_request(1_621_872_165_581, 7),
        unknown: Fields::default(),
    }
}

#[test]
fn page_000_request_assignment_request_is_read() {
    let request: RequestAssignmentRequest = read_whole(fixture!("page-000/request.json"));
    assert_eq!(request, assignment_request());
}

#[test]
fn page_000_request_assignment_curl_body_is_read() {
    let request: RequestAssignmentRequest = read_whole(fixture!("page-000/curl-body.json"));
    assert_eq!(request, assignment_request());
}

#[test]
fn page_000_request_assignment_response_is_read() {
    let response: RequestAssignmentResponse = read_whole(fixture!("page-000/response.json"));
    let expected = RequestAssignmentResponse {
        chat_request_assignment_result: Some(ChatRequestAssignmentResult {
            assignment_made: false,
            unknown: Fields::default(),
        }),
        echo: AgentEcho {
            chat_system_error: None,
            client_send_time: Some(ClientSendTime(Some(1_621_872_165_581))),
            service_start_time: Some(ServiceTime::EpochMillis(1_648_136_115_031)),
            service_finish_time: Some(ServiceTime::EpochMillis(1_648_136_115_059)),
            session_id: Some(Secret::new("node01j9pve9wgs1s2d5yd93qqs6nw0")),
            client_id: Some(ClientId(47)),
            sequence_number: Some(SequenceNumber(7)),
            unknown: Fields::default(),
        },
        unknown: Fields::default(),
    };
    assert_eq!(response, expected);
}

// The page prints the empty object `{}` for both requests.

#[test]
fn page_001_request_engagement_request_is_read() {
    let request: ClientRequest = read_whole(fixture!("page-001/request.json"));
    assert_eq!(request, ClientRequest::default());
}

#[test]
fn page_001_request_engagement_curl_body_is_read() {
    let request: ClientRequest = read_whole(fixture!("page-001/curl-body.json"));
    assert_eq!(request, ClientRequest::default());
}

#[test]
fn page_001_request_engagement_response_is_read() {
    let response: RequestEngagementResponse = read_whole(fixture!("page-001/response.json"));
    let expected = RequestEngagementResponse {
        result_type: ResultType::Success,
        engagement_id: Some(EngagementId(34)),
        session_id: Some(Secret::new("192hyto5qomm8r8rpzzmuzsa6")),
        sneak_preview_state: Some(SneakPreviewState::Disabled),
        sneak_preview_interval: Some(3_000),
        cancelled_survey_id: SurveyId(0),
        cancelled_survey_auth: String::new(),
        completed_survey_id: SurveyId(0),
        completed_survey_auth: String::new(),
        delayed_survey: DelayedSurvey::default(),
        echo: Echo {
            client_id: Some(ClientId(34)),
            client_request_time: None,
            client_transaction_id: 0,
            // 2018-10-16, 12:28:46.544 and 12:28:46.688 UTC.
            service_start_time: Some(ServiceTime::Iso(1_539_692_926_544)),
            service_finish_time: Some(ServiceTime::Iso(1_539_692_926_688)),
            unknown: Fields::default(),
        },
        unknown: Fields::default(),
    };
    assert_eq!(response, expected);
}

/// The request of page 002, `concludeChat`; it only names the engagement (the chat). The cURL command has the same
/// body.
fn conclude_request() -> EngagementRequest {
    EngagementRequest {
        engagement_id: EngagementId(1_000),
        agent: agent_request(1_618_317_020_415, 2),
        unknown: Fields::default(),
    }
}

#[test]
fn page_002_conclude_chat_request_is_read() {
    let request: EngagementRequest = read_whole(fixture!("page-002/request.json"));
    assert_eq!(request, conclude_request());
}

#[test]
fn page_002_conclude_chat_curl_body_is_read() {
    let request: EngagementRequest = read_whole(fixture!("page-002/curl-body.json"));
    assert_eq!(request, conclude_request());
}

#[test]
fn page_002_conclude_chat_response_is_read() {
    let printed = fixture!("page-002/response.as-printed.json");
    assert!(agent::ConcludeEngagementResponse::from_json(printed).is_err());
    // The page prints a comma after the last member of the result.
    let repaired = printed.replacen(r#""1000","#, r#""1000""#, 1);

    let response: agent::ConcludeEngagementResponse = read_whole(&repaired);
    let expected = agent::ConcludeEngagementResponse {
        chat_conclude_engagement_result: Some(ChatConcludeEngagementResult {
            engagement_id: Some(EngagementId(1_000)),
            unknown: Fields::default(),
        }),
        echo: AgentEcho {
            chat_system_error: None,
            client_send_time: Some(ClientSendTime(Some(1_618_302_560_000))),
            service_start_time: Some(ServiceTime::EpochMillis(1_647_960_946_752)),
            service_finish_time: Some(ServiceTime::EpochMillis(1_647_960_946_946)),
            session_id: Some(Secret::new("node01h8m13tljpm7ns8nayp0pid91")),
            client_id: Some(ClientId(939)),
            sequence_number: Some(SequenceNumber(2)),
            unknown: Fields::default(),
        },
        unknown: Fields::default(),
    };
    assert_eq!(response, expected);
}

/// The request of page 003. The body in the cURL command has another time.
fn post_request(time_created: i64) -> agent::PostMessageRequest {
    agent::PostMessageRequest {
        body: "Sample message text.".to_owned(),
        destination_id: 27,
        destination_type: DestinationType::Engagement,
        message_type: MessageType::Text,
        visibility: Some(Visibility::All),
        message_id: Some("1".to_owned()),
        rich_text: None,
        message_data_map: None,
        agent: agent_request(time_created, 5),
        unknown: Fields::default(),
    }
}

#[test]
fn page_003_post_message_request_is_read() {
    let request: agent::PostMessageRequest = read_whole(fixture!("page-003/request.json"));
    assert_eq!(request, post_request(1_621_869_388_454));
}

#[test]
fn page_003_post_message_curl_body_is_read() {
    let request: agent::PostMessageRequest = read_whole(fixture!("page-003/curl-body.json"));
    assert_eq!(request, post_request(1_618_317_020_415));
}

#[test]
fn page_003_post_message_response_is_read() {
    // `clientReset` is an int32 in the schema of the page, and the text "0" in this example.
    let response: agent::PostMessageResponse = read_whole(fixture!("page-003/response.json"));
    let expected = agent::PostMessageResponse {
        chat_post_result: Some(ChatPostResult {
            client_reset: ClientReset(0),
            unknown: Fields::default(),
        }),
        echo: AgentEcho {
            chat_system_error: None,
            client_send_time: Some(ClientSendTime(Some(1_564_598_688_444))),
            service_start_time: Some(ServiceTime::EpochMillis(1_653_492_901_569)),
            service_finish_time: Some(ServiceTime::EpochMillis(1_653_492_901_701)),
            session_id: Some(Secret::new("node01hyuckn70y6nm1g2hco4hrwlqq0")),
            client_id: Some(ClientId(47)),
            sequence_number: Some(SequenceNumber(5)),
            unknown: Fields::default(),
        },
        unknown: Fields::default(),
    };
    assert_eq!(response, expected);
}

#[test]
fn page_004_get_messages_request_is_read() {
    // The time is in 1975, as the page prints it.
    let request: AgentRequest = read_whole(fixture!("page-004/request.json"));
    assert_eq!(request, agent_request(160_444_022_000, 11));
}

#[test]
fn page_004_get_messages_curl_body_is_read() {
    let request: AgentRequest = read_whole(fixture!("page-004/curl-body.json"));
    assert_eq!(request, agent_request(160_444_022_000, 11));
}

#[test]
fn page_004_get_messages_response_is_read() {
    let response: agent::GetMessagesResponse = read_whole(fixture!("page-004/response.json"));
    let expected = agent::GetMessagesResponse {
        client_id: Some(ClientId(48)),
        sequence_number: Some(SequenceNumber(11)),
        session_id: Some(Secret::new("node01eirr916pfjman1bycclscdwl1")),
        // The page prints the text "null".
        client_send_time: ClientSendTime(None),
        response_sent_milliseconds: Some(1_653_509_828_320),
        // 2022-05-25, 20:17:08.315 and 20:17:08.323 UTC.
        service_start_time: Some(ServiceTime::Iso(1_653_509_828_315)),
        service_finish_time: Some(ServiceTime::Iso(1_653_509_828_323)),
        contains_disconnect: false,
        get_response_types: vec![AgentMessage::ChatGetTimeout(Box::default())],
        unknown: Fields::default(),
    };
    assert_eq!(response, expected);
}
