//! The messages, and the place in them: who is at the bottom stays there.

use std::rc::Rc;

use pipit_engine::{Content, Entry};
use web_sys::HtmlElement;
use yew::{
    Callback, Children, Html, Properties, component, html, use_effect_with, use_mut_ref,
    use_node_ref,
};

use super::{Link, message};
use crate::locale::Word;

#[derive(Properties, PartialEq)]
pub(crate) struct TranscriptProps {
    pub(crate) link: Link,
    pub(crate) entries: Vec<Rc<Entry>>,
    /// Whether what the visitor writes waits for an agent.
    pub(crate) is_waiting: bool,
    /// What stands above the messages.
    pub(crate) children: Children,
}

/// So near to the end counts as at the end, in px.
const NEAR_PX: i32 = 48;

#[component]
pub(crate) fn Transcript(props: &TranscriptProps) -> Html {
    let list = use_node_ref();
    let is_at_end = use_mut_ref(|| true);
    let onscroll = {
        let (list, is_at_end) = (list.clone(), is_at_end.clone());
        Callback::from(move |_| {
            if let Some(list) = list.cast::<HtmlElement>() {
                let below = list.scroll_height() - list.scroll_top() - list.client_height();
                *is_at_end.borrow_mut() = below < NEAR_PX;
            }
        })
    };
    {
        let list = list.clone();
        use_effect_with(props.entries.clone(), move |_| {
            if let Some(list) = list.cast::<HtmlElement>().filter(|_| *is_at_end.borrow()) {
                list.set_scroll_top(list.scroll_height());
            }
        });
    }
    html! {
        <div part="list" class="list" role="log" aria-label={props.link.words().say(Word::Messages)} tabindex="0"
            ref={list} {onscroll}>
            <div class="above">{ props.children.clone() }</div>
            <div class="entries">{ for rows(props) }</div>
        </div>
    }
}

/// A row an entry; neighbours of one author are drawn as a group.
fn rows(props: &TranscriptProps) -> impl Iterator<Item = Html> + '_ {
    props.entries.iter().enumerate().map(move |(index, entry)| {
        let author = Author::of(&entry.content);
        let before = index.checked_sub(1).and_then(|index| props.entries.get(index));
        let after = props.entries.get(index + 1);
        let place = message::Place {
            is_first: before.map(|entry| Author::of(&entry.content)) != Some(author),
            is_last: after.map(|entry| Author::of(&entry.content)) != Some(author),
            is_waiting: props.is_waiting,
        };
        html! { <div class="row" key={entry.id.0}>{ message::row(&props.link, entry, &place) }</div> }
    })
}

#[derive(Clone, Copy, PartialEq)]
enum Author<'a> {
    Visitor,
    Agent(&'a str),
    Nobody,
}

impl<'a> Author<'a> {
    fn of(content: &'a Content) -> Self {
        match content {
            Content::Visitor { .. } => Self::Visitor,
            Content::Agent { name, .. } => Self::Agent(name),
            Content::Notice(_) => Self::Nobody,
        }
    }
}
