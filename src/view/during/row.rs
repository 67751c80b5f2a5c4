//! One row of the transcript: a message, a file or a notice, with the name of the day above it if a new day begins.

use std::rc::Rc;

use pipit_engine::{Command, Content, Delivery, Entry, Notice};
use yew::{AttrValue, Html, Properties, component, html, use_memo, use_state_eq};

use crate::locale::{self, TextKey};
use crate::view::context::ViewContext;
use crate::view::during::message_body::MessageBody;
use crate::view::during::message_text::MessageText;
use crate::view::during::render_count;
use crate::view::during::shared_file::SharedFileLink;
use crate::view::frame::avatar::initials;

#[derive(Properties, PartialEq)]
pub(crate) struct TranscriptRowProps {
    pub(crate) context: ViewContext,
    pub(crate) entry: Rc<Entry>,
    pub(crate) position: RowPosition,
}

/// What a row shows besides its entry. It follows from the rows before and after this row, and from whether the visitor
/// waits for an agent. Successive rows of one author on one day are a group.
#[derive(Clone, PartialEq)]
pub(crate) struct RowPosition {
    /// The name of the row's day, if the row is the first of that day.
    pub(crate) new_day: Option<AttrValue>,
    pub(crate) author_label: AuthorLabel,
    /// Whether the row is the last of its group.
    pub(crate) is_last_of_group: bool,
    /// Whether the visitor waits in the queue, and the row is a message of the visitor that no agent has received yet.
    pub(crate) is_waiting: bool,
}

/// Whether the author is named above a row.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum AuthorLabel {
    /// The author is not named, because the row is not the first of its group.
    None,
    /// The author is named only for screen readers. Other visitors recognise the author by the side and the colour of
    /// the bubble.
    ScreenReaderOnly,
    /// The author is named for all visitors.
    Visible,
}

/// Renders one row. The message's text is only read again if it has changed.
#[component]
pub(crate) fn TranscriptRow(props: &TranscriptRowProps) -> Html {
    render_count::add_one();
    let TranscriptRowProps {
        context,
        entry,
        position,
    } = props;
    let portions = use_memo(MessageBody::of(&entry.content), |body| {
        let portions = body.as_ref().and_then(MessageBody::portions);
        portions.map(Rc::new)
    });
    let body = (*portions).clone().map(|portions| {
        html! { <MessageText context={context.clone()} {portions} /> }
    });
    // A click on the row shows or hides the time, because a touch screen cannot hover.
    let shows_time = use_state_eq(|| false);
    let toggle_time = {
        let shows_time = shows_time.clone();
        move |_| shows_time.set(!*shows_time)
    };
    // `scroll.rs` finds a row by the attribute `data-entry`.
    html! {
        <div class={if *shows_time { "row timed" } else { "row" }} data-entry={entry.id.0.to_string()} onclick={toggle_time}>
            if let Some(day) = &position.new_day {
                <p part="day" class="day"><span key={day.as_str()}>{ day }</span></p>
            }
            { render_entry(context, entry, position, body.as_ref()) }
        </div>
    }
}

/// The message, file or notice of a row. `body` is the rendered text of the entry. It is `None` if the entry holds no
/// text, or only rich text without anything visible.
fn render_entry(
    context: &ViewContext,
    entry: &Entry,
    position: &RowPosition,
    body: Option<&Html>,
) -> Html {
    let texts = &context.texts;
    match (&entry.content, body) {
        (Content::Visitor { delivery, .. }, Some(body)) => html! {
            <div part="message message-visitor" class={message_class("message mine", position)}>
                { render_author(position, &texts.get(TextKey::You)) }
                { render_bubble(context, entry, body) }
                { render_delivery(context, entry, *delivery, position) }
            </div>
        },
        (Content::Agent { name, .. }, Some(body)) => html! {
            <div part="message message-agent" class={message_class("message", position)}>
                { render_author(position, &texts.agent_name(name)) }
                <span class="avatar small" aria-hidden="true">{ initials(name) }</span>
                { render_bubble(context, entry, body) }
            </div>
        },
        (Content::Notice(Notice::File(file)), _) => html! {
            <div part="message message-agent" class={message_class("message", position)}>
                { render_author(position, &texts.agent_name(&file.from)) }
                <span class="avatar small" aria-hidden="true">{ initials(&file.from) }</span>
                <div class="said">
                    <SharedFileLink context={context.clone()} file={file.clone()} />
                    { render_time(context, entry) }
                </div>
            </div>
        },
        (Content::Notice(_), Some(body)) => html! {
            <div part="notice" class="note server" dir="auto">{ body.clone() }</div>
        },
        (Content::Notice(notice), None) => html! {
            <p part="notice" class="note">{ texts.notice(notice) }</p>
        },
        // A message always holds a text, so this is an agent's rich text without anything visible. It shows nothing.
        (Content::Visitor { .. } | Content::Agent { .. }, None) => Html::default(),
    }
}

/// The CSS classes of a message: `class`, and the classes that mark the first and the last message of a group.
fn message_class(class: &'static str, position: &RowPosition) -> String {
    let first = if position.author_label == AuthorLabel::None {
        ""
    } else {
        " first-of-group"
    };
    let last = if position.is_last_of_group {
        " last-of-group"
    } else {
        ""
    };
    [class, first, last].concat()
}

fn render_author(position: &RowPosition, name: &AttrValue) -> Html {
    let class = match position.author_label {
        AuthorLabel::None => return Html::default(),
        AuthorLabel::ScreenReaderOnly => "unseen",
        AuthorLabel::Visible => "author",
    };
    html! { <p {class}><bdi>{ name }</bdi></p> }
}

/// The message with its time. `transcript.css` shows the time while the pointer is over the message, after a click on
/// the row, and (if the panel has a text field) while the list has the keyboard focus.
fn render_bubble(context: &ViewContext, entry: &Entry, body: &Html) -> Html {
    html! {
        <div class="said">
            <div class="bubble" dir="auto" translate="yes">{ body.clone() }</div>
            { render_time(context, entry) }
        </div>
    }
}

fn render_time(context: &ViewContext, entry: &Entry) -> Html {
    html! { <span part="time" class="time">{ context.texts.time(entry.at) }</span> }
}

/// The delivery state below a message of the visitor. A problem is shown below each affected message. Any other state
/// is shown only below the last message of a group. The key makes each new state a new element, because a browser that
/// translates the page replaces the text nodes that Yew would otherwise update.
fn render_delivery(
    context: &ViewContext,
    entry: &Entry,
    delivery: Delivery,
    position: &RowPosition,
) -> Html {
    let texts = &context.texts;
    // The button's label, and the command that it sends.
    let remedy = match delivery {
        Delivery::Unknown => Some((TextKey::SendAgain, Command::SendAgain(entry.id))),
        Delivery::Failed(_) => Some((TextKey::RemoveMessage, Command::Discard(entry.id))),
        Delivery::Queued | Delivery::Sending | Delivery::Accepted if position.is_last_of_group => {
            None
        }
        Delivery::Queued | Delivery::Sending | Delivery::Accepted => return Html::default(),
    };
    let class = if remedy.is_some() {
        "state problem"
    } else {
        "state"
    };
    let state = locale::delivery_key(delivery, position.is_waiting)
        .map_or_else(|| texts.sent_at(entry.at), |key| texts.get(key));
    html! {
        <p key={state.as_str()} part="state" {class}>
            <span>{ state }</span>
            if let Some((label, command)) = remedy {
                <button type="button" onclick={context.command_callback(command)}>{ texts.get(label) }</button>
            }
        </p>
    }
}
