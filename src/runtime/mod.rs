//! Performs the engine's effects: requests, the page's session, one timer. The only part that
//! waits for anything.

mod clock;
mod company;
mod session;
mod storage;
mod wake;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use pipit_engine::{
    Authorization, Command, Conversation, Effect, Input, Outcome, Request, RequestId,
    SessionWanted, Tab, TabEffect, TabInput, Warning,
};
use pipit_fetch::{AbortOnDrop, Answer, Call, Cookies, NoAnswer};
use pipit_wire::Secret;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use crate::options::{Options, SessionSource};
use company::Company;
use storage::Place;
use wake::Stop;

/// One tab and what it has under way. Dropping it aborts all of that.
pub(crate) struct Runtime {
    tab: RefCell<Tab>,
    /// The seat among the other tabs; `None` while this tab is alone, or in the back/forward cache.
    company: RefCell<Option<Company>>,
    sessions: SessionSource,
    /// Requests under way; dropping an entry aborts its request.
    under_way: RefCell<BTreeMap<RequestId, AbortOnDrop>>,
    timer: RefCell<Option<Timeout>>,
    watchers: RefCell<Vec<Watcher>>,
    place: Place,
    /// Whether what was to be kept last could be.
    keeps: Cell<bool>,
    listeners: RefCell<Vec<EventListener>>,
}

/// Is told of each new state of the conversation.
type Watcher = Box<dyn Fn(Conversation)>;

impl Runtime {
    pub(crate) fn new(options: &Options) -> Rc<Self> {
        let service = options.service();
        let place = Place::new(&service);
        let kept = place.read();
        let tab = Tab::new(
            options.engine(&page_origin()),
            clock::seed(),
            company::kind(),
            clock::now(),
            kept.as_deref(),
        );
        let this = Rc::new(Self {
            tab: RefCell::new(tab),
            company: RefCell::default(),
            sessions: options.session_source(),
            under_way: RefCell::default(),
            timer: RefCell::default(),
            watchers: RefCell::default(),
            place,
            keeps: Cell::new(true),
            listeners: RefCell::default(),
        });
        *this.listeners.borrow_mut() = this.listen();
        this.join();
        this
    }

    /// The conversation now.
    pub(crate) fn conversation(&self) -> Conversation {
        self.tab.borrow().conversation()
    }

    /// Whether of all tabs of the site it is this one that leads.
    pub(crate) fn leads(&self) -> bool {
        self.tab.borrow().leads()
    }

    /// Whether this browser keeps the conversation over a reload.
    pub(crate) fn keeps(&self) -> bool {
        self.keeps.get()
    }

    /// Calls `watcher` with the state now and each new one.
    pub(crate) fn watch(&self, watcher: impl Fn(Conversation) + 'static) {
        watcher(self.conversation());
        self.watchers.borrow_mut().push(Box::new(watcher));
    }

    /// What the visitor wants.
    pub(crate) fn command(self: &Rc<Self>, command: Command) {
        self.engine(Input::Command(command));
    }

    /// The composer holds this text now.
    pub(crate) fn draft(self: &Rc<Self>, text: String) {
        self.input(TabInput::Draft(text));
    }

    /// The panel is open, or not.
    pub(crate) fn show_panel(self: &Rc<Self>, is_open: bool) {
        self.input(TabInput::ShowPanel(is_open));
    }

    /// Lets go of all that it has under way, and hears nothing any more. The conversation goes on
    /// at the server, in another tab, or with the next runtime of this one.
    pub(crate) fn leave(self: &Rc<Self>) {
        self.watchers.take();
        self.listeners.take();
        self.input(TabInput::Deposed);
        self.company.take();
        self.timer.take();
        self.under_way.take();
    }

    fn listen(self: &Rc<Self>) -> Vec<EventListener> {
        let (woken, stopped, going) = (
            Rc::downgrade(self),
            Rc::downgrade(self),
            Rc::downgrade(self),
        );
        let mut listeners = wake::listen(move || {
            if let Some(this) = woken.upgrade() {
                this.engine(Input::Wake);
            }
        });
        listeners.extend(wake::listen_for_stops(
            move |stop| {
                if let Some(this) = stopped.upgrade() {
                    this.stop(stop);
                }
            },
            move || {
                if let Some(this) = going.upgrade() {
                    this.go();
                }
            },
        ));
        listeners
    }

    /// Takes a seat among the other tabs; without one it is alone.
    fn join(self: &Rc<Self>) {
        let this = Rc::downgrade(self);
        let seat = Company::join(self.place.name(), move |input| {
            if let Some(this) = this.upgrade() {
                this.input(input);
            }
        });
        let joined = match seat {
            Some(_) => TabInput::Join,
            None => TabInput::Alone,
        };
        *self.company.borrow_mut() = seat;
        self.input(joined);
    }

    /// Hands over to another tab. A frozen page that is the only one keeps what it has under way:
    /// the answers may still come.
    fn stop(self: &Rc<Self>, stop: Stop) {
        if stop == Stop::Cached || self.tab.borrow().has_others() {
            self.input(TabInput::Deposed);
            self.company.take();
        }
    }

    fn go(self: &Rc<Self>) {
        if self.company.borrow().is_none() {
            self.join();
        }
    }

    fn engine(self: &Rc<Self>, input: Input) {
        self.input(TabInput::Engine(input));
    }

    fn input(self: &Rc<Self>, input: TabInput) {
        self.tab.borrow_mut().handle(clock::now(), input);
        self.carry_on();
        for watcher in self.watchers.borrow().iter() {
            watcher(self.conversation());
        }
    }

    /// Performs what the tab wants done.
    fn carry_on(self: &Rc<Self>) {
        let (effects, wake_at) = {
            let mut tab = self.tab.borrow_mut();
            let effects: Vec<TabEffect> = std::iter::from_fn(|| tab.next_effect()).collect();
            (effects, tab.wake_at())
        };
        for effect in effects {
            self.perform(effect);
        }
        self.set_timer(wake_at);
    }

    fn perform(self: &Rc<Self>, effect: TabEffect) {
        match effect {
            TabEffect::Keep(kept) => self.keep(kept.as_ref().map(Secret::reveal)),
            TabEffect::AbortAll => self.under_way.borrow_mut().clear(),
            TabEffect::Say(said) => self.with_company(|company| company.say(&said)),
            TabEffect::Prove => self.with_company(Company::prove),
            TabEffect::Steal => self.with_company(Company::steal),
            TabEffect::Engine(Effect::GetSession(id, wanted)) => self.get_session(id, wanted),
            TabEffect::Engine(Effect::Send(request)) => self.send(request),
            TabEffect::Engine(Effect::Abort(request)) => {
                self.under_way.borrow_mut().remove(&request);
            }
            TabEffect::Engine(Effect::Warn(warning)) => warn(&warning),
            TabEffect::Engine(Effect::Save(_)) => {}
        }
    }

    fn with_company(&self, act: impl FnOnce(&Company)) {
        if let Some(company) = &*self.company.borrow() {
            act(company);
        }
    }

    fn keep(&self, kept: Option<&str>) {
        let is_kept = self.place.write(kept).is_ok();
        if self.keeps.replace(is_kept) && !is_kept {
            warn_text(
                "Pipit: this browser keeps nothing for this page (its storage is blocked or full), \
                 so the chat will not survive a reload.",
            );
        }
    }

    fn get_session(self: &Rc<Self>, id: RequestId, wanted: SessionWanted) {
        let source = self.sessions.clone();
        let abort = AbortOnDrop::new();
        let session = session::get(source, wanted, &abort);
        self.await_answer(id, abort, async move { Input::Session(id, session.await) });
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
        self.await_answer(id, abort, async move {
            Input::Answer {
                request: id,
                outcome: outcome(answer.await),
            }
        });
    }

    /// Hands over what comes of a request, unless it is given up before.
    fn await_answer(
        self: &Rc<Self>,
        id: RequestId,
        abort: AbortOnDrop,
        answer: impl Future<Output = Input> + 'static,
    ) {
        self.under_way.borrow_mut().insert(id, abort);
        let this = Rc::downgrade(self);
        spawn_local(async move {
            let input = answer.await;
            if let Some(this) = this.upgrade()
                && this.under_way.borrow_mut().remove(&id).is_some()
            {
                this.engine(input);
            }
        });
    }

    fn set_timer(self: &Rc<Self>, wake_at: Option<u64>) {
        let this = Rc::downgrade(self);
        let timeout = wake_at.map(|at| {
            Timeout::new(clock::millis_until(at), move || {
                if let Some(this) = this.upgrade() {
                    this.engine(Input::Tick);
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
