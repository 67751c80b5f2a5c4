//! A stretch of the messages: what of it belongs together, and where a day begins.

use std::iter::once;
use std::rc::Rc;

use pipit_engine::{Content, Entry, EntryId, Notice};
use yew::{Html, Properties, component, html};

use crate::view::context::ViewContext;
use crate::view::during::day::Day;
use crate::view::during::render_count;
use crate::view::during::row::{AuthorLabel, RowPosition, TranscriptRow};

/// So many rows are one stretch. A new message touches the last one only, and the browser does not
/// lay out those that are out of sight.
pub(crate) const ROWS_PER_CHUNK: usize = 32;

#[derive(Properties)]
pub(crate) struct TranscriptChunkProps {
    pub(crate) context: ViewContext,
    pub(crate) entries: Vec<Rc<Entry>>,
    pub(crate) before: Option<Rc<Entry>>,
    pub(crate) after: Option<Rc<Entry>>,
    pub(crate) chunk_context: ChunkContext,
}

/// What the rows depend on besides their neighbours.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct ChunkContext {
    /// From this entry on, what the visitor has written waits for an agent; `None` while none does.
    pub(crate) waits_from: Option<EntryId>,
    /// Whether it has to be told which agent it is.
    pub(crate) has_several_agents: bool,
    pub(crate) today: Day,
}

impl PartialEq for TranscriptChunkProps {
    fn eq(&self, other: &Self) -> bool {
        let same = |one: &Rc<Entry>, other: &Rc<Entry>| Rc::ptr_eq(one, other) || one == other;
        let same_beside = |one: &Option<Rc<Entry>>, other: &Option<Rc<Entry>>| match (one, other) {
            (Some(one), Some(other)) => same(one, other),
            (one, other) => one.is_none() && other.is_none(),
        };
        self.chunk_context == other.chunk_context
            && self.entries.len() == other.entries.len()
            && (self.entries.iter().zip(&other.entries)).all(|(one, other)| same(one, other))
            && same_beside(&self.before, &other.before)
            && same_beside(&self.after, &other.after)
            && self.context == other.context
    }
}

#[component]
pub(crate) fn TranscriptChunk(props: &TranscriptChunkProps) -> Html {
    render_count::add_one();
    let TranscriptChunkProps {
        context,
        entries,
        before,
        after,
        chunk_context,
    } = props;
    let inner = entries.iter().map(Some);
    let all = once(before.as_ref())
        .chain(inner)
        .chain(once(after.as_ref()));
    let groups: Vec<Option<Group<'_>>> = all.map(|entry| entry.map(|it| Group::of(it))).collect();
    let rows = entries.iter().zip(groups.windows(3));
    html! {
        <div class="stretch">
            { for rows.filter_map(|(entry, beside)| {
                let [before, Some(group), after] = beside else { return None };
                let position = RowPosition {
                    day: (before.as_ref().map(|before| before.day) != Some(group.day))
                        .then(|| group.day.name(&context.texts, chunk_context.today, entry.at).into()),
                    author_label: match group.author {
                        _ if before.as_ref() == Some(group) => AuthorLabel::None,
                        GroupAuthor::Agent(_) if chunk_context.has_several_agents => AuthorLabel::Visible,
                        _ => AuthorLabel::ScreenReaderOnly,
                    },
                    is_last: after.as_ref() != Some(group),
                    is_waiting: group.author == GroupAuthor::Visitor
                        && chunk_context.waits_from.is_some_and(|from| entry.id >= from),
                };
                Some(html! { <TranscriptRow key={entry.id.0} context={context.clone()} entry={entry.clone()} {position} /> })
            }) }
        </div>
    }
}

/// Neighbours of one author and one day are drawn as a group.
#[derive(PartialEq)]
struct Group<'a> {
    author: GroupAuthor<'a>,
    day: Day,
}

impl<'a> Group<'a> {
    fn of(entry: &'a Entry) -> Self {
        Self {
            author: GroupAuthor::of(&entry.content),
            day: Day::of(entry.at),
        }
    }
}

#[derive(PartialEq)]
enum GroupAuthor<'a> {
    Visitor,
    Agent(&'a str),
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
