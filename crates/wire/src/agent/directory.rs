//! The operations that look beyond one conversation: `retrieveAgentsAndQueues` lists the agents and the queues of a site,
//! and `rerouteAvailability` asks whether an engagement can be put into the escalation queue. An *engagement* is one chat
//! at the server. (`rerouteEngagement` itself has the request `EngagementRequest` and no result.)
//!
//! The module `object` defines the macros that are used below. In a table of `wire_object!`, the word before each JSON
//! name is the member's mode: `required` must be present, `maybe` may be absent, `defaulted` has the type's default value
//! if it is absent, `flat` means that the members of the type stand directly in this object, and `twin` in a mode means
//! that a number is sent twice, as `name` and as the text `nameString`. The attribute `proptest` tells the property tests
//! which values to generate for a member.
//!
//! FOUND: seen in Oracle's own clients or answers. INFERRED: our assumption.

use super::assignment::AgentInfo;
use super::request::AgentRequest;
use super::response::AgentEcho;
use crate::object::{default_object, wire_object};
use crate::{EngagementId, Fields, QueueId};

wire_object! {
    /// Request body of `retrieveAgentsAndQueues` (FOUND).
    pub struct RetrieveAgentsAndQueuesRequest {
        /// The id of what is asked about. The reference does not describe it further. INFERRED: an engagement, or 0.
        pub id: i64 = required "id",
        /// Whether the answer lists the agents.
        pub include_agent_information: bool = required "includeAgentInformation",
        /// Whether the answer lists the queues.
        pub include_queue_information: bool = required "includeQueueInformation",
        /// Whether the queues are listed with their numbers of agents and engagements.
        pub include_queue_statistics: bool = required "includeQueueStatistics",
        /// The type of the information about agents. The reference lists no values.
        pub kind: Option<String> = maybe "type",
        /// The members that every request has: its time and its number.
        pub agent: AgentRequest = flat,
    }
}

wire_object! {
    /// A queue in the answer of `retrieveAgentsAndQueues`. INFERRED: all members.
    pub struct QueueInfo {
        /// The id of the queue.
        pub queue_id: Option<QueueId> = maybe_twin "queueId",
        /// The number of engagements that wait in the queue. `None` if the request does not ask for statistics.
        pub engagements_in_queue: Option<i32> = maybe "engagementsInQueue",
        /// The number of agents who take engagements. `None` if the request does not ask for statistics.
        pub total_available_agents: Option<i32> = maybe "totalAvailableAgents",
    }
}
default_object!(QueueInfo);

wire_object! {
    /// Response to `retrieveAgentsAndQueues` (FOUND).
    pub struct RetrieveAgentsAndQueuesResponse {
        /// The agents of the site. Each has the members of an assignment's `agentInfo`, of which `mediaList` is FOUND and
        /// the others are INFERRED.
        #[cfg_attr(test, proptest(strategy = "crate::tests::maybe_few()"))]
        pub agents: Option<Vec<AgentInfo>> = maybe "agents",
        /// The queues, by the text of their id. Each is a [`QueueInfo`].
        #[cfg_attr(test, proptest(value = "None"))]
        pub queues: Option<Fields> = maybe "queues",
        /// The members that every response except that of `getMessages` has.
        pub echo: AgentEcho = flat,
    }
}
default_object!(RetrieveAgentsAndQueuesResponse);

wire_object! {
    /// The query parameter `request` of `rerouteAvailability` (FOUND). It has no time and no number.
    pub struct RerouteAvailabilityRequest {
        /// The id of the engagement.
        pub engagement_id: EngagementId = required "engagementId",
    }
}

wire_object! {
    /// Response to `rerouteAvailability`. INFERRED: all members.
    pub struct RerouteAvailabilityResponse {
        /// Whether the engagement can be rerouted.
        pub reroute_available: bool = defaulted "rerouteAvailable",
        /// The members that every response except that of `getMessages` has.
        pub echo: AgentEcho = flat,
    }
}
default_object!(RerouteAvailabilityResponse);
