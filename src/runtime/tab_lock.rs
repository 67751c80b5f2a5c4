//! The tab lock and the channel between the tabs of a site (one origin). The browser grants the lock (Web Locks
//! API) to one tab, which then leads: only its engine talks to the chat server. A `BroadcastChannel` carries messages
//! between the tabs. If the browser lacks locks, the engine decides by messages which tab leads ([`TabMode`]).

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use js_sys::{Array, Function, Object, Promise, Reflect};
use pipit_engine::{TabInput, TabMode};
use pipit_wire::Secret;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{AbortController, BroadcastChannel, MessageEvent};

use super::clock;
use crate::js_object::JsObject;

/// The time, in ms, within which the browser must answer a question about its locks. If it does not, a script of the page
/// has probably replaced `navigator.locks`, and this tab works without the lock.
const ANSWER_MS: u32 = 5_000;

#[wasm_bindgen]
extern "C" {
    /// `navigator.locks`. web-sys offers it only as an unstable API.
    #[derive(Clone)]
    type LockManager;

    #[wasm_bindgen(method, catch)]
    fn request(
        this: &LockManager,
        name: &str,
        options: &Object,
        callback: &Function,
    ) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn query(this: &LockManager) -> Result<Promise, JsValue>;
}

/// The state of this tab's requests for the lock.
#[derive(Default)]
struct LockState {
    /// Releases the lock when it aborts; `None` while this tab does not hold the lock. The build replaces this class:
    /// `npm/wasm.ts` also aborts it when the WASM breaks, so that another tab can lead at once.
    release: RefCell<Option<AbortController>>,
    /// The `clientId` under which the browser lists this page as a holder of locks. `None` before the first
    /// grant, or if the browser did not list the granted lock.
    client_id: RefCell<Option<String>>,
    /// The wait for the browser's answer to the request. `None` after the answer. Without the end of the wait, each chat on
    /// a page would leave a timer behind.
    wait: RefCell<Option<Timeout>>,
    /// Whether the [`TabLock`] was dropped. A lock that is granted afterwards is released at once.
    is_dropped: Cell<bool>,
}

/// A function that hands an input to the engine's state of this tab.
type InputSink = Rc<dyn Fn(TabInput)>;

/// The lock and the channel of this tab. Dropping this value releases the lock and closes the channel.
pub(crate) struct TabLock {
    /// `None` if the browser has no locks.
    requester: Option<LockRequester>,
    name: String,
    channel: BroadcastChannel,
    /// The text that this tab sends to itself. It contains a random number, so that it differs from tab to tab.
    own_text: String,
    _on_message: EventListener,
}

/// The mode of a tab in this browser, which depends on whether the browser has locks. If it has no channel,
/// [`TabLock::join`] finds that out.
pub(crate) fn tab_mode() -> TabMode {
    match lock_manager() {
        Some(_) => TabMode::Shared,
        None => TabMode::Claimed,
    }
}

/// The origin of this page, written as the browser writes it into the messages of the channel.
fn own_origin() -> Option<String> {
    let origin = Reflect::get(&js_sys::global(), &"origin".into()).ok()?;
    origin.as_string()
}

/// The browser's lock manager; `None` if the browser offers none, as outside a secure context (HTTPS).
fn lock_manager() -> Option<LockManager> {
    let navigator = Reflect::get(&js_sys::global(), &"navigator".into()).ok()?;
    let locks = Reflect::get(&navigator, &"locks".into()).ok()?;
    locks.is_object().then(|| locks.unchecked_into())
}

impl TabLock {
    /// Opens the channel and requests the lock. `on_input` gets the messages of the channel and the browser's answers
    /// about the lock. Returns `None` if the browser has no channel.
    pub(crate) fn join(name: &str, on_input: impl Fn(TabInput) + 'static) -> Option<Self> {
        let on_input: InputSink = Rc::new(on_input);
        let channel = BroadcastChannel::new(name).ok()?;
        let own_text = clock::seed().to_string();
        let on_message = {
            let on_input = on_input.clone();
            let own_origin = own_origin();
            let own_text = own_text.clone();
            EventListener::new(&channel, "message", move |event| {
                // The browser should deliver only messages of this origin. The check costs little, and protects
                // the tab if the browser does not.
                let message = event
                    .dyn_ref::<MessageEvent>()
                    .filter(|message| Some(message.origin()) == own_origin);
                let text = message.and_then(|message| message.data().as_string());
                if text.as_ref() == Some(&own_text) {
                    on_input(TabInput::ChannelVerified);
                } else if let Some(text) = text {
                    on_input(TabInput::Message(Secret::new(text)));
                }
            })
        };
        let requester = lock_manager().map(|locks| LockRequester {
            name: name.to_owned(),
            locks,
            state: Rc::default(),
            on_input,
        });
        if let Some(requester) = requester.clone() {
            spawn_local(requester.request_if_verifiable());
        }
        Some(Self {
            requester,
            name: name.to_owned(),
            channel,
            own_text,
            _on_message: on_message,
        })
    }

    /// Sends a text to all other tabs.
    pub(crate) fn broadcast(&self, text: &Secret) {
        // This fails if the browser has closed the channel. The other tabs notice that messages are missing.
        let _ = self.channel.post_message(&JsValue::from(text.reveal()));
    }

    /// Sends a message to this tab itself, and to all others, which ignore it. A channel does not deliver to itself, so a
    /// second channel of the same name sends the message. This tab then gets [`TabInput::ChannelVerified`].
    pub(crate) fn verify_channel(&self) {
        // If the browser refuses the channel, no message arrives, and the tab notices that.
        if let Ok(sender) = BroadcastChannel::new(&self.name) {
            let _ = sender.post_message(&JsValue::from(&self.own_text));
            sender.close();
        }
    }

    /// Takes the lock from the tab that holds it. This tab then gets [`TabInput::LockGranted`], or
    /// [`TabInput::LockRefused`] if the browser refuses. Does nothing if the browser has no locks.
    pub(crate) fn steal(&self) {
        if let Some(requester) = self.requester.clone() {
            let options = JsObject::new().with("steal", true);
            spawn_local(requester.request(options.into_options()));
        }
    }

    /// Asks the browser whether this tab holds the lock. This tab then gets [`TabInput::LockVerified`] or
    /// [`TabInput::LockLost`]. Does nothing if the browser has no locks.
    pub(crate) fn verify(&self) {
        let Some(requester) = self.requester.clone() else {
            return;
        };
        spawn_local(async move {
            let Some(snapshot) = LockInfo::query_all(&requester.locks).await else {
                requester.refuse();
                return;
            };
            let lock = LockInfo::of(&snapshot, &requester.name);
            let is_held =
                lock.holder.is_some() && lock.holder == *requester.state.client_id.borrow();
            (requester.on_input)(if is_held {
                TabInput::LockVerified {
                    has_others: lock.has_waiters,
                }
            } else {
                TabInput::LockLost
            });
        });
    }
}

/// Requests the lock. The browser may grant a request after the [`TabLock`] was dropped, so the requester
/// checks [`LockState::is_dropped`].
#[derive(Clone)]
struct LockRequester {
    name: String,
    locks: LockManager,
    state: Rc<LockState>,
    on_input: InputSink,
}

impl LockRequester {
    /// Requests the lock if the browser reports which page holds the lock. Otherwise this tab works without the lock, as
    /// in Firefox in an iframe of another site.
    async fn request_if_verifiable(self) {
        if LockInfo::query_all(&self.locks).await.is_some() {
            self.request(JsObject::new().into_options()).await;
        } else {
            self.refuse();
        }
    }

    /// Requests the lock and holds it until it is released. Requests the lock again each time that another tab
    /// has stolen it. `options` are the options of `LockManager.request()` for the first request.
    async fn request(self, mut options: Object) {
        loop {
            let is_granted = Rc::new(Cell::new(false));
            self.clone().watch_request(is_granted.clone());
            let callback = self.clone().grant_callback(is_granted.clone());
            let request = self
                .locks
                .request(&self.name, &options, callback.unchecked_ref());
            let result = match request {
                Ok(held) => JsFuture::from(held).await,
                Err(refused) => Err(refused),
            };
            self.state.release.take();
            // The result is `Ok` if this tab has released the lock. It is an error if another tab has stolen the
            // lock, or if the browser has refused the request.
            if result.is_ok() || self.state.is_dropped.get() {
                return;
            }
            if !is_granted.get() {
                self.refuse();
                return;
            }
            (self.on_input)(TabInput::LockLost);
            options = JsObject::new().into_options();
        }
    }

    /// Gives up on the lock if it is still not granted after [`ANSWER_MS`] although no tab holds it.
    fn watch_request(self, is_granted: Rc<Cell<bool>>) {
        let state = self.state.clone();
        let check = async move {
            let has_waited = !is_granted.get() && !self.state.is_dropped.get();
            let holder = LockInfo::query(&self.locks, &self.name).await.holder;
            if has_waited && holder.is_none() && !is_granted.get() {
                self.refuse();
            }
        };
        let wait = Timeout::new(ANSWER_MS, || spawn_local(check));
        state.wait.replace(Some(wait));
    }

    /// Works without the lock from now on. If the browser grants it later, it is released at once. Does nothing if the
    /// [`TabLock`] was dropped, or if this was called before.
    fn refuse(&self) {
        if !self.state.is_dropped.replace(true) {
            if let Some(controller) = self.state.release.take() {
                controller.abort();
            }
            (self.on_input)(TabInput::LockRefused);
        }
    }

    /// The function that the browser calls when it grants the lock. The function returns a promise, and this
    /// tab holds the lock until that promise is resolved.
    fn grant_callback(self, is_granted: Rc<Cell<bool>>) -> JsValue {
        Closure::once_into_js(move || {
            is_granted.set(true);
            self.state.wait.take();
            if self.state.is_dropped.get() {
                return Promise::resolve(&JsValue::NULL);
            }
            // Without the class, this tab could not release the lock again, so it does not keep it.
            let Ok(controller) = AbortController::new() else {
                return Promise::resolve(&JsValue::NULL);
            };
            let held = Promise::new(&mut |release, _| {
                controller.signal().set_onabort(Some(&release));
            });
            self.state.release.replace(Some(controller));
            spawn_local(self.report_grant());
            held
        })
    }

    /// Reads the `clientId` of this page from the browser's list of locks, and then reports
    /// [`TabInput::LockGranted`]. If this tab has lost or released the lock meanwhile, reports nothing.
    async fn report_grant(self) {
        let holder = LockInfo::query(&self.locks, &self.name).await.holder;
        if self.state.release.borrow().is_some() {
            *self.state.client_id.borrow_mut() = holder;
            (self.on_input)(TabInput::LockGranted);
        }
    }
}

impl Drop for TabLock {
    fn drop(&mut self) {
        self.channel.close();
        let Some(requester) = &self.requester else {
            return;
        };
        requester.state.is_dropped.set(true);
        requester.state.wait.take();
        if let Some(controller) = requester.state.release.take() {
            controller.abort();
        }
    }
}

/// What the browser reports about the lock.
#[derive(Default)]
struct LockInfo {
    /// The `clientId` of the page that holds the lock; `None` if no page does.
    holder: Option<String>,
    /// Whether other tabs wait for the lock.
    has_waiters: bool,
}

impl LockInfo {
    /// All locks of the page's origin; `None` if the browser does not report them within [`ANSWER_MS`].
    async fn query_all(locks: &LockManager) -> Option<JsValue> {
        let mut timeout = None;
        let no_answer = Promise::new(&mut |resolve, _| {
            timeout = Some(Timeout::new(ANSWER_MS, move || {
                // The resolving function of a promise cannot fail.
                let _ = resolve.call0(&JsValue::NULL);
            }));
        });
        let first = Promise::race(&Array::of2(&locks.query().ok()?.into(), &no_answer.into()));
        let snapshot = JsFuture::from(first).await.ok();
        drop(timeout);
        snapshot.filter(JsValue::is_object)
    }

    /// The state of the lock of this name. If the browser reports nothing, the result has no holder.
    async fn query(locks: &LockManager, name: &str) -> Self {
        let snapshot = Self::query_all(locks).await.unwrap_or_default();
        Self::of(&snapshot, name)
    }

    /// The state of the lock of this name in a report of the browser.
    fn of(snapshot: &JsValue, name: &str) -> Self {
        let client_id = |lock: JsValue| member(&lock, "clientId")?.as_string();
        Self {
            holder: find_lock(snapshot, "held", name).and_then(client_id),
            has_waiters: find_lock(snapshot, "pending", name).is_some(),
        }
    }
}

/// The first lock of this name in one of the lists of `LockManager.query()`.
fn find_lock(snapshot: &JsValue, list: &str, name: &str) -> Option<JsValue> {
    let locks = member(snapshot, list)?.dyn_into::<Array>().ok()?;
    locks
        .iter()
        .find(|lock| member(lock, "name").is_some_and(|lock_name| lock_name == name))
}

/// The member `name` of a JavaScript value; `None` if it cannot be read.
fn member(object: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(object, &name.into()).ok()
}
