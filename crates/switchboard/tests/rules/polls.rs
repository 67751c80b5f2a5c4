//! Tests of the long polls (`getMessages`) of visitors and agents.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Wake, Waker};

use pipit_switchboard::LongPoll as _;
use pipit_wire::WireObject as _;
use pipit_wire::agent::AgentMessage;

use crate::test_server::{TestAgent, TestServer, Visitor, bodies};

#[test]
fn a_poll_is_held_until_a_message_is_pending() {
    let mut server = TestServer::new();
    let (visitor, agent) = server.conversation();
    let poll = server.poll(&visitor).unwrap();
    assert!(poll.answer(&mut server.switchboard, server.now).is_none());
    server.post_as_agent(&agent, &visitor, "hi").unwrap();
    let answer = poll.answer(&mut server.switchboard, server.now).unwrap();
    assert_eq!(bodies(&answer.system_messages), ["hi"]);
    let again = poll.answer(&mut server.switchboard, server.now).unwrap();
    assert_eq!(
        bodies(&again.system_messages),
        [""; 0],
        "messages are taken once"
    );
}

#[test]
fn a_poll_without_messages_ends_after_30_seconds() {
    let mut server = TestServer::new();
    let (visitor, agent) = server.conversation();
    let poll = server.poll(&visitor).unwrap();
    let agent_poll = server.poll_agent(&agent);
    assert_eq!(poll.hold_ends_ms(), server.now + 30_000);
    server.advance(29_999);
    assert!(poll.answer(&mut server.switchboard, server.now).is_none());
    assert!(
        agent_poll
            .answer(&mut server.switchboard, server.now)
            .is_none()
    );
    server.advance(1);
    let answer = poll.answer(&mut server.switchboard, server.now).unwrap();
    assert!(answer.system_messages.is_empty());
    let answer = agent_poll
        .answer(&mut server.switchboard, server.now)
        .unwrap();
    let [AgentMessage::ChatGetTimeout(_)] = answer.get_response_types.as_slice() else {
        panic!("one ChatGetTimeout, not {answer:?}");
    };
}

#[test]
fn a_second_poll_ends_the_first_which_gets_no_messages() {
    let mut server = TestServer::new();
    let (visitor, agent) = server.conversation();
    let first = server.poll(&visitor).unwrap();
    let second = server.poll(&visitor).unwrap();
    let ended = first.answer(&mut server.switchboard, server.now).unwrap();
    assert!(ended.system_messages.is_empty());

    server.post_as_agent(&agent, &visitor, "hi").unwrap();
    let later_answer = first.answer(&mut server.switchboard, server.now).unwrap();
    assert!(later_answer.system_messages.is_empty());
    first.abandon(&mut server.switchboard, server.now);
    let answer = second.answer(&mut server.switchboard, server.now).unwrap();
    assert_eq!(bodies(&answer.system_messages), ["hi"]);
}

#[test]
fn an_abandoned_poll_loses_no_messages() {
    let mut server = TestServer::new();
    let (visitor, agent) = server.conversation();
    let poll = server.poll(&visitor).unwrap();
    server.post_as_agent(&agent, &visitor, "one").unwrap();
    poll.abandon(&mut server.switchboard, server.now);
    server.post_as_agent(&agent, &visitor, "two").unwrap();
    assert_eq!(bodies(&server.fetch(&visitor)), ["one", "two"]);
}

#[test]
fn answers_have_the_irregularities_of_oracles_reference() {
    let mut server = TestServer::new();
    let (visitor, agent) = server.conversation();
    let poll = server.poll_agent(&agent);
    server.post(&visitor, "hello").unwrap();
    let polled = poll
        .answer(&mut server.switchboard, server.now)
        .unwrap()
        .to_json();
    assert!(polled.contains(r#""clientSendTime":"null""#), "{polled}");
    assert!(
        polled.contains(r#""serviceStartTime":"2023-11-14T22:13:20.000Z""#),
        "{polled}"
    );
    assert!(!polled.contains("chatSystemError"), "{polled}");

    let posted = server
        .post_as_agent(&agent, &visitor, "hi")
        .unwrap()
        .to_json();
    assert!(posted.contains(r#""clientReset":"0""#), "{posted}");
    assert!(posted.contains(r#""chatSystemError":null"#), "{posted}");
    assert!(
        posted.contains(r#""serviceStartTime":1700000000000"#),
        "{posted}"
    );
    assert!(
        !posted.contains(&agent.session),
        "the answer shows a session id that differs from the one in the header"
    );

    let posted_by_visitor = server.post(&visitor, "bye").unwrap().to_json();
    assert!(
        posted_by_visitor.contains(r#""clientRequestTime":null"#),
        "{posted_by_visitor}"
    );
    assert!(
        posted_by_visitor.contains(r#""clientTransactionIdString":"0""#),
        "{posted_by_visitor}"
    );
}

/// Counts how often it is woken.
#[derive(Default)]
struct CountingWaker(AtomicUsize);

impl Wake for CountingWaker {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// How often a poll of the first visitor is woken by an event.
fn wakes_by(event: impl FnOnce(&mut TestServer, &Visitor, &Visitor, &TestAgent)) -> usize {
    let mut server = TestServer::new();
    let (first, agent) = server.conversation();
    let second = server.visitor();
    server.fetch(&first);
    let poll = server.poll(&first).unwrap();
    let counter = Arc::new(CountingWaker::default());
    let waker = Waker::from(Arc::clone(&counter));
    // A poll may register its waker at each attempt.
    poll.wake_on_change(&mut server.switchboard, &waker);
    poll.wake_on_change(&mut server.switchboard, &waker);
    event(&mut server, &first, &second, &agent);
    counter.0.load(Ordering::Relaxed)
}

#[test]
fn a_held_poll_is_woken_by_what_concerns_its_session_and_by_nothing_else() {
    let unconcerned = wakes_by(|server, _, second, agent| {
        server.post(second, "Hello").unwrap();
        server.poll(second).unwrap();
        server.fetch_agent(agent);
        server.visitor();
        server.log_on(13, false).unwrap();
    });
    assert_eq!(unconcerned, 0);
    let concerned: [fn(&mut TestServer, &Visitor, &Visitor, &TestAgent); 5] = [
        |server, first, _, agent| {
            server.post_as_agent(agent, first, "Hello").unwrap();
        },
        |server, first, _, _| {
            server.poll(first).unwrap();
        },
        |server, first, _, agent| {
            server.conclude_as_agent(agent, first).unwrap();
        },
        |server, first, _, _| {
            server.conclude_as_visitor(first).unwrap();
        },
        |server, _, _, _| {
            server
                .switchboard
                .reset(pipit_switchboard::Config::default());
        },
    ];
    for (index, event) in concerned.into_iter().enumerate() {
        assert_eq!(wakes_by(event), 1, "event {index}");
    }
}
