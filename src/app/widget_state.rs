//! What the panel shows once the conversation part is loaded, as plain data. [`WidgetState::update`] is the only way to
//! change it, and its result says whether the panel must be rendered again.

use std::cell::{Ref, RefCell};
use std::rc::Rc;

use pipit_engine::{Phase, TabView};

use crate::config::availability::Availability;
use crate::form::{Form, FormInput};

/// The state of the panel.
pub(crate) struct WidgetState {
    /// What this tab shows, with the conversation as the host's hooks let it be shown.
    pub(crate) tab: TabView,
    /// The form before a conversation.
    pub(crate) form: Rc<Form>,
    /// The form for a message when nobody can answer.
    pub(crate) message_form: Rc<Form>,
    pub(crate) availability: Availability,
    pub(crate) popover: HeaderPopover,
    /// Whether the visitor wants a new conversation after an ended one, and fills in the form for it.
    pub(crate) is_form_requested: bool,
}

/// What is open below the panel's header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum HeaderPopover {
    #[default]
    Closed,
    Menu,
    /// The question whether the visitor really wants to end the chat.
    EndQuestion,
}

/// What changes the state.
pub(crate) enum WidgetInput {
    /// The tab has taken an input: the conversation, the draft or the panel may have changed.
    Tab(TabView),
    /// The host has changed the options of the forms; what the visitor has filled in is lost.
    ReplaceForms {
        form: Form,
        message_form: Form,
    },
    /// The visitor, or the host for the consent, fills in the form before a conversation.
    Form(FormInput),
    /// The visitor fills in the form for a message.
    MessageForm(FormInput),
    SetAvailability(Availability),
    SetPopover(HeaderPopover),
    /// The form for a new conversation replaces the ended one (`true`), or is dismissed (`false`).
    RequestForm(bool),
}

impl WidgetState {
    /// Applies an input. Returns whether anything that is shown has changed.
    pub(crate) fn update(&mut self, input: WidgetInput) -> bool {
        match input {
            WidgetInput::Tab(tab) => {
                self.set_tab(tab);
                true
            }
            WidgetInput::ReplaceForms { form, message_form } => {
                self.form = Rc::new(form);
                self.message_form = Rc::new(message_form);
                true
            }
            WidgetInput::Form(input) => Rc::make_mut(&mut self.form).update(input),
            WidgetInput::MessageForm(input) => Rc::make_mut(&mut self.message_form).update(input),
            WidgetInput::SetAvailability(availability) => {
                replace(&mut self.availability, availability)
            }
            WidgetInput::SetPopover(popover) => replace(&mut self.popover, popover),
            WidgetInput::RequestForm(is_requested) => {
                replace(&mut self.is_form_requested, is_requested)
            }
        }
    }

    fn set_tab(&mut self, tab: TabView) {
        let phase = &tab.conversation.phase;
        if !can_start(phase) {
            self.is_form_requested = false;
        }
        // The question is about the chat that has just ended, not about the next one. An open menu stays open.
        if self.popover == HeaderPopover::EndQuestion && !can_end(phase) {
            self.popover = HeaderPopover::Closed;
        }
        self.tab = tab;
    }
}

/// Whether the visitor can start a conversation in this phase.
pub(crate) fn can_start(phase: &Phase) -> bool {
    matches!(phase, Phase::Idle | Phase::Concluded(_) | Phase::Failed(_))
}

/// Whether the visitor can end the conversation by the menu. In the queue another button does it.
pub(crate) fn can_end(phase: &Phase) -> bool {
    matches!(phase, Phase::Chatting(_) | Phase::Requeued(_))
}

/// Returns whether the value is another one than before.
fn replace<T: PartialEq>(current: &mut T, value: T) -> bool {
    let is_different = *current != value;
    *current = value;
    is_different
}

/// The one owner of a [`WidgetState`]. It has the panel rendered again whenever an update changes something.
pub(crate) struct WidgetStore {
    state: RefCell<WidgetState>,
    redraw: Box<dyn Fn()>,
}

impl WidgetStore {
    pub(crate) fn new(state: WidgetState, redraw: impl Fn() + 'static) -> Self {
        Self {
            state: RefCell::new(state),
            redraw: Box::new(redraw),
        }
    }

    /// The state now. Drop the result before the next [`Self::update`], which panics otherwise.
    pub(crate) fn state(&self) -> Ref<'_, WidgetState> {
        self.state.borrow()
    }

    /// Updates the state, and has the panel rendered again if something has changed.
    pub(crate) fn update(&self, input: WidgetInput) {
        let has_changed = self.state.borrow_mut().update(input);
        if has_changed {
            (self.redraw)();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use pipit_engine::Conversation;

    use super::*;
    use crate::config::availability::{UnavailableAction, UnavailableReason};

    fn state() -> WidgetState {
        WidgetState {
            tab: tab(Phase::Idle),
            form: Rc::default(),
            message_form: Rc::default(),
            availability: Availability::Open,
            popover: HeaderPopover::Closed,
            is_form_requested: false,
        }
    }

    fn tab(phase: Phase) -> TabView {
        TabView {
            conversation: Rc::new(Conversation {
                phase,
                ..Conversation::default()
            }),
            draft: "".into(),
            is_open: false,
        }
    }

    #[test]
    fn only_a_change_needs_a_redraw() {
        let mut state = state();
        assert!(state.update(WidgetInput::SetPopover(HeaderPopover::Menu)));
        assert!(!state.update(WidgetInput::SetPopover(HeaderPopover::Menu)));
        let closed =
            Availability::Unavailable(UnavailableReason::Closed, UnavailableAction::Inform);
        assert!(state.update(WidgetInput::SetAvailability(closed)));
        assert!(!state.update(WidgetInput::SetAvailability(closed)));
        assert!(state.update(WidgetInput::Form(FormInput::SetConsent(true))));
        assert!(!state.update(WidgetInput::Form(FormInput::SetConsent(true))));
        assert!(!state.update(WidgetInput::RequestForm(false)));
    }

    #[test]
    fn the_end_of_a_chat_closes_the_question_but_not_the_menu() {
        for (before, after) in [
            (HeaderPopover::EndQuestion, HeaderPopover::Closed),
            (HeaderPopover::Menu, HeaderPopover::Menu),
        ] {
            let mut state = state();
            state.update(WidgetInput::Tab(tab(Phase::Chatting(Vec::new()))));
            state.update(WidgetInput::SetPopover(before));
            state.update(WidgetInput::Tab(tab(Phase::Idle)));
            assert_eq!(state.popover, after);
        }
    }

    #[test]
    fn the_form_for_a_new_conversation_closes_when_that_starts() {
        let mut state = state();
        state.update(WidgetInput::RequestForm(true));
        state.update(WidgetInput::Tab(tab(Phase::Idle)));
        assert!(state.is_form_requested);
        state.update(WidgetInput::Tab(tab(Phase::Starting)));
        assert!(!state.is_form_requested);
    }

    #[test]
    fn the_store_redraws_once_for_each_change() {
        let redraws = Rc::new(Cell::new(0));
        let store = WidgetStore::new(state(), {
            let redraws = redraws.clone();
            move || redraws.set(redraws.get() + 1)
        });
        store.update(WidgetInput::RequestForm(true));
        store.update(WidgetInput::RequestForm(true));
        assert_eq!(redraws.get(), 1);
        assert!(store.state().is_form_requested);
    }
}
