//! The entry of the conversation part (the WASM module that is loaded after the panel and has the engine and the runtime).
//! The loaded conversation performs the page's commands and the visitor's actions. It also loads the module that draws
//! everything about messages.
//!
//! `js_api` calls [`start`], which first fetches the conversation part. All code that only [`start`] can reach is
//! compiled into the conversation part. If other code called a function of this part, the build would move that
//! function into the first WASM module, which draws the panel and has to stay small.

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

use js_sys::{Function, Object, Promise, Reflect};
use pipit_engine::{Command, ForgetMarker, TabView};
use pipit_wire::EngagementId;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::future_to_promise;
use web_sys::Element;

use super::command::{ConversationCommand, Forgetting, TranscriptRequest};
use super::event_emitter::EventEmitter;
use crate::app::widget_state::{DrawTime, HeaderPopover, WidgetInput, WidgetState, WidgetStore};
use crate::config::agent_pictures::AgentPictures;
use crate::config::appearance::Appearance;
use crate::config::brand::Brand;
use crate::config::contacts::read_contacts;
use crate::config::hooks::HostHooks;
use crate::config::options::{self, ConversationOptions};
use crate::config::page_services::PageServices;
use crate::config::picture_hosts::PictureHosts;
use crate::form::{Form, FormInput};
use crate::lazy_module::lazy_module;
use crate::locale::{self, Texts};
use crate::page_error::{ErrorCode, PageError};
use crate::runtime::{InputOrigin, Runtime};
use crate::view::after::save;
use crate::view::content;
use crate::view::context::{Announce, AnnouncerSlot, TabControl, ViewContext};
use crate::view::conversation_slot::{ConversationPart, ConversationSlot, UserAction};
use crate::view::draw_schedule::DrawSchedule;
use crate::view::during::announcer::Announcer;
use crate::view::during::time_limits::TimeLimits;
use crate::view::panel_content::{PanelContent, PanelEnvironment};

/// The functions of the loaded conversation that `js_api` calls for the web page.
pub(super) trait ConversationApi {
    /// Performs a command of [`ConversationCommand`]. Returns its result: `undefined`, or a promise.
    ///
    /// # Errors
    /// The command is unknown, not possible now, or was called with a wrong argument.
    fn call(&self, name: &str, argument: &JsValue) -> Result<JsValue, PageError>;

    /// Applies changed options; `changed` has only the options that change. Returns how the panel looks afterwards.
    ///
    /// # Errors
    /// Names the option that cannot be read, or that must not change. In both cases no option is changed.
    fn update(&self, changed: &JsValue) -> Result<Appearance, PageError>;

    /// Loads the module that draws the panel's content, and shows the content. The promise is rejected if the module
    /// cannot be fetched.
    fn load_content(self: Rc<Self>) -> Promise;

    /// Stops everything that runs in this browser tab. The conversation itself continues at the server.
    fn shut_down(&self);
}

/// The functions of the module that draws the panel's content.
#[derive(Clone, Copy)]
struct ContentFunctions {
    /// Draws the content.
    render: fn(&ViewContext, &PanelEnvironment) -> PanelContent,
    /// Makes the object that speaks to screen readers.
    announcer: fn(Element, Rc<Texts>, &TabView) -> Rc<dyn Announce>,
}

/// What the first module hands to the conversation part.
pub(super) struct ConversationSetup {
    /// The options as the web page has handed them to `mount`.
    pub(super) options: JsValue,
    /// How the panel looks, as the first module has read it from the options.
    pub(super) appearance: Appearance,
    /// The page's function that receives the name and the payload of each event.
    pub(super) emit: Function,
    /// The widget's outermost element, which contains the panel.
    pub(super) container: Element,
    /// The place of the conversation in the panel.
    pub(super) slot: ConversationSlot,
    /// The loaded conversation, which performs the page's commands; empty until the conversation part is loaded.
    pub(super) conversation: OnceCell<Rc<dyn ConversationApi>>,
}

// `start` loads the WASM module `conversation`, and starts the conversation in it; `lazy_module.rs` explains the macro. It
// returns a promise of the content.
lazy_module! {
    conversation: pub(super) fn start(setup: Rc<ConversationSetup>) -> Result<JsValue, PageError> {
        start_conversation(&setup).map(|()| {
            let conversation = setup.conversation.get().cloned();
            conversation.map_or(JsValue::UNDEFINED, |conversation| conversation.load_content().into())
        })
    }
}

// The visitor's first message does not wait for the module `content`. No other code may name these functions, because that
// would move them into another module.
lazy_module! {
    content: fn content_functions() -> ContentFunctions {
        ContentFunctions { render: content::render, announcer: Announcer::create }
    }
}

/// Reads the options, starts the runtime and puts the loaded conversation into the panel. Does nothing if an earlier call
/// has done it: the page loads the modules again if one of them could not be fetched.
fn start_conversation(setup: &ConversationSetup) -> Result<(), PageError> {
    let ConversationSetup {
        options: given_options,
        appearance,
        emit,
        container,
        slot,
        conversation,
    } = setup;
    // The page may have destroyed the panel while the module was loading.
    if slot.is_removed() || conversation.get().is_some() {
        return Ok(());
    }
    // Adds the English texts that the first module does not have.
    locale::load_remaining();
    let options = read_options(given_options)?;
    let (form, message_form) = read_forms(&options)?;
    if let Some(finder) = options.find_fetch.clone() {
        pipit_fetch::set_fetch_finder(finder);
    }
    let runtime = Runtime::new(&options);
    let brand = Brand::new(&options);
    let time_limits = TimeLimits::new(options.idle_limit_seconds, options.queue_limit_seconds);
    let hooks = HostHooks::new(options.before_send, options.before_render);
    let state = WidgetState {
        waiting_texts: Vec::new(),
        ending_soon: None,
        is_failure_dismissed: false,
        tab: hooks.apply_before_render(runtime.view()),
        form: Rc::new(form),
        message_form: Rc::new(message_form),
        availability: options.initial_availability.unwrap_or_default(),
        popover: HeaderPopover::Closed,
        is_form_requested: false,
    };
    let schedule = DrawSchedule::new(slot.clone());
    let first_tab = state.tab.clone();
    let store = WidgetStore::new(state, move |time| schedule.draw(time));
    let context = ViewContext {
        brand: brand.into(),
        follow_up: Rc::default(),
        announcer: AnnouncerSlot::default(),
        runtime: Rc::new(runtime.clone()),
        texts: appearance.texts.clone(),
        store: Rc::new(store),
        hooks: Rc::new(hooks),
        services: PageServices {
            attachments: options.attachments,
            notifications: options.notifications,
            contacts: read_contacts(options.contacts.as_ref()).into(),
            agent_pictures: AgentPictures::new(options.agent_avatars),
            picture_hosts: PictureHosts::new(options.picture_hosts),
            send_to_host: options.send_to_host,
            can_rate: options.rates.is_some(),
            can_mail: options.mails.is_some(),
        },
    };
    let can_close = appearance.mode.can_close();
    let loaded = Rc::new(LoadedConversation {
        time_limits,
        emitter: EventEmitter::new(emit.clone(), can_close, &runtime.view()),
        context: RefCell::new(context),
        options: RefCell::new(given_options.clone()),
        slot: slot.clone(),
        content_functions: OnceCell::new(),
        container: container.clone(),
        first_tab,
        runtime: runtime.clone(),
        marker: Cell::new(runtime.view().marker),
    });
    // The runtime keeps this closure, and `loaded` keeps the runtime. A strong reference to `loaded` would be a cycle.
    let weak_loaded = Rc::downgrade(&loaded);
    runtime.watch(move |tab, origin| {
        if let Some(loaded) = weak_loaded.upgrade() {
            let draw_time = match origin {
                InputOrigin::Command => DrawTime::AtOnce,
                InputOrigin::Browser => DrawTime::NextFrame,
            };
            loaded.show(tab, draw_time);
        }
    });
    let part: Rc<dyn ConversationPart> = loaded.clone();
    slot.fill(&part);
    // This cannot fail, because nothing else fills the cell.
    let _ = conversation.set(loaded.clone());
    // This comes last, because the page may call a command while it receives an event. That command needs the loaded
    // conversation.
    loaded.emitter.begin(&runtime, &loaded.context().texts);
    Ok(())
}

/// Checks and reads the options that the conversation part needs.
fn read_options(given_options: &JsValue) -> Result<ConversationOptions, PageError> {
    options::check_names(given_options)?;
    if let Some(host_texts) = options::host_words(given_options)? {
        locale::check(&host_texts).map_err(PageError::option)?;
    }
    ConversationOptions::read(given_options)
}

/// Reads two forms: the form before a conversation, and the form by which the visitor leaves a message when nobody can
/// answer.
fn read_forms(options: &ConversationOptions) -> Result<(Form, Form), PageError> {
    let read = |option: (&str, Option<&JsValue>)| {
        Form::read(option, options.prefill.as_ref(), options.consent.clone())
            .map_err(PageError::option)
    };
    Ok((
        read(("form", options.form.as_ref()))?,
        read(("messageForm", options.message_form.as_ref()))?,
    ))
}

/// A conversation whose code is loaded.
struct LoadedConversation {
    /// The options with all changes that were applied so far.
    options: RefCell<JsValue>,
    /// What the view needs; a change of options may replace its texts.
    context: RefCell<ViewContext>,
    emitter: EventEmitter,
    time_limits: TimeLimits,
    slot: ConversationSlot,
    runtime: Rc<Runtime>,
    /// Empty until the module that draws the content is loaded.
    content_functions: OnceCell<ContentFunctions>,
    /// The widget's outermost element, which contains the panel.
    container: Element,
    /// What this tab showed at first. What differs from it is announced.
    first_tab: TabView,
    /// The marker of the latest forgetting that was shown. A higher marker means that the visitor was forgotten.
    marker: Cell<ForgetMarker>,
}

impl ConversationPart for LoadedConversation {
    fn perform(&self, action: UserAction) {
        let context = self.context();
        match action {
            UserAction::ShowPanel(is_open) => self.runtime.show_panel(is_open),
            UserAction::SetDraft { text, is_typed } => self.runtime.set_draft(text, is_typed),
            UserAction::Send(text) => context.send(text),
        }
    }

    fn is_open(&self) -> bool {
        self.context().state().tab.is_open
    }

    fn draft(&self) -> Rc<str> {
        self.context().state().tab.draft.clone()
    }

    fn has_content(&self) -> bool {
        self.content_functions.get().is_some()
    }

    fn panel_content(&self, environment: &PanelEnvironment) -> Option<PanelContent> {
        let functions = self.content_functions.get()?;
        Some((functions.render)(&self.context(), environment))
    }
}

impl ConversationApi for LoadedConversation {
    fn call(&self, name: &str, argument: &JsValue) -> Result<JsValue, PageError> {
        let Some(command) = ConversationCommand::parse(name, argument)? else {
            let message = ["there is no command `", name, "`."].concat();
            return Err(PageError::new(ErrorCode::Command, message));
        };
        let context = self.context();
        match command {
            ConversationCommand::StartChat => {
                self.check_form()?;
                context.start();
            }
            ConversationCommand::EndChat => context.command(Command::End),
            ConversationCommand::Forget {
                forgetting: Forgetting { marker, records },
            } => self.runtime.forget(marker, records),
            ConversationCommand::Send { text } => {
                if text.trim().is_empty() {
                    let message = "a message cannot be empty.";
                    return Err(PageError::new(ErrorCode::Argument, message));
                }
                if !context.state().tab.conversation.phase.is_live() {
                    self.check_form()?;
                }
                context.send(text);
            }
            ConversationCommand::SetDraft { text } => self.runtime.set_draft(text, false),
            ConversationCommand::MarkRead => {
                self.emitter.mark_read(&self.runtime, &context.texts);
            }
            ConversationCommand::SetConsent { is_granted } => {
                context.update(WidgetInput::Form(FormInput::SetConsent(is_granted)));
            }
            ConversationCommand::SetAvailability { availability } => {
                context.update(WidgetInput::SetAvailability(availability));
            }
            ConversationCommand::Transcript {
                request: TranscriptRequest { is_html, title },
            } => {
                let title = title.unwrap_or_else(|| context.texts.title().to_string());
                return Ok(save::transcript_promise(context, title, is_html).into());
            }
        }
        Ok(JsValue::UNDEFINED)
    }

    fn update(&self, changed: &JsValue) -> Result<Appearance, PageError> {
        options::check_changes(changed)?;
        // The changes are applied to a copy, so that an error leaves the options as they are.
        let merge = || -> JsValue {
            let current = self.options.borrow().clone();
            let copy: Object = Object::create(JsValue::NULL.unchecked_ref());
            let copy = Object::assign(&copy, current.unchecked_ref());
            Object::assign(&copy, changed.unchecked_ref()).into()
        };
        let read_changed_forms = |options: &ConversationOptions| {
            options::changes_forms(changed)
                .then(|| read_forms(options))
                .transpose()
        };
        let merged = merge();
        let appearance = Appearance::read(&merged)?;
        let options = read_options(&merged)?;
        read_changed_forms(&options)?;
        self.runtime.set_visitor(options.visitor());
        // What was known about another visitor is dropped now.
        let merged = merge();
        let options = read_options(&merged)?;
        let forms = read_changed_forms(&options)?;
        self.options.replace(merged);
        let mut context = self.context.borrow_mut();
        context.texts = appearance.texts.clone();
        context.brand = Rc::new(Brand::new(&options));
        drop(context);
        let context = self.context();
        if let Some(announcer) = context.announcer.get() {
            announcer.set_texts(appearance.texts.clone());
        }
        if let Some((form, message_form)) = forms {
            context.update(WidgetInput::ReplaceForms { form, message_form });
        }
        // The texts may have changed, so the launcher's label and the panel are renewed.
        self.emitter.report_state(&self.runtime, &context.texts);
        self.slot.redraw();
        Ok(appearance)
    }

    fn load_content(self: Rc<Self>) -> Promise {
        future_to_promise(async move {
            let Ok(functions) = content_functions().await else {
                self.slot.mark_load_failed();
                return Err(PageError::not_loaded().into());
            };
            if !self.slot.is_removed() && self.content_functions.set(functions).is_ok() {
                let context = self.context();
                let texts = context.texts.clone();
                let announcer =
                    (functions.announcer)(self.container.clone(), texts, &self.first_tab);
                announcer.observe(&context.state().tab);
                context.announcer.fill(announcer);
                self.slot.redraw();
            }
            Ok(JsValue::UNDEFINED)
        })
    }

    fn shut_down(&self) {
        let context = self.context();
        self.runtime.shut_down();
        if let Some(announcer) = context.announcer.get() {
            announcer.shut_down();
        }
        context.follow_up.clear();
        self.time_limits.shut_down();
    }
}

impl TabControl for Rc<Runtime> {
    fn command(&self, command: Command) {
        Runtime::command(self, command);
    }

    fn set_draft(&self, text: String, is_typed: bool) {
        Runtime::set_draft(self, text, is_typed);
    }

    fn take_over(&self) {
        Runtime::take_over(self);
    }

    fn view(&self) -> TabView {
        Runtime::view(self)
    }

    fn marker(&self) -> ForgetMarker {
        Runtime::marker(self)
    }

    fn leads(&self) -> bool {
        Runtime::leads(self)
    }

    fn survives_reload(&self) -> bool {
        Runtime::survives_reload(self)
    }

    fn is_rated(&self, engagement: EngagementId) -> bool {
        Runtime::is_rated(self, engagement)
    }

    fn mark_rated(&self, engagement: EngagementId) {
        Runtime::mark_rated(self, engagement);
    }
}

impl LoadedConversation {
    fn context(&self) -> ViewContext {
        self.context.borrow().clone()
    }

    /// Draws what this browser tab shows now, and reports the changes to the web page.
    fn show(&self, tab: &TabView, draw_time: DrawTime) {
        let context = self.context();
        if self.marker.replace(tab.marker) != tab.marker {
            self.forget_answers();
        }
        let shown = context.hooks.apply_before_render(tab.clone());
        if let Some(announcer) = context.announcer.get() {
            announcer.observe(&shown);
        }
        self.time_limits.observe(&context, &shown);
        context.store.update(WidgetInput::Tab(shown), draw_time);
        self.emitter.observe(&self.runtime, &context.texts);
    }

    /// Empties the forms, and drops the texts that wait for a hook, because the visitor was forgotten. The option `prefill`
    /// is dropped too: it says what the host knew about that visitor.
    fn forget_answers(&self) {
        let options = self.options.borrow().clone();
        let copy = Object::assign(&Object::new(), options.unchecked_ref());
        let _ = Reflect::delete_property(&copy, &"prefill".into());
        let copy: JsValue = copy.into();
        let forms = read_options(&copy).and_then(|options| read_forms(&options));
        self.options.replace(copy);
        let context = self.context();
        for waiting in context.state().waiting_texts.clone() {
            context.update(WidgetInput::RemoveWaitingText(waiting.is_taken_back));
        }
        // The options were read before, so this cannot fail.
        if let Ok((form, message_form)) = forms {
            context.update(WidgetInput::ReplaceForms { form, message_form });
            context.update(WidgetInput::RequestForm(false));
            context.update(WidgetInput::SetPopover(HeaderPopover::Closed));
        }
        self.emitter.report_forgetting();
    }

    /// Checks that the form before a conversation is complete or not needed. If the check fails, opens the panel, which
    /// shows the form.
    ///
    /// # Errors
    /// `E_FORM` if the form is needed and not complete.
    fn check_form(&self) -> Result<(), PageError> {
        let context = self.context();
        let form = context.state().form.clone();
        if form.is_needed() && !form.is_complete() {
            self.runtime.show_panel(true);
            let message = "the visitor has to fill in the form first; the panel shows it.";
            return Err(PageError::new(ErrorCode::Form, message));
        }
        Ok(())
    }
}
