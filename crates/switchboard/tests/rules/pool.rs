use pipit_switchboard::{LongPoll as _, PoolAddress};
use pipit_wire::agent::AgentMessage;
use pipit_wire::consumer::{ClientRequest, SystemMessage};

use crate::floor::Floor;

fn move_to(floor: &mut Floor, pool: &str) {
    let to = PoolAddress {
        pool: pool.to_owned(),
        domain: Some("chat2.example".to_owned()),
        port: Some(444),
    };
    floor.board.migrate(to, floor.now);
}

fn pools(batch: &[SystemMessage]) -> Vec<&str> {
    let news = batch.iter().filter_map(|message| match message {
        SystemMessage::ConfigurationChanged(it) => it.new_pool(),
        _ => None,
    });
    news.collect()
}

#[test]
fn a_migration_is_told_to_both_sides() {
    let mut floor = Floor::new();
    let (visitor, clerk) = floor.conversation();
    let held = floor.poll(&visitor).unwrap();
    move_to(&mut floor, "298:1");
    let answer = held.answer(&mut floor.board, floor.now).unwrap();
    assert_eq!(pools(&answer.system_messages), ["298:1"]);
    let batch = floor.fetch_agent(&clerk);
    let [AgentMessage::ChatConfigChangeNotification(told)] = batch.as_slice() else {
        panic!("the new pool, not {batch:?}");
    };
    assert_eq!(told.pool.as_deref(), Some("298:1"));
    assert_eq!(told.port.as_deref(), Some("444"));
    assert_eq!(told.envelope.destination_id, None);
}

#[test]
fn the_former_pool_answers_for_a_grace_and_unknown_ones_never() {
    let mut floor = Floor::with(|config| config.pool_grace_ms = 5_000);
    assert_eq!(
        floor
            .board
            .admit(Some("1:1"), floor.now)
            .unwrap_err()
            .status,
        404
    );
    move_to(&mut floor, "298:1");
    floor.pass(4_999);
    assert!(floor.board.admit(Some("297:1"), floor.now).is_ok());
    floor.pass(1);
    assert_eq!(
        floor
            .board
            .admit(Some("297:1"), floor.now)
            .unwrap_err()
            .status,
        404
    );
    for pool in [Some("298:1"), Some(""), None] {
        assert!(floor.board.admit(pool, floor.now).is_ok(), "{pool:?}");
    }
}

#[test]
fn who_slept_through_the_change_learns_it_from_any_later_poll() {
    let mut floor = Floor::new();
    let visitor = floor.visitor();
    move_to(&mut floor, "298:1");
    floor.fetch(&visitor);
    floor.pass(60_000);
    for _ in 0..2 {
        let now = floor.now;
        let consumer = floor.board.consumer(&visitor.session, now).unwrap();
        let poll = consumer
            .get_messages(&ClientRequest::default(), Some("297:1"))
            .unwrap();
        let answer = poll.answer(&mut floor.board, now).unwrap();
        assert_eq!(pools(&answer.system_messages), ["298:1"]);
    }
    assert!(
        floor.fetch(&visitor).is_empty(),
        "not told under the new pool"
    );
}

#[test]
fn where_pools_are_not_strict_every_pool_answers() {
    let floor = Floor::with(|config| config.strict_pool = false);
    assert!(floor.board.admit(Some("1:1"), floor.now).is_ok());
}
