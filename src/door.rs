//! The door between the page's TypeScript and the panel: commands come in, what happens goes out, each
//! as a name and plain data. So the two may live in different frames, and nothing here knows the page.

mod payload;
mod report;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Function, Reflect};
use pipit_engine::Command;
use wasm_bindgen::JsValue;
use web_sys::Element;

use crate::locale::Word;
use crate::options::Options;
use crate::runtime::Runtime;
use crate::view::{self, Drawing, Link, Sheet, WidgetProps};
pub(crate) use payload::Payload;
use report::Reporter;

thread_local! {
    static DOOR: RefCell<Door> = RefCell::default();
}

/// The page's one drawing, and what it shows now.
#[derive(Default)]
struct Door {
    drawing: Option<(Element, Drawing)>,
    panel: Option<Panel>,
    /// How many panels there have been.
    panels: u32,
}

/// A panel that runs.
#[derive(Clone)]
struct Panel {
    number: u32,
    options: Options,
    link: Link,
    sheet: Sheet,
    reporter: Rc<Reporter>,
}

/// Puts the drawing into `place` and begins a panel.
///
/// # Errors
/// Names the option that cannot be read.
pub(crate) fn mount(place: &Element, options: &JsValue, report: Function) -> Result<(), String> {
    let options = Options::read(options)?;
    let words = Rc::new(options.words()?);
    let form = Rc::new(options.form()?);
    destroy();
    DOOR.with_borrow_mut(|door| {
        let root = door.root(place)?;
        door.panels += 1;
        let link = Link {
            runtime: Runtime::new(&options),
            words,
            form,
            hooks: Rc::new(options.hooks()),
            takes_focus: Rc::new(Cell::new(false)),
        };
        let panel = Panel {
            number: door.panels,
            sheet: Sheet::beside(place),
            reporter: Reporter::new(report, &link, options.mode),
            link,
            options,
        };
        match &mut door.drawing {
            Some((_, drawing)) => view::redraw(drawing, Some(panel.props())),
            None => door.drawing = Some((root.clone(), view::draw(root, panel.props()))),
        }
        door.panel = Some(panel);
        Ok::<(), String>(())
    })?;
    // Outside, for the page may call back while it is told.
    with_panel(|panel| Reporter::begin(&panel.reporter, &panel.link.runtime))
}

/// Does what the page wants.
///
/// # Errors
/// A text that begins with a code.
pub(crate) fn call(command: &str, argument: &JsValue) -> Result<JsValue, String> {
    if command == "destroy" {
        destroy();
        return Ok(JsValue::UNDEFINED);
    }
    let panel = with_panel(Panel::clone)?;
    let link = &panel.link;
    match command {
        "open" => {
            link.takes_focus.set(argument.is_truthy());
            link.runtime.show_panel(true);
        }
        "close" => link.runtime.show_panel(false),
        "startChat" => panel.start()?,
        "endChat" => link.runtime.command(Command::End),
        "send" => panel.send(text(argument)?)?,
        "setDraft" => link.runtime.draft(text(argument)?),
        "markRead" => panel.reporter.mark_read(&link.runtime),
        "setConsent" => link.form.agree(argument.is_truthy()),
        "update" => panel.update(argument)?,
        "transcript" => return Ok(panel.transcript(argument).into()),
        _ => return Err(["E_COMMAND: there is no command `", command, "`."].concat()),
    }
    Ok(JsValue::UNDEFINED)
}

fn with_panel<T>(with: impl FnOnce(&Panel) -> T) -> Result<T, String> {
    // Cloned out, for what is done with it may come back here.
    let panel = DOOR.with_borrow(|door| door.panel.clone());
    let panel = panel.ok_or("E_DESTROYED: the chat is off the page.")?;
    Ok(with(&panel))
}

fn destroy() {
    let panel = DOOR.with_borrow_mut(|door| {
        if let Some((root, drawing)) = &mut door.drawing {
            view::redraw(drawing, None);
            root.remove();
        }
        door.panel.take()
    });
    if let Some(panel) = panel {
        panel.link.runtime.leave();
    }
}

fn text(argument: &JsValue) -> Result<String, String> {
    let told = "E_ARGUMENT: this command takes a text.";
    argument.as_string().ok_or_else(|| told.to_owned())
}

impl Door {
    /// The element of the drawing, in its place.
    fn root(&self, place: &Element) -> Result<Element, String> {
        let root = match &self.drawing {
            Some((root, _)) => Some(root.clone()),
            None => place
                .owner_document()
                .and_then(|page| page.create_element("div").ok()),
        };
        root.filter(|root| place.append_child(root).is_ok())
            .ok_or_else(|| "Pipit: this page takes no elements.".to_owned())
    }
}

impl Panel {
    fn props(&self) -> WidgetProps {
        WidgetProps {
            number: self.number,
            link: self.link.clone(),
            title: self.options.title.clone(),
            mode: self.options.mode,
            sheet: self.sheet.clone(),
        }
    }

    fn start(&self) -> Result<(), String> {
        self.is_told_enough()?;
        self.link.start();
        Ok(())
    }

    fn send(&self, text: String) -> Result<(), String> {
        if text.trim().is_empty() {
            return Err("E_ARGUMENT: a message cannot be empty.".to_owned());
        }
        if !self.link.runtime.conversation().phase.is_live() {
            self.is_told_enough()?;
        }
        self.link.send(text);
        Ok(())
    }

    /// The page cannot go past the form.
    fn is_told_enough(&self) -> Result<(), String> {
        let form = &self.link.form;
        if form.is_needed() && !form.is_complete() {
            self.link.runtime.show_panel(true);
            let told = "E_FORM: the visitor has to fill in the form first; the panel shows it.";
            return Err(told.to_owned());
        }
        Ok(())
    }

    /// What was said, as a file: a page where that is asked for, else plain text.
    fn transcript(&self, format: &JsValue) -> String {
        let words = &self.link.words;
        let title = self.options.title.clone();
        let title = title.unwrap_or_else(|| words.say(Word::Title).to_string());
        view::transcript(&self.link, &title, format == "html")
    }

    fn update(mut self, changed: &JsValue) -> Result<(), String> {
        self.options.change(changed)?;
        let has = |name: &&str| Reflect::has(changed, &(*name).into()) == Ok(true);
        if ["words", "locale", "language"].iter().any(&has) {
            self.link.words = Rc::new(self.options.words()?);
        }
        if ["form", "prefill", "consent"].iter().any(&has) {
            self.link.form = Rc::new(self.options.form()?);
        }
        self.reporter
            .speak(&self.link.runtime, self.link.words.clone());
        DOOR.with_borrow_mut(|door| {
            if let Some((_, drawing)) = &mut door.drawing {
                view::redraw(drawing, Some(self.props()));
            }
            door.panel = Some(self);
        });
        Ok(())
    }
}
