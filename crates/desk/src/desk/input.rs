//! What can happen to the desk.

use pipit_agent::AgentError;
use pipit_wire::ClientId;
use pipit_wire::EngagementId;
use pipit_wire::agent::AgentMessage;

use super::effect::Request;

/// An event that the desk handles.
#[derive(Clone, Debug)]
pub(crate) enum Input {
    /// The desk shall log on.
    LogOn,
    /// The log on succeeded. The agent has this client id in the new session.
    LoggedOn(ClientId),
    /// The log on failed. The text is a sentence that says why.
    LogOnFailed(String),
    /// A poll of the session with this client id has ended.
    Polled(ClientId, Result<Vec<AgentMessage>, AgentError>),
    /// A request has been answered or has failed.
    Answered(Request, Result<(), AgentError>),
    /// The agent has done something on the page.
    Action(Action),
    /// The page has become visible or hidden.
    VisibilityChanged(bool),
}

/// An action of the agent on the page. An action without an engagement is about the selected conversation.
#[derive(Clone, Debug)]
pub(crate) enum Action {
    SetAvailable(bool),
    Accept(EngagementId),
    Decline(EngagementId),
    /// Selects a conversation.
    Select(EngagementId),
    /// The composer now contains this text.
    EditDraft(String),
    Send,
    /// Starts or ends the status *looking into it*.
    ToggleResearching,
    Conclude,
    Release,
    LogOff,
    /// Answers no to the question whether to log off during conversations.
    CancelLogOff,
    DismissNotice,
}
