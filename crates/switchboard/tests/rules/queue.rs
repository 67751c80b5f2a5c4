use pipit_wire::QueueId;
use pipit_wire::consumer::{EngagementQueueRequest, ProactiveAvailableType, QueueStatsRequest};
use pipit_wire::vocabulary::{DisconnectReason, Role};

use crate::floor::{Floor, assigned, end, left, positions};

#[test]
fn positions_move_up_when_the_first_leaves() {
    let mut floor = Floor::new();
    let (first, second, third) = (floor.visitor(), floor.visitor(), floor.visitor());
    assert_eq!(positions(&floor.fetch(&first)), [1]);
    assert_eq!(positions(&floor.fetch(&second)), [2]);
    assert_eq!(positions(&floor.fetch(&third)), [3]);

    floor.leave(&first).unwrap();
    assert_eq!(positions(&floor.fetch(&second)), [1]);
    assert_eq!(positions(&floor.fetch(&third)), [2]);
}

#[test]
fn positions_move_up_when_the_first_is_accepted_and_not_before() {
    let mut floor = Floor::new();
    let (first, second) = (floor.visitor(), floor.visitor());
    floor.fetch(&second);
    let clerk = floor.clerk(12, 1);
    assert_eq!(positions(&floor.fetch(&second)), [0_i64; 0]);
    floor.accept(&clerk, &first);
    assert_eq!(positions(&floor.fetch(&second)), [1]);
}

#[test]
fn the_wait_that_was_measured_is_told_to_the_next() {
    let mut floor = Floor::with(|config| config.average_wait_seconds = 45);
    let first = floor.visitor();
    floor.pass(10_000);
    let clerk = floor.clerk(12, 1);
    floor.accept(&clerk, &first);
    floor.visitor();
    let third = floor.visitor();
    let batch = floor.fetch(&third);
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
fn a_waiting_visitor_times_out_at_the_exact_moment() {
    let mut floor = Floor::with(|config| config.queue_timeout_ms = 5_000);
    let visitor = floor.visitor();
    floor.pass(4_999);
    assert_eq!(end(&floor.fetch(&visitor)), None);
    floor.pass(1);
    let end = end(&floor.fetch(&visitor));
    assert_eq!(end, Some((DisconnectReason::QueueTimeout, Role::None)));
}

#[test]
fn without_agents_waiting_ends_where_it_is_so_configured() {
    let mut floor = Floor::with(|config| config.conclude_without_agents = true);
    let visitor = floor.visitor();
    let ended = Some((DisconnectReason::NoAgentsAvailable, Role::None));
    assert_eq!(end(&floor.fetch(&visitor)), ended);

    let clerk = floor.log_on(12, false).unwrap();
    let visitor = floor.visitor();
    assert_eq!(end(&floor.fetch(&visitor)), None);
    floor.log_off(&clerk, false);
    assert_eq!(end(&floor.fetch(&visitor)), ended);
}

#[test]
fn a_transferred_visitor_waits_again_at_the_front() {
    let mut floor = Floor::new();
    let (visitor, clerk) = floor.conversation();
    floor.agent(&clerk).unwrap();
    floor.want(&clerk, 1);
    let next = floor.visitor();
    assert_eq!(positions(&floor.fetch(&next)), [1]);

    floor.board.transfer(visitor.engagement, floor.now).unwrap();
    let batch = floor.fetch(&visitor);
    assert_eq!(
        left(&batch),
        [(Role::Lead, DisconnectReason::TransferredToQueue)]
    );
    assert_eq!(positions(&batch), [1]);
    assert_eq!(end(&batch), None);
    assert_eq!(positions(&floor.fetch(&next)), [2]);

    // The agent who gave it away has room now, and is given the next visitor, not this one.
    assert_eq!(assigned(&floor.fetch_agent(&clerk)), [next.engagement]);
}

#[test]
fn stats_count_agents_places_and_who_waits() {
    let mut floor = Floor::new();
    floor.clerk(12, 1);
    floor.clerk(13, 3);
    let stats = |floor: &Floor, count| {
        let request = QueueStatsRequest {
            queue_id: QueueId(1),
            chat_proactive_available_type: count,
            unknown: pipit_wire::Fields::default(),
        };
        floor.board.queue_stats(&request)
    };
    let agents = stats(&floor, ProactiveAvailableType::Agents);
    assert_eq!(agents.available_agent_sessions, Some(2));
    let places = stats(&floor, ProactiveAvailableType::Sessions);
    assert_eq!(places.available_agent_sessions, Some(4));

    floor.visitor();
    let after = stats(&floor, ProactiveAvailableType::Sessions);
    assert_eq!(after.available_agent_sessions, Some(3));
    assert_eq!(after.engagements_in_queue, Some(1));
    let queue = floor
        .board
        .engagement_queue(&EngagementQueueRequest::default());
    assert_eq!(
        (queue.queue_id, queue.expected_wait_seconds),
        (Some(QueueId(1)), Some(60))
    );
}
