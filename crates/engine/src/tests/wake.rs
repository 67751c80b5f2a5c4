use pipit_wire::consumer::Operation::{GetMessages, PostMessage, RequestEngagement};

use super::Bench;
use super::body::{ENGAGEMENT, answered, posted};
use crate::{Answers, Command, Connection, Delivery, Failure, Input, Outcome, Phase, Warning};

const EMPTY: &str = r#"{"systemMessages":[]}"#;

/// One whose last polls have failed; the next is seconds away.
fn backed_off() -> Bench {
    let mut bench = Bench::chatting();
    for _ in 0..6 {
        bench.outcome(GetMessages, Outcome::Lost);
        let at = bench.engine.wake_at().unwrap();
        bench.wait(at - bench.now);
    }
    bench.outcome(GetMessages, Outcome::Lost);
    bench
}

#[test]
fn waking_asks_at_once_instead_of_waiting() {
    let mut bench = backed_off();
    assert_eq!(bench.open(GetMessages), 0);
    bench.handle(Input::Wake);
    assert_eq!(bench.open(GetMessages), 1);
}

#[test]
fn waking_leaves_a_poll_alone_that_may_live() {
    let mut bench = Bench::chatting();
    bench.wait(20_000);
    bench.handle(Input::Wake);
    assert_eq!((bench.aborted, bench.open(GetMessages)), (0, 1));
}

#[test]
fn a_sleep_is_seen_by_the_clocks_and_kills_the_poll_that_was_out() {
    let mut bench = Bench::chatting();
    bench.slept = 600_000;
    bench.handle(Input::Tick);
    assert_eq!(bench.connection(), Connection::Asking);
    assert_eq!((bench.aborted, bench.open(GetMessages)), (0, 1));
    bench.wait(1_000);
    assert_eq!((bench.aborted, bench.open(GetMessages)), (1, 1));
    bench.answer(GetMessages, 200, EMPTY);
    assert_eq!(bench.connection(), Connection::Connected);
}

#[test]
fn what_came_during_a_sleep_is_taken_however_late_the_timer_is() {
    let mut bench = Bench::chatting();
    bench.send("still there?");
    bench.now += 600_000;
    bench.handle(Input::Tick);
    bench.answer(PostMessage, 200, "{}");
    bench.messages(&[&posted(3, "yes")]);
    assert_eq!(bench.aborted, 0);
    assert_eq!(bench.written(), [("still there?", Delivery::Accepted)]);
    assert_eq!(bench.said(), ["yes"]);
}

#[test]
fn one_failure_is_not_yet_a_lost_connection() {
    let mut bench = Bench::chatting();
    bench.outcome(GetMessages, Outcome::Lost);
    assert_eq!(bench.connection(), Connection::Connected);
}

#[test]
fn past_the_absence_limit_the_visitor_is_told_and_keeps_the_transcript() {
    let mut bench = Bench::chatting();
    bench.messages(&[&posted(3, "still there?")]);
    while bench.phase().is_live() {
        bench.outcome(GetMessages, Outcome::Lost);
        if let Some(at) = bench.engine.wake_at() {
            bench.wait(at - bench.now);
        }
    }
    assert!(bench.now > 240_000, "{}", bench.now);
    assert_eq!(*bench.failure(), Failure::SessionLost);
    assert_eq!(bench.said(), ["still there?"]);
}

#[test]
fn after_a_long_sleep_the_server_is_asked_before_anything_is_given_up() {
    let mut bench = Bench::chatting();
    bench.slept = 3_600_000;
    bench.handle(Input::Wake);
    bench.outcome(GetMessages, Outcome::Lost);
    assert!(bench.phase().is_live());
    bench.handle(Input::Wake);
    bench.answer(GetMessages, 403, "");
    assert_eq!(*bench.failure(), Failure::SessionLost);
}

#[test]
fn a_hole_in_the_numbers_is_told_to_the_page() {
    let mut bench = Bench::chatting();
    bench.messages(&[&posted(3, "a"), &posted(6, "b")]);
    let hole = Warning::MessagesMissing {
        after: 3,
        before: 6,
    };
    assert_eq!(bench.warnings, [hole]);
    assert_eq!(bench.said(), ["a", "b"]);
}

#[test]
fn a_refused_token_is_replaced_once() {
    let mut bench = Bench::new();
    bench.command(Command::Start(Answers::default()));
    bench.session();
    bench.answer(RequestEngagement, 403, "");
    assert_eq!(bench.sessions_wanted, 2);
    assert_eq!(*bench.phase(), Phase::Starting);
    bench.session();
    bench.answer(RequestEngagement, 200, ENGAGEMENT);
    assert!(bench.phase().is_live());
}

#[test]
fn a_second_refusal_is_told() {
    let mut bench = Bench::new();
    bench.command(Command::Start(Answers::default()));
    for _ in 0..2 {
        bench.session();
        bench.outcome(RequestEngagement, answered(403, ""));
    }
    assert_eq!(bench.sessions_wanted, 2);
    assert_eq!(*bench.failure(), Failure::TokenRefused);
}
