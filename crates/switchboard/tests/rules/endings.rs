use pipit_wire::ExceptionCode;
use pipit_wire::vocabulary::{DisconnectReason, Role};

use crate::test_server::{TestServer, assigned, disconnects, end};

#[test]
fn an_agent_who_concludes_ends_the_conversation_for_the_visitor() {
    let mut server = TestServer::new();
    let (visitor, agent) = server.conversation();
    server.conclude_as_agent(&agent, &visitor).unwrap();
    let refusal = server.post(&visitor, "one more thing").unwrap_err();
    assert_eq!(
        (refusal.status, refusal.error.code()),
        (409, Some(ExceptionCode::Conflict))
    );

    let end = end(&server.fetch(&visitor));
    assert_eq!(end, Some((DisconnectReason::AgentConcluded, Role::Lead)));
    let later_refusal = server.post(&visitor, "hello?").unwrap_err();
    assert_eq!(
        (later_refusal.status, later_refusal.error.code()),
        (403, Some(ExceptionCode::AccessDenied))
    );
    assert_eq!(server.poll(&visitor).unwrap_err().status, 403);
}

#[test]
fn a_visitor_who_concludes_leaves_the_agent_in_wrap_up() {
    let mut server = TestServer::new();
    let (visitor, agent) = server.conversation();
    server.conclude_as_visitor(&visitor).unwrap();
    server
        .conclude_as_visitor(&visitor)
        .expect("may be asked again until the end was fetched");
    let received = disconnects(&server.fetch_agent(&agent));
    assert_eq!(
        received,
        [(Role::EndUser, DisconnectReason::EndUserConcluded)]
    );
    let end = end(&server.fetch(&visitor));
    assert_eq!(
        end,
        Some((DisconnectReason::EndUserConcluded, Role::EndUser))
    );
    assert_eq!(
        server.conclude_as_visitor(&visitor).unwrap_err().status,
        403
    );
    server.release(&agent, &visitor).unwrap();
    assert!(server.switchboard.state().engagements.is_empty());
}

#[test]
fn a_visitor_who_leaves_the_queue_withdraws_the_offer() {
    let mut server = TestServer::new();
    let agent = server.available_agent(12, 1);
    let (first, second) = (server.visitor(), server.visitor());
    server.fetch_agent(&agent);
    server.conclude_as_visitor(&first).unwrap();
    let batch = server.fetch_agent(&agent);
    assert_eq!(
        disconnects(&batch),
        [(Role::EndUser, DisconnectReason::EndUserConcluded)]
    );
    assert_eq!(
        assigned(&batch),
        [second.engagement],
        "no wrap-up of what was never taken"
    );
}

#[test]
fn a_silent_conversation_ends_for_both_sides_at_the_exact_moment() {
    let mut server = TestServer::with(|config| {
        config.idle_ms = 10_000;
    });
    let (visitor, agent) = server.conversation();
    server.advance(6_000);
    server.post(&visitor, "hm").unwrap();
    server.advance(9_999);
    assert_eq!(end(&server.fetch(&visitor)), None);
    server.advance(1);
    assert_eq!(
        end(&server.fetch(&visitor)),
        Some((DisconnectReason::IdleTimeout, Role::None))
    );
    let received = disconnects(&server.fetch_agent(&agent));
    assert_eq!(received, [(Role::None, DisconnectReason::IdleTimeout)]);
    server.release(&agent, &visitor).unwrap();
}

#[test]
fn an_end_that_nobody_fetches_is_removed_after_a_while() {
    let mut server = TestServer::with(|config| config.linger_ms = 1_000);
    let visitor = server.visitor();
    server.conclude_as_visitor(&visitor).unwrap();
    server.advance(999);
    assert!(server.conclude_as_visitor(&visitor).is_ok());
    server.advance(1);
    assert_eq!(
        server.conclude_as_visitor(&visitor).unwrap_err().status,
        403
    );
    assert!(server.switchboard.state().engagements.is_empty());
}
