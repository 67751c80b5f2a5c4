use pipit_switchboard::LongPoll as _;
use pipit_wire::consumer::SystemMessage;
use pipit_wire::vocabulary::{ConnectionState, DisconnectReason, Role};

use crate::floor::{Floor, assigned, disconnects, end, left, positions};

/// 120 s absent, twice, and the conversation is over.
const GONE_MS: i64 = 240_000;

#[test]
fn a_visitor_who_does_not_poll_is_absent_then_gone_at_the_exact_moments() {
    let mut floor = Floor::new();
    let (visitor, clerk) = floor.conversation();
    let agents = floor.poll_agent(&clerk);
    floor.pass(119_999);
    assert!(floor.board.state().engagements[0].session.active);
    floor.pass(1);
    assert!(!floor.board.state().engagements[0].session.active);
    floor.pass(GONE_MS - 120_000 - 1);
    let before = agents.answer(&mut floor.board, floor.now).unwrap();
    assert_eq!(disconnects(&before.get_response_types), []);
    floor.pass(1);
    let told = disconnects(&floor.fetch_agent(&clerk));
    assert_eq!(told, [(Role::EndUser, DisconnectReason::ParticipantLeft)]);

    let returned = end(&floor.fetch(&visitor));
    assert_eq!(
        returned,
        Some((DisconnectReason::ParticipantLeft, Role::EndUser))
    );
}

#[test]
fn a_visitor_who_polls_in_time_stays() {
    let mut floor = Floor::new();
    let (visitor, clerk) = floor.conversation();
    for _ in 0..5 {
        floor.pass(110_000);
        assert_eq!(end(&floor.fetch(&visitor)), None);
        floor.fetch_agent(&clerk);
    }
}

#[test]
fn a_held_poll_counts_as_presence_until_its_hold_ends() {
    let mut floor = Floor::with(|config| config.hold_ms = 100_000);
    let visitor = floor.visitor();
    floor.fetch(&visitor);
    floor.poll(&visitor).unwrap();
    floor.pass(219_999);
    assert!(floor.board.state().engagements[0].session.active);
    floor.pass(1);
    assert!(!floor.board.state().engagements[0].session.active);
}

#[test]
fn a_visitor_who_vanishes_from_the_queue_leaves_it() {
    let mut floor = Floor::new();
    floor.visitor();
    let second = floor.visitor();
    floor.pass(200_000);
    floor.fetch(&second);
    floor.pass(GONE_MS - 200_000);
    assert_eq!(positions(&floor.fetch(&second)), [1]);
}

#[test]
fn an_agent_who_vanishes_is_absent_then_given_up_and_the_visitor_waits_at_the_front() {
    let mut floor = Floor::new();
    let (visitor, _) = floor.conversation();
    floor.pass(120_000);
    let states = connection_states(&floor.fetch(&visitor));
    assert_eq!(states, [(ConnectionState::Absent, Some(120))]);
    floor.pass(GONE_MS - 120_000);
    let batch = floor.fetch(&visitor);
    assert_eq!(
        connection_states(&batch),
        [(ConnectionState::Disconnected, None)]
    );
    assert_eq!(
        left(&batch),
        [(Role::Lead, DisconnectReason::TransferredToQueue)]
    );
    assert_eq!(positions(&batch), [1]);
    assert!(floor.board.state().agents.is_empty());
}

#[test]
fn an_agent_who_comes_back_is_active_again_and_is_given_engagements_again() {
    let mut floor = Floor::new();
    let (visitor, clerk) = floor.conversation();
    floor.pass(120_000);
    floor.fetch(&visitor);
    let next = floor.visitor();
    assert!(
        !floor.want(&clerk, 3),
        "nobody is assigned to an absent agent"
    );
    assert_eq!(assigned(&floor.fetch_agent(&clerk)), [next.engagement]);
    let states = connection_states(&floor.fetch(&visitor));
    assert_eq!(states, [(ConnectionState::Active, None)]);
}

#[test]
fn the_deadline_is_that_of_the_next_time_out() {
    let mut floor = Floor::new();
    assert_eq!(floor.board.next_deadline(), None);
    let visitor = floor.visitor();
    assert_eq!(floor.board.next_deadline(), Some(floor.now + 120_000));
    floor.poll(&visitor).unwrap();
    assert_eq!(floor.board.next_deadline(), Some(floor.now + 150_000));
}

fn connection_states(batch: &[SystemMessage]) -> Vec<(ConnectionState, Option<i64>)> {
    let told = batch.iter().filter_map(|message| match message {
        SystemMessage::ParticipantConnectionStateChanged(it) => {
            Some((it.connection_state.clone()?, it.seconds_to_disconnect))
        }
        _ => None,
    });
    told.collect()
}
