use pipit_wire::consumer::Operation::{
    ConcludeEngagement, GetMessages, PostMessage, RequestEngagement,
};
use pipit_wire::vocabulary::DisconnectReason;

use super::Bench;
use super::body::{ANA, ENGAGEMENT, answered, come_back_in, concluded, posted};
use crate::{Answers, Command, Delivery, Failure, Notice, Outcome, Phase, PostFailure};

#[test]
fn a_conclusion_by_the_server_stops_everything() {
    let mut bench = Bench::chatting();
    bench.command(Command::Typed("h".to_owned()));
    bench.messages(&[&concluded("AGENT_CONCLUDED"), &posted(901, "after the end")]);
    assert!(bench.conclusion().agent.is_some() && bench.said().is_empty());
    let over = Notice::Concluded(DisconnectReason::AgentConcluded);
    assert_eq!(bench.notices().last(), Some(&&over));
    assert_eq!((bench.open.len(), bench.engine.wake_at()), (0, None));
}

#[test]
fn a_conclusion_without_a_reason_is_one() {
    let mut bench = Bench::queued();
    bench.messages(&[r#"{"messageName":"RNEngagementConcludedMessage"}"#]);
    assert_eq!(bench.conclusion().reason, DisconnectReason::None);
    assert!(bench.conclusion().agent.is_none());
}

#[test]
fn a_visitor_who_ends_is_through_at_once_and_the_server_is_told() {
    let mut bench = Bench::chatting();
    bench.command(Command::End);
    assert_eq!(
        bench.conclusion().reason,
        DisconnectReason::EndUserConcluded
    );
    assert_eq!(
        (bench.open(GetMessages), bench.open(ConcludeEngagement)),
        (0, 1)
    );
    assert_eq!(bench.bodies(ConcludeEngagement), [serde_json::json!({})]);
    bench.answer(ConcludeEngagement, 200, r#"{"clientId":34}"#);
    assert_eq!((bench.open.len(), bench.engine.wake_at()), (0, None));
}

#[test]
fn ending_twice_tells_once() {
    let mut bench = Bench::chatting();
    bench.command(Command::End);
    bench.command(Command::End);
    bench.answer(ConcludeEngagement, 200, "");
    bench.command(Command::End);
    assert_eq!(
        (bench.times(ConcludeEngagement).len(), bench.notices().len()),
        (1, 2)
    );
}

#[test]
fn ending_nothing_does_nothing() {
    let mut bench = Bench::new();
    bench.command(Command::End);
    assert_eq!((bench.phase(), bench.sent.len()), (&Phase::Idle, 0));
}

#[test]
fn who_leaves_before_the_session_came_asks_for_nothing() {
    let mut bench = Bench::new();
    bench.send("hello");
    bench.command(Command::End);
    assert_eq!(*bench.phase(), Phase::Idle);
    let over = Delivery::Failed(PostFailure::Over);
    assert_eq!(bench.written(), [("hello", over)]);
    bench.session();
    assert!(bench.sent.is_empty());
}

#[test]
fn an_engagement_that_comes_after_the_visitor_has_left_is_concluded_at_once() {
    let mut bench = Bench::new();
    bench.command(Command::Start(Answers::default()));
    bench.session();
    bench.command(Command::End);
    assert_eq!(*bench.phase(), Phase::Idle);
    bench.answer(RequestEngagement, 200, ENGAGEMENT);
    assert_eq!(
        (bench.phase(), bench.open(ConcludeEngagement)),
        (&Phase::Idle, 1)
    );
    bench.answer(ConcludeEngagement, 200, "");
    assert!(bench.open.is_empty() && bench.times(GetMessages).is_empty());
}

#[test]
fn a_start_meanwhile_takes_that_engagement_over() {
    for command in [
        Command::Start(Answers::default()),
        Command::Send("hello".to_owned()),
    ] {
        let mut bench = Bench::new();
        bench.command(Command::Start(Answers::default()));
        bench.session();
        bench.command(Command::End);
        bench.command(command);
        assert_eq!(*bench.phase(), Phase::Starting);
        bench.answer(RequestEngagement, 200, ENGAGEMENT);
        assert!(bench.phase().is_live());
        assert_eq!(
            (bench.sessions_wanted, bench.times(RequestEngagement).len()),
            (1, 1)
        );
    }
}

#[test]
fn a_failure_after_the_visitor_has_left_is_nobodys_business() {
    for outcome in [Outcome::Lost, answered(403, ""), answered(200, "garbage")] {
        let mut bench = Bench::new();
        bench.command(Command::Start(Answers::default()));
        bench.session();
        bench.command(Command::End);
        bench.outcome(RequestEngagement, outcome);
        assert_eq!(
            (bench.phase(), bench.engine.wake_at()),
            (&Phase::Idle, None)
        );
    }
}

#[test]
fn an_end_is_told_again_until_it_is_heard_or_four_times() {
    for outcome in [
        Outcome::Lost,
        Outcome::NotSent,
        answered(500, ""),
        answered(408, ""),
    ] {
        let mut bench = Bench::queued();
        bench.command(Command::End);
        for _ in 0..10 {
            if bench.open(ConcludeEngagement) == 1 {
                bench.outcome(ConcludeEngagement, outcome.clone());
            }
            bench.wait(15_250);
        }
        assert_eq!(bench.times(ConcludeEngagement).len(), 4);
        assert_eq!(bench.engine.wake_at(), None);
    }
}

#[test]
fn an_end_that_is_refused_for_good_is_not_told_again() {
    for status in [200, 400, 403, 404, 409] {
        let mut bench = Bench::queued();
        bench.command(Command::End);
        bench.answer(ConcludeEngagement, status, "");
        assert_eq!(bench.engine.wake_at(), None, "{status}");
    }
}

#[test]
fn a_telling_that_never_comes_back_is_given_up() {
    let mut bench = Bench::queued();
    bench.command(Command::End);
    let aborted_before = bench.aborted;
    bench.wait(120_000);
    assert_eq!(bench.times(ConcludeEngagement).len(), 4);
    assert_eq!((bench.aborted - aborted_before, bench.open.len()), (4, 0));
}

#[test]
fn a_server_that_asks_for_patience_at_the_end_gets_it() {
    let mut bench = Bench::queued();
    bench.command(Command::End);
    let since = bench.now;
    bench.outcome(ConcludeEngagement, come_back_in(429, 30_000));
    bench.wait(60_000);
    assert_eq!(bench.times(ConcludeEngagement)[1], since + 30_000);
}

#[test]
fn what_was_not_sent_at_the_end_is_over() {
    let mut bench = Bench::chatting();
    bench.send("one");
    bench.send("two");
    bench.command(Command::End);
    let over = Delivery::Failed(PostFailure::Over);
    assert_eq!(bench.written(), [("one", Delivery::Sending), ("two", over)]);
    bench.answer(PostMessage, 200, "{}");
    assert_eq!(bench.written()[0].1, Delivery::Accepted);
    bench.command(Command::SendAgain(bench.entry("two")));
    assert_eq!(bench.written()[1].1, over, "nobody is there");
}

#[test]
fn a_new_conversation_after_an_end_begins_with_an_empty_transcript() {
    let mut bench = Bench::chatting();
    bench.messages(&[&posted(3, "old"), &concluded("AGENT_CONCLUDED")]);
    bench.send("new");
    assert_eq!(bench.contents().count(), 1);
    bench.session();
    bench.answer(RequestEngagement, 200, ENGAGEMENT);
    bench.messages(&[ANA, &posted(3, "hello again")]);
    assert_eq!(bench.said(), ["hello again"]);
    assert_eq!(bench.open(GetMessages), 1);
}

#[test]
fn a_start_while_the_end_is_told_begins_anew_and_the_end_is_told_nevertheless() {
    let mut bench = Bench::chatting();
    bench.command(Command::End);
    bench.start();
    bench.answer(ConcludeEngagement, 500, "");
    bench.wait(2_000);
    assert!(bench.phase().is_live());
    assert_eq!(bench.open(ConcludeEngagement), 1);
    bench.answer(ConcludeEngagement, 200, "");
    assert_eq!(bench.times(ConcludeEngagement).len(), 2);
}

#[test]
fn only_the_last_of_two_ends_is_told_on() {
    let mut bench = Bench::chatting();
    bench.command(Command::End);
    bench.start();
    bench.command(Command::End);
    assert_eq!((bench.open.len(), bench.open(ConcludeEngagement)), (1, 1));
    bench.answer(ConcludeEngagement, 200, "");
    assert_eq!(bench.engine.wake_at(), None);
}

#[test]
fn a_lost_session_can_be_ended_no_more() {
    let mut bench = Bench::chatting();
    bench.answer(GetMessages, 403, "");
    bench.command(Command::End);
    assert_eq!(*bench.failure(), Failure::SessionLost);
    assert!(bench.times(ConcludeEngagement).is_empty());
}
