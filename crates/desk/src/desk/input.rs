//! The inputs of the desk's state machine, among them the agent's actions on the page. An *engagement* is one
//! conversation with a visitor, in the words of the chat server.

use pipit_agent::AgentError;
use pipit_wire::ClientId;
use pipit_wire::EngagementId;
use pipit_wire::agent::AgentMessage;

use super::effect::Request;

/// An event that the desk handles.
#[derive(Clone, Debug)]
pub(crate) enum Input {
    /// The page has been opened, or the agent has pressed *Log on*.
    LogOn,
    /// The log-on has succeeded. The agent has this client id in the new session.
    LoggedOn(ClientId),
    /// The log-on has failed. The text is a sentence that says why.
    LogOnFailed(String),
    /// A poll (a request for new messages) of the session with this client id has ended.
    Polled(ClientId, Result<Vec<AgentMessage>, AgentError>),
    /// A request of the session with this client id has been answered or has failed.
    Answered(ClientId, Request, Result<(), AgentError>),
    /// The agent has done something on the page.
    Action(Action),
    /// The page has become visible (true) or hidden (false).
    VisibilityChanged(bool),
}

/// An action of the agent on the page. `Send`, `EditDraft`, `Insert`, `ToggleResearching`, `Transfer`, `Conclude` and `Release`
/// apply to the selected conversation.
#[derive(Clone, Debug)]
pub(crate) enum Action {
    /// Makes the agent available for new engagements (true) or not available (false).
    SetAvailable(bool),
    Accept(EngagementId),
    Decline(EngagementId),
    /// Shows this conversation. Has no effect on a conversation that is only offered.
    Select(EngagementId),
    /// Replaces the composer's text by this text.
    EditDraft(String),
    /// Adds a text to the end of the composer's text.
    Insert(String),
    /// Sends the composer's text.
    Send,
    /// Lets the visitor wait for another agent.
    Transfer,
    /// Turns the status *looking into it*, which the visitor sees, on or off.
    ToggleResearching,
    /// Ends the conversation. It is then in wrap-up until the agent releases it.
    Conclude,
    /// Ends the wrap-up, after which the desk does not show the conversation any more.
    Release,
    /// Logs the agent off. While conversations are open, `LogOff` only makes the page ask whether to log off. While the
    /// page asks, `LogOff` answers yes.
    LogOff,
    /// Answers no to the question whether to log off.
    CancelLogOff,
    /// Closes the notice, such as the text of an error.
    DismissNotice,
}
