//! Counts the messages and files from agents that the visitor has not seen.

use pipit_engine::{Entries, EntryId};

/// Remembers how much of the transcript (the list of messages and notices) the visitor has seen. A number of entries would
/// not do: the engine takes a notice back if it turns out that no message is missing.
pub(crate) struct UnreadCounter {
    /// The newest entry that counts as seen; `None` if none does.
    newest_seen: Option<EntryId>,
}

impl UnreadCounter {
    /// Creates a counter for which the whole transcript counts as seen. The browser does not store how much the visitor
    /// has seen, so after a reload all earlier messages count as seen.
    pub(crate) fn new(transcript: &Entries) -> Self {
        Self {
            newest_seen: transcript.newest_id(),
        }
    }

    /// Marks the whole transcript as seen.
    pub(crate) fn mark_read(&mut self, transcript: &Entries) {
        self.newest_seen = transcript.newest_id();
    }

    /// The number of messages and files from agents that the visitor has not seen. An empty transcript belongs to another
    /// conversation, of which the visitor has seen nothing.
    pub(crate) fn count(&mut self, transcript: &Entries) -> u32 {
        if transcript.is_empty() {
            self.newest_seen = None;
        }
        let count = transcript.count_from_agents_after(self.newest_seen);
        u32::try_from(count).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use pipit_engine::{Content, Delivery, Entry, Notice};

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
        let first = entry(1, unreadable());
        let entries = |entries: [Rc<Entry>; 2]| entries.into_iter().collect::<Entries>();
        let seen = entries([first.clone(), gap]);
        let mut counter = UnreadCounter::new(&seen);
        assert_eq!(counter.count(&seen), 0);
        let later = entries([first, entry(3, unreadable())]);
        assert_eq!(counter.count(&later), 1);
        assert_eq!(counter.count(&Entries::default()), 0);
    }

    #[test]
    fn a_message_counts_after_one_that_the_visitor_has_written_in_another_tab_than_the_leading_one()
    {
        let visitor_message = Entry {
            id: EntryId::forwarded(0),
            at: 0,
            sequence: None,
            content: Content::Visitor {
                text: "Hello".into(),
                delivery: Delivery::Queued,
            },
        };
        let before: Entries = [
            entry(1, Content::Notice(Notice::Gap)),
            Rc::new(visitor_message),
        ]
        .into_iter()
        .collect();
        let mut counter = UnreadCounter::new(&before);
        counter.mark_read(&before);
        let after: Entries = before
            .iter()
            .take(1)
            .cloned()
            .chain([entry(2, Content::Notice(Notice::Unreadable))])
            .collect();
        assert_eq!(counter.count(&after), 1);
    }
}
