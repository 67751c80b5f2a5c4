//! Counts the messages that the visitor has not seen.

use std::rc::Rc;

use pipit_engine::{Content, Entry, Notice};

/// Whether an agent tells the visitor something by this entry.
pub(crate) fn is_from_agent(content: &Content) -> bool {
    matches!(
        content,
        Content::Agent { .. } | Content::Notice(Notice::File(_))
    )
}

/// How much of the transcript the visitor has seen.
pub(crate) struct UnreadCounter {
    seen_entries: usize,
}

impl UnreadCounter {
    /// Everything in the transcript so far counts as seen: a reload has shown it before.
    pub(crate) fn new(transcript: &[Rc<Entry>]) -> Self {
        Self {
            seen_entries: transcript.len(),
        }
    }

    /// Counts everything in the transcript as seen.
    pub(crate) fn mark_read(&mut self, transcript: &[Rc<Entry>]) {
        self.seen_entries = transcript.len();
    }

    /// How many entries from agents the visitor has not seen.
    pub(crate) fn count(&self, transcript: &[Rc<Entry>]) -> u32 {
        let unseen = transcript.get(self.seen_entries..).unwrap_or_default();
        let from_agents = unseen.iter().filter(|entry| is_from_agent(&entry.content));
        u32::try_from(from_agents.count()).unwrap_or(u32::MAX)
    }
}
