//! Asking about queues before an engagement exists: `getQueueStats` and `getEngagementQueue`.
//! Both are GETs whose parameter `request` holds JSON.

use serde_json::Value;

use super::Operation;
use crate::object::{default_object, wire_enum, wire_object};
use crate::url::encode_query;
use crate::{QueueId, WireObject};

wire_enum! {
    /// What `getQueueStats` shall count. FOUND.
    pub enum ProactiveAvailableType {
        /// Agents.
        Agents = "AGENTS",
        /// Agents' free places.
        Sessions = "SESSIONS",
    }
}

wire_object! {
    /// The parameter `request` of `getQueueStats`. FOUND.
    pub struct QueueStatsRequest {
        /// The queue.
        pub queue_id: QueueId = required "queueId",
        /// What to count.
        pub chat_proactive_available_type: ProactiveAvailableType = required "chatProactiveAvailableType",
    }
}

wire_object! {
    /// Answer of `getQueueStats`: the members that samples read. FOUND, incomplete.
    pub struct QueueStatsResponse {
        /// Agents or places, as asked.
        pub available_agent_sessions: Option<i32> = maybe "availableAgentSessions",
        /// How many wait.
        pub engagements_in_queue: Option<i32> = maybe "engagementsInQueue",
        /// How many agents are available.
        pub total_available_agents: Option<i32> = maybe "totalAvailableAgents",
    }
}
default_object!(QueueStatsResponse);

wire_enum! {
    /// The type of a custom field's value; needed whenever there is a value. FOUND.
    pub enum CustomFieldType {
        /// true, false
        Boolean = "BOOLEAN",
        /// A day.
        Date = "DATE",
        /// A day and time.
        DateTime = "DATETIME",
        /// int32
        Integer = "INTEGER",
        /// int64
        Long = "LONG",
        /// Text.
        String = "STRING",
        /// Decimal number.
        Decimal = "DECIMAL",
    }
}

wire_object! {
    /// A custom field. FOUND.
    pub struct CustomField {
        /// Its name.
        pub name: String = required "name",
        /// The type of its value.
        pub kind: Option<CustomFieldType> = maybe "type",
        /// Its value.
        #[cfg_attr(test, proptest(value = "None"))]
        pub value: Option<Value> = maybe "value",
    }
}

wire_object! {
    /// The parameter `request` of `getEngagementQueue`. FOUND.
    pub struct EngagementQueueRequest {
        /// The interface (a site's language and look).
        pub interface_id: Option<i32> = maybe "interfaceId",
        /// The same by name.
        pub interface_name: Option<String> = maybe "interfaceName",
        /// The product asked about.
        pub product_id: Option<i64> = maybe "productId",
        /// The category asked about.
        pub category_id: Option<i64> = maybe "categoryId",
        /// The visitor's organization.
        pub organization_id: Option<i64> = maybe "organizationId",
        /// Custom fields.
        #[cfg_attr(test, proptest(strategy = "crate::tests::maybe_few()"))]
        pub custom_fields: Option<Vec<CustomField>> = maybe "customFields",
    }
}
default_object!(EngagementQueueRequest);

wire_object! {
    /// Answer of `getEngagementQueue`: the members that the page's example shows. FOUND, incomplete.
    pub struct EngagementQueueResponse {
        /// The queue such an engagement would wait in.
        pub queue_id: Option<QueueId> = maybe_twin "queueId",
        /// How long, in s.
        pub expected_wait_seconds: Option<i64> = maybe "expectedWaitSeconds",
    }
}
default_object!(EngagementQueueResponse);

impl QueueStatsRequest {
    /// Path and query of the request.
    pub fn path(&self, site: &str, pool: Option<&str>) -> String {
        with_request(&Operation::GetQueueStats.path(site, pool), &self.to_json())
    }
}

impl EngagementQueueRequest {
    /// Path and query of the request.
    pub fn path(&self, site: &str, pool: Option<&str>) -> String {
        with_request(
            &Operation::GetEngagementQueue.path(site, pool),
            &self.to_json(),
        )
    }
}

fn with_request(path: &str, json: &str) -> String {
    let separator = if path.contains('?') { '&' } else { '?' };
    format!("{path}{separator}request={}", encode_query(json))
}
