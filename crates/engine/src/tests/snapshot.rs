use pipit_wire::consumer::Operation::{
    ConcludeEngagement, GetMessages, PostMessage, RequestEngagement,
};
use proptest::prelude::*;

use super::Bench;
use super::body::{ANA, ENGAGEMENT, concluded, posted};
use crate::{Command, Connection, Delivery, Failure, FormAnswers, Options, Outcome, Phase};

#[test]
fn a_fresh_visit_stores_nothing() {
    let mut bench = Bench::new();
    bench.wait(60_000);
    assert_eq!(bench.stored, None);
}

#[test]
fn a_conversation_goes_on_after_a_reload() {
    let mut bench = Bench::chatting();
    bench.send("hello");
    bench.answer(PostMessage, 200, "{}");
    bench.receive(&[&posted(3, "hi")]);
    bench.command(Command::Typed("half a".to_owned()));
    let before = bench.engine.conversation().clone();

    bench.reload();
    let after = bench.engine.conversation();
    assert_eq!(after.transcript, before.transcript);
    assert_eq!(after.connection, Connection::Asking);
    assert_eq!(&*bench.agents()[0].name, "Ana");
    assert_eq!(
        bench.open_count(GetMessages),
        1,
        "the server is asked at once"
    );

    bench.receive(&[ANA, &posted(3, "hi"), &posted(4, "still here")]);
    assert_eq!(bench.agent_texts(), ["hi", "still here"]);
    assert_eq!(bench.connection(), Connection::Connected);
    bench.receive(&[&concluded("AGENT_CONCLUDED")]);
    let survey = bench.conclusion().survey.clone().unwrap();
    assert!(
        survey
            .url()
            .contains("/5/8/6/223/7/9007199254740993/12/com%20plete")
    );
}

#[test]
fn a_message_on_its_way_is_unknown_and_a_waiting_one_still_waits() {
    let mut bench = Bench::chatting();
    bench.send("first");
    bench.send("second");
    bench.reload();
    let written = [("first", Delivery::Unknown), ("second", Delivery::Sending)];
    assert_eq!(bench.visitor_messages(), written);
    assert_eq!(bench.bodies(PostMessage).last().unwrap()["body"], "second");
}

#[test]
fn a_message_is_stored_as_sending_before_its_request_is_sent() {
    let mut bench = Bench::chatting();
    bench.engine.handle(
        bench.moment(),
        crate::Input::Command(Command::Send("x".to_owned())),
    );
    assert!(
        matches!(bench.engine.next_effect(), Some(crate::Effect::Save(Some(snapshot)))
        if snapshot.reveal().contains("sending"))
    );
    assert!(matches!(
        bench.engine.next_effect(),
        Some(crate::Effect::Send(_))
    ));
}

#[test]
fn a_session_that_the_server_forgot_is_a_failure_with_the_transcript() {
    let mut bench = Bench::chatting();
    bench.receive(&[&posted(3, "hi")]);
    bench.reload();
    bench.answer(GetMessages, 403, "");
    assert_eq!(*bench.failure(), Failure::SessionLost);
    assert_eq!(bench.agent_texts(), ["hi"]);
}

#[test]
fn leaving_the_page_before_the_engagement_is_a_failure_that_loses_no_text() {
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
    assert_eq!(bench.open.len(), 0, "nothing is asked after the end");
}

#[test]
fn the_server_learns_of_the_end_even_after_a_reload() {
    let mut bench = Bench::chatting();
    bench.command(Command::End);
    bench.reload();
    assert_eq!(bench.open_count(ConcludeEngagement), 1);
    bench.answer(ConcludeEngagement, 200, "{}");
    assert!(matches!(bench.phase(), Phase::Concluded(_)));
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
    assert!(!bench.stored.clone().unwrap_or_default().contains("payload"));
    bench.answer(RequestEngagement, 200, ENGAGEMENT);
    assert!(!bench.stored.clone().unwrap().contains("payload"));
}

#[test]
fn a_snapshot_of_another_version_is_ignored() {
    for snapshot in [
        "",
        "garbage",
        "[]",
        "{}",
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

    /// The widget works, whatever the storage contains.
    #[test]
    fn no_stored_text_can_break_the_engine(
        cut in 0_usize..4_000, with in "[\\PC]{0,4}", taken in 0_usize..40
    ) {
        let mut bench = Bench::chatting();
        bench.send("hello");
        bench.answer_with(PostMessage, Outcome::Lost);
        bench.receive(&[&posted(3, "hi")]);
        let stored = bench.stored.clone().unwrap();
        let mut chars: Vec<char> = stored.chars().collect();
        let start = cut.min(chars.len());
        let end = (start + taken).min(chars.len());
        chars.splice(start..end, with.chars());
        bench.stored = Some(chars.into_iter().collect());
        bench.reload();
        let can_start = matches!(bench.phase(), Phase::Idle | Phase::Failed(_));
        if can_start {
            bench.options = Options::default();
            bench.start();
            prop_assert!(bench.phase().is_live());
        }
    }
}
