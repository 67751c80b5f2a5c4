//! One row of the transcript.

use std::rc::Rc;

use pipit_engine::{Command, Content, Delivery, Entry, Notice};
use yew::{AttrValue, Html, Properties, component, html, use_memo, use_state_eq};

use crate::locale::{self, TextKey};
use crate::view::context::ViewContext;
use crate::view::during::message_body::MessageBody;
use crate::view::during::render_count;
use crate::view::during::shared_file::SharedFileLink;
use crate::view::frame::avatar::initials;

#[derive(Properties, PartialEq)]
pub(crate) struct TranscriptRowProps {
    pub(crate) context: ViewContext,
    pub(crate) entry: Rc<Entry>,
    pub(crate) position: RowPosition,
}

/// Where a row stands among its neighbours.
#[derive(Clone, PartialEq)]
pub(crate) struct RowPosition {
    /// The day that begins with it.
    pub(crate) day: Option<AttrValue>,
    pub(crate) author_label: AuthorLabel,
    /// The last of its author's group.
    pub(crate) is_last: bool,
    /// Whether it waits for an agent.
    pub(crate) is_waiting: bool,
}

/// Whose it is, above the first row of a group.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum AuthorLabel {
    /// It is not the first.
    None,
    /// For those who listen; the others see it by its side and colour.
    ScreenReaderOnly,
    Visible,
}

#[component]
pub(crate) fn TranscriptRow(props: &TranscriptRowProps) -> Html {
    render_count::add_one();
    let TranscriptRowProps {
        context,
        entry,
        position,
    } = props;
    let said = use_memo(MessageBody::of(&entry.content), |said| {
        said.as_ref().and_then(|said| said.draw(&context.texts))
    });
    let shows_time = use_state_eq(|| false);
    let toggle_time = {
        let shows_time = shows_time.clone();
        move |_| shows_time.set(!*shows_time)
    };
    html! {
        <div class={if *shows_time { "row timed" } else { "row" }} data-entry={entry.id.0.to_string()} onclick={toggle_time}>
            if let Some(day) = &position.day {
                <p part="day" class="day"><span key={day.as_str()}>{ day }</span></p>
            }
            { message(context, entry, position, (*said).as_ref()) }
        </div>
    }
}

fn message(
    context: &ViewContext,
    entry: &Entry,
    position: &RowPosition,
    said: Option<&Html>,
) -> Html {
    let texts = &context.texts;
    match (&entry.content, said) {
        (Content::Visitor { delivery, .. }, Some(said)) => html! {
            <div part="message message-visitor" class={group("group mine", position)}>
                { author(position, &texts.get(TextKey::You)) }
                { bubble(context, entry, said) }
                { state(context, entry, *delivery, position) }
            </div>
        },
        (Content::Agent { name, .. }, Some(said)) => html! {
            <div part="message message-agent" class={group("group", position)}>
                { author(position, &texts.agent_name(name)) }
                <span class="avatar small" aria-hidden="true">{ initials(name) }</span>
                { bubble(context, entry, said) }
            </div>
        },
        (Content::Notice(Notice::File(file)), _) => html! {
            <div part="message message-agent" class={group("group", position)}>
                { author(position, &texts.agent_name(&file.from)) }
                <span class="avatar small" aria-hidden="true">{ initials(&file.from) }</span>
                <div class="said">
                    <SharedFileLink context={context.clone()} file={file.clone()} />
                    { time(context, entry) }
                </div>
            </div>
        },
        (Content::Notice(_), Some(said)) => html! {
            <p part="notice" class="note server" dir="auto">{ said.clone() }</p>
        },
        (Content::Notice(notice), None) => html! {
            <p part="notice" class="note">{ texts.notice(notice) }</p>
        },
        // Markup with nothing in it.
        (Content::Visitor { .. } | Content::Agent { .. }, None) => Html::default(),
    }
}

fn group(class: &'static str, position: &RowPosition) -> String {
    let first = if position.author_label == AuthorLabel::None {
        ""
    } else {
        " first"
    };
    let last = if position.is_last { " last" } else { "" };
    [class, first, last].concat()
}

fn author(position: &RowPosition, name: &AttrValue) -> Html {
    let class = match position.author_label {
        AuthorLabel::None => return Html::default(),
        AuthorLabel::ScreenReaderOnly => "unseen",
        AuthorLabel::Visible => "author",
    };
    html! { <p {class}><bdi>{ name }</bdi></p> }
}

/// The text; beside it the time, for who points at it, presses it or comes to the list by keys.
fn bubble(context: &ViewContext, entry: &Entry, said: &Html) -> Html {
    html! {
        <div class="said">
            <div class="bubble" dir="auto" translate="yes">{ said.clone() }</div>
            { time(context, entry) }
        </div>
    }
}

fn time(context: &ViewContext, entry: &Entry) -> Html {
    html! { <span part="time" class="time">{ context.texts.time(entry.at) }</span> }
}

/// The state below a message of the visitor's: always where there is something to know, and
/// otherwise once a group. A new one is a new element.
fn state(context: &ViewContext, entry: &Entry, delivery: Delivery, position: &RowPosition) -> Html {
    let id = entry.id;
    let texts = &context.texts;
    let told = locale::delivery(delivery, position.is_waiting).map(|word| texts.get(word));
    let answer = match delivery {
        Delivery::Unknown => Some((TextKey::SendAgain, Command::SendAgain(id))),
        Delivery::Failed(_) => Some((TextKey::RemoveMessage, Command::Discard(id))),
        Delivery::Queued | Delivery::Sending | Delivery::Accepted if position.is_last => None,
        Delivery::Queued | Delivery::Sending | Delivery::Accepted => return Html::default(),
    };
    let class = if answer.is_some() {
        "state unsure"
    } else {
        "state"
    };
    let told = told.unwrap_or_else(|| texts.sent_at(entry.at));
    html! {
        <p key={told.as_str()} part="state" {class}>
            <span>{ told }</span>
            if let Some((word, command)) = answer {
                <button type="button" onclick={context.command_callback(command)}>{ texts.get(word) }</button>
            }
        </p>
    }
}
