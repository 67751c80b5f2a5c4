//! Tests of the engine (the state machine of a conversation with the chat server). [`Bench`] drives an engine
//! through its public interface only. It checks each request that the engine sends, and after each input it checks
//! that the next tick is in the future. The *page* is the web page that embeds the chat. An *engagement* is one chat
//! at the server.

mod abandoned;
mod answers;
mod body;
mod bounds;
mod browser;
mod channel;
mod chat;
mod conclude;
mod copies;
mod echo;
mod file;
mod forgetting;
mod gaps;
mod migration;
mod numbers;
mod outbox;
mod poll;
mod properties;
mod queue;
mod sequence;
mod snapshot;
mod sneak_preview;
mod start;
mod survey;
mod tabs;
mod typing;
mod unreadable;
mod view;
mod wake;

use pipit_wire::consumer::Operation::{self, GetMessages, RequestEngagement};
use pipit_wire::session::Session;
use serde_json::Value;

use self::body::{ANA, ENGAGEMENT, SESSION, answered};
use crate::{
    Agent, Authorization, Command, Conclusion, Connection, Content, Delivery, Effect, Engine,
    EntryId, Failure, FormAnswers, Input, Moment, Notice, Options, Outcome, Phase, Request,
    RequestId, SessionRefused, SessionRequest, Wait, Warning,
};

/// An engine with a simulated clock, and a record of the effects that the engine has asked for.
struct Bench {
    engine: Engine,
    /// The monotonic clock, in ms.
    now: u64,
    /// The requests to the server that were neither answered nor aborted, oldest first.
    open: Vec<Request>,
    /// All requests to the server, each with the time at which it was sent.
    sent: Vec<(u64, Request)>,
    /// The number of requests to the server that the engine has aborted.
    aborted: usize,
    /// The most recent request to the page for a session, even if it was answered; `None` before the first request, and
    /// after an abort.
    open_session: Option<RequestId>,
    /// All requests to the page for a session.
    session_requests: Vec<SessionRequest>,
    warnings: Vec<Warning>,
    /// The most recent snapshot; `None` if there is nothing to store.
    stored: Option<String>,
    options: Options,
    /// The time that the machine has slept, in ms; tests increase it. The wall clock counts this time, and the
    /// monotonic clock does not.
    slept_ms: u64,
}

impl Bench {
    /// An engine on a page that has configured the address of surveys.
    fn new() -> Self {
        let mut options = Options::default();
        options.survey.base = Some("https://help.example".to_owned());
        Self::with(options)
    }

    /// An engine on a page that has configured these options.
    fn with(options: Options) -> Self {
        Self::seeded(options, 1)
    }

    /// An engine whose random pauses are determined by `seed`.
    fn seeded(options: Options, seed: u64) -> Self {
        Self {
            engine: Engine::new(options.clone(), seed),
            now: 1_000,
            open: Vec::new(),
            sent: Vec::new(),
            aborted: 0,
            open_session: None,
            session_requests: Vec::new(),
            warnings: Vec::new(),
            stored: None,
            options,
            slept_ms: 0,
        }
    }

    /// An engine with an engagement that waits for an agent. The first poll is open.
    fn queued() -> Self {
        let mut bench = Self::new();
        bench.start();
        bench
    }

    /// An engine with an engagement that the agent Ana has joined.
    fn chatting() -> Self {
        Self::queued().with_ana()
    }

    fn connection(&self) -> Connection {
        self.engine.conversation().connection
    }

    /// Starts a conversation and answers its requests, so that an engagement runs.
    fn start(&mut self) {
        self.command(Command::Start(FormAnswers::default()));
        self.supply_session();
        self.answer(RequestEngagement, 200, ENGAGEMENT);
    }

    /// The same engine after the agent Ana has joined.
    fn with_ana(mut self) -> Self {
        self.receive(&[ANA]);
        self
    }

    fn command(&mut self, command: Command) {
        self.handle(Input::Command(command));
    }

    fn send(&mut self, text: &str) {
        self.command(Command::Send(text.to_owned()));
    }

    /// Answers the most recent request for a session with [`SESSION`].
    fn supply_session(&mut self) {
        let session = Session::from_json(SESSION).unwrap();
        self.answer_session(Ok(session));
    }

    /// Answers the most recent request for a session. If there is none, or if it was aborted, the answer has an id that
    /// no request has.
    fn answer_session(&mut self, result: Result<Session, SessionRefused>) {
        let request = self.open_session.unwrap_or(RequestId(u64::MAX));
        self.handle(Input::Session(request, result));
    }

    /// Answers the oldest open request of an operation.
    fn answer(&mut self, operation: Operation, status: u16, body: &str) {
        self.answer_with(operation, answered(status, body));
    }

    /// Ends the oldest open request of an operation with this outcome.
    fn answer_with(&mut self, operation: Operation, outcome: Outcome) {
        let position = self.open.iter().position(|it| it.operation == operation);
        let index = position.unwrap_or_else(|| panic!("no {operation:?} is open"));
        let request = self.open.remove(index).id;
        self.handle(Input::Answer { request, outcome });
    }

    /// Lets one second pass, and then answers the open poll with these messages.
    fn receive(&mut self, messages: &[&str]) {
        self.now += 1_000;
        let batch = format!(r#"{{"systemMessages":[{}]}}"#, messages.join(","));
        self.answer(GetMessages, 200, &batch);
    }

    /// Lets this many ms pass, with a tick at each time for which the engine asks.
    fn wait(&mut self, millis: u64) {
        let until = self.now + millis;
        while let Some(at) = self.engine.wake_at().filter(|at| *at <= until) {
            self.now = at;
            self.handle(Input::Tick);
        }
        self.now = until;
    }

    /// Hands an input to the engine, performs the effects, and checks that the next tick is in the future.
    fn handle(&mut self, input: Input) {
        self.engine.handle(self.moment(), input);
        self.drain();
        let wake_at = self.engine.wake_at();
        assert!(wake_at.is_none_or(|at| at > self.now), "a busy loop");
    }

    /// The current time. The wall clock begins in the year 2027.
    fn moment(&self) -> Moment {
        Moment {
            monotonic: self.now,
            wall: 1_800_000_000_000 + i64::try_from(self.now + self.slept_ms).unwrap(),
        }
    }

    /// Performs all effects that the engine has asked for.
    fn drain(&mut self) {
        while let Some(effect) = self.engine.next_effect() {
            self.perform(effect);
        }
    }

    /// Reloads the page. Requests that are open at that time are never answered.
    fn reload(&mut self) {
        // Another seed than before the reload, as in a browser.
        self.engine = Engine::new(self.options.clone(), 2);
        self.open.clear();
        if let Some(snapshot) = self.stored.clone() {
            self.engine.restore(self.moment(), &snapshot);
            self.drain();
        }
    }

    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::GetSession(request, session_request) => {
                self.session_requests.push(session_request);
                self.open_session = Some(request);
            }
            Effect::Save => self.stored = self.engine.snapshot(),
            Effect::Warn(warning) => self.warnings.push(warning),
            Effect::Abort(id) if self.open_session == Some(id) => self.open_session = None,
            Effect::Abort(id) => {
                let count_before = self.open.len();
                self.open.retain(|request| request.id != id);
                let message = "only open requests are aborted";
                assert_eq!(self.open.len() + 1, count_before, "{message}");
                self.aborted += 1;
            }
            Effect::Send(request) => {
                self.check_request(&request);
                self.sent.push((self.now, request.clone()));
                self.open.push(request);
            }
        }
    }

    /// Checks that this request has the right authorization, fits the phase of the conversation, and is the
    /// only open request of its operation. A start that was left may have another request open.
    fn check_request(&self, request: &Request) {
        let operation = request.operation;
        let has_token = matches!(request.authorization, Authorization::Bearer(_));
        assert_eq!(has_token, operation == RequestEngagement, "{operation:?}");
        let is_allowed = match self.phase() {
            _ if operation == Operation::ConcludeEngagement => true,
            Phase::Starting => operation == RequestEngagement,
            phase => phase.is_live() && operation != RequestEngagement,
        };
        assert!(is_allowed, "{operation:?} in {:?}", self.phase());
        let is_only_one = self.open_count(operation) == 0;
        let of_start_or_end = [RequestEngagement, Operation::ConcludeEngagement];
        let is_only_one = is_only_one || of_start_or_end.contains(&operation);
        assert!(is_only_one, "a second {operation:?}");
    }

    /// The number of open requests of an operation.
    fn open_count(&self, operation: Operation) -> usize {
        let of_operation = |it: &&Request| it.operation == operation;
        self.open.iter().filter(of_operation).count()
    }

    /// The times at which all requests of an operation were sent, oldest first, in ms.
    fn send_times(&self, operation: Operation) -> Vec<u64> {
        let sent = self.sent.iter();
        sent.filter(|(_, it)| it.operation == operation)
            .map(|(at, _)| *at)
            .collect()
    }

    /// The bodies of all requests of an operation, oldest first.
    fn bodies(&self, operation: Operation) -> Vec<Value> {
        let sent = self.sent.iter();
        sent.filter(|(_, it)| it.operation == operation)
            .map(|(_, it)| serde_json::from_str(&it.body).unwrap())
            .collect()
    }

    /// The address of the most recent request of an operation.
    fn last_url(&self, operation: Operation) -> &str {
        let mut sent = self.sent.iter().rev();
        let last = sent.find(|(_, it)| it.operation == operation);
        &last.unwrap().1.url
    }

    fn phase(&self) -> &Phase {
        &self.engine.conversation().phase
    }

    /// Why the conversation has failed. Panics if it has not failed.
    fn failure(&self) -> &Failure {
        match self.phase() {
            Phase::Failed(failure) => failure,
            other => panic!("{other:?}"),
        }
    }

    /// What is known of the visitor's wait. Panics if the visitor does not wait.
    fn queue_wait(&self) -> Wait {
        match self.phase() {
            Phase::Queued(wait) | Phase::Requeued(wait) => *wait,
            other => panic!("{other:?}"),
        }
    }

    /// The agents who take part. Panics if the visitor is not chatting.
    fn agents(&self) -> &[Agent] {
        match self.phase() {
            Phase::Chatting(agents) => agents,
            other => panic!("{other:?}"),
        }
    }

    /// How the conversation has ended. Panics if it has not ended.
    fn conclusion(&self) -> &Conclusion {
        match self.phase() {
            Phase::Concluded(conclusion) => conclusion,
            other => panic!("{other:?}"),
        }
    }

    /// The messages and notices of the transcript.
    fn contents(&self) -> impl Iterator<Item = &Content> {
        let transcript = &self.engine.conversation().transcript;
        transcript.iter().map(|entry| &entry.content)
    }

    /// The texts of the agents' messages.
    fn agent_texts(&self) -> Vec<&str> {
        let bodies = self.contents().filter_map(|content| match content {
            Content::Agent { body, .. } => Some(body.as_ref()),
            _ => None,
        });
        bodies.collect()
    }

    fn notices(&self) -> Vec<&Notice> {
        let notices = self.contents().filter_map(|content| match content {
            Content::Notice(notice) => Some(notice),
            _ => None,
        });
        notices.collect()
    }

    /// The texts of the visitor's messages, each with its delivery.
    fn visitor_messages(&self) -> Vec<(&str, Delivery)> {
        let messages = self.contents().filter_map(|content| match content {
            Content::Visitor { text, delivery } => Some((text.as_ref(), *delivery)),
            _ => None,
        });
        messages.collect()
    }

    /// The id of the visitor's message with this text.
    fn entry_of(&self, message: &str) -> EntryId {
        let mut entries = self.engine.conversation().transcript.iter();
        let entry = entries.find(
            |it| matches!(&it.content, Content::Visitor { text, .. } if text.as_ref() == message),
        );
        entry.unwrap().id
    }
}
