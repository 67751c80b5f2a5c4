//! What must hold at every step, whatever goes wrong.

/// What must hold at every step. The sentences are the where it has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Invariant {
    /// Each thing the visitor sent appears at the agent at most once, unless the visitor has sent
    /// it again from *unknown*, or the browser has.
    AtMostOnce,
    /// What is shown *accepted* is there, and stays *accepted*.
    AcceptedIsThere,
    /// What is shown *failed* is not there.
    FailedIsNotThere,
    /// Nothing the visitor wrote is without a visible state.
    EveryTextIsVisible,
    /// Each agent message that was in a response handed to the client appears exactly once, in the
    /// order of its number.
    AgentMessagesOnceInOrder,
    /// A message that is missing between two others is told of.
    HolesAreTold,
    /// At most one poll is in flight per conversation.
    OnePoll,
    /// A tab that leads and does not run is replaced by one that does.
    SleepersAreReplaced,
    /// Every tab shows the same, as soon as all has been heard.
    TabsShowTheSame,
    /// There is never no poll for longer than the deadline while the conversation lives and the tab
    /// runs, and none is out for longer.
    NeverNoPoll,
    /// "Connected" is shown only if a poll has completed within the deadline.
    HonestConnection,
    /// At most one engagement per start.
    OneEngagementPerStart,
    /// No request after the end, except the one that tells the server of it.
    NothingAfterTheEnd,
    /// No request goes to a host that the page does not allow.
    AllowedHosts,
    /// Typed text leaves only while the server's state is ENABLED, the visitor allows it and the
    /// agent's client has not said that the chat is out of its focus.
    PreviewOnlyWhenAllowed,
    /// Typed text leaves at most once per interval.
    PreviewInterval,
    /// The server counts no preview that it had forbidden, while the network is punctual.
    NoPreviewViolation,
    /// The server takes nothing for abuse: no text was sent again unasked.
    NotTakenForAbuse,
    /// An answer that has reached the browser is not thrown away, unless it tells nothing new: those
    /// to signals of writing, and to the news of the end.
    NothingThrownAway,
    /// The engine asks for ticks in the future only.
    NoBusyLoop,
    /// When nothing goes wrong any more, the conversation comes to rest: connected or over, nothing
    /// on its way, nothing waiting, and the agent has what was accepted.
    ComesToRest,
}

/// An invariant that does not hold, and how that shows.
#[derive(Debug)]
pub(crate) struct Breach {
    pub(crate) invariant: Invariant,
    pub(crate) what: String,
}
