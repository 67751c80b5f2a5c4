//! Drives a chat engine as a web page does: passes inputs to it, performs its effects and stores what it saves. After
//! each input, it checks the limits that the module `limits` defines, and further promises of the engine. After each
//! reload, it checks with the module `reload` that the conversation has changed only where a reload may change it.

use std::collections::BTreeSet;

use pipit_engine::{
    Authorization, Conversation, Effect, Engine, EntryId, Input, Options, Phase, Request,
};
use pipit_wire::consumer::Operation;

use crate::clock::Clock;
use crate::limits::{InputSize, check_size, max_ticks};
use crate::open_requests::OpenRequests;
use crate::reload::check_reload;
use crate::script::{Step, contains_private_answer};

/// The only host to which the options allow the server to move a running conversation.
const HOST_AFTER_MIGRATION: &str = "other.example";

/// The seed of the random numbers of the first engine on a page with an empty storage.
const FIRST_SEED: u64 = 1;
/// The seed of every engine that a reload creates, and of every engine on a page with a stored text. It differs from
/// the first seed, because a page that is loaded again has other random numbers.
const RELOAD_SEED: u64 = 2;

/// The maximum length of one step `wait`, in ms. During a wait the engine gets every tick that it requests.
pub(crate) const MAX_WAIT_MS: u64 = 600_000;
/// The maximum length of one step `sleep`, in ms. A sleep can be longer than a wait, because the engine gets only one
/// tick, at its end.
pub(crate) const MAX_SLEEP_MS: u64 = 100_000_000;

/// An engine with a clock, open requests and a storage.
pub(crate) struct EngineDriver {
    engine: Engine,
    clock: Clock,
    requests: OpenRequests,
    /// The conversation that the engine has saved for a reload. `None` if it has saved none.
    stored: Option<String>,
    /// The size of the texts in all inputs so far, in bytes.
    input_bytes: usize,
    /// The origins (scheme, host and port) to which the session id may be sent: origins that have received the token of
    /// the session, and the origin that the options allow. `None` if any origin may be used, because the fuzzer wrote
    /// the stored session.
    trusted_origins: Option<Vec<String>>,
}

impl EngineDriver {
    /// Creates an engine on a page with an empty storage.
    pub(crate) fn new() -> Self {
        Self {
            engine: Engine::new(options(), FIRST_SEED),
            clock: Clock::new(),
            requests: OpenRequests::default(),
            stored: None,
            input_bytes: 0,
            trusted_origins: Some(vec![format!("https://{HOST_AFTER_MIGRATION}")]),
        }
    }

    pub(crate) fn phase(&self) -> &Phase {
        &self.conversation().phase
    }

    /// Checks that no two entries of the transcript have the same id, because the view tells entries apart by their
    /// ids.
    pub(crate) fn check_entry_ids(&self) {
        let transcript = &self.conversation().transcript;
        let ids: BTreeSet<EntryId> = transcript.iter().map(|entry| entry.id).collect();
        assert_eq!(ids.len(), transcript.len(), "ids of entries");
    }

    /// Runs a step of a script. The head of `script.rs` explains each step.
    pub(crate) fn run(&mut self, step: Step) {
        match step {
            Step::Input(input) => self.handle(input),
            Step::Session(session) => {
                let input = self.requests.answer_session(session);
                self.handle(input);
            }
            Step::Serve(nth) => {
                let answer = self.requests.answer_as_server(nth);
                self.handle_if_some(answer);
            }
            Step::Messages(messages) => {
                if let Some(answer) = self.requests.answer_poll(&messages) {
                    // The server has held the poll (the request for new messages) for this long.
                    self.clock.now += 1_000;
                    self.handle(answer);
                }
            }
            Step::Answer(nth, outcome) => {
                let answer = self.requests.answer(nth, outcome);
                self.handle_if_some(answer);
            }
            Step::Stray(request, outcome) => {
                self.handle_if_some(self.requests.answer_stray(request, outcome));
            }
            Step::Wait(millis) => self.wait(millis.min(MAX_WAIT_MS)),
            Step::Sleep(millis) => {
                self.clock.now += millis.min(MAX_SLEEP_MS);
                self.handle(Input::Tick);
            }
            Step::Clock(millis) => {
                self.clock.set_wall_clock(millis);
                self.handle(Input::Tick);
            }
            Step::Reload => self.reload(),
        }
    }

    /// Reloads the page. Checks that the conversation has changed only where a reload may change it.
    pub(crate) fn reload(&mut self) {
        let before = self.conversation().clone();
        self.load();
        check_reload(&before, self.conversation());
    }

    /// Creates an engine on a page that has this text in its storage.
    pub(crate) fn with_storage(stored: &str) -> Self {
        let mut driver = Self {
            stored: Some(stored.to_owned()),
            input_bytes: stored.len(),
            trusted_origins: None,
            ..Self::new()
        };
        driver.load();
        driver
    }

    /// Replaces the engine by a new engine, which restores the stored text if there is one. Open requests are lost.
    fn load(&mut self) {
        self.engine = Engine::new(options(), RELOAD_SEED);
        self.requests = OpenRequests::default();
        if let Some(stored) = self.stored.clone() {
            self.engine.restore(self.clock.moment(), &stored);
            self.check(InputSize::default());
        }
    }

    /// Lets this many ms pass. The engine gets every tick that it requests.
    fn wait(&mut self, millis: u64) {
        let end = self.clock.now + millis;
        let mut ticks = 0;
        while let Some(at) = self.engine.wake_at().filter(|at| *at <= end) {
            self.clock.now = at;
            self.handle(Input::Tick);
            ticks += 1;
            assert!(ticks <= max_ticks(millis), "a busy loop");
        }
        self.clock.now = end;
    }

    fn handle_if_some(&mut self, input: Option<Input>) {
        if let Some(input) = input {
            self.handle(input);
        }
    }

    /// Passes an input to the engine, and checks what must hold afterwards.
    fn handle(&mut self, input: Input) {
        let size = InputSize::of(&input);
        self.input_bytes += size.bytes;
        let max_entries = size.max_entries(self.conversation().transcript.len());
        self.engine.handle(self.clock.moment(), input);
        self.check(size);
        assert!(
            self.conversation().transcript.len() <= max_entries,
            "entries that no input explains"
        );
    }

    fn conversation(&self) -> &Conversation {
        self.engine.conversation()
    }

    /// Performs the effects of an input of this size, and checks what must hold after every input: the number of
    /// effects is limited, the next tick is requested for a later time, and the size of what is shown and stored is
    /// limited.
    fn check(&mut self, size: InputSize) {
        let mut effect_count = 0;
        while let Some(effect) = self.engine.next_effect() {
            self.perform(effect);
            effect_count += 1;
            assert!(effect_count <= size.max_effects(), "effects without end");
        }
        let wake_at = self.engine.wake_at();
        assert!(
            wake_at.is_none_or(|at| at > self.clock.now),
            "a tick in the past"
        );
        check_size(
            self.conversation(),
            self.input_bytes,
            self.stored.as_deref(),
        );
    }

    /// Performs an effect. Checks that the visitor's private answers are not stored.
    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Save => {
                self.stored = self.engine.snapshot();
                assert!(
                    !self.stored.as_deref().is_some_and(contains_private_answer),
                    "private, but stored"
                );
            }
            Effect::GetSession(request, _) => self.requests.add_session_request(request),
            Effect::Abort(request) => self.requests.abort(request),
            Effect::Send(request) => self.send(request),
            Effect::Warn(_) => {}
        }
    }

    /// Adds a request to the open requests. Checks that `requestEngagement` is authorized by the token and every other
    /// operation by the session id, and that the session id goes only to a trusted origin.
    fn send(&mut self, request: Request) {
        let operation = request.operation;
        let origin = origin(&request).to_owned();
        match &request.authorization {
            Authorization::Bearer(_) => {
                assert_eq!(operation, Operation::RequestEngagement);
                if let Some(origins) = &mut self.trusted_origins {
                    origins.push(origin);
                }
            }
            Authorization::Session(_) => {
                assert_ne!(operation, Operation::RequestEngagement);
                let trusted = self.trusted_origins.as_ref();
                assert!(
                    trusted.is_none_or(|origins| origins.contains(&origin)),
                    "the session leaks to {origin}"
                );
            }
        }
        self.requests.add(request);
    }
}

/// The engine's options, which are the same for all fuzz targets.
pub(crate) fn options() -> Options {
    let mut options = Options {
        allowed_hosts: vec![HOST_AFTER_MIGRATION.to_owned()],
        ..Options::default()
    };
    // Without this address, the engine would make no links to surveys.
    options.survey.base = Some("https://help.example".to_owned());
    options
}

/// The part of a request's URL before the path: scheme, host and port. Empty if the URL is not one of the consumer API.
fn origin(request: &Request) -> &str {
    let path_start = request.url.rfind("/engagement/api/consumer/");
    path_start
        .and_then(|end| request.url.get(..end))
        .unwrap_or_default()
}
