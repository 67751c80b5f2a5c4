//! One row of the transcript: a message, a file or a notice, with the name of the day above it if a new day begins.

use std::rc::Rc;

use pipit_engine::{Command, Content, Delivery, Entry, Notice};
use yew::{AttrValue, Html, Properties, component, html, use_memo};

use crate::locale::{self, TextKey};
use crate::view::context::ViewContext;
use crate::view::during::message_body::MessageBody;
use crate::view::during::message_text::MessageText;
use crate::view::during::render_count;
use crate::view::during::shared_file::SharedFileLink;
use crate::view::frame::avatar::avatar;

#[derive(Properties, PartialEq)]
pub(crate) struct TranscriptRowProps {
    pub(crate) context: ViewContext,
    pub(crate) entry: Rc<Entry>,
    pub(crate) position: RowPosition,
}

/// What a row shows besides its entry. It follows from the rows before and after this row, and from whether the visitor
/// waits for an agent. Successive rows of one author are a group.
#[derive(Clone, PartialEq)]
pub(crate) struct RowPosition {
    /// The name of the row's day, if the row is the first of that day.
    pub(crate) new_day: Option<AttrValue>,
    pub(crate) start: GroupStart,
    pub(crate) is_last_of_group: bool,
    /// Whether the visitor waits in the queue, and the row is a message of the visitor that no agent has received yet.
    pub(crate) is_waiting: bool,
    /// Whether a message that has not left waits for the connection.
    pub(crate) waits_for_connection: bool,
    /// A sentence that is shown below the row.
    pub(crate) remark: Option<TextKey>,
}

/// Whether a row is the first of its group, and whether the author is named above it.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum GroupStart {
    /// Another row of the group precedes the row.
    Earlier,
    /// The row is the first. The side and the colour of the bubble show the author.
    Here,
    /// The row is the first, and the author is named above it.
    HereWithAuthor,
}

/// Renders one row. The message's text is only read again if it has changed.
///
/// For screen readers, the row is an article with the author, the time and the text, each once. The visitor can move the
/// focus from row to row (`row_focus.rs`).
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
    let id = content_id(entry);
    // `scroll.rs` finds a row by the attribute `data-entry`.
    html! {
        <div class="row" role="article" tabindex="-1" aria-labelledby={id} data-entry={entry.id.0.to_string()}>
            if let Some(day) = &position.new_day {
                <p part="day" class="day"><span key={day.as_str()}>{ day }</span></p>
            }
            { render_entry(context, entry, position, body.as_ref()) }
            if let Some(remark) = position.remark {
                <p part="preview" class="note">{ context.texts.get(remark) }</p>
            }
        </div>
    }
}

/// The `id` of the element with the content of a row, which is the row's name for screen readers.
fn content_id(entry: &Entry) -> String {
    ["entry-", &entry.id.0.to_string()].concat()
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
    let id = content_id(entry);
    match (&entry.content, body) {
        (Content::Visitor { delivery, .. }, Some(body)) => html! {
            <div {id} part="message message-visitor" class={message_class("message mine", position)}>
                { render_visitor_head(context, entry, *delivery, position) }
                { render_bubble(body) }
                { render_delivery(context, entry, *delivery, position) }
            </div>
        },
        (Content::Agent { name, .. }, Some(body)) => {
            render_from_agent(context, entry, position, name, render_bubble(body))
        }
        (Content::Notice(Notice::File(file)), _) => {
            let content = html! {
                <div class="said"><SharedFileLink context={context.clone()} file={file.clone()} /></div>
            };
            render_from_agent(context, entry, position, &file.from, content)
        }
        (Content::Notice(_), Some(body)) => html! {
            <div {id} part="notice" class="note server" lang="" dir="auto">{ body.clone() }</div>
        },
        (Content::Notice(notice), None) => html! {
            <p {id} part="notice" class="note">{ texts.notice(notice) }</p>
        },
        // A message always holds a text, so this is an agent's rich text without anything visible. It shows nothing.
        (Content::Visitor { .. } | Content::Agent { .. }, None) => Html::default(),
    }
}

/// The message or file of an agent with this name. The last row of a group shows the agent's avatar and the time.
fn render_from_agent(
    context: &ViewContext,
    entry: &Entry,
    position: &RowPosition,
    name: &str,
    content: Html,
) -> Html {
    let texts = &context.texts;
    let author = texts.agent_name(name);
    let picture = avatar(name, context.services.agent_pictures.named(name).as_ref());
    let time = texts.time(entry.at);
    // Screen readers read the hidden head. The visible name and time have the same words, so they are hidden from them.
    html! {
        <div id={content_id(entry)} part="message message-agent" class={message_class("message", position)}>
            { render_head(&author, Some(&*time)) }
            if position.start == GroupStart::HereWithAuthor {
                <p class="author" aria-hidden="true"><bdi>{ author }</bdi></p>
            }
            <span class="avatar small" aria-hidden="true">{ picture }</span>
            { content }
            if position.is_last_of_group {
                <p part="time" class="state time" aria-hidden="true"><span key={time.as_str()}>{ &time }</span></p>
            }
        </div>
    }
}

/// The CSS classes of a message: `class`, and the classes that mark the first and the last message of a group.
fn message_class(class: &'static str, position: &RowPosition) -> String {
    let first = match position.start {
        GroupStart::Earlier => "",
        GroupStart::Here | GroupStart::HereWithAuthor => " first-of-group",
    };
    let last = if position.is_last_of_group {
        " last-of-group"
    } else {
        ""
    };
    [class, first, last].concat()
}

/// The author and the time of a message, for screen readers only. `time` is `None` if the row says the time elsewhere.
fn render_head(author: &str, time: Option<&str>) -> Html {
    html! {
        <p class="unseen">
            <bdi>{ author.to_owned() }</bdi>
            if let Some(time) = time {
                { " " }<bdi>{ time.to_owned() }</bdi>
            }
        </p>
    }
}

/// The head of a message of the visitor. Below an accepted message at the end of a group, the delivery state says the time.
fn render_visitor_head(
    context: &ViewContext,
    entry: &Entry,
    delivery: Delivery,
    position: &RowPosition,
) -> Html {
    let state_has_time =
        position.is_last_of_group && locale::delivery_key(delivery, position.is_waiting).is_none();
    let time = (!state_has_time).then(|| context.texts.time(entry.at));
    render_head(&context.texts.get(TextKey::You), time.as_deref())
}

/// The text of a message. Its language is not known.
fn render_bubble(body: &Html) -> Html {
    html! {
        <div class="said"><div class="bubble" lang="" dir="auto" translate="yes">{ body.clone() }</div></div>
    }
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
    let key = if position.waits_for_connection && delivery == Delivery::Queued {
        Some(TextKey::WaitsForConnection)
    } else {
        locale::delivery_key(delivery, position.is_waiting)
    };
    let state = key.map_or_else(|| texts.sent_at(entry.at), |key| texts.get(key));
    html! {
        <p key={state.as_str()} part="state" {class}>
            <span>{ state }</span>
            if let Some((label, command)) = remedy {
                <button type="button" onclick={context.command_callback(command)}>{ texts.get(label) }</button>
            }
        </p>
    }
}
