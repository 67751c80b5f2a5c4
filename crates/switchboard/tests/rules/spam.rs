use pipit_wire::ExceptionCode;
use pipit_wire::vocabulary::{DisconnectReason, Role};

use crate::floor::{Floor, agent_bodies, bodies, disconnects, end};

#[test]
fn one_hit_is_answered_with_200_a_notice_and_no_delivery() {
    let long = "a".repeat(10_001);
    let addresses = "see https://a.example ".repeat(6);
    let symbols = "\u{1F600}".repeat(41);
    for text in [long.as_str(), &addresses, &symbols] {
        let mut floor = Floor::new();
        let (visitor, clerk) = floor.conversation();
        floor.say(&visitor, text).unwrap();
        let batch = floor.fetch(&visitor);
        assert!(
            bodies(&batch)[0].starts_with("Your message was not sent"),
            "{batch:?}"
        );
        assert_eq!(agent_bodies(&floor.fetch_agent(&clerk)), [""; 0]);
        assert_eq!(floor.board.state().spam_hits, 1);
    }
}

#[test]
fn the_same_text_is_a_duplicate_within_the_window() {
    let mut floor = Floor::new();
    let (visitor, clerk) = floor.conversation();
    floor.say(&visitor, "hello").unwrap();
    floor.pass(30_000);
    floor.say(&visitor, "hello").unwrap();
    assert_eq!(agent_bodies(&floor.fetch_agent(&clerk)), ["hello", "hello"]);
    floor.pass(29_999);
    floor.say(&visitor, "hello").unwrap();
    assert_eq!(agent_bodies(&floor.fetch_agent(&clerk)), [""; 0]);
}

#[test]
fn a_burst_is_stopped_and_ends() {
    let mut floor = Floor::with(|config| config.spam.burst_count = 3);
    let (visitor, clerk) = floor.conversation();
    for text in ["1", "2", "3", "4"] {
        floor.say(&visitor, text).unwrap();
    }
    assert_eq!(agent_bodies(&floor.fetch_agent(&clerk)), ["1", "2", "3"]);
    floor.pass(10_000);
    floor.say(&visitor, "5").unwrap();
    assert_eq!(agent_bodies(&floor.fetch_agent(&clerk)), ["5"]);
}

#[test]
fn repeated_hits_put_the_visitor_out() {
    let mut floor = Floor::new();
    let (visitor, clerk) = floor.conversation();
    floor.say(&visitor, "buy!").unwrap();
    floor.say(&visitor, "buy!").unwrap();
    floor.say(&visitor, "buy!").unwrap();
    let ejected = floor.say(&visitor, "buy!").unwrap_err();
    assert_eq!(
        (ejected.status, ejected.error.code()),
        (409, Some(ExceptionCode::Conflict))
    );

    let batch = floor.fetch(&visitor);
    assert_eq!(bodies(&batch).len(), 3, "each hit has its notice");
    assert_eq!(
        end(&batch),
        Some((DisconnectReason::Ejected, Role::EndUser))
    );
    let batch = floor.fetch_agent(&clerk);
    assert_eq!(agent_bodies(&batch), ["buy!"]);
    assert_eq!(
        disconnects(&batch),
        [(Role::EndUser, DisconnectReason::Ejected)]
    );
}

#[test]
fn the_rule_can_be_switched_off() {
    let mut floor = Floor::with(|config| config.spam.enabled = false);
    let (visitor, clerk) = floor.conversation();
    for _ in 0..5 {
        floor.say(&visitor, "buy!").unwrap();
    }
    assert_eq!(agent_bodies(&floor.fetch_agent(&clerk)), ["buy!"; 5]);
}
