//! Tests of copied tabs in a browser without Web Locks. A copy of a tab has a copy of its storage, so original and copy
//! have the same conversation. They agree over a channel which of them *leads*: only that tab may poll (ask the chat
//! server for messages). Of the tabs that descend from one tab, at most one of those that run polls, however they were
//! copied, reloaded, frozen or busy. Without a channel, the visitor decides.
//!
//! `is_elsewhere` is true while a tab tells the visitor that the conversation may go on in another tab.

use pipit_wire::Secret;
use pipit_wire::consumer::Operation::{Activity, GetMessages, PostMessage, RequestEngagement};
use serde_json::json;

use super::body::{ANA, ENGAGEMENT, activity_changed, concluded, posted};
use super::browser::Browser;
use crate::{Command, Delivery, FormAnswers, Input, Outcome, TabInput, TabMode};

/// The time, in ms, after which a copy knows whether another tab leads. Other tabs have 250 ms to object.
const FOUND_OUT_MS: u64 = 300;

/// A browser without locks, with one tab in which a conversation runs. `mode` states whether the browser has a channel:
/// `Claimed` with a channel, `Alone` without.
fn chatting(mode: TabMode) -> Browser {
    let mut browser = Browser::in_mode(mode, 1);
    browser.start_chat();
    browser
}

/// The number of polls that all tabs together have open.
fn polls(browser: &Browser) -> usize {
    browser.open_counts(GetMessages).iter().sum()
}

/// The texts of all messages that a tab shows.
fn texts(browser: &Browser, number: usize) -> Vec<String> {
    let lines = browser.lines(number).into_iter();
    lines.map(|(text, _)| text).collect()
}

/// Sets whether a tab is frozen, and delivers the messages that waited for a tab that runs now. A frozen tab gets no
/// input, not even a last one, as if its page were busy.
fn freeze(browser: &mut Browser, number: usize, is_frozen: bool) {
    browser.tabs[number].is_frozen = is_frozen;
    browser.deliver_messages();
}

#[test]
fn a_copy_follows_the_original() {
    let mut browser = chatting(TabMode::Claimed);
    let copies = [browser.copy(0), browser.copy(0)];
    let copy_of_copy = browser.copy(copies[0]);
    browser.wait(FOUND_OUT_MS);
    assert_eq!(browser.leaders(), [true, false, false, false]);
    for number in 1..=6 {
        let text = format!("message {number}");
        browser.receive(0, &[&posted(number + 2, &text)]);
        assert_eq!(polls(&browser), 1);
    }
    let expected = texts(&browser, 0);
    assert_eq!(expected.len(), 6);
    for copy in [copies[0], copies[1], copy_of_copy] {
        assert_eq!(texts(&browser, copy), expected);
        assert!(!browser.tabs[copy].tab.view().is_elsewhere);
    }
}

#[test]
fn a_reloaded_tab_goes_on_at_once() {
    for mode in [TabMode::Claimed, TabMode::Alone] {
        let mut browser = chatting(mode);
        browser.reload(0);
        browser.wait(if mode == TabMode::Alone {
            0
        } else {
            FOUND_OUT_MS
        });
        assert_eq!(browser.leaders(), [true], "{mode:?}");
        assert_eq!(polls(&browser), 1);
    }
}

#[test]
fn a_copy_does_not_poll_while_the_original_is_busy() {
    let mut browser = chatting(TabMode::Claimed);
    browser.tabs[0].is_frozen = true;
    let copy = browser.copy(0);
    // A copy that nobody answers tells the visitor after 2,500 ms.
    browser.wait(3_000);
    assert!(browser.tabs[copy].tab.view().is_elsewhere);
    browser.wait(60_000);
    assert_eq!(browser.open_counts(GetMessages), [1, 0]);
    freeze(&mut browser, 0, false);
    assert!(!browser.tabs[copy].tab.view().is_elsewhere);
    browser.wait(FOUND_OUT_MS);
    assert_eq!(browser.leaders(), [true, false]);
}

#[test]
fn the_original_yields_to_the_copy_in_which_the_visitor_continued_meanwhile() {
    let mut browser = chatting(TabMode::Claimed);
    browser.tabs[0].is_frozen = true;
    let copy = browser.copy(0);
    browser.wait(60_000);
    browser.input(copy, TabInput::TakeOver);
    browser.wait(FOUND_OUT_MS);
    assert!(browser.leaders()[copy]);
    browser.wait(60_000);
    browser.receive(copy, &[&posted(3, "to the copy")]);
    // The timer of the original runs before the messages of the copy arrive.
    browser.tabs[0].is_frozen = false;
    browser.input(0, TabInput::Engine(Input::Wake));
    browser.wait(FOUND_OUT_MS);
    assert_eq!(browser.leaders(), [false, true]);
    assert_eq!(browser.open_counts(GetMessages), [0, 1]);
    assert_eq!(texts(&browser, 0), ["to the copy"]);
}

#[test]
fn a_copy_with_an_older_conversation_loses_nothing_of_the_newer_one() {
    let mut browser = chatting(TabMode::Claimed);
    browser.input(0, TabInput::Leave { is_frozen: true });
    browser.tabs[0].is_frozen = true;
    let copy = browser.copy(0);
    browser.wait(FOUND_OUT_MS);
    browser.receive(copy, &[&posted(3, "to the copy")]);
    // The page of the copy breaks down, so it gives nothing up. The next page of its tab does not know that.
    browser.tabs[copy].is_frozen = true;
    let next = browser.copy(copy);
    browser.wait(1_000);
    // According to the storage of the original, the claim is free.
    let older = browser.copy(0);
    browser.wait(3_000);
    assert_eq!(browser.leaders()[next..], [false, false]);
    assert!(browser.tabs[older].tab.view().is_elsewhere);
    browser.input(older, TabInput::TakeOver);
    browser.wait(FOUND_OUT_MS);
    assert!(browser.leaders()[older]);
    for number in [next, older] {
        assert_eq!(texts(&browser, number), ["to the copy"]);
    }
}

#[test]
fn a_copy_goes_on_when_the_original_leaves() {
    for is_busy in [false, true] {
        let mut browser = chatting(TabMode::Claimed);
        browser.tabs[0].is_frozen = is_busy;
        browser.copy(0);
        browser.wait(FOUND_OUT_MS);
        browser.tabs[0].is_frozen = false;
        browser.input(0, TabInput::Leave { is_frozen: false });
        browser.wait(1_500);
        assert_eq!(browser.leaders(), [false, true], "busy: {is_busy}");
        assert_eq!(polls(&browser), 1);
    }
}

#[test]
fn a_page_that_was_suspended_takes_over_what_another_page_of_its_tab_has_stored() {
    let mut browser = chatting(TabMode::Claimed);
    browser.input(0, TabInput::Leave { is_frozen: false });
    // The next page of the same tab receives a message and is suspended too.
    let next = browser.copy(0);
    browser.wait(FOUND_OUT_MS);
    assert!(browser.leaders()[next]);
    browser.receive(next, &[&posted(3, "to the next page")]);
    browser.input(next, TabInput::Leave { is_frozen: false });
    let record = browser.tabs[next].record.clone();
    browser.input(0, TabInput::Reread(record.map(Secret::new)));
    browser.input(0, TabInput::Join);
    browser.wait(2_000);
    assert_eq!(browser.leaders(), [true, false]);
    assert_eq!(texts(&browser, 0), ["to the next page"]);
}

#[test]
fn of_two_tabs_that_are_restored_together_one_leads() {
    let mut browser = chatting(TabMode::Claimed);
    let copy = browser.copy(0);
    browser.wait(FOUND_OUT_MS);
    browser.reload(0);
    browser.reload(copy);
    browser.wait(2_000);
    let leaders = browser.leaders();
    assert_eq!(
        leaders.iter().filter(|leads| **leads).count(),
        1,
        "{leaders:?}"
    );
    browser.wait(10_000);
    assert_eq!(polls(&browser), 1);
}

#[test]
fn of_two_copies_of_a_tab_that_is_gone_one_leads() {
    let mut browser = chatting(TabMode::Claimed);
    browser.input(0, TabInput::Leave { is_frozen: false });
    browser.tabs[0].is_frozen = true;
    browser.copy(0);
    browser.copy(0);
    browser.wait(2_000);
    assert_eq!(browser.leaders(), [false, true, false]);
    assert_eq!(browser.open_counts(GetMessages), [0, 1, 0]);
}

#[test]
fn without_a_channel_a_copy_waits_for_the_visitor() {
    let mut browser = chatting(TabMode::Alone);
    let copy = browser.copy(0);
    browser.wait(30_000);
    assert_eq!(browser.leaders(), [true, false]);
    assert_eq!(browser.open_counts(GetMessages), [1, 0]);
    assert!(browser.tabs[copy].tab.view().is_elsewhere);
    browser.input(copy, TabInput::TakeOver);
    assert_eq!(browser.leaders(), [true, true]);
    assert!(!browser.tabs[copy].tab.view().is_elsewhere);
}

#[test]
fn a_new_instance_on_the_same_page_goes_on() {
    let mut browser = chatting(TabMode::Claimed);
    // The widget breaks, so it gives nothing up. Its page loads a new instance.
    browser.restart(0);
    browser.wait(FOUND_OUT_MS);
    assert_eq!(browser.leaders(), [true]);
    assert_eq!(polls(&browser), 1);
}

#[test]
fn tabs_that_are_no_copies_of_each_other_share_nothing() {
    let mut browser = Browser::in_mode(TabMode::Claimed, 2);
    browser.start_chat();
    browser.command(0, Command::Send("only here".to_owned()));
    browser.wait(10_000);
    assert_eq!(browser.leaders(), [true, true]);
    assert!(browser.lines(1).is_empty());
}

#[test]
fn a_copy_that_follows_answers_for_a_busy_original() {
    let mut browser = chatting(TabMode::Claimed);
    let copy = browser.copy(0);
    browser.wait(FOUND_OUT_MS);
    browser.tabs[0].is_frozen = true;
    let copy_of_copy = browser.copy(copy);
    // If nobody answered, the copy of the copy would tell the visitor after 2,500 ms.
    browser.wait(3_000);
    assert!(!browser.tabs[copy_of_copy].tab.view().is_elsewhere);
    assert_eq!(browser.open_counts(GetMessages), [1, 0, 0]);
}

#[test]
fn a_page_that_was_suspended_does_not_send_again_what_a_copy_may_have_sent() {
    let mut browser = Browser::in_mode(TabMode::Claimed, 1);
    browser.command(0, Command::Start(FormAnswers::default()));
    browser.answer(0, RequestEngagement, ENGAGEMENT);
    // The second message waits for the answer to the first. That answer never arrives, so the first message stays
    // unknown.
    browser.send(0, "first");
    browser.send(0, "waits");
    browser.input(0, TabInput::Leave { is_frozen: false });
    browser.tabs[0].is_frozen = true;
    let copy = browser.copy(0);
    browser.wait(2_000);
    browser.receive(copy, &[ANA]);
    browser.answer(copy, PostMessage, r#"{"clientId":34}"#);
    let shown = |waiting| {
        let first = ("first".to_owned(), Some(Delivery::Unknown));
        [first, ("waits".to_owned(), Some(waiting))]
    };
    assert_eq!(browser.lines(copy), shown(Delivery::Accepted));
    browser.input(copy, TabInput::Leave { is_frozen: false });
    browser.tabs[copy].is_frozen = true;
    // The original has its own storage, in which the second message still waits. Its channel was closed while it was
    // suspended, so it has received no messages.
    browser.tabs[0].is_frozen = false;
    browser.tabs[0].inbox.clear();
    let record = browser.tabs[0].record.clone();
    browser.input(0, TabInput::Reread(record.map(Secret::new)));
    browser.input(0, TabInput::Join);
    browser.wait(2_000);
    browser.receive(0, &[ANA]);
    assert_eq!(browser.open_counts(PostMessage), [0, 0]);
    assert_eq!(browser.lines(0), shown(Delivery::Unknown));
}

/// Each of two copies takes the claim before it learns of the other. Both ask for newer conversations before they lead, and
/// each receives the question of the other.
#[test]
fn of_two_copies_that_take_over_together_the_later_one_leads() {
    let mut browser = chatting(TabMode::Claimed);
    browser.tabs[0].is_frozen = true;
    let copies = [browser.copy(0), browser.copy(0)];
    browser.wait(3_000);
    browser.tabs[copies[1]].is_frozen = true;
    browser.input(copies[0], TabInput::TakeOver);
    browser.now += 10;
    browser.tabs[copies[1]].is_frozen = false;
    browser.input(copies[1], TabInput::TakeOver);
    browser.wait(FOUND_OUT_MS);
    assert_eq!(browser.leaders()[1..], [false, true]);
    browser.receive(copies[1], &[&posted(3, "hello")]);
    assert_eq!(texts(&browser, copies[0]), ["hello"]);
}

/// The original may have received that the agent looks away.
#[test]
fn a_copy_that_may_be_outdated_sends_no_preview_until_the_agent_looks() {
    let previews = |browser: &Browser, number: usize| {
        let requests = browser.tabs[number].open.iter();
        let bodies = requests.filter(|request| request.operation == Activity);
        bodies
            .filter(|request| request.body.contains("sneakPreviewText"))
            .count()
    };
    let mut browser = chatting(TabMode::Claimed);
    browser.tabs[0].is_frozen = true;
    let copy = browser.copy(0);
    browser.wait(3_000);
    browser.input(copy, TabInput::TakeOver);
    browser.wait(FOUND_OUT_MS);
    browser.input(copy, TabInput::Draft("hel".to_owned()));
    browser.wait(10_000);
    assert_eq!(previews(&browser, copy), 0);
    browser.answer(copy, Activity, "{}");
    let looks = activity_changed(&json!({"sneakPreviewFocus": true}));
    browser.receive(copy, &[&looks]);
    browser.wait(10_000);
    assert_eq!(previews(&browser, copy), 1);
}

#[test]
fn a_visitor_who_continues_in_a_copy_sees_that_a_message_may_be_missing() {
    for mode in [TabMode::Claimed, TabMode::Alone] {
        let mut browser = chatting(mode);
        browser.receive(0, &[&posted(3, "first")]);
        browser.tabs[0].is_frozen = true;
        let copy = browser.copy(0);
        browser.wait(3_000);
        browser.input(copy, TabInput::TakeOver);
        browser.wait(FOUND_OUT_MS);
        let gaps = |browser: &Browser| {
            let shown = browser.shown(copy);
            let gaps = shown.transcript.iter().filter(|entry| entry.is_gap());
            gaps.count()
        };
        assert_eq!(gaps(&browser), 1, "{mode:?}");
        // The numbers show that nothing was missing.
        browser.receive(copy, &[&posted(4, "second")]);
        assert_eq!(gaps(&browser), 0, "{mode:?}");
        assert_eq!(texts(&browser, copy), ["first", "second"]);
    }
}

/// A leader that knows of no other tab announces only that it leads, and then sends nothing. A tab that was frozen
/// receives that one statement when it runs again, and the leader may have gone on since.
#[test]
fn a_frozen_page_does_not_send_again_what_a_closed_copy_may_have_sent() {
    let mut browser = chatting(TabMode::Claimed);
    browser.receive(0, &[&concluded("AGENT_CONCLUDED")]);
    browser.tabs[0].is_frozen = true;
    let copy = browser.copy(0);
    browser.wait(60_000);
    browser.input(copy, TabInput::TakeOver);
    browser.wait(FOUND_OUT_MS);
    browser.command(copy, Command::Start(FormAnswers::default()));
    browser.send(copy, "waits");
    browser.answer_with(copy, RequestEngagement, Outcome::NotSent);
    browser.reload(copy);
    browser.wait(FOUND_OUT_MS);
    // The visitor tries again, and the message arrives.
    browser.command(copy, Command::Start(FormAnswers::default()));
    browser.answer(copy, RequestEngagement, ENGAGEMENT);
    browser.answer(copy, PostMessage, r#"{"clientId":34}"#);
    browser.input(copy, TabInput::Leave { is_frozen: false });
    browser.tabs[copy].is_frozen = true;
    freeze(&mut browser, 0, false);
    browser.wait(2_000);
    assert!(browser.leaders()[0]);
    let waits = ("waits".to_owned(), Some(Delivery::Unknown));
    assert_eq!(browser.lines(0), [waits]);
    browser.command(0, Command::Start(FormAnswers::default()));
    browser.answer(0, RequestEngagement, ENGAGEMENT);
    assert_eq!(browser.open_counts(PostMessage), [0, 0]);
}

#[test]
fn a_leader_whose_lock_gives_no_answer_goes_on_without_it() {
    let mut browser = Browser::chatting(1);
    // The page has not run for a while, so it asks whether it still holds the lock. The browser does not answer.
    browser.is_slow = true;
    browser.now += 3_000;
    browser.send(0, "hello");
    assert_eq!(browser.open_counts(PostMessage), [0]);
    browser.input(0, TabInput::LockRefused);
    browser.wait(FOUND_OUT_MS);
    assert_eq!(browser.leaders(), [true]);
    assert_eq!(browser.open_counts(PostMessage), [1]);
    assert_eq!(polls(&browser), 1);
    assert_eq!(texts(&browser, 0), ["hello"]);
}
