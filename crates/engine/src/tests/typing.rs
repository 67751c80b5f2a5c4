use pipit_wire::consumer::Operation::{Activity, PostMessage};
use proptest::prelude::*;
use serde_json::json;

use super::Bench;
use super::body::{ANA, answered, come_back_in};
use super::sneak_preview::{chatting_with, count, draft, last, told};
use crate::{Command, Outcome};

#[test]
fn a_withdrawal_that_failed_is_told_again() {
    for outcome in [
        Outcome::Lost,
        Outcome::NotSent,
        answered(500, ""),
        come_back_in(429, 600),
    ] {
        let mut bench = Bench::chatting();
        told(&mut bench, "secret");
        bench.command(Command::AllowSneakPreview(false));
        bench.outcome(Activity, outcome);
        assert_eq!(count(&bench), 2, "not at once");
        bench.wait(750);
        assert_eq!(bench.bodies(Activity)[2], json!({"mode": "RESPONDING"}));
    }
}

#[test]
fn signals_to_a_server_that_fails_become_rare() {
    let mut bench = Bench::chatting();
    draft(&mut bench, "a");
    for _ in 0..600 {
        if bench.open(Activity) == 1 {
            bench.answer(Activity, 500, "");
        }
        bench.wait(1_000);
    }
    assert!((40..120).contains(&count(&bench)), "{}", count(&bench));
}

#[test]
fn an_emptied_composer_says_so() {
    let mut bench = Bench::chatting();
    told(&mut bench, "a");
    draft(&mut bench, "");
    bench.wait(3_000);
    let body = json!({"mode": "LISTENING", "sneakPreviewText": "", "sneakPreviewFocus": true});
    assert_eq!(last(&bench), body);
}

#[test]
fn a_visitor_who_stops_typing_is_listening() {
    let mut bench = Bench::chatting();
    told(&mut bench, "a");
    bench.wait(3_000);
    assert_eq!(
        (&last(&bench)["mode"], count(&bench)),
        (&json!("LISTENING"), 2)
    );
    bench.answer(Activity, 200, "{}");
    bench.wait(40_000);
    assert_eq!(count(&bench), 2, "told once");
}

#[test]
fn a_sent_message_needs_no_signal() {
    let mut bench = Bench::chatting();
    told(&mut bench, "hello");
    bench.send("hello");
    draft(&mut bench, "");
    bench.answer(PostMessage, 200, "{}");
    bench.wait(40_000);
    assert_eq!(count(&bench), 1);
}

#[test]
fn an_agent_who_takes_over_is_told_what_the_one_before_was_told() {
    let mut bench = chatting_with(&json!({"sneakPreviewState": "DISABLED"}));
    told(&mut bench, "a");
    bench.messages(&[
        r#"{"messageName":"RNEngagementParticipantLeftMessage","role":"LEAD",
            "disconnectReason":"TRANSFERRED_TO_QUEUE","clientId":35,"sequenceNumber":5}"#,
        &ANA.replace("35", "36").replace('2', "8"),
    ]);
    let responding = json!({"mode": "RESPONDING"});
    assert_eq!(bench.bodies(Activity), [responding.clone(), responding]);
}

#[test]
fn a_second_agent_does_not_make_a_withdrawal_forgotten() {
    let mut bench = Bench::chatting();
    told(&mut bench, "secret");
    bench.wait(3_000);
    bench.answer(Activity, 200, "{}");
    bench.messages(&[&ANA
        .replace("35", "36")
        .replace("LEAD", "CONFEREE")
        .replace('2', "8")]);
    bench.command(Command::AllowSneakPreview(false));
    assert_eq!(last(&bench), json!({"mode": "LISTENING"}));
}

#[test]
fn a_signal_that_never_comes_back_is_given_up_and_keeps_the_interval() {
    let mut bench = chatting_with(&json!({"sneakPreviewInterval": 60_000}));
    draft(&mut bench, "a");
    let since = bench.now;
    bench.wait(14_999);
    assert_eq!(bench.aborted, 0);
    bench.wait(1);
    assert_eq!((bench.aborted, bench.open(Activity)), (1, 0));
    draft(&mut bench, "ab");
    bench.wait(400_000);
    let times = bench.times(Activity);
    assert!(times[1] >= since + 60_000, "{times:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn however_one_types_at_most_one_text_leaves_per_interval(
        interval in 250_u64..10_000,
        keys in prop::collection::vec((0_u64..2_500, "[a-c]{0,3}", 0_u8..3), 1..60),
    ) {
        let mut bench = chatting_with(&json!({"sneakPreviewInterval": interval}));
        for (pause, text, answer) in keys {
            bench.wait(pause);
            draft(&mut bench, &text);
            if bench.open(Activity) == 1 && answer > 0 {
                let outcome = if answer == 1 { answered(200, "{}") } else { Outcome::Lost };
                bench.outcome(Activity, outcome);
            }
        }
        bench.wait(30_000);
        let times = bench.times(Activity);
        for pair in times.windows(2) {
            prop_assert!(pair[1] >= pair[0] + interval, "{:?}", times);
        }
    }
}
