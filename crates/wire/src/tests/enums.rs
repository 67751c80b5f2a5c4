//! Tests of the enums of the API: each enum has exactly the listed values, in this order, and each value has the listed
//! text. Two tests check the lists of message names. The enums and lists are grouped by the source of
//! their values, which a comment before each group names.
//!
//! PAGE nnn: documented on that page of Oracle's API reference. FOUND: seen in Oracle's own clients or answers.
//! INFERRED: our assumption.

use serde_json::Value;

use crate::ExceptionCode;
use crate::agent::{
    AgentMessage, AssignmentAction, AssignmentActionType, AssignmentType, AvailabilityStatus,
    DestinationType, InitiationType, MessageType, RequestSource, Visibility,
};
use crate::consumer::{
    ConsumerMode, CustomFieldType, FileAttachmentState, ProactiveAvailableType, ResultType,
    SystemMessage,
};
use crate::vocabulary::{ActivityMode, ConnectionState, DisconnectReason, Role, SneakPreviewState};

/// Declares the test of one enum. The arguments are the name of the test's module, the enum, and the texts of all
/// values, separated by blanks.
macro_rules! enum_test {
    ($module:ident, $name:ident, $texts:expr) => {
        mod $module {
            use super::*;

            #[test]
            fn has_these_values_and_keeps_other_texts() {
                let texts: Vec<&str> = $texts.split_whitespace().collect();
                let all: Vec<&str> = $name::ALL.iter().map($name::as_str).collect();
                assert_eq!(all, texts);
                for (value, text) in $name::ALL.iter().zip(&texts) {
                    assert_eq!($name::from(*text), *value);
                    assert_eq!(crate::WireValue::write(value), Value::from(*text));
                    assert!(
                        corresponds_to(&format!("{value:?}"), text),
                        "{value:?} {text}"
                    );
                }
                // A text in lower case is unknown too, because upper and lower case differ.
                for text in ["", "SOMETHING_NEW", &texts[0].to_lowercase()] {
                    let unknown = $name::from(text);
                    assert_eq!(unknown, $name::Unknown(text.to_owned()));
                    assert_eq!(unknown.as_str(), text);
                }
            }
        }
    };
}

/// Whether the name of a Rust variant corresponds to a text of the API, as `EndUser` corresponds to `END_USER`. The
/// API's own value UNKNOWN has a longer name (`UnknownSource`), because `Unknown` holds texts that are not in the list.
fn corresponds_to(name: &str, text: &str) -> bool {
    name.to_uppercase() == text.replace('_', "")
        || (text == "UNKNOWN" && name.starts_with("Unknown"))
}

// PAGE 003.

enum_test!(
    destination_type,
    DestinationType,
    "NONE AGENT END_USER ENGAGEMENT GROUP PROFILE QUEUE SUBSCRIPTION_AGENT_STATS \
     SUBSCRIPTION_AGENT_STATS_BY_GROUP SUBSCRIPTION_AGENT_STATS_BY_QUEUE \
     SUBSCRIPTION_AGENT_GROUP_STATS SUBSCRIPTION_ENGAGEMENT_STATS \
     SUBSCRIPTION_ENGAGEMENT_STATS_BY_QUEUE SUBSCRIPTION_ENGAGEMENT_STATS_BY_AGENT \
     SUBSCRIPTION_QUEUE_STATS SYSTEM UNIVERSAL_QUEUE UNKNOWN"
);
enum_test!(visibility, Visibility, "NONE ALL NOT_ENDUSER");
enum_test!(message_type, MessageType, "TEXT");

// PAGE 004.

enum_test!(
    request_source,
    RequestSource,
    "UNKNOWN STANDARD CUSTOM PROACTIVE SPROACTIVE WS_API CONDITIONAL_LINK \
     SYNDICATED_CONDITIONAL_LINK REST_API INLAY_CONDITIONAL_CHAT INLAY_EMBEDDED_CHAT \
     INLAY_PROACTIVE_CHAT MESSAGING_APPLE_BUSINESS_CHAT MESSAGING_FACEBOOK_MESSENGER \
     MESSAGING_GOOGLE_BUSINESS_MESSAGES MESSAGING_INSTAGRAM_DIRECT MESSAGING_SMS \
     MESSAGING_TWITTER_DIRECT MESSAGING_WECHAT MESSAGING_WHATSAPP"
);
enum_test!(
    disconnect_reason,
    DisconnectReason,
    "NONE AGENT_CONCLUDED END_USER_CONCLUDED QUEUE_TIMEOUT IDLE_TIMEOUT EJECTED \
     TRANSFERRED_TO_QUEUE PARTICIPANT_LEFT NO_AGENTS_AVAILABLE"
);
enum_test!(role, Role, "NONE END_USER CONFEREE LEAD MONITOR TRANSIENT");
enum_test!(
    initiation_type,
    InitiationType,
    "CONSUMER_STANDARD CONSUMER_TARGETED AGENT_INITIATED"
);

/// A tag is the name of a message in the agent API. The message is an object with this one member.
#[test]
fn agent_messages_have_these_tags() {
    let tags = [
        "ChatActivitySignal",
        "ChatConfigChangeNotification",
        "ChatDisconnectNotification",
        "ChatEngagementAssignment",
        "ChatEngagementParticipantAdded",
        "ChatGetTimeout",
        "ChatPostMessage",
        "ChatSystemError",
    ];
    assert_eq!(AgentMessage::NAMES, tags);
}

// PAGE 001. INFERRED: all values of `ResultType` except SUCCESS.

enum_test!(
    sneak_preview_state,
    SneakPreviewState,
    "NONE ENABLED DISABLED SITE_UNAVAILABLE SERVICE_UNAVAILABLE"
);
enum_test!(
    result_type,
    ResultType,
    "SUCCESS EXISTING_SESSION FAIL_OUT_OF_HOURS FAIL_HOLIDAY FAIL_NO_AGENTS_AVAIL \
     FAIL_RULE_DEQUEUE"
);

// PAGE 000, 002, 003, 004. FOUND: the last two values of `ExceptionCode`.

enum_test!(
    exception_code,
    ExceptionCode,
    "ACCESS_DENIED UNKNOWN_EXCEPTION BAD_REQUEST INTERNAL_SERVER_ERROR CONFLICT \
     UNDEFINED_CONDITION INVALID_FIELD ENGAGEMENT_ID_UNKNOWN DEPENDENCY_APPLICATION_TIMEOUT"
);

// FOUND.

enum_test!(
    activity_mode,
    ActivityMode,
    "NONE AWAY LISTENING RESEARCHING RESPONDING"
);
enum_test!(consumer_mode, ConsumerMode, "LISTENING RESPONDING");
enum_test!(
    assignment_action,
    AssignmentAction,
    "NONE ACCEPT DECLINE UNAVAILABLE AVAILABLE"
);
enum_test!(
    assignment_action_type,
    AssignmentActionType,
    "NONE MANUAL AUTO"
);
enum_test!(
    assignment_type,
    AssignmentType,
    "NONE CONFERENCE LEAD TRANSFER MONITOR"
);
enum_test!(
    proactive_available_type,
    ProactiveAvailableType,
    "AGENTS SESSIONS"
);
enum_test!(
    custom_field_type,
    CustomFieldType,
    "BOOLEAN DATE DATETIME INTEGER LONG STRING DECIMAL"
);

#[test]
fn consumer_messages_have_these_names() {
    let names = [
        "ActivityChanged",
        "Concluded",
        "ParticipantAdded",
        "MessagePosted",
        "WaitInformationChanged",
        "ParticipantLeft",
        "ParticipantConnectionStateChanged",
        "RoleChanged",
        "ConfigurationChanged",
        "ConsumerErrorOccurred",
        "FileAttachment",
        "FileAttachmentStatus",
        "MediaInvitation",
        "MediaStatus",
        "MediaToken",
    ];
    let full_names = names.map(|name| format!("RNEngagement{name}Message"));
    assert_eq!(SystemMessage::NAMES, full_names);
}

// INFERRED.

enum_test!(
    availability_status,
    AvailabilityStatus,
    "NONE AVAILABLE UNAVAILABLE"
);
enum_test!(
    connection_state,
    ConnectionState,
    "ACTIVE ABSENT DISCONNECTED"
);
enum_test!(file_attachment_state, FileAttachmentState, "RECEIVED ERROR");
