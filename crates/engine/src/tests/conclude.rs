//! Tests of how a conversation ends: the server ends it, the visitor ends it, or the visitor leaves during the start.
//! If the visitor ends a running engagement (a chat at the server), the *conclude request* tells the server.
//!
//! A [`Bench`] runs an engine, and lets the test play the server, the web page and the clock. [`ANA`] is the message
//! that the agent Ana has joined. `posted(3, "old")` is a message of Ana with the sequence number 3.

use pipit_wire::consumer::Operation::{
    ConcludeEngagement, GetMessages, PostMessage, RequestEngagement,
};
use pipit_wire::vocabulary::DisconnectReason;

use super::Bench;
use super::body::{ANA, ECHO, ENGAGEMENT, answered, answered_with_retry_after, concluded, posted};
use crate::{
    Command, Delivery, Failure, FormAnswers, Notice, Options, Outcome, Phase, PostFailure,
};

#[test]
fn a_conclusion_by_the_server_aborts_all_requests() {
    let mut bench = Bench::chatting();
    bench.command(Command::Typed("h".to_owned()));
    bench.receive(&[&concluded("AGENT_CONCLUDED")]);
    assert!(bench.conclusion().agent.is_some());
    let ended = Notice::Concluded(DisconnectReason::AgentConcluded);
    assert_eq!(bench.notices().last(), Some(&&ended));
    assert_eq!((bench.open.len(), bench.engine.wake_at()), (0, None));
}

#[test]
fn a_conclusion_without_a_reason_ends_the_conversation() {
    let mut bench = Bench::queued();
    bench.receive(&[r#"{"messageName":"RNEngagementConcludedMessage"}"#]);
    assert_eq!(bench.conclusion().reason, DisconnectReason::None);
    assert!(bench.conclusion().agent.is_none());
}

#[test]
fn ending_the_conversation_concludes_it_at_once_and_sends_a_conclude_request() {
    let mut bench = Bench::chatting();
    bench.command(Command::End);
    assert_eq!(
        bench.conclusion().reason,
        DisconnectReason::EndUserConcluded
    );
    assert_eq!(
        (
            bench.open_count(GetMessages),
            bench.open_count(ConcludeEngagement)
        ),
        (0, 1)
    );
    assert_eq!(bench.bodies(ConcludeEngagement), [serde_json::json!({})]);
    bench.answer(ConcludeEngagement, 200, r#"{"clientId":34}"#);
    assert_eq!((bench.open.len(), bench.engine.wake_at()), (0, None));
}

#[test]
fn ending_twice_sends_one_conclude_request() {
    let mut bench = Bench::chatting();
    bench.command(Command::End);
    bench.command(Command::End);
    bench.answer(ConcludeEngagement, 200, "");
    bench.command(Command::End);
    // One notice says that Ana has joined, the other that the conversation has ended.
    assert_eq!(
        (
            bench.send_times(ConcludeEngagement).len(),
            bench.notices().len()
        ),
        (1, 2)
    );
}

#[test]
fn ending_without_a_conversation_does_nothing() {
    let mut bench = Bench::new();
    bench.command(Command::End);
    assert_eq!((bench.phase(), bench.sent.len()), (&Phase::Idle, 0));
}

#[test]
fn leaving_before_the_session_arrives_requests_no_engagement() {
    let mut bench = Bench::new();
    bench.send("hello");
    bench.command(Command::End);
    assert_eq!(*bench.phase(), Phase::Idle);
    let ended = Delivery::Failed(PostFailure::ConversationEnded);
    assert_eq!(bench.visitor_messages(), [("hello", ended)]);
    bench.supply_session();
    assert!(bench.sent.is_empty());
}

#[test]
fn an_engagement_made_after_the_visitor_left_is_concluded_at_once() {
    let mut bench = Bench::new();
    bench.command(Command::Start(FormAnswers::default()));
    bench.supply_session();
    bench.command(Command::End);
    assert_eq!(*bench.phase(), Phase::Idle);
    bench.answer(RequestEngagement, 200, ENGAGEMENT);
    assert_eq!(
        (bench.phase(), bench.open_count(ConcludeEngagement)),
        (&Phase::Idle, 1)
    );
    bench.answer(ConcludeEngagement, 200, "");
    assert!(bench.open.is_empty() && bench.send_times(GetMessages).is_empty());
}

#[test]
fn starting_again_after_leaving_uses_the_engagement_that_was_already_requested() {
    for command in [
        Command::Start(FormAnswers::default()),
        Command::Send("hello".to_owned()),
    ] {
        let mut bench = Bench::new();
        bench.command(Command::Start(FormAnswers::default()));
        bench.supply_session();
        bench.command(Command::End);
        bench.command(command);
        assert_eq!(*bench.phase(), Phase::Starting);
        bench.answer(RequestEngagement, 200, ENGAGEMENT);
        assert!(bench.phase().is_live());
        assert_eq!(
            (
                bench.session_requests.len(),
                bench.send_times(RequestEngagement).len()
            ),
            (1, 1)
        );
    }
}

#[test]
fn a_start_that_fails_after_the_visitor_left_is_not_shown_as_failed() {
    for outcome in [Outcome::Lost, answered(403, ""), answered(200, "garbage")] {
        let mut bench = Bench::new();
        bench.command(Command::Start(FormAnswers::default()));
        bench.supply_session();
        bench.command(Command::End);
        bench.answer_with(RequestEngagement, outcome);
        assert_eq!(
            (bench.phase(), bench.engine.wake_at()),
            (&Phase::Idle, None)
        );
    }
}

#[test]
fn a_conclude_request_that_always_fails_is_sent_four_times() {
    for outcome in [
        Outcome::Lost,
        Outcome::NotSent,
        answered(500, ""),
        answered(408, ""),
    ] {
        let mut bench = Bench::queued();
        bench.command(Command::End);
        for _ in 0..10 {
            if bench.open_count(ConcludeEngagement) == 1 {
                bench.answer_with(ConcludeEngagement, outcome.clone());
            }
            // No pause before a repetition is longer than this.
            bench.wait(15_250);
        }
        assert_eq!(bench.send_times(ConcludeEngagement).len(), 4);
        assert_eq!(bench.engine.wake_at(), None);
    }
}

#[test]
fn the_first_pause_before_a_repetition_is_at_most_750_ms() {
    for seed in 0..50 {
        let mut bench = Bench::seeded(Options::default(), seed);
        bench.start();
        bench.command(Command::End);
        bench.answer_with(ConcludeEngagement, Outcome::Lost);
        bench.wait(750);
        assert_eq!(bench.send_times(ConcludeEngagement).len(), 2, "{seed}");
    }
}

#[test]
fn a_conclude_request_with_a_final_answer_is_not_repeated() {
    for status in [200, 400, 403, 404, 409] {
        let mut bench = Bench::queued();
        bench.command(Command::End);
        bench.answer(ConcludeEngagement, status, "");
        assert_eq!(bench.engine.wake_at(), None, "{status}");
    }
}

#[test]
fn a_conclude_request_without_an_answer_is_aborted_and_repeated() {
    let mut bench = Bench::queued();
    bench.command(Command::End);
    let aborted_before = bench.aborted;
    // Longer than four deadlines of 15 s and the three pauses before the repetitions.
    bench.wait(120_000);
    assert_eq!(bench.send_times(ConcludeEngagement).len(), 4);
    assert_eq!((bench.aborted - aborted_before, bench.open.len()), (4, 0));
}

#[test]
fn the_conclude_request_respects_retry_after() {
    let mut bench = Bench::queued();
    bench.command(Command::End);
    let since = bench.now;
    bench.answer_with(ConcludeEngagement, answered_with_retry_after(429, 30_000));
    bench.wait(60_000);
    assert_eq!(bench.send_times(ConcludeEngagement)[1], since + 30_000);
}

#[test]
fn waiting_messages_fail_when_the_conversation_ends() {
    let mut bench = Bench::chatting();
    bench.send("one");
    bench.send("two");
    bench.command(Command::End);
    let ended = Delivery::Failed(PostFailure::ConversationEnded);
    assert_eq!(
        bench.visitor_messages(),
        [("one", Delivery::Sending), ("two", ended)]
    );
    bench.answer(PostMessage, 200, ECHO);
    assert_eq!(bench.visitor_messages()[0].1, Delivery::Accepted);
    bench.command(Command::SendAgain(bench.entry_of("two")));
    assert_eq!(bench.visitor_messages()[1].1, ended, "no engagement runs");
}

#[test]
fn a_new_conversation_after_an_end_begins_with_an_empty_transcript() {
    let mut bench = Bench::chatting();
    bench.receive(&[&posted(3, "old"), &concluded("AGENT_CONCLUDED")]);
    bench.send("new");
    assert_eq!(bench.contents().count(), 1);
    bench.supply_session();
    bench.answer(RequestEngagement, 200, ENGAGEMENT);
    bench.receive(&[ANA, &posted(3, "hello again")]);
    assert_eq!(bench.agent_texts(), ["hello again"]);
    assert_eq!(bench.open_count(GetMessages), 1);
}

#[test]
fn a_new_conversation_does_not_stop_the_conclude_request_of_the_previous_conversation() {
    let mut bench = Bench::chatting();
    bench.command(Command::End);
    bench.start();
    bench.answer(ConcludeEngagement, 500, "");
    // Longer than the first pause before a repetition.
    bench.wait(2_000);
    assert!(bench.phase().is_live());
    assert_eq!(bench.open_count(ConcludeEngagement), 1);
    bench.answer(ConcludeEngagement, 200, "");
    assert_eq!(bench.send_times(ConcludeEngagement).len(), 2);
}

#[test]
fn a_second_conclude_request_replaces_the_first() {
    let mut bench = Bench::chatting();
    bench.command(Command::End);
    bench.start();
    bench.command(Command::End);
    assert_eq!(
        (bench.open.len(), bench.open_count(ConcludeEngagement)),
        (1, 1)
    );
    bench.answer(ConcludeEngagement, 200, "");
    assert_eq!(bench.engine.wake_at(), None);
}

#[test]
fn a_lost_session_cannot_be_ended() {
    let mut bench = Bench::chatting();
    // With this status the server does not know the session any more.
    bench.answer(GetMessages, 403, "");
    bench.command(Command::End);
    assert_eq!(*bench.failure(), Failure::SessionLost);
    assert!(bench.send_times(ConcludeEngagement).is_empty());
}
