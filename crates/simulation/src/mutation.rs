//! The mutations: faults that are put into the client on purpose, to show that the invariants notice them.
//!
//! The engine has no switch for a mutation. The world changes the engine's inputs, or what the engine has asked for, on
//! the way; `world::mutations` does so for the mutations that need code of their own.

use crate::invariant::Invariant;

/// A promise of the client that is broken on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mutation {
    /// Repeated messages get new numbers, so that the engine does not recognise them.
    NoDeduplication,
    /// A message with unknown delivery is sent again at once, without an order of the visitor.
    NoUnknownState,
    /// A request that the engine aborts continues.
    IgnoresAborts,
    /// No timer ever fires.
    NoTimers,
    /// A poll is sent after the end.
    PollsAfterTheEnd,
    /// Each start requests two engagements.
    StartsTwice,
    /// Each `activity` contains the typed text.
    AlwaysPreviews,
    /// The tab receives a shorter preview interval than the server's.
    ShortInterval,
    /// The tab receives 200 for a message that the server never received.
    AcceptsUndelivered,
    /// The tab receives 400 for a message that the server has accepted.
    RejectsDelivered,
    /// The messages of the visitor do not reach the engine.
    DropsMessages,
    /// Gaps in the sequence numbers are not reported.
    HidesGaps,
    /// The page allows every host.
    AllowsEveryHost,
    /// Every tab gets the lock.
    NoLeaderLock,
}

impl Mutation {
    /// Every mutation.
    pub const ALL: [Self; 14] = [
        Self::NoDeduplication,
        Self::NoUnknownState,
        Self::IgnoresAborts,
        Self::NoTimers,
        Self::PollsAfterTheEnd,
        Self::StartsTwice,
        Self::AlwaysPreviews,
        Self::ShortInterval,
        Self::AcceptsUndelivered,
        Self::RejectsDelivered,
        Self::DropsMessages,
        Self::HidesGaps,
        Self::AllowsEveryHost,
        Self::NoLeaderLock,
    ];

    /// The invariants that this mutation breaks, each in at least one of several hundred worlds.
    pub fn breaks(self) -> &'static [Invariant] {
        match self {
            Self::NoDeduplication => &[Invariant::AgentMessagesOnceInOrder],
            Self::NoUnknownState => &[Invariant::AtMostOnce, Invariant::NotTakenForAbuse],
            Self::IgnoresAborts | Self::NoLeaderLock => &[Invariant::OnePoll],
            Self::NoTimers => &[
                Invariant::NeverNoPoll,
                Invariant::HonestConnection,
                Invariant::ComesToRest,
            ],
            Self::PollsAfterTheEnd => &[Invariant::NothingAfterTheEnd],
            Self::StartsTwice => &[Invariant::OneEngagementPerStart],
            Self::AlwaysPreviews => &[Invariant::PreviewOnlyWhenAllowed],
            Self::ShortInterval => &[Invariant::PreviewInterval],
            Self::AcceptsUndelivered => &[Invariant::AcceptedIsThere],
            Self::RejectsDelivered => &[Invariant::FailedIsNotThere],
            Self::DropsMessages => &[Invariant::EveryTextIsVisible],
            Self::HidesGaps => &[Invariant::GapsAreReported],
            Self::AllowsEveryHost => &[Invariant::AllowedHosts],
        }
    }
}
