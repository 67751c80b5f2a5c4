//! The other tabs of the site: the browser's lock says who leads, a channel carries what they say.
//! Where either is missing a tab is alone, and nothing depends on it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_events::EventListener;
use js_sys::{Array, Function, Object, Promise, Reflect};
use pipit_engine::{Company as Kind, TabInput};
use pipit_wire::Secret;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{BroadcastChannel, MessageEvent};

#[wasm_bindgen]
extern "C" {
    /// `navigator.locks`; web-sys has it only as unstable.
    #[derive(Clone)]
    type Locks;

    #[wasm_bindgen(method, catch)]
    fn request(
        this: &Locks,
        name: &str,
        options: &Object,
        held: &Function,
    ) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn query(this: &Locks) -> Result<Promise, JsValue>;
}

/// What this tab has of the lock.
#[derive(Default)]
struct Hold {
    /// Gives the lock back; there while it is held.
    release: RefCell<Option<Function>>,
    /// What the browser calls this page among the lock's holders.
    holder: RefCell<Option<String>>,
    /// The seat was left: a lock that comes now goes back at once.
    is_left: Cell<bool>,
}

/// Tells the tab what happens.
type Report = Rc<dyn Fn(TabInput)>;

/// This tab's seat among the others. Dropping it leaves them.
pub(crate) struct Company {
    seat: Seat,
    channel: BroadcastChannel,
    _heard: EventListener,
}

/// Whether this browser has what tabs need to know of each other.
pub(crate) fn kind() -> Kind {
    let has_channel = || Reflect::has(&js_sys::global(), &"BroadcastChannel".into()) == Ok(true);
    if locks().is_some() && has_channel() {
        Kind::Tabs
    } else {
        Kind::Alone
    }
}

/// There only in a secure context.
fn locks() -> Option<Locks> {
    let navigator = Reflect::get(&js_sys::global(), &"navigator".into()).ok()?;
    let locks = Reflect::get(&navigator, &"locks".into()).ok()?;
    locks.is_object().then(|| locks.unchecked_into())
}

impl Company {
    /// Takes a seat, and waits for the lock. `None` where the browser refuses.
    pub(crate) fn join(name: &str, report: impl Fn(TabInput) + 'static) -> Option<Self> {
        let report: Report = Rc::new(report);
        let channel = BroadcastChannel::new(name).ok()?;
        let heard = {
            let report = report.clone();
            EventListener::new(&channel, "message", move |event| {
                let said = event.dyn_ref::<MessageEvent>().map(MessageEvent::data);
                if let Some(said) = said.and_then(|said| said.as_string()) {
                    report(TabInput::Heard(Secret::new(said)));
                }
            })
        };
        let seat = Seat {
            name: name.to_owned(),
            locks: locks()?,
            hold: Rc::default(),
            report,
        };
        spawn_local(seat.clone().take());
        Some(Self {
            seat,
            channel,
            _heard: heard,
        })
    }

    /// Says something to all other tabs.
    pub(crate) fn say(&self, said: &Secret) {
        // A channel that the browser has closed reaches nobody; the others notice the silence.
        let _ = self.channel.post_message(&JsValue::from(said.reveal()));
    }

    /// Takes the lock from whoever holds it.
    pub(crate) fn steal(&self) {
        let options = Object::new();
        if Reflect::set(&options, &"steal".into(), &true.into()) == Ok(true) {
            spawn_local(self.seat.clone().request(options));
        }
    }

    /// Has the browser say whether this tab holds the lock.
    pub(crate) fn prove(&self) {
        let seat = self.seat.clone();
        spawn_local(async move {
            let lock = Lock::query(&seat.locks, &seat.name).await;
            let leads = lock.holder.is_some() && lock.holder == *seat.hold.holder.borrow();
            (seat.report)(if leads {
                TabInput::Proven {
                    has_others: lock.is_wanted,
                }
            } else {
                TabInput::Deposed
            });
        });
    }
}

/// What a request for the lock needs; it outlives the [`Company`].
#[derive(Clone)]
struct Seat {
    name: String,
    locks: Locks,
    hold: Rc<Hold>,
    report: Report,
}

impl Seat {
    /// Asks for the lock, where the browser can prove who holds it. Firefox does not tell a frame of another site.
    async fn take(self) {
        if Lock::all(&self.locks).await.is_some() {
            self.request(Object::new()).await;
        } else {
            (self.report)(TabInput::Alone);
        }
    }

    /// Asks for the lock and holds it until it is released; asks again each time it is taken.
    async fn request(self, mut options: Object) {
        loop {
            let granted = Rc::new(Cell::new(false));
            let grant = self.clone().on_grant(granted.clone());
            let held = self
                .locks
                .request(&self.name, &options, grant.unchecked_ref());
            let end = match held {
                Ok(held) => JsFuture::from(held).await,
                Err(refused) => Err(refused),
            };
            self.hold.release.take();
            if end.is_ok() || self.hold.is_left.get() {
                return;
            }
            if !granted.get() {
                (self.report)(TabInput::Alone);
                return;
            }
            (self.report)(TabInput::Deposed);
            options = Object::new();
        }
    }

    /// What the browser calls when the lock is this tab's. It stays so until the promise that this
    /// returns is settled.
    fn on_grant(self, granted: Rc<Cell<bool>>) -> JsValue {
        Closure::once_into_js(move || {
            granted.set(true);
            if self.hold.is_left.get() {
                return Promise::resolve(&JsValue::NULL);
            }
            let held = Promise::new(&mut |release, _| {
                *self.hold.release.borrow_mut() = Some(release);
            });
            spawn_local(self.lead());
            held
        })
    }

    /// Learns by which name the browser knows this tab, and leads, if nobody has taken the lock
    /// meanwhile.
    async fn lead(self) {
        let holder = Lock::query(&self.locks, &self.name).await.holder;
        if self.hold.release.borrow().is_some() {
            *self.hold.holder.borrow_mut() = holder;
            (self.report)(TabInput::Lead);
        }
    }
}

impl Drop for Company {
    fn drop(&mut self) {
        self.seat.hold.is_left.set(true);
        self.channel.close();
        if let Some(release) = self.seat.hold.release.take() {
            // A function of the browser's that cannot fail.
            let _ = release.call0(&JsValue::NULL);
        }
    }
}

/// What the browser tells of the lock.
#[derive(Default)]
struct Lock {
    /// Who holds it, by the browser's name for the page.
    holder: Option<String>,
    /// Whether others wait for it.
    is_wanted: bool,
}

impl Lock {
    /// All locks that there are; `None` where the browser does not tell.
    async fn all(locks: &Locks) -> Option<JsValue> {
        JsFuture::from(locks.query().ok()?).await.ok()
    }

    /// A browser that tells nothing tells of no holder.
    async fn query(locks: &Locks, name: &str) -> Self {
        let snapshot = Self::all(locks).await.unwrap_or_default();
        let client = |lock: JsValue| member(&lock, "clientId")?.as_string();
        Self {
            holder: of_name(&snapshot, "held", name).and_then(client),
            is_wanted: of_name(&snapshot, "pending", name).is_some(),
        }
    }
}

/// The first lock of this name in one of the snapshot's lists.
fn of_name(snapshot: &JsValue, list: &str, name: &str) -> Option<JsValue> {
    let locks = member(snapshot, list)?.dyn_into::<Array>().ok()?;
    locks
        .iter()
        .find(|lock| member(lock, "name").is_some_and(|it| it == name))
}

fn member(object: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(object, &name.into()).ok()
}
