//! Tests that read the eight message templates of `getMessages` (page 004 of Oracle's API reference). The page prints
//! them in a form that is not JSON: seven of them lack their last closing brace, and numbers are written as in Java
//! (`0L`). [`templates`] repairs the templates and fills them with values that are made from the members' names: a text
//! is the name itself, and a number is computed from the name. A member whose type is an enum therefore holds its own
//! name as an unknown text: `"mode".into()` is `Unknown("mode")`. Booleans and `null` stay as the page prints them.
//!
//! [`templates`]: super::templates

use super::fixture;
use super::templates::{missing_braces, number, read_template, text};
use crate::agent::{
    AgentInfo, AgentMessage, ChatActivitySignal, ChatConfigChangeNotification,
    ChatDisconnectNotification, ChatEngagementAssignment, ChatEngagementParticipantAdded,
    ChatPostMessage, ContactInfo, Envelope, Medium,
};
use crate::{AccountId, ChatSystemError, ClientId, EngagementId, Fields, QueueId, SequenceNumber};

/// The sender, destination, visibility and sequence number, which six of the eight messages have.
fn envelope() -> Envelope {
    Envelope {
        destination_id: Some(number("destinationId")),
        destination_type: Some("destinationType".into()),
        sender_id: Some(number("senderId")),
        sender_type: Some("senderType".into()),
        message_type: Some(text("messageType")),
        visibility: Some("visibility".into()),
        created_time: Some(number("createdTime")),
        sequence_number: Some(SequenceNumber(number("sequenceNumber"))),
        unknown: Fields::default(),
    }
}

fn engagement_id() -> EngagementId {
    EngagementId(number("engagementId"))
}

fn client_id() -> ClientId {
    ClientId(number("clientId"))
}

fn account_id() -> AccountId {
    AccountId(number("accountId"))
}

/// The media (means of communication) of the visitor or the agent.
fn media() -> Vec<Medium> {
    vec![Medium {
        kind: Some(text("type")),
        // An element of a list has no name, so it keeps the placeholder of the page.
        environment_error_list: Some(vec!["string".to_owned()]),
        auto_initiate: Some(false),
        unknown: Fields::default(),
    }]
}

#[test]
fn page_004_chat_activity_signal_is_read() {
    let printed = fixture!("page-004/ChatActivitySignal.as-printed.txt");
    assert_eq!(missing_braces(printed), 1);
    let content = ChatActivitySignal {
        engagement_id: Some(engagement_id()),
        client_id: Some(client_id()),
        mode: Some("mode".into()),
        sneak_preview_state: Some("sneakPreviewState".into()),
        sneak_preview_interval: Some(number("sneakPreviewInterval")),
        sneak_preview: Some(text("sneakPreview")),
        sneak_preview_focus: Some(false),
        envelope: envelope(),
        unknown: Fields::default(),
    };
    let expected = AgentMessage::ChatActivitySignal(Box::new(content));
    assert_eq!(read_template(printed), expected);
}

#[test]
fn page_004_chat_config_change_notification_is_read() {
    let printed = fixture!("page-004/ChatConfigChangeNotification.as-printed.txt");
    assert_eq!(missing_braces(printed), 1);
    let content = ChatConfigChangeNotification {
        name: Some(text("name")),
        value: Some(text("value")),
        domain: Some(text("domain")),
        port: Some(text("port")),
        pool: Some(text("pool")),
        // Only this message has a destination type and no destination id.
        envelope: Envelope {
            destination_id: None,
            ..envelope()
        },
        unknown: Fields::default(),
    };
    let expected = AgentMessage::ChatConfigChangeNotification(Box::new(content));
    assert_eq!(read_template(printed), expected);
}

#[test]
fn page_004_chat_disconnect_notification_is_read() {
    let printed = fixture!("page-004/ChatDisconnectNotification.as-printed.txt");
    assert_eq!(missing_braces(printed), 1);
    let content = ChatDisconnectNotification {
        engagement_id: Some(engagement_id()),
        client_id: Some(client_id()),
        reason: Some("reason".into()),
        role: Some("role".into()),
        envelope: envelope(),
        unknown: Fields::default(),
    };
    let expected = AgentMessage::ChatDisconnectNotification(Box::new(content));
    assert_eq!(read_template(printed), expected);
}

fn contact_info() -> ContactInfo {
    ContactInfo {
        custom_fields: Some(Vec::new()),
        first_name: Some(text("firstName")),
        last_name: Some(text("lastName")),
        email_address: Some(text("emailAddress")),
        interface_id: Some(number("interfaceId")),
        interface_language_code: Some(text("interfaceLanguageCode")),
        contact_id: Some(number("contactId")),
        org_id: Some(number("orgId")),
        session_id: Some(text("sessionId")),
        question: Some(text("question")),
        product_id: Some(number("productId")),
        category_id: Some(number("categoryId")),
        queue_id: Some(QueueId(number("queueId"))),
        browser: Some(text("browser")),
        user_agent: Some(text("userAgent")),
        ip_address: Some(text("ipAddress")),
        operating_system: Some(text("operatingSystem")),
        co_browse_enabled: Some(false),
        visitor_id: Some(text("visitorId")),
        engagement_engine_id: Some(text("engagementEngineId")),
        referrer_url: Some(text("referrerUrl")),
        engagement_engine_session_id: Some(text("engagementEngineSessionId")),
        co_browse_premium_supported: Some(number("coBrowsePremiumSupported")),
        media_list: Some(media()),
        estara_fsguid: Some(text("estaraFsguid")),
        unknown: Fields::default(),
    }
}

fn agent_info() -> AgentInfo {
    AgentInfo {
        client_id: Some(client_id()),
        name: Some(text("name")),
        account_id: Some(account_id()),
        profile_id: Some(number("profileId")),
        group_id: Some(number("groupId")),
        status: Some(text("status")),
        sub_type_id: Some(number("subTypeId")),
        media_list: Some(media()),
        unknown: Fields::default(),
    }
}

#[test]
fn page_004_chat_engagement_assignment_is_read() {
    let printed = fixture!("page-004/ChatEngagementAssignment.as-printed.txt");
    assert_eq!(missing_braces(printed), 1);
    let content = ChatEngagementAssignment {
        contact_info: Some(contact_info()),
        agent_info: Some(agent_info()),
        engagement_id: engagement_id(),
        engagement_create_time: Some(number("engagementCreateTime")),
        engagement_first_engaged_time: Some(number("engagementFirstEngagedTime")),
        seconds_engaged: Some(number("secondsEngaged")),
        queue_id: Some(QueueId(number("queueId"))),
        kind: Some(text("type")),
        request_source: Some("requestSource".into()),
        incident_id: Some(number("incidentId")),
        initiation_type: Some("initiationType".into()),
        async_request_id: Some(text("asyncRequestId")),
        consumer_id: Some(text("consumerId")),
        envelope: envelope(),
        unknown: Fields::default(),
    };
    let expected = AgentMessage::ChatEngagementAssignment(Box::new(content));
    assert_eq!(read_template(printed), expected);
}

#[test]
fn page_004_chat_engagement_participant_added_is_read() {
    let printed = fixture!("page-004/ChatEngagementParticipantAdded.as-printed.txt");
    assert_eq!(missing_braces(printed), 1);
    let content = ChatEngagementParticipantAdded {
        name: Some(text("name")),
        greeting: Some(text("greeting")),
        message_data_map: None,
        engagement_id: Some(engagement_id()),
        client_id: Some(client_id()),
        role: Some("role".into()),
        account_id: Some(account_id()),
        virtual_agent: Some(false),
        envelope: envelope(),
        unknown: Fields::default(),
    };
    let expected = AgentMessage::ChatEngagementParticipantAdded(Box::new(content));
    assert_eq!(read_template(printed), expected);
}

#[test]
fn page_004_chat_get_timeout_is_read() {
    let printed = fixture!("page-004/ChatGetTimeout.as-printed.txt");
    assert_eq!(missing_braces(printed), 0);
    let expected = AgentMessage::ChatGetTimeout(Box::default());
    assert_eq!(read_template(printed), expected);
}

#[test]
fn page_004_chat_post_message_is_read() {
    let printed = fixture!("page-004/ChatPostMessage.as-printed.txt");
    assert_eq!(missing_braces(printed), 1);
    let content = ChatPostMessage {
        body: "body".to_owned(),
        va_response: Some(text("vaResponse")),
        off_the_record: Some(false),
        rich_text: Some(false),
        message_data_map: None,
        message_id: Some(text("messageId")),
        envelope: envelope(),
        unknown: Fields::default(),
    };
    let expected = AgentMessage::ChatPostMessage(Box::new(content));
    assert_eq!(read_template(printed), expected);
}

#[test]
fn page_004_chat_system_error_is_read() {
    let printed = fixture!("page-004/ChatSystemError.as-printed.txt");
    assert_eq!(missing_braces(printed), 1);
    let content = ChatSystemError {
        error_condition: Some(text("errorCondition")),
        text: Some(text("text")),
        kind: Some(text("type")),
        unknown: Fields::default(),
    };
    let expected = AgentMessage::ChatSystemError(Box::new(content));
    assert_eq!(read_template(printed), expected);
}
