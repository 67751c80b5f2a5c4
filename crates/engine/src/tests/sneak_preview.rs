use pipit_wire::consumer::Operation::{Activity, RequestEngagement};
use pipit_wire::vocabulary::SneakPreviewState;
use serde_json::{Value, json};

use super::Bench;
use super::body::{activity_changed, concluded, engagement};
use crate::{Answers, Command};

/// A chat in which `requestEngagement` told these settings.
pub(super) fn chatting_with(settings: &Value) -> Bench {
    let mut bench = Bench::new();
    bench.command(Command::Start(Answers::default()));
    bench.session();
    bench.answer(RequestEngagement, 200, &engagement(settings));
    bench.joined()
}

pub(super) fn draft(bench: &mut Bench, text: &str) {
    bench.command(Command::Typed(text.to_owned()));
}

/// Types, and has the signal answered at once.
pub(super) fn told(bench: &mut Bench, text: &str) {
    draft(bench, text);
    bench.answer(Activity, 200, "{}");
}

pub(super) fn last(bench: &Bench) -> Value {
    bench.bodies(Activity).pop().unwrap()
}

pub(super) fn count(bench: &Bench) -> usize {
    bench.bodies(Activity).len()
}

/// A setting by a message of the agent's side.
fn set(bench: &mut Bench, members: &Value) {
    bench.messages(&[&activity_changed(members)]);
}

#[test]
fn the_first_state_is_that_of_the_engagement() {
    for state in SneakPreviewState::ALL {
        let bench = chatting_with(&json!({"sneakPreviewState": state.as_str()}));
        let preview = &bench.engine.conversation().sneak_preview;
        assert_eq!(preview.state(), state);
        assert_eq!(preview.sends_text(), *state == SneakPreviewState::Enabled);
    }
}

#[test]
fn text_is_in_the_field_that_the_api_names() {
    let mut bench = Bench::chatting();
    draft(&mut bench, "hel");
    let body = json!({"mode": "RESPONDING", "sneakPreviewText": "hel", "sneakPreviewFocus": true});
    assert_eq!(last(&bench), body);
}

#[test]
fn the_interval_is_kept_from_answer_to_next_text() {
    let mut bench = Bench::chatting();
    draft(&mut bench, "a");
    bench.wait(500);
    draft(&mut bench, "ab");
    bench.answer(Activity, 200, "{}");
    draft(&mut bench, "abc");
    bench.wait(2_999);
    assert_eq!(count(&bench), 1);
    bench.wait(1);
    assert_eq!(
        (count(&bench), &last(&bench)["sneakPreviewText"]),
        (2, &json!("abc"))
    );
}

#[test]
fn no_text_leaves_in_any_other_state() {
    for state in [
        "NONE",
        "DISABLED",
        "SITE_UNAVAILABLE",
        "SERVICE_UNAVAILABLE",
        "NEW_STATE",
    ] {
        let mut bench = chatting_with(&json!({"sneakPreviewState": state}));
        told(&mut bench, "h");
        told_nothing_more(&mut bench);
        assert_eq!(
            bench.bodies(Activity),
            [json!({"mode": "RESPONDING"})],
            "{state}"
        );
        bench.wait(5_000);
        assert_eq!(last(&bench), json!({"mode": "LISTENING"}), "{state}");
    }
}

/// Without text, each further key says nothing new.
fn told_nothing_more(bench: &mut Bench) {
    let before = count(bench);
    draft(bench, "he");
    draft(bench, "hel");
    assert_eq!(count(bench), before);
}

#[test]
fn an_activity_message_refreshes_state_interval_and_focus() {
    let mut bench = chatting_with(&json!({"sneakPreviewState": "DISABLED"}));
    set(
        &mut bench,
        &json!({"sneakPreviewState": "ENABLED", "sneakPreviewIntervalString": "800",
        "sneakPreviewFocus": "boolean"}),
    );
    told(&mut bench, "a");
    draft(&mut bench, "ab");
    bench.wait(799);
    assert_eq!(count(&bench), 1);
    bench.wait(1);
    assert_eq!(last(&bench)["sneakPreviewText"], "ab");
    set(
        &mut bench,
        &json!({"sneakPreviewState": "SITE_UNAVAILABLE"}),
    );
    bench.answer(Activity, 200, "{}");
    draft(&mut bench, "abc");
    assert_eq!(last(&bench).get("sneakPreviewText"), None);
}

#[test]
fn a_longer_interval_holds_from_the_moment_it_is_told() {
    let mut bench = Bench::chatting();
    told(&mut bench, "a");
    let since = bench.now;
    set(&mut bench, &json!({"sneakPreviewInterval": 60_000}));
    draft(&mut bench, "ab");
    bench.wait(since + 59_999 - bench.now);
    assert_eq!(count(&bench), 1);
    bench.wait(1);
    assert_eq!(count(&bench), 2);
}

#[test]
fn the_answer_to_a_signal_refreshes_the_settings_too() {
    let mut bench = Bench::chatting();
    draft(&mut bench, "a");
    bench.answer(
        Activity,
        200,
        r#"{"clientId":34,"sneakPreviewState":"DISABLED"}"#,
    );
    assert!(!bench.engine.conversation().sneak_preview.sends_text());
    told_nothing_more(&mut bench);
}

#[test]
fn no_text_leaves_while_the_chat_is_out_of_the_agents_focus() {
    let mut bench = Bench::chatting();
    set(&mut bench, &json!({"sneakPreviewFocus": false}));
    told(&mut bench, "a");
    assert_eq!(last(&bench), json!({"mode": "RESPONDING"}));
    set(&mut bench, &json!({"mode": "LISTENING"}));
    told_nothing_more(&mut bench);
    set(&mut bench, &json!({"sneakPreviewFocus": true}));
    assert_eq!(last(&bench)["sneakPreviewText"], "hel");
}

#[test]
fn a_visitor_who_turns_it_off_withdraws_what_was_seen() {
    let mut bench = Bench::chatting();
    told(&mut bench, "secret");
    bench.command(Command::AllowSneakPreview(false));
    assert_eq!(last(&bench), json!({"mode": "RESPONDING"}));
    bench.answer(Activity, 200, "{}");
    told_nothing_more(&mut bench);
    bench.command(Command::AllowSneakPreview(true));
    bench.wait(3_000);
    assert_eq!(last(&bench)["sneakPreviewText"], "hel");
}

#[test]
fn the_visitors_word_holds_in_the_next_conversation() {
    let mut bench = Bench::chatting();
    bench.command(Command::AllowSneakPreview(false));
    bench.messages(&[&concluded("AGENT_CONCLUDED")]);
    bench.start();
    assert!(!bench.engine.conversation().sneak_preview.is_allowed());
}

#[test]
fn an_interval_without_sense_does_no_harm() {
    for interval in [i64::MAX, i64::MIN, -1, 0] {
        let mut bench = chatting_with(&json!({"sneakPreviewInterval": interval}));
        told(&mut bench, "a");
        draft(&mut bench, "ab");
        bench.wait(249);
        assert_eq!(count(&bench), 1, "{interval}");
        bench.wait(2_751);
        assert_eq!(count(&bench) == 1, interval == i64::MAX, "{interval}");
    }
}
