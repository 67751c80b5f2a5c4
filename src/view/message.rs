//! One row of the transcript.

use std::rc::Rc;

use pipit_engine::{Command, Content, Delivery, Entry, Notice};
use yew::{AttrValue, Html, Properties, component, html, use_memo, use_state_eq};

use super::file::File;
use super::rich::Said;
use super::stretch::count_drawn;
use super::{Link, initials};
use crate::locale::{self, Word};

#[derive(Properties, PartialEq)]
pub(crate) struct RowProps {
    pub(crate) link: Link,
    pub(crate) entry: Rc<Entry>,
    pub(crate) place: Place,
}

/// Where a row stands among its neighbours.
#[derive(Clone, PartialEq)]
pub(crate) struct Place {
    /// The day that begins with it.
    pub(crate) day: Option<AttrValue>,
    pub(crate) head: Head,
    /// The last of its author's group.
    pub(crate) is_last: bool,
    /// Whether it waits for an agent.
    pub(crate) is_waiting: bool,
}

/// Whose it is, above the first row of a group.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Head {
    /// It is not the first.
    None,
    /// For those who listen; the others see it by its side and colour.
    Heard,
    Seen,
}

#[component]
pub(crate) fn Row(props: &RowProps) -> Html {
    count_drawn();
    let RowProps { link, entry, place } = props;
    let said = use_memo(Said::of(&entry.content), |said| {
        said.as_ref().and_then(|said| said.draw(link.words()))
    });
    let shows_time = use_state_eq(|| false);
    let toggle_time = {
        let shows_time = shows_time.clone();
        move |_| shows_time.set(!*shows_time)
    };
    html! {
        <div class={if *shows_time { "row timed" } else { "row" }} data-entry={entry.id.0.to_string()} onclick={toggle_time}>
            if let Some(day) = &place.day {
                <p part="day" class="day"><span key={day.as_str()}>{ day }</span></p>
            }
            { message(link, entry, place, (*said).as_ref()) }
        </div>
    }
}

fn message(link: &Link, entry: &Entry, place: &Place, said: Option<&Html>) -> Html {
    let words = link.words();
    match (&entry.content, said) {
        (Content::Visitor { delivery, .. }, Some(said)) => html! {
            <div part="message message-visitor" class={group("group mine", place)}>
                { author(place, &words.say(Word::You)) }
                { bubble(link, entry, said) }
                { state(link, entry, *delivery, place) }
            </div>
        },
        (Content::Agent { name, .. }, Some(said)) => html! {
            <div part="message message-agent" class={group("group", place)}>
                { author(place, &words.agent_name(name)) }
                <span class="avatar small" aria-hidden="true">{ initials(name) }</span>
                { bubble(link, entry, said) }
            </div>
        },
        (Content::Notice(Notice::File(file)), _) => html! {
            <div part="message message-agent" class={group("group", place)}>
                { author(place, &words.agent_name(&file.from)) }
                <span class="avatar small" aria-hidden="true">{ initials(&file.from) }</span>
                <div class="said">
                    <File link={link.clone()} file={file.clone()} />
                    { time(link, entry) }
                </div>
            </div>
        },
        (Content::Notice(_), Some(said)) => html! {
            <p part="notice" class="note server" dir="auto">{ said.clone() }</p>
        },
        (Content::Notice(notice), None) => html! {
            <p part="notice" class="note">{ words.notice(notice) }</p>
        },
        // Markup with nothing in it.
        (Content::Visitor { .. } | Content::Agent { .. }, None) => Html::default(),
    }
}

fn group(class: &'static str, place: &Place) -> String {
    let first = if place.head == Head::None {
        ""
    } else {
        " first"
    };
    let last = if place.is_last { " last" } else { "" };
    [class, first, last].concat()
}

fn author(place: &Place, name: &AttrValue) -> Html {
    let class = match place.head {
        Head::None => return Html::default(),
        Head::Heard => "unseen",
        Head::Seen => "author",
    };
    html! { <p {class}><bdi>{ name }</bdi></p> }
}

/// The text; beside it the time, for who points at it, presses it or comes to the list by keys.
fn bubble(link: &Link, entry: &Entry, said: &Html) -> Html {
    html! {
        <div class="said">
            <div class="bubble" dir="auto" translate="yes">{ said.clone() }</div>
            { time(link, entry) }
        </div>
    }
}

fn time(link: &Link, entry: &Entry) -> Html {
    html! { <span part="time" class="time">{ link.words().time(entry.at) }</span> }
}

/// The state below a message of the visitor's: always where there is something to know, and
/// otherwise once a group. A new one is a new element.
fn state(link: &Link, entry: &Entry, delivery: Delivery, place: &Place) -> Html {
    let id = entry.id;
    let words = link.words();
    let told = locale::delivery(delivery, place.is_waiting).map(|word| words.say(word));
    let answer = match delivery {
        Delivery::Unknown => Some((Word::SendAgain, Command::SendAgain(id))),
        Delivery::Failed(_) => Some((Word::RemoveMessage, Command::Discard(id))),
        Delivery::Queued | Delivery::Sending | Delivery::Accepted if place.is_last => None,
        Delivery::Queued | Delivery::Sending | Delivery::Accepted => return Html::default(),
    };
    let class = if answer.is_some() {
        "state unsure"
    } else {
        "state"
    };
    let told = told.unwrap_or_else(|| words.sent_at(entry.at));
    html! {
        <p key={told.as_str()} part="state" {class}>
            <span>{ told }</span>
            if let Some((word, command)) = answer {
                <button type="button" onclick={link.on(command)}>{ words.say(word) }</button>
            }
        </p>
    }
}
