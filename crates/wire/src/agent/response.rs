//! The answers of the agent API.

use super::message::AgentMessage;
use crate::object::{default_object, wire_object};
use crate::{
    ChatSystemError, ClientId, ClientSendTime, EngagementId, Secret, SequenceNumber, ServiceTime,
    WireValue,
};

wire_object! {
    /// The members that every answer of the agent API has: parts of the request, and when it was processed.
    /// PAGE 000, 002, 003; PAGE 004 has a form of its own.
    pub struct AgentEcho {
        /// An error in an answer with the status 200; `null` on success. PAGE 000, 002, 003.
        pub chat_system_error: Option<ChatSystemError> = nullable "chatSystemError",
        /// When the request was received, in ms since 1970, according to PAGE 003; its samples disagree.
        pub client_send_time: Option<ClientSendTime> = maybe "clientSendTime",
        /// When the server began to process the request.
        pub service_start_time: Option<ServiceTime> = maybe "serviceStartTime",
        /// When the server finished processing the request.
        pub service_finish_time: Option<ServiceTime> = maybe "serviceFinishTime",
        /// The agent session. It can differ from the header of the request, and must not replace it.
        pub session_id: Option<Secret> = maybe "sessionId",
        /// The client id of the agent in this agent session.
        pub client_id: Option<ClientId> = maybe_twin "clientId",
        /// The number of the request.
        pub sequence_number: Option<SequenceNumber> = maybe_twin "sequenceNumber",
    }
}
default_object!(AgentEcho);

wire_object! {
    /// Answer of the operations that only repeat the request: `setActivityStatus`,
    /// `assignmentAcknowledgement`, `setInteractionStatus`, `releaseChat` and `logoff` (INFERRED), and
    /// `createAutomatedAgentSession`, whose `sessionId` becomes the header `X-JSESSIONID` (FOUND).
    pub struct AgentResponse {
        /// What the answer repeats of the request.
        pub echo: AgentEcho = flat,
    }
}
default_object!(AgentResponse);

wire_object! {
    /// Result of `requestAssignment`. PAGE 000.
    pub struct ChatRequestAssignmentResult {
        /// Whether an engagement was assigned at once. False is not an error: `getMessages` delivers the
        /// assignment later.
        pub assignment_made: bool = defaulted "assignmentMade",
    }
}

wire_object! {
    /// Answer of `requestAssignment`. PAGE 000.
    pub struct RequestAssignmentResponse {
        /// Whether an engagement was assigned at once.
        pub chat_request_assignment_result: Option<ChatRequestAssignmentResult> =
            nullable "chatRequestAssignmentResult",
        /// What the answer repeats of the request.
        pub echo: AgentEcho = flat,
    }
}
default_object!(RequestAssignmentResponse);

/// `clientReset`: an int32 in the schema, the text `"0"` in the example. PAGE 003. Both forms are read; the
/// text is written.
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
        /// Whether the client has to reset itself. In the older protocol, 2 meant that the agent did not poll.
        pub client_reset: ClientReset = defaulted "clientReset",
    }
}

wire_object! {
    /// Answer of `postMessage`. PAGE 003.
    pub struct PostMessageResponse {
        /// Whether the client has to reset itself.
        pub chat_post_result: Option<ChatPostResult> = nullable "chatPostResult",
        /// What the answer repeats of the request.
        pub echo: AgentEcho = flat,
    }
}
default_object!(PostMessageResponse);

wire_object! {
    /// Result of `concludeChat`. PAGE 002.
    pub struct ChatConcludeEngagementResult {
        /// The engagement that was concluded.
        pub engagement_id: Option<EngagementId> = maybe_twin "engagementId",
    }
}

wire_object! {
    /// Answer of `concludeChat`. PAGE 002.
    pub struct ConcludeEngagementResponse {
        /// Which engagement was concluded.
        pub chat_conclude_engagement_result: Option<ChatConcludeEngagementResult> =
            nullable "chatConcludeEngagementResult",
        /// What the answer repeats of the request.
        pub echo: AgentEcho = flat,
    }
}
default_object!(ConcludeEngagementResponse);

wire_object! {
    /// Answer of `getMessages`. PAGE 004. Unlike the other answers it has ISO times and no `chatSystemError`.
    pub struct GetMessagesResponse {
        /// The client id of the agent.
        pub client_id: Option<ClientId> = maybe_twin "clientId",
        /// The number of the request.
        pub sequence_number: Option<SequenceNumber> = maybe_twin "sequenceNumber",
        /// The agent session.
        pub session_id: Option<Secret> = maybe "sessionId",
        /// When the request was sent; the text `"null"` if that is not known.
        pub client_send_time: ClientSendTime = defaulted "clientSendTime",
        /// When the answer was sent, in ms since 1970.
        pub response_sent_milliseconds: Option<i64> = maybe_twin "responseSentMilliseconds",
        /// When the server began, as ISO text.
        pub service_start_time: Option<ServiceTime> = maybe "serviceStartTime",
        /// When the server finished, as ISO text.
        pub service_finish_time: Option<ServiceTime> = maybe "serviceFinishTime",
        /// Whether one of the messages is a `ChatDisconnectNotification`.
        pub contains_disconnect: bool = defaulted "containsDisconnect",
        /// The messages; a single `ChatGetTimeout` if there was none within 30 s.
        #[cfg_attr(test, proptest(strategy = "crate::tests::few()"))]
        pub get_response_types: Vec<AgentMessage> = defaulted "getResponseTypes",
    }
}
default_object!(GetMessagesResponse);
