//! The door between the page's TypeScript and the panel: commands come in, what happens goes out, each
//! as a name and plain data. So the two may live in different frames, and nothing here knows the page.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::future_to_promise;
use web_sys::Element;

use crate::live::{self, Begin};
use crate::options::Options;
use crate::talk::{Talk, Wish};
use crate::view::{self, Drawing, Front, Sheet, WidgetProps};

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
    front: Front,
    takes_focus: bool,
    sheet: Sheet,
}

/// Puts the drawing into `place` and begins a panel. The promise is kept when the conversation is here.
///
/// # Errors
/// Names the option that cannot be read.
pub(crate) fn mount(
    place: &Element,
    options: &JsValue,
    report: Function,
) -> Result<Promise, String> {
    let options = Options::read(options)?;
    let front = Front {
        talk: Talk::new(options.is_blank_at_first()),
        words: Rc::new(options.words()?),
    };
    destroy();
    let begin = Begin {
        options: options.clone(),
        words: front.words.clone(),
        report,
        talk: front.talk.clone(),
    };
    DOOR.with_borrow_mut(|door| {
        door.panels += 1;
        let panel = Panel {
            number: door.panels,
            options,
            front,
            takes_focus: false,
            sheet: Sheet::beside(place),
        };
        let root = door.root(place)?;
        match &mut door.drawing {
            Some((_, drawing)) => view::redraw(drawing, Some(panel.props())),
            None => door.drawing = Some((root.clone(), view::draw(root, panel.props()))),
        }
        door.panel = Some(panel);
        Ok::<(), String>(())
    })?;
    Ok(future_to_promise(async move {
        if begin.talk.is_left() {
            return Ok(JsValue::UNDEFINED);
        }
        let begun = live::begin(begin).await;
        let begun = begun.unwrap_or_else(|_| Err(NOT_LOADED.to_owned()));
        begun.map(|()| JsValue::UNDEFINED).map_err(JsValue::from)
    }))
}

const NOT_LOADED: &str = "E_NOT_LOADED: a part of the widget could not be loaded.";

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
    let panel = panel.ok_or("E_DESTROYED: this chat was taken off the page.")?;
    let talk = panel.front.talk.clone();
    match command {
        "open" => {
            panel.focus(argument.is_truthy());
            talk.wish(Wish::ShowPanel(true));
        }
        "close" => talk.wish(Wish::ShowPanel(false)),
        "update" => panel.update(argument)?,
        _ => {
            let live = talk
                .live()
                .ok_or("E_NOT_LOADED: the conversation is still being loaded.")?;
            return live.call(command, argument);
        }
    }
    Ok(JsValue::UNDEFINED)
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
        panel.front.talk.leave();
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
            view::redraw(drawing, Some(panel.props()));
        }
        self.panel = Some(panel);
    }
}

impl Panel {
    fn props(&self) -> WidgetProps {
        WidgetProps {
            number: self.number,
            front: self.front.clone(),
            takes_focus: self.takes_focus,
            title: self.options.title.clone(),
            mode: self.options.mode,
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
        self.options.change(changed)?;
        let has = |name: &&str| Reflect::has(changed, &(*name).into()) == Ok(true);
        if ["words", "locale", "language"].iter().any(|name| has(name)) {
            self.front.words = Rc::new(self.options.words()?);
        }
        let live = self.front.talk.live();
        let live = live.ok_or("E_NOT_LOADED: the conversation is still being loaded.")?;
        let asks_anew = ["form", "prefill", "consent"].iter().any(|name| has(name));
        live.update(&self.options, &self.front.words, asks_anew)?;
        DOOR.with_borrow_mut(|door| door.redraw(self));
        Ok(())
    }
}
