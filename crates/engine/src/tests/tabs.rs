//! Several tabs of one site: one leads, the others follow, and any of them may sleep or die.

use pipit_wire::Secret;
use pipit_wire::consumer::Operation::{self, GetMessages, PostMessage, RequestEngagement};

use super::body::{ANA, ENGAGEMENT, answered, posted};
use super::browser::Browser;
use crate::{
    Answers, Command, Connection, Delivery, Effect, Input, Moment, Options, Phase, PostFailure,
    Tab, TabEffect, TabInput, TabMode,
};

fn line(text: &str, delivery: Delivery) -> (String, Option<Delivery>) {
    (text.to_owned(), Some(delivery))
}

fn said(text: &str) -> (String, Option<Delivery>) {
    (text.to_owned(), None)
}

#[test]
fn one_tab_leads_and_the_others_show_the_same() {
    let mut browser = Browser::chatting(3);
    browser.messages(0, &[&posted(3, "hi")]);
    assert_eq!(browser.leaders(), [true, false, false]);
    assert_eq!(browser.open(GetMessages), [1, 0, 0]);
    for number in 0..3 {
        let shown = browser.shown(number);
        assert_eq!(browser.lines(number), [said("hi")]);
        assert_eq!(shown.connection, Connection::Connected);
        assert!(matches!(&shown.phase, Phase::Chatting(agents) if &*agents[0].name == "Ana"));
    }
}

#[test]
fn a_following_tab_writes_through_the_leader() {
    let mut browser = Browser::chatting(2);
    browser.send(1, "from the second tab");
    assert_eq!(browser.open(PostMessage), [1, 0]);
    assert_eq!(
        browser.lines(1),
        [line("from the second tab", Delivery::Sending)]
    );
    browser.answer(0, PostMessage, "{}");
    let accepted = [line("from the second tab", Delivery::Accepted)];
    assert_eq!(
        (browser.lines(0), browser.lines(1)),
        (accepted.to_vec(), accepted.to_vec())
    );
}

#[test]
fn a_start_in_each_tab_makes_one_engagement() {
    let mut browser = Browser::with(3);
    for number in [2, 1, 0] {
        browser.command(number, Command::Start(Answers::default()));
        assert_eq!(browser.shown(number).phase, Phase::Starting);
    }
    assert_eq!(browser.open(RequestEngagement), [1, 0, 0]);
}

#[test]
fn an_end_that_waits_with_the_session_for_the_proof_asks_for_no_engagement() {
    let mut browser = Browser::with(2);
    browser.is_slow = true;
    browser.command(1, Command::Start(Answers::default()));
    browser.tabs[0].is_frozen = true;
    browser.wait(3_000);
    browser.command(1, Command::End);
    browser.tabs[0].is_frozen = false;
    browser.catch_up();
    assert_eq!(browser.shown(0).phase, Phase::Starting, "unproven");
    browser.catch_up();
    assert_eq!(browser.open(RequestEngagement), [0, 0]);
    assert_eq!(browser.shown(0).phase, Phase::Idle);
    assert_eq!(browser.shown(1).phase, Phase::Idle);
}

/// They are personal: only who makes the session hears of them.
#[test]
fn the_answers_of_a_following_tab_reach_its_leader_and_no_storage() {
    let mut browser = Browser::with(2);
    browser.tabs[0].is_frozen = true;
    let answers = Answers::from_json(r#"{"firstName":"Mia"}"#);
    browser.command(1, Command::Start(answers.clone()));
    assert_eq!(browser.shown(1).phase, Phase::Starting);
    browser.tabs[0].is_frozen = false;
    browser.spread();
    assert_eq!(browser.open(RequestEngagement), [1, 0]);
    assert_eq!(browser.answers, [answers]);
    assert_eq!(browser.everything_stored.matches("Mia").count(), 0);
}

#[test]
fn a_fresh_visit_keeps_nothing_in_any_tab() {
    let mut browser = Browser::with(2);
    browser.wait(120_000);
    assert!(browser.tabs.iter().all(|page| page.record.is_none()));
    assert_eq!(browser.tabs[1].steals, 0);
}

#[test]
fn each_tab_has_a_draft_and_a_panel_of_its_own() {
    let mut browser = Browser::chatting(2);
    browser.input(0, TabInput::Draft("first".to_owned()));
    browser.input(1, TabInput::Draft("second".to_owned()));
    browser.input(1, TabInput::ShowPanel(true));
    browser.send(1, "sent");
    let of = |number: usize| {
        let shown = browser.tabs[number].tab.view();
        (shown.draft.to_string(), shown.is_open)
    };
    assert_eq!(of(0), ("first".to_owned(), false));
    assert_eq!(of(1), (String::new(), true));
}

#[test]
fn typing_in_a_following_tab_is_signalled_by_the_leader() {
    let mut browser = Browser::chatting(2);
    browser.wait(5_000);
    browser.input(1, TabInput::Draft("half a".to_owned()));
    let open = browser.tabs[0].open.iter();
    let mut signals = open.filter(|it| it.operation == Operation::Activity);
    assert!(signals.next().unwrap().body.contains("half a"));
}

#[test]
fn when_the_leader_closes_with_a_post_in_flight_the_next_one_shows_it_as_unknown() {
    let mut browser = Browser::chatting(3);
    browser.send(0, "on its way");
    browser.send(0, "waits");
    browser.close(0);
    browser.wait(200);
    assert_eq!(browser.leaders()[1..], [true, false]);
    assert_eq!(browser.open(GetMessages)[1..], [1, 0]);
    browser.messages(1, &[&posted(3, "hi")]);
    for number in [1, 2] {
        let lines = browser.lines(number);
        assert_eq!(lines[0], line("on its way", Delivery::Unknown));
        assert_eq!(lines[1], line("waits", Delivery::Sending));
        assert_eq!(lines[2], said("hi"));
    }
    assert_eq!(
        browser.open(PostMessage)[1..],
        [1, 0],
        "only what had not left"
    );
}

#[test]
fn what_the_dead_leader_had_not_heard_is_done_by_the_next_once() {
    let mut browser = Browser::chatting(3);
    browser.tabs[0].is_frozen = true;
    browser.send(2, "to the dead");
    assert_eq!(browser.lines(2), [line("to the dead", Delivery::Queued)]);
    browser.close(0);
    browser.wait(4_000);
    assert_eq!(browser.open(PostMessage), [0, 1, 0]);
    browser.answer(1, PostMessage, "{}");
    browser.wait(3_000);
    assert_eq!(browser.lines(2), [line("to the dead", Delivery::Accepted)]);
    browser.close(1);
    browser.wait(3_000);
    assert_eq!(browser.open(PostMessage)[2], 0);
    assert_eq!(browser.lines(2), [line("to the dead", Delivery::Accepted)]);
}

#[test]
fn a_leader_that_answers_nobody_is_deposed_and_does_nothing_when_it_wakes() {
    let mut browser = Browser::chatting(2);
    browser.tabs[0].is_frozen = true;
    browser.send(1, "hello?");
    browser.wait(20_000);
    assert!(browser.leaders()[1]);
    assert_eq!(browser.open(PostMessage), [0, 1]);

    browser.tabs[0].is_frozen = false;
    browser.spread();
    assert_eq!(browser.leaders(), [false, true]);
    assert_eq!(browser.open(PostMessage), [0, 1]);
    assert_eq!(browser.open(GetMessages), [0, 1]);
    assert_eq!(browser.lines(0), browser.lines(1));
}

#[test]
fn what_a_deposed_leader_was_told_it_asks_of_the_new_one() {
    let mut browser = Browser::chatting(2);
    browser.tabs[0].is_frozen = true;
    browser.command(1, Command::AllowSneakPreview(false));
    browser.wait(20_000);
    browser.tabs[0].is_frozen = false;
    browser.send(0, "typed on waking");
    assert_eq!(browser.open(PostMessage), [0, 1]);
    assert_eq!(
        browser.lines(0),
        [line("typed on waking", Delivery::Sending)]
    );
}

#[test]
fn a_silent_leader_is_not_taken_for_connected() {
    let mut browser = Browser::chatting(2);
    browser.tabs[0].is_frozen = true;
    browser.wait(47_000);
    assert_eq!(browser.shown(1).connection, Connection::Asking);
    browser.wait(20_000);
    assert!(browser.leaders()[1]);
    assert_eq!(browser.open(GetMessages)[1], 1);
}

/// Whatever comes before the timer that is late.
#[test]
fn no_input_leaves_a_follower_wanting_to_be_woken_in_the_past() {
    for late_ms in [0, 2, 20_000] {
        for input in [TabInput::LockLost, TabInput::ShowPanel(true)] {
            let at = |monotonic| Moment { monotonic, wall: 0 };
            let mut tab = Tab::new(Options::default(), 3, TabMode::Shared, at(5), None, None);
            tab.handle(at(5), TabInput::Join);
            let overdue = tab.wake_at().unwrap() + late_ms;
            tab.handle(at(overdue), input.clone());
            let wake_at = tab.wake_at().unwrap();
            assert!(wake_at > overdue, "{input:?}, {late_ms} ms late: {wake_at}");
        }
    }
}

#[test]
fn a_tab_that_is_loaded_again_brings_its_conversation_with_it() {
    let mut browser = Browser::chatting(1);
    browser.messages(0, &[&posted(3, "hi")]);
    let record = browser.tabs[0].record.clone();
    browser.close(0);
    let idle = browser.load(None);
    let again = browser.load(record.as_deref());
    assert_eq!(browser.leaders()[idle..], [true, false]);
    for number in [idle, again] {
        assert_eq!(browser.lines(number), [said("hi")]);
    }
    assert_eq!(browser.open(GetMessages)[idle..], [1, 0]);
}

/// Who was beside it then may have sent what waited.
#[test]
fn what_waits_in_a_conversation_that_is_brought_along_is_doubtful_too() {
    let mut browser = Browser::chatting(2);
    browser.send(0, "on its way");
    browser.send(0, "waits");
    let record = browser.tabs[0].record.clone();
    browser.close(1);
    browser.close(0);
    let idle = browser.load(None);
    browser.load(record.as_deref());
    let doubtful = ["on its way", "waits"].map(|text| line(text, Delivery::Unknown));
    assert_eq!(browser.lines(idle), doubtful);
    assert_eq!(browser.open(PostMessage)[idle], 0);
}

/// However much was said in the older one.
#[test]
fn an_older_conversation_does_not_take_the_place_of_one_that_was_begun_without_it() {
    let mut browser = Browser::chatting(1);
    for number in 3..20 {
        browser.messages(0, &[&posted(number, "older")]);
    }
    let record = browser.tabs[0].record.clone();
    browser.tabs[0].is_frozen = true;

    let newer = browser.load(None);
    browser.wait(10_000);
    browser.command(newer, Command::Start(Answers::default()));
    browser.answer(newer, RequestEngagement, ENGAGEMENT);
    browser.messages(newer, &[ANA, &posted(3, "newer")]);
    let heir = browser.load(None);
    browser.tabs[newer].is_frozen = true;
    browser.wait(47_000);
    browser.load(record.as_deref());
    browser.wait(10_000);
    assert!(browser.leaders()[heir]);
    assert_eq!(browser.lines(heir), [said("newer")]);
}

/// Whatever the wall clock says, when the tab with the older one was asleep while it was set back.
#[test]
fn an_older_conversation_does_not_come_back_with_a_clock_that_was_set_back() {
    let mut browser = Browser::chatting(1);
    browser.messages(0, &[&posted(3, "older")]);
    browser.tabs[0].is_frozen = true;
    browser.wall -= 3_600_000;

    let newer = browser.load(None);
    browser.wait(10_000);
    browser.command(newer, Command::Start(Answers::default()));
    browser.answer(newer, RequestEngagement, ENGAGEMENT);
    browser.messages(newer, &[ANA, &posted(3, "newer")]);
    let record = browser.tabs[newer].record.clone();
    browser.close(newer);
    let again = browser.load(record.as_deref());
    while browser.tabs[again].steals == 0 {
        browser.wait(10);
    }
    browser.tabs[0].is_frozen = false;
    browser.input(0, TabInput::Engine(Input::Wake));
    browser.wait(20_000);
    for number in [again, 0] {
        assert_eq!(browser.lines(number), [said("newer")]);
    }
}

#[test]
fn a_following_tab_that_is_loaded_again_has_its_draft_and_its_asks() {
    let mut browser = Browser::chatting(2);
    browser.tabs[0].is_frozen = true;
    browser.send(1, "not heard yet");
    browser.input(1, TabInput::Draft("half a".to_owned()));
    let record = browser.tabs[1].record.clone();
    let draft = browser.tabs[1].stored_draft.clone();
    browser.close(1);
    browser.close(0);
    let again = browser.load_with_draft(record.as_deref(), &draft);
    browser.messages(again, &[&posted(3, "hi")]);
    assert_eq!(&*browser.tabs[again].tab.view().draft, "half a");
    let doubtful = line("not heard yet", Delivery::Unknown);
    assert_eq!(
        browser.lines(again)[0],
        doubtful,
        "the one who leads no more may have sent it"
    );
    assert_eq!(browser.open(PostMessage)[again], 0);
}

/// Another tab may have sent it again; until the engagement is over nobody knows.
#[test]
fn what_had_failed_is_doubtful_where_others_may_have_gone_on() {
    let mut browser = Browser::chatting(2);
    browser.send(0, "again");
    browser.outcome(0, PostMessage, answered(400, ""));
    let refused = line("again", Delivery::Failed(PostFailure::Refused));
    assert_eq!(browser.lines(0), std::slice::from_ref(&refused));
    let behind = browser.tabs[0].record.clone();
    browser.command(0, Command::End);
    let over = browser.tabs[0].record.clone();

    for (record, shown) in [(behind, line("again", Delivery::Unknown)), (over, refused)] {
        let mut later = Browser::with(0);
        let again = later.load(record.as_deref());
        assert!(later.leaders()[again]);
        assert_eq!(later.lines(again), [shown]);
    }
}

#[test]
fn what_was_written_for_an_engagement_that_is_over_starts_no_other() {
    let mut browser = Browser::chatting(2);
    browser.tabs[0].is_frozen = true;
    browser.send(1, "too late");
    browser.tabs[0].is_frozen = false;
    let asked = browser.tabs[0].inbox.drain(..).collect::<Vec<_>>();
    browser.command(0, Command::End);
    browser.tabs[0].inbox.extend(asked);
    browser.spread();
    assert!(matches!(browser.shown(0).phase, Phase::Concluded(_)));
    let over = Delivery::Failed(PostFailure::ConversationEnded);
    assert_eq!(browser.lines(1), [line("too late", over)]);
}

#[test]
fn without_locks_a_tab_is_alone_and_says_nothing() {
    let now = Moment {
        monotonic: 5,
        wall: 0,
    };
    let mut tab = Tab::new(Options::default(), 3, TabMode::Alone, now, None, None);
    tab.handle(now, TabInput::Join);
    tab.handle(
        now,
        TabInput::Engine(Input::Command(Command::Start(Answers::default()))),
    );
    let effects: Vec<TabEffect> = std::iter::from_fn(|| tab.next_effect()).collect();
    assert!(matches!(
        effects.as_slice(),
        [
            TabEffect::Save(Some(_)),
            TabEffect::Engine(Effect::GetSession(..))
        ]
    ));
}

#[test]
fn what_is_none_of_ours_on_the_channel_is_ignored() {
    let mut browser = Browser::chatting(2);
    let before = browser.lines(1);
    for text in [
        "",
        "{}",
        "null",
        "{\"is\":\"state\"}",
        "{\"is\":\"asks\",\"asks\":[{\"command\":\"end\"}]}",
        "\n\n",
    ] {
        for number in 0..2 {
            browser.input(number, TabInput::Message(Secret::new(text)));
        }
    }
    assert_eq!(browser.lines(1), before);
    assert!(browser.shown(0).phase.is_live());
}
