//! Tests of unusual situations: the input `Wake` (the page is visible again), a sleep of the machine, a server that
//! cannot be reached, a gap in the sequence numbers of the messages, and a token that the server has refused. A
//! [`Bench`] runs an engine, and lets the test play the server, the web page and the clock. `posted(3, "a")` is an
//! agent's message with the sequence number 3.

use pipit_wire::consumer::Operation::{GetMessages, PostMessage, RequestEngagement};

use super::Bench;
use super::body::{ECHO, ENGAGEMENT, answered, posted};
use crate::{Command, Connection, Delivery, Failure, FormAnswers, Input, Outcome, Phase, Warning};

/// The body of an answer to a poll that contains no messages.
const EMPTY: &str = r#"{"systemMessages":[]}"#;

/// A chat whose seven most recent polls have failed, so that the next one is due only after some seconds.
fn after_failed_polls() -> Bench {
    let mut bench = Bench::chatting();
    for _ in 0..6 {
        bench.answer_with(GetMessages, Outcome::Lost);
        let wake_at = bench.engine.wake_at().unwrap();
        bench.wait(wake_at - bench.now);
    }
    bench.answer_with(GetMessages, Outcome::Lost);
    bench
}

#[test]
fn the_input_wake_ends_the_pause_between_polls() {
    let mut bench = after_failed_polls();
    assert_eq!(bench.open_count(GetMessages), 0);
    bench.handle(Input::Wake);
    assert_eq!(bench.open_count(GetMessages), 1);
}

#[test]
fn the_input_wake_does_not_abort_a_poll_that_may_still_be_answered() {
    let mut bench = Bench::chatting();
    // The server may hold a poll for 30 s.
    bench.wait(20_000);
    bench.handle(Input::Wake);
    assert_eq!((bench.aborted, bench.open_count(GetMessages)), (0, 1));
}

#[test]
fn after_a_sleep_that_the_clocks_show_the_open_poll_is_replaced() {
    let mut bench = Bench::chatting();
    // Ten minutes, more than any deadline of a poll. Only the wall clock counts this time, which shows that the machine
    // has slept.
    bench.slept_ms = 600_000;
    bench.handle(Input::Tick);
    assert_eq!(bench.connection(), Connection::Asking);
    assert_eq!((bench.aborted, bench.open_count(GetMessages)), (0, 1));
    // An answer that has already arrived can still be delivered for 1 s. Then the poll is replaced.
    bench.wait(1_000);
    assert_eq!((bench.aborted, bench.open_count(GetMessages)), (1, 1));
    bench.answer(GetMessages, 200, EMPTY);
    assert_eq!(bench.connection(), Connection::Connected);
}

#[test]
fn answers_that_arrived_during_a_sleep_are_used_although_the_timers_are_late() {
    let mut bench = Bench::chatting();
    bench.send("still there?");
    // The monotonic clock counts this time too, but no timer has run.
    bench.now += 600_000;
    bench.handle(Input::Tick);
    bench.answer(PostMessage, 200, ECHO);
    bench.receive(&[&posted(3, "yes")]);
    assert_eq!(bench.aborted, 0);
    assert_eq!(
        bench.visitor_messages(),
        [("still there?", Delivery::Accepted)]
    );
    assert_eq!(bench.agent_texts(), ["yes"]);
}

#[test]
fn after_one_failed_poll_the_connection_still_counts_as_connected() {
    let mut bench = Bench::chatting();
    bench.answer_with(GetMessages, Outcome::Lost);
    assert_eq!(bench.connection(), Connection::Connected);
}

#[test]
fn after_the_absence_limit_the_session_is_lost_and_the_transcript_stays() {
    let mut bench = Bench::chatting();
    bench.receive(&[&posted(3, "still there?")]);
    while bench.phase().is_live() {
        bench.answer_with(GetMessages, Outcome::Lost);
        if let Some(wake_at) = bench.engine.wake_at() {
            bench.wait(wake_at - bench.now);
        }
    }
    // The absence limit (`DEFAULT_ABSENT_LIMIT_MS` in `poll.rs`) is 240 s. If no poll succeeds for so long, the session
    // counts as lost.
    assert!(bench.now > 240_000, "{}", bench.now);
    assert_eq!(*bench.failure(), Failure::SessionLost);
    assert_eq!(bench.agent_texts(), ["still there?"]);
}

#[test]
fn after_a_long_sleep_the_server_is_polled_before_the_session_counts_as_lost() {
    let mut bench = Bench::chatting();
    // An hour, more than the absence limit. One failed poll is still not enough: only three failures in a row can make
    // the session count as lost (`MIN_FAILURES_BEFORE_LOSS` in `poll.rs`).
    bench.slept_ms = 3_600_000;
    bench.handle(Input::Wake);
    bench.answer_with(GetMessages, Outcome::Lost);
    assert!(bench.phase().is_live());
    bench.handle(Input::Wake);
    // With 403, the server refuses the session id.
    bench.answer(GetMessages, 403, "");
    assert_eq!(*bench.failure(), Failure::SessionLost);
}

#[test]
fn a_gap_in_the_sequence_numbers_gives_a_warning() {
    let mut bench = Bench::chatting();
    bench.receive(&[&posted(3, "a"), &posted(6, "b")]);
    let gap = Warning::MessagesMissing {
        after: 3,
        before: 6,
    };
    assert_eq!(bench.warnings, [gap]);
    assert_eq!(bench.agent_texts(), ["a", "b"]);
}

#[test]
fn after_a_refused_token_the_page_is_asked_for_another_one() {
    let mut bench = Bench::new();
    bench.command(Command::Start(FormAnswers::default()));
    bench.supply_session();
    bench.answer(RequestEngagement, 403, "");
    assert_eq!(bench.session_requests.len(), 2);
    assert_eq!(*bench.phase(), Phase::Starting);
    bench.supply_session();
    bench.answer(RequestEngagement, 200, ENGAGEMENT);
    assert!(bench.phase().is_live());
}

#[test]
fn a_second_refused_token_is_a_failure() {
    let mut bench = Bench::new();
    bench.command(Command::Start(FormAnswers::default()));
    for _ in 0..2 {
        bench.supply_session();
        bench.answer_with(RequestEngagement, answered(403, ""));
    }
    assert_eq!(bench.session_requests.len(), 2);
    assert_eq!(*bench.failure(), Failure::TokenRefused);
}
