use pipit_wire::agent::{AgentMessage, DestinationType, Visibility};
use pipit_wire::consumer::SystemMessage;
use pipit_wire::vocabulary::Role;
use pipit_wire::{ClientId, ExceptionCode};

use crate::floor::{Floor, agent_bodies, agent_post, assignments, bodies};

#[test]
fn the_agent_is_introduced_with_name_and_greeting() {
    let mut floor = Floor::with(|config| {
        config
            .greetings
            .insert(13, "Good day from {name}".to_owned());
    });
    for (account, greeting) in [
        (12, "Hi, this is Agent 12. How can I help you?"),
        (13, "Good day from Agent 13"),
    ] {
        let visitor = floor.visitor();
        let clerk = floor.clerk(account, 1);
        floor.accept(&clerk, &visitor);
        let batch = floor.fetch(&visitor);
        let [_, SystemMessage::ParticipantAdded(added)] = batch.as_slice() else {
            panic!("position and agent, not {batch:?}");
        };
        assert_eq!(added.greeting.as_deref(), Some(greeting));
        assert_eq!(added.role, Some(Role::Lead));
        assert_eq!(added.client_id, Some(clerk.client));
        assert_eq!(added.account_id, Some(clerk.account));
        assert_eq!(added.engagement_id, Some(visitor.engagement));
    }
}

#[test]
fn what_was_written_in_the_queue_reaches_the_agent_on_accept_in_order() {
    let mut floor = Floor::new();
    let visitor = floor.named_visitor("Mia", "Where is my kettle?");
    floor.say(&visitor, "first").unwrap();
    floor.say(&visitor, "second").unwrap();
    let clerk = floor.clerk(12, 1);
    let offered = floor.fetch_agent(&clerk);
    let assignment = assignments(&offered)[0];
    let contact = assignment.contact_info.as_ref().unwrap();
    assert_eq!(contact.question.as_deref(), Some("Where is my kettle?"));
    assert_eq!(agent_bodies(&offered), [""; 0]);

    floor.accept(&clerk, &visitor);
    let taken = floor.fetch_agent(&clerk);
    assert_eq!(agent_bodies(&taken), ["first", "second"]);
    let AgentMessage::ChatEngagementParticipantAdded(added) = &taken[0] else {
        panic!("the visitor first, not {taken:?}");
    };
    assert_eq!(
        (added.name.as_deref(), &added.role),
        (Some("Mia"), &Some(Role::EndUser))
    );
}

#[test]
fn both_sides_hear_each_other_and_streams_count_from_one() {
    let mut floor = Floor::new();
    let visitor = floor.visitor();
    let clerk = floor.clerk(12, 1);
    floor.accept(&clerk, &visitor);
    floor.say(&visitor, "hello").unwrap();
    floor.answer(&clerk, &visitor, "hi").unwrap();

    let to_visitor = floor.fetch(&visitor);
    assert_eq!(bodies(&to_visitor), ["hi"]);
    let places = to_visitor
        .iter()
        .map(|it| it.stamp().sequence_number.unwrap().0);
    assert_eq!(places.collect::<Vec<_>>(), [1, 2, 3]);

    let to_agent = floor.fetch_agent(&clerk);
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
fn a_visitors_own_message_comes_back_only_where_it_is_so_configured() {
    for echo in [false, true] {
        let mut floor = Floor::with(|config| config.echo = echo);
        let (visitor, _) = floor.conversation();
        floor.say(&visitor, "hello").unwrap();
        let batch = floor.fetch(&visitor);
        let expected: &[&str] = if echo { &["hello"] } else { &[] };
        assert_eq!(bodies(&batch), expected);
    }
}

#[test]
fn notes_among_agents_do_not_reach_the_visitor() {
    let mut floor = Floor::new();
    let (visitor, lead) = floor.conversation();
    let second = floor.log_on(13, false).unwrap();
    let (id, account) = (visitor.engagement, second.account);
    floor.board.invite(id, account, floor.now).unwrap();
    accept_conference(&mut floor, &second, id);
    floor.fetch(&visitor);
    floor.fetch_agent(&second);

    let mut note = agent_post(id.0, DestinationType::Engagement, "he is cross");
    note.visibility = Some(Visibility::NotEnduser);
    floor.agent(&lead).unwrap().post_message(&note).unwrap();
    assert_eq!(bodies(&floor.fetch(&visitor)), [""; 0]);
    assert_eq!(agent_bodies(&floor.fetch_agent(&second)), ["he is cross"]);

    let aside = agent_post(visitor.client.0, DestinationType::EndUser, "just you");
    floor.agent(&second).unwrap().post_message(&aside).unwrap();
    assert_eq!(bodies(&floor.fetch(&visitor)), ["just you"]);
    assert_eq!(agent_bodies(&floor.fetch_agent(&lead)), [""; 0]);
}

#[test]
fn a_conferee_joins_hears_everything_and_inherits_the_lead() {
    let mut floor = Floor::new();
    let (visitor, lead) = floor.conversation();
    let second = floor.log_on(13, false).unwrap();
    let id = visitor.engagement;
    floor.board.invite(id, second.account, floor.now).unwrap();
    let offered = floor.fetch_agent(&second);
    assert_eq!(assignments(&offered)[0].kind.as_deref(), Some("CONFERENCE"));
    accept_conference(&mut floor, &second, id);

    let batch = floor.fetch(&visitor);
    let [SystemMessage::ParticipantAdded(added)] = batch.as_slice() else {
        panic!("the conferee, not {batch:?}");
    };
    assert_eq!(added.role, Some(Role::Conferee));
    floor.say(&visitor, "hello both").unwrap();
    assert_eq!(agent_bodies(&floor.fetch_agent(&lead)), ["hello both"]);
    assert_eq!(agent_bodies(&floor.fetch_agent(&second)), ["hello both"]);

    floor.log_off(&lead, true);
    let batch = floor.fetch(&visitor);
    let Some(SystemMessage::RoleChanged(changed)) = batch.last() else {
        panic!("a new lead, not {batch:?}");
    };
    assert_eq!(changed.lead_client_id, Some(second.client));
    floor.say(&visitor, "still there?").unwrap();
    assert_eq!(agent_bodies(&floor.fetch_agent(&second)), ["still there?"]);
}

#[test]
fn a_conferee_who_concludes_only_leaves() {
    let mut floor = Floor::new();
    let (visitor, lead) = floor.conversation();
    let second = floor.log_on(13, false).unwrap();
    let id = visitor.engagement;
    floor.board.invite(id, second.account, floor.now).unwrap();
    accept_conference(&mut floor, &second, id);
    floor.conclude(&second, &visitor).unwrap();
    floor.say(&visitor, "only you now").unwrap();
    assert_eq!(agent_bodies(&floor.fetch_agent(&lead)), ["only you now"]);
    floor.release(&second, &visitor).unwrap();
}

#[test]
fn posts_that_lead_nowhere_are_refused() {
    let mut floor = Floor::new();
    let (visitor, lead) = floor.conversation();
    let stranger = floor.log_on(13, false).unwrap();

    let outsider = floor.answer(&stranger, &visitor, "me too").unwrap();
    let error = outsider.echo.chat_system_error.unwrap();
    assert_eq!(error.code(), Some(ExceptionCode::Conflict));
    assert!(outsider.chat_post_result.is_none());

    let unknown = agent_post(5, DestinationType::Engagement, "hello?");
    let refusal = floor
        .agent(&lead)
        .unwrap()
        .post_message(&unknown)
        .unwrap_err();
    assert_eq!(refusal.status, 404);
    assert_eq!(
        refusal.error.code(),
        Some(ExceptionCode::EngagementIdUnknown)
    );

    let queue = agent_post(1, DestinationType::Queue, "hello?");
    let refusal = floor
        .agent(&lead)
        .unwrap()
        .post_message(&queue)
        .unwrap_err();
    assert_eq!(refusal.status, 400);
    assert_eq!(refusal.error.code(), Some(ExceptionCode::InvalidField));
    assert_eq!(bodies(&floor.fetch(&visitor)), [""; 0]);
}

#[test]
fn ids_are_beyond_what_a_double_holds_and_differ_by_kind() {
    let mut floor = Floor::new();
    let visitor = floor.visitor();
    assert_eq!(visitor.engagement.0, (1 << 53) + 1);
    assert!(visitor.client.0 > 1 << 53);
    assert_ne!(visitor.client, ClientId(visitor.engagement.0));
}

fn accept_conference(floor: &mut Floor, clerk: &crate::floor::Clerk, id: pipit_wire::EngagementId) {
    use pipit_wire::agent::{AssignmentAction, AssignmentType};
    let (action, kind) = (AssignmentAction::Accept, AssignmentType::Conference);
    floor.acknowledge(clerk, id, action, kind).unwrap();
}
