//! What has come while nobody looked.

use gloo_events::EventListener;
use pipit_engine::{Content, Conversation, Notice};
use web_sys::Document;
use yew::{hook, use_effect_with, use_mut_ref, use_state_eq};

use super::Link;

/// How many messages of agents have come since the panel was last open on a page that was seen. What a
/// reload finds counts as read.
#[hook]
pub(crate) fn use_unread(link: &Link, conversation: &Conversation, is_open: bool) -> u32 {
    let is_seen = use_page_seen() && is_open;
    let transcript = &conversation.transcript;
    let read = use_mut_ref(|| transcript.len());
    if is_seen {
        *read.borrow_mut() = transcript.len();
    }
    let new = transcript.get(*read.borrow()..).unwrap_or_default();
    let of_agents = new.iter().filter(|entry| is_of_agent(&entry.content));
    let unread = u32::try_from(of_agents.count()).unwrap_or(u32::MAX);
    let link = link.clone();
    use_effect_with(unread, move |unread| {
        if let Some(news) = &link.parts.news {
            news.tell(*unread, link.runtime.leads());
        }
    });
    unread
}

/// Whether the page is not behind another one.
#[hook]
fn use_page_seen() -> bool {
    let is_seen = use_state_eq(|| page().is_none_or(|page| !page.hidden()));
    let changed = is_seen.setter();
    use_effect_with((), move |()| {
        let listener = page().map(|page| {
            let asked = page.clone();
            EventListener::new(&page, "visibilitychange", move |_| {
                changed.set(!asked.hidden());
            })
        });
        move || drop(listener)
    });
    *is_seen
}

fn page() -> Option<Document> {
    web_sys::window()?.document()
}

/// Whether an agent has something to tell by it.
pub(crate) fn is_of_agent(content: &Content) -> bool {
    matches!(
        content,
        Content::Agent { .. } | Content::Notice(Notice::File(_))
    )
}
