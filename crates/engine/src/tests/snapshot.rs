//! Tests of reloads: which parts of a conversation a snapshot (the stored text) keeps, and how the engine continues the
//! conversation. A [`Bench`] runs an engine, and lets the test play the server, the web page and the clock.

use pipit_wire::consumer::Operation::{
    ConcludeEngagement, GetMessages, PostMessage, RequestEngagement,
};
use proptest::prelude::*;

use super::Bench;
use super::body::{ANA, ECHO, ENGAGEMENT, concluded, posted};
use crate::{Command, Connection, Delivery, Failure, FormAnswers, Options, Outcome, Phase};

#[test]
fn without_a_conversation_nothing_is_stored() {
    let mut bench = Bench::new();
    bench.wait(60_000);
    assert_eq!(bench.stored, None);
}

#[test]
fn a_conversation_continues_after_a_reload() {
    let mut bench = Bench::chatting();
    bench.send("hello");
    bench.answer(PostMessage, 200, ECHO);
    bench.receive(&[&posted(3, "hi")]);
    bench.command(Command::Typed("half a".to_owned()));
    let before = bench.engine.conversation().clone();

    bench.reload();
    let after = bench.engine.conversation();
    assert_eq!(after.transcript, before.transcript);
    assert_eq!(after.connection, Connection::Asking);
    assert_eq!(&*bench.agents()[0].name, "Ana");
    assert_eq!(bench.open_count(GetMessages), 1, "a poll is sent at once");

    // After the reload the server may send earlier messages again. The transcript shows each message once.
    bench.receive(&[ANA, &posted(3, "hi"), &posted(4, "still here")]);
    assert_eq!(bench.agent_texts(), ["hi", "still here"]);
    assert_eq!(bench.connection(), Connection::Connected);
    bench.receive(&[&concluded("AGENT_CONCLUDED")]);
    let survey = bench.conclusion().survey.clone().unwrap();
    // The address has pairs of a key and a value. ENGAGEMENT has the survey's id 8, the engagement's id
    // 9007199254740993 and the text "com plete", which authorizes the visitor.
    assert!(
        survey
            .url()
            .contains("/5/8/6/223/7/9007199254740993/12/com%20plete")
    );
}

#[test]
fn after_a_reload_a_message_that_was_being_sent_is_unknown_and_a_waiting_one_is_sent() {
    let mut bench = Bench::chatting();
    bench.send("first");
    bench.send("second");
    bench.reload();
    let expected = [("first", Delivery::Unknown), ("second", Delivery::Sending)];
    assert_eq!(bench.visitor_messages(), expected);
    assert_eq!(bench.bodies(PostMessage).last().unwrap()["body"], "second");
}

#[test]
fn a_message_is_stored_as_sending_before_its_request_is_sent() {
    let mut bench = Bench::chatting();
    bench.engine.handle(
        bench.moment(),
        crate::Input::Command(Command::Send("x".to_owned())),
    );
    assert_eq!(bench.engine.next_effect(), Some(crate::Effect::Save));
    assert!(bench.engine.snapshot().unwrap().contains("sending"));
    assert!(matches!(
        bench.engine.next_effect(),
        Some(crate::Effect::Send(_))
    ));
}

#[test]
fn the_transcript_stays_if_the_server_no_longer_knows_the_session_after_a_reload() {
    let mut bench = Bench::chatting();
    bench.receive(&[&posted(3, "hi")]);
    bench.reload();
    bench.answer(GetMessages, 403, "");
    assert_eq!(*bench.failure(), Failure::SessionLost);
    assert_eq!(bench.agent_texts(), ["hi"]);
}

#[test]
fn a_reload_during_the_start_is_a_failure_that_loses_no_message() {
    let mut bench = Bench::new();
    bench.send("hello");
    bench.supply_session();
    bench.reload();
    assert_eq!(*bench.failure(), Failure::Interrupted);
    bench.start();
    assert_eq!(bench.bodies(PostMessage)[0]["body"], "hello");
    assert_eq!(bench.send_times(RequestEngagement).len(), 2);
}

#[test]
fn an_ended_conversation_survives_a_reload_with_its_survey() {
    let mut bench = Bench::chatting();
    bench.receive(&[&concluded("AGENT_CONCLUDED")]);
    let before = bench.conclusion().clone();
    bench.reload();
    assert_eq!(*bench.conclusion(), before);
    assert_eq!(bench.open.len(), 0, "no request is sent after the end");
}

#[test]
fn a_conclude_request_is_sent_again_after_a_reload() {
    let mut bench = Bench::chatting();
    bench.command(Command::End);
    bench.reload();
    assert_eq!(bench.open_count(ConcludeEngagement), 1);
    bench.answer(ConcludeEngagement, 200, ECHO);
    assert!(matches!(bench.phase(), Phase::Concluded(_)));
    // The session id in ENGAGEMENT is no longer needed, so it is no longer stored.
    assert!(
        !bench
            .stored
            .as_ref()
            .unwrap()
            .contains("192hyto5qomm8r8rpzzmuzsa6")
    );
}

#[test]
fn the_token_is_never_stored() {
    let mut bench = Bench::new();
    bench.command(Command::Start(FormAnswers::default()));
    bench.supply_session();
    // The word "payload" is a part of the token in SESSION.
    assert!(!bench.stored.clone().unwrap_or_default().contains("payload"));
    bench.answer(RequestEngagement, 200, ENGAGEMENT);
    assert!(!bench.stored.clone().unwrap().contains("payload"));
}

#[test]
fn a_stored_text_that_is_not_a_snapshot_of_this_version_is_ignored() {
    for snapshot in [
        "",
        "garbage",
        "[]",
        "{}",
        // Snapshots of this version have the number 1.
        r#"{"version":2,"transcript":[{}]}"#,
    ] {
        let mut bench = Bench::new();
        bench.stored = Some(snapshot.to_owned());
        bench.reload();
        assert_eq!(*bench.phase(), Phase::Idle, "{snapshot}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// The storage may contain any text, for example because another script has written to it.
    #[test]
    fn no_stored_text_can_break_the_engine(
        position in 0_usize..4_000, inserted in "[\\PC]{0,4}", removed_count in 0_usize..40
    ) {
        let mut bench = Bench::chatting();
        bench.send("hello");
        bench.answer_with(PostMessage, Outcome::Lost);
        bench.receive(&[&posted(3, "hi")]);
        let stored = bench.stored.clone().unwrap();
        let mut chars: Vec<char> = stored.chars().collect();
        let start = position.min(chars.len());
        let end = (start + removed_count).min(chars.len());
        chars.splice(start..end, inserted.chars());
        bench.stored = Some(chars.into_iter().collect());
        bench.reload();
        // If the changed text gives no live or ended conversation, the visitor must be able to start one.
        let can_start = matches!(bench.phase(), Phase::Idle | Phase::Failed(_));
        if can_start {
            bench.options = Options::default();
            bench.start();
            prop_assert!(bench.phase().is_live());
        }
    }
}
