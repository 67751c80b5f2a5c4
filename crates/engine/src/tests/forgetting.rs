//! Tests of forgetting: the host (the web team's code on the page) demands it when the visitor leaves a shared computer.
//! Afterwards no tab shows or stores anything of the conversation, also tabs that did not run meanwhile. The last tests
//! are about conversations that have ended, which are kept for a limited time and not handed to new tabs.
//!
//! [`Browser`] simulates the browser with its tabs. A frozen tab takes no input until the test sets `is_frozen` to false.

use pipit_wire::Secret;
use pipit_wire::consumer::Operation::{
    ConcludeEngagement, GetMessages, PostMessage, RequestEngagement,
};

use super::body::{ANA, ECHO, ENGAGEMENT, answered, posted};
use super::browser::Browser;
use crate::{Command, ForgetMarker, FormAnswers, Input, Outcome, Phase, TabInput, TabMode};

/// The answer to `concludeEngagement`.
const CONCLUDED: &str = r#"{"clientId":34}"#;

/// The time that an ended conversation is kept, in ms, if the page does not say otherwise.
const KEEP_ENDED_MS: u64 = 30 * 60_000;

/// Checks that a tab shows no conversation and no draft, and stores nothing.
fn assert_forgotten(browser: &Browser, number: usize) {
    let page = &browser.tabs[number];
    assert_eq!(browser.shown(number).phase, Phase::Idle, "tab {number}");
    assert_eq!(browser.lines(number), [], "tab {number}");
    assert_eq!(&*page.tab.view().draft, "", "tab {number}");
    assert_eq!(page.record, None, "tab {number}");
    assert_eq!(page.stored_draft, "", "tab {number}");
}

/// The number of requests to end an engagement that all tabs together have open.
fn conclusions(browser: &Browser) -> usize {
    browser.open_counts(ConcludeEngagement).iter().sum()
}

/// A browser with two tabs that show a chat with one message, and with a draft and an open panel in each.
fn two_tabs() -> Browser {
    let mut browser = Browser::chatting(2);
    browser.receive(0, &[&posted(3, "a secret")]);
    for number in 0..2 {
        browser.input(number, TabInput::ShowPanel(true));
        browser.input(number, TabInput::Draft("my number is".to_owned()));
    }
    browser
}

#[test]
fn every_tab_forgets_at_once_and_the_chat_is_ended() {
    for number in 0..2 {
        let mut browser = two_tabs();
        browser.forget(number);
        assert_forgotten(&browser, 0);
        assert_forgotten(&browser, 1);
        assert!(browser.tabs[1].tab.view().is_open);
        assert!(conclusions(&browser) >= 1);
        assert_eq!(browser.open_counts(GetMessages), [0, 0]);
        // Whoever comes next chats in both tabs.
        browser.send(1, "hello");
        browser.answer(0, RequestEngagement, ENGAGEMENT);
        browser.receive(0, &[ANA]);
        assert_eq!(browser.lines(0), browser.lines(1));
        assert_eq!(browser.lines(0).len(), 1);
    }
}

#[test]
fn the_end_is_tried_again_and_nothing_of_it_is_stored() {
    let mut browser = two_tabs();
    browser.forget(1);
    let stored = std::mem::take(&mut browser.everything_stored);
    assert!(stored.contains("a secret"));
    for _ in 0..3 {
        for number in 0..2 {
            browser.answer_with(number, ConcludeEngagement, Outcome::NotSent);
        }
        browser.wait(10_000);
        assert_eq!(browser.open_counts(ConcludeEngagement), [1, 1]);
    }
    for number in 0..2 {
        browser.answer(number, ConcludeEngagement, CONCLUDED);
    }
    browser.wait(120_000);
    assert_eq!(conclusions(&browser), 0);
    assert_eq!(browser.everything_stored, "");
}

#[test]
fn a_tab_that_slept_finds_out_that_it_was_forgotten() {
    for wakes_by_message in [false, true] {
        let mut browser = two_tabs();
        browser.tabs[0].is_frozen = true;
        browser.wait(60_000);
        browser.forget(1);
        browser.wait(60_000);
        assert_forgotten(&browser, 1);
        browser.tabs[0].is_frozen = false;
        if wakes_by_message {
            browser.deliver_messages();
        } else {
            browser.input(
                0,
                TabInput::Reread(browser.tabs[0].record.clone().map(Secret::new)),
            );
            browser.input(0, TabInput::Join);
        }
        browser.wait(10_000);
        assert_forgotten(&browser, 0);
        assert_forgotten(&browser, 1);
        assert_eq!(browser.open_counts(GetMessages), [0, 0]);
    }
}

#[test]
fn a_tab_that_does_not_know_the_marker_cannot_bring_the_conversation_back() {
    let mut browser = two_tabs();
    // The tab is offline for the other tabs and for the shared storage, and then says hello with its conversation.
    browser.tabs[0].is_frozen = true;
    browser.forget(1);
    browser.wait(20_000);
    let marker = std::mem::take(&mut browser.marker);
    browser.tabs[0].is_frozen = false;
    browser.tabs[0].inbox.clear();
    browser.input(0, TabInput::Join);
    browser.wait(10_000);
    browser.marker = marker;
    assert_forgotten(&browser, 0);
    assert_forgotten(&browser, 1);
}

#[test]
fn a_stored_record_from_before_the_forgetting_is_not_restored() {
    let mut browser = two_tabs();
    let record = browser.tabs[0].record.clone();
    browser.forget(1);
    // A tab that the browser had discarded is loaded again, with what it had stored.
    let loaded = browser.load_with_draft(record.as_deref(), "my number is");
    browser.wait(1_000);
    assert_forgotten(&browser, loaded);
    // So is a draft beside which nothing else was stored.
    let loaded = browser.load_with_draft(None, "my number is");
    assert_forgotten(&browser, loaded);
    // What is written after the forgetting survives a reload.
    browser.input(loaded, TabInput::Draft("of the next visitor".to_owned()));
    let (record, draft) = {
        let page = &browser.tabs[loaded];
        (page.record.clone(), page.stored_draft.clone())
    };
    let loaded = browser.load_with_draft(record.as_deref(), &draft);
    assert_eq!(
        &*browser.tabs[loaded].tab.view().draft,
        "of the next visitor"
    );
}

#[test]
fn late_answers_change_nothing() {
    let mut browser = two_tabs();
    browser.send(0, "my address");
    let late = browser.tabs[0].open.clone();
    browser.forget(0);
    for request in late {
        let outcome = answered(200, ECHO);
        browser.input(
            0,
            TabInput::Engine(Input::Answer {
                request: request.id,
                outcome,
            }),
        );
    }
    assert_forgotten(&browser, 0);
    assert_forgotten(&browser, 1);
    assert_eq!(browser.open_counts(PostMessage), [1, 0]);
}

#[test]
fn an_engagement_that_is_made_after_the_forgetting_is_ended_and_not_used() {
    let mut browser = Browser::with(2);
    browser.command(0, Command::Start(FormAnswers::default()));
    browser.forget(1);
    assert_forgotten(&browser, 0);
    // The next visitor starts before the answer for the previous visitor has arrived.
    browser.command(0, Command::Start(FormAnswers::default()));
    assert_eq!(browser.open_counts(RequestEngagement), [2, 0]);
    browser.answer(0, RequestEngagement, ENGAGEMENT);
    assert_eq!(browser.shown(0).phase, Phase::Starting);
    assert_eq!(browser.open_counts(ConcludeEngagement), [1, 0]);
}

#[test]
fn copies_forget_without_locks_and_without_a_channel() {
    for mode in [TabMode::Claimed, TabMode::Alone] {
        let mut browser = Browser::in_mode(mode, 1);
        browser.start_chat();
        let copy = browser.copy(0);
        browser.wait(3_000);
        browser.forget(copy);
        assert_forgotten(&browser, copy);
        assert!(!browser.tabs[copy].tab.view().is_elsewhere, "{mode:?}");
        // Without a channel, the original learns of the forgetting by the event of the shared storage.
        browser.input(0, TabInput::Forget(browser.marker));
        browser.wait(3_000);
        assert_forgotten(&browser, 0);
    }
}

#[test]
fn a_record_that_other_code_removed_is_ended_at_the_server() {
    let mut browser = Browser::chatting(1);
    let record = browser.tabs[0].record.clone().unwrap();
    browser.close(0);
    let number = browser.load(None);
    browser.input(
        number,
        TabInput::ConcludeRecord(Secret::new(record.clone())),
    );
    browser.input(number, TabInput::ConcludeRecord(Secret::new(record)));
    assert_eq!(browser.open_counts(ConcludeEngagement)[number], 1);
    assert_forgotten(&browser, number);
}

/// A browser with two tabs. The second took the lead from the first, which is frozen, and the visitor was forgotten in the
/// second. The next visitor now chats there.
fn taken_over_and_forgotten(mode: TabMode) -> Browser {
    let mut browser = Browser::in_mode(mode, 1);
    browser.start_chat();
    browser.receive(0, &[&posted(3, "a secret")]);
    let second = match mode {
        TabMode::Shared => browser.load(None),
        _ => browser.copy(0),
    };
    browser.wait(3_000);
    browser.tabs[0].is_frozen = true;
    browser.send(second, "is anybody there");
    browser.wait(20_000);
    assert!(browser.leaders()[second], "{mode:?}");
    browser.forget(second);
    browser.command(second, Command::Start(FormAnswers::default()));
    browser.answer(second, RequestEngagement, ENGAGEMENT);
    browser.receive(second, &[ANA, &posted(3, "of the next visitor")]);
    browser
}

#[test]
fn a_leader_that_slept_does_not_lead_on_and_leaves_the_next_conversation_alone() {
    for mode in [TabMode::Shared, TabMode::Claimed] {
        for wakes_by_timer in [false, true] {
            let case = format!("{mode:?}, {wakes_by_timer}");
            let mut browser = taken_over_and_forgotten(mode);
            browser.tabs[0].is_frozen = false;
            if wakes_by_timer {
                browser.input(0, TabInput::Engine(Input::Tick));
            }
            browser.deliver_messages();
            assert_eq!(browser.lines(1).len(), 1, "{case}");
            browser.wait(1_000);
            assert_eq!(browser.leaders(), [false, true], "{case}");
            assert_eq!(browser.lines(1).len(), 1, "{case}");
            assert_eq!(browser.lines(0), browser.lines(1), "{case}");
        }
    }
}

#[test]
fn an_answer_that_waits_for_the_lock_during_the_forgetting_ends_the_engagement() {
    for loses_lock in [false, true] {
        let mut browser = Browser::with(2);
        browser.command(0, Command::Start(FormAnswers::default()));
        // The tab does not run for a while, and the browser then takes its time to confirm the lock.
        browser.now += 5_000;
        browser.is_slow = true;
        browser.answer(0, RequestEngagement, ENGAGEMENT);
        browser.forget(0);
        if loses_lock {
            browser.input(0, TabInput::LockLost);
        }
        browser.is_slow = false;
        browser.deliver_held_back();
        browser.wait(1_000);
        assert_forgotten(&browser, 0);
        assert_eq!(browser.open_counts(ConcludeEngagement)[0], 1);
    }
}

#[test]
fn a_tab_that_loses_the_lead_still_ends_what_it_has_forgotten() {
    let mut browser = Browser::with(2);
    browser.command(0, Command::Start(FormAnswers::default()));
    browser.forget(0);
    browser.input(0, TabInput::LockLost);
    browser.answer(0, RequestEngagement, ENGAGEMENT);
    assert_eq!(browser.open_counts(ConcludeEngagement), [1, 0]);
    browser.input(0, TabInput::Leave { is_frozen: false });
    assert_eq!(browser.open_counts(ConcludeEngagement), [1, 0]);
}

#[test]
fn a_tab_that_wakes_up_does_not_answer_each_old_message() {
    let mut browser = two_tabs();
    browser.tabs[0].is_frozen = true;
    for _ in 0..100 {
        browser.input(1, TabInput::Engine(Input::Wake));
        browser.send(1, "are you there");
    }
    browser.forget(1);
    browser.broadcasts.clear();
    browser.tabs[0].is_frozen = false;
    browser.deliver_messages();
    let about_forgetting = browser
        .broadcasts
        .iter()
        .filter(|message| message.reveal().contains(r#""is":"forgotten""#));
    assert!(about_forgetting.count() <= 2);
    assert_forgotten(&browser, 0);
}

#[test]
fn an_old_marker_changes_nothing() {
    let mut browser = two_tabs();
    browser.forget(0);
    browser.send(0, "of the next visitor");
    browser.input(0, TabInput::Forget(ForgetMarker(1)));
    browser.input(0, TabInput::Forget(ForgetMarker(0)));
    assert_eq!(browser.lines(0).len(), 1);
}

/// A browser with two tabs in which a chat was ended, so that the server knows it.
fn ended() -> Browser {
    let mut browser = two_tabs();
    browser.command(0, Command::End);
    browser.answer(0, ConcludeEngagement, CONCLUDED);
    browser
}

#[test]
fn an_ended_conversation_is_not_handed_to_new_tabs() {
    let mut browser = ended();
    let new = browser.load(None);
    browser.wait(1_000);
    assert_forgotten(&browser, new);
    // Not even if the new tab leads later.
    browser.close(0);
    browser.input(new, TabInput::ShowPanel(true));
    browser.lock.retain(|it| *it != 1);
    browser.input(new, TabInput::LockGranted);
    browser.wait(10_000);
    assert!(browser.leaders()[new]);
    assert_eq!(browser.lines(new), []);
    // The tab that has shown the conversation still does.
    assert!(matches!(browser.shown(1).phase, Phase::Concluded(_)));
    assert_eq!(browser.lines(1).len(), 1);
}

#[test]
fn an_ended_conversation_goes_after_a_while() {
    let mut browser = ended();
    for number in 0..2 {
        browser.input(number, TabInput::ReplaceDraft(String::new()));
        browser.input(number, TabInput::ShowPanel(false));
    }
    let record = browser.tabs[0].record.clone();
    browser.wait(KEEP_ENDED_MS - 2_000);
    assert!(matches!(browser.shown(0).phase, Phase::Concluded(_)));
    assert!(matches!(browser.shown(1).phase, Phase::Concluded(_)));
    browser.wait(4_000);
    assert_forgotten(&browser, 0);
    assert_forgotten(&browser, 1);
    // A tab that is loaded again after that time finds nothing either.
    let loaded = browser.load(record.as_deref());
    browser.wait(1_000);
    assert_forgotten(&browser, loaded);
}

#[test]
fn an_ended_conversation_survives_a_reload_for_the_rest_of_its_time() {
    for clock_ms in [0, -24 * 60 * 60_000] {
        let mut browser = ended();
        let record = browser.tabs[0].record.clone();
        browser.close(0);
        browser.close(1);
        browser.lock.clear();
        browser.wait(KEEP_ENDED_MS / 2);
        browser.wall += clock_ms;
        let loaded = browser.load(record.as_deref());
        browser.wait(1_000);
        assert!(matches!(browser.shown(loaded).phase, Phase::Concluded(_)));
        assert_eq!(browser.lines(loaded).len(), 1);
        browser.wait(KEEP_ENDED_MS);
        assert_eq!(browser.lines(loaded), []);
        // The panel is still open, and the tab stores that.
        let record = browser.tabs[loaded].record.clone().unwrap();
        assert!(!record.contains("a secret"), "{record}");
    }
}
