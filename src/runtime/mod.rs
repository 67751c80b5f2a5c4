//! Performs the engine's effects: requests, the page's session, one timer. The only part that
//! waits for anything.

mod clock;
mod session;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use pipit_engine::{
    Authorization, Command, Conversation, Effect, Engine, Input, Outcome, Request, RequestId,
    Warning,
};
use pipit_fetch::{AbortOnDrop, Answer, Call, Cookies, NoAnswer};
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
}

/// Is told of each new state of the conversation.
type Watcher = Box<dyn Fn(Conversation)>;

impl Runtime {
    pub(crate) fn new(options: &Options) -> Rc<Self> {
        let engine = Engine::new(options.engine(&page_origin()), clock::seed());
        Rc::new(Self {
            engine: RefCell::new(engine),
            sessions: options.session_source(),
            under_way: RefCell::default(),
            timer: RefCell::default(),
            watcher: RefCell::default(),
        })
    }

    /// The conversation now.
    pub(crate) fn conversation(&self) -> Conversation {
        self.engine.borrow().conversation().clone()
    }

    /// Calls `watcher` with each new state from now on.
    pub(crate) fn watch(&self, watcher: impl Fn(Conversation) + 'static) {
        *self.watcher.borrow_mut() = Some(Box::new(watcher));
    }

    /// What the visitor wants.
    pub(crate) fn command(self: &Rc<Self>, command: Command) {
        self.input(Input::Command(command));
    }

    fn input(self: &Rc<Self>, input: Input) {
        let (effects, wake_at) = {
            let mut engine = self.engine.borrow_mut();
            engine.handle(clock::now(), input);
            let effects: Vec<Effect> = std::iter::from_fn(|| engine.next_effect()).collect();
            (effects, engine.wake_at())
        };
        for effect in effects {
            self.perform(effect);
        }
        self.set_timer(wake_at);
        if let Some(watcher) = &*self.watcher.borrow() {
            watcher(self.conversation());
        }
    }

    fn perform(self: &Rc<Self>, effect: Effect) {
        match effect {
            Effect::GetSession => self.get_session(),
            Effect::Send(request) => self.send(request),
            Effect::Abort(request) => {
                self.under_way.borrow_mut().remove(&request);
            }
            Effect::Warn(warning) => warn(&warning),
        }
    }

    fn get_session(self: &Rc<Self>) {
        let source = self.sessions.clone();
        let this = Rc::downgrade(self);
        spawn_local(async move {
            let session = session::get(&source).await;
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
        Warning::SurveyAddressRefused => "Pipit: there is a survey, but its address is neither \
             https nor on this machine; set `surveyBase` to the address of your service site."
            .to_owned(),
    };
    web_sys::console::warn_1(&JsValue::from(text));
}
