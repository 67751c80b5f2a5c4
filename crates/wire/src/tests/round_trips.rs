//! Property tests of the objects of the API and of the two enums of messages: a value that is written can be read
//! again, and no input causes a panic. The last test reads an empty object as each type without required members. The
//! macro `wire_object!` (in `object.rs`) declares the objects by tables of their members.

use std::fmt::Debug;

use proptest::arbitrary::Arbitrary;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::Value;

use crate::{WireObject, WireValue};

/// Checks that every value can be written and read again.
fn written_values_are_read_again<T: WireValue + Arbitrary + PartialEq>() {
    proptest!(config(), |(value: T)| {
        let text = value.write().to_string();
        let parsed = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(T::read(&parsed), Some(value));
    });
}

/// Replaces members by values of any type. Checks that this causes no panic, and that an object that could be read
/// stays the same when it is written and read again.
fn members_of_any_type_cause_no_panic<T: WireValue + Arbitrary>() {
    let replacements = vec((any::<Index>(), any_json()), 1..6);
    proptest!(config(), |(value: T, replacements in replacements)| {
        let mut damaged = value.write();
        replace_members(&mut damaged, replacements);
        if let Some(read) = T::read(&damaged) {
            let written = read.write();
            let rewritten = T::read(&written).map(|reread| reread.write());
            prop_assert_eq!(rewritten, Some(written));
        }
    });
}

/// Sets members of an object. Each member is one that the object has, or `anUnknownMember`, which no type declares.
fn replace_members(object: &mut Value, replacements: Vec<(Index, Value)>) {
    let members = object.as_object_mut().unwrap();
    let mut names: Vec<String> = members.keys().cloned().collect();
    names.push("anUnknownMember".to_owned());
    for (index, value) in replacements {
        members.insert(index.get(&names).clone(), value);
    }
}

/// Checks that no JSON value and no text causes a panic. A text is random, or is a written object with random
/// characters in it.
fn texts_cause_no_panic<T: WireObject + Arbitrary>() {
    let insertion = (any::<Index>(), ".{0,6}");
    proptest!(config(), |(value: T, (at, noise) in insertion, json in any_json(), text in ".{0,40}")| {
        let mut spliced = value.to_json();
        let boundaries: Vec<usize> = spliced.char_indices().map(|(index, _)| index).collect();
        spliced.insert_str(*at.get(&boundaries), &noise);
        for text in [spliced, json.to_string(), text] {
            let _ = T::from_json(&text);
        }
        let _ = T::from_value(json);
    });
}

/// The number of random values in each test. It is smaller than proptest's default, because there are many tests.
fn config() -> ProptestConfig {
    ProptestConfig::with_cases(64)
}

/// A strategy for small JSON values of every kind.
fn any_json() -> impl Strategy<Value = Value> {
    // Texts that a member may take for `null`, a number, a time or the name of a message. Some of the numbers and times
    // are beyond the limits.
    let special_texts = select(&[
        "",
        "null",
        "0",
        "-1",
        "seven",
        "9223372036854775808",
        "2021-02-31T24:00:00+99:99",
        "9223372036854775807-01-01T00:00:00Z",
        "RNEngagementMessagePostedMessage",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        special_texts.prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
    ];
    // At most 3 levels of lists and objects, about 16 values in all, and about 4 in each list or object.
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::Array),
            btree_map(".{0,8}", inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Declares three tests of each listed type of `wire_object!`, in a module with the name of the type.
macro_rules! objects {
    ($( $module:ident { $($name:ident),+ $(,)? } )+) => { $( mod $module { $(
        #[allow(non_snake_case, reason = "named after the type")]
        mod $name {
            use crate::$module::$name as Object;

            #[test]
            fn written_values_are_read_again() {
                crate::tests::round_trips::written_values_are_read_again::<Object>();
            }

            #[test]
            fn members_of_any_type_cause_no_panic() {
                crate::tests::round_trips::members_of_any_type_cause_no_panic::<Object>();
            }

            #[test]
            fn texts_cause_no_panic() {
                crate::tests::round_trips::texts_cause_no_panic::<Object>();
            }
        }
    )+ } )+ };
}

objects! {
    server_error { ChatSystemError }
    session {
        SessionInformation, EstablishSessionsRequest, EstablishSessionsResponse, SessionServer,
        AgentTokensResponse, ServiceSettingsResponse,
    }
    consumer {
        ClientRequest, PostMessageRequest, ActivityRequest, QueueStatsRequest, CustomField,
        EngagementQueueRequest, Echo, RequestEngagementResponse, DelayedSurvey,
        GetMessagesResponse, PostMessageResponse, ConcludeEngagementResponse, ActivityResponse, QueueStatsResponse,
        EngagementQueueResponse, Stamp, ActivityChanged, Concluded, ParticipantAdded,
        ParticipantLeft, MessagePosted, WaitInformationChanged,
        ParticipantConnectionStateChanged, RoleChanged, ConfigurationChanged,
        ConsumerErrorOccurred, FileAttachment, FileAttachmentStatus, Media,
    }
    agent {
        AgentRequest, CreateAutomatedAgentSessionRequest, SetActivityStatusRequest,
        RequestAssignmentRequest, AssignmentAcknowledgementRequest, PostMessageRequest,
        SetInteractionStatusRequest, EngagementRequest, LogoffRequest, AgentEcho, AgentResponse,
        ChatRequestAssignmentResult, RequestAssignmentResponse, ChatPostResult,
        PostMessageResponse, ChatConcludeEngagementResult, ConcludeEngagementResponse,
        GetMessagesResponse, Envelope, Medium, ContactInfo, AgentInfo, ChatEngagementAssignment,
        ChatActivitySignal, ChatConfigChangeNotification, ChatDisconnectNotification,
        ChatEngagementParticipantAdded, ChatGetTimeout, ChatPostMessage, ChatLogonResult,
        CreateAutomatedAgentSessionResponse, ChatActivityStatusChangeResult, SetActivityStatusResponse,
        ChatClientInfo, ChatAssignmentAcknowledgementResult, AssignmentAcknowledgementResponse,
        SetEngagementPropertyRequest, ModifyPropertiesRequest, ModifyPropertiesResponse,
        RetrieveAgentsAndQueuesRequest, QueueInfo, RetrieveAgentsAndQueuesResponse,
        RerouteAvailabilityRequest, RerouteAvailabilityResponse,
    }
}

/// Makes two of the three tests of `objects!` with an enum of messages. The third test, `texts_cause_no_panic`, needs a
/// type of `wire_object!`.
fn check_message_type<T: WireValue + Arbitrary + PartialEq>() {
    written_values_are_read_again::<T>();
    members_of_any_type_cause_no_panic::<T>();
}

#[test]
fn messages_to_the_consumer_are_read_again_and_cause_no_panic() {
    check_message_type::<crate::consumer::SystemMessage>();
}

#[test]
fn messages_to_the_agent_are_read_again_and_cause_no_panic() {
    check_message_type::<crate::agent::AgentMessage>();
}

/// Checks that `{}` and an empty text are read as the default.
fn check_default<T: WireObject + Default + PartialEq + Debug>() {
    assert_eq!(T::from_json("{}"), Ok(T::default()));
    assert_eq!(T::from_json(""), Ok(T::default()));
}

#[test]
fn an_empty_object_is_read_as_the_default() {
    macro_rules! each {
        ($($module:ident { $($name:ident),+ $(,)? })+) => {
            $( $( check_default::<crate::$module::$name>(); )+ )+
        };
    }
    // The types without required members.
    each! {
        server_error { ChatSystemError }
        session { SessionInformation }
        consumer {
            ClientRequest, EngagementQueueRequest, Echo, DelayedSurvey, GetMessagesResponse,
            PostMessageResponse, ConcludeEngagementResponse, ActivityResponse, QueueStatsResponse, EngagementQueueResponse, Stamp,
            ActivityChanged, Concluded, ParticipantAdded, ParticipantLeft, WaitInformationChanged,
            ParticipantConnectionStateChanged, RoleChanged, ConfigurationChanged,
            ConsumerErrorOccurred, FileAttachment, FileAttachmentStatus, Media,
        }
        agent {
            AgentRequest, CreateAutomatedAgentSessionRequest, LogoffRequest, AgentEcho,
            AgentResponse, RequestAssignmentResponse, PostMessageResponse,
            ConcludeEngagementResponse, GetMessagesResponse, Envelope, Medium, ContactInfo, AgentInfo,
            ChatActivitySignal, ChatConfigChangeNotification, ChatDisconnectNotification,
            ChatEngagementParticipantAdded, ChatGetTimeout, ChatLogonResult,
            CreateAutomatedAgentSessionResponse, ChatActivityStatusChangeResult,
            SetActivityStatusResponse, ChatClientInfo, ChatAssignmentAcknowledgementResult,
            AssignmentAcknowledgementResponse, ModifyPropertiesResponse, QueueInfo,
            RetrieveAgentsAndQueuesResponse, RerouteAvailabilityResponse,
        }
    }
}
