//! The conversation in front.

use web_sys::HtmlTextAreaElement;
use yew::{Callback, Html, InputEvent, KeyboardEvent, NodeRef, TargetCast as _, html};

use super::{avatar, on};
use crate::desk::{Click, Conversation, Delivery, Entry, From, Input, Stage, Typing};

/// What browsers report as the key while an input method is at work.
const KEY_OF_INPUT_METHOD: u32 = 229;

pub(super) fn conversation(it: &Conversation, tell: &Callback<Input>, composer: &NodeRef) -> Html {
    html! {
        <main key={it.id.0.to_string()} class="conversation">
            <header>
                { avatar(&it.visitor) }
                <div class="who">
                    <h2>{ &it.visitor }</h2>
                    <p translate="yes">{ it.question.as_deref().unwrap_or_default() }</p>
                </div>
                { actions(it, tell) }
            </header>
            <div class="transcript" tabindex="0">
                <ol role="log" aria-label="Transcript">
                    { for it.entries.iter().map(entry) }
                    { for it.typing.iter().map(|typing| preview(&it.visitor, typing)) }
                </ol>
            </div>
            { if it.stage == Stage::Open {
                write(it, tell, composer)
            } else {
                html! {}
            } }
        </main>
    }
}

fn actions(it: &Conversation, tell: &Callback<Input>) -> Html {
    if it.stage == Stage::WrapUp {
        return html! {
            <button class="button main" data-test="release" disabled={it.leaving_stage}
                onclick={on(tell, &Click::Release)}>{ "Release" }</button>
        };
    }
    html! { <>
        <button class="button" data-test="researching" aria-pressed={it.researching.to_string()}
            onclick={on(tell, &Click::Research)}>{ "Looking into it" }</button>
        <button class="button" data-test="conclude" disabled={it.leaving_stage}
            onclick={on(tell, &Click::Conclude)}>{ "End chat" }</button>
    </> }
}

fn entry(it: &Entry) -> Html {
    let (from, sender, state) = match &it.from {
        From::Visitor => ("visitor", None, None),
        From::Agent(delivery) => ("agent", None, state(*delivery)),
        From::Colleague(name) => ("agent", Some(name), None),
        From::System => ("system", None, None),
    };
    html! {
        <li class={from} data-test="message" data-from={from}>
            { for sender.map(|name| html! { <span class="sender">{ name }</span> }) }
            <p class="body" translate="yes">{ &it.text }</p>
            { for state.map(|text| html! { <span class="state">{ text }</span> }) }
        </li>
    }
}

fn state(delivery: Delivery) -> Option<&'static str> {
    match delivery {
        Delivery::Sending => Some("Sending…"),
        Delivery::Sent => None,
        Delivery::Refused => Some("Not sent: the server refused it"),
        Delivery::Unsure => Some("Not sure it arrived"),
    }
}

fn preview(visitor: &str, typing: &Typing) -> Html {
    let what = match (typing.writing, typing.text.is_empty()) {
        (true, true) => "is writing…",
        (true, false) => "is writing: ",
        (false, _) => "has typed: ",
    };
    html! {
        <li class="preview" data-test="preview" aria-live="off">
            <span class="sender">{ format!("{visitor} {what}") }</span>
            <p class="body">{ &typing.text }</p>
        </li>
    }
}

fn write(it: &Conversation, tell: &Callback<Input>, composer: &NodeRef) -> Html {
    let oninput = tell.reform(|event: InputEvent| {
        let area: HtmlTextAreaElement = event.target_unchecked_into();
        Input::Click(Click::Draft(area.value()))
    });
    let onkeydown = {
        let tell = tell.clone();
        Callback::from(move |event: KeyboardEvent| {
            if sends(&event) {
                event.prevent_default();
                tell.emit(Input::Click(Click::Send));
            }
        })
    };
    html! {
        <div class="composer">
            <textarea ref={composer} rows="2" data-test="composer" aria-label="Write a message"
                placeholder="Write a message" value={it.draft.clone()} {oninput} {onkeydown} />
            <button class="button main" data-test="send" disabled={it.draft.trim().is_empty()}
                onclick={on(tell, &Click::Send)}>{ "Send" }</button>
        </div>
    }
}

/// Enter alone, and not in the middle of an input method's composition.
fn sends(event: &KeyboardEvent) -> bool {
    event.key() == "Enter"
        && !event.shift_key()
        && !event.is_composing()
        && event.key_code() != KEY_OF_INPUT_METHOD
}
