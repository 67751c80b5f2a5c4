//! What the functions and components of the view receive: [`PanelContext`] from the first moment, [`ViewContext`] once
//! the conversation part is loaded.

use std::cell::Ref;
use std::rc::Rc;

use pipit_engine::{Answers, Command};
use wasm_bindgen_futures::spawn_local;
use yew::Callback;

use crate::app::widget_state::{WidgetInput, WidgetState, WidgetStore};
use crate::config::hooks::{self, HostHooks};
use crate::config::page_services::PageServices;
use crate::locale::Texts;
use crate::runtime::Runtime;
use crate::view::conversation_slot::ConversationSlot;

/// What the panel needs from the first moment.
#[derive(Clone)]
pub(crate) struct PanelContext {
    pub(crate) conversation: ConversationSlot,
    pub(crate) texts: Rc<Texts>,
}

impl PartialEq for PanelContext {
    fn eq(&self, other: &Self) -> bool {
        self.conversation == other.conversation && Rc::ptr_eq(&self.texts, &other.texts)
    }
}

/// What everything that shows a conversation needs: its texts, its state, and the ways to change that.
#[derive(Clone)]
pub(crate) struct ViewContext {
    pub(crate) runtime: Rc<Runtime>,
    pub(crate) texts: Rc<Texts>,
    pub(crate) store: Rc<WidgetStore>,
    pub(crate) hooks: Rc<HostHooks>,
    pub(crate) services: PageServices,
}

/// `hooks` and `services` are not compared: they stay the same as long as the runtime does.
impl PartialEq for ViewContext {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.runtime, &other.runtime)
            && Rc::ptr_eq(&self.texts, &other.texts)
            && Rc::ptr_eq(&self.store, &other.store)
    }
}

impl ViewContext {
    /// The state of the panel. Drop the result before the next [`Self::update`].
    pub(crate) fn state(&self) -> Ref<'_, WidgetState> {
        self.store.state()
    }

    /// Changes the state of the panel.
    pub(crate) fn update(&self, input: WidgetInput) {
        self.store.update(input);
    }

    /// Sends a command to the engine.
    pub(crate) fn command(&self, command: Command) {
        self.runtime.command(command);
    }

    /// A callback that sends the same command each time.
    pub(crate) fn command_callback<E: 'static>(&self, command: Command) -> Callback<E> {
        let context = self.clone();
        Callback::from(move |_| context.command(command.clone()))
    }

    /// Starts a conversation with the values of the form.
    pub(crate) fn start(&self) {
        self.command(Command::Start(self.answers()));
    }

    /// Sends a message, after the host's hook has accepted or changed it. A rejected text returns to the composer,
    /// unless the visitor has typed something else meanwhile.
    pub(crate) fn send(&self, text: String) {
        let Some(before_send) = self.hooks.before_send.clone() else {
            return self.post(text);
        };
        self.runtime.set_draft(String::new());
        let context = self.clone();
        spawn_local(async move {
            match hooks::run_before_send(before_send, &text).await {
                Some(text) => context.post(text),
                None if context.runtime.view().draft.is_empty() => {
                    context.runtime.set_draft(text);
                }
                None => {}
            }
        });
    }

    /// Posts a message. The text may start a conversation, so the form's values are sent before it; while a
    /// conversation runs, the command to start one changes nothing.
    fn post(&self, text: String) {
        let answers = self.answers();
        if answers != Answers::default() {
            self.command(Command::Start(answers));
        }
        self.command(Command::Send(text));
    }

    fn answers(&self) -> Answers {
        self.state().form.answers()
    }
}
