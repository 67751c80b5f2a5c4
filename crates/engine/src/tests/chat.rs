//! Tests of the server's messages that concern agents: joining, leaving, roles, activity and texts. The *lead* is the
//! agent who is responsible for the chat. A *conferee* is another agent who takes part in it.
//!
//! A [`Bench`] runs an engine, and lets the test play the server, the web page and the clock. In a bench that is
//! `chatting`, the lead Ana has joined. Her client id is 35, and the visitor's is 34. `posted(4, "here")` is a message
//! of Ana with the sequence number 4.

use pipit_wire::vocabulary::{ActivityMode, ConnectionState, DisconnectReason, Role};
use pipit_wire::{AccountId, ClientId};
use serde_json::json;

use super::Bench;
use super::body::{ANA, activity_changed, posted};
use crate::{Command, Content, Notice};

/// The message that the virtual agent (bot) Carl has joined as a conferee.
const CONFEREE: &str = r#"{"messageName":"RNEngagementParticipantAddedMessage","name":"Carl",
    "role":"CONFEREE","clientIdString":"36","virtualAgent":true,"sequenceNumber":3}"#;

/// The names of the agents who take part.
fn names(bench: &Bench) -> Vec<&str> {
    bench.agents().iter().map(|it| it.name.as_ref()).collect()
}

#[test]
fn an_agent_has_the_properties_in_the_message_about_joining() {
    let bench = Bench::chatting();
    let ana = &bench.agents()[0];
    assert_eq!(
        (ana.client_id, ana.account_id),
        (ClientId(35), Some(AccountId(12)))
    );
    assert_eq!((&ana.role, ana.is_virtual), (&Role::Lead, false));
    assert_eq!(ana.connection, ConnectionState::Active);
}

#[test]
fn the_greeting_of_an_agent_is_shown_as_a_message_after_the_notice() {
    let greeting = ANA.replace(r#""greeting":"""#, r#""greeting":"Hello, I am Ana.""#);
    let mut bench = Bench::queued();
    bench.receive(&[&greeting]);
    assert_eq!(bench.agent_texts(), ["Hello, I am Ana."]);
    assert!(matches!(
        bench.contents().next(),
        Some(Content::Notice(Notice::Joined(_)))
    ));
}

#[test]
fn a_message_keeps_its_text_its_time_and_whether_it_is_html() {
    let mut bench = Bench::chatting();
    bench.receive(&[
        r#"{"messageName":"RNEngagementMessagePostedMessage","body":"<b>Hi</b>&nbsp;there",
            "clientIdString":"35","richText":true,"createdTime":"2018-10-16T12:29:00Z",
            "sequenceNumberString":"3"}"#,
    ]);
    let entry = bench.engine.conversation().transcript.last().unwrap();
    // 2018-10-16T12:29:00Z, in ms since 1970.
    assert_eq!(entry.at, 1_539_692_940_000);
    let Content::Agent {
        client_id,
        name,
        body,
        rich,
    } = &entry.content
    else {
        panic!("{entry:?}");
    };
    assert_eq!(
        (client_id, name.as_ref(), rich),
        (&ClientId(35), "Ana", &true)
    );
    assert_eq!(body.as_ref(), "<b>Hi</b>&nbsp;there");
}

#[test]
fn a_message_without_a_known_author_is_shown_as_a_message_of_the_server() {
    let mut bench = Bench::chatting();
    bench.receive(&[
        r#"{"messageName":"RNEngagementMessagePostedMessage","body":"no sender"}"#,
        r#"{"messageName":"RNEngagementMessagePostedMessage","body":"<b>stranger</b>","clientId":99,
            "richText":true}"#,
        r#"{"messageName":"RNEngagementConsumerErrorOccurredMessage","text":"not allowed"}"#,
    ]);
    let expected = [
        ("no sender", false),
        ("<b>stranger</b>", true),
        ("not allowed", false),
    ];
    let notices = expected.map(|(text, rich)| Notice::Server {
        text: text.into(),
        rich,
    });
    // The first notice says that Ana has joined.
    assert!(bench.notices().into_iter().skip(1).eq(&notices));
}

#[test]
fn a_message_that_arrives_after_its_author_left_has_the_authors_name() {
    let mut bench = Bench::chatting();
    bench.receive(&[
        r#"{"messageName":"RNEngagementParticipantLeftMessage","role":"LEAD","clientId":35,
            "disconnectReason":"PARTICIPANT_LEFT","sequenceNumber":3}"#,
        &posted(4, "sent before leaving"),
    ]);
    assert!(bench.agents().is_empty());
    let left = Notice::Left("Ana".into(), DisconnectReason::ParticipantLeft);
    assert_eq!(bench.notices().last(), Some(&&left));
    assert_eq!(bench.agent_texts(), ["sent before leaving"]);
}

#[test]
fn the_visitor_and_a_monitor_are_not_shown_as_agents() {
    // The visitor is recognized by the role END_USER or by the client id 34. A monitor is
    // an agent who only reads the chat.
    let mut bench = Bench::queued();
    bench.receive(&[
        r#"{"messageName":"RNEngagementParticipantAddedMessage","name":"Me","role":"END_USER","clientId":77}"#,
        r#"{"messageName":"RNEngagementParticipantAddedMessage","name":"Me","clientId":34}"#,
        r#"{"messageName":"RNEngagementParticipantAddedMessage","name":"Eve","role":"MONITOR","clientId":78}"#,
    ]);
    // `queue_wait` panics if the visitor no longer waits.
    assert_eq!(bench.queue_wait().position, None);
    assert_eq!(bench.contents().count(), 0);
}

#[test]
fn a_second_agent_joins_and_leaves() {
    let mut bench = Bench::chatting();
    bench.receive(&[CONFEREE]);
    assert_eq!(names(&bench), ["Ana", "Carl"]);
    assert!(bench.agents()[1].is_virtual);
    bench.receive(&[
        r#"{"messageName":"RNEngagementParticipantLeftMessage","role":"CONFEREE","clientId":36,
            "disconnectReason":"PARTICIPANT_LEFT","sequenceNumber":4}"#,
    ]);
    assert_eq!(names(&bench), ["Ana"]);
    let left = Notice::Left("Carl".into(), DisconnectReason::ParticipantLeft);
    let joined = Notice::ConfereeJoined("Carl".into());
    // The notice before these two says that Ana has joined.
    assert!(bench.notices()[1..].iter().eq(&[&joined, &left]));
}

#[test]
fn an_agent_who_joins_again_is_listed_once() {
    let mut bench = Bench::chatting();
    // The second message has another sequence number, so it is not taken for a repetition of the first.
    bench.receive(&[CONFEREE, &CONFEREE.replace(":3}", ":4}")]);
    assert_eq!(names(&bench), ["Ana", "Carl"]);
}

#[test]
fn the_lead_changes_by_either_form_of_the_role_message() {
    // One form names the new lead. The other form names a client and its new role. A message can have both forms.
    for members in [
        json!({"leadClientId": 36}),
        json!({"clientId": 36, "role": "LEAD"}),
        json!({"leadClientId": 36, "clientId": 36, "role": "LEAD"}),
        json!({"leadClientIdString": "36", "clientId": 35, "role": "CONFEREE"}),
    ] {
        let mut bench = Bench::chatting();
        let mut message = members.clone();
        message["messageName"] = "RNEngagementRoleChangedMessage".into();
        bench.receive(&[CONFEREE, &message.to_string()]);
        // The lead comes first.
        assert_eq!(names(&bench), ["Carl", "Ana"], "{members}");
        let roles = bench.agents().iter().map(|it| &it.role);
        assert!(roles.eq(&[Role::Lead, Role::Conferee]), "{members}");
        let last = bench.notices().pop().unwrap();
        assert_eq!(last, &Notice::LeadChanged("Carl".into()), "{members}");
        bench.command(Command::End);
        let agent = bench.conclusion().agent.as_deref();
        assert_eq!(agent, Some("Carl"), "{members}");
    }
}

#[test]
fn a_new_role_of_an_unknown_client_changes_nothing() {
    let mut bench = Bench::chatting();
    bench.receive(&[r#"{"messageName":"RNEngagementRoleChangedMessage","leadClientId":99}"#]);
    assert_eq!(bench.agents()[0].role, Role::Lead);
}

#[test]
fn the_agents_activity_is_shown() {
    for mode in ActivityMode::ALL {
        let mut bench = Bench::chatting();
        bench.receive(&[&activity_changed(
            &json!({"clientId": 35, "mode": mode.as_str()}),
        )]);
        assert_eq!(bench.agents()[0].activity, *mode);
    }
}

#[test]
fn a_message_of_an_agent_ends_the_agents_typing() {
    let mut bench = Bench::chatting();
    bench.receive(&[&activity_changed(
        &json!({"clientId": 35, "mode": "RESPONDING"}),
    )]);
    bench.receive(&[&posted(3, "here")]);
    assert_eq!(bench.agents()[0].activity, ActivityMode::Listening);
}

#[test]
fn a_disconnected_agent_is_shown_as_disconnected() {
    let mut bench = Bench::chatting();
    bench.receive(&[
        r#"{"messageName":"RNEngagementParticipantConnectionStateChangedMessage","clientId":35,
            "connectionState":"DISCONNECTED"}"#,
    ]);
    assert_eq!(bench.agents()[0].connection, ConnectionState::Disconnected);
}

#[test]
fn agents_without_a_client_id_are_told_apart_by_their_names() {
    let joined = |name: &str, sequence: i64| {
        super::body::agent_joined(
            &serde_json::json!({"clientId": null, "clientIdString": null,
            "name": name, "role": "CONFEREE", "sequenceNumber": sequence,
            "sequenceNumberString": null}),
        )
    };
    let mut bench = Bench::queued();
    bench.receive(&[&joined("Ben", 2), &joined("Carl", 3), &joined("Ben", 4)]);
    let mut names: Vec<&str> = bench.agents().iter().map(|agent| &*agent.name).collect();
    names.sort_unstable();
    assert_eq!(names, ["Ben", "Carl"]);
}
