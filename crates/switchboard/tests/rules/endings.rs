//! Tests of the end of an engagement, and of *wrap-up*, the time between the end and the agent's `releaseChat`.

use pipit_wire::ExceptionCode;
use pipit_wire::vocabulary::{DisconnectReason, Role};

use crate::test_server::{TestServer, assigned, conclusion, disconnections};

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

    let conclusion = conclusion(&server.fetch(&visitor));
    assert_eq!(
        conclusion,
        Some((DisconnectReason::AgentConcluded, Role::Lead))
    );
    let refusal_after_fetch = server.post(&visitor, "hello?").unwrap_err();
    assert_eq!(
        (refusal_after_fetch.status, refusal_after_fetch.error.code()),
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
        .expect("the request may be repeated until the end was fetched");
    let received = disconnections(&server.fetch_agent(&agent));
    assert_eq!(
        received,
        [(Role::EndUser, DisconnectReason::EndUserConcluded)]
    );
    let conclusion = conclusion(&server.fetch(&visitor));
    assert_eq!(
        conclusion,
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
        disconnections(&batch),
        [(Role::EndUser, DisconnectReason::EndUserConcluded)]
    );
    assert_eq!(
        assigned(&batch),
        [second.engagement],
        "an engagement that was never accepted needs no wrap-up"
    );
}

#[test]
fn a_conversation_in_which_nobody_writes_ends_for_both_sides_after_the_idle_time() {
    let mut server = TestServer::with(|config| {
        config.idle_ms = 10_000;
    });
    let (visitor, agent) = server.conversation();
    server.advance(6_000);
    server.post(&visitor, "hm").unwrap();
    server.advance(9_999);
    assert_eq!(conclusion(&server.fetch(&visitor)), None);
    server.advance(1);
    assert_eq!(
        conclusion(&server.fetch(&visitor)),
        Some((DisconnectReason::IdleTimeout, Role::None))
    );
    let received = disconnections(&server.fetch_agent(&agent));
    assert_eq!(received, [(Role::None, DisconnectReason::IdleTimeout)]);
    server.release(&agent, &visitor).unwrap();
}

#[test]
fn an_engagement_whose_end_nobody_fetches_is_removed_after_the_linger_time() {
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
