//! The way to the conversation. Its code is most of the widget's, and a part of its own: it comes while the
//! panel stands already and is written in. What is wanted until then is done when it is here.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen::JsValue;
use web_sys::KeyboardEvent;
use yew::{AttrValue, Callback, Html, NodeRef};

use crate::locale::Texts;

/// What the visitor does, or the page for them, which needs no conversation to be there.
pub(crate) enum Wish {
    ShowPanel(bool),
    /// The composer holds this text now.
    Draft(String),
    Start,
    Send(String),
}

/// What the conversation's part does; see [`crate::live`].
pub(crate) trait Live {
    /// Does what is wanted.
    fn wish(&self, wish: Wish);

    /// Whether the panel is open.
    fn is_open(&self) -> bool;

    /// What stands in the panel.
    fn scene(&self, around: &Around) -> Scene;

    /// Does what the page wants.
    ///
    /// # Errors
    /// A text that begins with a code.
    fn call(&self, command: &str, argument: &JsValue) -> Result<JsValue, String>;

    /// The options are others now; `asks_anew`: those of the form too.
    ///
    /// # Errors
    /// Names the one that cannot be read.
    fn update(&self, options: &JsValue, words: &Rc<Texts>, asks_anew: bool) -> Result<(), String>;

    /// Lets go of everything.
    fn leave(&self);
}

/// What a scene has to know of its surroundings.
pub(crate) struct Around {
    /// Whom the visitor talks to, as long as no agent is there.
    pub(crate) title: String,
    /// What the messages stand in, and scroll in.
    pub(crate) list: NodeRef,
}

/// What stands in the panel, whose frame stays what it is: a button that is pressed while the conversation comes must
/// still be there when it is let go, and keep the focus.
pub(crate) struct Scene {
    pub(crate) head: PanelHeader,
    /// Between head and messages.
    pub(crate) banners: Html,
    /// Above the first message; scrolls with them.
    pub(crate) above: Html,
    pub(crate) messages: Html,
    /// Behind the last message; scrolls with them.
    pub(crate) last: Html,
    /// Over the messages; does not scroll.
    pub(crate) over: Html,
    pub(crate) foot: PanelFooter,
}

/// Who is there, what they do, and what the visitor can do.
pub(crate) struct PanelHeader {
    /// The class of the avatar.
    pub(crate) avatar: &'static str,
    pub(crate) name: String,
    pub(crate) status: Option<AttrValue>,
    pub(crate) menu: Html,
    /// What stands below it.
    pub(crate) below: Html,
    /// Told of the keys that are pressed in it.
    pub(crate) onkeydown: Callback<KeyboardEvent>,
}

/// What stands below the messages.
pub(crate) enum PanelFooter {
    /// The composer, with a notice above it and what else the visitor can send beside it.
    Composer {
        notice: Html,
        beside: Html,
        draft: Rc<str>,
    },
    /// What comes after a conversation, or nothing.
    Other(Html),
}

/// The way to one conversation.
#[derive(Clone)]
pub(crate) struct Talk(Rc<Inner>);

struct Inner {
    stage: RefCell<Stage>,
    /// Counts what has changed.
    turn: Cell<u32>,
    watcher: RefCell<Option<Callback<u32>>>,
}

enum Stage {
    Coming(Coming),
    Here(Rc<dyn Live>),
    /// The chat was taken off the page.
    Left,
}

/// What is known before the part is here.
struct Coming {
    /// What the panel shows is not known yet: a conversation goes on, or the visitor is asked first.
    is_blank: bool,
    /// The part could not be loaded until now.
    is_missed: bool,
    is_open: bool,
    wishes: Vec<Wish>,
}

impl PartialEq for Talk {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Talk {
    /// `is_blank`: it is not known yet what the panel shows.
    pub(crate) fn new(is_blank: bool) -> Self {
        Self(Rc::new(Inner {
            stage: RefCell::new(Stage::Coming(Coming {
                is_blank,
                is_missed: false,
                is_open: false,
                wishes: Vec::new(),
            })),
            turn: Cell::new(0),
            watcher: RefCell::default(),
        }))
    }

    /// The conversation is here.
    pub(crate) fn arrive(&self, live: &Rc<dyn Live>) {
        let before = self.0.stage.replace(Stage::Here(live.clone()));
        if let Stage::Coming(coming) = before {
            for wish in coming.wishes {
                live.wish(wish);
            }
        }
        self.changed();
    }

    /// Does what is wanted, as soon as it can be done.
    pub(crate) fn wish(&self, wish: Wish) {
        if let Some(live) = self.live() {
            return live.wish(wish);
        }
        if let Stage::Coming(coming) = &mut *self.0.stage.borrow_mut() {
            coming.take(wish);
        }
        self.changed();
    }

    /// Whether the panel is open.
    pub(crate) fn is_open(&self) -> bool {
        match &*self.0.stage.borrow() {
            Stage::Coming(coming) => coming.is_open,
            Stage::Here(live) => live.is_open(),
            Stage::Left => false,
        }
    }

    /// Whether nothing can be shown yet.
    pub(crate) fn is_blank(&self) -> bool {
        matches!(&*self.0.stage.borrow(), Stage::Coming(coming) if coming.is_blank)
    }

    /// The part could not be loaded; it is waited for all the same.
    pub(crate) fn miss(&self) {
        if let Stage::Coming(coming) = &mut *self.0.stage.borrow_mut() {
            coming.is_missed = true;
        }
        self.changed();
    }

    /// Whether the part could not be loaded until now.
    pub(crate) fn is_missed(&self) -> bool {
        matches!(&*self.0.stage.borrow(), Stage::Coming(coming) if coming.is_missed)
    }

    /// The conversation, when it is here.
    pub(crate) fn live(&self) -> Option<Rc<dyn Live>> {
        match &*self.0.stage.borrow() {
            Stage::Coming(_) | Stage::Left => None,
            Stage::Here(live) => Some(live.clone()),
        }
    }

    /// Lets go of the conversation, or does not wait for it any more.
    pub(crate) fn leave(&self) {
        self.0.watcher.take();
        if let Stage::Here(live) = self.0.stage.replace(Stage::Left) {
            live.leave();
        }
    }

    /// Whether nobody waits for the conversation any more.
    pub(crate) fn is_left(&self) -> bool {
        matches!(&*self.0.stage.borrow(), Stage::Left)
    }

    /// Tells what is the case now, and each change; the number differs each time.
    pub(crate) fn watch(&self, watcher: Callback<u32>) {
        watcher.emit(self.0.turn.get());
        *self.0.watcher.borrow_mut() = Some(watcher);
    }

    /// Something is to be drawn anew.
    pub(crate) fn changed(&self) {
        self.0.turn.set(self.0.turn.get().wrapping_add(1));
        let watcher = self.0.watcher.borrow().clone();
        if let Some(watcher) = watcher {
            watcher.emit(self.0.turn.get());
        }
    }
}

impl Coming {
    fn take(&mut self, wish: Wish) {
        match &wish {
            Wish::ShowPanel(is_open) => self.is_open = *is_open,
            // Only the last one counts.
            Wish::Draft(_) => self.wishes.retain(|wish| !matches!(wish, Wish::Draft(_))),
            Wish::Start | Wish::Send(_) => {}
        }
        self.wishes.push(wish);
    }
}
