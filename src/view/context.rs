//! What the functions and components of the view receive: [`PanelContext`] from the start, and [`ViewContext`] as soon
//! as the conversation part (the WASM module with the engine and the runtime) is loaded.

use std::cell::{Cell, OnceCell};
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use pipit_engine::{Command, ForgetMarker, FormAnswers, TabView};
use pipit_wire::EngagementId;
use wasm_bindgen_futures::spawn_local;
use yew::{AttrValue, Callback};

use crate::app::widget_state::{DrawTime, WaitingText, WidgetInput, WidgetState, WidgetStore};
use crate::config::brand::Brand;
use crate::config::hooks::{self, HostHooks};
use crate::config::page_services::PageServices;
use crate::locale::{TextKey, Texts};
use crate::view::after::loaded_cards::LoadedCards;
use crate::view::conversation_slot::ConversationSlot;

/// The time, in ms, after which the visitor learns that a text waits for the hook `beforeSend`.
const SLOW_HOOK_MS: u32 = 10_000;

/// What the panel needs even before the conversation part is loaded.
#[derive(Clone)]
pub(crate) struct PanelContext {
    /// The place of the conversation. It is empty until the conversation part is loaded.
    pub(crate) conversation: ConversationSlot,
    pub(crate) texts: Rc<Texts>,
    /// The address of the host's logo.
    pub(crate) logo: Option<AttrValue>,
    /// Whether the conversation part will add starters to the welcome.
    pub(crate) has_starters: bool,
}

impl PartialEq for PanelContext {
    fn eq(&self, other: &Self) -> bool {
        self.conversation == other.conversation
            && Rc::ptr_eq(&self.texts, &other.texts)
            && self.logo == other.logo
            && self.has_starters == other.has_starters
    }
}

/// What the view can do with the conversation of this browser tab. `js_api/conversation.rs` implements it by the runtime.
/// The view calls the runtime only through this trait, so that the code of the runtime and of the engine is in the module
/// of the conversation, and not in one that it shares with the view.
pub(crate) trait TabControl {
    /// Carries out a command of the visitor.
    fn command(&self, command: Command);

    /// Sets the text of the composer. Agents may see it before it is sent if the visitor has typed it.
    fn set_draft(&self, text: String, is_typed: bool);

    /// Makes this tab continue the conversation, although another tab may run it.
    fn take_over(&self);

    /// What this tab shows now.
    fn view(&self) -> TabView;

    /// The marker of the latest forgetting.
    fn marker(&self) -> ForgetMarker;

    /// Whether this tab is the leader of the website's tabs.
    fn leads(&self) -> bool;

    /// Whether the conversation survives a reload.
    fn survives_reload(&self) -> bool;

    /// Whether the visitor has rated the conversation of this engagement.
    fn is_rated(&self, engagement: EngagementId) -> bool;

    /// Notes that the visitor has rated the conversation of this engagement.
    fn mark_rated(&self, engagement: EngagementId);
}

/// Speaks to screen readers. `during/announcer.rs` implements it.
pub(crate) trait Announce {
    /// Announces what differs from the previous call.
    fn observe(&self, tab: &TabView);

    /// Says a sentence.
    fn say(&self, text: &str);

    /// Uses other texts from now on.
    fn set_texts(&self, texts: Rc<Texts>);

    /// Speaks no more.
    fn shut_down(&self);
}

/// The place of the object that speaks to screen readers. It is empty until the module that draws the content is loaded;
/// nothing is said before that.
#[derive(Clone, Default)]
pub(crate) struct AnnouncerSlot(Rc<OnceCell<Rc<dyn Announce>>>);

impl AnnouncerSlot {
    /// Puts the object into its place.
    pub(crate) fn fill(&self, announcer: Rc<dyn Announce>) {
        // This fails only if the place is filled already, and then nothing is missing.
        let _ = self.0.set(announcer);
    }

    /// The object; `None` until the module that draws the content is loaded.
    pub(crate) fn get(&self) -> Option<&dyn Announce> {
        self.0.get().map(|announcer| &**announcer)
    }

    /// Says a sentence.
    pub(crate) fn say(&self, text: &str) {
        if let Some(announcer) = self.get() {
            announcer.say(text);
        }
    }
}

/// What the functions that show a conversation need: the texts, the state, and the objects that change it. A clone
/// shares them.
#[derive(Clone)]
pub(crate) struct ViewContext {
    /// Runs the conversation in this browser tab.
    pub(crate) runtime: Rc<dyn TabControl>,
    pub(crate) texts: Rc<Texts>,
    /// The state that the panel shows.
    pub(crate) store: Rc<WidgetStore>,
    /// What the host says about itself.
    pub(crate) brand: Rc<Brand>,
    /// The cards after a conversation.
    pub(crate) follow_up: Rc<LoadedCards>,
    /// Speaks to screen readers.
    pub(crate) announcer: AnnouncerSlot,
    /// The functions by which the host (the web page that embeds the chat) may change a message.
    pub(crate) hooks: Rc<HostHooks>,
    /// The objects and functions in TypeScript that the view calls, such as the object that uploads files.
    pub(crate) services: PageServices,
}

/// `follow_up`, `announcer`, `hooks` and `services` are not compared, because they never change while the runtime stays the same.
impl PartialEq for ViewContext {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.runtime, &other.runtime)
            && Rc::ptr_eq(&self.texts, &other.texts)
            && Rc::ptr_eq(&self.brand, &other.brand)
            && Rc::ptr_eq(&self.store, &other.store)
    }
}

impl ViewContext {
    /// The state that the panel shows.
    pub(crate) fn state(&self) -> Rc<WidgetState> {
        self.store.state()
    }

    /// Changes the state that the panel shows, and draws the change at once.
    pub(crate) fn update(&self, input: WidgetInput) {
        self.store.update(input, DrawTime::AtOnce);
    }

    /// Says a sentence of the panel's language to screen readers.
    pub(crate) fn say_text(&self, key: TextKey) {
        self.announcer.say(&self.texts.get(key));
    }

    /// Sends a command to the engine, which has the rules of a conversation.
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
        self.command(Command::Start(self.form_answers()));
    }

    /// Sends a message, after the host's hook `beforeSend` has accepted or changed the text. If the hook rejects the
    /// text, the text is put back into the composer, unless the visitor has typed something else meanwhile. If the hook
    /// takes longer than [`SLOW_HOOK_MS`], the visitor sees that the text waits for the page, and can take it back. The text
    /// is dropped if the visitor is forgotten meanwhile.
    pub(crate) fn send(&self, text: String) {
        let Some(before_send) = self.hooks.before_send.clone() else {
            return self.post(text);
        };
        // Empties the composer while the hook decides.
        self.runtime.set_draft(String::new(), false);
        let is_taken_back = Rc::new(Cell::new(false));
        let waiting = WaitingText {
            text: text.as_str().into(),
            is_taken_back: is_taken_back.clone(),
        };
        let visitor_marker = self.runtime.marker();
        let context = self.clone();
        let add_waiting_text = Timeout::new(SLOW_HOOK_MS, move || {
            if context.runtime.marker() == visitor_marker {
                context.say_text(TextKey::WaitingForPage);
                context.update(WidgetInput::AddWaitingText(waiting));
            }
        });
        let context = self.clone();
        spawn_local(async move {
            let result = hooks::run_before_send(before_send, &text).await;
            drop(add_waiting_text);
            context.update(WidgetInput::RemoveWaitingText(is_taken_back.clone()));
            match result {
                _ if is_taken_back.get() || context.runtime.marker() != visitor_marker => {}
                Some(text) => context.post(text),
                None if context.runtime.view().draft.is_empty() => {
                    context.runtime.set_draft(text, false);
                }
                None => {}
            }
        });
    }

    /// Puts all texts that wait for the hook `beforeSend` back into the composer, before what the visitor has typed there
    /// meanwhile. They are not sent when the hook answers.
    pub(crate) fn take_back_waiting_texts(&self) {
        let waiting = self.state().waiting_texts.clone();
        let mut lines: Vec<String> = Vec::new();
        for text in waiting {
            text.is_taken_back.set(true);
            lines.push(text.text.to_string());
            self.update(WidgetInput::RemoveWaitingText(text.is_taken_back));
        }
        let draft = self.runtime.view().draft;
        lines.extend(Some(draft.to_string()).filter(|draft| !draft.is_empty()));
        self.runtime.set_draft(lines.join("\n"), false);
    }

    /// Passes a message to the engine. The message may be the first of a conversation, and the command `Send` starts a
    /// conversation without the form's values. Therefore the command `Start` first passes the values, if the form has
    /// any. While a conversation runs, `Start` changes nothing.
    fn post(&self, text: String) {
        let form_answers = self.form_answers();
        if form_answers != FormAnswers::default() {
            self.command(Command::Start(form_answers));
        }
        self.command(Command::Send(text));
    }

    /// The values of the form before the conversation: what the visitor has entered, and what the host has prefilled.
    fn form_answers(&self) -> FormAnswers {
        self.state().form.answers()
    }
}
