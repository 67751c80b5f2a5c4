//! Checks that the reload of a page changes only what it may change in the engine's conversation.

use std::mem;

use pipit_engine::{Content, Conversation, Delivery, Entry, Phase};

/// The number of entries that survive a reload. Older entries are dropped.
const MAX_ENTRIES: usize = 500;

/// Compares a conversation before and after a reload. Checks that the newest entries are kept, that a start which was
/// not finished is given up, and that no message which the server may have received is sent again.
pub(crate) fn check_reload(before: &Conversation, after: &Conversation) {
    let dropped_count = before.transcript.len().saturating_sub(MAX_ENTRIES);
    let entries = before.transcript.iter().skip(dropped_count);
    assert_eq!(entries.len(), after.transcript.len(), "entries");
    for (entry, reloaded) in entries.zip(after.transcript.iter()) {
        assert!(
            is_same_entry(entry, reloaded),
            "{entry:?} became {reloaded:?}"
        );
    }
    assert_eq!(
        before.sneak_preview.is_allowed(),
        after.sneak_preview.is_allowed()
    );
    let (phase_before, phase_after) = (&before.phase, &after.phase);
    assert!(
        may_become_phase(phase_before, phase_after),
        "{phase_before:?} became {phase_after:?}"
    );
}

/// Whether an entry is the same after a reload, apart from a permitted change of its delivery.
fn is_same_entry(before: &Entry, after: &Entry) -> bool {
    let identity = |entry: &Entry| (entry.id, entry.at, entry.sequence);
    let has_same_content = match (&before.content, &after.content) {
        (
            Content::Visitor { text, delivery },
            Content::Visitor {
                text: text_after,
                delivery: delivery_after,
            },
        ) => text == text_after && may_become_delivery(*delivery, *delivery_after),
        (content, content_after) => content == content_after,
    };
    identity(before) == identity(after) && has_same_content
}

/// Whether a reload may change the delivery of a message in this way. Only a message that was never sent may be sent
/// after the reload. If a message was being sent, its delivery must become *unknown*.
fn may_become_delivery(before: Delivery, after: Delivery) -> bool {
    match before {
        Delivery::Queued => matches!(after, Delivery::Queued | Delivery::Sending),
        Delivery::Sending | Delivery::Unknown => after == Delivery::Unknown,
        Delivery::Accepted | Delivery::Failed(_) => after == before,
    }
}

/// Whether a reload may change the phase of the conversation in this way. A conversation that was not running becomes
/// idle or failed. A running chat keeps its agents, of whom only the id and the name must be the same: for example,
/// whether an agent is writing may be lost. Any other phase stays.
fn may_become_phase(before: &Phase, after: &Phase) -> bool {
    match (before, after) {
        (Phase::Chatting(agents), Phase::Chatting(agents_after)) => {
            let names = agents.iter().map(|agent| (agent.client_id, &agent.name));
            names.eq(agents_after
                .iter()
                .map(|agent| (agent.client_id, &agent.name)))
        }
        (Phase::Concluded(conclusion), Phase::Concluded(conclusion_after)) => {
            conclusion == conclusion_after
        }
        (Phase::Idle | Phase::Starting | Phase::Failed(_), _) => {
            matches!(after, Phase::Idle | Phase::Failed(_))
        }
        _ => mem::discriminant(before) == mem::discriminant(after),
    }
}
