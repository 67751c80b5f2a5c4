//! The invariants: what must hold in every world, whatever faults strike. `world::check` checks them.

/// A statement that must hold in every world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Invariant {
    /// Each message of the visitor appears at the agent at most once. The exceptions are a message with *unknown*
    /// delivery that the visitor sends again, and a request that the browser repeats.
    AtMostOnce,
    /// If a tab shows a message as *accepted*, the server has it, and the message stays *accepted*.
    AcceptedIsThere,
    /// If a tab shows a message as *failed*, the server does not have it.
    FailedIsNotThere,
    /// Everything that the visitor wrote is visible, in the transcript or as a draft.
    EveryTextIsVisible,
    /// Each message of an agent that was in an answer to the tab appears exactly once, in the order of the sequence
    /// numbers.
    AgentMessagesOnceInOrder,
    /// The engine reports each message that is missing between two others.
    GapsAreReported,
    /// At most one poll is in flight per conversation.
    OnePoll,
    /// A frozen leader is replaced by a tab that runs.
    SleepersAreReplaced,
    /// All tabs show the same conversation once they have received all messages of the leader.
    TabsShowTheSame,
    /// While the conversation is live and the leader runs, there is a poll, and no poll stays unanswered. Both may fail
    /// for no longer than the poll deadline.
    NeverNoPoll,
    /// A tab shows "connected" only if a poll was answered within the poll deadline.
    HonestConnection,
    /// Each start of the visitor creates at most one engagement.
    OneEngagementPerStart,
    /// No request is sent after the end, except the one that concludes the engagement.
    NothingAfterTheEnd,
    /// No request is sent to a host that the page does not allow.
    AllowedHosts,
    /// A sneak preview is sent only while the server's state is ENABLED, the visitor allows it and the agent's client
    /// has not reported that the agent looks elsewhere.
    PreviewOnlyWhenAllowed,
    /// At most one sneak preview is sent in each interval.
    PreviewInterval,
    /// The server counts no forbidden preview, unless a fault kept the tab from learning the rules in time.
    NoPreviewViolation,
    /// The spam rule of the server never applies, because no text is repeated without an order of the visitor.
    NotTakenForAbuse,
    /// A tab that resumes does not discard an answer that arrived while it was frozen. Answers to `activity` and
    /// `concludeEngagement` may be discarded, because they contain nothing new.
    NoAnswerDiscarded,
    /// The engine requests timers for the future only.
    NoBusyLoop,
    /// Once faults have ceased, the conversation comes to rest: it is connected or over, nothing is on its way
    /// or waits, and an agent has read every accepted message.
    ComesToRest,
}

/// An invariant that does not hold in the running world. `Violation` adds the seed and the time.
#[derive(Debug)]
pub(crate) struct Breach {
    pub(crate) invariant: Invariant,
    /// What was observed, for a person.
    pub(crate) what: String,
}
