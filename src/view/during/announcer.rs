//! The live region (an element whose changes a screen reader announces). It announces each new message of an agent and
//! each new notice once. Of many, only the newest are in the document, and all of them are removed some seconds after the
//! newest. If the panel has opened
//! without taking the focus, the live region announces that too, and keeps this announcement until the panel closes.
//! The list of messages itself is not a live region, because a screen reader would announce each new rendering of the
//! list.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use pipit_engine::{Content, Entries, Entry, EntryId};
use yew::{
    AttrValue, Html, NodeRef, hook, html, use_effect_with, use_mut_ref, use_state, use_state_eq,
};

use crate::locale::{TextKey, Texts};
use crate::view::context::ViewContext;
use crate::view::during::message_body::MessageBody;
use crate::view::frame::focus;

/// The time, in ms, from the newest announcement of a message or notice until all these announcements are removed from
/// the document. It is long enough for screen readers to notice the newest announcement.
const CLEAR_AFTER_MILLIS: u32 = 5_000;

/// At most this many announcements of messages and notices are in the live region: the newest. A screen reader needs
/// minutes for more, and the browser would have to compare and keep all of them while messages arrive quickly.
const MAX_ANNOUNCEMENTS: usize = 20;

/// The number of characters after which the text in an announcement is cut. The list of messages has the whole text.
const MAX_CHARACTERS: usize = 300;

/// The time, in ms, from the opening of the panel to its announcement. Screen readers announce only changes of an element
/// that has been visible for some time.
const ANNOUNCE_OPENING_AFTER_MILLIS: u32 = 500;

/// Renders the live region. `entries` are the messages and notices that are shown, and `list` is the element in which
/// they scroll. `has_conversation` states whether a conversation has begun. Entries that already exist in the first
/// render with a conversation come from a reload or from another tab, so they are not announced.
#[hook]
pub(crate) fn use_announcer(
    context: &ViewContext,
    entries: &Entries,
    has_conversation: bool,
    list: &NodeRef,
) -> Html {
    let announces_opening = use_opening_without_focus(context, list);
    let newest = entries.newest_id();
    // The id of the newest entry of the earlier renders. Entries up to it were announced then if necessary.
    let newest_before = use_mut_ref(|| newest);
    let had_conversation = use_mut_ref(|| has_conversation);
    let announcements = use_state(Vec::<Rc<AnnouncementGroup>>::new);

    let last_old = *newest_before.borrow();
    let announce =
        |entry: &Rc<Entry>| Some((entry.id, announcement(&context.texts, &entry.content)?));
    let new_entries = entries.after(last_old).into_iter().rev();
    let mut new_announcements: Vec<_> = new_entries
        .take_while(|_| *had_conversation.borrow())
        .filter_map(announce)
        .take(MAX_ANNOUNCEMENTS)
        .collect();
    new_announcements.reverse();
    use_effect_with((newest, has_conversation), {
        let announcements = announcements.clone();
        let had_conversation = had_conversation.clone();
        move |(newest_rendered, has_conversation)| {
            // While a form hides the entries, `newest_rendered` is `None`. The maximum keeps the earlier id, so that
            // the same entries are not announced again after the form.
            newest_before.replace_with(|before| (*before).max(*newest_rendered));
            *had_conversation.borrow_mut() = *has_conversation;
            if !new_announcements.is_empty() {
                let mut kept_count = MAX_ANNOUNCEMENTS - new_announcements.len();
                let mut groups = vec![Rc::new(new_announcements)];
                for group in announcements.iter().rev() {
                    let Some(rest) = kept_count.checked_sub(group.len()) else {
                        break;
                    };
                    kept_count = rest;
                    groups.insert(0, group.clone());
                }
                announcements.set(groups);
            }
        }
    });
    // Removes the announcements of entries. Each new announcement starts the time again.
    use_effect_with((*announcements).clone(), {
        let announcements = announcements.setter();
        move |shown| {
            let timeout = (!shown.is_empty())
                .then(|| Timeout::new(CLEAR_AFTER_MILLIS, move || announcements.set(Vec::new())));
            move || drop(timeout)
        }
    });
    let opening = announces_opening
        .then(|| html! { <p key="opening">{ context.texts.get(TextKey::ChatIsOpen) }</p> });
    // All children have keys. If one had none, Yew would insert every announcement again at each new one, and screen
    // readers would repeat them.
    let groups = announcements.iter().map(|group| {
        html! {
            <div key={group.first().map_or(0, |(id, _)| id.0)}>
                { for group.iter().map(|(_, text)| html! { <p>{ text }</p> }) }
            </div>
        }
    });
    html! {
        <div part="announcer" class="unseen" aria-live="polite">
            { for opening.into_iter().chain(groups) }
        </div>
    }
}

/// The announcements of entries that are drawn together. They are in one element, which is inserted as a whole. Yew would
/// insert single paragraphs from the last to the first, and a screen reader may read them in the order of insertion.
type AnnouncementGroup = Vec<(EntryId, AttrValue)>;

/// Returns whether the live region must announce that the panel is open. This is so from
/// [`ANNOUNCE_OPENING_AFTER_MILLIS`] after the opening until the panel closes, if the focus was outside of the widget
/// at the beginning of that time. That happens if the host (the web page that embeds the chat) opens the panel while
/// the visitor types elsewhere. `list` is an element of the panel.
#[hook]
fn use_opening_without_focus(context: &ViewContext, list: &NodeRef) -> bool {
    let is_announced = use_state_eq(|| false);
    let is_open = context.state().tab.is_open;
    use_effect_with(is_open, {
        let is_announced = is_announced.setter();
        let list = list.clone();
        move |is_open| {
            is_announced.set(false);
            let timeout = is_open.then(|| {
                Timeout::new(ANNOUNCE_OPENING_AFTER_MILLIS, move || {
                    is_announced.set(!focus::is_in_widget(&list));
                })
            });
            move || drop(timeout)
        }
    });
    *is_announced
}

/// The announcement of an entry; `None` for the visitor's own messages.
fn announcement(texts: &Texts, content: &Content) -> Option<AttrValue> {
    match content {
        Content::Visitor { .. } => None,
        Content::Agent { name, .. } => {
            let text = MessageBody::of(content)?.plain_text();
            let name = texts.agent_name(name);
            let values = [("name", &*name), ("text", &*shorten(text))];
            Some(texts.format(TextKey::NameSays, &values))
        }
        Content::Notice(notice) => {
            let text = MessageBody::of(content).map_or_else(
                || texts.notice(notice).to_string(),
                |body| body.plain_text(),
            );
            Some(AttrValue::from(shorten(text)))
        }
    }
}

/// Cuts a text after [`MAX_CHARACTERS`] characters, and marks the cut by `…`.
fn shorten(mut text: String) -> String {
    if let Some((end, _)) = text.char_indices().nth(MAX_CHARACTERS) {
        text.truncate(end);
        text.push('…');
    }
    text
}
