//! The messages, in stretches of rows.

use std::rc::Rc;

use pipit_engine::{Content, Entry, EntryId, Notice};
use yew::{Callback, Children, Html, Properties, component, html};

use super::announcer::use_announcer;
use super::day::Day;
use super::scroll::{Scroll, use_scroll};
use super::stretch::{Around, ROWS, Stretch};
use super::{Link, icon};
use crate::locale::Word;

#[derive(Properties, PartialEq)]
pub(crate) struct TranscriptProps {
    pub(crate) link: Link,
    pub(crate) entries: Vec<Rc<Entry>>,
    /// Whether there is a conversation.
    pub(crate) is_begun: bool,
    /// Whether what the visitor writes waits for an agent.
    pub(crate) is_waiting: bool,
    /// What stands above the messages.
    pub(crate) children: Children,
    /// What stands behind the last of them.
    pub(crate) last: Html,
}

#[component]
pub(crate) fn Transcript(props: &TranscriptProps) -> Html {
    let TranscriptProps { link, entries, .. } = props;
    let scroll = use_scroll(entries);
    let announcer = use_announcer(link, entries, props.is_begun);
    html! {
        <div class="transcript">
            <div part="list" class="list" role="log" aria-live="off" aria-label={link.words().say(Word::Messages)}
                tabindex="0" ref={scroll.list.clone()} onscroll={scroll.onscroll()}>
                <div ref={scroll.content.clone()}>
                    <div class="above">{ props.children.clone() }</div>
                    <div>{ for stretches(props) }</div>
                    <div class="last-word">{ props.last.clone() }</div>
                </div>
            </div>
            if !scroll.unread.is_empty() {
                { new_messages(link, &scroll) }
            }
            { announcer }
        </div>
    }
}

fn stretches(props: &TranscriptProps) -> impl Iterator<Item = Html> + '_ {
    let TranscriptProps { link, entries, .. } = props;
    let around = Around {
        waits_from: props.is_waiting.then(|| waits_from(entries)),
        has_several_agents: has_several_agents(entries),
        today: Day::today(),
    };
    entries.chunks(ROWS).enumerate().map(move |(number, rows)| {
        let first = number * ROWS;
        let before = first.checked_sub(1).and_then(|index| entries.get(index));
        let after = entries.get(first + ROWS);
        html! {
            <Stretch key={number} link={link.clone()} entries={rows.to_vec()} before={before.cloned()}
                after={after.cloned()} {around} />
        }
    })
}

/// What was written before an agent gave the conversation back to the queue, that agent has had.
fn waits_from(entries: &[Rc<Entry>]) -> EntryId {
    let mut latest = entries.iter().rev();
    let again = latest.find(|entry| entry.content == Content::Notice(Notice::WaitingAgain));
    again.map_or(EntryId(0), |entry| entry.id)
}

fn has_several_agents(entries: &[Rc<Entry>]) -> bool {
    let mut names = entries.iter().filter_map(|entry| match &entry.content {
        Content::Agent { name, .. } => Some(name),
        Content::Notice(Notice::File(file)) => Some(&file.from),
        Content::Visitor { .. } | Content::Notice(_) => None,
    });
    let first = names.next();
    names.any(|name| Some(name) != first)
}

fn new_messages(link: &Link, scroll: &Scroll) -> Html {
    let words = link.words();
    let told = words.count(
        Word::NewMessages,
        u32::try_from(scroll.unread.len()).unwrap_or(u32::MAX),
    );
    let onclick = {
        let scroll = scroll.clone();
        Callback::from(move |_| scroll.to_unread())
    };
    html! {
        <button part="new-messages" class="new-messages" type="button" {onclick}>
            { icon::down() }<span key={told.as_str()}>{ told }</span>
        </button>
    }
}
