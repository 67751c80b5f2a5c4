//! The side: who waits, and which conversations there are.

use yew::{Callback, Html, html};

use super::{avatar, on};
use crate::desk::{Click, Conversation, Desk, From, Input, Stage};

pub(super) fn side(desk: &Desk, tell: &Callback<Input>) -> Html {
    let (offers, rest): (Vec<_>, Vec<_>) = desk
        .conversations
        .iter()
        .partition(|it| it.stage == Stage::Offered);
    html! {
        <aside class="side">
            <section class="waiting" aria-label="Waiting visitors">
                <h2>{ "Waiting" }</h2>
                { if offers.is_empty() { nobody_waits(desk) } else { html! {} } }
                <ul>{ for offers.into_iter().map(|it| offer(it, tell)) }</ul>
            </section>
            { if rest.is_empty() { html! {} } else { conversations(&rest, desk, tell) } }
        </aside>
    }
}

fn nobody_waits(desk: &Desk) -> Html {
    let text = if desk.is_available() {
        "Nobody is waiting for you."
    } else {
        "You get no visitors while you are not available."
    };
    html! { <p class="hint">{ text }</p> }
}

fn offer(it: &Conversation, tell: &Callback<Input>) -> Html {
    html! {
        <li key={it.id.0.to_string()} class="offer" data-test="offer"
            data-engagement={it.id.to_string()}>
            { avatar(&it.visitor) }
            <div class="who">
                <strong>{ &it.visitor }</strong>
                <span translate="yes">{ it.question.as_deref().unwrap_or("No question given") }</span>
            </div>
            <div class="answer">
                <button class="button main" data-test="accept" disabled={it.leaving_stage}
                    onclick={on(tell, &Click::Accept(it.id))}>{ "Accept" }</button>
                <button class="button" data-test="decline" disabled={it.leaving_stage}
                    onclick={on(tell, &Click::Decline(it.id))}>{ "Decline" }</button>
            </div>
        </li>
    }
}

fn conversations(rest: &[&Conversation], desk: &Desk, tell: &Callback<Input>) -> Html {
    html! {
        <section class="conversations" aria-label="Conversations">
            <h2>{ "Conversations" }</h2>
            <ul>{ for rest.iter().map(|it| item(it, desk.front == Some(it.id), tell)) }</ul>
        </section>
    }
}

fn item(it: &Conversation, in_front: bool, tell: &Callback<Input>) -> Html {
    html! {
        <li key={it.id.0.to_string()} class="item" data-test="conversation"
            data-engagement={it.id.to_string()}>
            <button aria-current={in_front.to_string()} onclick={on(tell, &Click::ToFront(it.id))}>
                { avatar(&it.visitor) }
                <span class="who">
                    <strong>{ &it.visitor }</strong>
                    <span>{ glimpse(it) }</span>
                </span>
                { if it.unread > 0 {
                    html! { <span class="unread" title="Unread messages">{ it.unread }</span> }
                } else {
                    html! {}
                } }
            </button>
        </li>
    }
}

/// What is new, in one line.
fn glimpse(it: &Conversation) -> &str {
    if it.stage == Stage::WrapUp {
        return "Ended";
    }
    if it.typing.as_ref().is_some_and(|typing| typing.writing) {
        return "is writing…";
    }
    let mut said = it.entries.iter().rev();
    let last = said.find(|entry| entry.from != From::System);
    last.map_or("No message yet", |entry| entry.text.as_str())
}
