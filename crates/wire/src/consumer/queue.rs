//! The operations about queues, `getQueueStats` and `getEngagementQueue`. In a queue, an *engagement* (one chat at the
//! server) waits until an agent takes it. Both operations are GET requests with a query parameter `request`, whose
//! value is JSON. They can be called before an engagement exists. The file also declares [`CustomField`], which is part of
//! other objects, too.
//!
//! A *site* is one customer's installation of Oracle B2C Service. A *pool* is a group of chat servers.
//!
//! In the tables below, the word before each JSON name, such as `maybe`, is the member's mode. The module `object`
//! explains the modes. In short: `required` must be present; `maybe` may be absent; and `maybe_twin` also means that a
//! number is sent twice, as `name` and as the text `nameString`. `wire_enum!` declares an enum whose values are texts.
//! `default_object!` implements `Default` for an object without required members. The attribute `proptest` tells the
//! property tests which values to generate for a member.
//!
//! FOUND: seen in Oracle's own clients or answers.

use serde_json::Value;

use super::operation::Operation;
use crate::object::{default_object, wire_enum, wire_object};
use crate::url::with_request;
use crate::{QueueId, WireObject};

wire_enum! {
    /// What `availableAgentSessions` counts in the response to `getQueueStats` (FOUND).
    pub enum ProactiveAvailableType {
        /// The available agents.
        Agents = "AGENTS",
        /// The further engagements that the available agents can take.
        Sessions = "SESSIONS",
    }
}

wire_object! {
    /// The value of the query parameter `request` of `getQueueStats` (FOUND).
    pub struct QueueStatsRequest {
        /// The id of the queue.
        pub queue_id: QueueId = required "queueId",
        /// What `availableAgentSessions` counts in the response.
        pub chat_proactive_available_type: ProactiveAvailableType = required "chatProactiveAvailableType",
    }
}

wire_object! {
    /// Response to `getQueueStats`. FOUND: the members that Oracle's samples read. There may be others.
    pub struct QueueStatsResponse {
        /// The number of available agents, or the number of further engagements that they can take. The member
        /// `chatProactiveAvailableType` of the request chooses between the two.
        pub available_agent_sessions: Option<i32> = maybe "availableAgentSessions",
        /// The number of engagements that wait in the queue.
        pub engagements_in_queue: Option<i32> = maybe "engagementsInQueue",
        /// The number of available agents.
        pub total_available_agents: Option<i32> = maybe "totalAvailableAgents",
    }
}
default_object!(QueueStatsResponse);

wire_enum! {
    /// The type of a custom field's value. A field that has a value must have a type. (FOUND.)
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
    /// A field that the site has added to its records (FOUND).
    pub struct CustomField {
        /// The name of the field.
        pub name: String = required "name",
        /// The type of the value. `None` if there is no value.
        pub kind: Option<CustomFieldType> = maybe "type",
        /// The value of the field. `None` if it has no value.
        #[cfg_attr(test, proptest(value = "None"))]
        pub value: Option<Value> = maybe "value",
    }
}

wire_object! {
    /// The value of the query parameter `request` of `getEngagementQueue`: the data by which the server chooses the
    /// queue of an engagement. (FOUND.)
    pub struct EngagementQueueRequest {
        /// The id of the interface, which is the site in one language and design.
        pub interface_id: Option<i32> = maybe "interfaceId",
        /// The name of the interface, instead of its id.
        pub interface_name: Option<String> = maybe "interfaceName",
        /// The id of the product that the visitor asks about.
        pub product_id: Option<i64> = maybe "productId",
        /// The id of the category that the visitor asks about.
        pub category_id: Option<i64> = maybe "categoryId",
        /// The id of the visitor's organization record.
        pub organization_id: Option<i64> = maybe "organizationId",
        /// The values of fields that the site has added to its records.
        #[cfg_attr(test, proptest(strategy = "crate::tests::maybe_few()"))]
        pub custom_fields: Option<Vec<CustomField>> = maybe "customFields",
    }
}
default_object!(EngagementQueueRequest);

wire_object! {
    /// Response to `getEngagementQueue`. FOUND: the members that Oracle's example shows. There may be others.
    pub struct EngagementQueueResponse {
        /// The id of the queue in which an engagement with the data of the request would wait.
        pub queue_id: Option<QueueId> = maybe_twin "queueId",
        /// The expected waiting time, in s.
        pub expected_wait_seconds: Option<i64> = maybe "expectedWaitSeconds",
    }
}
default_object!(EngagementQueueResponse);

impl QueueStatsRequest {
    /// The path and the query of the request. `pool` is `None` if the site has no pool.
    pub fn path(&self, site: &str, pool: Option<&str>) -> String {
        with_request(&Operation::GetQueueStats.path(site, pool), &self.to_json())
    }
}

impl EngagementQueueRequest {
    /// The path and the query of the request. `pool` is `None` if the site has no pool.
    pub fn path(&self, site: &str, pool: Option<&str>) -> String {
        with_request(
            &Operation::GetEngagementQueue.path(site, pool),
            &self.to_json(),
        )
    }
}
