//! Performs the engine's effects: requests, the page's session, one timer. The only part that
//! waits for anything.

mod clock;
mod session;
mod storage;
mod wake;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use pipit_engine::{
    Authorization, Command, Conversation, Effect, Engine, Input, Outcome, Request, RequestId,
    SessionReason, Warning,
};
use pipit_fetch::{AbortOnDrop, Answer, Call, Cookies, NoAnswer};
use pipit_wire::Secret;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use crate::options::{Options, SessionSource};

/// One engine and what it has under way. Dropping it aborts all of that.
pub(crate) struct Runtime {
    engine: RefCell<Engine>,
    sessions: SessionSource,
    /// Requests under way; dropping an entry aborts its request.
    under_way: RefCell<BTreeMap<RequestId, AbortOnDrop>>,
    timer: RefCell<Option<Timeout>>,
    watcher: RefCell<Option<Watcher>>,
    place: storage::Place,
    /// The page's people are told once that nothing can be kept.
    told_unkept: Cell<bool>,
    listeners: RefCell<Vec<EventListener>>,
}

/// Is told of each new state of the conversation.
type Watcher = Box<dyn Fn(Conversation)>;

impl Runtime {
    pub(crate) fn new(options: &Options) -> Rc<Self> {
        let place = storage::Place::new(&options.service());
        let mut engine = Engine::new(options.engine(&page_origin()), clock::seed());
        if let Some(kept) = place.read() {
            engine.restore(clock::now(), &kept);
        }
        let this = Rc::new(Self {
            engine: RefCell::new(engine),
            sessions: options.session_source(),
            under_way: RefCell::default(),
            timer: RefCell::default(),
            watcher: RefCell::default(),
            place,
            told_unkept: Cell::default(),
            listeners: RefCell::default(),
        });
        let woken = Rc::downgrade(&this);
        *this.listeners.borrow_mut() = wake::listen(move || {
            if let Some(this) = woken.upgrade() {
                this.input(Input::Wake);
            }
        });
        this.carry_on();
        this
    }

    /// The conversation now.
    pub(crate) fn conversation(&self) -> Conversation {
        self.engine.borrow().conversation().clone()
    }

    /// Calls `watcher` with the state now and each new one.
    pub(crate) fn watch(&self, watcher: impl Fn(Conversation) + 'static) {
        watcher(self.conversation());
        *self.watcher.borrow_mut() = Some(Box::new(watcher));
    }

    /// What the visitor wants.
    pub(crate) fn command(self: &Rc<Self>, command: Command) {
        self.input(Input::Command(command));
    }

    fn input(self: &Rc<Self>, input: Input) {
        self.engine.borrow_mut().handle(clock::now(), input);
        self.carry_on();
        if let Some(watcher) = &*self.watcher.borrow() {
            watcher(self.conversation());
        }
    }

    /// Performs what the engine wants done.
    fn carry_on(self: &Rc<Self>) {
        let (effects, wake_at) = {
            let mut engine = self.engine.borrow_mut();
            let effects: Vec<Effect> = std::iter::from_fn(|| engine.next_effect()).collect();
            (effects, engine.wake_at())
        };
        for effect in effects {
            self.perform(effect);
        }
        self.set_timer(wake_at);
    }

    fn perform(self: &Rc<Self>, effect: Effect) {
        match effect {
            Effect::GetSession(reason) => self.get_session(reason),
            Effect::Save(kept) => self.save(kept.as_ref().map(Secret::reveal)),
            Effect::Send(request) => self.send(request),
            Effect::Abort(request) => {
                self.under_way.borrow_mut().remove(&request);
            }
            Effect::Warn(warning) => warn(&warning),
        }
    }

    fn save(&self, kept: Option<&str>) {
        if self.place.write(kept).is_err() && !self.told_unkept.replace(true) {
            warn_text(
                "Pipit: this browser keeps nothing for this page (its storage is blocked or full), \
                 so the chat will not survive a reload.",
            );
        }
    }

    fn get_session(self: &Rc<Self>, reason: SessionReason) {
        let source = self.sessions.clone();
        let this = Rc::downgrade(self);
        spawn_local(async move {
            let session = session::get(&source, reason).await;
            if let Some(this) = this.upgrade() {
                this.input(Input::Session(session));
            }
        });
    }

    fn send(self: &Rc<Self>, request: Request) {
        let id = request.id;
        let call = Call {
            url: request.url,
            headers: vec![match &request.authorization {
                Authorization::Bearer(jwt) => ("Authorization", format!("Bearer {}", jwt.reveal())),
                Authorization::Session(session) => ("SessionId", session.reveal().to_owned()),
            }],
            body: request.body,
            cookies: Cookies::Omit,
            // The engine knows how long it waits for what, and aborts by itself.
            timeout_ms: None,
        };
        let abort = AbortOnDrop::new();
        let answer = pipit_fetch::post(call, &abort);
        self.under_way.borrow_mut().insert(id, abort);
        let this = Rc::downgrade(self);
        spawn_local(async move {
            let outcome = outcome(answer.await);
            if let Some(this) = this.upgrade()
                && this.under_way.borrow_mut().remove(&id).is_some()
            {
                this.input(Input::Answer {
                    request: id,
                    outcome,
                });
            }
        });
    }

    fn set_timer(self: &Rc<Self>, wake_at: Option<u64>) {
        let this = Rc::downgrade(self);
        let timeout = wake_at.map(|at| {
            Timeout::new(clock::millis_until(at), move || {
                if let Some(this) = this.upgrade() {
                    this.input(Input::Tick);
                }
            })
        });
        *self.timer.borrow_mut() = timeout;
    }
}

fn outcome(result: Result<Answer, NoAnswer>) -> Outcome {
    match result {
        Ok(answer) => Outcome::Answered {
            status: answer.status,
            retry_after: answer.retry_after_ms,
            body: answer.body,
        },
        Err(NoAnswer::NotSent(_)) => Outcome::NotSent,
        Err(NoAnswer::Lost(_)) => Outcome::Lost,
    }
}

fn page_origin() -> String {
    web_sys::window()
        .and_then(|window| window.location().origin().ok())
        .unwrap_or_default()
}

fn warn(warning: &Warning) {
    let text = match warning {
        Warning::HostNotAllowed { host } => format!(
            "Pipit: the chat server asked to move to {host}, which is not in `allowedHosts`; \
             the conversation stays on the old host. Add it there if it is yours."
        ),
        Warning::MessagesMissing { after, before } => format!(
            "Pipit: the chat server's messages between the numbers {after} and {before} did not \
             arrive. An answer was lost on its way; the API cannot be asked for it again."
        ),
        Warning::SurveyAddressRefused => "Pipit: there is a survey, but its address is neither \
             https nor on this machine; set `surveyBase` to the address of your service site."
            .to_owned(),
    };
    warn_text(&text);
}

fn warn_text(text: &str) {
    web_sys::console::warn_1(&JsValue::from(text));
}
