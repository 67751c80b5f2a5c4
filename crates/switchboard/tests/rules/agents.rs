use pipit_wire::agent::{
    AgentRequest, AssignmentAction, AssignmentType, AvailabilityStatus, SetActivityStatusRequest,
};
use pipit_wire::vocabulary::{DisconnectReason, Role};
use pipit_wire::{AccountId, ExceptionCode, Fields};

use crate::floor::{Floor, agent_bodies, assigned, assignments, disconnects, left};

#[test]
fn assignment_made_tells_whether_one_was_made_at_once() {
    let mut floor = Floor::new();
    let clerk = floor.log_on(12, false).unwrap();
    assert!(!floor.want(&clerk, 1));
    let visitor = floor.visitor();
    assert_eq!(assigned(&floor.fetch_agent(&clerk)), [visitor.engagement]);

    floor.visitor();
    assert!(!floor.want(&clerk, 1), "the place is taken by the offer");
    assert!(floor.want(&clerk, 2));
}

#[test]
fn a_declined_engagement_goes_to_the_next_agent_and_keeps_its_place() {
    let mut floor = Floor::new();
    let (ana, ben) = (floor.clerk(12, 1), floor.clerk(13, 1));
    let visitor = floor.visitor();
    assert_eq!(assigned(&floor.fetch_agent(&ana)), [visitor.engagement]);
    floor.decline(&ana, &visitor);
    assert_eq!(assigned(&floor.fetch_agent(&ben)), [visitor.engagement]);
    floor.accept(&ben, &visitor);
}

#[test]
fn an_agent_who_declined_is_asked_again_after_a_while_when_nobody_else_is_there() {
    let mut floor = Floor::with(|config| config.declined_ms = 20_000);
    let clerk = floor.clerk(12, 1);
    let visitor = floor.visitor();
    floor.fetch_agent(&clerk);
    floor.decline(&clerk, &visitor);
    floor.pass(19_999);
    assert_eq!(assigned(&floor.fetch_agent(&clerk)), []);
    floor.pass(1);
    assert_eq!(assigned(&floor.fetch_agent(&clerk)), [visitor.engagement]);
}

#[test]
fn an_unanswered_assignment_passes_on_and_the_agent_is_told() {
    let mut floor = Floor::with(|config| config.assignment_ms = 15_000);
    let (ana, ben) = (floor.clerk(12, 1), floor.clerk(13, 1));
    let visitor = floor.visitor();
    floor.fetch_agent(&ana);
    floor.pass(14_999);
    assert_eq!(assigned(&floor.fetch_agent(&ben)), []);
    floor.pass(1);
    assert_eq!(assigned(&floor.fetch_agent(&ben)), [visitor.engagement]);
    let told = disconnects(&floor.fetch_agent(&ana));
    assert_eq!(told, [(Role::None, DisconnectReason::TransferredToQueue)]);

    let (action, kind) = (AssignmentAction::Accept, AssignmentType::Lead);
    let late = floor
        .acknowledge(&ana, visitor.engagement, action, kind)
        .unwrap_err();
    assert_eq!(
        (late.status, late.error.code()),
        (404, Some(ExceptionCode::EngagementIdUnknown))
    );
}

#[test]
fn the_acknowledgement_must_fit_the_assignment() {
    let mut floor = Floor::new();
    let clerk = floor.clerk(12, 1);
    let visitor = floor.visitor();
    for (action, kind) in [
        (AssignmentAction::Accept, AssignmentType::Conference),
        (AssignmentAction::None, AssignmentType::Lead),
    ] {
        let refusal = floor
            .acknowledge(&clerk, visitor.engagement, action, kind)
            .unwrap_err();
        assert_eq!(refusal.status, 400);
    }
    floor.accept(&clerk, &visitor);
}

#[test]
fn wrap_up_takes_a_place_until_it_is_released() {
    let mut floor = Floor::new();
    let clerk = floor.clerk(12, 1);
    let (first, second) = (floor.visitor(), floor.visitor());
    floor.accept(&clerk, &first);
    floor.fetch_agent(&clerk);
    floor.conclude(&clerk, &first).unwrap();
    assert_eq!(assigned(&floor.fetch_agent(&clerk)), []);
    floor
        .conclude(&clerk, &first)
        .expect("asked again while in wrap-up");

    floor.release(&clerk, &first).unwrap();
    assert_eq!(assigned(&floor.fetch_agent(&clerk)), [second.engagement]);
    let again = floor.release(&clerk, &first).unwrap_err();
    assert_eq!(again.status, 404);
}

#[test]
fn the_agent_with_the_least_work_is_asked_then_the_one_asked_longest_ago() {
    let mut floor = Floor::new();
    let (ana, ben) = (floor.clerk(12, 3), floor.clerk(13, 3));
    let mut given = Vec::new();
    for _ in 0..4 {
        let visitor = floor.visitor();
        for clerk in [&ana, &ben] {
            if assigned(&floor.fetch_agent(clerk)) == [visitor.engagement] {
                given.push(clerk.account.0);
                floor.accept(clerk, &visitor);
            }
        }
        floor.pass(10);
    }
    assert_eq!(given, [12, 13, 12, 13]);
}

#[test]
fn an_unavailable_agent_is_given_nothing() {
    let mut floor = Floor::new();
    let clerk = floor.clerk(12, 1);
    let set = |floor: &mut Floor, status| {
        let request = SetActivityStatusRequest {
            status,
            agent: AgentRequest::default(),
            unknown: Fields::default(),
        };
        let agent = floor.agent(&clerk).unwrap();
        agent.set_activity_status(&request)
    };
    set(&mut floor, AvailabilityStatus::Unavailable).unwrap();
    let visitor = floor.visitor();
    assert_eq!(assigned(&floor.fetch_agent(&clerk)), []);
    set(&mut floor, AvailabilityStatus::Available).unwrap();
    assert_eq!(assigned(&floor.fetch_agent(&clerk)), [visitor.engagement]);
    let odd = set(&mut floor, AvailabilityStatus::from("LUNCH")).unwrap_err();
    assert_eq!(odd.status, 400);
}

#[test]
fn logging_off_needs_force_in_a_conversation_and_puts_it_back_into_the_queue() {
    let mut floor = Floor::new();
    let (visitor, ana) = floor.conversation();
    let ben = floor.clerk(13, 1);
    let refused = floor.log_off(&ana, false).echo.chat_system_error.unwrap();
    assert_eq!(refused.code(), Some(ExceptionCode::Conflict));

    floor.say(&visitor, "did you get this?").unwrap();
    floor.log_off(&ana, true);
    let told = left(&floor.fetch(&visitor));
    assert_eq!(told, [(Role::Lead, DisconnectReason::TransferredToQueue)]);
    assert_eq!(floor.agent(&ana).unwrap_err().status, 403);

    let batch = floor.fetch_agent(&ben);
    assert_eq!(assignments(&batch)[0].kind.as_deref(), Some("TRANSFER"));
    floor.accept(&ben, &visitor);
    let unread = floor.fetch_agent(&ben);
    assert_eq!(
        agent_bodies(&unread),
        ["did you get this?"],
        "Ana never fetched it"
    );
}

#[test]
fn an_account_logs_on_once_unless_it_overrides() {
    let mut floor = Floor::new();
    let first = floor.log_on(12, false).unwrap();
    assert_eq!(floor.log_on(12, false).unwrap_err().status, 403);
    let second = floor.log_on(12, true).unwrap();
    assert_eq!(floor.agent(&first).unwrap_err().status, 403);
    assert!(floor.agent(&second).is_ok());
}

#[test]
fn session_and_account_must_belong_together() {
    let mut floor = Floor::new();
    let clerk = floor.log_on(12, false).unwrap();
    floor.log_on(13, false).unwrap();
    let now = floor.now;
    let refusal = floor
        .board
        .agent(&clerk.session, AccountId(13), now)
        .unwrap_err();
    let code = refusal.error.code();
    assert_eq!(
        (refusal.status, code),
        (403, Some(ExceptionCode::AccessDenied))
    );
    assert_eq!(
        floor
            .board
            .agent("made up", AccountId(12), now)
            .unwrap_err()
            .status,
        403
    );
}
