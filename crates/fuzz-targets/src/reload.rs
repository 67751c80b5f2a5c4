//! Checks that the reload of a page changes only what it may change in the engine's conversation.

use std::mem;

use pipit_engine::{Content, Conversation, Delivery, Entry, Phase};

/// The maximum number of entries of the transcript that survive a reload: the newest ones. Older entries are dropped.
const MAX_ENTRIES: usize = 500;

/// Compares a conversation before and after a reload. Checks:
/// - The newest entries are kept.
/// - A message that the server may have received is not sent again.
/// - The visitor's choice about the sneak preview stays: whether the agent may see the text while the visitor types it.
/// - A start that was not finished is given up.
pub(crate) fn check_reload(before: &Conversation, after: &Conversation) {
    let dropped_count = before.transcript.len().saturating_sub(MAX_ENTRIES);
    let entries = before.transcript.iter().skip(dropped_count);
    assert_eq!(entries.clone().count(), after.transcript.len(), "entries");
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

/// Whether a reload may change the phase of the conversation in this way. A conversation that was idle, starting or
/// failed becomes idle or failed. A running chat keeps its agents, but only their ids and names must be the same: for
/// example, a reload may forget that an agent is writing. A conversation that has ended keeps its conclusion. Any other
/// phase stays.
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
