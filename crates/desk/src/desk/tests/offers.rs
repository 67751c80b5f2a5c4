//! Tests of offered engagements (conversations with visitors).
//!
//! The helper functions are in `tests/mod.rs`: `assignment` is the server's message that offers an engagement, `act`
//! performs an action of the agent, `act_and_succeed` also lets its request succeed, `receive` passes messages of a poll
//! to the desk, `answer` passes the answer to a request, `refused` is the error of a request that the server has
//! refused with a status, and `unreachable` the error of a request that got no answer.

use super::*;

#[test]
fn an_offer_is_listed_and_cannot_be_selected() {
    let mut desk = available_agent();
    assert_eq!(receive(&mut desk, &[assignment(ANN, "Ann")]), []);
    let ann = &desk.conversations[0];
    assert_eq!((ann.stage, ann.visitor.as_str()), (Stage::Offered, "Ann"));
    assert_eq!(ann.question.as_deref(), Some("Where is it?"));
    act(&mut desk, Action::Select(ANN));
    assert_eq!(desk.selected, None);
}

#[test]
fn a_visitor_without_a_name_is_called_visitor() {
    let mut desk = available_agent();
    receive(&mut desk, &[assignment(ANN, " ")]);
    assert_eq!(desk.conversations[0].visitor, "Visitor");
}

#[test]
fn accepting_opens_the_conversation_and_then_requests_an_engagement_and_signals_the_focus() {
    let mut desk = available_agent();
    receive(&mut desk, &[assignment(ANN, "Ann")]);
    let accept = Request::Acknowledge(ANN, AssignmentAction::Accept, AssignmentType::Lead);
    assert_eq!(
        act(&mut desk, Action::Accept(ANN)),
        std::slice::from_ref(&accept)
    );
    assert_eq!(
        act(&mut desk, Action::Accept(ANN)),
        [],
        "the second action has no effect"
    );
    assert_eq!(
        answer(&mut desk, &accept, Ok(())),
        [
            assignment_request(0),
            signal_request(ANN, ActivityMode::Listening, true)
        ]
    );
    assert_eq!(desk.selected_conversation().unwrap().stage, Stage::Open);
}

#[test]
fn messages_may_arrive_before_the_answer_to_the_acceptance() {
    let mut desk = available_agent();
    receive(&mut desk, &[assignment(ANN, "Ann")]);
    let requests = act(&mut desk, Action::Accept(ANN));
    // Ann wrote this message while she waited in the queue.
    receive(
        &mut desk,
        &[message_posted(ANN, "first", "END_USER", ANN_CLIENT)],
    );
    answer(&mut desk, &requests[0], Ok(()));
    assert_eq!(transcript(&desk), [(Sender::Visitor, "first")]);
    assert_eq!(desk.selected_conversation().unwrap().unread_count, 0);
}

#[test]
fn a_declined_offer_is_removed_and_another_engagement_is_requested() {
    let mut desk = available_agent();
    receive(&mut desk, &[assignment(ANN, "Ann")]);
    assert_eq!(
        act_and_succeed(&mut desk, Action::Decline(ANN)),
        [assignment_request(0)]
    );
    assert_eq!(desk.conversations, []);
}

#[test]
fn a_withdrawn_offer_is_removed_when_the_server_says_so_or_refuses_the_acceptance() {
    let mut desk = available_agent();
    receive(&mut desk, &[assignment(ANN, "Ann"), assignment(BOB, "Bob")]);
    // The server withdraws an offer by a message that this agent has left, although the agent never had a role.
    let withdrawn = disconnect(ANN, "TRANSFERRED_TO_QUEUE", "NONE", OWN_CLIENT.0);
    assert_eq!(receive(&mut desk, &[withdrawn]), [assignment_request(0)]);
    // Bob's offer was withdrawn as well. The agent accepts it before the server's message arrives.
    let accept = act(&mut desk, Action::Accept(BOB));
    answer(&mut desk, &accept[0], Err(refused(404)));
    assert_eq!(desk.conversations, []);
    assert!(desk.notice.unwrap().contains("no longer waits"));
}

#[test]
fn after_a_lost_answer_the_agent_can_accept_again_or_a_message_opens_the_conversation() {
    let mut desk = available_agent();
    receive(&mut desk, &[assignment(ANN, "Ann")]);
    let accept = act(&mut desk, Action::Accept(ANN));
    answer(&mut desk, &accept[0], Err(unreachable()));
    assert_eq!(
        act(&mut desk, Action::Accept(ANN)),
        accept,
        "the agent can accept again"
    );
    receive(
        &mut desk,
        &[participant_added(ANN, "END_USER", "Ann", ANN_CLIENT)],
    );
    assert_eq!(desk.conversations[0].stage, Stage::Open);
}

#[test]
fn a_conversation_is_in_wrap_up_if_the_visitor_left_before_the_acceptance_was_answered() {
    let mut desk = available_agent();
    receive(&mut desk, &[assignment(ANN, "Ann")]);
    let accept = act(&mut desk, Action::Accept(ANN));
    receive(
        &mut desk,
        &[disconnect(
            ANN,
            "END_USER_CONCLUDED",
            "END_USER",
            ANN_CLIENT,
        )],
    );
    answer(&mut desk, &accept[0], Ok(()));
    assert_eq!(desk.selected_conversation().unwrap().stage, Stage::WrapUp);
}

#[test]
fn an_unavailable_agent_requests_no_engagement() {
    let mut desk = with_ann();
    act_and_succeed(&mut desk, Action::SetAvailable(false));
    act_and_succeed(&mut desk, Action::Conclude);
    assert_eq!(act_and_succeed(&mut desk, Action::Release), []);
}

#[test]
fn an_offer_says_who_the_visitor_is_and_who_the_agent() {
    let mut desk = available_agent();
    let mut offer = assignment(ANN, "Ann");
    let body = &mut offer["ChatEngagementAssignment"];
    body["contactInfo"]["emailAddress"] = "ann@example.com".into();
    body["contactInfo"]["referrerUrl"] = "https://shop.example/pots".into();
    body["engagementCreateTime"] = 1_000.into();
    body["agentInfo"] = json!({ "name": "Ana Marques" });
    receive(&mut desk, &[offer, assignment(BOB, "Bob")]);
    assert_eq!(desk.agent_name.as_deref(), Some("Ana Marques"));
    let about: Vec<_> = desk
        .conversations
        .iter()
        .map(|it| it.about_visitor.clone())
        .collect();
    let ann = Visitor {
        email: Some("ann@example.com".to_owned()),
        page: Some("https://shop.example/pots".to_owned()),
        waits_since: Some(1_000),
    };
    assert_eq!(about, [ann, Visitor::default()]);
}
