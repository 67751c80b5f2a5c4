//! The operations by which an agent changes properties of an engagement (a chat at the server) or of its visitor:
//! `setEngagementProperty` and `modifyProperties`. The next assignment of the engagement shows the new values.
//!
//! INFERRED: our assumption.

use pipit_wire::agent::{
    AgentResponse, ModifyPropertiesRequest, ModifyPropertiesResponse, PropertyName, PropertyType,
    SetEngagementPropertyRequest,
};
use pipit_wire::session::SessionInformation;
use pipit_wire::{EngagementId, ExceptionCode, Fields, Refusal, Value, WireValue};

use super::{Agent, response};
use crate::engagement::Engagement;

impl Agent<'_> {
    /// Changes one property.
    ///
    /// # Errors
    /// 404 for an engagement in which the agent does not take part. 400 if the type has no such property, or if an id is
    /// not a number.
    pub fn set_engagement_property(
        mut self,
        request: &SetEngagementPropertyRequest,
    ) -> Result<AgentResponse, Refusal> {
        let echo = self.echo(&request.agent)?;
        let name = &request.name;
        // Only `modifyProperties` lists the address. (FOUND)
        if name.owner().as_ref() != Some(&request.kind) || *name == PropertyName::Email {
            return Err(invalid(&format!(
                "The type {} has no property {}.",
                request.kind.as_str(),
                name.as_str()
            )));
        }
        let engagement = self.own_engagement(request.engagement_id)?;
        if !set(&mut engagement.visitor, name, &request.value) {
            let text = format!("The value of {} must be a whole number.", name.as_str());
            return Err(invalid(&text));
        }
        Ok(response(echo))
    }

    /// Changes several properties. The answer says of each whether it was changed.
    ///
    /// # Errors
    /// 404 for an engagement in which the agent does not take part. 400 for custom fields with the type ENGAGEMENT.
    pub fn modify_properties(
        mut self,
        request: &ModifyPropertiesRequest,
    ) -> Result<ModifyPropertiesResponse, Refusal> {
        let echo = self.echo(&request.agent)?;
        let kind = request.kind.clone().unwrap_or(PropertyType::User);
        if request.custom_fields.is_some() && kind != PropertyType::User {
            return Err(invalid("Only the type USER takes customFields."));
        }
        let engagement = self.own_engagement(request.engagement_id)?;
        let properties = request.properties_map.as_ref().map(WireValue::write);
        let mut results = Fields::default();
        for (name, value) in properties
            .as_ref()
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            let property = PropertyName::from(name.as_str());
            let is_changed = property.owner().as_ref() == Some(&kind)
                && value
                    .as_str()
                    .is_some_and(|value| set(&mut engagement.visitor, &property, value));
            results.put(name, &is_changed);
        }
        if let Some(custom_fields) = &request.custom_fields {
            let known = engagement.visitor.custom_fields.get_or_insert_default();
            for field in custom_fields {
                known.retain(|it| it.name != field.name);
                known.push(field.clone());
                results.put(&field.name, &true);
            }
        }
        Ok(ModifyPropertiesResponse {
            properties_result_map: Some(results),
            echo,
            ..ModifyPropertiesResponse::default()
        })
    }

    /// The engagement, if the agent takes part in it or is in wrap-up (the time for notes after a chat).
    fn own_engagement(&mut self, id: EngagementId) -> Result<&mut Engagement, Refusal> {
        let client = self.client;
        let engagement = self.switchboard.engagement_mut(id)?;
        if engagement.role_of(client).is_none() && !engagement.wrap_up.contains(&client) {
            return Err(super::conversation::not_your_engagement(id));
        }
        Ok(engagement)
    }
}

/// Sets a property. Returns false, and changes nothing, if the name is not known, or if the value of an id is not a whole
/// number.
fn set(visitor: &mut SessionInformation, name: &PropertyName, value: &str) -> bool {
    let text = match name {
        PropertyName::FirstName => &mut visitor.first_name,
        PropertyName::LastName => &mut visitor.last_name,
        PropertyName::Email => &mut visitor.email_address,
        PropertyName::Question => &mut visitor.question,
        PropertyName::ProductId
        | PropertyName::CategoryId
        | PropertyName::ContactId
        | PropertyName::IncidentId
        | PropertyName::Unknown(_) => return set_id(visitor, name, value),
    };
    *text = Some(value.to_owned());
    true
}

/// Sets a property that is an id, as [`set`] does.
fn set_id(visitor: &mut SessionInformation, name: &PropertyName, value: &str) -> bool {
    let id = match name {
        PropertyName::ProductId => &mut visitor.product_id,
        PropertyName::CategoryId => &mut visitor.category_id,
        PropertyName::ContactId => &mut visitor.contact_id,
        PropertyName::IncidentId => &mut visitor.incident_id,
        _ => return false,
    };
    let Ok(number) = value.trim().parse() else {
        return false;
    };
    *id = Some(number);
    true
}

fn invalid(text: &str) -> Refusal {
    Refusal::new(400, &ExceptionCode::InvalidField, text)
}
