//! The mutations: defects of the client that the simulation imitates, to show that the checks of the invariants detect
//! them.
//!
//! The simulation does not change the *engine*, the library that runs the visitor's side of the chat in a page. It
//! changes what reaches the engine (options, inputs, answers, the lock), or the actions that the engine demands.
//! `world::mutations` has the
//! mutations that need more than a line of code.

use crate::invariant::Invariant;

/// A defect of the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mutation {
    /// Messages that the network repeats get new sequence numbers, so that the engine does not recognise the
    /// repetition.
    NoDeduplication,
    /// A message of the visitor with *unknown* delivery (the server may or may not have it) is sent again at once,
    /// although the visitor has not asked for it.
    ResendsUnknown,
    /// A request continues although the engine has aborted it.
    IgnoresAborts,
    /// No timer ever fires.
    NoTimers,
    /// A poll (a request for new messages) is sent after the end of the conversation. The simulation only passes the
    /// poll to the checks.
    PollsAfterTheEnd,
    /// Each start of a conversation requests two engagements (chats at the server).
    StartsTwice,
    /// Each `activity` request contains a sneak preview, which shows the agent what the visitor is typing.
    AlwaysPreviews,
    /// The tab receives a shorter preview interval than the server's.
    ShortInterval,
    /// The tab receives 200 for a message that the server never received.
    AcceptsUndelivered,
    /// Every status from 200 to 299 counts as the server's answer, whoever has sent it and whatever its body is.
    TrustsAnySuccess,
    /// The tab receives 400 for a message that the server has accepted.
    RejectsDelivered,
    /// The messages of the visitor do not reach the engine.
    DropsMessages,
    /// The engine's reports of gaps in the sequence numbers are dropped.
    HidesGaps,
    /// A poll that fails counts as an answer without messages.
    BrokenPollsCountAsEmpty,
    /// The messages that reach the tab have no sequence numbers.
    IgnoresNumbers,
    /// The tab's options allow the host that the invariant `AllowedHosts` forbids.
    AllowsForbiddenHost,
    /// Every tab gets the lock that only one tab may hold. Then each tab talks to the server itself.
    NoLeaderLock,
    /// A copy of a tab takes itself for the tab after a reload, and hears nothing from the other tabs.
    CopyTakenForReload,
    /// The tabs are not told that the visitor was forgotten, except the tab in which the visitor leaves.
    HidesForgetting,
}

impl Mutation {
    /// Every mutation.
    pub const ALL: [Self; 19] = [
        Self::NoDeduplication,
        Self::ResendsUnknown,
        Self::IgnoresAborts,
        Self::NoTimers,
        Self::PollsAfterTheEnd,
        Self::StartsTwice,
        Self::AlwaysPreviews,
        Self::ShortInterval,
        Self::AcceptsUndelivered,
        Self::TrustsAnySuccess,
        Self::RejectsDelivered,
        Self::DropsMessages,
        Self::HidesGaps,
        Self::BrokenPollsCountAsEmpty,
        Self::IgnoresNumbers,
        Self::AllowsForbiddenHost,
        Self::NoLeaderLock,
        Self::CopyTakenForReload,
        Self::HidesForgetting,
    ];

    /// The invariants that this mutation breaks. Among several hundred simulated worlds with this mutation, each of
    /// these invariants must be violated at least once.
    pub fn breaks(self) -> &'static [Invariant] {
        match self {
            Self::NoDeduplication => &[Invariant::AgentMessagesOnceInOrder],
            Self::ResendsUnknown => &[Invariant::SeenAtMostOnce, Invariant::SpamRuleNeverApplies],
            Self::IgnoresAborts | Self::NoLeaderLock | Self::CopyTakenForReload => {
                &[Invariant::AtMostOnePoll]
            }
            Self::NoTimers => &[
                Invariant::PollIsAlwaysOpen,
                Invariant::ConnectedOnlyIfAnswered,
                Invariant::ComesToRest,
            ],
            Self::PollsAfterTheEnd => &[Invariant::NothingAfterTheEnd],
            Self::StartsTwice => &[Invariant::OneEngagementPerStart],
            Self::AlwaysPreviews => &[Invariant::PreviewOnlyWhenAllowed],
            Self::ShortInterval => &[Invariant::PreviewInterval],
            Self::AcceptsUndelivered | Self::TrustsAnySuccess => &[Invariant::AcceptedIsAtServer],
            Self::RejectsDelivered => &[Invariant::FailedIsNotAtServer],
            Self::DropsMessages => &[Invariant::EveryTextIsVisible],
            Self::HidesGaps => &[Invariant::GapsAreReported],
            Self::BrokenPollsCountAsEmpty => &[Invariant::LossesAreVisible],
            Self::IgnoresNumbers => &[Invariant::GapsAreTakenBack],
            Self::AllowsForbiddenHost => &[Invariant::AllowedHosts],
            Self::HidesForgetting => &[Invariant::ForgottenIsGone],
        }
    }
}
