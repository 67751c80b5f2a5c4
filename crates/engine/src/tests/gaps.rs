//! Tests of gaps: the notice that a message of the server may be missing. The API has no way to ask for an answer again,
//! so the messages of an answer that breaks are lost. A [`Bench`] runs an engine, and lets the test play the server.
//! `posted(3, "a")` is a message of the agent Ana with the sequence number 3; `ANA`, with the number 2, says that she
//! has joined.

use pipit_wire::consumer::Operation::GetMessages;

use super::Bench;
use super::body::{ANA, answered, answered_with_retry_after, posted};
use crate::{Content, Notice, Outcome};

/// What the visitor reads, with `?` for each gap. Notices of other kinds are left out.
fn shown(bench: &Bench) -> Vec<&str> {
    let lines = bench.contents().filter_map(|content| match content {
        Content::Agent { body, .. } => Some(body.as_ref()),
        Content::Visitor { text, .. } => Some(text.as_ref()),
        Content::Notice(Notice::Gap) => Some("?"),
        Content::Notice(_) => None,
    });
    lines.collect()
}

/// Lets the open poll end with this outcome, and waits for the next poll.
fn fail(bench: &mut Bench, outcome: Outcome) {
    bench.answer_with(GetMessages, outcome);
    while bench.open_count(GetMessages) == 0 {
        let at = bench.engine.wake_at().unwrap();
        bench.wait(at - bench.now);
    }
}

/// The ends of a poll after which a message may be lost.
fn broken_ends() -> Vec<Outcome> {
    vec![
        Outcome::Lost,
        // The answer is cut, is empty, or somebody else has sent it.
        answered(200, r#"{"systemMessages"#),
        answered(200, ""),
        answered(204, ""),
        answered(200, "<html>Sign in</html>"),
        answered(200, r#"{"ok":true}"#),
        answered(200, "[]"),
        answered(408, ""),
        answered(500, ""),
        answered(502, "<html>"),
        answered(504, ""),
        answered(520, ""),
    ]
}

#[test]
fn a_poll_that_breaks_leaves_a_gap_in_its_place() {
    for outcome in broken_ends() {
        let mut bench = Bench::chatting();
        bench.receive(&[&posted(3, "a")]);
        fail(&mut bench, outcome.clone());
        assert_eq!(shown(&bench), ["a", "?"], "{outcome:?}");
        bench.send("mine");
        // The number 4 is missing.
        bench.receive(&[&posted(5, "b")]);
        assert_eq!(shown(&bench), ["a", "?", "mine", "b"], "{outcome:?}");
    }
}

#[test]
fn a_gap_is_taken_back_if_the_numbers_show_that_nothing_is_missing() {
    for outcome in broken_ends() {
        let mut bench = Bench::chatting();
        bench.receive(&[&posted(3, "a")]);
        fail(&mut bench, outcome.clone());
        bench.receive(&[]);
        bench.wait(1_000);
        assert_eq!(shown(&bench), ["a", "?"], "an empty answer shows nothing");
        bench.receive(&[&posted(4, "b")]);
        assert_eq!(shown(&bench), ["a", "b"], "{outcome:?}");
    }
}

#[test]
fn a_poll_whose_failure_is_certain_leaves_no_gap() {
    for outcome in [
        Outcome::NotSent,
        answered_with_retry_after(429, 1_000),
        answered_with_retry_after(503, 1_000),
        answered(503, ""),
        answered(404, ""),
        answered(400, ""),
        answered(403, "<html>"),
    ] {
        let mut bench = Bench::chatting();
        fail(&mut bench, outcome.clone());
        assert_eq!(shown(&bench), [""; 0], "{outcome:?}");
    }
}

#[test]
fn a_poll_that_times_out_leaves_a_gap() {
    let mut bench = Bench::chatting();
    bench.wait(45_000);
    assert_eq!(shown(&bench), ["?"]);
}

#[test]
fn one_outage_is_one_gap() {
    let mut bench = Bench::chatting();
    bench.receive(&[&posted(3, "a")]);
    for text in ["one", "two"] {
        fail(&mut bench, Outcome::Lost);
        bench.send(text);
        fail(&mut bench, Outcome::Lost);
    }
    assert_eq!(shown(&bench), ["a", "?", "one", "two"]);
    // The next outage is another gap, unless nothing has come between them.
    bench.receive(&[]);
    bench.wait(1_000);
    fail(&mut bench, Outcome::Lost);
    bench.receive(&[]);
    bench.wait(1_000);
    fail(&mut bench, Outcome::Lost);
    assert_eq!(shown(&bench), ["a", "?", "one", "two", "?"]);
    bench.receive(&[&posted(4, "b")]);
    assert_eq!(shown(&bench), ["a", "one", "two", "b"]);
}

#[test]
fn gaps_are_closed_one_by_one() {
    let mut bench = Bench::chatting();
    for number in [3, 5, 6, 9] {
        bench.receive(&[&posted(number, &number.to_string())]);
    }
    assert_eq!(shown(&bench), ["3", "?", "5", "6", "?", "9"]);
    bench.receive(&[&posted(7, "7")]);
    assert_eq!(shown(&bench), ["3", "?", "5", "6", "?", "7", "9"]);
    bench.receive(&[&posted(4, "4")]);
    assert_eq!(shown(&bench), ["3", "4", "5", "6", "?", "7", "9"]);
    bench.receive(&[&posted(8, "8")]);
    assert_eq!(shown(&bench), ["3", "4", "5", "6", "7", "8", "9"]);
    fail(&mut bench, Outcome::Lost);
    bench.receive(&[&posted(10, "10")]);
    assert_eq!(shown(&bench).last(), Some(&"10"));
    assert!(!shown(&bench).contains(&"?"));
}

#[test]
fn a_gap_before_the_first_message_is_closed_by_the_number_1() {
    for (first, has_gap) in [(1, false), (2, true)] {
        let mut bench = Bench::queued();
        fail(&mut bench, Outcome::Lost);
        assert_eq!(shown(&bench), ["?"]);
        bench.receive(&[&super::body::agent_joined(
            &serde_json::json!({"sequenceNumber": first, "sequenceNumberString": null}),
        )]);
        assert_eq!(shown(&bench), if has_gap { vec!["?"] } else { vec![] });
    }
}

#[test]
fn without_numbers_a_gap_stays() {
    let unnumbered =
        r#"{"messageName":"RNEngagementMessagePostedMessage","body":"b","clientId":35}"#;
    let mut bench = Bench::chatting();
    fail(&mut bench, Outcome::Lost);
    bench.receive(&[unnumbered]);
    assert_eq!(shown(&bench), ["?", "b"]);
}

#[test]
fn a_gap_survives_a_reload_and_is_taken_back_afterwards() {
    for (next, expected) in [(4, vec!["a", "b"]), (5, vec!["a", "?", "b"])] {
        let mut bench = Bench::chatting();
        bench.receive(&[&posted(3, "a")]);
        fail(&mut bench, Outcome::Lost);
        bench.reload();
        assert_eq!(shown(&bench), ["a", "?"]);
        bench.receive(&[&posted(next, "b")]);
        assert_eq!(shown(&bench), expected);
    }
}

#[test]
fn what_was_lost_with_a_reload_is_a_gap_as_soon_as_numbers_show_it() {
    let mut bench = Bench::chatting();
    bench.receive(&[&posted(3, "a")]);
    bench.reload();
    bench.receive(&[&posted(5, "b")]);
    assert_eq!(shown(&bench), ["a", "?", "b"]);
}

#[test]
fn a_gap_of_an_earlier_engagement_is_not_closed_by_the_next() {
    let mut bench = Bench::chatting();
    bench.receive(&[&posted(3, "a")]);
    fail(&mut bench, Outcome::Lost);
    bench.answer(GetMessages, 403, "");
    bench.start();
    bench.receive(&[ANA, &posted(3, "b"), &posted(4, "c")]);
    assert_eq!(shown(&bench), ["a", "?", "b", "c"]);
}

#[test]
fn an_old_record_without_identities_knows_its_numbers() {
    let mut bench = Bench::chatting();
    bench.receive(&[&posted(3, "a")]);
    let stored: serde_json::Value = serde_json::from_str(bench.stored.as_ref().unwrap()).unwrap();
    let mut old = stored.clone();
    let live = old["live"].as_object_mut().unwrap();
    assert!(live.remove("identities").is_some(), "{stored}");
    bench.stored = Some(old.to_string());
    bench.reload();
    bench.receive(&[ANA, &posted(3, "a"), &posted(4, "b")]);
    assert_eq!(shown(&bench), ["a", "b"]);
    assert_eq!(bench.notices().len(), 1, "Ana has joined once");
}
