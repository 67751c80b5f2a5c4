//! Tests of participants who stop polling: they become absent, and later they are disconnected.

use pipit_switchboard::LongPoll as _;
use pipit_wire::consumer::SystemMessage;
use pipit_wire::vocabulary::{ConnectionState, DisconnectReason, Role};

use crate::test_server::{TestServer, assigned, conclusion, departures, disconnections, positions};

/// A participant who has not polled for this long is disconnected: twice `absent_ms`, which is 120 s by default.
const DISCONNECTED_AFTER_MS: i64 = 240_000;

#[test]
fn a_visitor_who_does_not_poll_is_absent_after_120_s_and_disconnected_after_240_s() {
    let mut server = TestServer::new();
    let (visitor, agent) = server.conversation();
    let agent_poll = server.poll_agent(&agent);
    server.advance(119_999);
    assert!(server.switchboard.state().engagements[0].session.active);
    server.advance(1);
    assert!(!server.switchboard.state().engagements[0].session.active);
    server.advance(DISCONNECTED_AFTER_MS - 120_000 - 1);
    let before = agent_poll
        .answer(&mut server.switchboard, server.now)
        .unwrap();
    assert_eq!(disconnections(&before.get_response_types), []);
    server.advance(1);
    let received = disconnections(&server.fetch_agent(&agent));
    assert_eq!(
        received,
        [(Role::EndUser, DisconnectReason::ParticipantLeft)]
    );

    let conclusion_for_visitor = conclusion(&server.fetch(&visitor));
    assert_eq!(
        conclusion_for_visitor,
        Some((DisconnectReason::ParticipantLeft, Role::EndUser))
    );
}

#[test]
fn a_visitor_who_polls_in_time_stays() {
    let mut server = TestServer::new();
    let (visitor, agent) = server.conversation();
    for _ in 0..5 {
        server.advance(110_000);
        assert_eq!(conclusion(&server.fetch(&visitor)), None);
        server.fetch_agent(&agent);
    }
}

#[test]
fn a_held_poll_counts_as_presence_until_its_hold_ends() {
    let mut server = TestServer::with(|config| config.hold_ms = 100_000);
    let visitor = server.visitor();
    server.fetch(&visitor);
    server.poll(&visitor).unwrap();
    server.advance(219_999);
    assert!(server.switchboard.state().engagements[0].session.active);
    server.advance(1);
    assert!(!server.switchboard.state().engagements[0].session.active);
}

#[test]
fn a_visitor_who_stops_polling_leaves_the_queue() {
    let mut server = TestServer::new();
    server.visitor();
    let second = server.visitor();
    server.advance(200_000);
    server.fetch(&second);
    server.advance(DISCONNECTED_AFTER_MS - 200_000);
    assert_eq!(positions(&server.fetch(&second)), [1]);
}

#[test]
fn an_agent_who_stops_polling_is_absent_then_disconnected_and_the_visitor_waits_at_the_front() {
    let mut server = TestServer::new();
    let (visitor, _) = server.conversation();
    server.advance(120_000);
    let states = connection_states(&server.fetch(&visitor));
    assert_eq!(states, [(ConnectionState::Absent, Some(120))]);
    server.advance(DISCONNECTED_AFTER_MS - 120_000);
    let batch = server.fetch(&visitor);
    assert_eq!(
        connection_states(&batch),
        [(ConnectionState::Disconnected, None)]
    );
    assert_eq!(
        departures(&batch),
        [(Role::Lead, DisconnectReason::TransferredToQueue)]
    );
    assert_eq!(positions(&batch), [1]);
    assert!(server.switchboard.state().agents.is_empty());
}

#[test]
fn an_agent_who_polls_again_is_active_and_gets_engagements_again() {
    let mut server = TestServer::new();
    let (visitor, agent) = server.conversation();
    server.advance(120_000);
    server.fetch(&visitor);
    let next = server.visitor();
    assert!(
        !server.request_assignment(&agent, 3),
        "an absent agent gets no assignment"
    );
    assert_eq!(assigned(&server.fetch_agent(&agent)), [next.engagement]);
    let states = connection_states(&server.fetch(&visitor));
    assert_eq!(states, [(ConnectionState::Active, None)]);
}

#[test]
fn next_deadline_is_the_time_of_the_next_time_out() {
    let mut server = TestServer::new();
    assert_eq!(server.switchboard.next_deadline(), None);
    let visitor = server.visitor();
    assert_eq!(
        server.switchboard.next_deadline(),
        Some(server.now + 120_000)
    );
    server.poll(&visitor).unwrap();
    assert_eq!(
        server.switchboard.next_deadline(),
        Some(server.now + 150_000)
    );
}

fn connection_states(batch: &[SystemMessage]) -> Vec<(ConnectionState, Option<i64>)> {
    let received = batch.iter().filter_map(|message| match message {
        SystemMessage::ParticipantConnectionStateChanged(change) => Some((
            change.connection_state.clone()?,
            change.seconds_to_disconnect,
        )),
        _ => None,
    });
    received.collect()
}
