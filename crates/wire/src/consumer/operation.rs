//! The operations of the consumer API, which is the visitor's side, with their addresses, methods and statuses.
//! An *engagement* is one chat at the server.
//!
//! PAGE nnn: documented on that page of Oracle's API reference. FOUND: seen in Oracle's own clients or answers.
//! INFERRED: our assumption.

use crate::url::operation_path;

/// The HTTP method of an operation. The API uses only these two. (FOUND.)
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// `GET`
    Get,
    /// `POST`
    Post,
}

/// An operation of the consumer API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Creates the engagement. Only this operation has the header `Authorization: Bearer`. (PAGE 001.)
    RequestEngagement,
    /// Polls for messages. The server holds the request until it has a message, but for at most 30 s. (FOUND.)
    GetMessages,
    /// Posts a message of the visitor (FOUND).
    PostMessage,
    /// Reports what the visitor is doing, with the sneak preview (text that is typed and not sent yet). (FOUND.)
    Activity,
    /// Ends the engagement (FOUND). The API for agents has `concludeChat` instead.
    ConcludeEngagement,
    /// Counts the agents and the waiting engagements of a queue. It needs no session. (FOUND.)
    GetQueueStats,
    /// Finds the queue in which an engagement would wait. It needs no session. (FOUND.)
    GetEngagementQueue,
}

impl Operation {
    /// All operations.
    pub const ALL: &'static [Self] = &[
        Self::RequestEngagement,
        Self::GetMessages,
        Self::PostMessage,
        Self::Activity,
        Self::ConcludeEngagement,
        Self::GetQueueStats,
        Self::GetEngagementQueue,
    ];

    /// The operation's name in its address.
    pub fn name(self) -> &'static str {
        match self {
            Self::RequestEngagement => "requestEngagement",
            Self::GetMessages => "getMessages",
            Self::PostMessage => "postMessage",
            Self::Activity => "activity",
            Self::ConcludeEngagement => "concludeEngagement",
            Self::GetQueueStats => "getQueueStats",
            Self::GetEngagementQueue => "getEngagementQueue",
        }
    }

    /// The operation with this name in its address. `None` if there is no such operation.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| it.name() == name)
    }

    /// The HTTP method of the operation.
    pub fn method(self) -> Method {
        match self {
            Self::GetQueueStats | Self::GetEngagementQueue => Method::Get,
            _ => Method::Post,
        }
    }

    /// The HTTP statuses that the operation's responses can have.
    ///
    /// PAGE 001 lists all statuses of `requestEngagement`: 403 means that the server refused the JWT, 408 that the
    /// request timed out, and 409 that the routing rules took the engagement out of the queue. FOUND: the statuses of
    /// `postMessage` (409 means that the agent who led the chat has left, or that the server has ended the chat because
    /// of spam), `activity` and `getEngagementQueue`. INFERRED: the statuses of the other operations.
    pub fn statuses(self) -> &'static [u16] {
        match self {
            Self::RequestEngagement => &[200, 400, 403, 404, 408, 409, 500],
            Self::PostMessage => &[200, 400, 403, 404, 409, 500],
            Self::GetMessages | Self::Activity | Self::ConcludeEngagement => {
                &[200, 400, 403, 404, 500]
            }
            Self::GetQueueStats | Self::GetEngagementQueue => &[200, 400, 404, 500],
        }
    }

    /// The operation's path and query on the chat server. `site` is the name of the customer's site in the address.
    /// `pool` is the group of chat servers that serves the site. It is `None` if the site has no pool.
    pub fn path(self, site: &str, pool: Option<&str>) -> String {
        operation_path("consumer", site, self.name(), pool)
    }
}
