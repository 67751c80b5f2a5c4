//! Tests of the operations about properties of an engagement, and of those that look beyond one engagement.

use pipit_wire::agent::{
    AgentRequest, AssignmentAction, AssignmentType, EngagementRequest, ModifyPropertiesRequest,
    PropertyName, PropertyType, RerouteAvailabilityRequest, RetrieveAgentsAndQueuesRequest,
    SetEngagementPropertyRequest,
};
use pipit_wire::vocabulary::{DisconnectReason, Role};
use pipit_wire::{Fields, Refusal};
use serde_json::{Value, json};

use crate::test_server::{TestAgent, TestServer, Visitor, assignments, departures};

/// A server with a conversation between an agent and a visitor.
fn conversation() -> (TestServer, TestAgent, Visitor) {
    let mut server = TestServer::new();
    let agent = server.available_agent(12, 3);
    let visitor = server.named_visitor("Mia", "Where is it?");
    server.fetch_agent(&agent);
    server.accept(&agent, &visitor);
    (server, agent, visitor)
}

/// Sets one property of the visitor's engagement.
fn set(
    server: &mut TestServer,
    agent: &TestAgent,
    visitor: &Visitor,
    (kind, name, value): (PropertyType, PropertyName, &str),
) -> Result<(), Refusal> {
    let request = SetEngagementPropertyRequest {
        engagement_id: visitor.engagement,
        kind,
        name,
        value: value.to_owned(),
        agent: AgentRequest::default(),
        unknown: Fields::default(),
    };
    let agent = server.agent_handle(agent)?;
    agent.set_engagement_property(&request).map(drop)
}

/// The body of `modifyProperties`.
fn modification(visitor: &Visitor, members: Value) -> ModifyPropertiesRequest {
    use pipit_wire::WireObject as _;
    let mut body = members;
    let object = body.as_object_mut().unwrap();
    object.insert("engagementId".to_owned(), json!(visitor.engagement.0));
    ModifyPropertiesRequest::from_value(body).unwrap()
}

#[test]
fn a_property_that_was_set_is_in_the_next_assignment() {
    let (mut server, ana, visitor) = conversation();
    let question = (PropertyType::User, PropertyName::Question, "A refund");
    set(&mut server, &ana, &visitor, question).unwrap();
    let incident = (PropertyType::Engagement, PropertyName::IncidentId, "77");
    set(&mut server, &ana, &visitor, incident).unwrap();
    let ben = server.available_agent(13, 1);
    server
        .agent_handle(&ana)
        .unwrap()
        .reroute_engagement(&EngagementRequest::new(
            visitor.engagement,
            AgentRequest::default(),
        ))
        .unwrap();
    let batch = server.fetch_agent(&ben);
    let offers = assignments(&batch);
    assert_eq!(offers[0].incident_id, Some(77));
    let contact = offers[0].contact_info.as_ref().unwrap();
    assert_eq!(contact.question.as_deref(), Some("A refund"));
    assert_eq!(
        departures(&server.fetch(&visitor)).last(),
        Some(&(Role::Lead, DisconnectReason::TransferredToQueue))
    );
}

#[test]
fn a_property_of_the_other_type_and_an_id_that_is_no_number_are_refused() {
    let (mut server, agent, visitor) = conversation();
    for property in [
        (PropertyType::Engagement, PropertyName::Question, "x"),
        (PropertyType::User, PropertyName::ContactId, "5"),
        (PropertyType::User, PropertyName::ProductId, "five"),
        (
            PropertyType::User,
            PropertyName::ProductId,
            "9223372036854775808",
        ),
        (PropertyType::User, PropertyName::Email, "a@b.example"),
    ] {
        let name = property.1.as_str().to_owned();
        let refusal = set(&mut server, &agent, &visitor, property).unwrap_err();
        assert_eq!(refusal.status, 400, "{name}");
        assert!(refusal.error.text.unwrap().contains(&name));
    }
}

#[test]
fn a_modification_says_of_each_property_whether_it_was_changed() {
    let (mut server, agent, visitor) = conversation();
    let request = modification(
        &visitor,
        json!({
            "type": "USER",
            "propertiesMap": {"FIRST_NAME": "Ann", "PRODUCT_ID": "x", "INCIDENT_ID": "1", "SHOE": "9"},
            "customFields": [{"name": "c$color", "type": "STRING", "value": "red"}],
        }),
    );
    let handle = server.agent_handle(&agent).unwrap();
    let results = handle.modify_properties(&request).unwrap();
    assert_eq!(
        Value::Object(results.properties_result_map.unwrap().0),
        json!({"FIRST_NAME": true, "PRODUCT_ID": false, "INCIDENT_ID": false, "SHOE": false, "c$color": true})
    );
    let request = modification(
        &visitor,
        json!({"type": "ENGAGEMENT", "customFields": [{"name": "c$color"}]}),
    );
    let handle = server.agent_handle(&agent).unwrap();
    assert_eq!(handle.modify_properties(&request).unwrap_err().status, 400);
}

#[test]
fn only_an_agent_of_the_engagement_changes_its_properties_or_reroutes_it() {
    let (mut server, _ana, visitor) = conversation();
    let ben = server.log_on(13, false).unwrap();
    let question = (PropertyType::User, PropertyName::Question, "x");
    let refusal = set(&mut server, &ben, &visitor, question).unwrap_err();
    assert_eq!(refusal.status, 404);
    let request = EngagementRequest::new(visitor.engagement, AgentRequest::default());
    let handle = server.agent_handle(&ben).unwrap();
    assert_eq!(handle.reroute_engagement(&request).unwrap_err().status, 404);
}

#[test]
fn only_the_lead_can_reroute() {
    let (mut server, ana, visitor) = conversation();
    let ben = server.log_on(13, false).unwrap();
    let request = RerouteAvailabilityRequest {
        engagement_id: visitor.engagement,
        unknown: Fields::default(),
    };
    for (agent, is_available) in [(&ana, true), (&ben, false)] {
        let handle = server.agent_handle(agent).unwrap();
        let answer = handle.reroute_availability(&request).unwrap();
        assert_eq!(answer.reroute_available, is_available);
    }
}

#[test]
fn agents_and_queues_are_listed_as_far_as_they_are_asked_for() {
    let mut server = TestServer::with(|config| {
        config.queues = serde_json::from_value(json!([{"id": 1}])).unwrap();
    });
    let agent = server.log_on(12, false).unwrap();
    server.visitor();
    let mut request = RetrieveAgentsAndQueuesRequest {
        id: 0,
        include_agent_information: true,
        include_queue_information: true,
        include_queue_statistics: true,
        kind: None,
        agent: AgentRequest::default(),
        unknown: Fields::default(),
    };
    let handle = server.agent_handle(&agent).unwrap();
    let answer = handle.retrieve_agents_and_queues(&request).unwrap();
    assert_eq!(answer.agents.unwrap()[0].account_id, Some(agent.account));
    assert_eq!(
        Value::Object(answer.queues.unwrap().0),
        json!({"1": {
            "queueId": 1, "queueIdString": "1", "engagementsInQueue": 1, "totalAvailableAgents": 1
        }})
    );
    request.include_agent_information = false;
    request.include_queue_statistics = false;
    let handle = server.agent_handle(&agent).unwrap();
    let answer = handle.retrieve_agents_and_queues(&request).unwrap();
    assert_eq!(answer.agents, None);
    assert_eq!(
        Value::Object(answer.queues.unwrap().0),
        json!({"1": {"queueId": 1, "queueIdString": "1"}})
    );
}

#[test]
fn an_acceptance_lists_the_participants() {
    let mut server = TestServer::new();
    let agent = server.available_agent(12, 1);
    let visitor = server.named_visitor("Mia", "");
    server.fetch_agent(&agent);
    let (accept, lead) = (AssignmentAction::Accept, AssignmentType::Lead);
    let answer = server
        .acknowledge(&agent, visitor.engagement, accept, lead)
        .unwrap();
    let result = answer.chat_assignment_acknowledgement_result.unwrap();
    let listed: Vec<_> = result
        .client_list
        .into_iter()
        .map(|client| (client.client_id.unwrap(), client.role.unwrap()))
        .collect();
    assert_eq!(
        listed,
        [(visitor.client, Role::EndUser), (agent.client, Role::Lead)]
    );
}
