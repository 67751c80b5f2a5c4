//! The place of the conversation in the panel, which is empty until the conversation part is loaded.
//!
//! The widget's code is loaded in two steps. The first module draws a panel that can be typed in; most of the code is in
//! the conversation part, which is loaded meanwhile. A [`ConversationSlot`] stands for the conversation from the first
//! moment: it keeps the visitor's actions until there is a [`ConversationPart`] to perform them.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use yew::Callback;

use crate::view::panel_content::{PanelContent, PanelEnvironment};

/// An action of the visitor, or of the page on the visitor's behalf. The slot accepts it before the conversation is loaded.
pub(crate) enum UserAction {
    /// Opens the panel, or closes it.
    ShowPanel(bool),
    /// The composer has this text now.
    SetDraft(String),
    StartChat,
    Send(String),
}

/// What the conversation part does for the panel; `js_api/conversation.rs` implements it.
pub(crate) trait ConversationPart {
    /// Performs an action.
    fn perform(&self, action: UserAction);

    /// Whether the panel is open.
    fn is_open(&self) -> bool;

    /// What fills the panel now.
    fn panel_content(&self, environment: &PanelEnvironment) -> PanelContent;
}

/// The place of one conversation. Clones share it.
#[derive(Clone)]
pub(crate) struct ConversationSlot(Rc<Inner>);

struct Inner {
    state: RefCell<SlotState>,
    /// Counts the redraws.
    redraws: Cell<u32>,
    watcher: RefCell<Option<Callback<u32>>>,
}

enum SlotState {
    /// The conversation part is not loaded yet.
    Loading(Pending),
    Loaded(Rc<dyn ConversationPart>),
    /// The chat was taken off the page.
    Removed,
}

/// What is known before the conversation part is loaded.
struct Pending {
    /// Only the conversation part can know what the panel shows.
    is_content_unknown: bool,
    /// The last attempt to load the part has failed.
    has_load_failed: bool,
    is_open: bool,
    /// The actions that wait for the part, in their order.
    actions: Vec<UserAction>,
}

impl PartialEq for ConversationSlot {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl ConversationSlot {
    /// A slot that waits for its conversation part. `is_content_unknown`: the panel shows nothing until then.
    pub(crate) fn new(is_content_unknown: bool) -> Self {
        Self(Rc::new(Inner {
            state: RefCell::new(SlotState::Loading(Pending {
                is_content_unknown,
                has_load_failed: false,
                is_open: false,
                actions: Vec::new(),
            })),
            redraws: Cell::new(0),
            watcher: RefCell::default(),
        }))
    }

    /// Puts the loaded conversation into its place, and performs the actions that have waited for it.
    pub(crate) fn fill(&self, part: &Rc<dyn ConversationPart>) {
        let before = self.0.state.replace(SlotState::Loaded(part.clone()));
        if let SlotState::Loading(pending) = before {
            for action in pending.actions {
                part.perform(action);
            }
        }
        self.redraw();
    }

    /// Performs an action, now or as soon as the conversation part is loaded.
    pub(crate) fn perform(&self, action: UserAction) {
        if let Some(part) = self.part() {
            return part.perform(action);
        }
        if let SlotState::Loading(pending) = &mut *self.0.state.borrow_mut() {
            pending.add(action);
        }
        self.redraw();
    }

    /// Whether the panel is open.
    pub(crate) fn is_open(&self) -> bool {
        match &*self.0.state.borrow() {
            SlotState::Loading(pending) => pending.is_open,
            SlotState::Loaded(part) => part.is_open(),
            SlotState::Removed => false,
        }
    }

    /// Whether only the conversation part, which is still being loaded, can know what the panel shows.
    pub(crate) fn is_content_unknown(&self) -> bool {
        matches!(&*self.0.state.borrow(), SlotState::Loading(pending) if pending.is_content_unknown)
    }

    /// Records that the conversation part could not be loaded. The slot continues to wait for it.
    pub(crate) fn mark_load_failed(&self) {
        if let SlotState::Loading(pending) = &mut *self.0.state.borrow_mut() {
            pending.has_load_failed = true;
        }
        self.redraw();
    }

    /// Whether the conversation part could not be loaded so far.
    pub(crate) fn has_load_failed(&self) -> bool {
        matches!(&*self.0.state.borrow(), SlotState::Loading(pending) if pending.has_load_failed)
    }

    /// The conversation, if it is loaded.
    pub(crate) fn part(&self) -> Option<Rc<dyn ConversationPart>> {
        match &*self.0.state.borrow() {
            SlotState::Loading(_) | SlotState::Removed => None,
            SlotState::Loaded(part) => Some(part.clone()),
        }
    }

    /// Forgets the conversation, or stops waiting for it.
    pub(crate) fn remove(&self) {
        self.0.watcher.take();
        self.0.state.replace(SlotState::Removed);
    }

    /// Whether the chat was taken off the page.
    pub(crate) fn is_removed(&self) -> bool {
        matches!(&*self.0.state.borrow(), SlotState::Removed)
    }

    /// Calls `watcher` now and for each redraw, with a number that differs each time.
    pub(crate) fn watch(&self, watcher: Callback<u32>) {
        watcher.emit(self.0.redraws.get());
        *self.0.watcher.borrow_mut() = Some(watcher);
    }

    /// Asks the panel to draw itself again.
    pub(crate) fn redraw(&self) {
        self.0.redraws.set(self.0.redraws.get().wrapping_add(1));
        let watcher = self.0.watcher.borrow().clone();
        if let Some(watcher) = watcher {
            watcher.emit(self.0.redraws.get());
        }
    }
}

impl Pending {
    fn add(&mut self, action: UserAction) {
        match &action {
            UserAction::ShowPanel(is_open) => self.is_open = *is_open,
            // Only the last draft counts.
            UserAction::SetDraft(_) => self
                .actions
                .retain(|action| !matches!(action, UserAction::SetDraft(_))),
            UserAction::StartChat | UserAction::Send(_) => {}
        }
        self.actions.push(action);
    }
}
