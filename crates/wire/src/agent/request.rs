//! The request bodies of the agent API. An *engagement* is one chat at the server.
//!
//! The module `object` defines three macros that are used below. `wire_object!` declares a JSON object; the word before
//! the JSON name of each member, such as `maybe`, is the member's *mode*. `wire_enum!` declares an enum whose values are
//! texts, and adds a variant `Unknown` for all other texts. `default_object!` implements `Default`. The modes in short:
//! `required` must be present; `maybe` may be absent; `nullable` may be absent and is written as `null` if it has no
//! value; and `flat` means that the members of the type stand directly in this object. The attribute `proptest` tells
//! the property tests which values to generate for a member.
//!
//! PAGE nnn: documented on that page of Oracle's API reference. FOUND: seen in Oracle's own clients or answers.
//! INFERRED: our assumption.

use crate::object::{TextMap, default_object, wire_enum, wire_object};
use crate::vocabulary::{ActivityMode, SneakPreviewState};
use crate::{EngagementId, Fields, SequenceNumber};

wire_object! {
    /// The members that every request of the agent API has (PAGE 000, 002, 003, 004). A `getMessages` request has no
    /// other members (PAGE 004).
    pub struct AgentRequest {
        /// When the request was made, in ms since 1970.
        pub time_created: Option<i64> = maybe "timeCreated",
        /// The number of the request in its session. The agent's client increases it with each request.
        pub sequence_number: Option<SequenceNumber> = maybe "sequenceNumber",
    }
}
default_object!(AgentRequest);

wire_object! {
    /// Request body of `createAutomatedAgentSession` (FOUND).
    pub struct CreateAutomatedAgentSessionRequest {
        /// True if the new session replaces an older session of the same account. `None` means false.
        pub logon_override: Option<bool> = maybe "logonOverride",
        /// Keys and values that are stored with the session.
        #[cfg_attr(test, proptest(strategy = "crate::tests::maybe_texts()"))]
        pub message_data_map: Option<TextMap> = maybe "messageDataMap",
        /// The members that every request has: its time and its number.
        pub agent: AgentRequest = flat,
    }
}
default_object!(CreateAutomatedAgentSessionRequest);

wire_enum! {
    /// Whether an agent accepts engagements (FOUND).
    pub enum AvailabilityStatus {
        /// The value is not set. INFERRED: the status stays as it is.
        None = "NONE",
        /// The agent accepts engagements.
        Available = "AVAILABLE",
        /// The agent accepts no engagements.
        Unavailable = "UNAVAILABLE",
    }
}

wire_object! {
    /// Request body of `setActivityStatus` (FOUND).
    pub struct SetActivityStatusRequest {
        /// Whether the agent accepts engagements.
        pub status: AvailabilityStatus = required "status",
        /// The id of the site's own word for the status, such as *lunch*. The server requires it, so `None` is for
        /// readers only. 0 means that the agent has chosen no such word (INFERRED).
        pub sub_type_id: Option<i32> = maybe "subTypeId",
        /// The members that every request has: its time and its number.
        pub agent: AgentRequest = flat,
    }
}

wire_object! {
    /// Request body of `requestAssignment` (PAGE 000).
    pub struct RequestAssignmentRequest {
        /// True if the agent asks for an engagement; false if the agent wants no further engagements.
        pub assignment_requested: bool = required "assignmentRequested",
        /// The number of the agent's current engagements in which nothing happens.
        pub idle_session_count: i32 = required "idleSessionCount",
        /// The number of engagements that the agent accepts at the same time.
        pub max_session_count: i32 = required "maxSessionCount",
        /// The members that every request has: its time and its number.
        pub agent: AgentRequest = flat,
    }
}

wire_enum! {
    /// The agent's decision about an assignment, which is the offer of an engagement, or about the agent's own availability
    /// (FOUND).
    pub enum AssignmentAction {
        /// The value is not set.
        None = "NONE",
        /// The agent accepts the engagement.
        Accept = "ACCEPT",
        /// The agent declines the engagement.
        Decline = "DECLINE",
        /// The agent is not available. INFERRED: the agent also declines the engagement.
        Unavailable = "UNAVAILABLE",
        /// The agent is available again. INFERRED: this does not answer an offer.
        Available = "AVAILABLE",
    }
}

wire_enum! {
    /// Who decided about the assignment (FOUND).
    pub enum AssignmentActionType {
        /// The value is not set.
        None = "NONE",
        /// The agent.
        Manual = "MANUAL",
        /// The agent's console, without asking the agent.
        Auto = "AUTO",
    }
}

wire_enum! {
    /// The role that an assignment offers to the agent (FOUND).
    pub enum AssignmentType {
        /// The value is not set.
        None = "NONE",
        /// The agent joins the lead (the agent who is responsible for the engagement).
        Conference = "CONFERENCE",
        /// The agent becomes the lead.
        Lead = "LEAD",
        /// The agent becomes the lead, in place of an agent who transfers the engagement.
        Transfer = "TRANSFER",
        /// The agent reads the chat and does not write.
        Monitor = "MONITOR",
    }
}

wire_object! {
    /// Request body of `assignmentAcknowledgement` (FOUND).
    pub struct AssignmentAcknowledgementRequest {
        /// The agent's decision.
        pub action: AssignmentAction = required "action",
        /// Whether the agent or the console decided.
        pub action_type: AssignmentActionType = required "actionType",
        /// The role that the assignment offered.
        pub assignment_type: AssignmentType = required "assignmentType",
        /// The id of the engagement that was offered.
        pub engagement_id: EngagementId = required "engagementId",
        /// The members that every request has: its time and its number.
        pub agent: AgentRequest = flat,
    }
}

wire_enum! {
    /// The kind of a message's destination or sender (PAGE 003).
    pub enum DestinationType {
        /// The value is not set.
        None = "NONE",
        /// One agent.
        Agent = "AGENT",
        /// One visitor.
        EndUser = "END_USER",
        /// An engagement with all its participants.
        Engagement = "ENGAGEMENT",
        /// A group of agents.
        Group = "GROUP",
        /// All agents with one profile, which is a set of permissions.
        Profile = "PROFILE",
        /// A queue.
        Queue = "QUEUE",
        /// The subscribers of statistics about agents.
        SubscriptionAgentStats = "SUBSCRIPTION_AGENT_STATS",
        /// The subscribers of statistics about agents, by group.
        SubscriptionAgentStatsByGroup = "SUBSCRIPTION_AGENT_STATS_BY_GROUP",
        /// The subscribers of statistics about agents, by queue.
        SubscriptionAgentStatsByQueue = "SUBSCRIPTION_AGENT_STATS_BY_QUEUE",
        /// The subscribers of statistics about groups.
        SubscriptionAgentGroupStats = "SUBSCRIPTION_AGENT_GROUP_STATS",
        /// The subscribers of statistics about engagements.
        SubscriptionEngagementStats = "SUBSCRIPTION_ENGAGEMENT_STATS",
        /// The subscribers of statistics about engagements, by queue.
        SubscriptionEngagementStatsByQueue = "SUBSCRIPTION_ENGAGEMENT_STATS_BY_QUEUE",
        /// The subscribers of statistics about engagements, by agent.
        SubscriptionEngagementStatsByAgent = "SUBSCRIPTION_ENGAGEMENT_STATS_BY_AGENT",
        /// The subscribers of statistics about queues.
        SubscriptionQueueStats = "SUBSCRIPTION_QUEUE_STATS",
        /// The server.
        System = "SYSTEM",
        /// The queue that spans all channels.
        UniversalQueue = "UNIVERSAL_QUEUE",
        /// The API's own value UNKNOWN. (`Unknown` holds texts that are not in this list.)
        UnknownDestination = "UNKNOWN",
    }
}

wire_enum! {
    /// The participants who may see a message (PAGE 003).
    pub enum Visibility {
        /// No participant.
        None = "NONE",
        /// All participants.
        All = "ALL",
        /// All participants except the visitor.
        NotEnduser = "NOT_ENDUSER",
    }
}

wire_enum! {
    /// The kind of a posted message (PAGE 003).
    pub enum MessageType {
        /// A text.
        Text = "TEXT",
    }
}

wire_object! {
    /// Request body of `postMessage` (PAGE 003).
    pub struct PostMessageRequest {
        /// The text of the message.
        pub body: String = required "body",
        /// The id of the destination. If the destination is an engagement, this is the engagement id.
        pub destination_id: i64 = required "destinationId",
        /// What `destination_id` identifies, for example an engagement or an agent.
        pub destination_type: DestinationType = required "destinationType",
        /// The kind of the message. PAGE 003 lists only the value TEXT.
        pub message_type: MessageType = required "messageType",
        /// The participants who may see the message. If it is `None`, the member is left out.
        pub visibility: Option<Visibility> = maybe "visibility",
        /// An id of the message, which the client chooses.
        pub message_id: Option<String> = maybe "messageId",
        /// True if `body` is HTML. The sample of PAGE 003 has `null` for plain text, and `None` is written as `null`.
        pub rich_text: Option<bool> = nullable "richText",
        /// Keys and values that are stored with the message. The sample of PAGE 003 has `null`, and `None` is written as
        /// `null`.
        #[cfg_attr(test, proptest(strategy = "crate::tests::maybe_texts()"))]
        pub message_data_map: Option<TextMap> = nullable "messageDataMap",
        /// The members that every request has: its time and its number.
        pub agent: AgentRequest = flat,
    }
}

impl PostMessageRequest {
    /// The body for a plain text that all participants of an engagement may see.
    pub fn plain_text(engagement: EngagementId, body: String, agent: AgentRequest) -> Self {
        Self {
            body,
            destination_id: engagement.0,
            destination_type: DestinationType::Engagement,
            message_type: MessageType::Text,
            visibility: Some(Visibility::All),
            message_id: None,
            rich_text: None,
            message_data_map: None,
            agent,
            unknown: Fields::default(),
        }
    }
}

wire_object! {
    /// Request body of `setInteractionStatus` (FOUND).
    pub struct SetInteractionStatusRequest {
        /// The agent's client id, which identifies the agent's connection to the server from logon to logoff.
        pub client_id: i64 = required "clientId",
        /// The id of the engagement that the report is about.
        pub engagement_id: EngagementId = required "engagementId",
        /// What the agent is doing.
        pub mode: ActivityMode = required "mode",
        /// The *sneak preview*: the text that the agent has typed and not sent. In the consumer API (the visitor's
        /// side), the request `activity` has the member `sneakPreviewText` for the visitor's text.
        pub sneak_preview: Option<String> = maybe "sneakPreview",
        /// Whether the agent is looking at this chat. `None` means false.
        pub sneak_preview_focus: Option<bool> = maybe "sneakPreviewFocus",
        /// The minimum time between two sneak previews, in ms.
        pub sneak_preview_interval: Option<i32> = maybe "sneakPreviewInterval",
        /// Whether the sneak preview is enabled.
        pub sneak_preview_state: Option<SneakPreviewState> = maybe "sneakPreviewState",
        /// The participants who may see the report. `None` means all.
        pub visibility: Option<Visibility> = maybe "visibility",
        /// The members that every request has: its time and its number.
        pub agent: AgentRequest = flat,
    }
}

wire_object! {
    /// Request body of `concludeChat` (PAGE 002, there called `ConcludeEngagementRequest`), and of `releaseChat` and
    /// `rerouteEngagement` (both FOUND).
    pub struct EngagementRequest {
        /// The id of the engagement to conclude, release or reroute.
        pub engagement_id: EngagementId = required "engagementId",
        /// The members that every request has: its time and its number.
        pub agent: AgentRequest = flat,
    }
}

impl EngagementRequest {
    /// The body that names this engagement.
    pub fn new(engagement_id: EngagementId, agent: AgentRequest) -> Self {
        Self {
            engagement_id,
            agent,
            unknown: Fields::default(),
        }
    }
}

wire_object! {
    /// Request body of `logoff`. FOUND: the name of the operation, and the member `forceLogoff` in a sample.
    pub struct LogoffRequest {
        /// True if the agent is logged off even while engagements are open.
        pub force_logoff: Option<bool> = maybe "forceLogoff",
        /// The members that every request has: its time and its number.
        pub agent: AgentRequest = flat,
    }
}
default_object!(LogoffRequest);
