//! Counts the messages and files from agents that the visitor has not seen.

use std::rc::Rc;

use pipit_engine::{Content, Entry, EntryId, Notice};

/// Whether an entry is a message or a file from an agent, or stands in the place of one. Only these count as unread.
pub(crate) fn is_from_agent(content: &Content) -> bool {
    matches!(
        content,
        Content::Agent { .. } | Content::Notice(Notice::File(_) | Notice::Unreadable)
    )
}

/// Remembers how much of the transcript (the list of messages and notices) the visitor has seen. A number of entries would
/// not do: the engine takes a notice back if it turns out that no message is missing.
pub(crate) struct UnreadCounter {
    /// The newest entry that counts as seen; `None` if none does.
    newest_seen: Option<EntryId>,
}

impl UnreadCounter {
    /// Creates a counter for which the whole transcript counts as seen. The browser does not store how much the visitor
    /// has seen, so after a reload all earlier messages count as seen.
    pub(crate) fn new(transcript: &[Rc<Entry>]) -> Self {
        Self {
            newest_seen: newest(transcript),
        }
    }

    /// Marks the whole transcript as seen.
    pub(crate) fn mark_read(&mut self, transcript: &[Rc<Entry>]) {
        self.newest_seen = newest(transcript);
    }

    /// The number of messages and files from agents that the visitor has not seen. An empty transcript belongs to another
    /// conversation, of which the visitor has seen nothing.
    pub(crate) fn count(&mut self, transcript: &[Rc<Entry>]) -> u32 {
        if transcript.is_empty() {
            self.newest_seen = None;
        }
        let unseen = transcript
            .iter()
            .filter(|entry| Some(entry.id) > self.newest_seen);
        let from_agents = unseen.filter(|entry| is_from_agent(&entry.content));
        u32::try_from(from_agents.count()).unwrap_or(u32::MAX)
    }
}

fn newest(transcript: &[Rc<Entry>]) -> Option<EntryId> {
    transcript.iter().map(|entry| entry.id).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(id: u64, content: Content) -> Rc<Entry> {
        Rc::new(Entry {
            id: EntryId(id),
            at: 0,
            sequence: None,
            content,
        })
    }

    #[test]
    fn a_message_counts_although_a_notice_is_taken_back() {
        let unreadable = || Content::Notice(Notice::Unreadable);
        let gap = entry(2, Content::Notice(Notice::Gap));
        let seen = [entry(1, unreadable()), gap];
        let mut counter = UnreadCounter::new(&seen);
        assert_eq!(counter.count(&seen), 0);
        let [first, _] = seen;
        assert_eq!(counter.count(&[first, entry(3, unreadable())]), 1);
        assert_eq!(counter.count(&[]), 0);
    }
}
