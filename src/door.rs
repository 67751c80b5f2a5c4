//! The door between the page's TypeScript and the panel: commands come in, what happens goes out, each
//! as a name and plain data. So the two may live in different frames, and nothing here knows the page.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::future_to_promise;
use web_sys::Element;

use crate::live::{self, Begin};
use crate::options::Surface;
use crate::part::NOT_LOADED;
use crate::talk::{Live, Talk, Wish};
use crate::view::context::PanelContext;
use crate::view::frame::style_sheet::StyleSheet;
use crate::view::frame::widget::WidgetProps;
use crate::view::root::{self, Drawing};

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
    options: JsValue,
    surface: Surface,
    report: Function,
    talk: Talk,
    takes_focus: bool,
    sheet: StyleSheet,
}

/// Puts the drawing into `place` and begins a panel. The conversation comes by the command `load`.
///
/// # Errors
/// Names the option that cannot be read.
pub(crate) fn mount(place: &Element, options: &JsValue, report: Function) -> Result<(), String> {
    let surface = Surface::read(options)?;
    let talk = Talk::new(surface.is_blank);
    destroy();
    DOOR.with_borrow_mut(|door| {
        door.panels += 1;
        let panel = Panel {
            number: door.panels,
            options: options.clone(),
            surface,
            report,
            talk,
            takes_focus: false,
            sheet: StyleSheet::beside(place),
        };
        let root = door.root(place)?;
        match &mut door.drawing {
            Some((_, drawing)) => root::redraw(drawing, Some(panel.props())),
            None => door.drawing = Some((root.clone(), root::draw(root, panel.props()))),
        }
        door.panel = Some(panel);
        Ok(())
    })
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
    let panel = DOOR.with_borrow(|door| door.panel.clone());
    // Cloned out, for what is done with it may come back here.
    let panel = panel.ok_or("E_DESTROYED: the chat is off the page.")?;
    let talk = panel.talk.clone();
    match command {
        "open" => {
            panel.focus(argument.is_truthy());
            talk.wish(Wish::ShowPanel(true));
        }
        "load" => return Ok(panel.load().into()),
        "close" => talk.wish(Wish::ShowPanel(false)),
        "update" => panel.update(argument)?,
        _ => return panel.live()?.call(command, argument),
    }
    Ok(JsValue::UNDEFINED)
}

fn destroy() {
    let panel = DOOR.with_borrow_mut(|door| {
        if let Some((root, drawing)) = &mut door.drawing {
            root::redraw(drawing, None);
            root.remove();
        }
        door.panel.take()
    });
    if let Some(panel) = panel {
        panel.talk.leave();
    }
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

    fn redraw(&mut self, panel: Panel) {
        if let Some((_, drawing)) = &mut self.drawing {
            root::redraw(drawing, Some(panel.props()));
        }
        self.panel = Some(panel);
    }
}

impl Panel {
    /// Fetches the conversation. The promise is kept when it is here, and broken where it could not be fetched:
    /// then this can be done again.
    fn load(&self) -> Promise {
        let begin = Begin {
            options: self.options.clone(),
            can_close: self.surface.mode.can_close(),
            words: self.surface.words.clone(),
            report: self.report.clone(),
            talk: self.talk.clone(),
        };
        let talk = self.talk.clone();
        future_to_promise(async move {
            if talk.is_left() {
                return Ok(JsValue::UNDEFINED);
            }
            let begun = live::begin(begin).await.unwrap_or_else(|_| {
                talk.miss();
                Err(NOT_LOADED.to_owned())
            });
            begun.map(|()| JsValue::UNDEFINED).map_err(JsValue::from)
        })
    }

    /// The conversation.
    ///
    /// # Errors
    /// It is not here yet.
    fn live(&self) -> Result<Rc<dyn Live>, String> {
        let told = "E_NOT_LOADED: the conversation is still being loaded.";
        self.talk.live().ok_or_else(|| told.to_owned())
    }

    fn props(&self) -> WidgetProps {
        WidgetProps {
            number: self.number,
            context: PanelContext {
                talk: self.talk.clone(),
                texts: self.surface.words.clone(),
            },
            takes_focus: self.takes_focus,
            title: self.surface.title.clone(),
            mode: self.surface.mode,
            sheet: self.sheet.clone(),
        }
    }

    fn focus(mut self, takes_focus: bool) {
        if self.takes_focus != takes_focus {
            self.takes_focus = takes_focus;
            DOOR.with_borrow_mut(|door| door.redraw(self));
        }
    }

    fn update(mut self, changed: &JsValue) -> Result<(), String> {
        let all = Object::assign(&Object::new(), self.options.unchecked_ref());
        let all = Object::assign(&all, changed.unchecked_ref());
        let live = self.live()?;
        let has = |name: &&str| Reflect::has(changed, &(*name).into()) == Ok(true);
        let asks_anew = ["form", "prefill", "consent", "messageForm"]
            .iter()
            .any(has);
        self.options = all.into();
        self.surface = Surface::read(&self.options)?;
        live.update(&self.options, &self.surface.words, asks_anew)?;
        DOOR.with_borrow_mut(|door| door.redraw(self));
        Ok(())
    }
}
