//! The payloads of the events that the web page receives, as Rust values. Each payload becomes a plain JavaScript
//! object. `npm/contract.ts` declares the types of these objects. The ids become texts, because a JavaScript number
//! cannot hold every 64-bit number.

use std::rc::Rc;

use pipit_engine::{
    Agent, Connection, Conversation, Entry, EntryId, Failure, PostFailure, SessionRefused, Wait,
};
use pipit_wire::EngagementId;
use pipit_wire::WireValue as _;
use pipit_wire::vocabulary::{ActivityMode, DisconnectReason};

use crate::js_object::JsObject;
use crate::page_error::FailureCode;

/// The payload of an event.
pub(crate) trait EventPayload {
    /// The payload as the web page receives it.
    fn to_object(&self) -> JsObject;
}

/// The payload of an event that has nothing to add to its name: an empty object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NoPayload;

/// The agent who leads the conversation when it starts; `None` if the server has not named an agent yet.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LeadAgent(pub(crate) Option<Agent>);

/// How a conversation ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ChatEnd {
    pub(crate) reason: DisconnectReason,
    /// The server's number for the chat that ended.
    pub(crate) engagement_id: EngagementId,
}

/// A message of the visitor or of an agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MessageText {
    pub(crate) id: EntryId,
    pub(crate) text: Rc<str>,
    /// The time of the message in ms since 1970.
    pub(crate) at: i64,
}

/// A message of an agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AgentMessage {
    pub(crate) message: MessageText,
    /// The agent's name; empty if the server sent no name.
    pub(crate) name: Rc<str>,
    /// Whether the server marks the text as HTML.
    pub(crate) is_html: bool,
}

/// A message of the visitor that did not arrive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FailedMessage {
    pub(crate) message: MessageText,
    pub(crate) reason: PostFailure,
}

/// The number of agents' messages and files that the visitor has not seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct UnreadCount(pub(crate) u32);

/// Whether the server can be reached: not known, yes, or no. `None` if no conversation runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ConnectionStatus(pub(crate) Option<Connection>);

impl MessageText {
    /// The payload for an entry of the transcript. `text` is the entry's text.
    pub(crate) fn of(entry: &Entry, text: &Rc<str>) -> Self {
        Self {
            id: entry.id,
            text: text.clone(),
            at: entry.at,
        }
    }
}

impl ConnectionStatus {
    /// The status of a conversation.
    pub(crate) fn of(conversation: &Conversation) -> Self {
        let is_live = conversation.phase.is_live();
        Self(is_live.then_some(conversation.connection))
    }

    /// The status as the web page reads it.
    pub(crate) fn as_str(self) -> &'static str {
        match self.0 {
            None => "none",
            Some(Connection::Asking) => "asking",
            Some(Connection::Connected) => "connected",
            Some(Connection::Lost) => "lost",
        }
    }
}

impl EventPayload for NoPayload {
    fn to_object(&self) -> JsObject {
        JsObject::new()
    }
}

impl EventPayload for Wait {
    fn to_object(&self) -> JsObject {
        JsObject::new()
            .with_some("position", self.position)
            .with_some("expectedSeconds", self.expected_seconds)
            .with_some("averageSeconds", self.average_seconds)
    }
}

impl EventPayload for Agent {
    fn to_object(&self) -> JsObject {
        let activity = match &self.activity {
            ActivityMode::Away => "away",
            ActivityMode::Listening => "listening",
            ActivityMode::Researching => "researching",
            ActivityMode::Responding => "responding",
            // The agent has no activity, or an activity that Pipit does not know.
            _ => "none",
        };
        JsObject::new()
            .with("id", self.client_id.0.to_string())
            .with("name", &*self.name)
            .with("activity", activity)
            .with("isVirtual", self.is_virtual)
    }
}

impl EventPayload for LeadAgent {
    fn to_object(&self) -> JsObject {
        JsObject::new().with_some("agent", self.0.as_ref().map(Agent::to_object))
    }
}

impl EventPayload for ChatEnd {
    fn to_object(&self) -> JsObject {
        // `write` gives the name of the reason in the chat API.
        JsObject::new()
            .with("reason", self.reason.write().as_str().unwrap_or_default())
            .with("engagementId", self.engagement_id.0.to_string())
    }
}

impl EventPayload for MessageText {
    #[allow(clippy::cast_precision_loss, reason = "exact up to the year 287396")]
    fn to_object(&self) -> JsObject {
        JsObject::new()
            .with("id", self.id.0.to_string())
            .with("text", &*self.text)
            .with("at", self.at as f64)
    }
}

impl EventPayload for AgentMessage {
    fn to_object(&self) -> JsObject {
        self.message
            .to_object()
            .with("name", &*self.name)
            .with("isHtml", self.is_html)
    }
}

impl EventPayload for FailedMessage {
    fn to_object(&self) -> JsObject {
        let reason = match self.reason {
            PostFailure::LeadLeft => "lead-left",
            PostFailure::TakenForAbuse => "taken-for-abuse",
            PostFailure::Refused => "refused",
            PostFailure::ConversationEnded => "over",
        };
        self.message.to_object().with("reason", reason)
    }
}

impl EventPayload for UnreadCount {
    fn to_object(&self) -> JsObject {
        JsObject::new().with("count", self.0)
    }
}

impl EventPayload for ConnectionStatus {
    fn to_object(&self) -> JsObject {
        JsObject::new().with("connection", self.as_str())
    }
}

impl EventPayload for FailureCode {
    fn to_object(&self) -> JsObject {
        JsObject::new().with("code", self.as_str())
    }
}

/// The code for the reason why a conversation did not start or was lost.
pub(crate) fn failure_code(failure: &Failure) -> FailureCode {
    match failure {
        Failure::NoSession(SessionRefused::NotConfigured) => FailureCode::SessionMissing,
        Failure::NoSession(SessionRefused::Unavailable) => FailureCode::SessionUnavailable,
        Failure::NoSession(SessionRefused::Unreadable(_)) => FailureCode::SessionUnreadable,
        Failure::NoAddress => FailureCode::AddressMissing,
        Failure::TokenRefused => FailureCode::SessionRejected,
        Failure::SessionLost => FailureCode::SessionLost,
        Failure::Dequeued => FailureCode::Dequeued,
        Failure::NotStarted(_) => FailureCode::NotStarted,
        Failure::TimedOut | Failure::Unreachable => FailureCode::Unreachable,
        Failure::Interrupted => FailureCode::Interrupted,
        Failure::BadRequest
        | Failure::NotFound
        | Failure::ServerError
        | Failure::UnexpectedStatus(_)
        | Failure::UnexpectedBody(_) => FailureCode::Server,
    }
}
