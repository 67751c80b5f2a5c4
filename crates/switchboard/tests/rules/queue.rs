//! Tests of the queue: positions, waits, transfers and the queries about it.

use pipit_switchboard::{ConsumerClaims, QueueRule};
use pipit_wire::QueueId;
use pipit_wire::consumer::{
    ClientRequest, EngagementQueueRequest, ProactiveAvailableType, QueueStatsRequest, ResultType,
};
use pipit_wire::vocabulary::{DisconnectReason, Role};

use crate::test_server::{TestServer, assigned, conclusion, departures, positions};

#[test]
fn positions_move_up_when_the_first_leaves() {
    let mut server = TestServer::new();
    let (first, second, third) = (server.visitor(), server.visitor(), server.visitor());
    assert_eq!(positions(&server.fetch(&first)), [1]);
    assert_eq!(positions(&server.fetch(&second)), [2]);
    assert_eq!(positions(&server.fetch(&third)), [3]);

    server.conclude_as_visitor(&first).unwrap();
    assert_eq!(positions(&server.fetch(&second)), [1]);
    assert_eq!(positions(&server.fetch(&third)), [2]);
}

#[test]
fn positions_move_up_when_the_first_is_accepted_and_not_before() {
    let mut server = TestServer::new();
    let (first, second) = (server.visitor(), server.visitor());
    server.fetch(&second);
    let agent = server.available_agent(12, 1);
    assert_eq!(positions(&server.fetch(&second)), [0_i64; 0]);
    server.accept(&agent, &first);
    assert_eq!(positions(&server.fetch(&second)), [1]);
}

#[test]
fn the_measured_wait_is_announced_to_later_visitors() {
    let mut server = TestServer::with(|config| config.average_wait_seconds = 45);
    let first = server.visitor();
    server.advance(10_000);
    let agent = server.available_agent(12, 1);
    server.accept(&agent, &first);
    server.visitor();
    let third = server.visitor();
    let batch = server.fetch(&third);
    let text = format!("{batch:?}");
    assert!(
        text.contains("expected_wait_time_seconds: Some(20)"),
        "{text}"
    );
    assert!(
        text.contains("average_wait_time_seconds: Some(10)"),
        "{text}"
    );
}

#[test]
fn a_waiting_visitor_is_removed_exactly_after_the_queue_time_out() {
    let mut server = TestServer::with(|config| config.queue_timeout_ms = 5_000);
    let visitor = server.visitor();
    server.advance(4_999);
    assert_eq!(conclusion(&server.fetch(&visitor)), None);
    server.advance(1);
    let conclusion = conclusion(&server.fetch(&visitor));
    assert_eq!(
        conclusion,
        Some((DisconnectReason::QueueTimeout, Role::None))
    );
}

#[test]
fn without_agents_a_waiting_engagement_ends_if_conclude_without_agents_is_set() {
    let mut server = TestServer::with(|config| config.conclude_without_agents = true);
    let visitor = server.visitor();
    let no_agents = Some((DisconnectReason::NoAgentsAvailable, Role::None));
    assert_eq!(conclusion(&server.fetch(&visitor)), no_agents);

    let agent = server.log_on(12, false).unwrap();
    let visitor = server.visitor();
    assert_eq!(conclusion(&server.fetch(&visitor)), None);
    server.log_off(&agent, false);
    assert_eq!(conclusion(&server.fetch(&visitor)), no_agents);
}

#[test]
fn a_transferred_visitor_waits_again_at_the_front() {
    let mut server = TestServer::new();
    let (visitor, agent) = server.conversation();
    server.agent_handle(&agent).unwrap();
    server.request_assignment(&agent, 1);
    let next = server.visitor();
    assert_eq!(positions(&server.fetch(&next)), [1]);

    server
        .switchboard
        .transfer(visitor.engagement, server.now)
        .unwrap();
    let batch = server.fetch(&visitor);
    assert_eq!(
        departures(&batch),
        [(Role::Lead, DisconnectReason::TransferredToQueue)]
    );
    assert_eq!(positions(&batch), [1]);
    assert_eq!(conclusion(&batch), None);
    assert_eq!(positions(&server.fetch(&next)), [2]);

    // The former lead has a free slot again, and gets an offer of the next visitor, not of the transferred one.
    assert_eq!(assigned(&server.fetch_agent(&agent)), [next.engagement]);
}

#[test]
fn stats_count_agents_free_slots_and_waiting_engagements() {
    let mut server = TestServer::new();
    server.available_agent(12, 1);
    server.available_agent(13, 3);
    let stats = |server: &TestServer, counted| {
        let request = QueueStatsRequest {
            queue_id: QueueId(1),
            chat_proactive_available_type: counted,
            unknown: pipit_wire::Fields::default(),
        };
        server.switchboard.queue_stats(&request)
    };
    let agents = stats(&server, ProactiveAvailableType::Agents);
    assert_eq!(agents.available_agent_sessions, Some(2));
    let sessions = stats(&server, ProactiveAvailableType::Sessions);
    assert_eq!(sessions.available_agent_sessions, Some(4));

    server.visitor();
    let after = stats(&server, ProactiveAvailableType::Sessions);
    assert_eq!(after.available_agent_sessions, Some(3));
    assert_eq!(after.engagements_in_queue, Some(1));
    let queue = server
        .switchboard
        .engagement_queue(&EngagementQueueRequest::default());
    assert_eq!(
        (queue.queue_id, queue.expected_wait_seconds),
        (Some(QueueId(1)), Some(60))
    );
}

#[test]
fn a_closed_queue_and_an_unknown_one_take_no_engagement() {
    // The tests begin on a Tuesday at 22:13:20 UTC.
    let rule = |id, hours: &str| QueueRule {
        id,
        opening_hours: vec![hours.to_owned()],
    };
    let mut server = TestServer::with(|config| {
        config.queues = vec![rule(1, "Tue 22:00-23:00"), rule(2, "Mon 00:00-24:00")];
    });
    let mut request = |queue: Option<i64>, token: &str| {
        let mut claims = ConsumerClaims::anonymous(token);
        claims.visitor.queue_id = queue;
        let now = server.now;
        server
            .switchboard
            .request_engagement(&claims, &ClientRequest::default(), now)
    };
    assert_eq!(request(None, "a").unwrap().result_type, ResultType::Success);
    let closed = request(Some(2), "b").unwrap();
    assert_eq!(closed.result_type, ResultType::FailOutOfHours);
    assert_eq!((closed.session_id, closed.engagement_id), (None, None));
    assert_eq!(request(Some(3), "c").unwrap_err().status, 409);
    let again = request(Some(1), "b").unwrap();
    assert_eq!(
        again.result_type,
        ResultType::Success,
        "the token is not used up"
    );
}
