//! The view of the selected conversation: header with buttons, transcript and composer (the field in which the agent
//! writes). The browser may translate the visitor's question and the messages, which have `translate="yes"`, unlike the
//! rest of the page.

use web_sys::HtmlTextAreaElement;
use yew::{Callback, Html, InputEvent, KeyboardEvent, NodeRef, TargetCast as _, html};

use super::parts::{avatar, on_click};
use crate::desk::{Action, Conversation, Delivery, Entry, Input, Sender, Stage, Typing};

/// The key code that browsers report while an input method (IME) handles the key. Safari also reports it for the Enter
/// that ends a composition, when `is_composing` is false already.
const IME_KEY_CODE: u32 = 229;

/// Draws the selected conversation. `dispatch` passes the agent's actions to the desk. `composer` refers to the text
/// field, so that the page can give it the keyboard focus.
pub(super) fn conversation_view(
    conversation: &Conversation,
    dispatch: &Callback<Input>,
    composer: &NodeRef,
) -> Html {
    html! {
        <main key={conversation.id.to_string()} class="conversation">
            <header>
                { avatar(&conversation.visitor) }
                <div class="who">
                    <h2>{ &conversation.visitor }</h2>
                    <p translate="yes">{ conversation.question.as_deref().unwrap_or_default() }</p>
                </div>
                { stage_buttons(conversation, dispatch) }
            </header>
            <div class="transcript" tabindex="0">
                <ol role="log" aria-label="Transcript">
                    { for conversation.entries.iter().map(entry_item) }
                    { for conversation.typing.iter().map(|typing| typing_item(&conversation.visitor, typing)) }
                </ol>
            </div>
            { if conversation.stage == Stage::Open {
                composer_field(conversation, dispatch, composer)
            } else {
                html! {}
            } }
        </main>
    }
}

/// The buttons that fit the stage of the conversation: open or in wrap-up. An offered conversation is never drawn here.
fn stage_buttons(conversation: &Conversation, dispatch: &Callback<Input>) -> Html {
    if conversation.stage == Stage::WrapUp {
        return html! {
            <button class="button main" data-test="release" disabled={conversation.is_request_pending}
                onclick={on_click(dispatch, &Action::Release)}>{ "Release" }</button>
        };
    }
    html! { <>
        <button class="button" data-test="researching" aria-pressed={conversation.is_researching.to_string()}
            onclick={on_click(dispatch, &Action::ToggleResearching)}>{ "Looking into it" }</button>
        <button class="button" data-test="conclude" disabled={conversation.is_request_pending}
            onclick={on_click(dispatch, &Action::Conclude)}>{ "End chat" }</button>
    </> }
}

/// A line of the transcript.
fn entry_item(entry: &Entry) -> Html {
    let (class, name, delivery) = match &entry.sender {
        Sender::Visitor => ("visitor", None, None),
        Sender::Agent(delivery) => ("agent", None, delivery_text(*delivery)),
        Sender::OtherAgent(name) => ("agent", Some(name), None),
        Sender::System => ("system", None, None),
    };
    html! {
        <li {class} data-test="message" data-from={class}>
            { for name.map(|name| html! { <span class="sender">{ name }</span> }) }
            <p class="body" translate="yes">{ &entry.text }</p>
            { for delivery.map(|text| html! { <span class="state">{ text }</span> }) }
        </li>
    }
}

/// The text below the agent's message if the server does not have the message, or may not have it; `None` if the server
/// has it.
fn delivery_text(delivery: Delivery) -> Option<&'static str> {
    match delivery {
        Delivery::Sending => Some("Sending…"),
        Delivery::Sent => None,
        Delivery::Refused => Some("Not sent: the server refused it"),
        Delivery::Unsure => Some("May not have been delivered"),
    }
}

/// The last line of the transcript: whether the visitor is writing, and the unsent text (the *sneak preview*), if there is
/// one. Screen readers do not announce the line (`aria-live="off"`), because it may change with each key press.
fn typing_item(visitor: &str, typing: &Typing) -> Html {
    let activity = match (typing.is_writing, typing.text.is_empty()) {
        (true, true) => "is writing…",
        (true, false) => "is writing: ",
        (false, _) => "has typed: ",
    };
    html! {
        <li class="preview" data-test="preview" aria-live="off">
            <span class="sender">{ format!("{visitor} {activity}") }</span>
            <p class="body">{ &typing.text }</p>
        </li>
    }
}

/// The text field in which the agent writes, and its button.
fn composer_field(
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
            if is_send_key(&event) {
                event.prevent_default();
                dispatch.emit(Input::Action(Action::Send));
            }
        })
    };
    html! {
        <div class="composer">
            <textarea ref={composer} rows="2" data-test="composer" aria-label="Write a message"
                placeholder="Write a message" value={conversation.draft.clone()} {oninput} {onkeydown} />
            <button class="button main" data-test="send" disabled={conversation.draft.trim().is_empty()}
                onclick={on_click(dispatch, &Action::Send)}>{ "Send" }</button>
        </div>
    }
}

/// Whether a key sends the message: Enter without Shift, and not during the composition of an input method.
fn is_send_key(event: &KeyboardEvent) -> bool {
    event.key() == "Enter"
        && !event.shift_key()
        && !event.is_composing()
        && event.key_code() != IME_KEY_CODE
}
