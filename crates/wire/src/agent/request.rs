//! The request bodies of the agent API.

use std::collections::BTreeMap;

use crate::object::{default_object, wire_enum, wire_object};
use crate::vocabulary::ActivityMode;
use crate::{EngagementId, SequenceNumber};

wire_object! {
    /// The members that every request of the agent API has. PAGE 000, 002, 003, 004. They are also the whole
    /// body of `getMessages` (PAGE 004).
    pub struct AgentRequest {
        /// When the request was made, in ms since 1970.
        pub time_created: Option<i64> = maybe "timeCreated",
        /// The number that the client gives the request. It increases with each request.
        pub sequence_number: Option<SequenceNumber> = maybe "sequenceNumber",
    }
}
default_object!(AgentRequest);

wire_object! {
    /// Body of `createAutomatedAgentSession`. FOUND.
    pub struct CreateAutomatedAgentSessionRequest {
        /// True if this session replaces an older session of the account. Default false.
        pub logon_override: Option<bool> = maybe "logonOverride",
        /// Keys and values that are stored with the session.
        #[cfg_attr(test, proptest(strategy = "crate::tests::maybe_texts()"))]
        pub message_data_map: Option<BTreeMap<String, String>> = maybe "messageDataMap",
        /// When the request was made, and its number.
        pub agent: AgentRequest = flat,
    }
}
default_object!(CreateAutomatedAgentSessionRequest);

wire_enum! {
    /// Whether an agent accepts engagements. The operation is FOUND, its values INFERRED.
    pub enum AvailabilityStatus {
        /// The agent accepts engagements.
        Available = "AVAILABLE",
        /// The agent accepts no engagements.
        Unavailable = "UNAVAILABLE",
    }
}

wire_object! {
    /// Body of `setActivityStatus`. The operation is FOUND, its members INFERRED.
    pub struct SetActivityStatusRequest {
        /// Whether the agent accepts engagements.
        pub status: AvailabilityStatus = required "status",
        /// When the request was made, and its number.
        pub agent: AgentRequest = flat,
    }
}

wire_object! {
    /// Body of `requestAssignment`. PAGE 000.
    pub struct RequestAssignmentRequest {
        /// Whether the agent wants an engagement.
        pub assignment_requested: bool = required "assignmentRequested",
        /// The number of the agent's engagements that are idle.
        pub idle_session_count: i32 = required "idleSessionCount",
        /// The number of engagements that the agent accepts at the same time.
        pub max_session_count: i32 = required "maxSessionCount",
        /// When the request was made, and its number.
        pub agent: AgentRequest = flat,
    }
}

wire_enum! {
    /// The answer to an assignment. FOUND.
    pub enum AssignmentAction {
        /// Not set.
        None = "NONE",
        /// The agent accepts the engagement.
        Accept = "ACCEPT",
        /// The agent declines the engagement.
        Decline = "DECLINE",
        /// The agent is not available.
        Unavailable = "UNAVAILABLE",
        /// The agent is available.
        Available = "AVAILABLE",
    }
}

wire_enum! {
    /// Who answered the assignment. FOUND.
    pub enum AssignmentActionType {
        /// Not set.
        None = "NONE",
        /// The agent.
        Manual = "MANUAL",
        /// The console, without the agent.
        Auto = "AUTO",
    }
}

wire_enum! {
    /// The role that an assignment offers to the agent. FOUND.
    pub enum AssignmentType {
        /// Not set.
        None = "NONE",
        /// A second agent beside the lead.
        Conference = "CONFERENCE",
        /// The lead.
        Lead = "LEAD",
        /// The lead, in place of the agent who transfers the engagement.
        Transfer = "TRANSFER",
        /// An observer who reads the chat.
        Monitor = "MONITOR",
    }
}

wire_object! {
    /// Body of `assignmentAcknowledgement`. FOUND.
    pub struct AssignmentAcknowledgementRequest {
        /// The agent's answer to the assignment.
        pub action: AssignmentAction = required "action",
        /// Whether the agent or the console answered.
        pub action_type: AssignmentActionType = required "actionType",
        /// The role that the assignment offered.
        pub assignment_type: AssignmentType = required "assignmentType",
        /// The engagement that was offered.
        pub engagement_id: EngagementId = required "engagementId",
        /// When the request was made, and its number.
        pub agent: AgentRequest = flat,
    }
}

wire_enum! {
    /// The kind of a destination or sender of a message. PAGE 003.
    pub enum DestinationType {
        /// Not set.
        None = "NONE",
        /// One agent.
        Agent = "AGENT",
        /// One visitor.
        EndUser = "END_USER",
        /// All participants of an engagement.
        Engagement = "ENGAGEMENT",
        /// A group of agents.
        Group = "GROUP",
        /// A profile of agents.
        Profile = "PROFILE",
        /// A queue.
        Queue = "QUEUE",
        /// Subscribers of the figures of agents.
        SubscriptionAgentStats = "SUBSCRIPTION_AGENT_STATS",
        /// Subscribers of the figures of agents, by group.
        SubscriptionAgentStatsByGroup = "SUBSCRIPTION_AGENT_STATS_BY_GROUP",
        /// Subscribers of the figures of agents, by queue.
        SubscriptionAgentStatsByQueue = "SUBSCRIPTION_AGENT_STATS_BY_QUEUE",
        /// Subscribers of the figures of groups.
        SubscriptionAgentGroupStats = "SUBSCRIPTION_AGENT_GROUP_STATS",
        /// Subscribers of the figures of engagements.
        SubscriptionEngagementStats = "SUBSCRIPTION_ENGAGEMENT_STATS",
        /// Subscribers of the figures of engagements, by queue.
        SubscriptionEngagementStatsByQueue = "SUBSCRIPTION_ENGAGEMENT_STATS_BY_QUEUE",
        /// Subscribers of the figures of engagements, by agent.
        SubscriptionEngagementStatsByAgent = "SUBSCRIPTION_ENGAGEMENT_STATS_BY_AGENT",
        /// Subscribers of the figures of queues.
        SubscriptionQueueStats = "SUBSCRIPTION_QUEUE_STATS",
        /// The server.
        System = "SYSTEM",
        /// The queue that spans all channels.
        UniversalQueue = "UNIVERSAL_QUEUE",
        /// The page's own value UNKNOWN; texts outside the list are `Unknown`.
        UnknownDestination = "UNKNOWN",
    }
}

wire_enum! {
    /// Who may see a message. PAGE 003.
    pub enum Visibility {
        /// Nobody.
        None = "NONE",
        /// All participants.
        All = "ALL",
        /// All participants except the visitor.
        NotEnduser = "NOT_ENDUSER",
    }
}

wire_enum! {
    /// The kind of a posted message. PAGE 003.
    pub enum MessageType {
        /// A text.
        Text = "TEXT",
    }
}

wire_object! {
    /// Body of `postMessage`. PAGE 003.
    pub struct PostMessageRequest {
        /// The text of the message.
        pub body: String = required "body",
        /// The id of the destination; for an engagement, the engagement id.
        pub destination_id: i64 = required "destinationId",
        /// What kind of thing `destination_id` identifies.
        pub destination_type: DestinationType = required "destinationType",
        /// The kind of the message; always TEXT.
        pub message_type: MessageType = required "messageType",
        /// Who may see the message.
        pub visibility: Option<Visibility> = maybe "visibility",
        /// An id that the client chooses.
        pub message_id: Option<String> = maybe "messageId",
        /// True if the body is HTML; otherwise `null` on the page.
        pub rich_text: Option<bool> = nullable "richText",
        /// Keys and values that are stored with the message; `null` on the page if there are none.
        #[cfg_attr(test, proptest(strategy = "crate::tests::maybe_texts()"))]
        pub message_data_map: Option<BTreeMap<String, String>> = nullable "messageDataMap",
        /// When the request was made, and its number.
        pub agent: AgentRequest = flat,
    }
}

wire_object! {
    /// Body of `setInteractionStatus`. FOUND.
    pub struct SetInteractionStatusRequest {
        /// The client id of the agent.
        pub client_id: i64 = required "clientId",
        /// The engagement in which the agent does this.
        pub engagement_id: EngagementId = required "engagementId",
        /// What the agent is doing.
        pub mode: ActivityMode = required "mode",
        /// What the agent has typed. (The consumer API calls it `sneakPreviewText`.)
        pub sneak_preview: Option<String> = maybe "sneakPreview",
        /// Whether the agent is looking at this chat. Default false.
        pub sneak_preview_focus: Option<bool> = maybe "sneakPreviewFocus",
        /// The minimum time between two sneak previews, in ms.
        pub sneak_preview_interval: Option<i32> = maybe "sneakPreviewInterval",
        /// When the request was made, and its number.
        pub agent: AgentRequest = flat,
    }
}

wire_object! {
    /// Body of `concludeChat` (PAGE 002, there called `ConcludeEngagementRequest`) and of
    /// `releaseChat` (FOUND).
    pub struct EngagementRequest {
        /// The engagement to conclude or release.
        pub engagement_id: EngagementId = required "engagementId",
        /// When the request was made, and its number.
        pub agent: AgentRequest = flat,
    }
}

wire_object! {
    /// Body of `logoff`. The operation is FOUND by name, its member in a sample.
    pub struct LogoffRequest {
        /// True if the agent logs off even though engagements are open.
        pub force_logoff: Option<bool> = maybe "forceLogoff",
        /// When the request was made, and its number.
        pub agent: AgentRequest = flat,
    }
}
default_object!(LogoffRequest);
