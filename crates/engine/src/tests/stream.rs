use super::Bench;
use super::body::{ANA, posted};
use crate::Content;

#[test]
fn a_message_that_comes_twice_is_shown_once() {
    let mut bench = Bench::chatting();
    bench.messages(&[&posted(3, "once"), &posted(3, "once")]);
    bench.messages(&[&posted(3, "once"), ANA, &posted(4, "next")]);
    assert_eq!(bench.said(), ["once", "next"]);
    assert_eq!(bench.notices().len(), 1);
}

#[test]
fn a_long_conversation_still_knows_what_it_has_seen() {
    let mut bench = Bench::chatting();
    for sequence in 3..2_000 {
        bench.messages(&[&posted(sequence, "text")]);
    }
    bench.messages(&[&posted(3, "old"), &posted(1_999, "new")]);
    assert_eq!(bench.said().len(), 1_997);
}

#[test]
fn a_batch_out_of_order_is_put_right() {
    let mut bench = Bench::queued();
    bench.messages(&[&posted(5, "c"), &posted(4, "b"), ANA, &posted(3, "a")]);
    assert_eq!(bench.said(), ["a", "b", "c"]);
}

#[test]
fn batches_out_of_order_are_put_right() {
    let mut bench = Bench::chatting();
    bench.messages(&[&posted(4, "b")]);
    bench.send("mine");
    bench.messages(&[&posted(6, "d")]);
    bench.messages(&[&posted(5, "c"), &posted(3, "a")]);
    assert_eq!(bench.said(), ["a", "b", "c", "d"]);
    let own = bench
        .contents()
        .position(|it| matches!(it, Content::Visitor { .. }));
    assert_eq!(own, Some(3), "between b and what followed");
}

#[test]
fn messages_without_a_number_stay_where_they_came() {
    let mut bench = Bench::queued();
    let unnumbered =
        r#"{"messageName":"RNEngagementMessagePostedMessage","body":"b","clientId":35}"#;
    bench.messages(&[ANA, &posted(3, "a"), unnumbered, &posted(4, "c")]);
    assert_eq!(bench.said(), ["a", "b", "c"]);
}

#[test]
fn extreme_sequence_numbers_do_no_harm() {
    let mut bench = Bench::chatting();
    bench.messages(&[
        &posted(i64::MAX, "z"),
        &posted(i64::MIN, "a"),
        &posted(0, "b"),
    ]);
    bench.messages(&[&posted(7, "c"), &posted(i64::MAX, "again")]);
    assert_eq!(bench.said(), ["a", "b", "c", "z"]);
}

#[test]
fn what_nobody_knows_or_can_read_costs_the_rest_nothing() {
    let mut bench = Bench::chatting();
    bench.messages(&[
        r#"{"messageName":"RNEngagementNeverSeenMessage","sequenceNumber":3,"body":"?"}"#,
        r#"{"messageName":"RNEngagementMessagePostedMessage","clientId":35,"body":{"a":1}}"#,
        r#"{"messageName":"RNEngagementMediaTokenMessage","mediaToken":"x.y.z"}"#,
        r#"{"noName":true}"#,
        "17",
        "null",
        &posted(4, "readable"),
    ]);
    assert_eq!((bench.said(), bench.notices().len()), (vec!["readable"], 1));
}
