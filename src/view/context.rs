//! What the parts of the view are handed: [`PanelContext`] from the first moment, [`ViewContext`] once the conversation
//! part is loaded.

use std::rc::Rc;

use pipit_engine::{Answers, Command, Conversation};
use wasm_bindgen_futures::spawn_local;
use yew::Callback;

use crate::config::hooks::{self, HostHooks};
use crate::config::page_services::PageServices;
use crate::form::Form;
use crate::locale::Texts;
use crate::runtime::Runtime;
use crate::view::conversation_slot::ConversationSlot;

/// What the panel needs from the first moment: the way to the conversation, and the texts.
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

/// What each part of a scene needs.
#[derive(Clone)]
pub(crate) struct ViewContext {
    pub(crate) runtime: Rc<Runtime>,
    pub(crate) texts: Rc<Texts>,
    /// What the visitor is asked before a conversation.
    pub(crate) form: Rc<Form>,
    /// What the visitor is asked when there can be none.
    pub(crate) message_form: Rc<Form>,
    pub(crate) hooks: Rc<HostHooks>,
    pub(crate) services: PageServices,
}

impl PartialEq for ViewContext {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.runtime, &other.runtime)
            && Rc::ptr_eq(&self.texts, &other.texts)
            && Rc::ptr_eq(&self.form, &other.form)
    }
}

impl ViewContext {
    /// Sends a command.
    pub(crate) fn command(&self, command: Command) {
        self.runtime.command(command);
    }

    /// Starts a conversation with what is known of the visitor.
    pub(crate) fn start(&self) {
        self.command(Command::Start(self.form.answers()));
    }

    /// Posts a text, when the page has nothing against it; else it stands in the composer again.
    pub(crate) fn send(&self, text: String) {
        let Some(hook) = self.hooks.before_send.clone() else {
            return self.post(text);
        };
        self.runtime.set_draft(String::new());
        let context = self.clone();
        spawn_local(async move {
            match hooks::sent(hook, &text).await {
                Some(text) => context.post(text),
                None if context.runtime.conversation().draft.is_empty() => {
                    context.runtime.set_draft(text);
                }
                None => {}
            }
        });
    }

    /// The conversation as it may be shown.
    pub(crate) fn conversation(&self) -> Conversation {
        self.hooks.shown(self.runtime.conversation())
    }

    /// What is known of the visitor goes before it, for the text may begin a conversation; where one
    /// runs, a start changes nothing.
    fn post(&self, text: String) {
        let answers = self.form.answers();
        if answers != Answers::default() {
            self.command(Command::Start(answers));
        }
        self.command(Command::Send(text));
    }

    /// A callback that sends the same command each time.
    pub(crate) fn command_callback<E: 'static>(&self, command: Command) -> Callback<E> {
        let context = self.clone();
        Callback::from(move |_| context.command(command.clone()))
    }
}
