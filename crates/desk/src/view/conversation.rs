//! The view of the selected conversation: header with buttons, transcript and composer (the field in which the agent
//! writes). The browser may translate the visitor's question and the messages, which have `translate="yes"`, unlike the
//! rest of the page.

use yew::{Callback, Html, NodeRef, html};

use super::composer::composer_field;
use super::parts::{avatar, clock_time, on_click};
use crate::desk::{
    Action, Conversation, Delivery, Entry, Input, Line, Piece, Sender, Stage, Typing, Visitor,
    parse,
};

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
                    { about_visitor(&conversation.about_visitor) }
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

/// The visitor's e-mail address and page, and since when the visitor has been here. What is not known is left out.
fn about_visitor(visitor: &Visitor) -> Html {
    let Visitor {
        email,
        page,
        waits_since,
    } = visitor;
    html! {
        <p class="about" data-test="about">
            { for email.iter().map(|email| html! { <span>{ email }</span> }) }
            { for page.iter().map(|page| html! { <span>{ page }</span> }) }
            { for waits_since.map(|time| html! { <span>{ format!("Here since {}", clock_time(time)) }</span> }) }
        </p>
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
        <button class="button" data-test="transfer" disabled={conversation.is_request_pending}
            onclick={on_click(dispatch, &Action::Transfer)}>{ "Transfer" }</button>
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
            <div class="body" translate="yes">{ entry_text(entry) }</div>
            { for entry.at.map(|at| html! { <time class="time">{ clock_time(at) }</time> }) }
            { for delivery.map(|text| html! { <span class="state">{ text }</span> }) }
        </li>
    }
}

/// The text of a line. The agent's own text is formatted as the visitor sees it.
fn entry_text(entry: &Entry) -> Html {
    match entry.sender {
        Sender::Agent(_) => formatted(&parse(&entry.text)),
        _ => Html::from(entry.text.clone()),
    }
}

/// Formatted lines. Successive items are one list.
fn formatted(lines: &[Line]) -> Html {
    let groups = lines.chunk_by(|line, next| line.is_item == next.is_item);
    let render_group = |group: &[Line]| {
        if group.iter().any(|line| line.is_item) {
            html! { <ul>{ for group.iter().map(|line| html! { <li>{ pieces(line) }</li> }) }</ul> }
        } else {
            html! { <p>{ for group.iter().enumerate().map(|(index, line)| html! { <>
                { if index > 0 { "\n" } else { "" } }{ pieces(line) }
            </> }) }</p> }
        }
    };
    groups.map(render_group).collect()
}

fn pieces(line: &Line) -> Html {
    let render_piece = |piece: &Piece| match piece {
        Piece::Plain(text) => Html::from(text.clone()),
        Piece::Bold(text) => html! { <b>{ text }</b> },
        Piece::Italic(text) => html! { <i>{ text }</i> },
        Piece::Link { label, address } => html! {
            <a href={address.clone()} target="_blank" rel="noopener noreferrer">{ label }</a>
        },
    };
    line.pieces.iter().map(render_piece).collect()
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
