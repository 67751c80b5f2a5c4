//! The sidebar: the offered engagements, and the list of conversations.

use yew::{Callback, Html, html};

use super::parts::{avatar, on_click};
use crate::desk::{Action, Conversation, Desk, Input, Sender, Stage};

pub(super) fn sidebar(desk: &Desk, dispatch: &Callback<Input>) -> Html {
    let (offers, rest): (Vec<_>, Vec<_>) = desk
        .conversations
        .iter()
        .partition(|it| it.stage == Stage::Offered);
    html! {
        <aside class="side">
            <section class="waiting" aria-label="Waiting visitors">
                <h2>{ "Waiting" }</h2>
                { if offers.is_empty() { no_offers_hint(desk) } else { html! {} } }
                <ul>{ for offers.into_iter().map(|it| offer(it, dispatch)) }</ul>
            </section>
            { if rest.is_empty() { html! {} } else { conversations(&rest, desk, dispatch) } }
        </aside>
    }
}

fn no_offers_hint(desk: &Desk) -> Html {
    let text = if desk.is_available() {
        "Nobody is waiting for you."
    } else {
        "You get no visitors while you are not available."
    };
    html! { <p class="hint">{ text }</p> }
}

fn offer(it: &Conversation, dispatch: &Callback<Input>) -> Html {
    html! {
        <li key={it.id.0.to_string()} class="offer" data-test="offer"
            data-engagement={it.id.to_string()}>
            { avatar(&it.visitor) }
            <div class="who">
                <strong>{ &it.visitor }</strong>
                <span translate="yes">{ it.question.as_deref().unwrap_or("No question given") }</span>
            </div>
            <div class="answer">
                <button class="button main" data-test="accept" disabled={it.is_leaving_stage}
                    onclick={on_click(dispatch, &Action::Accept(it.id))}>{ "Accept" }</button>
                <button class="button" data-test="decline" disabled={it.is_leaving_stage}
                    onclick={on_click(dispatch, &Action::Decline(it.id))}>{ "Decline" }</button>
            </div>
        </li>
    }
}

fn conversations(rest: &[&Conversation], desk: &Desk, dispatch: &Callback<Input>) -> Html {
    html! {
        <section class="conversations" aria-label="Conversations">
            <h2>{ "Conversations" }</h2>
            <ul>{ for rest.iter().map(|it| item(it, desk.selected == Some(it.id), dispatch)) }</ul>
        </section>
    }
}

fn item(it: &Conversation, is_selected: bool, dispatch: &Callback<Input>) -> Html {
    html! {
        <li key={it.id.0.to_string()} class="item" data-test="conversation"
            data-engagement={it.id.to_string()}>
            <button aria-current={is_selected.to_string()} onclick={on_click(dispatch, &Action::Select(it.id))}>
                { avatar(&it.visitor) }
                <span class="who">
                    <strong>{ &it.visitor }</strong>
                    <span>{ summary(it) }</span>
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

/// The state of a conversation in one line: its end, the visitor's typing, or the last message.
fn summary(it: &Conversation) -> &str {
    if it.stage == Stage::WrapUp {
        return "Ended";
    }
    if it.typing.as_ref().is_some_and(|typing| typing.is_writing) {
        return "is writing…";
    }
    let mut latest_first = it.entries.iter().rev();
    let last = latest_first.find(|entry| entry.sender != Sender::System);
    last.map_or("No message yet", |entry| entry.text.as_str())
}
