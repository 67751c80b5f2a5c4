//! Keeps a conversation after the chat was taken off the page, for the next chat on the same page. Frameworks do that when
//! they show another view. The conversation is then only in the memory of the page: in the tab's storage, the session id
//! could be used by whoever opens the site in this tab next.

use std::cell::RefCell;

use super::clock;
use super::storage::ConversationStorage;

/// How long the conversation is kept if the page does not say how long the server waits for an absent visitor, in ms.
/// Afterwards the server has ended the engagement (the chat at the server), because nobody polls.
const DEFAULT_MS: u64 = 240_000;

/// A conversation that waits for the next chat on this page.
pub(super) struct AfterDestroy {
    key: String,
    record: Option<String>,
    draft: Option<String>,
    /// On the monotonic clock, in ms.
    expires_at: u64,
}

thread_local! {
    static KEPT: RefCell<Option<AfterDestroy>> = RefCell::default();
}

impl AfterDestroy {
    /// Moves what is stored from the tab's storage into the memory of the page. An empty record stays in the storage, so
    /// that the loader loads the panel's code with the next chat.
    pub(super) fn keep(storage: &ConversationStorage, keep_ms: Option<u64>) {
        let (record, draft) = (storage.read(), storage.read_draft());
        if record.is_none() && draft.is_none() {
            return;
        }
        // Removing and emptying cannot fail if reading did not.
        let _ = storage.write(Some(""));
        let _ = storage.write_draft("");
        let kept = Self {
            key: storage.key(),
            record,
            draft,
            expires_at: clock::now()
                .monotonic
                .saturating_add(keep_ms.unwrap_or(DEFAULT_MS)),
        };
        KEPT.set(Some(kept));
    }

    /// The record and the draft with which a new chat begins: those of the previous chat on this page, or else those in
    /// the tab's storage.
    pub(super) fn take(storage: &ConversationStorage) -> (Option<String>, Option<String>) {
        let kept = KEPT
            .take()
            .filter(|kept| kept.key == storage.key() && clock::now().monotonic < kept.expires_at);
        let stored = storage.read();
        if stored.as_deref() == Some("") {
            // As above.
            let _ = storage.write(None);
            return kept.map_or((None, None), |kept| (kept.record, kept.draft));
        }
        (stored, storage.read_draft())
    }
}
