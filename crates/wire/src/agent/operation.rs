//! The operations of the agent API and their addresses. All are POSTs.

use crate::error::ExceptionCode::{
    self, AccessDenied, BadRequest, Conflict, DependencyApplicationTimeout, InternalServerError,
    InvalidField, UndefinedCondition, UnknownException,
};
use crate::url::operation_path;

/// Header with the id of the agent session. Every request has it, except the one that creates the session.
/// PAGE 003.
pub const SESSION_HEADER: &str = "X-JSESSIONID";

/// Header with the account id of the agent. Every request has it, except the one that creates the session.
/// PAGE 003.
pub const ACCOUNT_HEADER: &str = "X-AID";

/// An operation of the agent API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Logs the agent on. The only operation with `Authorization: Bearer`. FOUND.
    CreateAutomatedAgentSession,
    /// Reports whether the agent is available. FOUND.
    SetActivityStatus,
    /// Asks for engagements. PAGE 000.
    RequestAssignment,
    /// Accepts or declines an assignment. FOUND.
    AssignmentAcknowledgement,
    /// Long poll for the messages of the stream; the server holds it up to 30 s. PAGE 004.
    GetMessages,
    /// Posts a message of the agent. PAGE 003.
    PostMessage,
    /// Reports what the agent is doing in one engagement, with sneak preview and focus. FOUND.
    SetInteractionStatus,
    /// Ends an engagement and enters wrap-up. PAGE 002. (The consumer API calls its operation
    /// `concludeEngagement`.)
    ConcludeChat,
    /// Ends the wrap-up. FOUND.
    ReleaseChat,
    /// Logs the agent off. FOUND by name.
    Logoff,
}

impl Operation {
    /// Every operation.
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
        Self::Logoff,
    ];

    /// The HTTP statuses of the answers; 403 means that the agent session is not known. PAGE 000, 002, 003,
    /// 004; INFERRED for the other operations.
    pub const STATUSES: &'static [u16] = &[200, 400, 403, 404, 500];

    /// The name of the operation in its address.
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
            Self::Logoff => "logoff",
        }
    }

    /// The operation with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| it.name() == name)
    }

    /// The exception codes of the operation's answers, in the order of its page. PAGE 000, 002, 003, 004;
    /// FOUND for `createAutomatedAgentSession` and the CONFLICT of `setActivityStatus`;
    /// INFERRED for the others.
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

    /// Path and query of the operation on the chat server of `site`.
    pub fn path(self, site: &str, pool: Option<&str>) -> String {
        operation_path("agent", site, self.name(), pool)
    }
}
