//! The place of the conversation in the panel. The place is empty until the conversation part (the WASM module with
//! everything about messages) is loaded.
//!
//! The widget's code is loaded in three steps. The first WASM module draws a panel in which the visitor can already type.
//! Meanwhile the second module, the conversation part, is loaded, and after it the third, which draws the content of the
//! panel. A [`ConversationSlot`] represents the conversation from the start: it keeps the visitor's actions until a
//! loaded [`ConversationPart`] can perform them.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use yew::Callback;

use crate::view::panel_content::{PanelContent, PanelEnvironment};

/// An action of the visitor, or of the host (the web page that embeds the chat) on the visitor's behalf. The slot
/// accepts actions even before the conversation part is loaded.
pub(crate) enum UserAction {
    /// Opens the panel (`true`) or closes it (`false`).
    ShowPanel(bool),
    /// Reports the text that is now in the composer (the panel's text field). `is_typed` states whether the visitor has
    /// typed it. If a script has put it there, agents do not see it before the visitor types or sends it.
    SetDraft {
        text: String,
        is_typed: bool,
    },
    Send(String),
}

/// What the panel can call once the conversation part is loaded. `js_api/conversation.rs` implements this trait.
pub(crate) trait ConversationPart {
    /// Performs an action.
    fn perform(&self, action: UserAction);

    /// Whether the panel is open.
    fn is_open(&self) -> bool;

    /// The text that the visitor has typed and not sent.
    fn draft(&self) -> Rc<str>;

    /// Whether the module that draws the content is loaded.
    fn has_content(&self) -> bool;

    /// The panel's content for the current state; `None` until the module that draws it is loaded.
    fn panel_content(&self, environment: &PanelEnvironment) -> Option<PanelContent>;
}

/// The place of one conversation. All clones refer to the same place.
#[derive(Clone)]
pub(crate) struct ConversationSlot(Rc<Inner>);

/// What the clones of a slot share.
struct Inner {
    state: RefCell<SlotState>,
    /// Whether the panel stays empty until its content is loaded. It must stay empty if the panel may have to show a
    /// stored conversation, a form, or that nobody can answer: only the conversation part can decide that.
    is_content_unknown: bool,
    /// Whether an attempt to load the conversation part or the content has failed.
    has_load_failed: Cell<bool>,
    /// How often the slot has asked the panel to draw itself again; it wraps around.
    redraws: Cell<u32>,
    /// Called each time the slot asks for a redraw. `None` until the panel calls [`ConversationSlot::watch`], and after
    /// the panel's removal.
    watcher: RefCell<Option<Callback<u32>>>,
}

/// What is in the slot.
enum SlotState {
    /// The conversation part is not loaded yet.
    Loading(Pending),
    /// The conversation part is loaded; the value gives access to its conversation.
    Loaded(Rc<dyn ConversationPart>),
    /// The panel was removed from the web page.
    Removed,
}

/// The state before the conversation part is loaded.
#[derive(Default)]
struct Pending {
    /// Whether the panel is open.
    is_open: bool,
    /// The actions that wait for the conversation part, oldest first.
    actions: Vec<UserAction>,
}

impl PartialEq for ConversationSlot {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl ConversationSlot {
    /// A slot whose conversation part is not loaded yet. With `is_content_unknown` the panel stays empty until its
    /// content is loaded.
    pub(crate) fn new(is_content_unknown: bool) -> Self {
        Self(Rc::new(Inner {
            state: RefCell::new(SlotState::Loading(Pending::default())),
            is_content_unknown,
            has_load_failed: Cell::new(false),
            redraws: Cell::new(0),
            watcher: RefCell::default(),
        }))
    }

    /// Stores the loaded conversation part, and performs the actions that have waited for it. The caller has to check
    /// [`Self::is_removed`] before, because this function would also fill the slot of a removed panel.
    pub(crate) fn fill(&self, part: &Rc<dyn ConversationPart>) {
        let previous_state = self.0.state.replace(SlotState::Loaded(part.clone()));
        if let SlotState::Loading(pending) = previous_state {
            for action in pending.actions {
                part.perform(action);
            }
        }
        self.redraw();
    }

    /// Performs an action, now or as soon as the conversation part is loaded. After the panel's removal, the action is
    /// dropped.
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

    /// Whether the panel has to stay empty now, because only the conversation part can decide what to show, and the
    /// content is not loaded yet.
    pub(crate) fn is_content_unknown(&self) -> bool {
        self.0.is_content_unknown && !self.part().is_some_and(|part| part.has_content())
    }

    /// Records that the conversation part or the content could not be loaded. The slot continues to wait for it.
    pub(crate) fn mark_load_failed(&self) {
        self.0.has_load_failed.set(true);
        self.redraw();
    }

    /// Whether an attempt to load the conversation part or the content has failed.
    pub(crate) fn has_load_failed(&self) -> bool {
        self.0.has_load_failed.get()
    }

    /// The text that the composer has to have.
    pub(crate) fn draft(&self) -> Rc<str> {
        self.part().map(|part| part.draft()).unwrap_or_default()
    }

    /// The loaded conversation part. `None` if it is not loaded yet, or if the panel was removed.
    pub(crate) fn part(&self) -> Option<Rc<dyn ConversationPart>> {
        match &*self.0.state.borrow() {
            SlotState::Loading(_) | SlotState::Removed => None,
            SlotState::Loaded(part) => Some(part.clone()),
        }
    }

    /// Records that the panel was removed from the web page. Drops the conversation part, or stops waiting for it.
    pub(crate) fn remove(&self) {
        self.0.watcher.take();
        self.0.state.replace(SlotState::Removed);
    }

    /// Whether the panel was removed from the web page.
    pub(crate) fn is_removed(&self) -> bool {
        matches!(&*self.0.state.borrow(), SlotState::Removed)
    }

    /// Calls `watcher` now and at each later call of [`Self::redraw`], with the number of these calls so far. The new
    /// watcher replaces an earlier watcher.
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
    /// Keeps an action until the conversation part is loaded.
    fn add(&mut self, action: UserAction) {
        match &action {
            // The panel opens or closes at once. The action is also kept, because the conversation part has its own
            // record of whether the panel is open.
            UserAction::ShowPanel(is_open) => self.is_open = *is_open,
            // A newer draft replaces an older one.
            UserAction::SetDraft { .. } => self
                .actions
                .retain(|action| !matches!(action, UserAction::SetDraft { .. })),
            UserAction::Send(_) => {}
        }
        self.actions.push(action);
    }
}
