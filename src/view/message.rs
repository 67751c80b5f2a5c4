//! One row of the transcript.

use pipit_engine::{Command, Content, Delivery, Entry};
use yew::{Html, html};

use super::Link;
use super::header::initials;
use crate::locale::{self, Word};

/// Where a row stands among its neighbours.
pub(crate) struct Place {
    /// The first of its author's group.
    pub(crate) is_first: bool,
    /// The last of its author's group.
    pub(crate) is_last: bool,
    /// Whether what the visitor writes waits for an agent.
    pub(crate) is_waiting: bool,
}

pub(crate) fn row(link: &Link, entry: &Entry, place: &Place) -> Html {
    match &entry.content {
        Content::Visitor { text, delivery } => html! {
            <div part="message message-visitor" class={group("group mine", place)}>
                <div class="bubble" dir="auto" translate="yes">{ text.as_ref() }</div>
                { state(link, entry, *delivery, place) }
            </div>
        },
        Content::Agent { name, body, .. } => html! {
            <div part="message message-agent" class={group("group", place)}>
                <span class="avatar small" aria-hidden="true">{ initials(name) }</span>
                <div class="bubble" dir="auto" translate="yes">{ body.as_ref() }</div>
            </div>
        },
        Content::Notice(notice) => html! {
            <p part="notice" class="note">{ link.words().notice(notice) }</p>
        },
    }
}

fn group(class: &'static str, place: &Place) -> String {
    let first = if place.is_first { " first" } else { "" };
    let last = if place.is_last { " last" } else { "" };
    [class, first, last].concat()
}

/// The state below a message of the visitor's: always where there is something to know, and
/// otherwise once a group.
fn state(link: &Link, entry: &Entry, delivery: Delivery, place: &Place) -> Html {
    let id = entry.id;
    let words = link.words();
    let told = locale::delivery(delivery, place.is_waiting).map(|word| words.say(word));
    match delivery {
        Delivery::Unknown => html! {
            <p part="state" class="state unsure">
                <span>{ told }</span>
                <button type="button" onclick={link.on(Command::SendAgain(id))}>{ words.say(Word::SendAgain) }</button>
            </p>
        },
        Delivery::Failed(_) => html! {
            <p part="state" class="state unsure">
                <span>{ told }</span>
                <button type="button" onclick={link.on(Command::Discard(id))}>{ words.say(Word::RemoveMessage) }</button>
            </p>
        },
        Delivery::Queued | Delivery::Sending | Delivery::Accepted if place.is_last => {
            let told = told.unwrap_or_else(|| words.sent_at(entry.at));
            html! { <p part="state" class="state"><span>{ told }</span></p> }
        }
        Delivery::Queued | Delivery::Sending | Delivery::Accepted => Html::default(),
    }
}
