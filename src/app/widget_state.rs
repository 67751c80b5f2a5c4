//! What the panel shows, as plain data, once the conversation part (the WASM module with the engine and the runtime) is
//! loaded. The [`WidgetStore`] owns this state. The only function that changes the state is [`WidgetState::update`],
//! which returns whether the panel must be rendered again.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use pipit_engine::{Phase, TabView};

use crate::config::availability::Availability;
use crate::form::{Form, FormInput};

/// The state of the panel.
#[derive(Clone)]
pub(crate) struct WidgetState {
    /// What this browser tab shows. The hook `beforeRender`, a function of the web page, has already been
    /// applied to the messages.
    pub(crate) tab: TabView,
    /// The form before a conversation.
    pub(crate) form: Rc<Form>,
    /// The form by which the visitor leaves a message when nobody can answer.
    pub(crate) message_form: Rc<Form>,
    pub(crate) availability: Availability,
    pub(crate) popover: HeaderPopover,
    /// Whether the visitor has asked for a new conversation after one that ended or failed. The form, or what the panel
    /// shows if nobody can answer, then replaces the old conversation.
    pub(crate) is_form_requested: bool,
    /// The texts that wait for the host's hook `beforeSend`, oldest first. A text is added only after the hook has taken
    /// long.
    pub(crate) waiting_texts: Vec<WaitingText>,
    /// Whether the visitor has left the explanation of a failure, to return to the beginning.
    pub(crate) is_failure_dismissed: bool,
    /// What is about to end because of a time limit; `None` while nothing is.
    pub(crate) ending_soon: Option<EndingSoon>,
}

/// What the server is about to end because of a time limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EndingSoon {
    /// A chat in which nobody has written for a while.
    Chat,
    /// The wait in the queue.
    Wait,
}

/// A text that waits for the host's hook `beforeSend`.
#[derive(Clone)]
pub(crate) struct WaitingText {
    pub(crate) text: Rc<str>,
    /// Whether the visitor has taken the text back, so that it is not sent when the hook answers. The task that waits for
    /// the hook shares this cell, which also identifies the text.
    pub(crate) is_taken_back: Rc<Cell<bool>>,
}

/// What is open below the panel's header: nothing, the menu or a question.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum HeaderPopover {
    #[default]
    Closed,
    Menu,
    /// The question whether the visitor really wants to end the chat.
    EndQuestion,
}

/// An input that changes the state.
pub(crate) enum WidgetInput {
    /// The new view of the browser tab: the conversation, the draft, or whether the panel is open may have changed.
    Tab(TabView),
    /// The web page has changed the options of the forms. The new forms lose what the visitor has filled in.
    ReplaceForms {
        form: Form,
        message_form: Form,
    },
    /// Changes the form before a conversation. The visitor fills the form in; the web page may set the consent.
    Form(FormInput),
    /// Changes the form by which the visitor leaves a message.
    MessageForm(FormInput),
    SetAvailability(Availability),
    SetPopover(HeaderPopover),
    /// Sets [`WidgetState::is_form_requested`]: the visitor asks for a new conversation (`true`), or has submitted or
    /// dismissed the form (`false`).
    RequestForm(bool),
    SetEndingSoon(Option<EndingSoon>),
    /// Changes nothing, and has the panel rendered again.
    Redraw,
    /// Leaves the explanation of a failure.
    DismissFailure,
    /// Adds a text that waits for the hook `beforeSend`.
    AddWaitingText(WaitingText),
    /// Removes the waiting text with this cell, if there is one.
    RemoveWaitingText(Rc<Cell<bool>>),
}

impl WidgetState {
    /// Applies an input. Returns true if the panel must be rendered again. A new view of the tab and new forms always
    /// need this, because they are not compared with the old ones.
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
            WidgetInput::Redraw => true,
            WidgetInput::SetPopover(popover) => replace(&mut self.popover, popover),
            WidgetInput::RequestForm(is_requested) => {
                replace(&mut self.is_form_requested, is_requested)
            }
            WidgetInput::DismissFailure => replace(&mut self.is_failure_dismissed, true),
            WidgetInput::SetEndingSoon(ending_soon) => replace(&mut self.ending_soon, ending_soon),
            WidgetInput::AddWaitingText(waiting) => {
                self.waiting_texts.push(waiting);
                true
            }
            WidgetInput::RemoveWaitingText(cell) => {
                let count = self.waiting_texts.len();
                self.waiting_texts
                    .retain(|waiting| !Rc::ptr_eq(&waiting.is_taken_back, &cell));
                self.waiting_texts.len() != count
            }
        }
    }

    /// Replaces the view of the browser tab, and closes what no longer fits the phase of the conversation.
    fn set_tab(&mut self, tab: TabView) {
        let phase = &tab.conversation.phase;
        if !can_start(phase) {
            self.is_form_requested = false;
        }
        if !matches!(phase, Phase::Failed(_)) {
            self.is_failure_dismissed = false;
        }
        // When the chat has ended, the question whether to end it closes, so that the visitor cannot answer it for the
        // next chat. An open menu stays open.
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

/// Whether the menu offers to end the conversation. Before an agent has joined, a card in the panel has a button for
/// this instead.
pub(crate) fn can_end(phase: &Phase) -> bool {
    matches!(phase, Phase::Chatting(_) | Phase::Requeued(_))
}

/// Replaces a value. Returns true if the new value differs from the old one.
fn replace<T: PartialEq>(current: &mut T, value: T) -> bool {
    let is_different = *current != value;
    *current = value;
    is_different
}

/// The only owner of a [`WidgetState`]. The store has the panel rendered again after each update that demands it.
pub(crate) struct WidgetStore {
    /// Shared with those who read it now. An update leaves their state as it is: while the panel is rendered, a script of
    /// the page may cause an update, for example by an event that it dispatches.
    state: RefCell<Rc<WidgetState>>,
    /// Has the panel rendered again.
    redraw: Box<dyn Fn(DrawTime)>,
}

/// When a change of the state is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DrawTime {
    /// At once, because the visitor or the host waits for it.
    AtOnce,
    /// With the browser's next frame, together with all other changes until then.
    NextFrame,
}

impl WidgetStore {
    pub(crate) fn new(state: WidgetState, redraw: impl Fn(DrawTime) + 'static) -> Self {
        Self {
            state: RefCell::new(Rc::new(state)),
            redraw: Box::new(redraw),
        }
    }

    /// The current state.
    pub(crate) fn state(&self) -> Rc<WidgetState> {
        self.state.borrow().clone()
    }

    /// Applies an input to the state at once, and has the panel rendered again at `draw_time` if that is necessary.
    pub(crate) fn update(&self, input: WidgetInput, draw_time: DrawTime) {
        let has_changed = Rc::make_mut(&mut self.state.borrow_mut()).update(input);
        if has_changed {
            (self.redraw)(draw_time);
        }
    }
}

#[cfg(test)]
mod tests {
    use pipit_engine::{Conversation, ForgetMarker};

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
            waiting_texts: Vec::new(),
            ending_soon: None,
            is_failure_dismissed: false,
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
            is_elsewhere: false,
            marker: ForgetMarker::default(),
        }
    }

    #[test]
    fn an_input_that_sets_the_same_value_again_needs_no_redraw() {
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
    fn a_waiting_text_is_removed_once() {
        let mut state = state();
        let cells: [Rc<Cell<bool>>; 2] = Default::default();
        for cell in &cells {
            let waiting = WaitingText {
                text: "same".into(),
                is_taken_back: cell.clone(),
            };
            assert!(state.update(WidgetInput::AddWaitingText(waiting)));
        }
        assert!(state.update(WidgetInput::RemoveWaitingText(cells[0].clone())));
        assert!(!state.update(WidgetInput::RemoveWaitingText(cells[0].clone())));
        assert!(Rc::ptr_eq(&state.waiting_texts[0].is_taken_back, &cells[1]));
    }

    #[test]
    fn the_end_of_a_chat_closes_the_end_question_and_leaves_the_menu_open() {
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
    fn the_form_for_a_new_conversation_closes_when_the_conversation_starts() {
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
            move |draw_time| {
                assert_eq!(draw_time, DrawTime::NextFrame);
                redraws.set(redraws.get() + 1);
            }
        });
        store.update(WidgetInput::RequestForm(true), DrawTime::NextFrame);
        store.update(WidgetInput::RequestForm(true), DrawTime::NextFrame);
        assert_eq!(redraws.get(), 1);
        assert!(store.state().is_form_requested);
    }
}
