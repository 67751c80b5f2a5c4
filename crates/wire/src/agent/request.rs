//! What the agent asks.

use std::collections::BTreeMap;

use crate::object::{default_object, wire_enum, wire_object};
use crate::vocabulary::ActivityMode;
use crate::{EngagementId, SequenceNumber};

wire_object! {
    /// What every request of the agent carries. PAGE 000, 002, 003, 004. It is also the whole body
    /// of `getMessages` (PAGE 004).
    pub struct AgentRequest {
        /// When the request was made, in ms since 1970.
        pub time_created: Option<i64> = maybe "timeCreated",
        /// The client's own count of its requests.
        pub sequence_number: Option<SequenceNumber> = maybe "sequenceNumber",
    }
}
default_object!(AgentRequest);

wire_object! {
    /// Body of `createAutomatedAgentSession`. FOUND.
    pub struct CreateAutomatedAgentSessionRequest {
        /// Puts an older session of the account out. Default false.
        pub logon_override: Option<bool> = maybe "logonOverride",
        /// Key and value texts kept with the session.
        #[cfg_attr(test, proptest(strategy = "crate::tests::maybe_texts()"))]
        pub message_data_map: Option<BTreeMap<String, String>> = maybe "messageDataMap",
        /// Time and count.
        pub agent: AgentRequest = flat,
    }
}
default_object!(CreateAutomatedAgentSessionRequest);

wire_enum! {
    /// Whether an agent takes engagements. The operation is FOUND, its values INFERRED.
    pub enum AvailabilityStatus {
        /// Takes engagements.
        Available = "AVAILABLE",
        /// Takes none.
        Unavailable = "UNAVAILABLE",
    }
}

wire_object! {
    /// Body of `setActivityStatus`. The operation is FOUND, its members INFERRED.
    pub struct SetActivityStatusRequest {
        /// Whether the agent takes engagements.
        pub status: AvailabilityStatus = required "status",
        /// Time and count.
        pub agent: AgentRequest = flat,
    }
}

wire_object! {
    /// Body of `requestAssignment`. PAGE 000.
    pub struct RequestAssignmentRequest {
        /// Whether an engagement is wanted.
        pub assignment_requested: bool = required "assignmentRequested",
        /// How many of the agent's engagements are idle.
        pub idle_session_count: i32 = required "idleSessionCount",
        /// How many engagements the agent takes at once.
        pub max_session_count: i32 = required "maxSessionCount",
        /// Time and count.
        pub agent: AgentRequest = flat,
    }
}

wire_enum! {
    /// The answer to an assignment. FOUND.
    pub enum AssignmentAction {
        /// Not set.
        None = "NONE",
        /// Takes it.
        Accept = "ACCEPT",
        /// Does not take it.
        Decline = "DECLINE",
        /// The agent is not available.
        Unavailable = "UNAVAILABLE",
        /// The agent is available.
        Available = "AVAILABLE",
    }
}

wire_enum! {
    /// Who answered. FOUND.
    pub enum AssignmentActionType {
        /// Not set.
        None = "NONE",
        /// The agent.
        Manual = "MANUAL",
        /// The console by itself.
        Auto = "AUTO",
    }
}

wire_enum! {
    /// As what the agent is asked in. FOUND.
    pub enum AssignmentType {
        /// Not set.
        None = "NONE",
        /// As a second agent.
        Conference = "CONFERENCE",
        /// As the lead.
        Lead = "LEAD",
        /// As the lead in another's stead.
        Transfer = "TRANSFER",
        /// To read along.
        Monitor = "MONITOR",
    }
}

wire_object! {
    /// Body of `assignmentAcknowledgement`. FOUND.
    pub struct AssignmentAcknowledgementRequest {
        /// The answer.
        pub action: AssignmentAction = required "action",
        /// Who answered.
        pub action_type: AssignmentActionType = required "actionType",
        /// As what.
        pub assignment_type: AssignmentType = required "assignmentType",
        /// Which engagement.
        pub engagement_id: EngagementId = required "engagementId",
        /// Time and count.
        pub agent: AgentRequest = flat,
    }
}

wire_enum! {
    /// What a message is sent to. PAGE 003.
    pub enum DestinationType {
        /// Not set.
        None = "NONE",
        /// One agent.
        Agent = "AGENT",
        /// One visitor.
        EndUser = "END_USER",
        /// All of an engagement.
        Engagement = "ENGAGEMENT",
        /// A group of agents.
        Group = "GROUP",
        /// A profile of agents.
        Profile = "PROFILE",
        /// A queue.
        Queue = "QUEUE",
        /// Subscribers of agents' figures.
        SubscriptionAgentStats = "SUBSCRIPTION_AGENT_STATS",
        /// ... by group.
        SubscriptionAgentStatsByGroup = "SUBSCRIPTION_AGENT_STATS_BY_GROUP",
        /// ... by queue.
        SubscriptionAgentStatsByQueue = "SUBSCRIPTION_AGENT_STATS_BY_QUEUE",
        /// Subscribers of groups' figures.
        SubscriptionAgentGroupStats = "SUBSCRIPTION_AGENT_GROUP_STATS",
        /// Subscribers of engagements' figures.
        SubscriptionEngagementStats = "SUBSCRIPTION_ENGAGEMENT_STATS",
        /// ... by queue.
        SubscriptionEngagementStatsByQueue = "SUBSCRIPTION_ENGAGEMENT_STATS_BY_QUEUE",
        /// ... by agent.
        SubscriptionEngagementStatsByAgent = "SUBSCRIPTION_ENGAGEMENT_STATS_BY_AGENT",
        /// Subscribers of queues' figures.
        SubscriptionQueueStats = "SUBSCRIPTION_QUEUE_STATS",
        /// The server.
        System = "SYSTEM",
        /// The queue over all channels.
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
        /// All but the visitor.
        NotEnduser = "NOT_ENDUSER",
    }
}

wire_enum! {
    /// The kind of a posted message. PAGE 003.
    pub enum MessageType {
        /// Text.
        Text = "TEXT",
    }
}

wire_object! {
    /// Body of `postMessage`. PAGE 003.
    pub struct PostMessageRequest {
        /// The text.
        pub body: String = required "body",
        /// To which; for an engagement its id.
        pub destination_id: i64 = required "destinationId",
        /// To what.
        pub destination_type: DestinationType = required "destinationType",
        /// Always TEXT.
        pub message_type: MessageType = required "messageType",
        /// Who may see it.
        pub visibility: Option<Visibility> = maybe "visibility",
        /// Chosen by the client.
        pub message_id: Option<String> = maybe "messageId",
        /// True: the body is HTML. Printed as `null` when not.
        pub rich_text: Option<bool> = nullable "richText",
        /// Key and value texts. Printed as `null` when there are none.
        #[cfg_attr(test, proptest(strategy = "crate::tests::maybe_texts()"))]
        pub message_data_map: Option<BTreeMap<String, String>> = nullable "messageDataMap",
        /// Time and count.
        pub agent: AgentRequest = flat,
    }
}

wire_object! {
    /// Body of `setInteractionStatus`. FOUND.
    pub struct SetInteractionStatusRequest {
        /// The agent's own client.
        pub client_id: i64 = required "clientId",
        /// The engagement.
        pub engagement_id: EngagementId = required "engagementId",
        /// What the agent is doing.
        pub mode: ActivityMode = required "mode",
        /// What the agent has typed. (The consumer's field of this kind is `sneakPreviewText`.)
        pub sneak_preview: Option<String> = maybe "sneakPreview",
        /// Whether this chat is in the agent's focus. Default false.
        pub sneak_preview_focus: Option<bool> = maybe "sneakPreviewFocus",
        /// Least time between two previews, in ms.
        pub sneak_preview_interval: Option<i32> = maybe "sneakPreviewInterval",
        /// Time and count.
        pub agent: AgentRequest = flat,
    }
}

wire_object! {
    /// Body of `concludeChat` (PAGE 002, there called `ConcludeEngagementRequest`) and of
    /// `releaseChat` (FOUND).
    pub struct EngagementRequest {
        /// Which engagement.
        pub engagement_id: EngagementId = required "engagementId",
        /// Time and count.
        pub agent: AgentRequest = flat,
    }
}

wire_object! {
    /// Body of `logoff`. FOUND by name; the member in a sample.
    pub struct LogoffRequest {
        /// Logs off though engagements are open.
        pub force_logoff: Option<bool> = maybe "forceLogoff",
        /// Time and count.
        pub agent: AgentRequest = flat,
    }
}
default_object!(LogoffRequest);
