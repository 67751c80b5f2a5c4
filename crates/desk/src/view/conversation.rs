//! The selected conversation: header with buttons, transcript and composer.

use web_sys::HtmlTextAreaElement;
use yew::{Callback, Html, InputEvent, KeyboardEvent, NodeRef, TargetCast as _, html};

use super::parts::{avatar, on_click};
use crate::desk::{Action, Conversation, Delivery, Entry, Input, Sender, Stage, Typing};

/// The key code that browsers report while an input method (IME) handles the key.
const IME_KEY_CODE: u32 = 229;

pub(super) fn conversation(
    it: &Conversation,
    dispatch: &Callback<Input>,
    composer: &NodeRef,
) -> Html {
    html! {
        <main key={it.id.0.to_string()} class="conversation">
            <header>
                { avatar(&it.visitor) }
                <div class="who">
                    <h2>{ &it.visitor }</h2>
                    <p translate="yes">{ it.question.as_deref().unwrap_or_default() }</p>
                </div>
                { actions(it, dispatch) }
            </header>
            <div class="transcript" tabindex="0">
                <ol role="log" aria-label="Transcript">
                    { for it.entries.iter().map(entry) }
                    { for it.typing.iter().map(|typing| preview(&it.visitor, typing)) }
                </ol>
            </div>
            { if it.stage == Stage::Open {
                composer_field(it, dispatch, composer)
            } else {
                html! {}
            } }
        </main>
    }
}

fn actions(it: &Conversation, dispatch: &Callback<Input>) -> Html {
    if it.stage == Stage::WrapUp {
        return html! {
            <button class="button main" data-test="release" disabled={it.is_leaving_stage}
                onclick={on_click(dispatch, &Action::Release)}>{ "Release" }</button>
        };
    }
    html! { <>
        <button class="button" data-test="researching" aria-pressed={it.is_researching.to_string()}
            onclick={on_click(dispatch, &Action::ToggleResearching)}>{ "Looking into it" }</button>
        <button class="button" data-test="conclude" disabled={it.is_leaving_stage}
            onclick={on_click(dispatch, &Action::Conclude)}>{ "End chat" }</button>
    </> }
}

fn entry(it: &Entry) -> Html {
    let (class, name, delivery) = match &it.sender {
        Sender::Visitor => ("visitor", None, None),
        Sender::Agent(delivery) => ("agent", None, delivery_text(*delivery)),
        Sender::OtherAgent(name) => ("agent", Some(name), None),
        Sender::System => ("system", None, None),
    };
    html! {
        <li {class} data-test="message" data-from={class}>
            { for name.map(|name| html! { <span class="sender">{ name }</span> }) }
            <p class="body" translate="yes">{ &it.text }</p>
            { for delivery.map(|text| html! { <span class="state">{ text }</span> }) }
        </li>
    }
}

/// The text below a message that was not sent yet, or not with certainty.
fn delivery_text(delivery: Delivery) -> Option<&'static str> {
    match delivery {
        Delivery::Sending => Some("Sending…"),
        Delivery::Sent => None,
        Delivery::Refused => Some("Not sent: the server refused it"),
        Delivery::Unsure => Some("Not sure it arrived"),
    }
}

/// The sneak preview below the transcript.
fn preview(visitor: &str, typing: &Typing) -> Html {
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

fn composer_field(it: &Conversation, dispatch: &Callback<Input>, composer: &NodeRef) -> Html {
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
                placeholder="Write a message" value={it.draft.clone()} {oninput} {onkeydown} />
            <button class="button main" data-test="send" disabled={it.draft.trim().is_empty()}
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
