//! The list of messages, and the overlay of the list: the button that leads to unread messages, and a live region
//! for screen readers. The list is rendered in the chunks and blocks of the engine's list of entries. A node that has not
//! changed is the same object as before. When a message arrives, Yew therefore compares one pointer for each block and
//! for each chunk of the changed block, and renders only the chunks again that have changed, usually the last one.

use std::rc::Rc;

use pipit_engine::{AgentNames, Block, Connection, Entries, Entry, EntryId};
use yew::{Callback, Html, NodeRef, Properties, component, html};

use crate::locale::{self, TextKey};
use crate::view::context::ViewContext;
use crate::view::during::announcer::render_inner_region;
use crate::view::during::chunk::{
    ChunkContext, TranscriptNode, TranscriptPart, first_entry, key_of, last_entry,
};
use crate::view::during::day::Day;
use crate::view::during::row_focus::use_row_focus;
use crate::view::during::scroll::{TranscriptScroll, use_transcript_scroll};
use crate::view::frame::icon;

/// Renders the messages. If `is_queued`, the visitor waits for an agent, so the newest messages have reached no agent
/// yet.
pub(crate) fn render(context: &ViewContext, entries: &Entries, is_queued: bool) -> Html {
    let conversation = context.state().tab.conversation.clone();
    let summary = entries.summary();
    let chunk_context = ChunkContext {
        // Everything before the most recent notice that the conversation is in the queue again has reached an agent. If
        // no such notice exists, no entry has reached an agent. No entry precedes `EntryId(0)`.
        first_waiting: is_queued.then(|| summary.last_requeued.unwrap_or(EntryId(0))),
        has_several_agents: summary.agents == AgentNames::Several,
        is_connection_lost: conversation.connection == Connection::Lost,
        today: Day::today(),
        preview_remark: summary.last_joined.map(|joined| {
            (
                joined,
                locale::sneak_preview_key(&conversation.sneak_preview),
            )
        }),
    };
    let blocks = entries.blocks();
    let render_block = |(index, block): (usize, &Rc<Block<Entry>>)| {
        let previous = index.checked_sub(1).and_then(|index| blocks.get(index));
        let previous = previous.and_then(|previous| last_entry(previous.members().last()?));
        let next = blocks.get(index + 1);
        let next = next.and_then(|next| first_entry(next.members().first()?));
        html! {
            <TranscriptPart key={key_of(block.summary())} context={context.clone()}
                node={TranscriptNode::Block(block.clone())} {previous} {next} {chunk_context} />
        }
    };
    blocks.iter().enumerate().map(render_block).collect()
}

#[derive(Properties, PartialEq)]
pub(crate) struct TranscriptOverlayProps {
    pub(crate) context: ViewContext,
    pub(crate) entries: Entries,
    /// The element in which the messages scroll.
    pub(crate) list: NodeRef,
}

/// Scrolls to new messages. If the visitor has scrolled up, the
/// list does not move, and the overlay shows a button that scrolls to the new messages.
#[component]
pub(crate) fn TranscriptOverlay(props: &TranscriptOverlayProps) -> Html {
    let TranscriptOverlayProps {
        context, entries, ..
    } = props;
    let scroll = use_transcript_scroll(&props.list, entries);
    use_row_focus(&props.list);
    html! {
        <>
            if scroll.unread_count > 0 {
                { render_new_messages_button(context, &scroll) }
            }
            { render_inner_region() }
        </>
    }
}

fn render_new_messages_button(context: &ViewContext, scroll: &TranscriptScroll) -> Html {
    let label = context.texts.plural(
        TextKey::NewMessages,
        u32::try_from(scroll.unread_count).unwrap_or(u32::MAX),
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
