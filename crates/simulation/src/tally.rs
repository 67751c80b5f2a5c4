//! Counts, for each fault, the worlds (simulated runs) in which it struck. Counts also, for each state of the chat, the
//! worlds in which a page has shown it. Three events between tabs count as states, too. A test demands that every fault
//! and every state occurs in at least one of its worlds.

use std::collections::{BTreeMap, BTreeSet};

use pipit_engine::{Content, Conversation, Delivery, Failure, Phase, PostFailure};

use crate::fault::Fault;

/// The faults that struck in one world, and the states that its pages have shown.
#[derive(Clone, Debug, Default)]
pub(crate) struct WorldTally {
    pub(crate) faults: BTreeSet<Fault>,
    /// The names of the states, as in [`STATES`], or "text failed: abuse", which an invariant forbids.
    pub(crate) states: BTreeSet<&'static str>,
}

/// The names of the states. Each state must occur in at least one world. The phases of the conversation come first,
/// then the delivery states of a message (`text …`), and at the end five events of the tabs.
pub const STATES: [&str; 32] = [
    "idle",
    "starting",
    "queued",
    "chatting",
    "requeued",
    "concluded by the visitor",
    "concluded by the agent",
    "concluded: waited too long",
    "concluded: nobody wrote",
    "concluded: given up as absent",
    "failed: no session",
    "failed: token refused",
    "failed: not found",
    "failed: timed out",
    "failed: server error",
    "failed: unexpected status",
    "failed: unexpected body",
    "failed: unreachable",
    "failed: session lost",
    "failed: interrupted",
    "text queued",
    "text sending",
    "text accepted",
    "text unknown",
    "text failed: over",
    "text failed: refused",
    "text failed: lead left",
    "another tab takes over",
    "lock stolen",
    "a conversation from another tab",
    "continued in a copy",
    "forgotten",
];

impl WorldTally {
    /// Adds the state of a conversation and the delivery states of its messages.
    pub(crate) fn add_conversation(&mut self, conversation: &Conversation) {
        self.states.extend(phase_name(&conversation.phase));
        for entry in &conversation.transcript {
            if let Content::Visitor { delivery, .. } = &entry.content {
                self.states.insert(delivery_name(*delivery));
            }
        }
    }
}

/// The name of a phase in [`STATES`]. `None` if no world has to reach the phase.
fn phase_name(phase: &Phase) -> Option<&'static str> {
    use pipit_wire::vocabulary::DisconnectReason as Reason;
    Some(match phase {
        Phase::Idle => "idle",
        Phase::Starting => "starting",
        Phase::Queued(_) => "queued",
        Phase::Chatting(_) => "chatting",
        Phase::Requeued(_) => "requeued",
        Phase::Concluded(conclusion) => match conclusion.reason {
            Reason::EndUserConcluded => "concluded by the visitor",
            Reason::AgentConcluded => "concluded by the agent",
            Reason::QueueTimeout => "concluded: waited too long",
            Reason::IdleTimeout => "concluded: nobody wrote",
            Reason::ParticipantLeft => "concluded: given up as absent",
            _ => return None,
        },
        Phase::Failed(failure) => match failure {
            Failure::NoSession(_) => "failed: no session",
            Failure::TokenRefused => "failed: token refused",
            Failure::NotFound => "failed: not found",
            Failure::TimedOut => "failed: timed out",
            Failure::ServerError => "failed: server error",
            Failure::UnexpectedStatus(_) => "failed: unexpected status",
            Failure::UnexpectedBody(_) => "failed: unexpected body",
            Failure::Unreachable => "failed: unreachable",
            Failure::SessionLost => "failed: session lost",
            Failure::Interrupted => "failed: interrupted",
            _ => return None,
        },
    })
}

/// The name of a delivery state. [`STATES`] has all of them except "text failed: abuse", which an invariant forbids.
fn delivery_name(delivery: Delivery) -> &'static str {
    match delivery {
        Delivery::Queued => "text queued",
        Delivery::Sending => "text sending",
        Delivery::Accepted => "text accepted",
        Delivery::Unknown => "text unknown",
        Delivery::Failed(PostFailure::ConversationEnded) => "text failed: over",
        Delivery::Failed(PostFailure::Refused) => "text failed: refused",
        Delivery::Failed(PostFailure::LeadLeft) => "text failed: lead left",
        Delivery::Failed(PostFailure::TakenForAbuse) => "text failed: abuse",
    }
}

/// The number of worlds in which each fault struck and each state was shown.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// The number of worlds that were run.
    pub worlds: u64,
    /// For each fault, the number of worlds in which it struck at least once.
    pub faults: BTreeMap<Fault, u64>,
    /// For each name of a state, the number of worlds in which a page has shown the state, or in which the event between
    /// tabs has happened.
    pub states: BTreeMap<&'static str, u64>,
}

impl Tally {
    /// Adds one world.
    pub(crate) fn add_world(&mut self, world: &WorldTally) {
        self.worlds += 1;
        for fault in &world.faults {
            *self.faults.entry(*fault).or_default() += 1;
        }
        for state in &world.states {
            *self.states.entry(state).or_default() += 1;
        }
    }

    /// Adds the counts of another tally.
    pub fn merge(&mut self, other: &Self) {
        self.worlds += other.worlds;
        for (fault, count) in &other.faults {
            *self.faults.entry(*fault).or_default() += count;
        }
        for (state, count) in &other.states {
            *self.states.entry(state).or_default() += count;
        }
    }
}
