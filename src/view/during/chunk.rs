//! A chunk of the transcript: up to 32 rows that Yew compares and the browser lays out together. The browser skips the
//! layout of chunks that are out of sight. The chunk decides which of its rows form a group (successive rows of one
//! author, or without an author, on one day and within a few minutes), and above which rows the name of a new day is
//! shown. Up to 32 chunks are a block, so that Yew compares few blocks in place of many chunks.

use std::iter::once;
use std::rc::Rc;

use pipit_engine::{Block, Chunk, Content, Entry, EntryId, EntrySummary, Notice};
use yew::{Html, Properties, component, html};

use crate::locale::TextKey;
use crate::view::context::ViewContext;
use crate::view::during::day::Day;
use crate::view::during::render_count;
use crate::view::during::row::{GroupStart, RowPosition, TranscriptRow};

/// A part of the transcript that Yew compares as a whole.
#[derive(Clone, PartialEq)]
pub(crate) enum TranscriptNode {
    /// Up to 32 chunks. They have no element of their own in common.
    Block(Rc<Block<Entry>>),
    /// Up to 32 rows.
    Chunk(Rc<Chunk<Entry>>),
}

#[derive(Properties, PartialEq)]
pub(crate) struct TranscriptPartProps {
    pub(crate) context: ViewContext,
    pub(crate) node: TranscriptNode,
    /// The last entry before the node; `None` if it is the first of its kind.
    pub(crate) previous: Option<Rc<Entry>>,
    /// The first entry after the node; `None` if it is the last of its kind.
    pub(crate) next: Option<Rc<Entry>>,
    pub(crate) chunk_context: ChunkContext,
}

/// What a row depends on besides its entry and its neighbours.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct ChunkContext {
    /// While the visitor waits for an agent: no agent has received the visitor's messages from this entry on. `None`
    /// while the visitor does not wait.
    pub(crate) first_waiting: Option<EntryId>,
    /// Whether the rows must show which agent wrote them.
    pub(crate) has_several_agents: bool,
    /// Whether the connection is lost. Messages that have not left wait for it.
    pub(crate) is_connection_lost: bool,
    /// The current day, on which the names *Today* and *Yesterday* depend.
    pub(crate) today: Day,
    /// The notice that an agent joined, below which the panel says whether the agent sees typed text, and the sentence
    /// that says it. `None` before an agent joins.
    pub(crate) preview_remark: Option<(EntryId, TextKey)>,
}

/// Renders a block or a chunk. Both are one component, because each type of component adds kilobytes to the WASM module.
#[component]
pub(crate) fn TranscriptPart(props: &TranscriptPartProps) -> Html {
    // A test checks how many renders a new message causes.
    render_count::add_one();
    match &props.node {
        TranscriptNode::Block(block) => render_block(props, block.members()),
        TranscriptNode::Chunk(chunk) => render_chunk(props, chunk),
    }
}

fn render_block(props: &TranscriptPartProps, chunks: &[Rc<Chunk<Entry>>]) -> Html {
    let render = |(index, chunk): (usize, &Rc<Chunk<Entry>>)| {
        let previous = index.checked_sub(1).and_then(|index| chunks.get(index));
        let previous = previous.map_or(props.previous.clone(), last_entry);
        let next = chunks.get(index + 1);
        let next = next.map_or(props.next.clone(), first_entry);
        html! {
            <TranscriptPart key={key_of(chunk.summary())} context={props.context.clone()}
                node={TranscriptNode::Chunk(chunk.clone())} {previous} {next} chunk_context={props.chunk_context} />
        }
    };
    chunks.iter().enumerate().map(render).collect()
}

fn render_chunk(props: &TranscriptPartProps, chunk: &Chunk<Entry>) -> Html {
    let TranscriptPartProps {
        context,
        previous,
        next,
        chunk_context,
        ..
    } = props;
    let entries = chunk.members();
    // The groups of the chunk's entries. The first and the last element belong to the entries before and after the
    // chunk. Each window of three elements has the groups of three rows: a row, and the rows before and after it.
    let groups: Vec<Option<Group<'_>>> = once(previous.as_ref())
        .chain(entries.iter().map(Some))
        .chain(once(next.as_ref()))
        .map(|entry| entry.map(|entry| Group::of(entry)))
        .collect();
    let rows = entries.iter().zip(groups.windows(3));
    html! {
        <div class="chunk">
            { for rows.filter_map(|(entry, window)| {
                // This always matches: a window has three elements, and the middle element is the group of `entry`.
                let [before, Some(group), after] = window else { return None };
                let position = RowPosition {
                    new_day: (before.as_ref().map(|before| before.day) != Some(group.day))
                        .then(|| group.day.name(&context.texts, chunk_context.today, entry.at).into()),
                    start: match group.author {
                        _ if group.continues(before.as_ref()) => GroupStart::Earlier,
                        GroupAuthor::Agent(_) if chunk_context.has_several_agents => GroupStart::HereWithAuthor,
                        _ => GroupStart::Here,
                    },
                    is_last_of_group: !group.continues(after.as_ref()),
                    remark: chunk_context.preview_remark.filter(|(id, _)| *id == entry.id).map(|(_, text)| text),
                    waits_for_connection: chunk_context.is_connection_lost,
                    is_waiting: group.author == GroupAuthor::Visitor
                        && chunk_context.first_waiting.is_some_and(|first| entry.id >= first),
                };
                Some(html! {
                    <TranscriptRow key={entry.id.0} context={context.clone()} entry={entry.clone()} {position} />
                })
            }) }
        </div>
    }
}

/// The key of a chunk or block: the lowest id of its entries. Only one node has it, and it stays the same when entries
/// are added, even if they divide the node.
pub(crate) fn key_of(summary: &EntrySummary) -> u64 {
    summary.oldest.map_or(0, |oldest| oldest.0)
}

pub(crate) fn first_entry(chunk: &Rc<Chunk<Entry>>) -> Option<Rc<Entry>> {
    chunk.members().first().cloned()
}

pub(crate) fn last_entry(chunk: &Rc<Chunk<Entry>>) -> Option<Rc<Entry>> {
    chunk.members().last().cloned()
}

/// The longest time, in ms, between neighbouring rows of one group. A group shows only the time of its last message.
const MAX_PAUSE_MILLIS: u64 = 5 * 60_000;

/// What decides whether neighbouring rows are drawn as one group.
struct Group<'a> {
    author: GroupAuthor<'a>,
    day: Day,
    /// The row's time, in ms since 1970.
    at: i64,
}

impl<'a> Group<'a> {
    fn of(entry: &'a Entry) -> Self {
        Self {
            author: GroupAuthor::of(&entry.content),
            day: Day::of(entry.at),
            at: entry.at,
        }
    }

    /// Whether a row of this group and its neighbour are in one group. `neighbour` is `None` if there is no neighbour.
    fn continues(&self, neighbour: Option<&Self>) -> bool {
        neighbour.is_some_and(|neighbour| {
            self.author == neighbour.author
                && self.day == neighbour.day
                && self.at.abs_diff(neighbour.at) <= MAX_PAUSE_MILLIS
        })
    }
}

/// The author of a row.
#[derive(PartialEq)]
enum GroupAuthor<'a> {
    Visitor,
    Agent(&'a str),
    /// The row is a notice without an author. A notice of a file has an author: the agent who sent the file.
    Nobody,
}

impl<'a> GroupAuthor<'a> {
    fn of(content: &'a Content) -> Self {
        match content {
            Content::Visitor { .. } => Self::Visitor,
            Content::Agent { name, .. } => Self::Agent(name),
            Content::Notice(Notice::File(file)) => Self::Agent(&file.from),
            Content::Notice(_) => Self::Nobody,
        }
    }
}
