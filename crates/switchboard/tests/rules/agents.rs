//! Tests of offers of engagements to agents (assignments), of their availability, and of log-on and log-off.

use pipit_wire::agent::{
    AgentRequest, AssignmentAction, AssignmentType, AvailabilityStatus, SetActivityStatusRequest,
};
use pipit_wire::vocabulary::{DisconnectReason, Role};
use pipit_wire::{AccountId, ExceptionCode, Fields};

use crate::test_server::{
    TestServer, agent_bodies, assigned, assignments, departures, disconnections,
};

#[test]
fn assignment_made_says_whether_an_assignment_was_made_at_once() {
    let mut server = TestServer::new();
    let agent = server.log_on(12, false).unwrap();
    assert!(!server.request_assignment(&agent, 1));
    let visitor = server.visitor();
    assert_eq!(assigned(&server.fetch_agent(&agent)), [visitor.engagement]);

    server.visitor();
    assert!(
        !server.request_assignment(&agent, 1),
        "the offer occupies the only slot"
    );
    assert!(server.request_assignment(&agent, 2));
}

#[test]
fn a_declined_engagement_is_offered_to_the_next_agent() {
    let mut server = TestServer::new();
    let (ana, ben) = (server.available_agent(12, 1), server.available_agent(13, 1));
    let visitor = server.visitor();
    assert_eq!(assigned(&server.fetch_agent(&ana)), [visitor.engagement]);
    server.decline(&ana, &visitor);
    assert_eq!(assigned(&server.fetch_agent(&ben)), [visitor.engagement]);
    server.accept(&ben, &visitor);
}

#[test]
fn an_agent_who_declined_gets_the_offer_again_after_declined_ms_if_no_other_agent_is_free() {
    let mut server = TestServer::with(|config| config.declined_ms = 20_000);
    let agent = server.available_agent(12, 1);
    let visitor = server.visitor();
    server.fetch_agent(&agent);
    server.decline(&agent, &visitor);
    server.advance(19_999);
    assert_eq!(assigned(&server.fetch_agent(&agent)), []);
    server.advance(1);
    assert_eq!(assigned(&server.fetch_agent(&agent)), [visitor.engagement]);
}

#[test]
fn an_unanswered_assignment_goes_to_the_next_agent_and_the_first_is_notified() {
    let mut server = TestServer::with(|config| config.assignment_ms = 15_000);
    let (ana, ben) = (server.available_agent(12, 1), server.available_agent(13, 1));
    let visitor = server.visitor();
    server.fetch_agent(&ana);
    server.advance(14_999);
    assert_eq!(assigned(&server.fetch_agent(&ben)), []);
    server.advance(1);
    assert_eq!(assigned(&server.fetch_agent(&ben)), [visitor.engagement]);
    let received = disconnections(&server.fetch_agent(&ana));
    assert_eq!(
        received,
        [(Role::None, DisconnectReason::TransferredToQueue)]
    );

    let (action, kind) = (AssignmentAction::Accept, AssignmentType::Lead);
    let refusal = server
        .acknowledge(&ana, visitor.engagement, action, kind)
        .unwrap_err();
    assert_eq!(
        (refusal.status, refusal.error.code()),
        (404, Some(ExceptionCode::EngagementIdUnknown))
    );
}

#[test]
fn the_acknowledgement_must_match_the_assignment() {
    let mut server = TestServer::new();
    let agent = server.available_agent(12, 1);
    let visitor = server.visitor();
    for (action, kind) in [
        (AssignmentAction::Accept, AssignmentType::Conference),
        (AssignmentAction::None, AssignmentType::Lead),
    ] {
        let refusal = server
            .acknowledge(&agent, visitor.engagement, action, kind)
            .unwrap_err();
        assert_eq!(refusal.status, 400);
    }
    server.accept(&agent, &visitor);
}

#[test]
fn wrap_up_occupies_a_slot_until_the_release() {
    let mut server = TestServer::new();
    let agent = server.available_agent(12, 1);
    let (first, second) = (server.visitor(), server.visitor());
    server.accept(&agent, &first);
    server.fetch_agent(&agent);
    server.conclude_as_agent(&agent, &first).unwrap();
    assert_eq!(assigned(&server.fetch_agent(&agent)), []);
    server
        .conclude_as_agent(&agent, &first)
        .expect("the request may be repeated during wrap-up");

    server.release(&agent, &first).unwrap();
    assert_eq!(assigned(&server.fetch_agent(&agent)), [second.engagement]);
    let refusal = server.release(&agent, &first).unwrap_err();
    assert_eq!(refusal.status, 404);
}

#[test]
fn the_agent_with_the_least_work_gets_the_offer_then_the_one_whose_most_recent_offer_is_oldest() {
    let mut server = TestServer::new();
    let (ana, ben) = (server.available_agent(12, 3), server.available_agent(13, 3));
    let mut offered_accounts = Vec::new();
    for _ in 0..4 {
        let visitor = server.visitor();
        for agent in [&ana, &ben] {
            if assigned(&server.fetch_agent(agent)) == [visitor.engagement] {
                offered_accounts.push(agent.account.0);
                server.accept(agent, &visitor);
            }
        }
        server.advance(10);
    }
    assert_eq!(offered_accounts, [12, 13, 12, 13]);
}

#[test]
fn an_unavailable_agent_gets_no_offer() {
    let mut server = TestServer::new();
    let agent = server.available_agent(12, 1);
    let set_status = |server: &mut TestServer, status| {
        let request = SetActivityStatusRequest {
            status,
            sub_type_id: Some(0),
            agent: AgentRequest::default(),
            unknown: Fields::default(),
        };
        let handle = server.agent_handle(&agent).unwrap();
        handle.set_activity_status(&request)
    };
    set_status(&mut server, AvailabilityStatus::Unavailable).unwrap();
    let visitor = server.visitor();
    assert_eq!(assigned(&server.fetch_agent(&agent)), []);
    set_status(&mut server, AvailabilityStatus::Available).unwrap();
    assert_eq!(assigned(&server.fetch_agent(&agent)), [visitor.engagement]);
    let refusal = set_status(&mut server, AvailabilityStatus::from("LUNCH")).unwrap_err();
    assert_eq!(refusal.status, 400);
}

#[test]
fn logging_off_during_a_conversation_needs_force_and_puts_it_back_in_the_queue() {
    let mut server = TestServer::new();
    let (visitor, ana) = server.conversation();
    let ben = server.available_agent(13, 1);
    let refused = server.log_off(&ana, false).echo.chat_system_error.unwrap();
    assert_eq!(refused.code(), Some(ExceptionCode::Conflict));

    server.post(&visitor, "did you get this?").unwrap();
    server.log_off(&ana, true);
    let received = departures(&server.fetch(&visitor));
    assert_eq!(
        received,
        [(Role::Lead, DisconnectReason::TransferredToQueue)]
    );
    assert_eq!(server.agent_handle(&ana).unwrap_err().status, 403);

    let batch = server.fetch_agent(&ben);
    assert_eq!(assignments(&batch)[0].kind.as_deref(), Some("TRANSFER"));
    server.accept(&ben, &visitor);
    let unread = server.fetch_agent(&ben);
    assert_eq!(
        agent_bodies(&unread),
        ["did you get this?"],
        "Ana never fetched it"
    );
}

#[test]
fn an_account_that_is_logged_on_can_log_on_again_only_with_override() {
    let mut server = TestServer::new();
    let first = server.log_on(12, false).unwrap();
    assert_eq!(server.log_on(12, false).unwrap_err().status, 403);
    let second = server.log_on(12, true).unwrap();
    assert_eq!(server.agent_handle(&first).unwrap_err().status, 403);
    assert!(server.agent_handle(&second).is_ok());
}

#[test]
fn session_and_account_must_belong_together() {
    let mut server = TestServer::new();
    let agent = server.log_on(12, false).unwrap();
    server.log_on(13, false).unwrap();
    let now = server.now;
    let refusal = server
        .switchboard
        .agent(&agent.session, AccountId(13), now)
        .unwrap_err();
    let code = refusal.error.code();
    assert_eq!(
        (refusal.status, code),
        (403, Some(ExceptionCode::AccessDenied))
    );
    assert_eq!(
        server
            .switchboard
            .agent("made up", AccountId(12), now)
            .unwrap_err()
            .status,
        403
    );
}
