//! A stretch of the messages: what of it belongs together, and where a day begins.

use std::iter::once;
use std::rc::Rc;

use pipit_engine::{Content, Entry, EntryId, Notice};
use yew::{Html, Properties, component, html};

use super::Link;
use super::day::Day;
use super::message::{Head, Place, Row};

/// So many rows are one stretch. A new message touches the last one only, and the browser does not
/// lay out those that are out of sight.
pub(crate) const ROWS: usize = 32;

#[derive(Properties)]
pub(crate) struct StretchProps {
    pub(crate) link: Link,
    pub(crate) entries: Vec<Rc<Entry>>,
    pub(crate) before: Option<Rc<Entry>>,
    pub(crate) after: Option<Rc<Entry>>,
    pub(crate) around: Around,
}

/// What the rows depend on besides their neighbours.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct Around {
    /// From this entry on, what the visitor has written waits for an agent; `None` while none does.
    pub(crate) waits_from: Option<EntryId>,
    /// Whether it has to be told which agent it is.
    pub(crate) has_several_agents: bool,
    pub(crate) today: Day,
}

impl PartialEq for StretchProps {
    fn eq(&self, other: &Self) -> bool {
        let same = |one: &Rc<Entry>, other: &Rc<Entry>| Rc::ptr_eq(one, other) || one == other;
        let same_beside = |one: &Option<Rc<Entry>>, other: &Option<Rc<Entry>>| match (one, other) {
            (Some(one), Some(other)) => same(one, other),
            (one, other) => one.is_none() && other.is_none(),
        };
        self.around == other.around
            && self.entries.len() == other.entries.len()
            && (self.entries.iter().zip(&other.entries)).all(|(one, other)| same(one, other))
            && same_beside(&self.before, &other.before)
            && same_beside(&self.after, &other.after)
            && self.link == other.link
    }
}

#[cfg(debug_assertions)]
thread_local! {
    /// How many stretches and rows have been drawn, for the test of what one more message costs.
    pub(crate) static DRAWN: std::cell::Cell<u32> = const { std::cell::Cell::new(0) };
}

/// Counts a component that is drawn; nothing in what is shipped.
pub(crate) fn count_drawn() {
    #[cfg(debug_assertions)]
    DRAWN.set(DRAWN.get() + 1);
}

#[component]
pub(crate) fn Stretch(props: &StretchProps) -> Html {
    count_drawn();
    let StretchProps {
        link,
        entries,
        before,
        after,
        around,
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
                let place = Place {
                    day: (before.as_ref().map(|before| before.day) != Some(group.day))
                        .then(|| group.day.name(link.words(), around.today, entry.at).into()),
                    head: match group.author {
                        _ if before.as_ref() == Some(group) => Head::None,
                        Author::Agent(_) if around.has_several_agents => Head::Seen,
                        _ => Head::Heard,
                    },
                    is_last: after.as_ref() != Some(group),
                    is_waiting: group.author == Author::Visitor
                        && around.waits_from.is_some_and(|from| entry.id >= from),
                };
                Some(html! { <Row key={entry.id.0} link={link.clone()} entry={entry.clone()} {place} /> })
            }) }
        </div>
    }
}

/// Neighbours of one author and one day are drawn as a group.
#[derive(PartialEq)]
struct Group<'a> {
    author: Author<'a>,
    day: Day,
}

impl<'a> Group<'a> {
    fn of(entry: &'a Entry) -> Self {
        Self {
            author: Author::of(&entry.content),
            day: Day::of(entry.at),
        }
    }
}

#[derive(PartialEq)]
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
            Content::Notice(Notice::File(file)) => Self::Agent(&file.from),
            Content::Notice(_) => Self::Nobody,
        }
    }
}
