//! What can go wrong.

/// What can go wrong. Each world draws its own selection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// A request never arrives; the browser learns of it late or never.
    RequestLost,
    /// The server has done it, but its answer never comes back.
    ResponseLost,
    /// A request or its answer travels for longer than anybody waits for it.
    Slow,
    /// The browser sends a request again by itself.
    Duplicated,
    /// 5xx instead of doing it.
    ErrorBefore,
    /// 5xx after having done it.
    ErrorAfter,
    /// 429 with `Retry-After`, instead of doing it.
    TooMany,
    /// 503 with `Retry-After`, instead of doing it.
    Unavailable,
    /// 408, done or not.
    TimedOut,
    /// 403 for a token that was good.
    TokenRefused,
    /// The connection is refused: the request provably never left.
    NotSent,
    /// An answer is cut in its middle.
    Cut,
    /// A batch comes in another order than its numbers.
    Shuffled,
    /// A batch brings messages again that the batch before has brought.
    Repeated,
    /// A message of a batch comes with the batch after it.
    HeldBack,
    /// The browser is offline for a while.
    Offline,
    /// The server restarts and knows everything as before.
    Restart,
    /// The server restarts and knows nothing of before.
    Wiped,
    /// The site moves to another pool, and perhaps to another host.
    Migration,
    /// The tab does not run for 1 s to 10 min.
    Frozen,
    /// The page is loaded again.
    Reload,
    /// The visitor opens another tab.
    TabOpened,
    /// The visitor closes a tab.
    TabClosed,
    /// The page dies between two effects of the engine, and is loaded again.
    Crash,
    /// The wall clock is set.
    ClockJump,
    /// The tab's timers fire late, as in the background.
    LateTimers,
    /// The page tells the engine that something may have changed, though nothing has.
    Woken,
    /// The site allows or forbids previews.
    PreviewSwitched,
    /// An agent's client falls silent.
    AgentAway,
    /// The page's callback takes long for a session.
    SessionSlow,
    /// The page's callback gives no session.
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

    pub(crate) fn seat(self) -> Seat {
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
            | Self::Cut => Seat::Request,
            Self::TokenRefused => Seat::Start,
            Self::Shuffled | Self::Repeated | Self::HeldBack => Seat::Poll,
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
            | Self::AgentAway => Seat::World,
            Self::SessionSlow | Self::SessionRefused => Seat::Page,
        }
    }

    /// Whether server and visitor may know different things of the preview after it, so that the
    /// server blames the visitor for what the network did. (A clock that is set looks like a sleep,
    /// and after a sleep a poll is given up whose answer may be on its way.)
    pub(crate) fn excuses_previews(self) -> bool {
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

/// Where a fault strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seat {
    /// Any request.
    Request,
    /// A `requestEngagement`.
    Start,
    /// The answer of a poll.
    Poll,
    /// From time to time.
    World,
    /// A request for a session.
    Page,
}
