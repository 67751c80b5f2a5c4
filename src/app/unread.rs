//! Counts the messages and files from agents that the visitor has not seen.

use std::rc::Rc;

use pipit_engine::{Content, Entry, Notice};

/// Whether an entry is a message or a file from an agent, or stands in the place of one. Only these count as unread.
pub(crate) fn is_from_agent(content: &Content) -> bool {
    matches!(
        content,
        Content::Agent { .. } | Content::Notice(Notice::File(_) | Notice::Unreadable)
    )
}

/// Remembers how much of the transcript (the list of messages and notices) the visitor has seen.
pub(crate) struct UnreadCounter {
    /// The number of entries at the beginning of the transcript that count as seen.
    seen_entries: usize,
}

impl UnreadCounter {
    /// Creates a counter for which the whole transcript counts as seen. The browser does not store how much the visitor
    /// has seen, so after a reload all earlier messages count as seen.
    pub(crate) fn new(transcript: &[Rc<Entry>]) -> Self {
        Self {
            seen_entries: transcript.len(),
        }
    }

    /// Marks the whole transcript as seen.
    pub(crate) fn mark_read(&mut self, transcript: &[Rc<Entry>]) {
        self.seen_entries = transcript.len();
    }

    /// The number of messages and files from agents that the visitor has not seen.
    pub(crate) fn count(&self, transcript: &[Rc<Entry>]) -> u32 {
        let unseen = transcript.get(self.seen_entries..).unwrap_or_default();
        let from_agents = unseen.iter().filter(|entry| is_from_agent(&entry.content));
        u32::try_from(from_agents.count()).unwrap_or(u32::MAX)
    }
}
