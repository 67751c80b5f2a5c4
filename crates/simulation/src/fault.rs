//! The faults that the simulation can produce. `FaultPlan` chooses them, and `world` carries them out.

/// A kind of fault. Each world draws its own selection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// A request never reaches the server. The browser notices late or never.
    RequestLost,
    /// The server processes the request, and its answer never reaches the browser.
    ResponseLost,
    /// A request or its answer travels for up to 90 s, longer than the engine waits.
    Slow,
    /// The browser sends a request a second time on its own.
    Duplicated,
    /// The server answers 5xx and does not process the request.
    ErrorBefore,
    /// The server processes the request and answers 5xx.
    ErrorAfter,
    /// The server answers 429 with `Retry-After` and does not process the request.
    TooMany,
    /// The server answers 503 with `Retry-After` and does not process the request.
    Unavailable,
    /// The server answers 408, and may have processed the request.
    TimedOut,
    /// The server answers 403 although the token is valid.
    TokenRefused,
    /// The connection is refused, so the browser knows that the request was not sent.
    NotSent,
    /// The second half of an answer is missing.
    Cut,
    /// The messages of a batch are not in the order of their numbers.
    Shuffled,
    /// A batch repeats the messages of the previous batch.
    Repeated,
    /// A message is missing from its batch and is in the next one.
    HeldBack,
    /// The browser is offline for a while.
    Offline,
    /// The server restarts and keeps its state.
    Restart,
    /// The server restarts and loses its state.
    Wiped,
    /// The site moves to another pool, and perhaps to another host.
    Migration,
    /// The browser freezes a page for 1 s to 10 min.
    Frozen,
    /// The visitor reloads a page.
    Reload,
    /// The visitor opens another tab.
    TabOpened,
    /// The visitor closes a tab.
    TabClosed,
    /// A page crashes between two effects of its tab, and is loaded again.
    Crash,
    /// Somebody sets the wall clock.
    ClockJump,
    /// The timers of a page fire late, as in a background tab.
    LateTimers,
    /// A page reports to the engine that it may have slept, although it has not.
    Woken,
    /// The site enables or disables the sneak preview.
    PreviewSwitched,
    /// An agent's client sends nothing for a while.
    AgentAway,
    /// The host's page takes long to provide a session.
    SessionSlow,
    /// The host's page provides no session.
    SessionRefused,
}

impl Fault {
    /// Every fault.
    pub const ALL: [Self; 31] = [
        Self::RequestLost,
        Self::ResponseLost,
        Self::Slow,
        Self::Duplicated,
        Self::ErrorBefore,
        Self::ErrorAfter,
        Self::TooMany,
        Self::Unavailable,
        Self::TimedOut,
        Self::TokenRefused,
        Self::NotSent,
        Self::Cut,
        Self::Shuffled,
        Self::Repeated,
        Self::HeldBack,
        Self::Offline,
        Self::Restart,
        Self::Wiped,
        Self::Migration,
        Self::Frozen,
        Self::Reload,
        Self::TabOpened,
        Self::TabClosed,
        Self::Crash,
        Self::ClockJump,
        Self::LateTimers,
        Self::Woken,
        Self::PreviewSwitched,
        Self::AgentAway,
        Self::SessionSlow,
        Self::SessionRefused,
    ];

    /// What the fault strikes.
    pub(crate) fn target(self) -> FaultTarget {
        match self {
            Self::RequestLost
            | Self::ResponseLost
            | Self::Slow
            | Self::Duplicated
            | Self::ErrorBefore
            | Self::ErrorAfter
            | Self::TooMany
            | Self::Unavailable
            | Self::TimedOut
            | Self::NotSent
            | Self::Cut => FaultTarget::Request,
            Self::TokenRefused => FaultTarget::Start,
            Self::Shuffled | Self::Repeated | Self::HeldBack => FaultTarget::Poll,
            Self::Offline
            | Self::Restart
            | Self::Wiped
            | Self::Migration
            | Self::Frozen
            | Self::Reload
            | Self::TabOpened
            | Self::TabClosed
            | Self::Crash
            | Self::ClockJump
            | Self::LateTimers
            | Self::Woken
            | Self::PreviewSwitched
            | Self::AgentAway => FaultTarget::World,
            Self::SessionSlow | Self::SessionRefused => FaultTarget::Session,
        }
    }

    /// Whether the tab may miss a change of the preview rules because of this fault. The server then counts a
    /// violation although the tab did nothing wrong. (A change of the wall clock looks like a sleep to the engine, and
    /// after a sleep it gives up a poll whose answer may be on its way.)
    pub(crate) fn can_hide_preview_rules(self) -> bool {
        matches!(
            self,
            Self::ResponseLost
                | Self::Slow
                | Self::Duplicated
                | Self::ErrorAfter
                | Self::TimedOut
                | Self::Cut
                | Self::HeldBack
                | Self::Offline
                | Self::Restart
                | Self::Frozen
                | Self::Reload
                | Self::TabClosed
                | Self::Crash
                | Self::ClockJump
        )
    }
}

/// What a fault strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FaultTarget {
    /// Any request to the chat server.
    Request,
    /// A `requestEngagement`.
    Start,
    /// The answer to a poll.
    Poll,
    /// The whole world, at random times.
    World,
    /// The request for a session to the host's page.
    Session,
}
