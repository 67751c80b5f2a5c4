//! The requests that change properties of an engagement or of its visitor, `setEngagementProperty` and `modifyProperties`,
//! and their answers. An *engagement* is one chat at the server.
//!
//! The module `object` defines the macros that are used below. In a table of `wire_object!`, the word before each JSON
//! name is the member's mode: `required` must be present, `maybe` may be absent, and `flat` means that the members of
//! the type stand directly in this object. `wire_enum!` declares an enum whose values are texts. The attribute
//! `proptest` tells the property tests which values to generate for a member.
//!
//! FOUND: seen in Oracle's own clients or answers. INFERRED: our assumption.

use super::request::AgentRequest;
use super::response::AgentEcho;
use crate::consumer::CustomField;
use crate::object::{TextMap, default_object, wire_enum, wire_object};
use crate::{EngagementId, Fields};

wire_enum! {
    /// What a property belongs to (FOUND).
    pub enum PropertyType {
        /// The engagement.
        Engagement = "ENGAGEMENT",
        /// The visitor.
        User = "USER",
    }
}

wire_enum! {
    /// The name of a property (FOUND).
    pub enum PropertyName {
        /// The visitor's given name.
        FirstName = "FIRST_NAME",
        /// The visitor's family name.
        LastName = "LAST_NAME",
        /// The visitor's e-mail address. Only `modifyProperties` lists it.
        Email = "EMAIL",
        /// The visitor's question.
        Question = "QUESTION",
        /// The id of the product that the visitor asks about.
        ProductId = "PRODUCT_ID",
        /// The id of the category that the visitor asks about.
        CategoryId = "CATEGORY_ID",
        /// The id of the visitor's contact record.
        ContactId = "CONTACT_ID",
        /// The id of the incident (the record of a support request) that the engagement belongs to.
        IncidentId = "INCIDENT_ID",
    }
}

impl PropertyName {
    /// What the property belongs to. `None` for a name that is not known. (FOUND for `setEngagementProperty`; INFERRED for
    /// EMAIL and for `modifyProperties`.)
    pub fn owner(&self) -> Option<PropertyType> {
        match self {
            Self::ContactId | Self::IncidentId => Some(PropertyType::Engagement),
            Self::FirstName
            | Self::LastName
            | Self::Email
            | Self::Question
            | Self::ProductId
            | Self::CategoryId => Some(PropertyType::User),
            Self::Unknown(_) => None,
        }
    }
}

wire_object! {
    /// Request body of `setEngagementProperty` (FOUND).
    pub struct SetEngagementPropertyRequest {
        /// The id of the engagement.
        pub engagement_id: EngagementId = required "engagementId",
        /// What the property belongs to.
        pub kind: PropertyType = required "type",
        /// The name of the property.
        pub name: PropertyName = required "name",
        /// The new value. An id is written as a text, too.
        pub value: String = required "value",
        /// The members that every request has: its time and its number.
        pub agent: AgentRequest = flat,
    }
}

wire_object! {
    /// Request body of `modifyProperties` (FOUND).
    pub struct ModifyPropertiesRequest {
        /// The id of the engagement.
        pub engagement_id: EngagementId = required "engagementId",
        /// What the properties belong to. INFERRED: `None` means the visitor.
        pub kind: Option<PropertyType> = maybe "type",
        /// The new values by the names of [`PropertyName`].
        #[cfg_attr(test, proptest(strategy = "crate::tests::maybe_texts()"))]
        pub properties_map: Option<TextMap> = maybe "propertiesMap",
        /// The new values of fields that the site has added to its records. Only the type USER takes them.
        #[cfg_attr(test, proptest(strategy = "crate::tests::maybe_few()"))]
        pub custom_fields: Option<Vec<CustomField>> = maybe "customFields",
        /// The members that every request has: its time and its number.
        pub agent: AgentRequest = flat,
    }
}

wire_object! {
    /// Response to `modifyProperties` (FOUND).
    pub struct ModifyPropertiesResponse {
        /// Whether each property was changed, by its name. INFERRED: the values are `true` and `false`.
        #[cfg_attr(test, proptest(value = "None"))]
        pub properties_result_map: Option<Fields> = maybe "propertiesResultMap",
        /// The members that every response except that of `getMessages` has.
        pub echo: AgentEcho = flat,
    }
}
default_object!(ModifyPropertiesResponse);
