//! Moves the keyboard focus from row to row of the transcript. In the list, the arrows lead to the next row, Home and End
//! to the first and the last, and Page Up and Page Down skip some rows. In the empty field of the composer, Page Up leads
//! to the newest row.

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, HtmlTextAreaElement, KeyboardEvent};
use yew::{NodeRef, hook, use_effect_with};

use crate::view::during::scroll::show_in_list;
use crate::view::frame::focus;

/// The number of rows by which Page Up and Page Down move the focus.
const PAGE_ROWS: u32 = 8;

/// Listens to the keys that are pressed in the panel around `list`, the element in which the messages scroll.
#[hook]
pub(crate) fn use_row_focus(list: &NodeRef) {
    use_effect_with((), {
        let list = list.clone();
        move |()| {
            let panel = list
                .cast::<Element>()
                .and_then(|list| list.closest(".panel").ok()?);
            let listener = panel.map(|panel| {
                let options = EventListenerOptions::enable_prevent_default();
                EventListener::new_with_options(&panel, "keydown", options, move |event| {
                    if let Some(list) = list.cast::<Element>()
                        && let Some(row) = next_row(&list, event)
                    {
                        event.prevent_default();
                        focus::focus_element(&row);
                        show_in_list(&row);
                    }
                })
            });
            move || drop(listener)
        }
    });
}

/// The row to which this key leads; `None` if the key does something else here.
fn next_row(list: &Element, event: &Event) -> Option<HtmlElement> {
    let event: &KeyboardEvent = event.dyn_ref()?;
    let has_modifier = event.alt_key() || event.ctrl_key() || event.meta_key() || event.shift_key();
    if has_modifier || event.is_composing() {
        return None;
    }
    let rows = list.query_selector_all(".row").ok()?;
    let newest = rows.length().checked_sub(1)?;
    let target: Element = event.target()?.dyn_into().ok()?;
    let index = match (target.closest(".row").ok()?, &*event.key()) {
        (Some(row), key) => {
            let is_row = |index: &u32| rows.get(*index).as_ref() == Some(row.as_ref());
            let current = (0..=newest).find(is_row)?;
            match key {
                "ArrowUp" => current.saturating_sub(1),
                "ArrowDown" => current + 1,
                "PageUp" => current.saturating_sub(PAGE_ROWS),
                "PageDown" => current + PAGE_ROWS,
                "Home" => 0,
                "End" => newest,
                _ => return None,
            }
        }
        (None, "ArrowUp" | "ArrowDown" | "End") if target == *list => newest,
        (None, "Home") if target == *list => 0,
        (None, "PageUp") if is_empty_field(&target) => newest,
        (None, _) => return None,
    };
    rows.get(index.min(newest))?.dyn_into().ok()
}

/// Whether this is the field of the composer, without a text.
fn is_empty_field(element: &Element) -> bool {
    let field = element.dyn_ref::<HtmlTextAreaElement>();
    field.is_some_and(|field| element.class_name() == "field" && field.value().is_empty())
}
