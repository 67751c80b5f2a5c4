//! The list of messages, and the overlay of the list: the button that leads to unread messages, and the announcements
//! for screen readers. The list is rendered in chunks of rows. When a message arrives, Yew renders only the
//! chunks again that have changed, which is usually the last chunk.

use std::rc::Rc;

use pipit_engine::{Content, Entry, EntryId, Notice};
use yew::{Callback, Html, NodeRef, Properties, component, html};

use crate::locale::TextKey;
use crate::view::context::ViewContext;
use crate::view::during::announcer::use_announcer;
use crate::view::during::chunk::{ChunkContext, ROWS_PER_CHUNK, TranscriptChunk};
use crate::view::during::day::Day;
use crate::view::during::scroll::{TranscriptScroll, use_transcript_scroll};
use crate::view::frame::icon;

/// Renders the messages. If `is_queued`, the visitor waits for an agent, so the newest messages have reached no agent
/// yet.
pub(crate) fn render(context: &ViewContext, entries: &[Rc<Entry>], is_queued: bool) -> Html {
    let chunk_context = ChunkContext {
        first_waiting: is_queued.then(|| first_waiting(entries)),
        has_several_agents: has_several_agents(entries),
        today: Day::today(),
    };
    let render_chunk = |(chunk_index, chunk): (usize, &[Rc<Entry>])| {
        let start = chunk_index * ROWS_PER_CHUNK;
        let previous = start.checked_sub(1).and_then(|index| entries.get(index));
        let next = entries.get(start + ROWS_PER_CHUNK);
        html! {
            <TranscriptChunk key={chunk_index} context={context.clone()} entries={chunk.to_vec()}
                previous={previous.cloned()} next={next.cloned()} {chunk_context} />
        }
    };
    entries
        .chunks(ROWS_PER_CHUNK)
        .enumerate()
        .map(render_chunk)
        .collect()
}

#[derive(Properties, PartialEq)]
pub(crate) struct TranscriptOverlayProps {
    pub(crate) context: ViewContext,
    pub(crate) entries: Rc<Vec<Rc<Entry>>>,
    /// Whether a conversation has begun.
    pub(crate) has_conversation: bool,
    /// The element in which the messages scroll.
    pub(crate) list: NodeRef,
}

/// Reacts to new messages: announces them to screen readers, and scrolls to them. If the visitor has scrolled up, the
/// list does not move, and the overlay shows a button that scrolls to the new messages.
#[component]
pub(crate) fn TranscriptOverlay(props: &TranscriptOverlayProps) -> Html {
    let TranscriptOverlayProps {
        context, entries, ..
    } = props;
    let scroll = use_transcript_scroll(&props.list, entries);
    let announcer = use_announcer(context, entries, props.has_conversation, &props.list);
    html! {
        <>
            if !scroll.unread.is_empty() {
                { render_new_messages_button(context, &scroll) }
            }
            { announcer }
        </>
    }
}

/// The first entry that no agent has received. This is the most recent notice that the conversation is in the queue
/// again, because everything before that notice has reached an agent. If no such notice exists, no entry has reached an
/// agent, and the result is `EntryId(0)`, which no entry precedes.
fn first_waiting(entries: &[Rc<Entry>]) -> EntryId {
    let is_requeued = |entry: &&Rc<Entry>| entry.content == Content::Notice(Notice::Requeued);
    let last_requeued = entries.iter().rev().find(is_requeued);
    last_requeued.map_or(EntryId(0), |entry| entry.id)
}

/// Whether the messages and files in the transcript come from more than one agent.
fn has_several_agents(entries: &[Rc<Entry>]) -> bool {
    let mut names = entries.iter().filter_map(|entry| match &entry.content {
        Content::Agent { name, .. } => Some(name),
        Content::Notice(Notice::File(file)) => Some(&file.from),
        Content::Visitor { .. } | Content::Notice(_) => None,
    });
    let first = names.next();
    names.any(|name| Some(name) != first)
}

fn render_new_messages_button(context: &ViewContext, scroll: &TranscriptScroll) -> Html {
    let label = context.texts.plural(
        TextKey::NewMessages,
        u32::try_from(scroll.unread.len()).unwrap_or(u32::MAX),
    );
    let onclick = Callback::from({
        let scroll = scroll.clone();
        move |_| scroll.show_unread()
    });
    html! {
        <button part="new-messages" class="new-messages" type="button" {onclick}>
            { icon::chevron_down() }<span key={label.as_str()}>{ label }</span>
        </button>
    }
}
