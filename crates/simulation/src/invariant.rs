//! The invariants: the statements that must hold in every world (simulated run), no matter which faults strike.
//! `world::check` checks them.
//!
//! The *engine* is the library that runs the visitor's side of the chat. One of the visitor's tabs, the *leader*, talks
//! to the server for all tabs. A *poll* is a request that the server answers as soon as it has new messages, or when it
//! has held the poll for some time. The *poll deadline* is the time after which the engine aborts a poll without an
//! answer: 45 s. An *engagement* is the API's name for one chat. A tab shows a message of the visitor as *accepted* (by the
//! server), *failed* (not delivered) or *unknown* (perhaps delivered), unless the message waits or is being sent.

/// A statement that must hold in every world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Invariant {
    /// Agents see each message of the visitor at most once. There are two exceptions: the visitor sends a message with
    /// *unknown* delivery again (the server may or may not have it), or the browser sends a request twice.
    SeenAtMostOnce,
    /// If a tab shows a message as *accepted*, the server has accepted it, and the message stays *accepted*.
    AcceptedIsAtServer,
    /// If a tab shows a message as *failed*, the server has not accepted it. There are two exceptions: the message was
    /// *unknown* before, or the browser sent it twice.
    FailedIsNotAtServer,
    /// Every text that the visitor sent is visible, as a message or in the draft, until the visitor discards it or
    /// starts a new conversation. No page shows a text twice. A text that only a closed or frozen tab knew may be lost.
    EveryTextIsVisible,
    /// Each agent message that a tab has received appears exactly once. The messages are in the order of their sequence
    /// numbers.
    AgentMessagesOnceInOrder,
    /// The engine reports each sequence number that is missing between two received messages.
    GapsAreReported,
    /// An agent's message that the server has handed over, and that no tab has received, is visible as a gap: the leader
    /// shows the notice that a message may be missing, in the right place. This holds from the time at which the leader
    /// learns that the poll has failed, or else shows a later message. It does not hold before the first number of an
    /// engagement that a tab has received, because it is not known with which number an engagement begins.
    LossesAreVisible,
    /// No such notice stands between two messages with consecutive numbers.
    GapsAreTakenBack,
    /// At most one poll is open per conversation.
    AtMostOnePoll,
    /// If the browser freezes the leader, a running tab becomes the new leader within a time limit.
    FrozenLeaderIsReplaced,
    /// A tab that has received everything that the leader has sent to the other tabs shows the same conversation as the
    /// leader.
    TabsShowTheSame,
    /// While the conversation is live and the leader runs, no pause between two polls lasts longer than the poll
    /// deadline, and no poll is open for longer than that.
    PollIsAlwaysOpen,
    /// A tab shows "connected" only if the server has answered within the poll deadline. What counts is the latest
    /// answer to a poll or to the request that started the engagement.
    ConnectedOnlyIfAnswered,
    /// Each time that the visitor starts a conversation, the server creates at most one engagement. If the browser
    /// sends the request twice, one more engagement is allowed.
    OneEngagementPerStart,
    /// After the end of a conversation, no request of its session is sent except `concludeEngagement`.
    NothingAfterTheEnd,
    /// Requests are sent only to the host at which conversations start, and to hosts that the page's options allow.
    AllowedHosts,
    /// A sneak preview (the text that the visitor is typing) is sent only while the site enables previews, the visitor
    /// allows them, and the agent's client has not reported that the agent looks elsewhere.
    PreviewOnlyWhenAllowed,
    /// After the visitor was forgotten (the host of the page demands that at the logout on a shared computer), no running
    /// tab shows, stores or sends to other tabs anything that was written before. A tab that was frozen at that time
    /// shows nothing of it from its first input on.
    ForgottenIsGone,
    /// Two sneak previews are at least as far apart as the interval that the server demands.
    PreviewInterval,
    /// The server has received no forbidden sneak preview. This is not checked in a world in which a fault may have
    /// kept a tab from learning the rules in time.
    NoPreviewViolation,
    /// The server's spam rule, which detects repeated texts, never applies: the engine repeats no text on its own.
    SpamRuleNeverApplies,
    /// A tab that resumes after a freeze does not discard an answer that arrived while it was frozen. The exceptions
    /// are answers to `activity` and `concludeEngagement`, which the engine can do without.
    NoAnswerDiscarded,
    /// The engine requests its next timer for the future. A timer in the past would fire again and again.
    NoBusyLoop,
    /// Once no further fault strikes, the conversation comes to rest: it is connected or over, no message of the
    /// visitor waits or is being sent, and if an agent is in the chat, agents have read every accepted message.
    ComesToRest,
}

/// An invariant that does not hold in the running world. `Violation` adds the seed and the time.
#[derive(Debug)]
pub(crate) struct Breach {
    pub(crate) invariant: Invariant,
    /// A description of what was observed, for a person.
    pub(crate) observation: String,
}
