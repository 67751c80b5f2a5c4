//! Tests of the lists of messages in the responses to `getMessages`: an element that cannot be read as a message is
//! kept as it is, and the other messages are read. The last tests are about single members of
//! messages: members whose value can have several forms, and unknown enum texts.

use super::{json, read};
use crate::agent::{self, AgentMessage};
use crate::consumer::{self, SystemMessage};
use crate::vocabulary::{ActivityMode, ConnectionState};
use crate::{SequenceNumber, WireObject};

#[test]
fn consumer_messages_that_cannot_be_read_are_kept() {
    let text = r#"{"systemMessages":[
        {"messageName":"RNEngagementMessagePostedMessage","body":"first","sequenceNumber":1},
        {"messageName":"RNEngagementSurpriseMessage","surprise":[1,{"a":null}],"sequenceNumber":2},
        {"messageName":"RNEngagementMessagePostedMessage","sequenceNumber":3},
        {"messageName":"RNEngagementMessagePostedMessage","body":4,"sequenceNumber":4},
        {"messageName":5,"sequenceNumber":5},
        {"sequenceNumberString":"6"},
        {"messageName":"RNEngagementMessagePostedMessage","body":"last","sequenceNumber":7}
    ]}"#;
    let response: consumer::GetMessagesResponse = read(text);
    let bodies: Vec<Option<&str>> = response
        .system_messages
        .iter()
        .map(|message| match message {
            SystemMessage::MessagePosted(posted) => Some(posted.body.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(
        bodies,
        [Some("first"), None, None, None, None, None, Some("last")]
    );
    assert!(matches!(
        response.system_messages[1],
        SystemMessage::Unknown(_)
    ));
    // The messages of a known name without a readable content, and those without a name.
    let unreadable = &response.system_messages[2..6];
    assert!(
        unreadable
            .iter()
            .all(|message| matches!(message, SystemMessage::Unreadable(_)))
    );
    // A name that is not a text, or is absent, counts as empty.
    let between = &response.system_messages[1..6];
    let names: Vec<&str> = between.iter().map(SystemMessage::name).collect();
    let posted = "RNEngagementMessagePostedMessage";
    assert_eq!(
        names,
        ["RNEngagementSurpriseMessage", posted, posted, "", ""]
    );

    let numbers: Vec<_> = response
        .system_messages
        .iter()
        .map(|message| message.stamp().sequence_number)
        .collect();
    let expected: Vec<_> = (1..=7).map(|number| Some(SequenceNumber(number))).collect();
    assert_eq!(numbers, expected);

    let written = response.to_value();
    let original = json(text);
    // The messages that cannot be read.
    for index in 1..6 {
        assert_eq!(
            written["systemMessages"][index], original["systemMessages"][index],
            "kept unchanged"
        );
    }
}

#[test]
fn consumer_messages_that_are_not_objects_are_unreadable() {
    let text =
        r#"{"systemMessages":[null,1,"x",[],{"messageName":"RNEngagementConcludedMessage"}]}"#;
    let response: consumer::GetMessagesResponse = read(text);
    let is_unreadable = |message: &SystemMessage| matches!(message, SystemMessage::Unreadable(_));
    let [unreadable @ .., SystemMessage::Concluded(_)] = &response.system_messages[..] else {
        panic!("{response:?}");
    };
    assert_eq!(unreadable.len(), 4);
    assert!(unreadable.iter().all(is_unreadable));
    assert_eq!(
        response.to_value()["systemMessages"],
        json(text)["systemMessages"]
    );
}

#[test]
fn a_list_of_messages_can_be_empty_null_absent_or_no_list() {
    for text in [
        r#"{"systemMessages":[]}"#,
        r#"{"systemMessages":null}"#,
        r#"{"systemMessages":"none"}"#,
        "{}",
        "",
    ] {
        let response: consumer::GetMessagesResponse = read(text);
        assert_eq!(response.system_messages, [], "{text}");
    }
}

#[test]
fn agent_messages_that_cannot_be_read_are_kept() {
    let text = r#"{"getResponseTypes":[
        {"ChatPostMessage":{"body":"first","messageDataMap":null}},
        {"ChatSurprise":{"surprise":true}},
        {"ChatPostMessage":{"text":"no body"}},
        {"ChatEngagementAssignment":{"engagementId":"none"}},
        {"ChatGetTimeout":null},
        {"ChatGetTimeout":{},"ChatSystemError":{}},
        {},
        null,
        "ChatGetTimeout",
        {"ChatPostMessage":{"body":"last","messageDataMap":null}}
    ]}"#;
    let response: agent::GetMessagesResponse = read(text);
    let bodies: Vec<Option<&str>> = response
        .get_response_types
        .iter()
        .map(|message| match message {
            AgentMessage::ChatPostMessage(posted) => Some(posted.body.as_str()),
            AgentMessage::Unknown(_) => None,
            other => panic!("{other:?}"),
        })
        .collect();
    let mut expected = vec![None; 10];
    expected[0] = Some("first");
    expected[9] = Some("last");
    assert_eq!(bodies, expected);
    let written = response.to_value();
    assert_eq!(written["getResponseTypes"], json(text)["getResponseTypes"]);
}

/// Oracle's documentation prints the text "boolean" as the value of the flag `sneakPreviewFocus`, and the text "string"
/// as the value of the time `createdTime`. These two members then count as absent, and the rest of the message is read.
/// (A sneak preview is the text that the visitor has typed and not yet sent; the agent can see it.)
#[test]
fn the_activity_message_is_read_as_oracle_prints_it() {
    let text = r#"{"messageName":"RNEngagementActivityChangedMessage","clientId":47,
        "clientIdString":"47","mode":"RESEARCHING","engagementId":34,"engagementIdString":"34",
        "sneakPreviewState":"ENABLED","sneakPreviewInterval":3000,
        "sneakPreviewIntervalString":"3000","sneakPreview":"string",
        "sneakPreviewFocus":"boolean","createdTime":"string","sequenceNumber":9,
        "sequenceNumberString":"9"}"#;
    let response: consumer::GetMessagesResponse =
        read(&format!(r#"{{"systemMessages":[{text}]}}"#));
    let [SystemMessage::ActivityChanged(activity)] = &response.system_messages[..] else {
        panic!("{response:?}");
    };
    assert_eq!(activity.mode, Some(ActivityMode::Researching));
    assert_eq!(activity.sneak_preview_interval, Some(3_000));
    assert_eq!(activity.sneak_preview_focus, None);
    assert_eq!(activity.stamp.created_time, None);
    assert_eq!(response.to_value()["systemMessages"][0], json(text));
}

/// `sneakPreviewFocus` says whether the agent is looking at the chat.
#[test]
fn the_sneak_preview_focus_can_be_a_flag_or_a_text() {
    for (text, focus) in [
        ("true", Some(true)),
        (r#""true""#, Some(true)),
        (r#""false""#, Some(false)),
        ("1", None),
    ] {
        let activity: consumer::ActivityChanged =
            read(&format!(r#"{{"sneakPreviewFocus":{text}}}"#));
        assert_eq!(activity.sneak_preview_focus, focus, "{text}");
    }
}

#[test]
fn unknown_enum_texts_are_kept() {
    let text = r#"{"clientId":1,"clientIdString":"1","connectionState":"HIBERNATING"}"#;
    let message: consumer::ParticipantConnectionStateChanged = read(text);
    assert_eq!(
        message.connection_state,
        Some(ConnectionState::Unknown("HIBERNATING".to_owned()))
    );
    assert_eq!(message.to_value(), json(text));
}

/// The message `ConfigurationChanged` says that the engagement (one chat at the server) moves to another pool (group of
/// chat servers). `CHAT_CLUSTER_POOL_ID` is the name of the pool's setting in the protocol that preceded this API. If
/// `pool` and `value` differ, `pool` is used. An empty `pool` counts as absent.
#[test]
fn the_new_pool_is_read_from_pool_or_from_name_and_value() {
    for (text, pool) in [
        (r#"{"pool":"298:1"}"#, Some("298:1")),
        (
            r#"{"name":"CHAT_CLUSTER_POOL_ID","value":"298:1"}"#,
            Some("298:1"),
        ),
        (
            r#"{"name":"CHAT_CLUSTER_POOL_ID","value":"1:1","pool":"298:1"}"#,
            Some("298:1"),
        ),
        (r#"{"name":"SOMETHING_ELSE","value":"298:1"}"#, None),
        (
            r#"{"name":"CHAT_CLUSTER_POOL_ID","value":"298:1","pool":""}"#,
            Some("298:1"),
        ),
        (r#"{"pool":""}"#, None),
        (r#"{"pool":null}"#, None),
    ] {
        let change: consumer::ConfigurationChanged = read(text);
        assert_eq!(change.new_pool(), pool, "{text}");
    }
}
