//! A page that drives the engine by the contract of its crate's text, and checks what the engine
//! promises: `bounds` after each input, `again` after each reload.

use std::collections::BTreeSet;

use pipit_engine::{
    Authorization, Conversation, Effect, Engine, EntryId, Input, Options, Phase, Request,
};
use pipit_wire::consumer::Operation;

use crate::again::check_again;
use crate::bounds::{Brought, check_size, most_ticks};
use crate::clock::Clock;
use crate::requests::Requests;
use crate::script::{Step, tells};

/// The one other host to which the server may move the conversation.
const OTHER_HOST: &str = "other.example";

/// Time passes by at most so many ms at once.
pub(crate) const MOST_WAIT_MS: u64 = 600_000;
pub(crate) const MOST_SLEEP_MS: u64 = 100_000_000;

/// An engine, a clock, and what the engine has asked for.
pub(crate) struct Page {
    engine: Engine,
    clock: Clock,
    requests: Requests,
    /// What stands in the tab's storage.
    kept: Option<String>,
    /// So many bytes of text have come in.
    came_in: usize,
    /// Where the session id may go: where the page has sent its token, and where it allows. `None`
    /// where the storage said where.
    trusted: Option<Vec<String>>,
}

impl Page {
    pub(crate) fn new() -> Self {
        Self {
            engine: Engine::new(options(), 1),
            clock: Clock::new(),
            requests: Requests::default(),
            kept: None,
            came_in: 0,
            trusted: Some(vec![format!("https://{OTHER_HOST}")]),
        }
    }

    pub(crate) fn phase(&self) -> &Phase {
        &self.conversation().phase
    }

    /// The view tells entries apart by their names.
    pub(crate) fn names_each_entry_once(&self) {
        let transcript = &self.conversation().transcript;
        let names: BTreeSet<EntryId> = transcript.iter().map(|entry| entry.id).collect();
        assert_eq!(names.len(), transcript.len(), "names of entries");
    }

    pub(crate) fn take(&mut self, step: Step) {
        match step {
            Step::Input(input) => self.handle(input),
            Step::Session(session) => {
                let session = self.requests.session(session);
                self.handle(session);
            }
            Step::Serve(nth) => {
                let answer = self.requests.served(nth);
                self.handle_some(answer);
            }
            Step::Messages(messages) => {
                if let Some(answer) = self.requests.messages(&messages) {
                    self.clock.now += 1_000;
                    self.handle(answer);
                }
            }
            Step::Answer(nth, outcome) => {
                let answer = self.requests.answered(nth, outcome);
                self.handle_some(answer);
            }
            Step::Stray(request, outcome) => {
                self.handle_some(self.requests.stray(request, outcome));
            }
            Step::Wait(millis) => self.wait(millis.min(MOST_WAIT_MS)),
            Step::Sleep(millis) => {
                self.clock.now += millis.min(MOST_SLEEP_MS);
                self.handle(Input::Tick);
            }
            Step::Clock(millis) => {
                self.clock.set_ahead(millis);
                self.handle(Input::Tick);
            }
            Step::Reload => self.reload(),
        }
    }

    /// The page is left and loaded again.
    pub(crate) fn reload(&mut self) {
        let before = self.conversation().clone();
        self.load();
        check_again(&before, self.conversation());
    }

    /// A page that is loaded with this in the tab's storage.
    pub(crate) fn with(kept: &str) -> Self {
        let mut page = Self {
            kept: Some(kept.to_owned()),
            came_in: kept.len(),
            trusted: None,
            ..Self::new()
        };
        page.load();
        page
    }

    fn load(&mut self) {
        self.engine = Engine::new(options(), 2);
        self.requests = Requests::default();
        if let Some(kept) = self.kept.clone() {
            self.engine.restore(self.clock.moment(), &kept);
            self.check(Brought::default());
        }
    }

    /// Lets time pass, with a tick whenever the engine wants one.
    fn wait(&mut self, millis: u64) {
        let until = self.clock.now + millis;
        let mut ticks = 0;
        while let Some(at) = self.engine.wake_at().filter(|at| *at <= until) {
            self.clock.now = at;
            self.handle(Input::Tick);
            ticks += 1;
            assert!(ticks <= most_ticks(millis), "a busy loop");
        }
        self.clock.now = until;
    }

    fn handle_some(&mut self, input: Option<Input>) {
        if let Some(input) = input {
            self.handle(input);
        }
    }

    fn handle(&mut self, input: Input) {
        let brought = Brought::by(&input);
        self.came_in += brought.bytes;
        let most_entries = brought.most_entries(self.conversation().transcript.len());
        self.engine.handle(self.clock.moment(), input);
        self.check(brought);
        assert!(
            self.conversation().transcript.len() <= most_entries,
            "entries out of nothing"
        );
    }

    fn conversation(&self) -> &Conversation {
        self.engine.conversation()
    }

    /// What holds after every input: the effects are few, no tick is wanted for a time that has
    /// passed, and what is shown and kept is bounded.
    fn check(&mut self, brought: Brought) {
        let mut effects = 0;
        while let Some(effect) = self.engine.next_effect() {
            self.perform(effect);
            effects += 1;
            assert!(effects <= brought.most_effects(), "effects without end");
        }
        let wake_at = self.engine.wake_at();
        assert!(
            wake_at.is_none_or(|at| at > self.clock.now),
            "a tick in the past"
        );
        check_size(self.conversation(), self.came_in, self.kept.as_deref());
    }

    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Save(kept) => {
                self.kept = kept.map(|kept| kept.reveal().to_owned());
                assert!(
                    !self.kept.as_deref().is_some_and(tells),
                    "private, but kept"
                );
            }
            Effect::GetSession(asked, _) => self.requests.get_session(asked),
            Effect::Abort(request) => self.requests.give_up(request),
            Effect::Send(request) => self.send(request),
            Effect::Warn(_) => {}
        }
    }

    fn send(&mut self, request: Request) {
        let operation = request.operation;
        let origin = origin(&request).to_owned();
        match &request.authorization {
            Authorization::Bearer(_) => {
                assert_eq!(operation, Operation::RequestEngagement);
                self.trusted
                    .iter_mut()
                    .for_each(|it| it.push(origin.clone()));
            }
            Authorization::Session(_) => {
                assert_ne!(operation, Operation::RequestEngagement);
                let mut trusted = self.trusted.iter();
                assert!(
                    trusted.all(|it| it.contains(&origin)),
                    "the session leaks to {origin}"
                );
            }
        }
        self.requests.send(request);
    }
}

/// What every page configures.
pub(crate) fn options() -> Options {
    let mut options = Options {
        allowed_hosts: vec![OTHER_HOST.to_owned()],
        ..Options::default()
    };
    options.survey.base = Some("https://help.example".to_owned());
    options
}

/// Where a request goes to.
fn origin(request: &Request) -> &str {
    let path = request.url.rfind("/engagement/api/consumer/");
    path.and_then(|path| request.url.get(..path))
        .unwrap_or_default()
}
