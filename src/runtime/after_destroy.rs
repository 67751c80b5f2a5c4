//! Keeps a conversation after the chat was taken off the page, for the next chat on the same page. Frameworks do that when
//! they show another view. The conversation is then only in the memory of the page: in the tab's storage, the session id
//! could be used by whoever opens the site in this tab next.

use std::cell::RefCell;

use pipit_wire::Secret;

use super::clock;
use super::storage::{self, ConversationStorage};

/// How long the conversation is kept if the page does not say how long the server waits for an absent visitor, in ms.
/// Afterwards the server has ended the engagement (the chat at the server), because nobody polls.
const DEFAULT_MS: u64 = 240_000;

/// What takes the place of a record in the tab's storage. The loader loads the panel's code at once if the storage has an
/// item, and a forgetting removes this item with all others.
const MOVED: &str = "";

/// A conversation that waits for the next chat on this page.
struct KeptConversation {
    key: String,
    record: Option<String>,
    draft: Option<String>,
    /// On the monotonic clock, in ms.
    expires_at: u64,
}

thread_local! {
    /// The conversations of this page, at most one of each chat service.
    static KEPT: RefCell<Vec<KeptConversation>> = RefCell::default();
}

/// What a new chat begins with.
#[derive(Default)]
pub(super) struct Restored {
    pub(super) record: Option<String>,
    pub(super) draft: Option<String>,
    /// The records of conversations that were forgotten after their chats were destroyed. They are to be ended at the
    /// server.
    pub(super) forgotten: Vec<Secret>,
}

/// Moves what is stored from the tab's storage into the memory of the page.
pub(super) fn keep(storage: &ConversationStorage, keep_ms: Option<u64>) {
    let (record, draft) = (storage.read(), storage.read_draft());
    if record.is_none() && draft.is_none() {
        return;
    }
    storage.write_text(Some(MOVED));
    // Removing cannot fail if reading did not.
    let _ = storage.write_draft("");
    let kept = KeptConversation {
        key: storage.key(),
        record,
        draft,
        expires_at: clock::now()
            .monotonic
            .saturating_add(keep_ms.unwrap_or(DEFAULT_MS)),
    };
    KEPT.with_borrow_mut(|all| all.push(kept));
}

/// Returns the conversation that was kept for a new chat, and stores it again. If none was kept, returns the conversation in
/// the tab's storage.
pub(super) fn restore(storage: &ConversationStorage) -> Restored {
    let mut restored = Restored::default();
    let mut own = None;
    let now = clock::now().monotonic;
    let mut others = Vec::new();
    for kept in KEPT.take() {
        if storage::read_item(&kept.key).as_deref() != Some(MOVED) {
            restored.forgotten.extend(kept.record.map(Secret::new));
        } else if kept.expires_at <= now {
            storage::remove_item(&kept.key);
        } else if kept.key == storage.key() {
            own = Some(kept);
        } else {
            others.push(kept);
        }
    }
    KEPT.with_borrow_mut(|all| all.extend(others));
    if let Some(kept) = own {
        // The record is one text until the next write divides it into pieces.
        storage.write_text(kept.record.as_deref());
        let _ = storage.write_draft(kept.draft.as_deref().unwrap_or_default());
        restored.record = kept.record;
        restored.draft = kept.draft;
        return restored;
    }
    let stored = storage.read();
    if stored.as_deref() == Some(MOVED) {
        // Another page has moved the conversation into its memory.
        storage::remove_item(&storage.key());
        return restored;
    }
    restored.record = stored;
    restored.draft = storage.read_draft();
    restored
}
