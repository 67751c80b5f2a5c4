//! The operations of the agent API, with their addresses and exception codes. An *engagement* is one chat at the server.
//!
//! PAGE nnn: documented on that page of Oracle's API reference. FOUND: seen in Oracle's own clients or answers.
//! INFERRED: our assumption.

use crate::WireObject;
use crate::consumer::Method;
use crate::server_error::ExceptionCode::{
    self, AccessDenied, BadRequest, Conflict, DependencyApplicationTimeout, EngagementIdUnknown,
    InternalServerError, InvalidField, UndefinedCondition, UnknownException,
};
use crate::url::{operation_path, with_request};

/// Name of the header with the id of the agent session. All requests except `createAutomatedAgentSession`, which creates
/// the session, have this header. (PAGE 003.)
pub const SESSION_HEADER: &str = "X-JSESSIONID";

/// Name of the header with the id of the agent's account. All requests except `createAutomatedAgentSession` have this
/// header. (PAGE 003.)
pub const ACCOUNT_HEADER: &str = "X-AID";

/// An operation of the agent API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Logs the agent on. Only this operation has the header `Authorization: Bearer`. (FOUND.)
    CreateAutomatedAgentSession,
    /// Reports whether the agent is available (FOUND).
    SetActivityStatus,
    /// Asks the server to assign an engagement to the agent (PAGE 000).
    RequestAssignment,
    /// Accepts or declines an assignment, which is the offer of an engagement (FOUND).
    AssignmentAcknowledgement,
    /// Polls for messages. The server holds the request until it has a message, but for at most 30 s. (PAGE 004.)
    GetMessages,
    /// Posts a message of the agent (PAGE 003).
    PostMessage,
    /// Reports what the agent is doing in one engagement: whether the agent is writing, which text is typed and not
    /// sent, and whether the agent is looking at this chat. (FOUND.)
    SetInteractionStatus,
    /// Ends an engagement for the visitor. The agent is then in wrap-up (the time for notes after a chat) until
    /// `releaseChat`. (PAGE 002.) The consumer API (the visitor's side) has `concludeEngagement` instead.
    ConcludeChat,
    /// Ends the wrap-up, after which the agent is free for another engagement (FOUND).
    ReleaseChat,
    /// Changes one property of an engagement or of its visitor, such as the question (FOUND).
    SetEngagementProperty,
    /// Changes several properties of an engagement or of its visitor (FOUND).
    ModifyProperties,
    /// Lists the agents and the queues of the site (FOUND).
    RetrieveAgentsAndQueues,
    /// Puts an engagement into the escalation queue that the site's rules name (FOUND).
    RerouteEngagement,
    /// Asks whether an engagement can be rerouted. Only this operation is a GET. (FOUND.)
    RerouteAvailability,
    /// Logs the agent off. FOUND: the operation's name, and one member of its request.
    Logoff,
}

impl Operation {
    /// All operations.
    pub const ALL: &'static [Self] = &[
        Self::CreateAutomatedAgentSession,
        Self::SetActivityStatus,
        Self::RequestAssignment,
        Self::AssignmentAcknowledgement,
        Self::GetMessages,
        Self::PostMessage,
        Self::SetInteractionStatus,
        Self::ConcludeChat,
        Self::ReleaseChat,
        Self::SetEngagementProperty,
        Self::ModifyProperties,
        Self::RetrieveAgentsAndQueues,
        Self::RerouteEngagement,
        Self::RerouteAvailability,
        Self::Logoff,
    ];

    /// The HTTP statuses that the operations' responses can have. 403 means that the server does not know the agent
    /// session (PAGE 000, 002, 003, 004). INFERRED: the operations that no page documents have the same statuses.
    pub const STATUSES: &'static [u16] = &[200, 400, 403, 404, 500];

    /// The operation's name in its address.
    pub fn name(self) -> &'static str {
        match self {
            Self::CreateAutomatedAgentSession => "createAutomatedAgentSession",
            Self::SetActivityStatus => "setActivityStatus",
            Self::RequestAssignment => "requestAssignment",
            Self::AssignmentAcknowledgement => "assignmentAcknowledgement",
            Self::GetMessages => "getMessages",
            Self::PostMessage => "postMessage",
            Self::SetInteractionStatus => "setInteractionStatus",
            Self::ConcludeChat => "concludeChat",
            Self::ReleaseChat => "releaseChat",
            Self::SetEngagementProperty => "setEngagementProperty",
            Self::ModifyProperties => "modifyProperties",
            Self::RetrieveAgentsAndQueues => "retrieveAgentsAndQueues",
            Self::RerouteEngagement => "rerouteEngagement",
            Self::RerouteAvailability => "rerouteAvailability",
            Self::Logoff => "logoff",
        }
    }

    /// The HTTP method. The cURL command in the reference of `rerouteAvailability` has POST, which its text contradicts.
    /// (FOUND.)
    pub fn method(self) -> Method {
        match self {
            Self::RerouteAvailability => Method::Get,
            _ => Method::Post,
        }
    }

    /// The operation with this name in its address. `None` if there is no such operation.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| it.name() == name)
    }

    /// The exception codes that the operation's error responses can have, in the order of Oracle's API reference.
    /// PAGE 000, 002, 003, 004: the codes of the operations on these pages. FOUND: those of
    /// `createAutomatedAgentSession`, CONFLICT for `setActivityStatus`, `ENGAGEMENT_ID_UNKNOWN`, INVALID_FIELD and
    /// `DEPENDENCY_APPLICATION_TIMEOUT` for `rerouteEngagement`, and INVALID_FIELD for `retrieveAgentsAndQueues`. INFERRED:
    /// all others.
    pub fn exception_codes(self) -> &'static [ExceptionCode] {
        match self {
            Self::PostMessage => &[
                AccessDenied,
                UnknownException,
                Conflict,
                UndefinedCondition,
                InvalidField,
            ],
            Self::GetMessages => &[AccessDenied, UnknownException, InternalServerError],
            Self::CreateAutomatedAgentSession => &[
                UnknownException,
                BadRequest,
                InternalServerError,
                AccessDenied,
                DependencyApplicationTimeout,
            ],
            Self::SetActivityStatus => &[
                AccessDenied,
                UnknownException,
                BadRequest,
                InternalServerError,
                Conflict,
            ],
            Self::SetEngagementProperty | Self::ModifyProperties => &[
                AccessDenied,
                UnknownException,
                BadRequest,
                InternalServerError,
                EngagementIdUnknown,
                InvalidField,
            ],
            Self::RetrieveAgentsAndQueues => &[
                AccessDenied,
                UnknownException,
                BadRequest,
                InternalServerError,
                InvalidField,
            ],
            Self::RerouteEngagement | Self::RerouteAvailability => &[
                AccessDenied,
                UnknownException,
                BadRequest,
                InternalServerError,
                EngagementIdUnknown,
                InvalidField,
                DependencyApplicationTimeout,
            ],
            Self::RequestAssignment
            | Self::AssignmentAcknowledgement
            | Self::SetInteractionStatus
            | Self::ConcludeChat
            | Self::ReleaseChat
            | Self::Logoff => &[
                AccessDenied,
                UnknownException,
                BadRequest,
                InternalServerError,
            ],
        }
    }

    /// The operation's path and query on the chat server. `site` is the name of the customer's site in the address.
    /// `pool` is the group of chat servers that serves the site. It is `None` if the site has no pool.
    pub fn path(self, site: &str, pool: Option<&str>) -> String {
        operation_path("agent", site, self.name(), pool)
    }

    /// The path of an operation that is a GET. Its request is JSON text in the query. (FOUND.)
    pub fn path_with_request(
        self,
        site: &str,
        pool: Option<&str>,
        request: &impl WireObject,
    ) -> String {
        with_request(&self.path(site, pool), &request.to_json())
    }
}
