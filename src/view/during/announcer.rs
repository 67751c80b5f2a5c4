//! What is said aloud to those who do not see the messages: each new one once, and then nothing is
//! left of it. The list itself is silent, for it is redrawn for many reasons.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use pipit_engine::{Content, Entry, EntryId};
use yew::{AttrValue, Html, hook, html, use_effect_with, use_mut_ref, use_state};

use crate::locale::{TextKey, Texts};
use crate::view::context::ViewContext;
use crate::view::during::message_body::MessageBody;

/// How long an announcement stands, in ms: longer than any screen reader takes to notice it.
const STANDS_MILLIS: u32 = 5_000;

/// Longer texts are cut; the rest is in the list. In characters.
const LENGTH: usize = 300;

/// The position where it is said. `is_begun`: there is a conversation. What comes together with one, as
/// after a reload or from another tab, is not new.
#[hook]
pub(crate) fn use_announcer(context: &ViewContext, entries: &[Rc<Entry>], is_begun: bool) -> Html {
    let newest = entries.iter().map(|entry| entry.id).max();
    let heard = use_mut_ref(|| newest);
    let was_begun = use_mut_ref(|| is_begun);
    let told = use_state(Vec::<(EntryId, AttrValue)>::new);
    {
        let last = *heard.borrow();
        let is_new = |entry: &&Rc<Entry>| *was_begun.borrow() && Some(entry.id) > last;
        let new = entries.iter().filter(is_new);
        let new: Vec<_> = new
            .filter_map(|entry| Some((entry.id, line(&context.texts, &entry.content)?)))
            .collect();
        let (told, was_begun) = (told.clone(), was_begun.clone());
        use_effect_with((newest, is_begun), move |(newest, is_begun)| {
            // Where the messages make room for a form, they come back.
            heard.replace_with(|heard| (*heard).max(*newest));
            *was_begun.borrow_mut() = *is_begun;
            if !new.is_empty() {
                told.set([(*told).clone(), new].concat());
            }
        });
    }
    {
        let clear = told.setter();
        use_effect_with((*told).clone(), move |told| {
            let timeout = (!told.is_empty())
                .then(|| Timeout::new(STANDS_MILLIS, move || clear.set(Vec::new())));
            move || drop(timeout)
        });
    }
    html! {
        <div part="announcer" class="unseen" aria-live="polite">
            { for told.iter().map(|(id, line)| html! { <p key={id.0}>{ line }</p> }) }
        </div>
    }
}

/// What the visitor writes is not told to them.
fn line(texts: &Texts, content: &Content) -> Option<AttrValue> {
    match content {
        Content::Visitor { .. } => None,
        Content::Agent { name, .. } => {
            let text = MessageBody::of(content)?.plain();
            let name = texts.agent_name(name);
            let values = [("name", &*name), ("text", &*cut(text))];
            Some(texts.format(TextKey::NameSays, &values))
        }
        Content::Notice(notice) => {
            let own = || texts.notice(notice).to_string();
            let text = MessageBody::of(content).map_or_else(own, |said| said.plain());
            Some(AttrValue::from(cut(text)))
        }
    }
}

fn cut(mut text: String) -> String {
    if let Some((end, _)) = text.char_indices().nth(LENGTH) {
        text.truncate(end);
        text.push('…');
    }
    text
}
