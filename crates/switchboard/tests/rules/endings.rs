use pipit_wire::ExceptionCode;
use pipit_wire::vocabulary::{DisconnectReason, Role};

use crate::floor::{Floor, assigned, disconnects, end};

#[test]
fn an_agent_who_concludes_ends_it_for_the_visitor() {
    let mut floor = Floor::new();
    let (visitor, clerk) = floor.conversation();
    floor.conclude(&clerk, &visitor).unwrap();
    let late = floor.say(&visitor, "one more thing").unwrap_err();
    assert_eq!(
        (late.status, late.error.code()),
        (409, Some(ExceptionCode::Conflict))
    );

    let end = end(&floor.fetch(&visitor));
    assert_eq!(end, Some((DisconnectReason::AgentConcluded, Role::Lead)));
    let gone = floor.say(&visitor, "hello?").unwrap_err();
    assert_eq!(
        (gone.status, gone.error.code()),
        (403, Some(ExceptionCode::AccessDenied))
    );
    assert_eq!(floor.poll(&visitor).unwrap_err().status, 403);
}

#[test]
fn a_visitor_who_concludes_leaves_the_agent_in_wrap_up() {
    let mut floor = Floor::new();
    let (visitor, clerk) = floor.conversation();
    floor.leave(&visitor).unwrap();
    floor
        .leave(&visitor)
        .expect("may be asked again until the end was fetched");
    let told = disconnects(&floor.fetch_agent(&clerk));
    assert_eq!(told, [(Role::EndUser, DisconnectReason::EndUserConcluded)]);
    let end = end(&floor.fetch(&visitor));
    assert_eq!(
        end,
        Some((DisconnectReason::EndUserConcluded, Role::EndUser))
    );
    assert_eq!(floor.leave(&visitor).unwrap_err().status, 403);
    floor.release(&clerk, &visitor).unwrap();
    assert!(floor.board.state().engagements.is_empty());
}

#[test]
fn a_visitor_who_leaves_the_queue_takes_the_offer_along() {
    let mut floor = Floor::new();
    let clerk = floor.clerk(12, 1);
    let (first, second) = (floor.visitor(), floor.visitor());
    floor.fetch_agent(&clerk);
    floor.leave(&first).unwrap();
    let batch = floor.fetch_agent(&clerk);
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
fn nobody_writes_and_it_ends_for_both_at_the_exact_moment() {
    let mut floor = Floor::with(|config| {
        config.idle_ms = 10_000;
    });
    let (visitor, clerk) = floor.conversation();
    floor.pass(6_000);
    floor.say(&visitor, "hm").unwrap();
    floor.pass(9_999);
    assert_eq!(end(&floor.fetch(&visitor)), None);
    floor.pass(1);
    assert_eq!(
        end(&floor.fetch(&visitor)),
        Some((DisconnectReason::IdleTimeout, Role::None))
    );
    let told = disconnects(&floor.fetch_agent(&clerk));
    assert_eq!(told, [(Role::None, DisconnectReason::IdleTimeout)]);
    floor.release(&clerk, &visitor).unwrap();
}

#[test]
fn an_end_that_nobody_fetches_is_forgotten_after_a_while() {
    let mut floor = Floor::with(|config| config.linger_ms = 1_000);
    let visitor = floor.visitor();
    floor.leave(&visitor).unwrap();
    floor.pass(999);
    assert!(floor.leave(&visitor).is_ok());
    floor.pass(1);
    assert_eq!(floor.leave(&visitor).unwrap_err().status, 403);
    assert!(floor.board.state().engagements.is_empty());
}
