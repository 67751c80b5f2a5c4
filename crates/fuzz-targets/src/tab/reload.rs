//! Checks that a tab shows the same after a reload of its page, apart from what a reload may change.

use pipit_engine::{Conversation, Entry, Phase, TabView};
use serde_json::Value;

/// At least this number of the newest entries of the transcript survive a reload. Older entries may be dropped.
const KEPT_ENTRIES: usize = 500;

/// The maximum number of other tabs that a tab may remember in its record.
const MAX_TABS: usize = 32;

/// What a tab stores about itself, as JSON: the first line of the text in its storage. Its member `asks` lists the
/// commands that the tab has forwarded to the leader, and `heard` the other tabs whose commands it has received.
pub(super) struct TabRecord(Value);

impl TabRecord {
    /// Parses a stored text. If its first line is not JSON, or if there is no text, the record is empty.
    pub(super) fn parse(stored: Option<&str>) -> Self {
        let line = stored.and_then(|stored| stored.lines().next());
        let json = line.and_then(|line| serde_json::from_str(line).ok());
        Self(json.unwrap_or_default())
    }

    /// The number of forwarded commands that no leader has acknowledged.
    pub(super) fn forwarded_commands(&self) -> usize {
        self.list("asks").len()
    }

    /// Checks that the record remembers at most [`MAX_TABS`] tabs. Checks that the draft, the open or closed panel and
    /// the transcript are the same after a reload, with two exceptions: A forwarded message that would have started a
    /// conversation becomes part of the draft. If the server has not answered the start of a conversation, the start is
    /// given up. In both cases the transcript may change.
    pub(super) fn check_reload(&self, before: &TabView, after: &TabView) {
        assert!(
            self.list("heard").len() <= MAX_TABS,
            "the tabs that are remembered"
        );
        assert_eq!(before.is_open, after.is_open, "the panel");
        let unsent: Vec<&str> = self.list("asks").iter().filter_map(starting_text).collect();
        let draft = Some(&*before.draft).filter(|draft| !draft.is_empty());
        let drafts: Vec<&str> = unsent.iter().copied().chain(draft).collect();
        assert_eq!(drafts.join("\n"), *after.draft, "the draft");
        // A start is not stored. A tab that shows a start has already cleared the previous conversation.
        let is_starting = |view: &TabView| view.conversation.phase == Phase::Starting;
        let lost_start = is_starting(before) && !is_starting(after);
        if unsent.is_empty() && !lost_start {
            check_transcript(&before.conversation, &after.conversation);
        }
    }

    /// A list in the record; empty if the record has no such list.
    fn list(&self, name: &str) -> &[Value] {
        let list = self.0.get(name).and_then(Value::as_array);
        list.map_or(&[], Vec::as_slice)
    }
}

/// The text of a forwarded message that would start a conversation. `None` for any other command.
fn starting_text(command: &Value) -> Option<&str> {
    // The command names the conversation that the visitor saw, by one of two members: `engagement` is the server's id of
    // a running conversation, and `starting` means a start. Without both, the visitor saw no conversation.
    let has_no_chat = command.get("engagement").is_none() && command.get("starting").is_none();
    let is_message = command.get("command")?.as_str() == Some("send");
    command
        .get("text")?
        .as_str()
        .filter(|_| has_no_chat && is_message)
}

/// Checks that the newest entries of a transcript are the same after a reload.
fn check_transcript(before: &Conversation, after: &Conversation) {
    let entries_before: Vec<&Entry> = before.transcript.iter().map(AsRef::as_ref).collect();
    let entries_after: Vec<&Entry> = after.transcript.iter().map(AsRef::as_ref).collect();
    let (count_before, count_after) = (entries_before.len(), entries_after.len());
    assert!(
        count_after >= count_before.min(KEPT_ENTRIES),
        "entries are lost"
    );
    // Only the oldest entries may be lost.
    let lost = count_before.saturating_sub(count_after);
    let kept = entries_before.get(lost..).unwrap_or_default();
    assert_eq!(kept, entries_after, "the transcript");
}
