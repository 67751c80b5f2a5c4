//! The boundary between the page's TypeScript and the panel: [`mount`] draws a panel, [`call`] takes the page's commands,
//! and events go out through a function that the page hands over. Everything crosses as plain data, so that the panel may
//! live in another frame than the page.
//!
//! This file belongs to the first module. `conversation` is the entry of the conversation part, which is loaded after the
//! panel has been drawn; only its lazy function may be called from here.

mod command;
mod conversation;
mod event_emitter;

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use js_sys::{Function, Object, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::future_to_promise;
use web_sys::Element;

use crate::config::appearance::Appearance;
use crate::page_error::{ErrorCode, PageError};
use crate::view::context::PanelContext;
use crate::view::conversation_slot::{ConversationSlot, UserAction};
use crate::view::frame::style_sheet::StyleSheet;
use crate::view::frame::widget::WidgetProps;
use crate::view::root::{self, Drawing};
use command::PanelCommand;
use conversation::{ConversationApi, ConversationSetup};

thread_local! {
    static PAGE: RefCell<PageState> = RefCell::default();
}

/// The page's one drawing, and the panel that it shows.
#[derive(Default)]
struct PageState {
    drawing: Option<(Element, Drawing)>,
    panel: Option<MountedPanel>,
    /// How many panels this page has had.
    panels: u32,
}

/// A panel on the page. Clones share the slot and the conversation.
#[derive(Clone)]
struct MountedPanel {
    number: u32,
    options: JsValue,
    appearance: Appearance,
    emit: Function,
    slot: ConversationSlot,
    conversation: Rc<OnceCell<Rc<dyn ConversationApi>>>,
    takes_focus: bool,
    style_sheet: StyleSheet,
}

/// Draws a panel into `place`, after destroying the one before it. The command `load` loads the conversation part.
///
/// # Errors
/// Names the option that cannot be read.
pub(crate) fn mount(place: &Element, options: &JsValue, emit: Function) -> Result<(), PageError> {
    let appearance = Appearance::read(options)?;
    let slot = ConversationSlot::new(appearance.is_content_unknown);
    destroy();
    PAGE.with_borrow_mut(|page| {
        page.panels += 1;
        let panel = MountedPanel {
            number: page.panels,
            options: options.clone(),
            appearance,
            emit,
            slot,
            conversation: Rc::default(),
            takes_focus: false,
            style_sheet: StyleSheet::adopt(place),
        };
        let element = page.root_element(place)?;
        match &mut page.drawing {
            Some((_, drawing)) => root::redraw(drawing, Some(panel.props())),
            None => page.drawing = Some((element.clone(), root::draw(element, panel.props()))),
        }
        page.panel = Some(panel);
        Ok(())
    })
}

/// Performs a command of the page. Returns its result: `undefined`, or a promise.
///
/// # Errors
/// The command is unknown, not possible now, or was called with a wrong argument.
pub(crate) fn call(name: &str, argument: &JsValue) -> Result<JsValue, PageError> {
    let Some(command) = PanelCommand::parse(name, argument)? else {
        return mounted()?.conversation()?.call(name, argument);
    };
    match command {
        PanelCommand::Open { take_focus } => mounted()?.open(take_focus),
        PanelCommand::Close => mounted()?.slot.perform(UserAction::ShowPanel(false)),
        PanelCommand::Load => return Ok(mounted()?.load().into()),
        PanelCommand::Destroy => destroy(),
        PanelCommand::Update { changed } => mounted()?.update(&changed)?,
    }
    Ok(JsValue::UNDEFINED)
}

/// A clone of the panel on the page, because a command may lead to another call of [`call`].
fn mounted() -> Result<MountedPanel, PageError> {
    let panel = PAGE.with_borrow(|page| page.panel.clone());
    panel.ok_or_else(|| PageError::new(ErrorCode::Destroyed, "the chat is off the page."))
}

fn destroy() {
    let panel = PAGE.with_borrow_mut(|page| {
        if let Some((element, drawing)) = &mut page.drawing {
            root::redraw(drawing, None);
            element.remove();
        }
        page.panel.take()
    });
    if let Some(panel) = panel {
        panel.slot.remove();
        if let Some(conversation) = panel.conversation.get() {
            conversation.shut_down();
        }
    }
}

impl PageState {
    /// The element of the drawing, appended to `place`.
    fn root_element(&self, place: &Element) -> Result<Element, PageError> {
        let element = match &self.drawing {
            Some((element, _)) => Some(element.clone()),
            None => place
                .owner_document()
                .and_then(|document| document.create_element("div").ok()),
        };
        element
            .filter(|element| place.append_child(element).is_ok())
            .ok_or_else(|| PageError::option("this page takes no elements."))
    }

    fn redraw(&mut self, panel: MountedPanel) {
        if let Some((_, drawing)) = &mut self.drawing {
            root::redraw(drawing, Some(panel.props()));
        }
        self.panel = Some(panel);
    }
}

impl MountedPanel {
    /// Loads the conversation part. The promise is rejected if it could not be fetched; then the page may call this again.
    fn load(&self) -> Promise {
        let setup = ConversationSetup {
            options: self.options.clone(),
            appearance: self.appearance.clone(),
            emit: self.emit.clone(),
            slot: self.slot.clone(),
            conversation: self.conversation.clone(),
        };
        let slot = self.slot.clone();
        future_to_promise(async move {
            if slot.is_removed() {
                return Ok(JsValue::UNDEFINED);
            }
            let started = conversation::start(setup).await.unwrap_or_else(|_| {
                slot.mark_load_failed();
                Err(PageError::not_loaded())
            });
            started.map(|()| JsValue::UNDEFINED).map_err(JsValue::from)
        })
    }

    /// The loaded conversation.
    ///
    /// # Errors
    /// The conversation part is not loaded yet.
    fn conversation(&self) -> Result<&Rc<dyn ConversationApi>, PageError> {
        let message = "the conversation is still being loaded.";
        self.conversation
            .get()
            .ok_or_else(|| PageError::new(ErrorCode::NotLoaded, message))
    }

    fn props(&self) -> WidgetProps {
        WidgetProps {
            number: self.number,
            context: PanelContext {
                conversation: self.slot.clone(),
                texts: self.appearance.texts.clone(),
            },
            takes_focus: self.takes_focus,
            title: self.appearance.title.clone(),
            mode: self.appearance.mode,
            style_sheet: self.style_sheet.clone(),
        }
    }

    fn open(mut self, take_focus: bool) {
        let slot = self.slot.clone();
        if self.takes_focus != take_focus {
            self.takes_focus = take_focus;
            PAGE.with_borrow_mut(|page| page.redraw(self));
        }
        slot.perform(UserAction::ShowPanel(true));
    }

    fn update(mut self, changed: &JsValue) -> Result<(), PageError> {
        let merged = Object::assign(&Object::new(), self.options.unchecked_ref());
        let merged = Object::assign(&merged, changed.unchecked_ref()).into();
        let appearance = Appearance::read(&merged)?;
        self.conversation()?.update(changed, &merged, &appearance)?;
        self.options = merged;
        self.appearance = appearance;
        PAGE.with_borrow_mut(|page| page.redraw(self));
        Ok(())
    }
}
