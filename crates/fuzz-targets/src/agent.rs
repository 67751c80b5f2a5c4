//! The fuzz target for the answers of the agent API: the chat server's answers to the client of a chat agent.

use pipit_wire::agent::{
    AgentMessage, AgentResponse, ConcludeEngagementResponse, GetMessagesResponse, Operation,
    PostMessageResponse, RequestAssignmentResponse,
};
use pipit_wire::{ExceptionCode, WireValue};

use crate::consumer::{check_refusal, check_response};
use crate::round_trip::{Body, check_error};

/// Reads the bytes as the answer to each operation of the agent API, and as an answer with an error status. Panics if a
/// reader of `pipit-wire` breaks a promise, for example if something that was read is lost when it is written.
pub fn agent_answer(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    // If the text cannot be read, checks that the error states the true reason. One type stands for all answers here.
    check_error::<AgentResponse>(&text);
    check_refusal(&text);
    for operation in Operation::ALL {
        check_response(&text, &operation.read_response(200, &text));
    }
    let Some(body) = Body::parse(data) else {
        return;
    };
    // `object` and `value` check what a reader promises. Most results are not needed after that.
    if let Some(answer) = body.object::<AgentResponse>()
        && let Some(error) = answer.echo.chat_system_error
    {
        // For a code that `ExceptionCode` does not list, `code` promises `None`.
        assert!(!matches!(error.code(), Some(ExceptionCode::Unknown(_))));
    }
    body.object::<RequestAssignmentResponse>();
    body.object::<PostMessageResponse>();
    body.object::<ConcludeEngagementResponse>();
    if let Some(answer) = body.object::<GetMessagesResponse>() {
        answer.get_response_types.iter().for_each(check_message);
    }
    body.value::<AgentMessage>();
}

/// Checks that a message of a known kind stays known, and a message of an unknown kind stays unknown, when the message
/// is written and read again.
fn check_message(message: &AgentMessage) {
    let is_known = |message: &AgentMessage| !matches!(message, AgentMessage::Unknown(_));
    let reread = AgentMessage::read(&message.write());
    assert_eq!(reread.as_ref().map(is_known), Some(is_known(message)));
}
