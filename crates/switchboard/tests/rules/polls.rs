use pipit_switchboard::LongPoll as _;
use pipit_wire::WireObject as _;
use pipit_wire::agent::AgentMessage;

use crate::floor::{Floor, bodies};

#[test]
fn a_poll_is_held_until_there_is_something_to_say() {
    let mut floor = Floor::new();
    let (visitor, clerk) = floor.conversation();
    let poll = floor.poll(&visitor).unwrap();
    assert!(poll.answer(&mut floor.board, floor.now).is_none());
    floor.answer(&clerk, &visitor, "hi").unwrap();
    let answer = poll.answer(&mut floor.board, floor.now).unwrap();
    assert_eq!(bodies(&answer.system_messages), ["hi"]);
    let again = poll.answer(&mut floor.board, floor.now).unwrap();
    assert_eq!(
        bodies(&again.system_messages),
        [""; 0],
        "messages are taken once"
    );
}

#[test]
fn a_hold_ends_after_30_seconds_with_nothing() {
    let mut floor = Floor::new();
    let (visitor, clerk) = floor.conversation();
    let poll = floor.poll(&visitor).unwrap();
    let agents = floor.poll_agent(&clerk);
    assert_eq!(poll.until_ms(), floor.now + 30_000);
    floor.pass(29_999);
    assert!(poll.answer(&mut floor.board, floor.now).is_none());
    assert!(agents.answer(&mut floor.board, floor.now).is_none());
    floor.pass(1);
    let answer = poll.answer(&mut floor.board, floor.now).unwrap();
    assert!(answer.system_messages.is_empty());
    let answer = agents.answer(&mut floor.board, floor.now).unwrap();
    let [AgentMessage::ChatGetTimeout(_)] = answer.get_response_types.as_slice() else {
        panic!("one ChatGetTimeout, not {answer:?}");
    };
}

#[test]
fn a_second_poll_ends_the_first_which_takes_nothing() {
    let mut floor = Floor::new();
    let (visitor, clerk) = floor.conversation();
    let first = floor.poll(&visitor).unwrap();
    let second = floor.poll(&visitor).unwrap();
    let ended = first.answer(&mut floor.board, floor.now).unwrap();
    assert!(ended.system_messages.is_empty());

    floor.answer(&clerk, &visitor, "hi").unwrap();
    let late = first.answer(&mut floor.board, floor.now).unwrap();
    assert!(late.system_messages.is_empty());
    first.abandon(&mut floor.board, floor.now);
    let answer = second.answer(&mut floor.board, floor.now).unwrap();
    assert_eq!(bodies(&answer.system_messages), ["hi"]);
}

#[test]
fn an_abandoned_poll_loses_nothing() {
    let mut floor = Floor::new();
    let (visitor, clerk) = floor.conversation();
    let poll = floor.poll(&visitor).unwrap();
    floor.answer(&clerk, &visitor, "one").unwrap();
    poll.abandon(&mut floor.board, floor.now);
    floor.answer(&clerk, &visitor, "two").unwrap();
    assert_eq!(bodies(&floor.fetch(&visitor)), ["one", "two"]);
}

#[test]
fn answers_show_the_oddities_of_the_pages() {
    let mut floor = Floor::new();
    let (visitor, clerk) = floor.conversation();
    let poll = floor.poll_agent(&clerk);
    floor.say(&visitor, "hello").unwrap();
    let polled = poll.answer(&mut floor.board, floor.now).unwrap().to_json();
    assert!(polled.contains(r#""clientSendTime":"null""#), "{polled}");
    assert!(
        polled.contains(r#""serviceStartTime":"2023-11-14T22:13:20.000Z""#),
        "{polled}"
    );
    assert!(!polled.contains("chatSystemError"), "{polled}");

    let posted = floor.answer(&clerk, &visitor, "hi").unwrap().to_json();
    assert!(posted.contains(r#""clientReset":"0""#), "{posted}");
    assert!(posted.contains(r#""chatSystemError":null"#), "{posted}");
    assert!(
        posted.contains(r#""serviceStartTime":1700000000000"#),
        "{posted}"
    );
    assert!(
        !posted.contains(&clerk.session),
        "another session id than the header's"
    );

    let said = floor.say(&visitor, "bye").unwrap().to_json();
    assert!(said.contains(r#""clientRequestTime":null"#), "{said}");
    assert!(
        said.contains(r#""clientTransactionIdString":"0""#),
        "{said}"
    );
}
