//! Tests of several tabs of one site. One tab leads: it holds a lock of the browser, and only its engine talks to the
//! chat server. The other tabs follow: they show the leader's conversation. Any tab may be frozen, closed or reloaded.
//! The tabs have numbers from 0, and tab 0 leads first. A message is *unknown* if no answer has shown whether it
//! arrived. `posted` makes a message of the agent Ana; its first argument is the sequence number. [`Browser`] simulates
//! the browser with its tabs and its lock.
//!
//! The waits in these tests depend on four times. A leader that has not run for 2 s asks the browser whether it still
//! holds the lock. During a chat, a following tab contacts its leader after at most 45 s of silence, and shows the
//! connection as unknown. It steals the lock if the leader does not answer within 6 s to 8 s. A tab that has got the
//! lock waits 100 ms for the last messages of the old leader.

use pipit_wire::Secret;
use pipit_wire::consumer::Operation::{Activity, GetMessages, PostMessage, RequestEngagement};

use super::body::{ANA, ECHO, ENGAGEMENT, answered, concluded, posted};
use super::browser::Browser;
use crate::{
    Command, Connection, Delivery, Effect, FormAnswers, Input, Moment, Options, PageId, Phase,
    PostFailure, Tab, TabEffect, TabInput, TabMode,
};

/// A line of the transcript with a message of the visitor; see [`Browser::lines`].
fn from_visitor(text: &str, delivery: Delivery) -> (String, Option<Delivery>) {
    (text.to_owned(), Some(delivery))
}

/// A line of the transcript with a message of an agent; see [`Browser::lines`].
fn from_agent(text: &str) -> (String, Option<Delivery>) {
    (text.to_owned(), None)
}

#[test]
fn one_tab_leads_and_the_others_show_its_conversation() {
    let mut browser = Browser::chatting(3);
    browser.receive(0, &[&posted(3, "hi")]);
    assert_eq!(browser.leaders(), [true, false, false]);
    assert_eq!(browser.open_counts(GetMessages), [1, 0, 0]);
    for number in 0..3 {
        let shown = browser.shown(number);
        assert_eq!(browser.lines(number), [from_agent("hi")]);
        assert_eq!(shown.connection, Connection::Connected);
        assert!(matches!(&shown.phase, Phase::Chatting(agents) if &*agents[0].name == "Ana"));
    }
}

#[test]
fn a_message_of_a_following_tab_is_posted_by_the_leader() {
    let mut browser = Browser::chatting(2);
    browser.send(1, "from the second tab");
    assert_eq!(browser.open_counts(PostMessage), [1, 0]);
    assert_eq!(
        browser.lines(1),
        [from_visitor("from the second tab", Delivery::Sending)]
    );
    browser.answer(0, PostMessage, ECHO);
    let accepted = [from_visitor("from the second tab", Delivery::Accepted)];
    assert_eq!(
        (browser.lines(0), browser.lines(1)),
        (accepted.to_vec(), accepted.to_vec())
    );
}

#[test]
fn a_start_in_each_tab_makes_one_engagement() {
    let mut browser = Browser::with(3);
    for number in [2, 1, 0] {
        browser.command(number, Command::Start(FormAnswers::default()));
        assert_eq!(browser.shown(number).phase, Phase::Starting);
    }
    assert_eq!(browser.open_counts(RequestEngagement), [1, 0, 0]);
}

#[test]
fn no_engagement_is_requested_if_the_visitor_ends_the_start_before_the_lock_is_verified() {
    let mut browser = Browser::with(2);
    // From now on, sessions and answers about the lock arrive only when `deliver_held_back` is called.
    browser.is_slow = true;
    browser.command(1, Command::Start(FormAnswers::default()));
    browser.tabs[0].is_frozen = true;
    browser.wait(3_000);
    browser.command(1, Command::End);
    browser.tabs[0].is_frozen = false;
    // The first delivery hands tab 0 the session, which waits until the browser has confirmed the lock. The second
    // delivery is that confirmation.
    browser.deliver_held_back();
    assert_eq!(browser.shown(0).phase, Phase::Starting, "not verified");
    browser.deliver_held_back();
    assert_eq!(browser.open_counts(RequestEngagement), [0, 0]);
    assert_eq!(browser.shown(0).phase, Phase::Idle);
    assert_eq!(browser.shown(1).phase, Phase::Idle);
}

/// Form answers are personal: only the request for a session may contain them.
#[test]
fn the_form_answers_of_a_following_tab_reach_its_leader_and_no_storage() {
    let mut browser = Browser::with(2);
    browser.tabs[0].is_frozen = true;
    let form_answers = FormAnswers::from_json(r#"{"firstName":"Mia"}"#);
    browser.command(1, Command::Start(form_answers.clone()));
    assert_eq!(browser.shown(1).phase, Phase::Starting);
    browser.tabs[0].is_frozen = false;
    browser.deliver_messages();
    assert_eq!(browser.open_counts(RequestEngagement), [1, 0]);
    assert_eq!(browser.form_answers, [form_answers]);
    assert_eq!(browser.everything_stored.matches("Mia").count(), 0);
}

#[test]
fn without_a_conversation_no_tab_stores_anything() {
    let mut browser = Browser::with(2);
    browser.wait(120_000);
    assert!(browser.tabs.iter().all(|page| page.record.is_none()));
    assert_eq!(browser.tabs[1].steals, 0);
}

#[test]
fn a_draft_that_the_visitor_has_not_typed_is_in_no_sneak_preview() {
    let mut browser = Browser::chatting(2);
    for number in [0, 1] {
        browser.input(number, TabInput::Draft("typed".to_owned()));
        assert_eq!(browser.open_counts(Activity), [1, 0]);
        browser.answer(0, Activity, "{}");
        browser.input(number, TabInput::ReplaceDraft("secret".to_owned()));
        assert_eq!(&*browser.tabs[number].tab.view().draft, "secret");
        // The signal that withdraws the typed text follows after the interval between two texts.
        browser.wait(3_000);
        let open = browser.tabs[0].open.iter();
        let signals = open.filter(|request| request.operation == Activity);
        let bodies: Vec<_> = signals.map(|request| &*request.body).collect();
        assert_eq!(bodies.len(), 1);
        assert!(bodies[0].contains(r#""sneakPreviewText":"""#), "{bodies:?}");
        browser.answer(0, Activity, "{}");
        browser.wait(3_000);
    }
}

#[test]
fn each_tab_has_a_draft_and_a_panel_of_its_own() {
    let mut browser = Browser::chatting(2);
    browser.input(0, TabInput::Draft("first".to_owned()));
    browser.input(1, TabInput::Draft("second".to_owned()));
    browser.input(1, TabInput::ShowPanel(true));
    browser.send(1, "sent");
    let draft_and_panel = |number: usize| {
        let shown = browser.tabs[number].tab.view();
        (shown.draft.to_string(), shown.is_open)
    };
    assert_eq!(draft_and_panel(0), ("first".to_owned(), false));
    assert_eq!(draft_and_panel(1), (String::new(), true));
}

#[test]
fn typing_in_a_following_tab_is_signalled_by_the_leader() {
    let mut browser = Browser::chatting(2);
    // The leader has then not run for more than 2 s, so the typed text waits until the browser has confirmed the lock.
    browser.wait(5_000);
    browser.input(1, TabInput::Draft("half a".to_owned()));
    let open = browser.tabs[0].open.iter();
    let mut signals = open.filter(|it| it.operation == Activity);
    assert!(signals.next().unwrap().body.contains("half a"));
}

#[test]
fn when_the_leader_closes_with_a_post_in_flight_the_next_leader_shows_it_as_unknown() {
    let mut browser = Browser::chatting(3);
    browser.send(0, "on its way");
    browser.send(0, "waits");
    browser.close(0);
    browser.wait(200);
    assert_eq!(browser.leaders()[1..], [true, false]);
    assert_eq!(browser.open_counts(GetMessages)[1..], [1, 0]);
    browser.receive(1, &[&posted(3, "hi")]);
    for number in [1, 2] {
        let lines = browser.lines(number);
        assert_eq!(lines[0], from_visitor("on its way", Delivery::Unknown));
        assert_eq!(lines[1], from_visitor("waits", Delivery::Sending));
        assert_eq!(lines[2], from_agent("hi"));
    }
    assert_eq!(
        browser.open_counts(PostMessage)[1..],
        [1, 0],
        "only the message that was not being sent"
    );
}

#[test]
fn a_command_that_a_dead_leader_never_received_is_applied_once_by_the_next_leaders() {
    let mut browser = Browser::chatting(3);
    browser.tabs[0].is_frozen = true;
    browser.send(2, "never received");
    assert_eq!(
        browser.lines(2),
        [from_visitor("never received", Delivery::Queued)]
    );
    browser.close(0);
    browser.wait(4_000);
    assert_eq!(browser.open_counts(PostMessage), [0, 1, 0]);
    browser.answer(1, PostMessage, ECHO);
    browser.wait(3_000);
    assert_eq!(
        browser.lines(2),
        [from_visitor("never received", Delivery::Accepted)]
    );
    browser.close(1);
    browser.wait(3_000);
    assert_eq!(browser.open_counts(PostMessage)[2], 0);
    assert_eq!(
        browser.lines(2),
        [from_visitor("never received", Delivery::Accepted)]
    );
}

#[test]
fn a_leader_that_does_not_answer_loses_its_lock_and_does_nothing_when_it_wakes() {
    let mut browser = Browser::chatting(2);
    browser.tabs[0].is_frozen = true;
    browser.send(1, "hello?");
    browser.wait(20_000);
    assert!(browser.leaders()[1]);
    assert_eq!(browser.open_counts(PostMessage), [0, 1]);

    browser.tabs[0].is_frozen = false;
    browser.deliver_messages();
    assert_eq!(browser.leaders(), [false, true]);
    assert_eq!(browser.open_counts(PostMessage), [0, 1]);
    assert_eq!(browser.open_counts(GetMessages), [0, 1]);
    assert_eq!(browser.lines(0), browser.lines(1));
}

#[test]
fn a_leader_without_its_lock_forwards_its_commands_to_the_new_leader() {
    let mut browser = Browser::chatting(2);
    browser.tabs[0].is_frozen = true;
    browser.command(1, Command::AllowSneakPreview(false));
    browser.wait(20_000);
    browser.tabs[0].is_frozen = false;
    browser.send(0, "typed on waking");
    assert_eq!(browser.open_counts(PostMessage), [0, 1]);
    assert_eq!(
        browser.lines(0),
        [from_visitor("typed on waking", Delivery::Sending)]
    );
}

#[test]
fn a_follower_of_a_silent_leader_does_not_show_connected() {
    let mut browser = Browser::chatting(2);
    browser.tabs[0].is_frozen = true;
    browser.wait(47_000);
    assert_eq!(browser.shown(1).connection, Connection::Asking);
    browser.wait(20_000);
    assert!(browser.leaders()[1]);
    assert_eq!(browser.open_counts(GetMessages)[1], 1);
}

/// An input may arrive before an overdue timer fires.
#[test]
fn after_a_late_input_the_wake_time_of_a_follower_is_in_the_future() {
    for late_ms in [0, 2, 20_000] {
        for input in [TabInput::LockLost, TabInput::ShowPanel(true)] {
            let at = |monotonic| Moment { monotonic, wall: 0 };
            // 3 is the seed, which determines the tab's id.
            let mut tab = Tab::new(
                Options::default(),
                3,
                TabMode::Shared,
                PageId(4),
                at(5),
                None,
                None,
            );
            tab.handle(at(5), TabInput::Join);
            let overdue = tab.wake_at().unwrap() + late_ms;
            tab.handle(at(overdue), input.clone());
            let wake_at = tab.wake_at().unwrap();
            assert!(wake_at > overdue, "{input:?}, {late_ms} ms late: {wake_at}");
        }
    }
}

#[test]
fn a_reloaded_tab_hands_its_conversation_to_the_leader() {
    let mut browser = Browser::chatting(1);
    browser.receive(0, &[&posted(3, "hi")]);
    let record = browser.tabs[0].record.clone();
    browser.close(0);
    let idle = browser.load(None);
    let reloaded = browser.load(record.as_deref());
    assert_eq!(browser.leaders()[idle..], [true, false]);
    for number in [idle, reloaded] {
        assert_eq!(browser.lines(number), [from_agent("hi")]);
    }
    assert_eq!(browser.open_counts(GetMessages)[idle..], [1, 0]);
}

/// The closed leader was not the only tab. After it stored its record, another tab may have led and sent the message.
#[test]
fn a_waiting_message_in_a_conversation_from_another_tabs_storage_is_unknown() {
    let mut browser = Browser::chatting(2);
    browser.send(0, "on its way");
    browser.send(0, "waits");
    let record = browser.tabs[0].record.clone();
    browser.close(1);
    browser.close(0);
    let idle = browser.load(None);
    browser.load(record.as_deref());
    let unknown = ["on its way", "waits"].map(|text| from_visitor(text, Delivery::Unknown));
    assert_eq!(browser.lines(idle), unknown);
    assert_eq!(browser.open_counts(PostMessage)[idle], 0);
}

/// The older conversation has more messages, which does not matter.
#[test]
fn an_older_conversation_does_not_replace_a_newer_one_that_began_independently() {
    let mut browser = Browser::chatting(1);
    for number in 3..20 {
        browser.receive(0, &[&posted(number, "older")]);
    }
    let record = browser.tabs[0].record.clone();
    browser.tabs[0].is_frozen = true;

    let newer = browser.load(None);
    browser.wait(10_000);
    browser.command(newer, Command::Start(FormAnswers::default()));
    browser.answer(newer, RequestEngagement, ENGAGEMENT);
    browser.receive(newer, &[ANA, &posted(3, "newer")]);
    let next_leader = browser.load(None);
    browser.tabs[newer].is_frozen = true;
    browser.wait(47_000);
    // The tab `next_leader` has got the newer conversation from its leader. It steals the lock while a reloaded tab has
    // the older conversation.
    browser.load(record.as_deref());
    browser.wait(10_000);
    assert!(browser.leaders()[next_leader]);
    assert_eq!(browser.lines(next_leader), [from_agent("newer")]);
}

/// The tab with the older conversation was suspended while the wall clock was set back.
#[test]
fn an_older_conversation_does_not_return_because_the_clock_was_set_back() {
    let mut browser = Browser::chatting(1);
    browser.receive(0, &[&posted(3, "older")]);
    browser.tabs[0].is_frozen = true;
    browser.wall -= 3_600_000;

    let newer = browser.load(None);
    browser.wait(10_000);
    browser.command(newer, Command::Start(FormAnswers::default()));
    browser.answer(newer, RequestEngagement, ENGAGEMENT);
    browser.receive(newer, &[ANA, &posted(3, "newer")]);
    let record = browser.tabs[newer].record.clone();
    browser.close(newer);
    let reloaded = browser.load(record.as_deref());
    // When the leader closed, the frozen tab 0 got the lock. The reloaded tab steals it.
    while browser.tabs[reloaded].steals == 0 {
        browser.wait(10);
    }
    browser.tabs[0].is_frozen = false;
    browser.input(0, TabInput::Engine(Input::Wake));
    browser.wait(20_000);
    for number in [reloaded, 0] {
        assert_eq!(browser.lines(number), [from_agent("newer")]);
    }
}

#[test]
fn a_reloaded_following_tab_has_its_draft_and_its_open_commands() {
    let mut browser = Browser::chatting(2);
    browser.tabs[0].is_frozen = true;
    browser.send(1, "not received yet");
    browser.input(1, TabInput::Draft("half a".to_owned()));
    let record = browser.tabs[1].record.clone();
    let draft = browser.tabs[1].stored_draft.clone();
    browser.close(1);
    browser.close(0);
    let reloaded = browser.load_with_draft(record.as_deref(), &draft);
    browser.receive(reloaded, &[&posted(3, "hi")]);
    assert_eq!(&*browser.tabs[reloaded].tab.view().draft, "half a");
    let unknown = from_visitor("not received yet", Delivery::Unknown);
    assert_eq!(
        browser.lines(reloaded)[0],
        unknown,
        "the tab that led before may have sent it"
    );
    assert_eq!(browser.open_counts(PostMessage)[reloaded], 0);
}

/// Another tab may have sent the failed message again. It cannot have done so if the record says that the engagement
/// has ended.
#[test]
fn a_failed_message_is_unknown_after_a_reload_if_another_tab_may_have_sent_it_again() {
    let mut browser = Browser::chatting(2);
    browser.send(0, "again");
    browser.answer_with(0, PostMessage, answered(400, ""));
    let refused = from_visitor("again", Delivery::Failed(PostFailure::Refused));
    assert_eq!(browser.lines(0), std::slice::from_ref(&refused));
    let record_before_end = browser.tabs[0].record.clone();
    browser.command(0, Command::End);
    let record_after_end = browser.tabs[0].record.clone();

    for (record, shown) in [
        (record_before_end, from_visitor("again", Delivery::Unknown)),
        (record_after_end, refused),
    ] {
        let mut new_browser = Browser::with(0);
        let reloaded = new_browser.load(record.as_deref());
        assert!(new_browser.leaders()[reloaded]);
        assert_eq!(new_browser.lines(reloaded), [shown]);
    }
}

#[test]
fn a_message_for_an_engagement_that_has_ended_does_not_start_another_one() {
    let mut browser = Browser::chatting(2);
    browser.tabs[0].is_frozen = true;
    browser.send(1, "too late");
    browser.tabs[0].is_frozen = false;
    let delayed_messages = browser.tabs[0].inbox.drain(..).collect::<Vec<_>>();
    browser.command(0, Command::End);
    browser.tabs[0].inbox.extend(delayed_messages);
    browser.deliver_messages();
    assert!(matches!(browser.shown(0).phase, Phase::Concluded(_)));
    let ended = Delivery::Failed(PostFailure::ConversationEnded);
    assert_eq!(browser.lines(1), [from_visitor("too late", ended)]);
}

#[test]
fn without_locks_a_tab_works_alone_and_broadcasts_nothing() {
    let now = Moment {
        monotonic: 5,
        wall: 0,
    };
    // 3 is the seed, which determines the tab's id.
    let mut tab = Tab::new(
        Options::default(),
        3,
        TabMode::Alone,
        PageId(4),
        now,
        None,
        None,
    );
    tab.handle(now, TabInput::Join);
    tab.handle(
        now,
        TabInput::Engine(Input::Command(Command::Start(FormAnswers::default()))),
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
fn a_text_on_the_channel_that_is_not_a_message_of_a_tab_is_ignored() {
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

/// The host destroys the chat and makes a new one on the same page. The new one has to wait for the lock.
#[test]
fn a_message_of_a_new_chat_that_waits_for_the_lock_is_sent() {
    let mut browser = Browser::chatting(1);
    browser.receive(0, &[&concluded("AGENT_CONCLUDED")]);
    browser.reload(0);
    browser.send(0, "hello");
    browser.input(0, TabInput::LockGranted);
    assert_eq!(browser.open_counts(RequestEngagement), [1]);
    let queued = ("hello".to_owned(), Some(Delivery::Queued));
    assert_eq!(browser.lines(0), [queued]);
}
