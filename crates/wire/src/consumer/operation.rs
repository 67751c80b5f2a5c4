//! The operations of the consumer API and their addresses.

use crate::url::operation_path;

/// An HTTP method of the API, which uses GET and POST only. FOUND.
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
    /// Creates the engagement. The only operation with `Authorization: Bearer`. PAGE 001.
    RequestEngagement,
    /// Long poll for the messages of the stream; the server holds it up to 30 s. FOUND.
    GetMessages,
    /// Posts a message of the visitor. FOUND.
    PostMessage,
    /// Reports what the visitor is doing, with the sneak preview. FOUND.
    Activity,
    /// Ends the engagement. FOUND. (The agent API calls its operation `concludeChat`.)
    ConcludeEngagement,
    /// Gets the figures of a queue; needs no session. FOUND.
    GetQueueStats,
    /// Finds the queue of a visitor; needs no session. FOUND.
    GetEngagementQueue,
}

impl Operation {
    /// Every operation.
    pub const ALL: &'static [Self] = &[
        Self::RequestEngagement,
        Self::GetMessages,
        Self::PostMessage,
        Self::Activity,
        Self::ConcludeEngagement,
        Self::GetQueueStats,
        Self::GetEngagementQueue,
    ];

    /// The name of the operation in its address.
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

    /// The operation with this name.
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

    /// The HTTP statuses of the operation's answers. The list is complete for `requestEngagement`
    /// (PAGE 001), where 403 means that the JWT was refused, 408 that the request timed out and 409
    /// that the routing rules dequeued the engagement. FOUND for `postMessage` (409: the lead agent has
    /// left, or the spam rule ended the chat), `activity` and `getEngagementQueue`; INFERRED for the
    /// others.
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

    /// Path and query of the operation on the chat server of `site`.
    pub fn path(self, site: &str, pool: Option<&str>) -> String {
        operation_path("consumer", site, self.name(), pool)
    }
}
