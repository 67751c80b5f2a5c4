//! The list of the transcript's entries, and what its nodes know about the entries below them, so that questions about a
//! long transcript are answered without a walk over all of it.

use std::rc::Rc;

use crate::chunked_list::{ChunkedList, Listed};
use crate::entry::{Content, Entry, EntryId, Notice};

/// The entries of a transcript in the order in which the widget shows them. Cloning is cheap.
pub type Entries = ChunkedList<Entry>;

/// What a node of [`Entries`] knows about its entries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EntrySummary {
    /// The lowest id; `None` if there is no entry.
    pub oldest: Option<EntryId>,
    /// The highest id; `None` if there is no entry.
    pub newest: Option<EntryId>,
    /// The highest id that is not [`EntryId::forwarded`]; `None` if there is no such entry.
    pub newest_given: Option<EntryId>,
    /// The highest id of a message of the visitor; `None` if there is no such message.
    pub newest_of_visitor: Option<EntryId>,
    /// The number of entries for which [`Content::is_from_agent`] is true.
    pub from_agents: usize,
    /// From which agents messages and files come.
    pub agents: AgentNames,
    /// The id of the last notice that the visitor waits in the queue again; `None` if there is none.
    pub last_requeued: Option<EntryId>,
    /// The id of the last notice that a lead has joined; `None` if there is none.
    pub last_joined: Option<EntryId>,
    /// The number of notices that a message may be missing.
    pub(crate) gaps: usize,
}

/// The names of the agents from whom messages and files come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum AgentNames {
    /// Nothing comes from an agent.
    #[default]
    None,
    /// All messages and files come from agents with this name.
    One(Rc<str>),
    /// The messages and files come from agents with different names.
    Several,
}

impl EntrySummary {
    /// Whether an entry with this id can be among the entries.
    pub(crate) fn may_contain(&self, id: EntryId) -> bool {
        self.oldest.is_some_and(|oldest| oldest <= id) && self.newest >= Some(id)
    }
}

impl Listed for Entry {
    type Summary = EntrySummary;

    fn summary(&self) -> EntrySummary {
        let id = Some(self.id);
        let content = &self.content;
        let agent = content.agent_name().cloned();
        EntrySummary {
            oldest: id,
            newest: id,
            newest_given: id.filter(|id| !id.is_forwarded()),
            newest_of_visitor: id.filter(|_| matches!(content, Content::Visitor { .. })),
            from_agents: usize::from(content.is_from_agent()),
            agents: agent.map_or(AgentNames::None, AgentNames::One),
            last_requeued: id.filter(|_| matches!(content, Content::Notice(Notice::Requeued))),
            last_joined: id.filter(|_| matches!(content, Content::Notice(Notice::Joined(_)))),
            gaps: usize::from(self.is_gap()),
        }
    }

    fn extend(summary: &mut EntrySummary, following: &EntrySummary) {
        summary.oldest = summary.oldest.into_iter().chain(following.oldest).min();
        summary.newest = summary.newest.max(following.newest);
        summary.newest_given = summary.newest_given.max(following.newest_given);
        summary.newest_of_visitor = summary.newest_of_visitor.max(following.newest_of_visitor);
        summary.from_agents += following.from_agents;
        summary.last_requeued = following.last_requeued.or(summary.last_requeued);
        summary.last_joined = following.last_joined.or(summary.last_joined);
        summary.gaps += following.gaps;
        match (&summary.agents, &following.agents) {
            (_, AgentNames::None) | (AgentNames::Several, _) => {}
            (AgentNames::One(name), AgentNames::One(other)) if name == other => {}
            (AgentNames::None, agents) => summary.agents = agents.clone(),
            (AgentNames::One(_), _) => summary.agents = AgentNames::Several,
        }
    }
}

impl Entries {
    /// The entry with this id; `None` if there is none.
    pub fn entry(&self, id: EntryId) -> Option<&Rc<Entry>> {
        let items = self.items_where(&|summary| summary.may_contain(id));
        items.into_iter().rev().find(|entry| entry.id == id)
    }

    /// The highest id of an entry, by which later entries can be recognised; `None` if there is no entry. The ids of
    /// [`EntryId::forwarded`] do not count, because they are higher than those of later entries.
    pub fn newest_id(&self) -> Option<EntryId> {
        self.summary().newest_given
    }

    /// The entries with higher ids than `id`, in their order; all entries if `id` is `None`.
    pub fn after(&self, id: Option<EntryId>) -> Vec<&Rc<Entry>> {
        let mut entries = self.items_where(&|summary| summary.newest > id);
        entries.retain(|entry| Some(entry.id) > id);
        entries
    }

    /// The number of entries from agents ([`Content::is_from_agent`]) with higher ids than `id`.
    pub fn count_from_agents_after(&self, id: Option<EntryId>) -> usize {
        let mut count = 0;
        for block in self.blocks() {
            if block.summary().oldest > id {
                count += block.summary().from_agents;
            } else if block.summary().newest > id {
                for chunk in block.members() {
                    let newer = chunk.members().iter().filter(|entry| Some(entry.id) > id);
                    count += if chunk.summary().oldest > id {
                        chunk.summary().from_agents
                    } else {
                        newer.filter(|entry| entry.content.is_from_agent()).count()
                    };
                }
            }
        }
        count
    }

    /// The first entry from an agent ([`Content::is_from_agent`]) with a higher id than `id`; `None` if there is none.
    pub fn first_from_agent_after(&self, id: Option<EntryId>) -> Option<&Rc<Entry>> {
        let may_contain = |summary: &EntrySummary| summary.newest > id && summary.from_agents > 0;
        let items = self.items_where(&may_contain);
        items
            .into_iter()
            .find(|entry| Some(entry.id) > id && entry.content.is_from_agent())
    }
}

#[cfg(test)]
mod tests;
