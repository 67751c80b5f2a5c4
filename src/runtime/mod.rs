//! Drives a [`Tab`], the engine's state of one browser tab. The runtime performs the tab's effects (requests,
//! storage, messages to other tabs). It hands the answers, the browser's events and the ticks of one timer to
//! the tab as inputs.
//!
//! The *host* is the web team's code on the page. Two calls always run code of the host: a call of a watcher sends
//! events to the host, and an abort notifies the host's function that provides sessions. The host may also have replaced any
//! function of the browser, such as those of storage, channels, locks, clocks and `console`. The host's code may call
//! Pipit's commands at once, even `destroy`. Therefore no `RefCell` may be borrowed while JavaScript runs.

mod after_destroy;
mod clock;
mod draft_writer;
mod forgetting;
mod page_lifecycle;
mod rated;
mod requests;
mod session;
mod storage;
mod tab_lock;
pub(crate) mod visitor;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use pipit_engine::{
    Command, Connection, Effect, Input, RequestId, SavedRecord, Tab, TabEffect, TabInput, TabMode,
    TabView, Warning,
};
use pipit_fetch::AbortOnDrop;
use pipit_wire::Secret;
use wasm_bindgen::JsValue;

use crate::config::options::ConversationOptions;
use crate::config::session_source::SessionSource;
use draft_writer::DraftWriter;
use page_lifecycle::Suspension;
use storage::ConversationStorage;
use tab_lock::TabLock;

/// One tab with its requests, timer and listeners. Dropping the runtime ends all of them.
pub(crate) struct Runtime {
    tab: RefCell<Tab>,
    /// The channel between the tabs, and, if the browser has locks, the lock that makes one tab of the website the
    /// leader (the tab that talks to the server). `None` if the browser offers no channel, while a suspended page has
    /// left the others, and after [`Self::shut_down`].
    lock: RefCell<Option<Rc<TabLock>>>,
    session_source: SessionSource,
    /// The open requests. Dropping an entry aborts its request.
    requests: RefCell<Vec<OpenRequest>>,
    /// Hands the tab a tick at the time for which the tab has asked.
    timer: RefCell<Option<Timeout>>,
    watchers: RefCell<Vec<Watcher>>,
    storage: Rc<ConversationStorage>,
    draft_writer: Rc<DraftWriter>,
    /// Whether this tab has left the others because its page was suspended.
    is_suspended: Cell<bool>,
    /// Whether the browser accepted the most recent record of the conversation; true before the first record.
    is_storing: Cell<bool>,
    /// Whether the most recent check found that the browser refuses to store the conversation. When this becomes true,
    /// a warning is written to the console.
    has_warned: Cell<bool>,
    /// Whether the browser has said that it has no network, and nothing has contradicted that since. Some browsers say
    /// it wrongly, so an answer to a request that was sent since then ends it.
    is_offline: Cell<bool>,
    /// Whether [`Self::shut_down`] was called.
    is_shut_down: Cell<bool>,
    listeners: RefCell<Vec<EventListener>>,
    /// How long the conversation can be continued on this page after [`Self::shut_down`], in ms; `None` for the default.
    kept_after_destroy_ms: Option<u64>,
}

/// A request that was not answered yet.
struct OpenRequest {
    id: RequestId,
    abort: AbortOnDrop,
    /// Whether the request ends an engagement (a chat at the server).
    ends_engagement: bool,
}

/// A function that is called after each input, with what this tab shows.
type Watcher = Rc<dyn Fn(&TabView, InputOrigin)>;

/// Where an input of the tab comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InputOrigin {
    /// The visitor or the host has commanded something.
    Command,
    /// The browser has reported something: an answer, a message of another tab, a time that has passed.
    Browser,
}

impl InputOrigin {
    fn of(input: &TabInput) -> Self {
        match input {
            TabInput::ShowPanel(_)
            | TabInput::Draft(_)
            | TabInput::ReplaceDraft(_)
            | TabInput::TakeOver
            | TabInput::Engine(Input::Command(_)) => Self::Command,
            _ => Self::Browser,
        }
    }
}

impl Runtime {
    /// Loads the stored conversation, listens to browser events, and joins the other tabs of the website.
    pub(crate) fn new(options: &ConversationOptions) -> Rc<Self> {
        let storage = Rc::new(ConversationStorage::new(
            options.namespace.as_deref(),
            options.service(),
            options.visitor(),
        ));
        let removed_records = storage.remove_others();
        let restored = after_destroy::restore(&storage);
        let engine_options = options.engine();
        let tab = Tab::new(
            engine_options.clone(),
            clock::seed(),
            tab_lock::tab_mode(),
            clock::page_id(),
            clock::now(),
            restored.record.as_deref(),
            restored.draft.as_deref(),
        );
        let this = Rc::new(Self {
            tab: RefCell::new(tab),
            lock: RefCell::default(),
            session_source: options.session_source(),
            requests: RefCell::default(),
            timer: RefCell::default(),
            watchers: RefCell::default(),
            draft_writer: DraftWriter::new(storage.clone()),
            storage,
            is_suspended: Cell::new(false),
            is_storing: Cell::new(true),
            has_warned: Cell::new(false),
            is_offline: Cell::new(false),
            is_shut_down: Cell::new(false),
            listeners: RefCell::default(),
            kept_after_destroy_ms: engine_options.absent_limit_ms,
        });
        this.listeners.replace(this.listen());
        this.check_marker();
        this.conclude_records(removed_records);
        this.conclude_records(restored.forgotten);
        this.join();
        this
    }

    /// What this tab shows now. Without a network, the connection is lost before the engine notices it.
    pub(crate) fn view(&self) -> TabView {
        let mut view = self.tab.borrow().view();
        if self.is_offline.get() && view.conversation.phase.is_live() {
            Rc::make_mut(&mut view.conversation).connection = Connection::Lost;
        }
        view
    }

    /// Whether this tab is the leader of the website's tabs.
    pub(crate) fn leads(&self) -> bool {
        self.tab.borrow().leads()
    }

    /// Whether the conversation survives a reload, because the browser stores the record and the draft.
    pub(crate) fn survives_reload(&self) -> bool {
        self.is_storing.get() && self.draft_writer.is_storing()
    }

    /// Calls `watcher` at once, and again after each input with the input's origin.
    pub(crate) fn watch(&self, watcher: impl Fn(&TabView, InputOrigin) + 'static) {
        watcher(&self.view(), InputOrigin::Command);
        self.watchers.borrow_mut().push(Rc::new(watcher));
    }

    /// Carries out a command of the visitor or the host.
    pub(crate) fn command(self: &Rc<Self>, command: Command) {
        self.handle_engine_input(Input::Command(command));
    }

    /// Tells the tab which text the composer (the panel's text field) contains now. Agents can see the text before it
    /// is sent (the *sneak preview*), but only if the visitor has typed it.
    pub(crate) fn set_draft(self: &Rc<Self>, text: String, is_typed: bool) {
        self.handle(if is_typed {
            TabInput::Draft(text)
        } else {
            TabInput::ReplaceDraft(text)
        });
    }

    /// Tells the tab whether the panel is open now.
    pub(crate) fn show_panel(self: &Rc<Self>, is_open: bool) {
        self.handle(TabInput::ShowPanel(is_open));
    }

    /// Aborts all requests, releases the lock, and removes all watchers and listeners. The engagement (the chat
    /// at the server) continues: another tab, or a later runtime of this page, may take it over. Nothing stays in the
    /// storage by which somebody else could continue it.
    pub(crate) fn shut_down(self: &Rc<Self>) {
        drop(self.watchers.take());
        drop(self.listeners.take());
        // The tab stops leading, and performs its last effects while the lock and the channel still exist.
        self.handle(TabInput::Leave { is_frozen: false });
        self.draft_writer.flush();
        self.is_shut_down.set(true);
        after_destroy::keep(&self.storage, self.kept_after_destroy_ms);
        drop(self.lock.take());
        drop(self.timer.take());
        self.abort_all_except(&[]);
        for request in self.requests.take() {
            request.abort.let_finish();
        }
    }

    /// Listens to the browser's events until this runtime is shut down.
    fn listen(self: &Rc<Self>) -> Vec<EventListener> {
        let with_this = |act: fn(&Rc<Self>)| {
            let weak = Rc::downgrade(self);
            move || {
                if let Some(this) = weak.upgrade() {
                    act(&this);
                }
            }
        };
        let on_wake = with_this(|this| this.handle_engine_input(Input::Wake));
        let on_resume = with_this(Self::resume);
        let weak = Rc::downgrade(self);
        let on_suspend = move |suspension| {
            if let Some(this) = weak.upgrade() {
                this.suspend(suspension);
            }
        };
        let mut listeners = page_lifecycle::listen_for_wakes(on_wake);
        let weak = Rc::downgrade(self);
        listeners.extend(page_lifecycle::listen_for_network(move |is_offline| {
            if let Some(this) = weak.upgrade() {
                this.is_offline.set(is_offline);
                this.notify_watchers(InputOrigin::Browser);
            }
        }));
        let on_hide = with_this(|this| this.draft_writer.flush());
        listeners.extend(page_lifecycle::listen_for_hiding(on_hide));
        listeners.extend(page_lifecycle::listen_for_suspensions(
            on_suspend, on_resume,
        ));
        let on_storage = with_this(|this| {
            this.check_marker();
            this.notify_watchers(InputOrigin::Browser);
        });
        listeners.extend(page_lifecycle::listen_for_storage(on_storage));
        listeners
    }

    /// Makes this tab continue the conversation, although another tab may run it. Does nothing unless this tab has
    /// asked other tabs whether they run it, and nobody has answered ([`TabView::is_elsewhere`] tells the visitor).
    pub(crate) fn take_over(self: &Rc<Self>) {
        self.handle(TabInput::TakeOver);
    }

    /// Opens the channel and requests the lock. If the browser refuses the channel, this tab works alone.
    fn join(self: &Rc<Self>) {
        let weak = Rc::downgrade(self);
        let lock = TabLock::join(&self.storage.key(), move |input| {
            if let Some(this) = weak.upgrade() {
                this.handle(input);
            }
        });
        let input = match lock {
            Some(_) => TabInput::Join,
            None => TabInput::ChannelRefused,
        };
        let earlier_lock = self.lock.replace(lock.map(Rc::new));
        drop(earlier_lock);
        self.handle(input);
    }

    /// Makes this tab leave the others, if it must, before the page is suspended or unloaded, so that another tab can
    /// lead:
    /// - A page that is cached always leaves.
    /// - A frozen page leaves if there are other tabs, or if messages stand in for the browser's lock (`Claimed`).
    ///   Otherwise it keeps the lead and its requests, because the answers may still arrive. A page without a channel
    ///   also stays, because afterwards it could not find out whether a copy of the tab leads.
    /// - An unloaded page leaves unless it uses the browser's lock (`Shared`), which the browser releases itself.
    fn suspend(self: &Rc<Self>, suspension: Suspension) {
        let mode = self.tab.borrow().mode();
        let must_leave = match suspension {
            Suspension::Cached => true,
            Suspension::Frozen => mode == TabMode::Claimed || self.tab.borrow().has_others(),
            Suspension::Unloaded => mode != TabMode::Shared,
        };
        if must_leave {
            let is_frozen = suspension == Suspension::Frozen;
            self.handle(TabInput::Leave { is_frozen });
            drop(self.lock.take());
            self.is_suspended.set(true);
        }
    }

    /// Joins the other tabs again after a suspension for which this tab has left them.
    fn resume(self: &Rc<Self>) {
        if self.is_suspended.take() {
            self.handle(TabInput::Reread(self.storage.read().map(Secret::new)));
            self.join();
        }
    }

    fn handle_engine_input(self: &Rc<Self>, input: Input) {
        self.handle(TabInput::Engine(input));
    }

    /// Hands an input to the tab and performs the effects that it causes.
    fn handle(self: &Rc<Self>, input: TabInput) {
        let origin = InputOrigin::of(&input);
        self.check_marker();
        self.hand_over(input);
        self.notify_watchers(origin);
    }

    /// Does what [`Self::handle`] does, but calls no watchers and does not check whether the conversation is forgotten.
    fn hand_over(self: &Rc<Self>, input: TabInput) {
        // The clock is read before the tab is borrowed, because the host may have replaced the functions of the clock.
        let now = clock::now();
        self.tab.borrow_mut().handle(now, input);
        self.perform_effects();
    }

    /// Calls all watchers. A watcher may shut this runtime down, which removes the remaining watchers.
    fn notify_watchers(&self, origin: InputOrigin) {
        for index in 0.. {
            let watcher = self.watchers.borrow().get(index).cloned();
            let Some(watcher) = watcher else {
                return;
            };
            watcher(&self.view(), origin);
        }
    }

    /// Performs all effects of the tab and sets its timer. Stops if an effect shuts this runtime down.
    fn perform_effects(self: &Rc<Self>) {
        let (effects, wake_at) = {
            let mut tab = self.tab.borrow_mut();
            let effects: Vec<TabEffect> = std::iter::from_fn(|| tab.next_effect()).collect();
            (effects, tab.wake_at())
        };
        for effect in effects {
            if self.is_shut_down.get() {
                return;
            }
            self.perform(effect);
        }
        if !self.is_shut_down.get() {
            self.set_timer(wake_at);
        }
    }

    fn perform(self: &Rc<Self>, effect: TabEffect) {
        match effect {
            TabEffect::Save(record) => self.save(record.as_ref()),
            TabEffect::SaveDraft(draft) => {
                self.draft_writer.write(draft);
                self.check_storage();
            }
            TabEffect::AbortAllExcept(awaited) => self.abort_all_except(&awaited),
            TabEffect::Broadcast(text) => self.with_lock(|lock| lock.broadcast(&text)),
            TabEffect::VerifyLock => self.with_lock(TabLock::verify),
            TabEffect::VerifyChannel => self.with_lock(TabLock::verify_channel),
            TabEffect::StealLock => self.with_lock(TabLock::steal),
            TabEffect::Engine(Effect::GetSession(id, session_request)) => {
                self.get_session(id, session_request);
            }
            TabEffect::Engine(Effect::Send(request)) => self.send(request),
            TabEffect::Engine(Effect::Abort(id)) => {
                // Two statements, so that `requests` is not borrowed during the drop, which can run code of the host.
                let aborted = self.take_request(id);
                drop(aborted);
            }
            TabEffect::Engine(Effect::Warn(warning)) => warn(&warning),
            // The tab stores the engine's snapshot as part of its own record.
            TabEffect::Engine(Effect::Save) => {}
        }
    }

    /// Calls `act` with the lock and the channel, if this tab has them.
    fn with_lock(&self, act: impl FnOnce(&TabLock)) {
        let lock = self.lock.borrow().clone();
        if let Some(lock) = lock {
            act(&lock);
        }
    }

    /// Stores the newest draft, and then the record of the conversation. With `None`, removes the stored record.
    fn save(&self, record: Option<&Rc<SavedRecord>>) {
        self.draft_writer.flush();
        self.is_storing.set(self.storage.write(record));
        self.check_storage();
    }

    /// Writes a warning to the console when the browser begins to refuse writes to its storage.
    fn check_storage(&self) {
        let must_warn = !self.survives_reload();
        if !self.has_warned.replace(must_warn) && must_warn {
            warn_text(
                "Pipit: this browser keeps nothing for this page (its storage is blocked or full), \
                 so the chat will not survive a reload.",
            );
        }
    }

    /// Replaces the timer; `None` only stops it. `wake_at` is a time on the monotonic clock, in ms.
    fn set_timer(self: &Rc<Self>, wake_at: Option<u64>) {
        let timer = wake_at.map(|at| {
            let weak = Rc::downgrade(self);
            Timeout::new(clock::millis_until(at), move || {
                if let Some(this) = weak.upgrade() {
                    this.handle_engine_input(Input::Tick);
                }
            })
        });
        drop(self.timer.replace(timer));
    }
}

/// Writes a warning of the engine to the console.
fn warn(warning: &Warning) {
    let text = match warning {
        // In this warning a host is the name of a server, as in the option `allowedHosts`.
        Warning::HostNotAllowed { host } => format!(
            "Pipit: the chat server asked to move to {host}, which is not in `allowedHosts`; \
             the conversation stays on the old host. Add it there if it is yours."
        ),
        Warning::MessagesMissing { after, before } => format!(
            "Pipit: the chat server's messages between the numbers {after} and {before} did not \
             arrive. An answer was lost on its way; the API cannot be asked for it again."
        ),
        Warning::MessageUnreadable { number } => format!(
            "Pipit: the chat server's message {} could not be read; the visitor sees a notice in its place.",
            number.map_or("without a number".to_owned(), |number| number.to_string())
        ),
        Warning::MessagesPassedOver(messages) => {
            let names = messages.iter().map(|(number, name)| match number {
                Some(number) => format!("{number} ({name})"),
                None => name.clone(),
            });
            let names: Vec<String> = names.collect();
            format!(
                "Pipit: these messages of the chat server are not shown, because they had come before or came after \
                 the end of the chat: {}.",
                names.join(", ")
            )
        }
        Warning::UnexpectedAnswer { operation, body } => format!(
            "Pipit: the answer to {} was {body}, and not the chat server's. A service worker, a proxy or \
             the network may have sent it.",
            operation.name()
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
