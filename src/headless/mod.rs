//! A conversation without a view, for hosts (the web teams) that draw it with their own design system. [`Conversation`] performs
//! commands, and reports the same events as the widget; `state` describes the conversation as plain objects. The runtime is the
//! widget's, so storage, tabs and delivery work as with the panel.
//!
//! `crates/headless` exports this to JavaScript.

mod state;

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Function, Object};
use pipit_engine::{Command, Entry, EntryId, TabView};
use wasm_bindgen::{JsCast as _, JsValue};

use crate::app::event_payload::NoPayload;
use crate::app::page_event::{ObservedState, PageEvent, diff};
use crate::app::unread::UnreadCounter;
use crate::config::options::{self, ConversationOptions};
use crate::form::Form;
use crate::js_object::JsObject;
use crate::page_error::{ErrorCode, PageError};
use crate::runtime::Runtime;

/// The name under which it is reported that the state has changed. It is not an event for the host.
const STATE: &str = "state";

/// A conversation in this browser tab.
pub struct Conversation {
    runtime: Rc<Runtime>,
    reporter: Rc<Reporter>,
}

impl Conversation {
    /// Continues the stored conversation, or waits for the command `startChat`. `options` is an object with options that
    /// `src/config/options.rs` declares. `emit(name, payload)` receives each event, and before the events the report `state` with an
    /// empty payload.
    ///
    /// # Errors
    /// An object `{ code, message }`: an option cannot be read.
    pub fn begin(options: &JsValue, emit: Function) -> Result<Self, JsValue> {
        options::check_names(options)?;
        let options = ConversationOptions::read(options)?;
        if let Some(finder) = options.find_fetch.clone() {
            pipit_fetch::set_fetch_finder(finder);
        }
        let runtime = Runtime::new(&options);
        let reporter = Rc::new(Reporter::new(emit, &runtime.view()));
        reporter.begin(&runtime.view());
        // The runtime keeps this closure. A strong reference to the reporter is no cycle, because the reporter does not keep the
        // runtime.
        let observer = reporter.clone();
        let weak_runtime = Rc::downgrade(&runtime);
        runtime.watch(move |tab, _| {
            let leads = weak_runtime
                .upgrade()
                .is_some_and(|runtime| runtime.leads());
            observer.observe(tab, leads);
        });
        Ok(Self { runtime, reporter })
    }

    /// Performs a command. Its names and arguments are in `npm/headless.ts`.
    ///
    /// # Errors
    /// An object `{ code, message }`: there is no such command, or the argument is not what the command takes.
    pub fn call(&self, name: &str, argument: &JsValue) -> Result<(), JsValue> {
        let runtime = &self.runtime;
        match name {
            "startChat" => runtime.command(Command::Start(read_answers(argument)?)),
            "endChat" => runtime.command(Command::End),
            "send" => {
                let text = read_text(argument)?;
                if text.trim().is_empty() {
                    return Err(argument_error("a message cannot be empty.").into());
                }
                runtime.command(Command::Send(text));
            }
            "sendAgain" => runtime.command(Command::SendAgain(self.read_entry(argument)?.id)),
            "discard" => runtime.command(Command::Discard(self.read_entry(argument)?.id)),
            "setDraft" => runtime.set_draft(read_text(argument)?, false),
            "typeDraft" => runtime.set_draft(read_text(argument)?, true),
            "allowSneakPreview" => {
                runtime.command(Command::AllowSneakPreview(argument.is_truthy()));
            }
            "markRead" => self.reporter.mark_read(&runtime.view(), runtime.leads()),
            "takeOver" => runtime.take_over(),
            "forget" => runtime.forget(None, None),
            "destroy" => runtime.shut_down(),
            _ => {
                let message = ["there is no command `", name, "`."].concat();
                return Err(PageError::new(ErrorCode::Command, message).into());
            }
        }
        Ok(())
    }

    /// The state of the conversation, as `npm/headless.ts` declares it.
    pub fn state(&self) -> JsValue {
        let unread = self.reporter.reported_state.borrow().unread;
        state::describe(&self.runtime.view(), unread, self.runtime.leads()).into()
    }

    /// The entry whose id is a text.
    fn read_entry(&self, id: &JsValue) -> Result<Rc<Entry>, PageError> {
        let id = read_text(id)?.parse().ok().map(EntryId);
        let view = self.runtime.view();
        let entry = id.and_then(|id| view.conversation.transcript.entry(id));
        entry
            .cloned()
            .ok_or_else(|| argument_error("there is no message with this id."))
    }
}

/// Reports what happens to the page's function.
struct Reporter {
    emit: Function,
    /// The state after the most recent events.
    reported_state: RefCell<ObservedState>,
    unread_counter: RefCell<UnreadCounter>,
    /// What the most recent report `state` was about; `None` before the first one.
    reported: RefCell<Option<Reported>>,
}

/// What the state of a conversation is made of, except its unread messages.
#[derive(PartialEq)]
struct Reported {
    tab: TabView,
    leads: bool,
}

impl Reporter {
    /// A reporter of the changes since the state `tab`.
    fn new(emit: Function, tab: &TabView) -> Self {
        Self {
            emit,
            unread_counter: RefCell::new(UnreadCounter::new(&tab.conversation.transcript)),
            reported_state: RefCell::new(ObservedState {
                conversation: tab.conversation.clone(),
                is_open: false,
                unread: 0,
            }),
            reported: RefCell::default(),
        }
    }

    /// Reports whether a conversation was resumed.
    fn begin(&self, tab: &TabView) {
        if tab.conversation.phase.is_live() {
            self.emit(&PageEvent::ChatResumed(NoPayload));
        }
    }

    /// Reports the changes since the previous call.
    fn observe(&self, tab: &TabView, leads: bool) {
        let transcript = &tab.conversation.transcript;
        let unread = self.unread_counter.borrow_mut().count(transcript);
        let after = ObservedState {
            conversation: tab.conversation.clone(),
            // There is no panel, so it is neither opened nor closed.
            is_open: false,
            unread,
        };
        // The new state is stored before the page receives an event, because a listener of the page may call a command at once, and
        // the command calls this function again.
        let before = self.reported_state.replace(after.clone());
        let tab = tab.clone();
        let now = Some(Reported { tab, leads });
        let has_changed = *self.reported.borrow() != now || before.unread != unread;
        self.reported.replace(now);
        if has_changed {
            self.call_page(STATE, JsObject::new());
        }
        for event in diff(&before, &after) {
            self.emit(&event);
        }
    }

    /// Marks every message that has arrived as read.
    fn mark_read(&self, tab: &TabView, leads: bool) {
        let transcript = &tab.conversation.transcript;
        self.unread_counter.borrow_mut().mark_read(transcript);
        self.observe(tab, leads);
    }

    fn emit(&self, event: &PageEvent) {
        self.call_page(event.name(), event.to_object());
    }

    fn call_page(&self, name: &str, payload: JsObject) {
        // The result is ignored, because a listener that throws must not stop the conversation.
        let _ = self
            .emit
            .call2(&JsValue::NULL, &name.into(), &payload.into());
    }
}

/// Reads what the host knows about the visitor: an object with the names of fields as keys, or nothing.
fn read_answers(argument: &JsValue) -> Result<pipit_engine::FormAnswers, PageError> {
    if !argument.is_object() {
        return Ok(pipit_engine::FormAnswers::default());
    }
    let answers: &Object = argument.unchecked_ref();
    let form = Form::read(("form", None), Some(answers), None).map_err(PageError::option)?;
    Ok(form.answers())
}

fn read_text(argument: &JsValue) -> Result<String, PageError> {
    argument
        .as_string()
        .ok_or_else(|| argument_error("this command takes a text."))
}

fn argument_error(message: &str) -> PageError {
    PageError::new(ErrorCode::Argument, message)
}
