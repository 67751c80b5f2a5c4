//! What the agent is answered.

use super::AgentMessage;
use crate::object::{default_object, wire_object};
use crate::{
    ChatSystemError, ClientId, ClientSendTime, EngagementId, Secret, SequenceNumber, ServiceTime,
    WireValue,
};

wire_object! {
    /// What every answer of the agent API repeats. PAGE 000, 002, 003; PAGE 004 has its own form.
    pub struct AgentEcho {
        /// An error inside a 200; `null` on success. PAGE 000, 002, 003.
        pub chat_system_error: Option<ChatSystemError> = nullable "chatSystemError",
        /// When the request was received, says PAGE 003; its samples disagree. In ms since 1970.
        pub client_send_time: Option<ClientSendTime> = maybe "clientSendTime",
        /// When the server began.
        pub service_start_time: Option<ServiceTime> = maybe "serviceStartTime",
        /// When the server finished.
        pub service_finish_time: Option<ServiceTime> = maybe "serviceFinishTime",
        /// The agent's session. May differ from the header that was sent; never replaces it.
        pub session_id: Option<Secret> = maybe "sessionId",
        /// The agent's client, for this agent session.
        pub client_id: Option<ClientId> = maybe_twin "clientId",
        /// The request's count.
        pub sequence_number: Option<SequenceNumber> = maybe_twin "sequenceNumber",
    }
}
default_object!(AgentEcho);

wire_object! {
    /// Answer of the operations whose pages show nothing but the echo: `setActivityStatus`,
    /// `assignmentAcknowledgement`, `setInteractionStatus`, `releaseChat`, `logoff` (INFERRED), and
    /// of `createAutomatedAgentSession`, whose `sessionId` becomes `X-JSESSIONID` (FOUND).
    pub struct AgentResponse {
        /// The echo.
        pub echo: AgentEcho = flat,
    }
}
default_object!(AgentResponse);

wire_object! {
    /// Result of `requestAssignment`. PAGE 000.
    pub struct ChatRequestAssignmentResult {
        /// False is no failure: the assignment then comes by `getMessages`.
        pub assignment_made: bool = defaulted "assignmentMade",
    }
}

wire_object! {
    /// Answer of `requestAssignment`. PAGE 000.
    pub struct RequestAssignmentResponse {
        /// The result.
        pub chat_request_assignment_result: Option<ChatRequestAssignmentResult> =
            nullable "chatRequestAssignmentResult",
        /// The echo.
        pub echo: AgentEcho = flat,
    }
}
default_object!(RequestAssignmentResponse);

/// `clientReset`: int32 by its schema, the text `"0"` in the example. PAGE 003. Both are read;
/// written as the example shows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(test, derive(proptest_derive::Arbitrary))]
pub struct ClientReset(pub i32);

impl WireValue for ClientReset {
    fn read(value: &serde_json::Value) -> Option<Self> {
        i32::read(value).map(Self)
    }
    fn write(&self) -> serde_json::Value {
        serde_json::Value::from(self.0.to_string())
    }
}

wire_object! {
    /// Result of `postMessage`. PAGE 003.
    pub struct ChatPostResult {
        /// In the older protocol 2 meant that no retrieval loop was running.
        pub client_reset: ClientReset = defaulted "clientReset",
    }
}

wire_object! {
    /// Answer of `postMessage`. PAGE 003.
    pub struct PostMessageResponse {
        /// The result.
        pub chat_post_result: Option<ChatPostResult> = nullable "chatPostResult",
        /// The echo.
        pub echo: AgentEcho = flat,
    }
}
default_object!(PostMessageResponse);

wire_object! {
    /// Result of `concludeChat`. PAGE 002.
    pub struct ChatConcludeEngagementResult {
        /// Which engagement.
        pub engagement_id: Option<EngagementId> = maybe_twin "engagementId",
    }
}

wire_object! {
    /// Answer of `concludeChat`. PAGE 002.
    pub struct ConcludeEngagementResponse {
        /// The result.
        pub chat_conclude_engagement_result: Option<ChatConcludeEngagementResult> =
            nullable "chatConcludeEngagementResult",
        /// The echo.
        pub echo: AgentEcho = flat,
    }
}
default_object!(ConcludeEngagementResponse);

wire_object! {
    /// Answer of `getMessages`. PAGE 004: other times and no `chatSystemError`.
    pub struct GetMessagesResponse {
        /// The agent's client.
        pub client_id: Option<ClientId> = maybe_twin "clientId",
        /// The request's count.
        pub sequence_number: Option<SequenceNumber> = maybe_twin "sequenceNumber",
        /// The agent's session.
        pub session_id: Option<Secret> = maybe "sessionId",
        /// The text `"null"` when there is nothing to tell.
        pub client_send_time: ClientSendTime = defaulted "clientSendTime",
        /// In ms since 1970.
        pub response_sent_milliseconds: Option<i64> = maybe_twin "responseSentMilliseconds",
        /// When the server began; ISO text here.
        pub service_start_time: Option<ServiceTime> = maybe "serviceStartTime",
        /// When the server finished; ISO text here.
        pub service_finish_time: Option<ServiceTime> = maybe "serviceFinishTime",
        /// Whether one of the messages is a disconnect.
        pub contains_disconnect: bool = defaulted "containsDisconnect",
        /// The messages; a single `ChatGetTimeout` when nothing came within 30 s.
        #[cfg_attr(test, proptest(strategy = "crate::tests::few()"))]
        pub get_response_types: Vec<AgentMessage> = defaulted "getResponseTypes",
    }
}
default_object!(GetMessagesResponse);
