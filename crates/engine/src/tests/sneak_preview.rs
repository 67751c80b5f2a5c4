//! Tests of the sneak preview (text that the agent sees while the visitor still types it): when typed text is sent, and
//! when it is not. A typing signal is a request that reports whether the visitor is typing. While the sneak preview is
//! enabled and allowed, the signal also contains the typed text.
//!
//! A [`Bench`] runs an engine, and lets the test play the server, the web page and the clock.

use pipit_wire::consumer::Operation::{Activity, RequestEngagement};
use pipit_wire::vocabulary::SneakPreviewState;
use serde_json::{Value, json};

use super::Bench;
use super::body::{ECHO, activity_changed, concluded, engagement};
use crate::{Command, FormAnswers};

/// The shortest interval that the engine keeps between two texts, in ms, even if the server sends a shorter one.
const MIN_INTERVAL_MS: u64 = 250;

/// The interval in the answer to `requestEngagement`, in ms. It is also the engine's default, which holds if the server
/// sends a negative interval.
const INTERVAL_MS: u64 = 3_000;

/// A chat with the agent Ana, in which the answer to `requestEngagement` had these members.
pub(super) fn chatting_with(settings: &Value) -> Bench {
    let mut bench = Bench::new();
    bench.command(Command::Start(FormAnswers::default()));
    bench.supply_session();
    bench.answer(RequestEngagement, 200, &engagement(settings));
    bench.with_ana()
}

pub(super) fn type_text(bench: &mut Bench, text: &str) {
    bench.command(Command::Typed(text.to_owned()));
}

/// Types a text and answers the typing signal that it causes.
pub(super) fn type_and_answer(bench: &mut Bench, text: &str) {
    type_text(bench, text);
    bench.answer(Activity, 200, ECHO);
}

/// The body of the most recent typing signal.
pub(super) fn last_signal(bench: &Bench) -> Value {
    bench.bodies(Activity).pop().unwrap()
}

/// The number of typing signals that were sent.
pub(super) fn signal_count(bench: &Bench) -> usize {
    bench.bodies(Activity).len()
}

/// Lets the server send new settings in a message about the agent's activity.
fn change_settings(bench: &mut Bench, members: &Value) {
    bench.receive(&[&activity_changed(members)]);
}

#[test]
fn the_first_settings_are_those_in_the_answer_to_the_engagement_request() {
    for state in SneakPreviewState::ALL {
        let bench = chatting_with(&json!({"sneakPreviewState": state.as_str()}));
        let preview = &bench.engine.conversation().sneak_preview;
        assert_eq!(preview.state(), state);
        assert_eq!(preview.sends_text(), *state == SneakPreviewState::Enabled);
    }
}

#[test]
fn the_typed_text_is_in_the_member_sneak_preview_text() {
    let mut bench = Bench::chatting();
    type_text(&mut bench, "hel");
    let body = json!({"mode": "RESPONDING", "sneakPreviewText": "hel", "sneakPreviewFocus": true});
    assert_eq!(last_signal(&bench), body);
}

#[test]
fn the_next_text_is_sent_one_interval_after_the_answer() {
    let mut bench = Bench::chatting();
    type_text(&mut bench, "a");
    bench.wait(500);
    type_text(&mut bench, "ab");
    bench.answer(Activity, 200, ECHO);
    type_text(&mut bench, "abc");
    bench.wait(INTERVAL_MS - 1);
    assert_eq!(signal_count(&bench), 1);
    bench.wait(1);
    assert_eq!(
        (
            signal_count(&bench),
            &last_signal(&bench)["sneakPreviewText"]
        ),
        (2, &json!("abc"))
    );
}

#[test]
fn no_text_is_sent_in_a_state_other_than_enabled() {
    for state in [
        "NONE",
        "DISABLED",
        "SITE_UNAVAILABLE",
        "SERVICE_UNAVAILABLE",
        "NEW_STATE",
    ] {
        let mut bench = chatting_with(&json!({"sneakPreviewState": state}));
        type_and_answer(&mut bench, "h");
        assert_no_further_signal(&mut bench);
        assert_eq!(
            bench.bodies(Activity),
            [json!({"mode": "RESPONDING"})],
            "{state}"
        );
        // Without a text, the visitor counts as typing until 5 s after the most recent key press.
        bench.wait(5_000);
        assert_eq!(last_signal(&bench), json!({"mode": "LISTENING"}), "{state}");
    }
}

/// Types "he" and "hel" while no text may be sent, and checks that no signal is sent either. The agents already know
/// from the previous signal that the visitor is typing.
fn assert_no_further_signal(bench: &mut Bench) {
    let before = signal_count(bench);
    type_text(bench, "he");
    type_text(bench, "hel");
    assert_eq!(signal_count(bench), before);
}

#[test]
fn an_activity_message_refreshes_state_and_interval() {
    let mut bench = chatting_with(&json!({"sneakPreviewState": "DISABLED"}));
    // Oracle's documentation prints the text "boolean" as the focus. This text is ignored, so the focus stays.
    change_settings(
        &mut bench,
        &json!({"sneakPreviewState": "ENABLED", "sneakPreviewIntervalString": "800",
        "sneakPreviewFocus": "boolean"}),
    );
    type_and_answer(&mut bench, "a");
    type_text(&mut bench, "ab");
    bench.wait(799);
    assert_eq!(signal_count(&bench), 1);
    bench.wait(1);
    assert_eq!(last_signal(&bench)["sneakPreviewText"], "ab");
    change_settings(
        &mut bench,
        &json!({"sneakPreviewState": "SITE_UNAVAILABLE"}),
    );
    bench.answer(Activity, 200, ECHO);
    type_text(&mut bench, "abc");
    assert_eq!(last_signal(&bench).get("sneakPreviewText"), None);
}

#[test]
fn a_longer_interval_takes_effect_at_once() {
    let mut bench = Bench::chatting();
    type_and_answer(&mut bench, "a");
    // The interval begins with the answer.
    let since = bench.now;
    change_settings(&mut bench, &json!({"sneakPreviewInterval": 60_000}));
    type_text(&mut bench, "ab");
    bench.wait(since + 59_999 - bench.now);
    assert_eq!(signal_count(&bench), 1);
    bench.wait(1);
    assert_eq!(signal_count(&bench), 2);
}

#[test]
fn the_answer_to_a_signal_refreshes_the_settings() {
    let mut bench = Bench::chatting();
    type_text(&mut bench, "a");
    bench.answer(
        Activity,
        200,
        r#"{"clientId":34,"sneakPreviewState":"DISABLED"}"#,
    );
    assert!(!bench.engine.conversation().sneak_preview.sends_text());
    assert_no_further_signal(&mut bench);
}

#[test]
fn no_text_is_sent_while_the_chat_is_out_of_the_agents_focus() {
    let mut bench = Bench::chatting();
    change_settings(&mut bench, &json!({"sneakPreviewFocus": false}));
    type_and_answer(&mut bench, "a");
    assert_eq!(last_signal(&bench), json!({"mode": "RESPONDING"}));
    // A message without the focus does not change the focus.
    change_settings(&mut bench, &json!({"mode": "LISTENING"}));
    assert_no_further_signal(&mut bench);
    change_settings(&mut bench, &json!({"sneakPreviewFocus": true}));
    assert_eq!(last_signal(&bench)["sneakPreviewText"], "hel");
}

#[test]
fn forbidding_the_preview_withdraws_the_text() {
    let mut bench = Bench::chatting();
    type_and_answer(&mut bench, "secret");
    bench.command(Command::AllowSneakPreview(false));
    assert_eq!(last_signal(&bench), json!({"mode": "RESPONDING"}));
    bench.answer(Activity, 200, ECHO);
    assert_no_further_signal(&mut bench);
    bench.command(Command::AllowSneakPreview(true));
    bench.wait(INTERVAL_MS);
    assert_eq!(last_signal(&bench)["sneakPreviewText"], "hel");
}

#[test]
fn the_visitors_setting_stays_in_the_next_conversation() {
    let mut bench = Bench::chatting();
    bench.command(Command::AllowSneakPreview(false));
    bench.receive(&[&concluded("AGENT_CONCLUDED")]);
    bench.start();
    assert!(!bench.engine.conversation().sneak_preview.is_allowed());
}

#[test]
fn extreme_intervals_are_harmless() {
    for interval in [i64::MAX, i64::MIN, -1, 0] {
        let mut bench = chatting_with(&json!({"sneakPreviewInterval": interval}));
        type_and_answer(&mut bench, "a");
        type_text(&mut bench, "ab");
        bench.wait(MIN_INTERVAL_MS - 1);
        assert_eq!(signal_count(&bench), 1, "{interval}");
        bench.wait(INTERVAL_MS - (MIN_INTERVAL_MS - 1));
        // After INTERVAL_MS the next text has been sent, except with the interval `i64::MAX`.
        assert_eq!(
            signal_count(&bench) == 1,
            interval == i64::MAX,
            "{interval}"
        );
    }
}
