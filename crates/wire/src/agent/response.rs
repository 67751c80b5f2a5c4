//! The server's responses to the requests of the agent API. An *engagement* is one chat at the server. The *client id*
//! identifies the agent's connection to the server from logon to logoff.
//!
//! The module `object` defines two macros that are used below. `wire_object!` declares a JSON object; the word before
//! the JSON name of each member, such as `maybe`, is the member's *mode*. `default_object!` implements `Default`.
//! The modes in short: `defaulted` has the type's default value if it is absent; `maybe` may be absent; `nullable` may
//! be absent and is written as `null` if it has no value; `flat` means that the members of the type stand directly in
//! this object; and `twin` in a mode means that a number is sent twice, as `name` and as the text `nameString`. The
//! attribute `proptest` tells the property tests which values to generate for a member.
//!
//! PAGE nnn: documented on that page of Oracle's API reference. FOUND: seen in Oracle's own clients or answers.
//! INFERRED: our assumption.

use super::message::AgentMessage;
use super::request::AvailabilityStatus;
use crate::object::{default_object, wire_object};
use crate::vocabulary::Role;
use crate::{
    AccountId, ChatSystemError, ClientId, ClientSendTime, EngagementId, Secret, SequenceNumber,
    ServiceTime, WireValue,
};

wire_object! {
    /// The members that every response of the agent API has, except the response to `getMessages`: values that the server
    /// repeats from the request, the times of processing, and an error. (PAGE 000, 002, 003.)
    pub struct AgentEcho {
        /// The error, also in a response with the status 200. It is `null` on success. (PAGE 000, 002, 003.)
        pub chat_system_error: Option<ChatSystemError> = nullable "chatSystemError",
        /// When the server received the request, in ms since 1970, according to PAGE 003. The sample on that page
        /// contradicts this: the time is almost three years before `serviceStartTime`.
        pub client_send_time: Option<ClientSendTime> = maybe "clientSendTime",
        /// When the server began to process the request.
        pub service_start_time: Option<ServiceTime> = maybe "serviceStartTime",
        /// When the server finished processing the request.
        pub service_finish_time: Option<ServiceTime> = maybe "serviceFinishTime",
        /// The id of the agent session. It can differ from the id in the header of the request. The client keeps using the
        /// id from the response to `createAutomatedAgentSession`.
        pub session_id: Option<Secret> = maybe "sessionId",
        /// The agent's client id in this agent session.
        pub client_id: Option<ClientId> = maybe_twin "clientId",
        /// The sequence number of the request.
        pub sequence_number: Option<SequenceNumber> = maybe_twin "sequenceNumber",
    }
}
default_object!(AgentEcho);

wire_object! {
    /// Response to the operations that return no result: `setInteractionStatus`, `releaseChat`, `setEngagementProperty`,
    /// `rerouteEngagement` and `logoff` (all INFERRED).
    pub struct AgentResponse {
        /// The members that every response except that of `getMessages` has.
        pub echo: AgentEcho = flat,
    }
}
default_object!(AgentResponse);

wire_object! {
    /// Result of `createAutomatedAgentSession`. FOUND: that there is such a result. The reference lists no members that we
    /// could read.
    pub struct ChatLogonResult {}
}

wire_object! {
    /// Response to `createAutomatedAgentSession` (FOUND). The client sends its `sessionId` in the header `X-JSESSIONID` of
    /// all later requests.
    pub struct CreateAutomatedAgentSessionResponse {
        /// The result. INFERRED: the name of the member.
        pub chat_logon_result: Option<ChatLogonResult> = nullable "chatLogonResult",
        /// The members that every response except that of `getMessages` has.
        pub echo: AgentEcho = flat,
    }
}

wire_object! {
    /// Result of `setActivityStatus`. FOUND: that there is such a result. INFERRED: its member.
    pub struct ChatActivityStatusChangeResult {
        /// The agent's status after the request.
        pub status: Option<AvailabilityStatus> = maybe "status",
    }
}

wire_object! {
    /// Response to `setActivityStatus` (FOUND).
    pub struct SetActivityStatusResponse {
        /// The result. INFERRED: the name of the member.
        pub chat_activity_status_change_result: Option<ChatActivityStatusChangeResult> =
            nullable "chatActivityStatusChangeResult",
        /// The members that every response except that of `getMessages` has.
        pub echo: AgentEcho = flat,
    }
}

wire_object! {
    /// A participant of an engagement, in the answer to `assignmentAcknowledgement`. FOUND: the name of the type.
    /// INFERRED: all members.
    pub struct ChatClientInfo {
        /// The participant's client id.
        pub client_id: Option<ClientId> = maybe_twin "clientId",
        /// The participant's name.
        pub name: Option<String> = maybe "name",
        /// The participant's role.
        pub role: Option<Role> = maybe "role",
        /// The id of the participant's account, if the participant is an agent.
        pub account_id: Option<AccountId> = maybe_twin "accountId",
    }
}

wire_object! {
    /// Result of `assignmentAcknowledgement` (FOUND).
    pub struct ChatAssignmentAcknowledgementResult {
        /// The participants of the engagement. It is empty after a decision that is no acceptance (INFERRED).
        #[cfg_attr(test, proptest(strategy = "crate::tests::few()"))]
        pub client_list: Vec<ChatClientInfo> = defaulted "clientList",
    }
}

wire_object! {
    /// Response to `assignmentAcknowledgement` (FOUND).
    pub struct AssignmentAcknowledgementResponse {
        /// The result, which lists the participants.
        pub chat_assignment_acknowledgement_result: Option<ChatAssignmentAcknowledgementResult> =
            nullable "chatAssignmentAcknowledgementResult",
        /// The members that every response except that of `getMessages` has.
        pub echo: AgentEcho = flat,
    }
}

default_object!(
    ChatLogonResult,
    CreateAutomatedAgentSessionResponse,
    ChatActivityStatusChangeResult,
    SetActivityStatusResponse,
    ChatClientInfo,
    ChatAssignmentAcknowledgementResult,
    AssignmentAcknowledgementResponse,
);

wire_object! {
    /// Result of `requestAssignment` (PAGE 000).
    pub struct ChatRequestAssignmentResult {
        /// Whether the server assigned an engagement at once. False is not an error: if the server assigns an engagement
        /// later, `getMessages` returns the assignment.
        pub assignment_made: bool = defaulted "assignmentMade",
    }
}

wire_object! {
    /// Response to `requestAssignment` (PAGE 000).
    pub struct RequestAssignmentResponse {
        /// The result, which states whether the server assigned an engagement at once.
        pub chat_request_assignment_result: Option<ChatRequestAssignmentResult> =
            nullable "chatRequestAssignmentResult",
        /// The members that every response except that of `getMessages` has.
        pub echo: AgentEcho = flat,
    }
}
default_object!(RequestAssignmentResponse);

/// The member `clientReset`. On PAGE 003 it is an int32 in the schema and the text `"0"` in the example. Both forms are
/// read, and the text is written.
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
    /// Result of `postMessage` (PAGE 003).
    pub struct ChatPostResult {
        /// Whether the client has to reset itself; 0 means no. In the protocol that preceded this API, 2 meant that the
        /// agent did not poll.
        pub client_reset: ClientReset = defaulted "clientReset",
    }
}

wire_object! {
    /// Response to `postMessage` (PAGE 003).
    pub struct PostMessageResponse {
        /// The result, which states whether the client has to reset itself.
        pub chat_post_result: Option<ChatPostResult> = nullable "chatPostResult",
        /// The members that every response except that of `getMessages` has.
        pub echo: AgentEcho = flat,
    }
}
default_object!(PostMessageResponse);

wire_object! {
    /// Result of `concludeChat` (PAGE 002).
    pub struct ChatConcludeEngagementResult {
        /// The id of the engagement that was concluded.
        pub engagement_id: Option<EngagementId> = maybe_twin "engagementId",
    }
}

wire_object! {
    /// Response to `concludeChat` (PAGE 002).
    pub struct ConcludeEngagementResponse {
        /// The result, which names the concluded engagement.
        pub chat_conclude_engagement_result: Option<ChatConcludeEngagementResult> =
            nullable "chatConcludeEngagementResult",
        /// The members that every response except that of `getMessages` has.
        pub echo: AgentEcho = flat,
    }
}
default_object!(ConcludeEngagementResponse);

wire_object! {
    /// Response to `getMessages` (PAGE 004). Unlike the other responses it has ISO times and no `chatSystemError`.
    pub struct GetMessagesResponse {
        /// The agent's client id in this agent session.
        pub client_id: Option<ClientId> = maybe_twin "clientId",
        /// The sequence number of the request.
        pub sequence_number: Option<SequenceNumber> = maybe_twin "sequenceNumber",
        /// The id of the agent session.
        pub session_id: Option<Secret> = maybe "sessionId",
        /// When the client sent the request, in ms since 1970. If the server does not know the time, the JSON has the
        /// text `"null"`.
        pub client_send_time: ClientSendTime = defaulted "clientSendTime",
        /// When the server sent the response, in ms since 1970.
        pub response_sent_milliseconds: Option<i64> = maybe_twin "responseSentMilliseconds",
        /// When the server began to process the request, as ISO text.
        pub service_start_time: Option<ServiceTime> = maybe "serviceStartTime",
        /// When the server finished processing the request, as ISO text.
        pub service_finish_time: Option<ServiceTime> = maybe "serviceFinishTime",
        /// Whether one of the messages is a `ChatDisconnectNotification`.
        pub contains_disconnect: bool = defaulted "containsDisconnect",
        /// The messages. If none arrived within 30 s, the list contains a single `ChatGetTimeout`.
        #[cfg_attr(test, proptest(strategy = "crate::tests::few()"))]
        pub get_response_types: Vec<AgentMessage> = defaulted "getResponseTypes",
    }
}
default_object!(GetMessagesResponse);
