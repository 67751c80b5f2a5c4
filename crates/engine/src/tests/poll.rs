//! Tests of polling: when the next poll (a request for new messages) is sent, and what the answers to polls mean. A
//! [`Bench`] runs an engine, and lets the test play the server, the web page and the clock.

use pipit_wire::consumer::Operation::{self, GetMessages};

use super::Bench;
use super::body::{ANA, answered, answered_with_retry_after, posted};
use crate::{Connection, Failure, Options, Outcome, Phase};

/// An answer to a poll without any message.
const EMPTY: &str = r#"{"systemMessages":[]}"#;

/// An answer to a poll with an empty list of errors, and without the list of messages.
const NO_ERRORS: &str = r#"{"errorMessages":[],"clientId":34}"#;

/// Waits until the next poll is sent. Returns the duration of the wait, in ms.
fn wait_for_next_poll(bench: &mut Bench) -> u64 {
    let since = bench.now;
    assert_eq!(bench.open_count(GetMessages), 0, "no poll is open");
    let at = bench.engine.wake_at().unwrap();
    bench.wait(at - since);
    assert_eq!(bench.open_count(GetMessages), 1, "a poll is open");
    at - since
}

#[test]
fn polling_starts_with_the_engagement_and_continues_at_once() {
    let mut bench = Bench::queued();
    assert_eq!(bench.send_times(GetMessages).len(), 1);
    assert_eq!(bench.bodies(GetMessages)[0], serde_json::json!({}));
    bench.receive(&[&posted(1, "a")]);
    assert_eq!(
        (
            bench.open_count(GetMessages),
            bench.send_times(GetMessages).len()
        ),
        (1, 2)
    );
}

#[test]
fn a_poll_held_for_30_seconds_and_an_empty_answer_are_normal() {
    let mut bench = Bench::queued();
    for poll_count in 1..5 {
        bench.wait(30_000);
        assert_eq!(
            (bench.send_times(GetMessages).len(), bench.aborted),
            (poll_count, 0)
        );
        bench.answer(
            GetMessages,
            200,
            if poll_count % 2 == 0 {
                EMPTY
            } else {
                NO_ERRORS
            },
        );
        assert_eq!(bench.connection(), Connection::Connected);
        assert_eq!(bench.open_count(GetMessages), 1);
    }
}

#[test]
fn a_server_that_answers_at_once_without_new_messages_is_polled_after_a_pause() {
    let mut bench = Bench::chatting();
    // `Bench::chatting` has received this message already.
    let no_new_message = format!(r#"{{"systemMessages":[{ANA}]}}"#);
    for body in [EMPTY, NO_ERRORS, &no_new_message] {
        bench.answer(GetMessages, 200, body);
        assert_eq!(wait_for_next_poll(&mut bench), 1_000, "{body}");
    }
}

#[test]
fn a_poll_without_an_answer_is_aborted_after_45_seconds() {
    let mut bench = Bench::queued();
    bench.wait(44_999);
    assert_eq!((bench.aborted, bench.send_times(GetMessages).len()), (0, 1));
    bench.wait(1);
    assert_eq!((bench.aborted, bench.send_times(GetMessages).len()), (1, 2));
    assert_eq!(bench.connection(), Connection::Lost);
    bench.answer(GetMessages, 200, EMPTY);
    assert_eq!(bench.connection(), Connection::Connected);
}

#[test]
fn the_answer_to_an_aborted_poll_is_ignored() {
    let mut bench = Bench::queued();
    let aborted_request = bench.open[0].id;
    bench.wait(45_000);
    bench.handle(crate::Input::Answer {
        request: aborted_request,
        outcome: answered(
            200,
            r#"{"systemMessages":[{"messageName":"RNEngagementConcludedMessage"}]}"#,
        ),
    });
    assert!(bench.phase().is_live());
    assert_eq!(bench.send_times(GetMessages).len(), 2);
}

#[test]
fn the_pauses_after_failures_grow_up_to_a_limit() {
    let failures = [
        Outcome::Lost,
        Outcome::NotSent,
        answered(500, ""),
        answered(503, "<html>"),
        answered(400, ""),
        answered(200, "garbage"),
        answered(200, "[1]"),
    ];
    let mut bench = Bench::with(Options {
        // The engine must not treat the conversation as lost during the test.
        absent_limit_ms: Some(u64::MAX),
        ..Options::default()
    });
    bench.start();
    let mut longest_ms = 0;
    for (earlier_failures, outcome) in failures.iter().cycle().take(200).enumerate() {
        bench.answer_with(GetMessages, outcome.clone());
        // Two failures in a row mean that the connection is lost.
        let is_lost = earlier_failures >= 1;
        assert_eq!(bench.connection() == Connection::Lost, is_lost);
        // A pause is 250 ms and a random part. The limit of the random part is 500 ms after the first failure, and
        // doubles with each further failure, up to 15 s.
        let limit_ms = 250 + (500 << earlier_failures.min(5)).min(15_000);
        let pause_ms = wait_for_next_poll(&mut bench);
        assert!(
            (250..=limit_ms).contains(&pause_ms),
            "{earlier_failures}: {pause_ms}"
        );
        longest_ms = pause_ms.max(longest_ms);
    }
    // Of so many random pauses, at least one is longer than half of the highest limit.
    assert!(longest_ms > 7_500, "{longest_ms}");
    bench.answer(GetMessages, 200, EMPTY);
    assert_eq!(bench.connection(), Connection::Connected);
    // The empty answer came at once, so the next poll is sent after 1 s.
    bench.wait(1_000);
    bench.answer_with(GetMessages, Outcome::Lost);
    assert!(
        wait_for_next_poll(&mut bench) <= 750,
        "the pauses are short again after an answer"
    );
}

#[test]
fn the_same_seed_gives_the_same_pauses() {
    let pauses = |seed| -> Vec<u64> {
        let mut bench = Bench::seeded(Options::default(), seed);
        bench.start();
        let mut fail = || {
            bench.answer_with(GetMessages, Outcome::Lost);
            wait_for_next_poll(&mut bench)
        };
        (0..20).map(|_| fail()).collect()
    };
    assert_eq!(pauses(7), pauses(7));
    assert_ne!(pauses(7), pauses(8));
}

#[test]
fn polling_respects_retry_after() {
    for status in [429, 500, 503, 404] {
        let mut bench = Bench::queued();
        bench.answer_with(GetMessages, answered_with_retry_after(status, 20_000));
        assert_eq!(wait_for_next_poll(&mut bench), 20_000, "{status}");
    }
}

#[test]
fn polling_waits_at_most_30_seconds_even_if_retry_after_is_longer() {
    for retry_after_ms in [30_000, 30_001, 120_000, u64::MAX] {
        let mut bench = Bench::queued();
        bench.answer_with(GetMessages, answered_with_retry_after(429, retry_after_ms));
        assert_eq!(wait_for_next_poll(&mut bench), 30_000);
    }
}

#[test]
fn while_polling_waits_as_the_server_demands_nothing_is_connected_and_posts_get_through() {
    for earlier_failures in 0..4 {
        let mut bench = Bench::chatting();
        bench.answer(GetMessages, 200, EMPTY);
        for _ in 0..earlier_failures {
            bench.wait(60_000);
            bench.answer_with(GetMessages, Outcome::NotSent);
        }
        if bench.open_count(GetMessages) == 0 {
            wait_for_next_poll(&mut bench);
        }
        for _ in 0..2 {
            bench.answer_with(GetMessages, answered_with_retry_after(503, 25_000));
            assert_eq!(bench.connection(), Connection::Asking, "{earlier_failures}");
            // A page that becomes visible does not end the pause.
            bench.handle(crate::Input::Wake);
            assert_eq!(bench.open_count(GetMessages), 0);
            bench.send("through");
            bench.answer(Operation::PostMessage, 200, super::body::ECHO);
            assert_eq!(wait_for_next_poll(&mut bench), 25_000);
            assert_eq!(bench.connection(), Connection::Asking);
        }
        bench.answer(GetMessages, 200, EMPTY);
        assert_eq!(bench.connection(), Connection::Connected);
    }
}

#[test]
fn a_poll_that_is_refused_as_unauthorized_loses_the_session() {
    for (status, body) in [
        (401, ""),
        (403, ""),
        (403, r#"{"exceptionCode":"ACCESS_DENIED"}"#),
    ] {
        let mut bench = Bench::chatting();
        bench.answer(GetMessages, status, body);
        assert_eq!(*bench.failure(), Failure::SessionLost);
        assert!(bench.failure().can_try_again());
        assert_eq!((bench.open.len(), bench.engine.wake_at()), (0, None));
    }
}

#[test]
fn the_fourth_404_since_the_last_success_loses_the_session() {
    let mut bench = Bench::queued();
    // Failures of other kinds do not count. With this bench's seed, the pauses after them are together shorter than the
    // time after which the session counts as lost.
    for _ in 0..20 {
        bench.answer_with(GetMessages, Outcome::Lost);
        wait_for_next_poll(&mut bench);
    }
    for _ in 0..3 {
        bench.answer(GetMessages, 404, "");
        assert!(bench.phase().is_live());
        wait_for_next_poll(&mut bench);
    }
    bench.answer(GetMessages, 404, "");
    assert_eq!(*bench.failure(), Failure::SessionLost);
}

#[test]
fn a_poll_that_a_web_page_refuses_does_not_lose_the_session_before_the_fourth_time() {
    for (status, body) in [
        (403, "<html>Sign in to this network</html>"),
        (401, " \n<!doctype html><title>Proxy</title>"),
    ] {
        let mut bench = Bench::chatting();
        for _ in 0..3 {
            bench.answer(GetMessages, status, body);
            assert!(bench.phase().is_live(), "{body}");
            wait_for_next_poll(&mut bench);
        }
        bench.answer(GetMessages, 200, EMPTY);
        wait_for_next_poll(&mut bench);
        for _ in 0..4 {
            assert!(bench.phase().is_live(), "the count begins anew");
            bench.answer(GetMessages, status, body);
            if bench.phase().is_live() {
                wait_for_next_poll(&mut bench);
            }
        }
        assert_eq!(*bench.failure(), Failure::SessionLost);
    }
}

#[test]
fn a_message_that_a_web_page_refuses_may_have_arrived() {
    let mut bench = Bench::chatting();
    bench.send("hello");
    bench.answer(Operation::PostMessage, 403, "<html>Blocked</html>");
    assert!(bench.phase().is_live());
    assert_eq!(
        bench.visitor_messages(),
        [("hello", crate::Delivery::Unknown)]
    );
}

#[test]
fn polls_that_time_out_count_for_the_absence() {
    let mut bench = Bench::with(Options {
        absent_limit_ms: Some(120_000),
        ..Options::default()
    });
    bench.start();
    bench.wait(3 * 45_000 - 1);
    assert!(bench.phase().is_live());
    bench.wait(1);
    assert_eq!(*bench.failure(), Failure::SessionLost);
    assert_eq!((bench.open.len(), bench.engine.wake_at()), (0, None));
}

#[test]
fn sequence_numbers_of_a_new_engagement_are_not_compared_with_those_of_the_lost_engagement() {
    let mut bench = Bench::chatting();
    bench.receive(&[&posted(50, "before")]);
    bench.answer(GetMessages, 403, "");
    bench.start();
    assert_eq!(*bench.phase(), Phase::Queued(crate::Wait::default()));
    bench.receive(&[ANA, &posted(3, "after")]);
    assert_eq!(bench.agent_texts(), ["before", "after"]);
    assert_eq!(bench.open_count(GetMessages), 1);
}

#[test]
fn a_slow_post_does_not_delay_polling() {
    let mut bench = Bench::chatting();
    bench.send("hello");
    bench.receive(&[&posted(3, "a")]);
    bench.receive(&[&posted(4, "b")]);
    assert_eq!(
        (
            bench.open_count(Operation::PostMessage),
            bench.agent_texts()
        ),
        (1, vec!["a", "b"])
    );
}

#[test]
fn a_poll_that_stays_open_shows_that_the_network_is_back() {
    let mut bench = Bench::chatting();
    for _ in 0..2 {
        bench.answer_with(GetMessages, Outcome::Lost);
        wait_for_next_poll(&mut bench);
    }
    assert_eq!(bench.connection(), Connection::Lost);
    bench.wait(2_999);
    assert_eq!(bench.connection(), Connection::Lost);
    bench.wait(1);
    assert_eq!(bench.connection(), Connection::Connected);
    assert_eq!(bench.open_count(GetMessages), 1, "the poll goes on");
    // The poll fails after all. It was open for too long to be a failure at once, so the next open poll shows nothing.
    bench.answer_with(GetMessages, Outcome::Lost);
    assert_eq!(bench.connection(), Connection::Lost);
    wait_for_next_poll(&mut bench);
    bench.wait(10_000);
    assert_eq!(bench.connection(), Connection::Lost);
    bench.answer(GetMessages, 200, EMPTY);
    assert_eq!(bench.connection(), Connection::Connected);
}

#[test]
fn an_open_poll_shows_nothing_while_polls_fail_by_their_deadline() {
    let mut bench = Bench::chatting();
    bench.wait(45_000);
    assert_eq!(bench.connection(), Connection::Lost);
    bench.wait(20_000);
    assert_eq!(bench.connection(), Connection::Lost);
}
