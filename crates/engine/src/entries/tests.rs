//! Property tests: what the summaries answer is what a walk over all entries finds.

use std::rc::Rc;

use pipit_wire::ClientId;
use proptest::prelude::*;

use super::{AgentNames, Entries};
use crate::chunked_list::Listed;
use crate::entry::{Content, Delivery, Entry, EntryId, Notice};

fn content() -> impl Strategy<Value = Content> {
    let agent = prop::sample::select(&["Ana", "Ben"][..]);
    prop_oneof![
        4 => agent.prop_map(|name| Content::Agent {
            client_id: ClientId(35),
            name: name.into(),
            body: "Hello".into(),
            rich: false,
        }),
        2 => Just(Content::Visitor { text: "Hello".into(), delivery: Delivery::Accepted }),
        1 => Just(Content::Notice(Notice::Unreadable)),
        1 => Just(Content::Notice(Notice::Requeued)),
        1 => Just(Content::Notice(Notice::Gap)),
    ]
}

/// Entries whose ids count up, except that some neighbours are exchanged, as if a message had come late.
fn entries() -> impl Strategy<Value = Vec<Rc<Entry>>> {
    let few_agents = prop_oneof![Just(false), any::<bool>()];
    let contents = prop::collection::vec((content(), any::<bool>()), 0..200);
    (contents, few_agents).prop_map(|(contents, is_visitor_only)| {
        let mut entries: Vec<(Entry, bool)> = (0..)
            .zip(contents)
            .map(|(id, (content, is_exchanged))| {
                let content = match content {
                    Content::Agent { .. } if is_visitor_only => Content::Notice(Notice::Gap),
                    content => content,
                };
                let entry = Entry {
                    id: EntryId(id),
                    at: 0,
                    sequence: None,
                    content,
                };
                (entry, is_exchanged)
            })
            .collect();
        for index in 1..entries.len() {
            if entries[index].1 {
                entries.swap(index - 1, index);
            }
        }
        let entries = entries.into_iter().map(|(entry, _)| Rc::new(entry));
        entries.collect()
    })
}

proptest! {
    #[test]
    fn the_summaries_answer_as_a_walk_over_all_entries(items in entries(), id in 0_u64..210) {
        let list: Entries = items.iter().cloned().collect();
        let newer = |seen: Option<EntryId>| {
            items.iter().filter(move |entry| Some(entry.id) > seen).cloned()
        };
        for seen in [None, Some(EntryId(id))] {
            let from_agents = || newer(seen).filter(|entry| entry.content.is_from_agent());
            prop_assert!(list.after(seen).into_iter().cloned().eq(newer(seen)));
            prop_assert_eq!(list.count_from_agents_after(seen), from_agents().count());
            prop_assert_eq!(list.first_from_agent_after(seen).cloned(), from_agents().next());
            let has_visitor_message = newer(seen)
                .any(|entry| matches!(entry.content, Content::Visitor { .. }));
            prop_assert_eq!(list.summary().newest_of_visitor > seen, has_visitor_message);
        }
        let wanted = items.iter().find(|entry| entry.id == EntryId(id));
        prop_assert_eq!(list.entry(EntryId(id)), wanted);
        prop_assert_eq!(list.newest_id(), items.iter().map(|entry| entry.id).max());
        let is_requeued = |entry: &&Rc<Entry>| entry.content == Content::Notice(Notice::Requeued);
        let last_requeued = items.iter().rev().find(is_requeued).map(|entry| entry.id);
        prop_assert_eq!(list.summary().last_requeued, last_requeued);
        let gaps = items.iter().filter(|entry| entry.is_gap()).count();
        prop_assert_eq!(list.summary().gaps, gaps);
        let mut names: Vec<_> = items.iter().filter_map(|entry| entry.content.agent_name()).collect();
        names.sort_unstable();
        names.dedup();
        let agents = match names.as_slice() {
            [] => AgentNames::None,
            [name] => AgentNames::One(Rc::clone(name)),
            _ => AgentNames::Several,
        };
        prop_assert_eq!(&list.summary().agents, &agents);
        prop_assert_eq!(list.first().map(|entry| entry.summary().oldest), items.first().map(|entry| Some(entry.id)));
    }
}
