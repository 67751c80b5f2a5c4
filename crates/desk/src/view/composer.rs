//! The composer: the text field in which the agent writes, with buttons for formatting and ready-made answers.

use web_sys::HtmlTextAreaElement;
use yew::{Callback, Html, InputEvent, KeyboardEvent, NodeRef, TargetCast as _, html};

use super::parts::on_click;
use crate::desk::{Action, Conversation, Input};

/// The key code that browsers report while an input method (IME) handles the key. Safari also reports it for the Enter
/// that ends a composition, when `is_composing` is false already.
const IME_KEY_CODE: u32 = 229;

/// Texts that the agent can insert by one press.
const READY_ANSWERS: [&str; 4] = [
    "Thanks for waiting. How can I help?",
    "Could you give me your order number, please?",
    "One moment, I am looking into it.",
    "Is there anything else that I can help with?",
];

/// A button for formatting: its label, its name, and the marks before and after the selected text.
struct Format {
    label: &'static str,
    name: &'static str,
    before: &'static str,
    after: &'static str,
}

const FORMATS: [Format; 4] = [
    Format {
        label: "B",
        name: "Bold (Control B)",
        before: "**",
        after: "**",
    },
    Format {
        label: "I",
        name: "Italic (Control I)",
        before: "*",
        after: "*",
    },
    Format {
        label: "Link",
        name: "Link",
        before: "[",
        after: "](https://)",
    },
    Format {
        label: "List",
        name: "List",
        before: "\n- ",
        after: "",
    },
];

/// Draws the composer. `composer` refers to the text field.
pub(super) fn composer_field(
    conversation: &Conversation,
    dispatch: &Callback<Input>,
    composer: &NodeRef,
) -> Html {
    let oninput = dispatch.reform(|event: InputEvent| {
        let area: HtmlTextAreaElement = event.target_unchecked_into();
        Input::Action(Action::EditDraft(area.value()))
    });
    let onkeydown = {
        let dispatch = dispatch.clone();
        Callback::from(move |event: KeyboardEvent| {
            let area: HtmlTextAreaElement = event.target_unchecked_into();
            if is_send_key(&event) {
                event.prevent_default();
                dispatch.emit(Input::Action(Action::Send));
            } else if let Some(format) = format_of_key(&event) {
                event.prevent_default();
                dispatch.emit(Input::Action(Action::EditDraft(apply(format, &area))));
            }
        })
    };
    html! {
        <div class="composer">
            <div class="tools" role="group" aria-label="Formatting and ready-made answers">
                { for FORMATS.iter().map(|format| format_button(format, dispatch, composer)) }
                <details>
                    <summary class="button">{ "Answers" }</summary>
                    <ul>{ for READY_ANSWERS.iter().map(|text| ready_answer(text, dispatch, composer)) }</ul>
                </details>
            </div>
            <textarea ref={composer} rows="2" data-test="composer" aria-label="Write a message"
                placeholder="Write a message" value={conversation.draft.clone()} {oninput} {onkeydown} />
            <button class="button main" data-test="send" disabled={conversation.draft.trim().is_empty()}
                onclick={on_click(dispatch, &Action::Send)}>{ "Send" }</button>
        </div>
    }
}

fn format_button(format: &'static Format, dispatch: &Callback<Input>, composer: &NodeRef) -> Html {
    let onclick = {
        let (dispatch, composer) = (dispatch.clone(), composer.clone());
        Callback::from(move |_| {
            if let Some(area) = composer.cast::<HtmlTextAreaElement>() {
                dispatch.emit(Input::Action(Action::EditDraft(apply(format, &area))));
                // If the browser refuses the focus, the agent can still click the field.
                let _ = area.focus();
            }
        })
    };
    html! {
        <button class="button" type="button" aria-label={format.name} title={format.name} {onclick}>{ format.label }</button>
    }
}

/// A ready-made answer, which is added to the draft. The list closes.
fn ready_answer(text: &'static str, dispatch: &Callback<Input>, composer: &NodeRef) -> Html {
    let onclick = {
        let (dispatch, composer) = (dispatch.clone(), composer.clone());
        Callback::from(move |event: yew::MouseEvent| {
            dispatch.emit(Input::Action(Action::Insert(text.to_owned())));
            let list = event
                .target_dyn_into::<web_sys::Element>()
                .and_then(|button| button.closest("details").ok()?);
            if let Some(list) = list {
                let _ = list.remove_attribute("open");
            }
            if let Some(area) = composer.cast::<HtmlTextAreaElement>() {
                let _ = area.focus();
            }
        })
    };
    html! { <li><button class="answer" type="button" data-test="ready-answer" {onclick}>{ text }</button></li> }
}

/// Puts the marks of a format around the selected text of the field. Returns the new text.
fn apply(format: &Format, area: &HtmlTextAreaElement) -> String {
    let text: Vec<u16> = area.value().encode_utf16().collect();
    let offset = |place: Option<u32>| place.map_or(text.len(), |place| place as usize);
    let start = offset(area.selection_start().ok().flatten()).min(text.len());
    let end = offset(area.selection_end().ok().flatten()).clamp(start, text.len());
    let part = |range: std::ops::Range<usize>| {
        String::from_utf16_lossy(text.get(range).unwrap_or_default())
    };
    let changed = [
        &part(0..start),
        format.before,
        &part(start..end),
        format.after,
        &part(end..text.len()),
    ];
    changed.concat().trim_start_matches('\n').to_owned()
}

/// The format for Control (or Command) with a letter.
fn format_of_key(event: &KeyboardEvent) -> Option<&'static Format> {
    let [bold, italic, ..] = &FORMATS;
    let has_modifier = (event.ctrl_key() || event.meta_key()) && !event.alt_key();
    match event.key().as_str() {
        "b" if has_modifier => Some(bold),
        "i" if has_modifier => Some(italic),
        _ => None,
    }
}

/// Whether a key sends the message: Enter without Shift, and not during the composition of an input method.
fn is_send_key(event: &KeyboardEvent) -> bool {
    event.key() == "Enter"
        && !event.shift_key()
        && !event.is_composing()
        && event.key_code() != IME_KEY_CODE
}
