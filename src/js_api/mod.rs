//! The boundary between the TypeScript of the web page and the panel. [`mount`] draws a panel, [`call`] performs the
//! page's commands, and the function `emit` that the page hands to [`mount`] receives the events. Commands and events
//! are plain data, so that the panel can also be in an iframe.
//!
//! This file is part of the first WASM module, which draws the panel. `conversation` is the entry of the conversation
//! part (the second WASM module, with the engine and the runtime). The only function of `conversation` that this file
//! may call directly is `start`: a direct call of any other function would move that function into the first module.
//! After the start, this file calls the conversation part through the trait object `ConversationApi`.

mod command;
mod conversation;
mod event_emitter;

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
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
    /// The only state of this file. It is never borrowed while JavaScript runs: a script of the page may have replaced a
    /// function of the browser, and may call a command from there.
    static PAGE: RefCell<PageState> = RefCell::default();
}

/// What this file keeps for the web page. A page has at most one panel at a time.
#[derive(Default)]
struct PageState {
    /// The HTML element that contains the root of the Yew application; `None` until the first panel is drawn.
    element: Option<Element>,
    /// The root of the Yew application, into which all panels are drawn; `None` until the first panel is drawn, and while
    /// [`redraw`] uses it.
    drawing: Option<Drawing>,
    /// Whether the panel has changed since it was last drawn.
    is_outdated: bool,
    /// The current panel; `None` before `mount` and after `destroy`.
    panel: Option<MountedPanel>,
    /// The number of panels that were mounted so far. It is also the number of the current panel, by which Yew tells
    /// this panel from an earlier panel.
    panel_count: u32,
}

/// A panel on the web page.
struct MountedPanel {
    /// What the conversation part needs to start.
    setup: Rc<ConversationSetup>,
    /// How the panel is drawn.
    props: WidgetProps,
}

/// Draws a panel into `place`, and destroys the previous panel. The command `load` loads the conversation part later.
///
/// # Errors
/// An option cannot be read, and the message names it; or no element can be added to `place`.
pub(crate) fn mount(place: &Element, options: &JsValue, emit: Function) -> Result<(), PageError> {
    let appearance = Appearance::read(options)?;
    destroy();
    let element = root_element(place)?;
    let style_sheet = StyleSheet::adopt(place);
    // The place in the panel that the conversation part fills when it is loaded.
    let slot = ConversationSlot::new(appearance.is_content_unknown);
    let is_first = PAGE.with_borrow_mut(|page| {
        page.panel_count += 1;
        let props = WidgetProps {
            number: page.panel_count,
            context: PanelContext {
                conversation: slot.clone(),
                texts: appearance.texts.clone(),
                logo: appearance.logo.clone(),
                has_starters: appearance.has_starters,
            },
            takes_focus: false,
            reattach_count: 0,
            page_has_precedence: false,
            mode: appearance.mode,
            style_sheet,
        };
        page.panel = Some(MountedPanel {
            setup: Rc::new(ConversationSetup {
                options: options.clone(),
                appearance,
                emit,
                container: place.clone(),
                slot,
                conversation: OnceCell::new(),
            }),
            props,
        });
        page.element.replace(element.clone()).is_none()
    });
    if is_first {
        let drawing = root::draw(element);
        PAGE.with_borrow_mut(|page| page.drawing = Some(drawing));
    }
    redraw();
    Ok(())
}

/// Performs a command of the page. Returns its result: `undefined`, or a promise.
///
/// # Errors
/// The command is unknown, not possible now, or was called with a wrong argument.
pub(crate) fn call(name: &str, argument: &JsValue) -> Result<JsValue, PageError> {
    let command = PanelCommand::parse(name, argument)?;
    // Cloned, so that `PAGE` is not borrowed while the command runs: the command may cause another call of this
    // function.
    let setup = PAGE.with_borrow(|page| page.panel.as_ref().map(|panel| panel.setup.clone()));
    let Some(setup) = setup else {
        if let Some(PanelCommand::Destroy) = command {
            return Ok(JsValue::UNDEFINED);
        }
        let message = "it is not on the page.";
        return Err(PageError::new(ErrorCode::Destroyed, message));
    };
    match command {
        Some(PanelCommand::Open { take_focus }) => {
            change_props(|props| props.takes_focus = take_focus);
            setup.slot.perform(UserAction::ShowPanel(true));
        }
        Some(PanelCommand::Close) => setup.slot.perform(UserAction::ShowPanel(false)),
        Some(PanelCommand::Reattach { take_focus }) => change_props(|props| {
            props.takes_focus = take_focus;
            props.reattach_count += 1;
        }),
        Some(PanelCommand::Load) => return Ok(load(setup).into()),
        Some(PanelCommand::Destroy) => destroy(),
        Some(PanelCommand::SetPagePrecedence { has_precedence }) => {
            change_props(|props| props.page_has_precedence = has_precedence);
        }
        Some(PanelCommand::Update { changed }) => {
            let appearance = loaded_conversation(&setup)?.update(&changed)?;
            change_props(|props| {
                props.context.texts = appearance.texts;
                props.context.logo = appearance.logo;
                props.context.has_starters = appearance.has_starters;
                props.mode = appearance.mode;
            });
        }
        // Every other command belongs to the conversation part.
        None => return loaded_conversation(&setup)?.call(name, argument),
    }
    Ok(JsValue::UNDEFINED)
}

/// Loads the conversation part and the content; does nothing if the panel was removed. The promise is rejected if the module cannot be
/// fetched (the page may then try again), or if an option cannot be read.
fn load(setup: Rc<ConversationSetup>) -> Promise {
    future_to_promise(async move {
        if setup.slot.is_removed() {
            return Ok(JsValue::UNDEFINED);
        }
        let slot = setup.slot.clone();
        let started = conversation::start(setup).await.unwrap_or_else(|_| {
            slot.mark_load_failed();
            Err(PageError::not_loaded())
        });
        // The value is a promise, so the promise of this function is settled together with it.
        started.map_err(JsValue::from)
    })
}

/// The loaded conversation.
///
/// # Errors
/// The conversation part is not loaded yet.
fn loaded_conversation(setup: &ConversationSetup) -> Result<&dyn ConversationApi, PageError> {
    let message = "the conversation is still being loaded.";
    setup
        .conversation
        .get()
        .map(|conversation| &**conversation)
        .ok_or_else(|| PageError::new(ErrorCode::NotLoaded, message))
}

/// Changes the properties of the panel, and draws it again.
fn change_props(change: impl FnOnce(&mut WidgetProps)) {
    PAGE.with_borrow_mut(|page| {
        if let Some(panel) = &mut page.panel {
            change(&mut panel.props);
        }
    });
    redraw();
}

/// Draws the current panel, or nothing if there is none. If a script of the page has called this function while the
/// panel is being drawn, the outer call draws once more.
fn redraw() {
    PAGE.with_borrow_mut(|page| page.is_outdated = true);
    while let Some((mut drawing, props)) = PAGE.with_borrow_mut(PageState::take_drawing) {
        root::redraw(&mut drawing, props);
        PAGE.with_borrow_mut(|page| page.drawing = Some(drawing));
    }
}

/// Removes the panel from the page, and shuts down the conversation in this browser tab.
fn destroy() {
    let (panel, element) = PAGE.with_borrow_mut(|page| (page.panel.take(), page.element.clone()));
    redraw();
    if let Some(element) = element {
        element.remove();
    }
    if let Some(panel) = panel {
        panel.setup.slot.remove();
        if let Some(conversation) = panel.setup.conversation.get() {
            conversation.shut_down();
        }
    }
}

impl PageState {
    /// What has to be drawn: the root, which the caller puts back, and the properties of the panel. `None` if everything is
    /// drawn, or if another call draws.
    fn take_drawing(&mut self) -> Option<(Drawing, Option<WidgetProps>)> {
        let drawing = self.drawing.take_if(|_| self.is_outdated)?;
        self.is_outdated = false;
        let props = self.panel.as_ref().map(|panel| panel.props.clone());
        Some((drawing, props))
    }
}

/// Appends the element that contains the Yew root to `place`, and returns the element. This function creates the
/// element for the first panel; later panels use the same element.
fn root_element(place: &Element) -> Result<Element, PageError> {
    let element = PAGE.with_borrow(|page| page.element.clone());
    // `place.owner_document()` is not used, because an element of the page may hide its `createElement`. The
    // window's document here is a replacement that is safe from this (`npm/page-document.ts`).
    let create = || {
        let document = web_sys::window()?.document()?;
        document.create_element("div").ok()
    };
    element
        .or_else(create)
        .filter(|element| place.append_child(element).is_ok())
        .ok_or_else(|| PageError::option("this page takes no elements."))
}
