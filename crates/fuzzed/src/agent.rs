//! What the chat server answers to an agent.

use pipit_wire::agent::{
    AgentMessage, AgentResponse, ConcludeEngagementResponse, GetMessagesResponse,
    PostMessageResponse, RequestAssignmentResponse,
};
use pipit_wire::{ExceptionCode, WireValue};

use crate::consumer::refusal;
use crate::wire::{Body, says_what_is_wrong};

/// The bytes are an answer of the agent API: of any operation, and one with an error status.
pub fn agent_answer(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    says_what_is_wrong::<AgentResponse>(&text);
    refusal(&text);
    let Some(body) = Body::of(data) else {
        return;
    };
    if let Some(answer) = body.object::<AgentResponse>()
        && let Some(error) = answer.echo.chat_system_error
    {
        assert!(!matches!(error.code(), Some(ExceptionCode::Unknown(_))));
    }
    body.object::<RequestAssignmentResponse>();
    body.object::<PostMessageResponse>();
    body.object::<ConcludeEngagementResponse>();
    if let Some(answer) = body.object::<GetMessagesResponse>() {
        answer.get_response_types.iter().for_each(message);
    }
    body.value::<AgentMessage>();
}

/// A message that was understood is understood again.
fn message(message: &AgentMessage) {
    let is_known = |message: &AgentMessage| !matches!(message, AgentMessage::Unknown(_));
    let again = AgentMessage::read(&message.write());
    assert_eq!(again.as_ref().map(is_known), Some(is_known(message)));
}
