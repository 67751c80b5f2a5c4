use super::*;

#[test]
fn an_offer_is_shown_and_not_opened() {
    let mut desk = on_duty();
    assert_eq!(hear(&mut desk, &[assignment(ANN, "Ann")]), []);
    let ann = &desk.conversations[0];
    assert_eq!((ann.stage, ann.visitor.as_str()), (Stage::Offered, "Ann"));
    assert_eq!(ann.question.as_deref(), Some("Where is it?"));
    click(&mut desk, Click::ToFront(ANN));
    assert_eq!(desk.front, None);
}

#[test]
fn a_visitor_without_a_name_is_called_visitor() {
    let mut desk = on_duty();
    hear(&mut desk, &[assignment(ANN, " ")]);
    assert_eq!(desk.conversations[0].visitor, "Visitor");
}

#[test]
fn accepting_opens_asks_for_the_next_and_tells_the_visitor_of_the_focus() {
    let mut desk = on_duty();
    hear(&mut desk, &[assignment(ANN, "Ann")]);
    let accept = Request::Acknowledge(ANN, AssignmentAction::Accept, AssignmentType::Lead);
    assert_eq!(
        click(&mut desk, Click::Accept(ANN)),
        std::slice::from_ref(&accept)
    );
    assert_eq!(click(&mut desk, Click::Accept(ANN)), [], "twice");
    assert_eq!(
        answer(&mut desk, &accept, Ok(())),
        [ask(0), signal(ANN, ActivityMode::Listening, true)]
    );
    assert_eq!(desk.in_front().unwrap().stage, Stage::Open);
}

#[test]
fn what_was_written_while_waiting_may_come_before_the_answer_to_the_acknowledgement() {
    let mut desk = on_duty();
    hear(&mut desk, &[assignment(ANN, "Ann")]);
    let requests = click(&mut desk, Click::Accept(ANN));
    hear(&mut desk, &[posted(ANN, "first", "END_USER", 5)]);
    answer(&mut desk, &requests[0], Ok(()));
    assert_eq!(lines(&desk), [(From::Visitor, "first")]);
    assert_eq!(desk.in_front().unwrap().unread, 0);
}

#[test]
fn a_declined_offer_is_gone_and_another_is_asked_for() {
    let mut desk = on_duty();
    hear(&mut desk, &[assignment(ANN, "Ann")]);
    assert_eq!(click_through(&mut desk, Click::Decline(ANN)), [ask(0)]);
    assert_eq!(desk.conversations, []);
}

#[test]
fn an_offer_that_went_elsewhere_is_gone() {
    let mut desk = on_duty();
    hear(&mut desk, &[assignment(ANN, "Ann"), assignment(BOB, "Bob")]);
    let withdrawn = gone(ANN, "TRANSFERRED_TO_QUEUE", "NONE", OWN.0);
    assert_eq!(hear(&mut desk, &[withdrawn]), [ask(0)]);
    let accept = click(&mut desk, Click::Accept(BOB));
    answer(&mut desk, &accept[0], Err(refused(404)));
    assert_eq!(desk.conversations, []);
    assert!(desk.notice.unwrap().contains("no longer waits"));
}

#[test]
fn a_lost_answer_to_accept_is_settled_by_the_stream_or_by_the_agent() {
    let mut desk = on_duty();
    hear(&mut desk, &[assignment(ANN, "Ann")]);
    let accept = click(&mut desk, Click::Accept(ANN));
    answer(&mut desk, &accept[0], Err(unreachable()));
    assert_eq!(click(&mut desk, Click::Accept(ANN)), accept, "again");
    hear(&mut desk, &[added(ANN, "END_USER", "Ann", 5)]);
    assert_eq!(desk.conversations[0].stage, Stage::Open);
}

#[test]
fn a_visitor_who_leaves_while_the_acceptance_is_under_way_is_in_wrap_up() {
    let mut desk = on_duty();
    hear(&mut desk, &[assignment(ANN, "Ann")]);
    let accept = click(&mut desk, Click::Accept(ANN));
    hear(&mut desk, &[gone(ANN, "END_USER_CONCLUDED", "END_USER", 5)]);
    answer(&mut desk, &accept[0], Ok(()));
    assert_eq!(desk.in_front().unwrap().stage, Stage::WrapUp);
}

#[test]
fn nobody_is_asked_for_while_not_available() {
    let mut desk = with_ann();
    click_through(&mut desk, Click::SetAvailable(false));
    click_through(&mut desk, Click::Conclude);
    assert_eq!(click_through(&mut desk, Click::Release), []);
}
