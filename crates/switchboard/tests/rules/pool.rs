//! Tests of the migration of a site to another *pool* (group of chat servers).

use pipit_switchboard::{LongPoll as _, PoolAddress};
use pipit_wire::agent::AgentMessage;
use pipit_wire::consumer::{ClientRequest, SystemMessage};

use crate::test_server::TestServer;

fn migrate(server: &mut TestServer, pool: &str) {
    let to = PoolAddress {
        pool: pool.to_owned(),
        domain: Some("chat2.example".to_owned()),
        port: Some(444),
    };
    server.switchboard.migrate(to, server.now);
}

/// The pools that a batch announces.
fn announced_pools(batch: &[SystemMessage]) -> Vec<&str> {
    let pools = batch.iter().filter_map(|message| match message {
        SystemMessage::ConfigurationChanged(it) => it.new_pool(),
        _ => None,
    });
    pools.collect()
}

#[test]
fn a_migration_is_announced_to_both_sides() {
    let mut server = TestServer::new();
    let (visitor, agent) = server.conversation();
    let held = server.poll(&visitor).unwrap();
    migrate(&mut server, "298:1");
    let answer = held.answer(&mut server.switchboard, server.now).unwrap();
    assert_eq!(announced_pools(&answer.system_messages), ["298:1"]);
    let batch = server.fetch_agent(&agent);
    let [AgentMessage::ChatConfigChangeNotification(received)] = batch.as_slice() else {
        panic!("the new pool, not {batch:?}");
    };
    assert_eq!(received.pool.as_deref(), Some("298:1"));
    assert_eq!(received.port.as_deref(), Some("444"));
    assert_eq!(received.envelope.destination_id, None);
}

#[test]
fn the_former_pool_answers_during_the_grace_period_and_unknown_pools_never() {
    let mut server = TestServer::with(|config| config.pool_grace_ms = 5_000);
    assert_eq!(
        server
            .switchboard
            .check_pool(Some("1:1"), server.now)
            .unwrap_err()
            .status,
        404
    );
    migrate(&mut server, "298:1");
    server.advance(4_999);
    assert!(
        server
            .switchboard
            .check_pool(Some("297:1"), server.now)
            .is_ok()
    );
    server.advance(1);
    assert_eq!(
        server
            .switchboard
            .check_pool(Some("297:1"), server.now)
            .unwrap_err()
            .status,
        404
    );
    for pool in [Some("298:1"), Some(""), None] {
        assert!(
            server.switchboard.check_pool(pool, server.now).is_ok(),
            "{pool:?}"
        );
    }
}

#[test]
fn a_client_that_missed_the_migration_learns_it_from_any_later_poll() {
    let mut server = TestServer::new();
    let visitor = server.visitor();
    migrate(&mut server, "298:1");
    server.fetch(&visitor);
    server.advance(60_000);
    for _ in 0..2 {
        let now = server.now;
        let consumer = server.switchboard.consumer(&visitor.session, now).unwrap();
        let poll = consumer
            .get_messages(&ClientRequest::default(), Some("297:1"))
            .unwrap();
        let answer = poll.answer(&mut server.switchboard, now).unwrap();
        assert_eq!(announced_pools(&answer.system_messages), ["298:1"]);
    }
    assert!(
        server.fetch(&visitor).is_empty(),
        "a poll to the new pool gets no announcement"
    );
}

#[test]
fn without_strict_pool_every_pool_answers() {
    let server = TestServer::with(|config| config.strict_pool = false);
    assert!(
        server
            .switchboard
            .check_pool(Some("1:1"), server.now)
            .is_ok()
    );
}
