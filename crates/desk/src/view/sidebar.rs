//! The sidebar: the offered engagements (the waiting visitors whom the agent can accept or decline), and the list of
//! conversations (open ones and ended ones that the agent has not released). A click selects a conversation.

use yew::{Callback, Html, html};

use super::parts::{avatar, on_click};
use crate::desk::{Action, Conversation, Desk, Input, Sender, Stage};

/// Draws the sidebar. `dispatch` passes the agent's actions to the desk.
pub(super) fn sidebar(desk: &Desk, dispatch: &Callback<Input>) -> Html {
    let (offers, accepted): (Vec<_>, Vec<_>) = desk
        .conversations
        .iter()
        .partition(|it| it.stage == Stage::Offered);
    html! {
        <aside class="side">
            <section class="waiting" aria-label="Waiting visitors">
                <h2>{ "Waiting" }</h2>
                { if offers.is_empty() { no_offers_hint(desk) } else { html! {} } }
                <ul>{ for (1..).zip(offers).map(|(place, offer)| offer_item(place, offer, desk.now, dispatch)) }</ul>
            </section>
            { if accepted.is_empty() { html! {} } else { conversation_list(&accepted, desk, dispatch) } }
        </aside>
    }
}

/// The text in place of offers while there are none.
fn no_offers_hint(desk: &Desk) -> Html {
    let text = if desk.is_available() {
        "Nobody is waiting for you."
    } else {
        "You get no visitors while you are not available."
    };
    html! { <p class="hint">{ text }</p> }
}

/// An offered engagement with its two buttons. The browser may translate the visitor's question (`translate="yes"`),
/// unlike the rest of the page. The text in place of a missing question may be translated too, because it is in the same
/// element.
fn offer_item(
    place: usize,
    conversation: &Conversation,
    now: i64,
    dispatch: &Callback<Input>,
) -> Html {
    html! {
        <li key={conversation.id.to_string()} class="offer" data-test="offer"
            data-engagement={conversation.id.to_string()}>
            { avatar(&conversation.visitor) }
            <div class="who">
                <strong>{ &conversation.visitor }</strong>
                <span translate="yes">{ conversation.question.as_deref().unwrap_or("No question given") }</span>
                <span>{ waiting_text(place, conversation, now) }</span>
            </div>
            <div class="answer">
                <button class="button main" data-test="accept" disabled={conversation.is_request_pending}
                    onclick={on_click(dispatch, &Action::Accept(conversation.id))}>{ "Accept" }</button>
                <button class="button" data-test="decline" disabled={conversation.is_request_pending}
                    onclick={on_click(dispatch, &Action::Decline(conversation.id))}>{ "Decline" }</button>
            </div>
        </li>
    }
}

/// The place among the visitors who are offered to this agent, and how long the visitor has waited, in whole minutes.
fn waiting_text(place: usize, conversation: &Conversation, now: i64) -> String {
    let place = format!("Place {place}");
    match conversation.about_visitor.waits_since {
        Some(since) => format!("{place}, waiting for {} min", (now - since).max(0) / 60_000),
        None => place,
    }
}

/// The list of all conversations except offers.
fn conversation_list(
    conversations: &[&Conversation],
    desk: &Desk,
    dispatch: &Callback<Input>,
) -> Html {
    html! {
        <section class="conversations" aria-label="Conversations">
            <h2>{ "Conversations" }</h2>
            <ul>{ for conversations.iter().map(|it| conversation_item(it, desk.selected == Some(it.id), dispatch)) }</ul>
        </section>
    }
}

/// A conversation in the list: a button that selects it.
fn conversation_item(
    conversation: &Conversation,
    is_selected: bool,
    dispatch: &Callback<Input>,
) -> Html {
    html! {
        <li key={conversation.id.to_string()} class="item" data-test="conversation"
            data-engagement={conversation.id.to_string()}>
            <button aria-current={is_selected.to_string()} onclick={on_click(dispatch, &Action::Select(conversation.id))}>
                { avatar(&conversation.visitor) }
                <span class="who">
                    <strong>{ &conversation.visitor }</strong>
                    <span>{ summary(conversation) }</span>
                </span>
                { if conversation.unread_count > 0 {
                    html! { <span class="unread" title="Unread messages">{ conversation.unread_count }</span> }
                } else {
                    html! {}
                } }
            </button>
        </li>
    }
}

/// The line below the visitor's name: that the conversation has ended, that the visitor is typing, or else the newest
/// message of the visitor or of an agent. Without such a message, the line says so.
fn summary(conversation: &Conversation) -> &str {
    if conversation.stage == Stage::WrapUp {
        return "Ended";
    }
    if conversation
        .typing
        .as_ref()
        .is_some_and(|typing| typing.is_writing)
    {
        return "is writing…";
    }
    let mut newest_first = conversation.entries.iter().rev();
    let newest = newest_first.find(|entry| entry.sender != Sender::System);
    newest.map_or("No message yet", |entry| entry.text.as_str())
}
