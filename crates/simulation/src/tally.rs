//! What the worlds have seen: so that it is known that the simulation comes everywhere.

use std::collections::{BTreeMap, BTreeSet};

use pipit_engine::{Content, Conversation, Delivery, Failure, Phase, PostFailure};

use crate::fault::Fault;

/// What one world has seen.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sights {
    pub(crate) faults: BTreeSet<Fault>,
    pub(crate) sights: BTreeSet<&'static str>,
}

/// What the page shows, as far as worlds must come there.
pub const SIGHTS: [&str; 30] = [
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
    "failed: unreadable",
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
    "a conversation is brought along",
];

impl Sights {
    pub(crate) fn saw(&mut self, conversation: &Conversation) {
        self.sights.extend(name_of(&conversation.phase));
        for entry in conversation.transcript.iter() {
            if let Content::Visitor { delivery, .. } = &entry.content {
                self.sights.insert(name_of_delivery(*delivery));
            }
        }
    }
}

fn name_of(phase: &Phase) -> Option<&'static str> {
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
            Failure::Unreadable => "failed: unreadable",
            Failure::Unreachable => "failed: unreachable",
            Failure::SessionLost => "failed: session lost",
            Failure::Interrupted => "failed: interrupted",
            _ => return None,
        },
    })
}

fn name_of_delivery(delivery: Delivery) -> &'static str {
    match delivery {
        Delivery::Queued => "text queued",
        Delivery::Sending => "text sending",
        Delivery::Accepted => "text accepted",
        Delivery::Unknown => "text unknown",
        Delivery::Failed(PostFailure::Over) => "text failed: over",
        Delivery::Failed(PostFailure::Refused) => "text failed: refused",
        Delivery::Failed(PostFailure::LeadLeft) => "text failed: lead left",
        Delivery::Failed(PostFailure::TakenForAbuse) => "text failed: abuse",
    }
}

/// In how many worlds something was seen.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// How many worlds there were.
    pub worlds: u64,
    /// In how many each fault has struck.
    pub faults: BTreeMap<Fault, u64>,
    /// In how many the page has shown each of [`SIGHTS`].
    pub sights: BTreeMap<&'static str, u64>,
}

impl Tally {
    pub(crate) fn add(&mut self, sights: &Sights) {
        self.worlds += 1;
        for fault in &sights.faults {
            *self.faults.entry(*fault).or_default() += 1;
        }
        for sight in &sights.sights {
            *self.sights.entry(sight).or_default() += 1;
        }
    }

    /// Takes in another tally.
    pub fn merge(&mut self, other: &Self) {
        self.worlds += other.worlds;
        for (fault, count) in &other.faults {
            *self.faults.entry(*fault).or_default() += count;
        }
        for (sight, count) in &other.sights {
            *self.sights.entry(sight).or_default() += count;
        }
    }
}
