//! The conversation's part: what is loaded while the panel stands already.

mod report;

use std::cell::{Cell, Ref, RefCell};
use std::rc::Rc;

use js_sys::{Array, Function};
use pipit_engine::{Command, Conversation};
use wasm_bindgen::JsValue;

use crate::availability::Availability;
use crate::locale::{self, TextKey, Texts};
use crate::options::Options;
use crate::part::part;
use crate::runtime::Runtime;
use crate::talk::{Around, Live, Scene, Talk, Wish};
use crate::view::after::save;
use crate::view::content;
use crate::view::context::ViewContext;
use crate::view::frame::header::HeaderPopover;

use report::Reporter;

/// What a conversation begins with.
pub(crate) struct Begin {
    pub(crate) options: JsValue,
    /// Whether the panel can be opened and closed.
    pub(crate) can_close: bool,
    pub(crate) words: Rc<Texts>,
    pub(crate) report: Function,
    pub(crate) talk: Talk,
}

part! {
    conversation: pub(crate) fn begin(begin: Begin) -> Result<(), String> {
        enter(begin)
    }
}

fn enter(begin: Begin) -> Result<(), String> {
    let Begin {
        options,
        can_close,
        words,
        report,
        talk,
    } = begin;
    if talk.is_left() {
        return Ok(());
    }
    locale::load_remaining();
    let options = Options::read(&options)?;
    let (form, message_form) = (options.form()?, options.message_form()?);
    let runtime = Runtime::new(&options);
    let link = ViewContext {
        runtime: runtime.clone(),
        texts: words,
        form: Rc::new(form),
        message_form: Rc::new(message_form),
        hooks: Rc::new(options.hooks()),
        parts: options.parts,
    };
    let reporter = Reporter::new(report, &link, can_close);
    let here = Rc::new(Here {
        now: RefCell::new(link.conversation()),
        link: RefCell::new(link),
        is_asked: Rc::default(),
        popover: HeaderPopover::default(),
        availability: Cell::new(options.availability),
        reporter: reporter.clone(),
        talk: talk.clone(),
    });
    let watching = Rc::downgrade(&here);
    runtime.watch(move |now| {
        if let Some(here) = watching.upgrade() {
            here.see(now);
        }
    });
    let here: Rc<dyn Live> = here;
    talk.arrive(&here);
    // Last, for the page may call back while it is told.
    Reporter::begin(&reporter, &runtime);
    Ok(())
}

/// The conversation that is here.
struct Here {
    link: RefCell<ViewContext>,
    now: RefCell<Conversation>,
    /// Whether the visitor is asked before a new conversation.
    is_asked: Rc<Cell<bool>>,
    popover: HeaderPopover,
    availability: Cell<Availability>,
    reporter: Rc<Reporter>,
    talk: Talk,
}

impl Live for Here {
    fn wish(&self, wish: Wish) {
        let link = self.link();
        match wish {
            Wish::ShowPanel(is_open) => link.runtime.show_panel(is_open),
            Wish::Draft(text) => link.runtime.set_draft(text),
            Wish::Start => link.start(),
            Wish::Send(text) => link.send(text),
        }
    }

    fn is_open(&self) -> bool {
        self.now().is_open
    }

    fn scene(&self, around: &Around) -> Scene {
        let asking = content::PreChatFlow {
            is_asked: self.is_asked.clone(),
            popover: self.popover.clone(),
            availability: self.availability.get(),
            context: self.link(),
            talk: self.talk.clone(),
        };
        content::of(&asking, &self.now(), around)
    }

    fn call(&self, command: &str, argument: &JsValue) -> Result<JsValue, String> {
        let link = self.link();
        match command {
            "startChat" => {
                self.is_told_enough()?;
                link.start();
            }
            "endChat" => link.command(Command::End),
            "send" => {
                let text = text(argument)?;
                if text.trim().is_empty() {
                    return Err("E_ARGUMENT: a message cannot be empty.".to_owned());
                }
                if !self.now().phase.is_live() {
                    self.is_told_enough()?;
                }
                link.send(text);
            }
            "setDraft" => link.runtime.set_draft(text(argument)?),
            "markRead" => self.reporter.mark_read(&link.runtime),
            "setConsent" => {
                link.form.agree(argument.is_truthy());
                self.talk.changed();
            }
            "availability" => {
                self.availability.set(Availability::read(&text(argument)?));
                self.talk.changed();
            }
            // Whether as a page, and the title.
            "transcript" => {
                let asked = Array::from(argument);
                let title = asked.get(1).as_string();
                let title = title.unwrap_or_else(|| link.texts.get(TextKey::Title).to_string());
                return Ok(save::transcript(link, title, asked.get(0).is_truthy()).into());
            }
            _ => return Err(["E_COMMAND: there is no command `", command, "`."].concat()),
        }
        Ok(JsValue::UNDEFINED)
    }

    fn update(&self, options: &JsValue, words: &Rc<Texts>, asks_anew: bool) -> Result<(), String> {
        let options = Options::read(options)?;
        let read = |options: &Options| Ok::<_, String>((options.form()?, options.message_form()?));
        let forms = asks_anew.then(|| read(&options)).transpose()?;
        let runtime = {
            let mut link = self.link.borrow_mut();
            link.texts = words.clone();
            if let Some((form, message_form)) = forms {
                link.form = Rc::new(form);
                link.message_form = Rc::new(message_form);
            }
            link.runtime.clone()
        };
        self.reporter.speak(&runtime, words.clone());
        self.talk.changed();
        Ok(())
    }

    fn leave(&self) {
        self.link().runtime.shut_down();
    }
}

impl Here {
    fn link(&self) -> ViewContext {
        self.link.borrow().clone()
    }

    fn now(&self) -> Ref<'_, Conversation> {
        self.now.borrow()
    }

    fn see(&self, now: Conversation) {
        if !content::stands(&now.phase) {
            self.is_asked.set(false);
        }
        self.popover.see(&now.phase);
        let now = self.link().hooks.shown(now);
        *self.now.borrow_mut() = now;
        self.talk.changed();
    }

    /// The page cannot go past the form.
    fn is_told_enough(&self) -> Result<(), String> {
        let link = self.link();
        if link.form.is_needed() && !link.form.is_complete() {
            link.runtime.show_panel(true);
            let told = "E_FORM: the visitor has to fill in the form first; the panel shows it.";
            return Err(told.to_owned());
        }
        Ok(())
    }
}

fn text(argument: &JsValue) -> Result<String, String> {
    let told = "E_ARGUMENT: this command takes a text.";
    argument.as_string().ok_or_else(|| told.to_owned())
}
