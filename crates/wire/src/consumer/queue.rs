//! The operations about queues, `getQueueStats` and `getEngagementQueue`. They need no engagement. Both are
//! GETs with a query parameter `request` that holds JSON.

use serde_json::Value;

use super::operation::Operation;
use crate::object::{default_object, wire_enum, wire_object};
use crate::url::encode_query_value;
use crate::{QueueId, WireObject};

wire_enum! {
    /// What `getQueueStats` counts. FOUND.
    pub enum ProactiveAvailableType {
        /// Available agents.
        Agents = "AGENTS",
        /// Engagements that the available agents can still take.
        Sessions = "SESSIONS",
    }
}

wire_object! {
    /// The parameter `request` of `getQueueStats`. FOUND.
    pub struct QueueStatsRequest {
        /// The queue that is asked about.
        pub queue_id: QueueId = required "queueId",
        /// Whether agents or free sessions are counted.
        pub chat_proactive_available_type: ProactiveAvailableType = required "chatProactiveAvailableType",
    }
}

wire_object! {
    /// Answer of `getQueueStats`, with the members that samples read. FOUND, incomplete.
    pub struct QueueStatsResponse {
        /// The number of agents or of free sessions, as requested.
        pub available_agent_sessions: Option<i32> = maybe "availableAgentSessions",
        /// The number of engagements that wait.
        pub engagements_in_queue: Option<i32> = maybe "engagementsInQueue",
        /// The number of available agents.
        pub total_available_agents: Option<i32> = maybe "totalAvailableAgents",
    }
}
default_object!(QueueStatsResponse);

wire_enum! {
    /// The type of a custom field's value. Required if there is a value. FOUND.
    pub enum CustomFieldType {
        /// `true` or `false`.
        Boolean = "BOOLEAN",
        /// A date.
        Date = "DATE",
        /// A date and time.
        DateTime = "DATETIME",
        /// An int32.
        Integer = "INTEGER",
        /// An int64.
        Long = "LONG",
        /// A text.
        String = "STRING",
        /// A decimal number.
        Decimal = "DECIMAL",
    }
}

wire_object! {
    /// A field that the site has added to its records. FOUND.
    pub struct CustomField {
        /// The name of the field.
        pub name: String = required "name",
        /// The type of the value.
        pub kind: Option<CustomFieldType> = maybe "type",
        /// The value of the field.
        #[cfg_attr(test, proptest(value = "None"))]
        pub value: Option<Value> = maybe "value",
    }
}

wire_object! {
    /// The parameter `request` of `getEngagementQueue`. FOUND.
    pub struct EngagementQueueRequest {
        /// The interface: a site's language and design.
        pub interface_id: Option<i32> = maybe "interfaceId",
        /// The interface, by name.
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
    /// Answer of `getEngagementQueue`, with the members that the page's example shows. FOUND, incomplete.
    pub struct EngagementQueueResponse {
        /// The queue in which such an engagement would wait.
        pub queue_id: Option<QueueId> = maybe_twin "queueId",
        /// The expected waiting time, in s.
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

/// Appends the query parameter `request`.
fn with_request(path: &str, json: &str) -> String {
    let separator = if path.contains('?') { '&' } else { '?' };
    format!("{path}{separator}request={}", encode_query_value(json))
}
