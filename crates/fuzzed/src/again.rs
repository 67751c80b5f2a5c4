//! What a reload may change, and what not.

use std::mem;

use pipit_engine::{Content, Conversation, Delivery, Entry, Phase};

/// So many entries survive a reload.
const ENTRIES: usize = 500;

/// Nothing is lost but what was on its way, and nothing that may have arrived is sent again.
pub(crate) fn check_again(before: &Conversation, after: &Conversation) {
    let old = before.transcript.len().saturating_sub(ENTRIES);
    let entries = before.transcript.iter().skip(old);
    assert_eq!(entries.len(), after.transcript.len(), "entries");
    for (before, after) in entries.zip(after.transcript.iter()) {
        assert!(is_again(before, after), "{before:?} became {after:?}");
    }
    assert_eq!(
        before.sneak_preview.is_allowed(),
        after.sneak_preview.is_allowed()
    );
    let (before, after) = (&before.phase, &after.phase);
    assert!(goes_on(before, after), "{before:?} became {after:?}");
}

/// Whether an entry is the same after a reload.
fn is_again(before: &Entry, after: &Entry) -> bool {
    let place = |entry: &Entry| (entry.id, entry.at, entry.sequence);
    let content = match (&before.content, &after.content) {
        (
            Content::Visitor { text, delivery },
            Content::Visitor {
                text: text_after,
                delivery: after,
            },
        ) => text == text_after && may_become(*delivery, *after),
        (before, after) => before == after,
    };
    place(before) == place(after) && content
}

/// Only what never left may leave; of what was on its way nobody knows.
fn may_become(before: Delivery, after: Delivery) -> bool {
    match before {
        Delivery::Queued => matches!(after, Delivery::Queued | Delivery::Sending),
        Delivery::Sending | Delivery::Unknown => after == Delivery::Unknown,
        Delivery::Accepted | Delivery::Failed(_) => after == before,
    }
}

/// Whether a conversation may stand so after a reload.
fn goes_on(before: &Phase, after: &Phase) -> bool {
    match (before, after) {
        (Phase::Chatting(before), Phase::Chatting(after)) => {
            let are = before.iter().map(|agent| (agent.client_id, &agent.name));
            are.eq(after.iter().map(|agent| (agent.client_id, &agent.name)))
        }
        (Phase::Concluded(before), Phase::Concluded(after)) => before == after,
        (Phase::Idle | Phase::Starting | Phase::Failed(_), after) => {
            matches!(after, Phase::Idle | Phase::Failed(_))
        }
        (before, after) => mem::discriminant(before) == mem::discriminant(after),
    }
}
