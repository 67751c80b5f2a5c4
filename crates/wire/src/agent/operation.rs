//! The agent's operations and their addresses. All are POSTs.

use crate::ExceptionCode::{
    self, AccessDenied, BadRequest, Conflict, DependencyApplicationTimeout, InternalServerError,
    InvalidField, UndefinedCondition, UnknownException,
};
use crate::url::operation_path;

/// Header with the agent session's id, on every call but the one that creates it. PAGE 003.
pub const SESSION_HEADER: &str = "X-JSESSIONID";

/// Header with the agent's account id, on every call but the one that creates the session. PAGE 003.
pub const ACCOUNT_HEADER: &str = "X-AID";

/// An operation of the agent API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Logs the agent on; `Authorization: Bearer` only here. FOUND.
    CreateAutomatedAgentSession,
    /// Available or not. FOUND.
    SetActivityStatus,
    /// Asks for engagements. PAGE 000.
    RequestAssignment,
    /// Takes or declines one. FOUND.
    AssignmentAcknowledgement,
    /// Long poll, held up to 30 s. PAGE 004.
    GetMessages,
    /// PAGE 003.
    PostMessage,
    /// What the agent is doing in one engagement, with sneak preview and focus. FOUND.
    SetInteractionStatus,
    /// Ends an engagement and enters wrap-up. PAGE 002. (The consumer's is `concludeEngagement`.)
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

    /// The HTTP statuses of every answer; 403 means that the agent's session is unknown. PAGE 000,
    /// 002, 003, 004; INFERRED for the other operations.
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
            Self::Logoff => "logoff",
        }
    }

    /// The operation of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| it.name() == name)
    }

    /// The exception codes that it can answer with, in the order of its page. PAGE 000, 002, 003,
    /// 004; FOUND for `createAutomatedAgentSession` and the CONFLICT of `setActivityStatus`;
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

    /// Its path and query on the chat server of `site`.
    pub fn path(self, site: &str, pool: Option<&str>) -> String {
        operation_path("agent", site, self.name(), pool)
    }
}
