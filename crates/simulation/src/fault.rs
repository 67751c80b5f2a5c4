//! The faults that the simulation can produce. `FaultPlan` chooses them, and the files of `world/` carry them out. The
//! *engine* is the library that runs the visitor's side of the chat in a page.

/// A kind of fault. Each world (simulated run) draws its own selection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// A request never reaches the server. The browser notices after a while, or never.
    RequestLost,
    /// The server processes the request, and its answer never reaches the browser.
    ResponseLost,
    /// A request or its answer travels for 5 s to 90 s. The engine gives up before 90 s have passed.
    Slow,
    /// The browser sends a request a second time, although the page has sent it only once.
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
    /// Somebody else answers with a status from 200 to 299, and the server does not receive the request. Examples: the
    /// sign-in page of a network, or a service worker.
    SomebodyElseBefore,
    /// The server processes the request, and somebody else's answer with a status from 200 to 299 replaces its answer.
    SomebodyElseAfter,
    /// The messages in the answer to a poll (a request for new messages) are not in the order of their sequence
    /// numbers.
    Shuffled,
    /// The answer to a poll repeats the messages of the previous answer.
    Repeated,
    /// A message is missing from the answer to a poll, and is in the next answer.
    HeldBack,
    /// The browser is offline for a while.
    Offline,
    /// The server restarts and keeps its state.
    Restart,
    /// The server restarts and loses all engagements and sessions.
    Wiped,
    /// The site (the customer's account at the chat service) moves to another pool (group of chat servers), and perhaps
    /// to another host.
    Migration,
    /// The browser freezes a page for 1 s to 10 min.
    Frozen,
    /// The visitor reloads a page.
    Reload,
    /// The visitor opens another tab.
    TabOpened,
    /// The visitor copies a tab together with its storage, in a browser that has no Web Locks.
    TabCopied,
    /// The visitor closes a tab.
    TabClosed,
    /// A page crashes as soon as it has performed its next *effect* (an action that the engine demands, such as sending a
    /// request), and is then reloaded. It does not perform the effects that should have followed.
    Crash,
    /// Somebody sets the wall clock, forward or back.
    ClockJump,
    /// The timers of a page fire late, as in a background tab.
    LateTimers,
    /// A page reports to the engine that it may have been frozen, although it has not been.
    Woken,
    /// The site enables or disables the sneak preview, with which agents see what the visitor is typing.
    PreviewSwitched,
    /// An agent's client sends nothing for a while.
    AgentAway,
    /// The web page that embeds Pipit takes up to 25 s to provide a session.
    SessionSlow,
    /// The web page that embeds Pipit provides no session.
    SessionRefused,
}

impl Fault {
    /// Every fault.
    pub const ALL: [Self; 34] = [
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
        Self::SomebodyElseBefore,
        Self::SomebodyElseAfter,
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
        Self::TabCopied,
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

    /// The thing that the fault strikes.
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
            | Self::Cut
            | Self::SomebodyElseBefore
            | Self::SomebodyElseAfter => FaultTarget::Request,
            Self::TokenRefused => FaultTarget::RequestEngagement,
            Self::Shuffled | Self::Repeated | Self::HeldBack => FaultTarget::Poll,
            Self::Offline
            | Self::Restart
            | Self::Wiped
            | Self::Migration
            | Self::Frozen
            | Self::Reload
            | Self::TabOpened
            | Self::TabCopied
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

    /// Whether a visitor's tab may miss a change of the rules for sneak previews because of this fault. The server may
    /// then count a violation of the rules although the tab did nothing wrong. The rules reach a tab in the answers to
    /// its requests. These faults lose or delay an answer, stop the page that would read it, or change the order in
    /// which requests and answers arrive. `ClockJump` loses an answer, too: when the wall clock jumps, the engine
    /// concludes that the page was frozen, and aborts a poll whose answer may be on its way.
    pub(crate) fn can_hide_preview_rules(self) -> bool {
        matches!(
            self,
            Self::ResponseLost
                | Self::Slow
                | Self::Duplicated
                | Self::ErrorAfter
                | Self::TimedOut
                | Self::Cut
                | Self::SomebodyElseAfter
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

/// A thing that a fault can strike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FaultTarget {
    /// A request to the chat server, of any operation.
    Request,
    /// A `requestEngagement` request, which starts a chat.
    RequestEngagement,
    /// The answer to a poll.
    Poll,
    /// The browser, a page, the server or an agent, at random times.
    World,
    /// The engine's request for a session, which the web page that embeds Pipit answers.
    Session,
}
