//! Several tabs of one site: one lock, one channel, and a server that answers whoever asks.

use std::collections::VecDeque;

use pipit_wire::Secret;
use pipit_wire::consumer::Operation::{self, GetMessages, PostMessage, RequestEngagement};
use pipit_wire::session::Session;

use super::body::{ANA, ENGAGEMENT, SESSION, answered, posted};
use crate::{
    Answers, Command, Company, Connection, Content, Conversation, Delivery, Effect, Input, Moment,
    Options, Outcome, Phase, Request, Tab, TabEffect, TabInput,
};

/// A browser with tabs.
struct Browser {
    tabs: Vec<Page>,
    /// Who holds the lock, then who waits for it.
    lock: VecDeque<usize>,
    now: u64,
    /// What was told for each session.
    answers: Vec<Answers>,
    /// All that was ever kept, of all tabs.
    everything_kept: String,
}

struct Page {
    tab: Tab,
    open: Vec<Request>,
    kept: Option<String>,
    is_frozen: bool,
    /// What has been said and was not heard yet.
    inbox: VecDeque<Secret>,
    steals: usize,
}

impl Browser {
    fn with(tabs: usize) -> Self {
        let mut browser = Self {
            tabs: Vec::new(),
            lock: VecDeque::new(),
            now: 1_000,
            answers: Vec::new(),
            everything_kept: String::new(),
        };
        for _ in 0..tabs {
            browser.load(None);
        }
        browser
    }

    /// One whose first tab talks with Ana.
    fn chatting(tabs: usize) -> Self {
        let mut browser = Self::with(tabs);
        browser.command(0, Command::Start(Answers::default()));
        browser.answer(0, RequestEngagement, ENGAGEMENT);
        browser.messages(0, &[ANA]);
        browser
    }

    /// Loads a page in a new tab.
    fn load(&mut self, kept: Option<&str>) -> usize {
        let number = self.tabs.len();
        let seed = 1_000 * (number as u64 + 1);
        self.tabs.push(Page {
            tab: Tab::new(Options::default(), seed, Company::Tabs, self.moment(), kept),
            open: Vec::new(),
            kept: kept.map(ToOwned::to_owned),
            is_frozen: false,
            inbox: VecDeque::new(),
            steals: 0,
        });
        self.lock.push_back(number);
        self.input(number, TabInput::Join);
        if self.lock.front() == Some(&number) {
            self.input(number, TabInput::Lead);
        }
        number
    }

    /// The tab is closed, or dies: its lock goes to who waits longest.
    fn close(&mut self, number: usize) {
        self.tabs[number].is_frozen = true;
        self.tabs[number].inbox.clear();
        let led = self.lock.front() == Some(&number);
        self.lock.retain(|it| *it != number);
        if led && let Some(next) = self.lock.front().copied() {
            self.input(next, TabInput::Lead);
        }
    }

    fn moment(&self) -> Moment {
        Moment {
            monotonic: self.now,
            wall: 1_800_000_000_000 + i64::try_from(self.now).unwrap(),
        }
    }

    fn command(&mut self, number: usize, command: Command) {
        self.input(number, TabInput::Engine(Input::Command(command)));
    }

    fn send(&mut self, number: usize, text: &str) {
        self.command(number, Command::Send(text.to_owned()));
    }

    fn input(&mut self, number: usize, input: TabInput) {
        let now = self.moment();
        self.tabs[number].tab.handle(now, input);
        self.perform(number);
        self.spread();
    }

    /// Lets each tab hear what was said, as long as anything is.
    fn spread(&mut self) {
        let waiting = |page: &Page| !page.is_frozen && !page.inbox.is_empty();
        while let Some(number) = self.tabs.iter().position(waiting) {
            let said = self.tabs[number].inbox.pop_front().unwrap();
            let now = self.moment();
            self.tabs[number].tab.handle(now, TabInput::Heard(said));
            self.perform(number);
        }
    }

    fn perform(&mut self, number: usize) {
        while let Some(effect) = self.tabs[number].tab.next_effect() {
            let page = &mut self.tabs[number];
            match effect {
                TabEffect::Keep(kept) => {
                    page.kept = kept.map(|kept| kept.reveal().to_owned());
                    let kept = page.kept.iter().map(String::as_str);
                    self.everything_kept.extend(kept);
                }
                TabEffect::Say(said) => {
                    for (other, page) in self.tabs.iter_mut().enumerate() {
                        if other != number {
                            page.inbox.push_back(said.clone());
                        }
                    }
                }
                TabEffect::Prove => {
                    let leads = self.lock.front() == Some(&number);
                    let has_others = self.lock.len() > 1;
                    let proof = if leads {
                        TabInput::Proven { has_others }
                    } else {
                        TabInput::Deposed
                    };
                    let now = self.moment();
                    self.tabs[number].tab.handle(now, proof);
                }
                TabEffect::Steal => {
                    page.steals += 1;
                    self.lock.retain(|it| *it != number);
                    let deposed = self.lock.pop_front();
                    self.lock.push_front(number);
                    self.lock.extend(deposed);
                    let now = self.moment();
                    self.tabs[number].tab.handle(now, TabInput::Lead);
                }
                TabEffect::AbortAll => page.open.clear(),
                TabEffect::Engine(Effect::GetSession(request, wanted)) => {
                    self.answers.push(wanted.answers);
                    let session = Session::from_json(SESSION).map_err(|_| unreachable!());
                    let now = self.moment();
                    let input = TabInput::Engine(Input::Session(request, session));
                    self.tabs[number].tab.handle(now, input);
                }
                TabEffect::Engine(Effect::Send(request)) => page.open.push(request),
                TabEffect::Engine(Effect::Abort(id)) => page.open.retain(|it| it.id != id),
                TabEffect::Engine(Effect::Save(_) | Effect::Warn(_)) => {}
            }
        }
    }

    fn answer(&mut self, number: usize, operation: Operation, body: &str) {
        self.outcome(number, operation, answered(200, body));
    }

    fn outcome(&mut self, number: usize, operation: Operation, outcome: Outcome) {
        let open = &mut self.tabs[number].open;
        let at = open.iter().position(|it| it.operation == operation);
        let request = open.remove(at.unwrap()).id;
        let input = TabInput::Engine(Input::Answer { request, outcome });
        self.input(number, input);
    }

    fn messages(&mut self, number: usize, messages: &[&str]) {
        self.now += 1_000;
        let batch = format!(r#"{{"systemMessages":[{}]}}"#, messages.join(","));
        self.answer(number, GetMessages, &batch);
    }

    /// Lets time pass for all tabs that run.
    fn wait(&mut self, millis: u64) {
        let until = self.now + millis;
        let next = |browser: &Self| {
            let pages = browser.tabs.iter().enumerate();
            let awake = pages.filter(|(_, page)| !page.is_frozen);
            let timers = awake.filter_map(|(number, page)| Some((page.tab.wake_at()?, number)));
            timers.min().filter(|(at, _)| *at <= until)
        };
        while let Some((at, number)) = next(self) {
            assert!(at >= self.now, "a busy loop");
            self.now = at;
            self.input(number, TabInput::Engine(Input::Tick));
        }
        self.now = until;
    }

    fn shown(&self, number: usize) -> Conversation {
        self.tabs[number].tab.conversation()
    }

    /// What a tab shows as said, with how far the visitor's own has come.
    fn lines(&self, number: usize) -> Vec<(String, Option<Delivery>)> {
        let shown = self.shown(number);
        let line = |content: &Content| match content {
            Content::Visitor { text, delivery } => Some((text.to_string(), Some(*delivery))),
            Content::Agent { body, .. } => Some((body.to_string(), None)),
            Content::Notice(_) => None,
        };
        shown
            .transcript
            .iter()
            .filter_map(|it| line(&it.content))
            .collect()
    }

    fn open(&self, operation: Operation) -> Vec<usize> {
        let pages = self.tabs.iter().map(|page| page.open.iter());
        pages
            .map(|open| open.filter(|it| it.operation == operation).count())
            .collect()
    }

    fn leaders(&self) -> Vec<bool> {
        self.tabs.iter().map(|page| page.tab.leads()).collect()
    }
}

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
    assert_eq!(browser.everything_kept.matches("Mia").count(), 0);
}

#[test]
fn a_fresh_visit_keeps_nothing_in_any_tab() {
    let mut browser = Browser::with(2);
    browser.wait(120_000);
    assert!(browser.tabs.iter().all(|page| page.kept.is_none()));
    assert_eq!(browser.tabs[1].steals, 0);
}

#[test]
fn each_tab_has_a_draft_and_a_panel_of_its_own() {
    let mut browser = Browser::chatting(2);
    browser.input(0, TabInput::Draft("first".to_owned()));
    browser.input(1, TabInput::Draft("second".to_owned()));
    browser.input(1, TabInput::ShowPanel(true));
    browser.send(1, "sent");
    let of = |number| {
        let shown = browser.shown(number);
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

#[test]
fn a_tab_that_is_loaded_again_brings_its_conversation_with_it() {
    let mut browser = Browser::chatting(1);
    browser.messages(0, &[&posted(3, "hi")]);
    let kept = browser.tabs[0].kept.clone();
    browser.close(0);
    let idle = browser.load(None);
    let again = browser.load(kept.as_deref());
    assert_eq!(browser.leaders()[idle..], [true, false]);
    for number in [idle, again] {
        assert_eq!(browser.lines(number), [said("hi")]);
    }
    assert_eq!(browser.open(GetMessages)[idle..], [1, 0]);
}

#[test]
fn a_following_tab_that_is_loaded_again_has_its_draft_and_its_asks() {
    let mut browser = Browser::chatting(2);
    browser.tabs[0].is_frozen = true;
    browser.send(1, "not heard yet");
    browser.input(1, TabInput::Draft("half a".to_owned()));
    let kept = browser.tabs[1].kept.clone();
    browser.close(1);
    browser.close(0);
    let again = browser.load(kept.as_deref());
    browser.messages(again, &[&posted(3, "hi")]);
    assert_eq!(&*browser.shown(again).draft, "half a");
    let doubtful = line("not heard yet", Delivery::Unknown);
    assert_eq!(
        browser.lines(again)[0],
        doubtful,
        "the one who leads no more may have sent it"
    );
    assert_eq!(browser.open(PostMessage)[again], 0);
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
    let over = Delivery::Failed(crate::PostFailure::Over);
    assert_eq!(browser.lines(1), [line("too late", over)]);
}

#[test]
fn without_locks_a_tab_is_alone_and_says_nothing() {
    let now = Moment {
        monotonic: 5,
        wall: 0,
    };
    let mut tab = Tab::new(Options::default(), 3, Company::Alone, now, None);
    tab.handle(now, TabInput::Join);
    tab.handle(
        now,
        TabInput::Engine(Input::Command(Command::Start(Answers::default()))),
    );
    let effects: Vec<TabEffect> = std::iter::from_fn(|| tab.next_effect()).collect();
    assert!(matches!(
        effects.as_slice(),
        [
            TabEffect::Keep(Some(_)),
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
            browser.input(number, TabInput::Heard(Secret::new(text)));
        }
    }
    assert_eq!(browser.lines(1), before);
    assert!(browser.shown(0).phase.is_live());
}
