//! The menu of the header. Its items save or print the transcript, turn the sound off or on, and end the chat.

use wasm_bindgen::JsCast;
use web_sys::{Element, FocusEvent, Node};
use yew::{Callback, Html, MouseEvent, NodeRef, TargetCast, html};

use crate::locale::{TextKey, Texts};
use crate::view::after::save::TranscriptFormat;
use crate::view::frame::{focus, icon};

/// One item of the menu.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum MenuItem {
    /// Saves the transcript in this format, or prints it.
    Save(TranscriptFormat),
    /// Turns the sound off (`true`) or on (`false`).
    Mute(bool),
    /// Opens the question whether to end the chat.
    End,
}

/// The functions that the menu calls.
pub(crate) struct MenuCallbacks {
    /// Opens the menu (`true`) or closes it (`false`).
    pub(crate) set_open: Callback<bool>,
    /// Performs the item that the visitor has clicked.
    pub(crate) choose: Callback<MenuItem>,
}

/// The `id` of the list of items. The `aria-controls` of the menu's button refers to it.
const MENU_ID: &str = "menu";

/// The items that the visitor can use now. If `is_muted` is `None`, the item for the sound is left out.
pub(crate) fn items(has_messages: bool, is_muted: Option<bool>, can_end: bool) -> Vec<MenuItem> {
    let formats = [
        TranscriptFormat::Text,
        TranscriptFormat::Html,
        TranscriptFormat::Print,
    ];
    let save_items = formats
        .map(MenuItem::Save)
        .into_iter()
        .filter(|_| has_messages);
    let sound_item = is_muted.map(|is_muted| MenuItem::Mute(!is_muted));
    let end_item = can_end.then_some(MenuItem::End);
    save_items.chain(sound_item).chain(end_item).collect()
}

/// The button *more* and, while the menu is open, the list of items. The menu closes when the focus leaves it.
pub(crate) fn render(
    texts: &Texts,
    items: &[MenuItem],
    more_button: &NodeRef,
    is_open: bool,
    callbacks: &MenuCallbacks,
) -> Html {
    let MenuCallbacks { set_open, choose } = callbacks;
    let toggle = {
        let set_open = set_open.clone();
        let more_button = more_button.clone();
        move |_: MouseEvent| {
            set_open.emit(!is_open);
            // Safari does not focus a button that is clicked. Without the focus, no `focusout` event would close the
            // menu.
            focus::focus(&more_button);
        }
    };
    let onfocusout = {
        let set_open = set_open.clone();
        move |event: FocusEvent| {
            if is_open && leaves_menu(&event) {
                set_open.emit(false);
            }
        }
    };
    html! {
        <div class="more" {onfocusout}>
            <button part="more" class="icon" type="button" ref={more_button.clone()} aria-expanded={is_open.to_string()}
                aria-controls={MENU_ID} aria-label={texts.get(TextKey::More)} onclick={toggle}>{ icon::more() }</button>
            if is_open {
                // `prevent_default` keeps the focus where it is while an item is pressed. Otherwise the menu would
                // close before the click.
                <div id={MENU_ID} part="menu" class="menu" onmousedown={|event: MouseEvent| event.prevent_default()}>
                    { for items.iter().map(|item| render_item(texts, *item, choose)) }
                </div>
            }
        </div>
    }
}

fn render_item(texts: &Texts, item: MenuItem, choose: &Callback<MenuItem>) -> Html {
    let (icon, text, part) = match item {
        MenuItem::Save(TranscriptFormat::Text) => {
            (icon::text_lines(), TextKey::SaveAsText, "save-text")
        }
        MenuItem::Save(TranscriptFormat::Html) => {
            (icon::written_page(), TextKey::SaveAsPage, "save-page")
        }
        MenuItem::Save(TranscriptFormat::Print) => (icon::printer(), TextKey::Print, "print"),
        MenuItem::Mute(true) => (icon::sound_off(), TextKey::SoundOff, "sound"),
        MenuItem::Mute(false) => (icon::sound_on(), TextKey::SoundOn, "sound"),
        MenuItem::End => (icon::cross(), TextKey::EndChat, "end"),
    };
    let onclick = choose.reform(move |_: MouseEvent| item);
    html! {
        <button {part} class={part} type="button" {onclick}>
            { icon }<span>{ texts.get(text) }</span>
        </button>
    }
}

/// Whether the focus leaves the menu and its button, for another element or for no element. `event` is a `focusout`
/// event.
fn leaves_menu(event: &FocusEvent) -> bool {
    let left_element = event.target_dyn_into::<Element>();
    let menu = left_element.and_then(|element| element.closest(".more").ok()?);
    let entered = event.related_target();
    let entered_node = entered.as_ref().and_then(|target| target.dyn_ref::<Node>());
    !menu.is_some_and(|menu| menu.contains(entered_node))
}
