//! Tests of messages in a conversation, and of *conferees*: agents who have joined beside the *lead*, who holds the
//! engagement.

use pipit_wire::agent::{
    AgentMessage, AssignmentAction, AssignmentType, DestinationType, Visibility,
};
use pipit_wire::consumer::SystemMessage;
use pipit_wire::vocabulary::Role;
use pipit_wire::{ClientId, EngagementId, ExceptionCode};

use crate::test_server::{TestAgent, TestServer, agent_bodies, agent_post, assignments, bodies};

#[test]
fn the_visitor_gets_the_agents_name_and_greeting() {
    let mut server = TestServer::with(|config| {
        config
            .greetings
            .insert(13, "Good day from {name}".to_owned());
    });
    for (account, greeting) in [
        (12, "Hi, this is Agent 12. How can I help you?"),
        (13, "Good day from Agent 13"),
    ] {
        let visitor = server.visitor();
        let agent = server.available_agent(account, 1);
        server.accept(&agent, &visitor);
        let batch = server.fetch(&visitor);
        let [_, SystemMessage::ParticipantAdded(added)] = batch.as_slice() else {
            panic!("position and agent, not {batch:?}");
        };
        assert_eq!(added.greeting.as_deref(), Some(greeting));
        assert_eq!(added.role, Some(Role::Lead));
        assert_eq!(added.client_id, Some(agent.client));
        assert_eq!(added.account_id, Some(agent.account));
        assert_eq!(added.engagement_id, Some(visitor.engagement));
    }
}

#[test]
fn messages_from_the_queue_reach_the_agent_in_order_on_accept() {
    let mut server = TestServer::new();
    let visitor = server.named_visitor("Mia", "Where is my kettle?");
    server.post(&visitor, "first").unwrap();
    server.post(&visitor, "second").unwrap();
    let agent = server.available_agent(12, 1);
    let offered = server.fetch_agent(&agent);
    let assignment = assignments(&offered)[0];
    let contact = assignment.contact_info.as_ref().unwrap();
    assert_eq!(contact.question.as_deref(), Some("Where is my kettle?"));
    assert_eq!(agent_bodies(&offered), [""; 0]);

    server.accept(&agent, &visitor);
    let batch = server.fetch_agent(&agent);
    assert_eq!(agent_bodies(&batch), ["first", "second"]);
    let AgentMessage::ChatEngagementParticipantAdded(added) = &batch[0] else {
        panic!("the visitor first, not {batch:?}");
    };
    assert_eq!(
        (added.name.as_deref(), &added.role),
        (Some("Mia"), &Some(Role::EndUser))
    );
}

#[test]
fn both_sides_get_each_others_messages_and_sequence_numbers_begin_at_1() {
    let mut server = TestServer::new();
    let visitor = server.visitor();
    let agent = server.available_agent(12, 1);
    server.accept(&agent, &visitor);
    server.post(&visitor, "hello").unwrap();
    server.post_as_agent(&agent, &visitor, "hi").unwrap();

    let to_visitor = server.fetch(&visitor);
    assert_eq!(bodies(&to_visitor), ["hi"]);
    let numbers = to_visitor
        .iter()
        .map(|it| it.stamp().sequence_number.unwrap().0);
    assert_eq!(numbers.collect::<Vec<_>>(), [1, 2, 3]);

    let to_agent = server.fetch_agent(&agent);
    let Some(AgentMessage::ChatPostMessage(posted)) = to_agent.last() else {
        panic!("a message, not {to_agent:?}");
    };
    assert_eq!(
        posted.envelope.destination_type,
        Some(DestinationType::Engagement)
    );
    assert_eq!(posted.envelope.destination_id, Some(visitor.engagement.0));
    assert_eq!(posted.envelope.sender_id, Some(visitor.client.0));
    assert_eq!(posted.envelope.sequence_number.unwrap().0, 3);
}

#[test]
fn a_visitors_own_message_is_echoed_only_if_configured() {
    for echo in [false, true] {
        let mut server = TestServer::with(|config| config.echo = echo);
        let (visitor, _) = server.conversation();
        server.post(&visitor, "hello").unwrap();
        let batch = server.fetch(&visitor);
        let expected: &[&str] = if echo { &["hello"] } else { &[] };
        assert_eq!(bodies(&batch), expected);
    }
}

#[test]
fn notes_between_agents_do_not_reach_the_visitor() {
    let mut server = TestServer::new();
    let (visitor, lead) = server.conversation();
    let second = server.log_on(13, false).unwrap();
    let (id, account) = (visitor.engagement, second.account);
    server.switchboard.invite(id, account, server.now).unwrap();
    accept_conference(&mut server, &second, id);
    server.fetch(&visitor);
    server.fetch_agent(&second);

    let mut note = agent_post(id.0, DestinationType::Engagement, "he is cross");
    note.visibility = Some(Visibility::NotEnduser);
    server
        .agent_handle(&lead)
        .unwrap()
        .post_message(&note)
        .unwrap();
    assert_eq!(bodies(&server.fetch(&visitor)), [""; 0]);
    assert_eq!(agent_bodies(&server.fetch_agent(&second)), ["he is cross"]);

    let private = agent_post(visitor.client.0, DestinationType::EndUser, "just you");
    server
        .agent_handle(&second)
        .unwrap()
        .post_message(&private)
        .unwrap();
    assert_eq!(bodies(&server.fetch(&visitor)), ["just you"]);
    assert_eq!(agent_bodies(&server.fetch_agent(&lead)), [""; 0]);
}

#[test]
fn a_conferee_joins_gets_all_messages_and_takes_over_the_lead() {
    let mut server = TestServer::new();
    let (visitor, lead) = server.conversation();
    let second = server.log_on(13, false).unwrap();
    let id = visitor.engagement;
    server
        .switchboard
        .invite(id, second.account, server.now)
        .unwrap();
    let offered = server.fetch_agent(&second);
    assert_eq!(assignments(&offered)[0].kind.as_deref(), Some("CONFERENCE"));
    accept_conference(&mut server, &second, id);

    let batch = server.fetch(&visitor);
    let [SystemMessage::ParticipantAdded(added)] = batch.as_slice() else {
        panic!("the conferee, not {batch:?}");
    };
    assert_eq!(added.role, Some(Role::Conferee));
    server.post(&visitor, "hello both").unwrap();
    assert_eq!(agent_bodies(&server.fetch_agent(&lead)), ["hello both"]);
    assert_eq!(agent_bodies(&server.fetch_agent(&second)), ["hello both"]);

    server.log_off(&lead, true);
    let batch = server.fetch(&visitor);
    let Some(SystemMessage::RoleChanged(changed)) = batch.last() else {
        panic!("a new lead, not {batch:?}");
    };
    assert_eq!(changed.lead_client_id, Some(second.client));
    server.post(&visitor, "still there?").unwrap();
    assert_eq!(agent_bodies(&server.fetch_agent(&second)), ["still there?"]);
}

#[test]
fn a_conferee_who_concludes_leaves_without_ending_the_engagement() {
    let mut server = TestServer::new();
    let (visitor, lead) = server.conversation();
    let second = server.log_on(13, false).unwrap();
    let id = visitor.engagement;
    server
        .switchboard
        .invite(id, second.account, server.now)
        .unwrap();
    accept_conference(&mut server, &second, id);
    server.conclude_as_agent(&second, &visitor).unwrap();
    server.post(&visitor, "only you now").unwrap();
    assert_eq!(agent_bodies(&server.fetch_agent(&lead)), ["only you now"]);
    server.release(&second, &visitor).unwrap();
}

#[test]
fn posts_without_a_valid_destination_are_refused() {
    let mut server = TestServer::new();
    let (visitor, lead) = server.conversation();
    let stranger = server.log_on(13, false).unwrap();

    let outsider = server.post_as_agent(&stranger, &visitor, "me too").unwrap();
    let error = outsider.echo.chat_system_error.unwrap();
    assert_eq!(error.code(), Some(ExceptionCode::Conflict));
    assert!(outsider.chat_post_result.is_none());

    let unknown = agent_post(5, DestinationType::Engagement, "hello?");
    let refusal = server
        .agent_handle(&lead)
        .unwrap()
        .post_message(&unknown)
        .unwrap_err();
    assert_eq!(refusal.status, 404);
    assert_eq!(
        refusal.error.code(),
        Some(ExceptionCode::EngagementIdUnknown)
    );

    let queue = agent_post(1, DestinationType::Queue, "hello?");
    let refusal = server
        .agent_handle(&lead)
        .unwrap()
        .post_message(&queue)
        .unwrap_err();
    assert_eq!(refusal.status, 400);
    assert_eq!(refusal.error.code(), Some(ExceptionCode::InvalidField));
    assert_eq!(bodies(&server.fetch(&visitor)), [""; 0]);
}

#[test]
fn ids_exceed_the_precision_of_a_double_and_differ_by_kind() {
    let mut server = TestServer::new();
    let visitor = server.visitor();
    assert_eq!(visitor.engagement.0, (1 << 53) + 1);
    assert!(visitor.client.0 > 1 << 53);
    assert_ne!(visitor.client, ClientId(visitor.engagement.0));
}

/// Accepts an invitation to join as a conferee.
fn accept_conference(server: &mut TestServer, agent: &TestAgent, id: EngagementId) {
    let (action, kind) = (AssignmentAction::Accept, AssignmentType::Conference);
    server.acknowledge(agent, id, action, kind).unwrap();
}
