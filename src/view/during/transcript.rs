//! The messages, in stretches of rows.

use std::rc::Rc;

use pipit_engine::{Content, Entry, EntryId, Notice};
use yew::{Callback, Html, NodeRef, Properties, component, html};

use crate::locale::TextKey;
use crate::view::context::ViewContext;
use crate::view::during::announcer::use_announcer;
use crate::view::during::chunk::{ChunkContext, ROWS_PER_CHUNK, TranscriptChunk};
use crate::view::during::day::Day;
use crate::view::during::scroll::{TranscriptScroll, use_scroll};
use crate::view::frame::icon;

/// The messages. `is_waiting`: what the visitor writes waits for an agent.
pub(crate) fn rows(context: &ViewContext, entries: &[Rc<Entry>], is_waiting: bool) -> Html {
    let chunk_context = ChunkContext {
        waits_from: is_waiting.then(|| waits_from(entries)),
        has_several_agents: has_several_agents(entries),
        today: Day::today(),
    };
    let stretches = entries.chunks(ROWS_PER_CHUNK).enumerate().map(|(number, rows)| {
        let first = number * ROWS_PER_CHUNK;
        let before = first.checked_sub(1).and_then(|index| entries.get(index));
        let after = entries.get(first + ROWS_PER_CHUNK);
        html! {
            <TranscriptChunk key={number} context={context.clone()} entries={rows.to_vec()} before={before.cloned()}
                after={after.cloned()} {chunk_context} />
        }
    });
    stretches.collect()
}

#[derive(Properties, PartialEq)]
pub(crate) struct TranscriptOverlayProps {
    pub(crate) context: ViewContext,
    pub(crate) entries: Vec<Rc<Entry>>,
    /// Whether there is a conversation.
    pub(crate) is_begun: bool,
    /// What the messages scroll in.
    pub(crate) list: NodeRef,
}

/// Goes along with what comes: has the list scrolled to it, offers the way to it, and says it aloud.
#[component]
pub(crate) fn TranscriptOverlay(props: &TranscriptOverlayProps) -> Html {
    let TranscriptOverlayProps {
        context, entries, ..
    } = props;
    let scroll = use_scroll(&props.list, entries);
    let announcer = use_announcer(context, entries, props.is_begun);
    html! {
        <>
            if !scroll.unread.is_empty() {
                { new_messages(context, &scroll) }
            }
            { announcer }
        </>
    }
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

fn new_messages(context: &ViewContext, scroll: &TranscriptScroll) -> Html {
    let texts = &context.texts;
    let told = texts.plural(
        TextKey::NewMessages,
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
