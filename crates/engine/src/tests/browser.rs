//! A simulated browser for the tests of `tabs` and `copies`: several tabs of one site, one lock, and one channel between
//! the tabs. A tab that holds the lock leads. A browser without locks has only the channel, or not even that. The simulation answers the requests for a session; the tests answer the
//! requests to the chat server.

use std::collections::VecDeque;
use std::rc::Rc;

use pipit_wire::Secret;
use pipit_wire::consumer::Operation::{self, GetMessages, RequestEngagement};
use pipit_wire::session::Session;

use super::body::{ANA, ENGAGEMENT, SESSION, answered};
use crate::{
    Command, Content, Conversation, Delivery, Effect, ForgetMarker, FormAnswers, Input, Moment,
    Options, Outcome, PageId, Request, Tab, TabEffect, TabInput, TabMode,
};

/// The message that a tab sends to itself over the channel.
const TO_ITSELF: &str = "to itself";

/// A simulated browser, with its lock, its channel and its clocks. The number of a tab is its index in `tabs`.
pub(super) struct Browser {
    pub(super) tabs: Vec<Page>,
    /// What this browser has: lock and channel, only the channel, or neither.
    mode: TabMode,
    /// The number of pages that were loaded, each of which has its own [`PageId`].
    loaded_pages: i64,
    /// The tab that holds the lock, then the tabs that wait for it.
    pub(super) lock: VecDeque<usize>,
    /// The monotonic clock of all tabs, in ms.
    pub(super) now: u64,
    /// The difference between the wall clock and `now`, in ms.
    pub(super) wall: i64,
    /// The form answers of each request for a session, in order.
    pub(super) form_answers: Vec<FormAnswers>,
    /// The marker of the latest forgetting, in the storage that all tabs of the browser share.
    pub(super) marker: ForgetMarker,
    /// Everything that any tab has ever stored.
    pub(super) everything_stored: String,
    /// All messages that any tab has sent to the others, oldest first.
    pub(super) broadcasts: Vec<Secret>,
    /// Whether answers about the lock and answers with a session wait for [`Self::deliver_held_back`].
    pub(super) is_slow: bool,
    /// The inputs that wait for [`Self::deliver_held_back`], each with its tab.
    held_back: Vec<(usize, TabInput)>,
}

/// One tab of the browser, with the page in it.
pub(super) struct Page {
    pub(super) tab: Tab,
    /// The requests that were neither answered nor aborted.
    pub(super) open: Vec<Request>,
    /// The stored record of the tab.
    pub(super) record: Option<String>,
    /// The stored draft of the tab; empty if there is none.
    pub(super) stored_draft: String,
    /// Whether the tab does not run. A closed tab counts as frozen for ever.
    pub(super) is_frozen: bool,
    /// The messages that the tab has not received yet.
    pub(super) inbox: VecDeque<Secret>,
    /// The number of times that the tab has stolen the lock.
    pub(super) steals: usize,
}

impl Browser {
    /// A browser with this many tabs and no conversation.
    pub(super) fn with(tabs: usize) -> Self {
        Self::in_mode(TabMode::Shared, tabs)
    }

    /// A browser in this mode, with this many tabs and no conversation.
    pub(super) fn in_mode(mode: TabMode, tabs: usize) -> Self {
        let mut browser = Self {
            tabs: Vec::new(),
            mode,
            loaded_pages: 0,
            lock: VecDeque::new(),
            now: 1_000,
            wall: 1_800_000_000_000,
            form_answers: Vec::new(),
            marker: ForgetMarker::default(),
            everything_stored: String::new(),
            broadcasts: Vec::new(),
            is_slow: false,
            held_back: Vec::new(),
        };
        for _ in 0..tabs {
            browser.load(None);
        }
        browser.wait(if mode == TabMode::Claimed { 300 } else { 0 });
        browser
    }

    /// A browser whose first tab has a conversation with Ana.
    pub(super) fn chatting(tabs: usize) -> Self {
        let mut browser = Self::with(tabs);
        browser.start_chat();
        browser
    }

    /// Starts a conversation with Ana in the first tab.
    pub(super) fn start_chat(&mut self) {
        self.command(0, Command::Start(FormAnswers::default()));
        self.answer(0, RequestEngagement, ENGAGEMENT);
        self.receive(0, &[ANA]);
    }

    /// Loads a page in a new tab that has this record in its storage. Returns the number of the tab.
    pub(super) fn load(&mut self, record: Option<&str>) -> usize {
        self.load_with_draft(record, "")
    }

    /// Loads a page in a new tab that has this record and this draft in its storage. Returns the number of the
    /// tab.
    pub(super) fn load_with_draft(&mut self, record: Option<&str>, draft: &str) -> usize {
        let number = self.tabs.len();
        let tab = self.load_tab(record, draft);
        self.tabs.push(Page {
            tab,
            open: Vec::new(),
            record: record.map(ToOwned::to_owned),
            stored_draft: draft.to_owned(),
            is_frozen: false,
            inbox: VecDeque::new(),
            steals: 0,
        });
        self.input(number, TabInput::Join);
        if self.mode == TabMode::Shared {
            self.lock.push_back(number);
            if self.lock.front() == Some(&number) {
                self.input(number, TabInput::LockGranted);
            }
        }
        number
    }

    /// A tab in a page that has just been loaded.
    fn load_tab(&mut self, record: Option<&str>, draft: &str) -> Tab {
        self.loaded_pages += 1;
        self.new_tab(PageId(self.loaded_pages), record, draft)
    }

    /// A tab in the page with this id.
    fn new_tab(&self, page: PageId, record: Option<&str>, draft: &str) -> Tab {
        // Each page gets another seed, which also determines the id of its tab.
        Tab::new(
            Options::default(),
            1_000 * self.loaded_pages.unsigned_abs(),
            self.mode,
            page,
            self.moment(),
            record,
            Some(draft).filter(|draft| !draft.is_empty()),
        )
    }

    /// Opens a copy of a tab, with a copy of its storage. Returns the number of the copy.
    pub(super) fn copy(&mut self, number: usize) -> usize {
        let record = self.tabs[number].record.clone();
        self.load(record.as_deref())
    }

    /// Reloads a tab of a browser without locks.
    pub(super) fn reload(&mut self, number: usize) {
        self.input(number, TabInput::Leave { is_frozen: false });
        let record = self.tabs[number].record.clone();
        let tab = self.load_tab(record.as_deref(), "");
        let page = &mut self.tabs[number];
        page.tab = tab;
        page.open.clear();
        page.inbox.clear();
        self.input(number, TabInput::Join);
    }

    /// Starts a new instance in the page of the first tab, without a last input to the old instance.
    pub(super) fn restart(&mut self, number: usize) {
        let record = self.tabs[number].record.clone();
        let tab = self.new_tab(PageId(self.loaded_pages), record.as_deref(), "");
        self.tabs[number].tab = tab;
        self.tabs[number].open.clear();
        self.input(number, TabInput::Join);
    }

    /// Closes a tab without handing it another input, as in a crash. If it held the lock, the tab that has waited
    /// longest gets the lock.
    pub(super) fn close(&mut self, number: usize) {
        self.tabs[number].is_frozen = true;
        self.tabs[number].inbox.clear();
        let held_lock = self.lock.front() == Some(&number);
        self.lock.retain(|it| *it != number);
        if held_lock && let Some(next) = self.lock.front().copied() {
            self.input(next, TabInput::LockGranted);
        }
    }

    pub(super) fn moment(&self) -> Moment {
        Moment {
            monotonic: self.now,
            wall: self.wall + i64::try_from(self.now).unwrap(),
        }
    }

    pub(super) fn command(&mut self, number: usize, command: Command) {
        self.input(number, TabInput::Engine(Input::Command(command)));
    }

    pub(super) fn send(&mut self, number: usize, text: &str) {
        self.command(number, Command::Send(text.to_owned()));
    }

    /// Removes what a tab has stored and raises the marker, as the widget does when the host forgets the visitor. Only
    /// this tab learns of the new marker at once; the others learn of it with their next input or message.
    pub(super) fn forget(&mut self, number: usize) {
        self.marker.0 += 1;
        let page = &mut self.tabs[number];
        page.stored_draft.clear();
        let record = page.record.take();
        self.input(number, TabInput::Forget(self.marker));
        if let Some(record) = record {
            self.input(number, TabInput::ConcludeRecord(Secret::new(record)));
        }
    }

    /// Hands an input to a tab, performs the effects of the input, and delivers the messages that it causes. As the
    /// widget does, first hands the marker to the tab.
    pub(super) fn input(&mut self, number: usize, input: TabInput) {
        let now = self.moment();
        self.tabs[number]
            .tab
            .handle(now, TabInput::Forget(self.marker));
        self.tabs[number].tab.handle(now, input);
        self.perform(number);
        self.deliver_messages();
    }

    /// Delivers all messages between the tabs, and the messages that these cause, except to frozen tabs.
    pub(super) fn deliver_messages(&mut self) {
        let can_receive = |page: &Page| !page.is_frozen && !page.inbox.is_empty();
        while let Some(number) = self.tabs.iter().position(can_receive) {
            let message = self.tabs[number].inbox.pop_front().unwrap();
            let now = self.moment();
            let input = match message.reveal() {
                TO_ITSELF => TabInput::ChannelVerified,
                _ => TabInput::Message(message),
            };
            self.tabs[number].tab.handle(now, input);
            self.perform(number);
        }
    }

    /// Performs the effects of a tab until no effect is left.
    fn perform(&mut self, number: usize) {
        while let Some(effect) = self.tabs[number].tab.next_effect() {
            let page = &mut self.tabs[number];
            match effect {
                TabEffect::Save(record) => {
                    page.record = record.map(|record| record.text().reveal().to_owned());
                    let record = page.record.iter().map(String::as_str);
                    self.everything_stored.extend(record);
                }
                TabEffect::SaveDraft(draft) => {
                    page.stored_draft = draft.to_string();
                    self.everything_stored.push_str(&draft);
                }
                TabEffect::Broadcast(message) => {
                    self.broadcasts.push(message.clone());
                    for (other, page) in self.tabs.iter_mut().enumerate() {
                        if other != number {
                            page.inbox.push_back(message.clone());
                        }
                    }
                }
                TabEffect::VerifyLock => {
                    let holds_lock = self.lock.front() == Some(&number);
                    let has_others = self.lock.len() > 1;
                    let answer = if holds_lock {
                        TabInput::LockVerified { has_others }
                    } else {
                        TabInput::LockLost
                    };
                    self.answer_or_hold_back(number, answer);
                }
                TabEffect::VerifyChannel => page.inbox.push_back(Secret::new(TO_ITSELF)),
                TabEffect::StealLock => {
                    page.steals += 1;
                    self.lock.retain(|it| *it != number);
                    let previous_holder = self.lock.pop_front();
                    self.lock.push_front(number);
                    // The previous holder waits for the lock again. It learns that the lock is lost when it verifies the
                    // lock.
                    self.lock.extend(previous_holder);
                    self.answer_or_hold_back(number, TabInput::LockGranted);
                }
                TabEffect::AbortAllExcept(awaited) => {
                    page.open.retain(|request| awaited.contains(&request.id));
                }
                TabEffect::Engine(Effect::GetSession(request, session_request)) => {
                    self.form_answers.push(session_request.form_answers);
                    let session = Session::from_json(SESSION).map_err(|_| unreachable!());
                    self.answer_or_hold_back(
                        number,
                        TabInput::Engine(Input::Session(request, session)),
                    );
                }
                TabEffect::Engine(Effect::Send(request)) => page.open.push(request),
                TabEffect::Engine(Effect::Abort(id)) => page.open.retain(|it| it.id != id),
                TabEffect::Engine(Effect::Save | Effect::Warn(_)) => {}
            }
        }
    }

    /// Hands an answer about the lock or the session to a tab, or holds the answer back if the browser is slow. The
    /// caller, [`Self::perform`], then performs the effects of the answer.
    fn answer_or_hold_back(&mut self, number: usize, input: TabInput) {
        if self.is_slow {
            self.held_back.push((number, input));
        } else {
            let now = self.moment();
            self.tabs[number].tab.handle(now, input);
        }
    }

    /// Delivers the inputs that were held back.
    pub(super) fn deliver_held_back(&mut self) {
        for (number, input) in std::mem::take(&mut self.held_back) {
            self.input(number, input);
        }
    }

    /// Answers a tab's oldest open request of an operation with status 200.
    pub(super) fn answer(&mut self, number: usize, operation: Operation, body: &str) {
        self.answer_with(number, operation, answered(200, body));
    }

    /// Ends a tab's oldest open request of an operation with this outcome.
    pub(super) fn answer_with(&mut self, number: usize, operation: Operation, outcome: Outcome) {
        let open = &mut self.tabs[number].open;
        let position = open.iter().position(|it| it.operation == operation);
        let request = open.remove(position.unwrap()).id;
        let input = TabInput::Engine(Input::Answer { request, outcome });
        self.input(number, input);
    }

    /// Lets one second pass, and then answers the open poll of a tab with these messages.
    pub(super) fn receive(&mut self, number: usize, messages: &[&str]) {
        self.now += 1_000;
        let batch = format!(r#"{{"systemMessages":[{}]}}"#, messages.join(","));
        self.answer(number, GetMessages, &batch);
    }

    /// Lets this many ms pass. Each tab that is not frozen gets a tick at each time for which it asks.
    pub(super) fn wait(&mut self, millis: u64) {
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

    /// The conversation that a tab shows.
    pub(super) fn shown(&self, number: usize) -> Rc<Conversation> {
        self.tabs[number].tab.view().conversation
    }

    /// The texts of the messages that a tab shows, each with its delivery; `None` instead of the delivery for a
    /// message of an agent.
    pub(super) fn lines(&self, number: usize) -> Vec<(String, Option<Delivery>)> {
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

    /// The number of open requests of an operation, for each tab.
    pub(super) fn open_counts(&self, operation: Operation) -> Vec<usize> {
        let pages = self.tabs.iter().map(|page| page.open.iter());
        pages
            .map(|open| open.filter(|it| it.operation == operation).count())
            .collect()
    }

    /// Whether each tab leads.
    pub(super) fn leaders(&self) -> Vec<bool> {
        self.tabs.iter().map(|page| page.tab.leads()).collect()
    }
}
