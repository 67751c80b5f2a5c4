//! What else can be done, behind a button of the head.

use wasm_bindgen::JsCast;
use web_sys::{Element, FocusEvent, Node};
use yew::{Callback, Html, MouseEvent, NodeRef, TargetCast, html};

use crate::locale::{TextKey, Texts};
use crate::view::after::save::TranscriptFormat;
use crate::view::frame::focus;
use crate::view::frame::icon;

/// What can be chosen.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum MenuItem {
    Save(TranscriptFormat),
    /// To turn the sound off, or on.
    Mute(bool),
    End,
}

/// Whom the menu tells.
pub(crate) struct MenuCallbacks {
    /// Whether it is to be open.
    pub(crate) open: Callback<bool>,
    pub(crate) choose: Callback<MenuItem>,
}

/// The element's name, for the button that opens it.
const MENU: &str = "menu";

/// What there is to choose. `is_muted`: whether the sound is off, where there is one.
pub(crate) fn choices(has_messages: bool, is_muted: Option<bool>, can_end: bool) -> Vec<MenuItem> {
    let saves = [
        TranscriptFormat::Text,
        TranscriptFormat::Page,
        TranscriptFormat::Print,
    ]
    .map(MenuItem::Save);
    let saves = saves.into_iter().filter(|_| has_messages);
    let sound = is_muted.map(|is_muted| MenuItem::Mute(!is_muted));
    let end = can_end.then_some(MenuItem::End);
    saves.chain(sound).chain(end).collect()
}

/// The button `more`, and the list below it. It closes when the focus goes elsewhere.
pub(crate) fn disclosure(
    texts: &Texts,
    choices: &[MenuItem],
    more: &NodeRef,
    is_open: bool,
    callbacks: &MenuCallbacks,
) -> Html {
    let MenuCallbacks { open, choose } = callbacks;
    let toggle = {
        let (open, more) = (open.clone(), more.clone());
        move |_: MouseEvent| {
            open.emit(!is_open);
            // Safari gives a pressed button no focus, so there would be none to go elsewhere.
            focus::give(&more);
        }
    };
    let onfocusout = {
        let open = open.clone();
        move |event: FocusEvent| {
            if is_open && leaves(&event) {
                open.emit(false);
            }
        }
    };
    let item = |choice: MenuItem| {
        let (drawing, word, part) = match choice {
            MenuItem::Save(TranscriptFormat::Text) => {
                (icon::text(), TextKey::SaveAsText, "save-text")
            }
            MenuItem::Save(TranscriptFormat::Page) => {
                (icon::page(), TextKey::SaveAsPage, "save-page")
            }
            MenuItem::Save(TranscriptFormat::Print) => (icon::printer(), TextKey::Print, "print"),
            MenuItem::Mute(true) => (icon::silent(), TextKey::SoundOff, "sound"),
            MenuItem::Mute(false) => (icon::sound(), TextKey::SoundOn, "sound"),
            MenuItem::End => (icon::leave(), TextKey::EndChat, "end"),
        };
        let choose = choose.clone();
        let onclick = move |_: MouseEvent| choose.emit(choice);
        html! {
            <button {part} class={part} type="button" {onclick}>
                { drawing }<span>{ texts.get(word) }</span>
            </button>
        }
    };
    html! {
        <div class="more" {onfocusout}>
            <button part="more" class="icon" type="button" ref={more.clone()} aria-expanded={is_open.to_string()}
                aria-controls={MENU} aria-label={texts.get(TextKey::More)} onclick={toggle}>{ icon::more() }</button>
            if is_open {
                // Pressed, but not let go: the focus stays, so that the menu does.
                <div id={MENU} part="menu" class="menu" onmousedown={|event: MouseEvent| event.prevent_default()}>
                    { for choices.iter().copied().map(item) }
                </div>
            }
        </div>
    }
}

/// Whether the focus goes out of the element that listens.
fn leaves(event: &FocusEvent) -> bool {
    let within = event.target_dyn_into::<Element>();
    let within = within.and_then(|element| element.closest(".more").ok()?);
    let to = event.related_target();
    let to = to.as_ref().and_then(|to| to.dyn_ref::<Node>());
    !within.is_some_and(|within| within.contains(to))
}
