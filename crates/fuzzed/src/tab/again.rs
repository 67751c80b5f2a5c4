//! What a tab shows when it is loaded again.

use pipit_engine::{Conversation, Entry, Phase};
use serde_json::Value;

/// So many entries of a conversation survive a reload.
const ENTRIES: usize = 500;

/// A tab remembers so many others.
const TABS: usize = 32;

/// What a tab keeps for itself: the first line of its text.
pub(super) struct Record(Value);

impl Record {
    pub(super) fn of(kept: Option<&str>) -> Self {
        let line = kept.and_then(|kept| kept.lines().next());
        let json = line.and_then(|line| serde_json::from_str(line).ok());
        Self(json.unwrap_or_default())
    }

    /// How many asks there are.
    pub(super) fn asks(&self) -> usize {
        self.list("asks").len()
    }

    /// The draft, the panel and the transcript are as they were; but what would begin a
    /// conversation is a draft again.
    pub(super) fn check_again(&self, before: &Conversation, after: &Conversation) {
        assert!(self.list("heard").len() <= TABS, "the tabs that were heard");
        assert_eq!(before.is_open, after.is_open, "the panel");
        let unsent: Vec<&str> = self.list("asks").iter().filter_map(beginning).collect();
        let draft = Some(&*before.draft).filter(|draft| !draft.is_empty());
        let drafts: Vec<&str> = unsent.iter().copied().chain(draft).collect();
        assert_eq!(drafts.join("\n"), *after.draft, "the draft");
        // A start is not kept; where it is shown, the conversation before it is not.
        let starts = before.phase == Phase::Starting && after.phase != Phase::Starting;
        if unsent.is_empty() && !starts {
            check_transcript(before, after);
        }
    }

    fn list(&self, name: &str) -> &[Value] {
        let list = self.0.get(name).and_then(Value::as_array);
        list.map_or(&[], Vec::as_slice)
    }
}

/// The text of an ask that would begin a conversation.
fn beginning(ask: &Value) -> Option<&str> {
    let is_at_rest = ask.get("engagement").is_none() && ask.get("starting").is_none();
    let sends = ask.get("command")?.as_str() == Some("send");
    ask.get("text")?.as_str().filter(|_| is_at_rest && sends)
}

fn check_transcript(before: &Conversation, after: &Conversation) {
    let (before, after) = (&before.transcript, &after.transcript);
    assert!(after.len() >= before.len().min(ENTRIES), "entries are lost");
    let old = before.len().saturating_sub(after.len());
    let before: Vec<&Entry> = before.iter().skip(old).map(AsRef::as_ref).collect();
    let after: Vec<&Entry> = after.iter().map(AsRef::as_ref).collect();
    assert_eq!(before, after, "the transcript");
}
