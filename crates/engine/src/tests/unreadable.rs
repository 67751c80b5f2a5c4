//! Tests of messages that cannot be read: a notice stands in the place of each, and its neighbours are shown. A [`Bench`]
//! runs an engine that is *chatting* with the agent Ana, and lets the test play the server. `posted(3, "text")` is a message
//! of Ana with the sequence number 3.

use pipit_wire::consumer::Operation::GetMessages;

use super::Bench;
use super::body::posted;
use crate::{Connection, Content, Notice, Warning};

/// The texts of agents and the notices of messages that cannot be read, in the order of the transcript.
fn shown(bench: &Bench) -> Vec<&str> {
    let shown = bench.contents().filter_map(|content| match content {
        Content::Agent { body, .. } => Some(&**body),
        Content::Notice(Notice::Unreadable) => Some("(unreadable)"),
        _ => None,
    });
    shown.collect()
}

/// A message whose text cannot be read.
fn unreadable(sequence: i64) -> String {
    posted(sequence, "").replace(r#""body":"""#, r#""body":7"#)
}

#[test]
fn the_neighbours_of_an_unreadable_message_are_shown() {
    let mut bench = Bench::chatting();
    bench.receive(&[&posted(5, "c"), &unreadable(4), &posted(3, "a")]);
    assert_eq!(shown(&bench), ["a", "(unreadable)", "c"]);
    assert_eq!(
        bench.warnings,
        [Warning::MessageUnreadable { number: Some(4) }]
    );
    // It is stored, and its number is remembered.
    bench.reload();
    bench.receive(&[&unreadable(4), &posted(6, "d")]);
    assert_eq!(shown(&bench), ["a", "(unreadable)", "c", "d"]);
}

/// Before the second reading, one of these cost the whole batch.
#[test]
fn a_batch_that_only_the_second_reading_reads_is_shown() {
    let lone = posted(3, "").replace(r#""body":"""#, r#""body":"a\ud83d""#);
    let broken =
        r#"{"body":"say "x"","messageName":"RNEngagementMessagePostedMessage","sequenceNumber":4}"#;
    let large = posted(5, "b").replace(r#""body""#, r#""extra":1e400,"body""#);
    let mut bench = Bench::chatting();
    bench.receive(&[&lone, broken, &large]);
    assert_eq!(shown(&bench), ["a\u{fffd}", "(unreadable)", "b"]);
    assert_eq!(bench.connection(), Connection::Connected);
}

#[test]
fn the_servers_copy_of_the_visitors_message_is_no_notice() {
    let mut bench = Bench::chatting();
    bench.receive(&[&unreadable(3).replace(r#""clientId":35"#, r#""clientId":34"#)]);
    assert_eq!(shown(&bench), [""; 0]);
}

/// A server that repeats what has no number neither fills the transcript nor is polled without a pause.
#[test]
fn what_has_no_number_is_noted_once() {
    let mut bench = Bench::chatting();
    for _ in 0..50 {
        bench.receive(&["null", "17"]);
        bench.wait(1_000);
    }
    assert_eq!(shown(&bench), ["(unreadable)"]);
    let polls = bench.send_times(GetMessages);
    let at_once = polls.windows(2).filter(|pair| pair[0] == pair[1]).count();
    assert!(at_once < 5, "{polls:?}");
}
