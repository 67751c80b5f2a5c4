//! One agent's session at the chat server, and the functions that add messages to the agent's stream. The *stream*
//! holds the messages that the agent's client has not fetched yet. An *engagement* is one chat at the server.
//!
//! PAGE nnn: documented on that page of Oracle's API reference. INFERRED: our assumption.

use pipit_wire::agent::{
    AgentEcho, AgentMessage, AgentRequest, ChatPostMessage, DestinationType, Envelope, Visibility,
};
use pipit_wire::{AccountId, ClientId, ClientSendTime, EngagementId, Fields, Secret, ServiceTime};

use crate::id_generator::SYSTEM_CLIENT;
use crate::message_stream::MessageStream;

/// The `messageType` of messages that carry no text. (INFERRED)
pub(crate) const NO_TEXT: &str = "NONE";

/// The session of an agent who is logged on.
#[derive(Debug)]
pub(crate) struct AgentSession {
    pub(crate) client: ClientId,
    pub(crate) account: AccountId,
    pub(crate) name: String,
    /// The session id that requests must give.
    id: Secret,
    /// The session id that answers show. It differs from the id in the request's header, as in the samples of Oracle's API
    /// reference.
    echoed_id: Secret,
    /// Whether the agent takes engagements. The agent sets this with `setActivityStatus`, or by the answer to an
    /// assignment.
    pub(crate) is_available: bool,
    /// The limits of the agent's latest `requestAssignment`; `None` while the agent wants no engagements.
    pub(crate) requested: Option<SessionLimits>,
    /// When an engagement was most recently offered to the agent, in ms since 1970; `None` if never. Of two agents with
    /// equal work, the one whose offer is older, or who never had an offer, gets the next engagement.
    pub(crate) last_offered_ms: Option<i64>,
    pub(crate) stream: MessageStream<AgentMessage>,
}

/// The limits of a `requestAssignment`. Their names in the request call an engagement a *session*. (PAGE 000)
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SessionLimits {
    /// `idleSessionCount`: this many of the agent's engagements do not count as work in the choice between agents.
    pub(crate) idle: usize,
    /// `maxSessionCount`: the highest number of engagements that may occupy the agent.
    pub(crate) max: usize,
}

/// What visitors see of an agent.
#[derive(Clone, Debug)]
pub(crate) struct AgentProfile {
    pub(crate) client: ClientId,
    pub(crate) account: AccountId,
    pub(crate) name: String,
    pub(crate) greeting: String,
}

impl AgentSession {
    /// Makes the session of an agent who is available and has not asked for engagements yet. The first id of the pair
    /// identifies the session in requests, and the second id is shown in answers.
    pub(crate) fn new(
        client: ClientId,
        account: AccountId,
        name: String,
        (id, echoed_id): (Secret, Secret),
        now: i64,
    ) -> Self {
        Self {
            client,
            account,
            name,
            id,
            echoed_id,
            is_available: true,
            requested: None,
            last_offered_ms: None,
            stream: MessageStream::new(now),
        }
    }

    /// Whether this session id and account identify the session. A request must give both.
    pub(crate) fn matches(&self, session_id: &str, account: AccountId) -> bool {
        self.id.reveal() == session_id && self.account == account
    }

    pub(crate) fn echoed_id(&self) -> &Secret {
        &self.echoed_id
    }

    /// The members that every answer to this agent has, except the answer to `getMessages`.
    pub(crate) fn echo(&self, request: &AgentRequest, now: i64) -> AgentEcho {
        AgentEcho {
            chat_system_error: None,
            // Without a time in the request this is the time at which the request arrived, as PAGE 003 describes the
            // member. Only the answer to `getMessages` shows the text `"null"` (PAGE 004).
            client_send_time: Some(ClientSendTime(Some(request.time_created.unwrap_or(now)))),
            service_start_time: Some(ServiceTime::EpochMillis(now)),
            service_finish_time: Some(ServiceTime::EpochMillis(now)),
            session_id: Some(self.echoed_id.clone()),
            client_id: Some(self.client),
            sequence_number: request.sequence_number,
            ..AgentEcho::default()
        }
    }

    /// Gives the session new ids and another name, ends its polls and begins its sequence numbers again. Returns the
    /// messages that the agent's former client has not fetched.
    pub(crate) fn take_over(
        &mut self,
        name: String,
        (id, echoed_id): (Secret, Secret),
    ) -> Vec<AgentMessage> {
        self.name = name;
        self.id = id;
        self.echoed_id = echoed_id;
        self.stream.end_all_polls();
        self.stream.restart()
    }

    /// Appends a message from the server to the agent's stream.
    pub(crate) fn push_from_server(
        &mut self,
        now: i64,
        message: impl FnOnce(Envelope) -> AgentMessage,
    ) {
        let envelope = Envelope {
            destination_id: Some(self.client.0),
            destination_type: Some(DestinationType::Agent),
            sender_id: Some(SYSTEM_CLIENT.0),
            sender_type: Some(DestinationType::System),
            message_type: Some(NO_TEXT.to_owned()),
            visibility: Some(Visibility::All),
            created_time: Some(now),
            ..Envelope::default()
        };
        self.push(envelope, message);
    }

    /// Appends the message that the function `message` builds from an envelope. That envelope is `envelope` with the
    /// next sequence number of the stream.
    pub(crate) fn push(
        &mut self,
        envelope: Envelope,
        message: impl FnOnce(Envelope) -> AgentMessage,
    ) {
        self.stream.push(|sequence_number| {
            message(Envelope {
                sequence_number: Some(sequence_number),
                ..envelope
            })
        });
    }

    /// Appends a text message of the server about an engagement. (INFERRED)
    pub(crate) fn push_notice(&mut self, about: EngagementId, text: &str, now: i64) {
        let text = text.to_owned();
        self.push_from_server(now, |envelope| {
            AgentMessage::ChatPostMessage(Box::new(ChatPostMessage {
                body: text,
                va_response: Some(String::new()),
                off_the_record: Some(false),
                rich_text: Some(false),
                message_data_map: None,
                message_id: Some(String::new()),
                envelope: Envelope {
                    destination_id: Some(about.0),
                    destination_type: Some(DestinationType::Engagement),
                    message_type: Some("TEXT".to_owned()),
                    ..envelope
                },
                unknown: Fields::default(),
            }))
        });
    }

    /// Appends a message that was taken out of the stream, with the next sequence number.
    pub(crate) fn push_again(&mut self, mut message: AgentMessage) {
        self.stream.push(|sequence_number| {
            let envelope = match &mut message {
                AgentMessage::ChatActivitySignal(content) => Some(&mut content.envelope),
                AgentMessage::ChatConfigChangeNotification(content) => Some(&mut content.envelope),
                AgentMessage::ChatDisconnectNotification(content) => Some(&mut content.envelope),
                AgentMessage::ChatEngagementAssignment(content) => Some(&mut content.envelope),
                AgentMessage::ChatEngagementParticipantAdded(content) => {
                    Some(&mut content.envelope)
                }
                AgentMessage::ChatPostMessage(content) => Some(&mut content.envelope),
                AgentMessage::ChatGetTimeout(_)
                | AgentMessage::ChatSystemError(_)
                | AgentMessage::Unknown(_) => None,
            };
            if let Some(envelope) = envelope {
                envelope.sequence_number = Some(sequence_number);
            }
            message
        });
    }

    /// Appends a text message to the agent's stream, with the next sequence number.
    pub(crate) fn push_message_posted(&mut self, message: &ChatPostMessage) {
        self.push(message.envelope.clone(), |envelope| {
            AgentMessage::ChatPostMessage(Box::new(ChatPostMessage {
                envelope,
                ..message.clone()
            }))
        });
    }
}
