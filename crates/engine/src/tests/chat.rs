use pipit_wire::vocabulary::{ActivityMode, ConnectionState, DisconnectReason, Role};
use pipit_wire::{AccountId, ClientId};
use serde_json::json;

use super::Bench;
use super::body::{ANA, activity_changed, posted};
use crate::{Content, Notice};

const CONFEREE: &str = r#"{"messageName":"RNEngagementParticipantAddedMessage","name":"Carl",
    "role":"CONFEREE","clientIdString":"36","virtualAgent":true,"sequenceNumber":3}"#;

fn names(bench: &Bench) -> Vec<&str> {
    bench.agents().iter().map(|it| it.name.as_ref()).collect()
}

#[test]
fn an_agent_has_all_that_the_message_tells() {
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
fn the_greeting_is_the_first_message() {
    let greeting = ANA.replace(r#""greeting":"""#, r#""greeting":"Hello, I am Ana.""#);
    let mut bench = Bench::queued();
    bench.messages(&[&greeting]);
    assert_eq!(bench.said(), ["Hello, I am Ana."]);
    assert!(matches!(
        bench.contents().next(),
        Some(Content::Notice(Notice::Joined(_)))
    ));
}

#[test]
fn messages_keep_their_text_mark_and_time() {
    let mut bench = Bench::chatting();
    bench.messages(&[
        r#"{"messageName":"RNEngagementMessagePostedMessage","body":"<b>Hi</b>&nbsp;there",
            "clientIdString":"35","richText":true,"createdTime":"2018-10-16T12:29:00Z",
            "sequenceNumberString":"3"}"#,
    ]);
    let entry = bench.engine.conversation().transcript.last().unwrap();
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
fn a_message_of_somebody_who_never_joined_is_the_servers_own() {
    let mut bench = Bench::chatting();
    bench.messages(&[
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
    let expected = expected.map(|(text, rich)| Notice::Server {
        text: text.into(),
        rich,
    });
    assert!(bench.notices().into_iter().skip(1).eq(&expected));
}

#[test]
fn a_message_comes_from_its_author_also_after_the_author_has_left() {
    let mut bench = Bench::chatting();
    bench.messages(&[
        r#"{"messageName":"RNEngagementParticipantLeftMessage","role":"LEAD","clientId":35,
            "disconnectReason":"PARTICIPANT_LEFT","sequenceNumber":3}"#,
        &posted(4, "sent before leaving"),
    ]);
    assert!(bench.agents().is_empty());
    let left = Notice::Left("Ana".into(), DisconnectReason::ParticipantLeft);
    assert_eq!(bench.notices().last(), Some(&&left));
    assert_eq!(bench.said(), ["sent before leaving"]);
}

#[test]
fn the_visitors_own_arrival_is_not_an_agents() {
    let mut bench = Bench::queued();
    bench.messages(&[
        r#"{"messageName":"RNEngagementParticipantAddedMessage","name":"Me","role":"END_USER","clientId":77}"#,
        r#"{"messageName":"RNEngagementParticipantAddedMessage","name":"Me","clientId":34}"#,
        r#"{"messageName":"RNEngagementParticipantAddedMessage","name":"Eve","role":"MONITOR","clientId":78}"#,
    ]);
    assert_eq!(bench.waiting().position, None);
    assert_eq!(bench.contents().count(), 0);
}

#[test]
fn a_second_agent_comes_and_goes() {
    let mut bench = Bench::chatting();
    bench.messages(&[CONFEREE]);
    assert_eq!(names(&bench), ["Ana", "Carl"]);
    assert!(bench.agents()[1].is_virtual);
    bench.messages(&[
        r#"{"messageName":"RNEngagementParticipantLeftMessage","role":"CONFEREE","clientId":36,
            "disconnectReason":"PARTICIPANT_LEFT","sequenceNumber":4}"#,
    ]);
    assert_eq!(names(&bench), ["Ana"]);
    let left = Notice::Left("Carl".into(), DisconnectReason::ParticipantLeft);
    let carl = "Carl";
    assert!(
        bench.notices()[1..]
            .iter()
            .eq(&[&Notice::JoinedToo(carl.into()), &left])
    );
}

#[test]
fn an_agent_who_joins_again_is_not_there_twice() {
    let mut bench = Bench::chatting();
    bench.messages(&[CONFEREE, &CONFEREE.replace(":3}", ":4}")]);
    assert_eq!(names(&bench), ["Ana", "Carl"]);
}

#[test]
fn the_lead_changes_however_the_message_says_it() {
    for members in [
        json!({"leadClientId": 36}),
        json!({"clientId": 36, "role": "LEAD"}),
        json!({"leadClientId": 36, "clientId": 36, "role": "LEAD"}),
        json!({"leadClientIdString": "36", "clientId": 35, "role": "CONFEREE"}),
    ] {
        let mut bench = Bench::chatting();
        let mut message = members.clone();
        message["messageName"] = "RNEngagementRoleChangedMessage".into();
        bench.messages(&[CONFEREE, &message.to_string()]);
        assert_eq!(names(&bench), ["Carl", "Ana"], "{members}");
        let roles = bench.agents().iter().map(|it| &it.role);
        assert!(roles.eq(&[Role::Lead, Role::Conferee]), "{members}");
        let last = bench.notices().pop().unwrap();
        assert_eq!(last, &Notice::TakenOver("Carl".into()), "{members}");
    }
}

#[test]
fn a_role_of_somebody_unknown_changes_nothing() {
    let mut bench = Bench::chatting();
    bench.messages(&[r#"{"messageName":"RNEngagementRoleChangedMessage","leadClientId":99}"#]);
    assert_eq!(bench.agents()[0].role, Role::Lead);
}

#[test]
fn what_the_agent_does_is_known() {
    for mode in ActivityMode::ALL {
        let mut bench = Bench::chatting();
        bench.messages(&[&activity_changed(
            &json!({"clientId": 35, "mode": mode.as_str()}),
        )]);
        assert_eq!(bench.agents()[0].activity, *mode);
    }
}

#[test]
fn a_message_ends_the_agents_writing() {
    let mut bench = Bench::chatting();
    bench.messages(&[&activity_changed(
        &json!({"clientId": 35, "mode": "RESPONDING"}),
    )]);
    bench.messages(&[&posted(3, "here")]);
    assert_eq!(bench.agents()[0].activity, ActivityMode::Listening);
}

#[test]
fn an_agent_who_cannot_be_reached_is_marked() {
    let mut bench = Bench::chatting();
    bench.messages(&[
        r#"{"messageName":"RNEngagementParticipantConnectionStateChangedMessage","clientId":35,
            "connectionState":"DISCONNECTED"}"#,
    ]);
    assert_eq!(bench.agents()[0].connection, ConnectionState::Disconnected);
}
