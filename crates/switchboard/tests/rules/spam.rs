//! Tests of the spam rule, with the default thresholds unless a test changes them.

use pipit_wire::ExceptionCode;
use pipit_wire::vocabulary::{DisconnectReason, Role};

use crate::test_server::{TestServer, agent_bodies, bodies, conclusion, disconnections};

#[test]
fn one_spam_text_is_answered_with_200_and_a_notice_and_not_delivered() {
    let long = "a".repeat(10_001);
    let addresses = "see https://a.example ".repeat(6);
    let symbols = "\u{1F600}".repeat(41);
    for text in [long.as_str(), &addresses, &symbols] {
        let mut server = TestServer::new();
        let (visitor, agent) = server.conversation();
        server.post(&visitor, text).unwrap();
        let batch = server.fetch(&visitor);
        assert!(
            bodies(&batch)[0].starts_with("Your message was not sent"),
            "{batch:?}"
        );
        assert_eq!(agent_bodies(&server.fetch_agent(&agent)), [""; 0]);
        assert_eq!(server.switchboard.state().spam_hits, 1);
    }
}

#[test]
fn the_same_text_is_a_duplicate_within_the_window() {
    let mut server = TestServer::new();
    let (visitor, agent) = server.conversation();
    server.post(&visitor, "hello").unwrap();
    server.advance(30_000);
    server.post(&visitor, "hello").unwrap();
    assert_eq!(
        agent_bodies(&server.fetch_agent(&agent)),
        ["hello", "hello"]
    );
    server.advance(29_999);
    server.post(&visitor, "hello").unwrap();
    assert_eq!(agent_bodies(&server.fetch_agent(&agent)), [""; 0]);
}

#[test]
fn texts_beyond_the_burst_limit_are_stopped_until_the_burst_is_over() {
    let mut server = TestServer::with(|config| config.spam.burst_count = 3);
    let (visitor, agent) = server.conversation();
    for text in ["1", "2", "3", "4"] {
        server.post(&visitor, text).unwrap();
    }
    assert_eq!(agent_bodies(&server.fetch_agent(&agent)), ["1", "2", "3"]);
    server.advance(10_000);
    server.post(&visitor, "5").unwrap();
    assert_eq!(agent_bodies(&server.fetch_agent(&agent)), ["5"]);
}

#[test]
fn the_third_spam_text_ejects_the_visitor() {
    let mut server = TestServer::new();
    let (visitor, agent) = server.conversation();
    server.post(&visitor, "buy!").unwrap();
    server.post(&visitor, "buy!").unwrap();
    server.post(&visitor, "buy!").unwrap();
    let ejected = server.post(&visitor, "buy!").unwrap_err();
    assert_eq!(
        (ejected.status, ejected.error.code()),
        (409, Some(ExceptionCode::Conflict))
    );

    let batch = server.fetch(&visitor);
    assert_eq!(bodies(&batch).len(), 3, "each spam text gets a notice");
    assert_eq!(
        conclusion(&batch),
        Some((DisconnectReason::Ejected, Role::EndUser))
    );
    let batch = server.fetch_agent(&agent);
    assert_eq!(agent_bodies(&batch), ["buy!"]);
    assert_eq!(
        disconnections(&batch),
        [(Role::EndUser, DisconnectReason::Ejected)]
    );
}

#[test]
fn the_rule_can_be_switched_off() {
    let mut server = TestServer::with(|config| config.spam.enabled = false);
    let (visitor, agent) = server.conversation();
    for _ in 0..5 {
        server.post(&visitor, "buy!").unwrap();
    }
    assert_eq!(agent_bodies(&server.fetch_agent(&agent)), ["buy!"; 5]);
}
