use super::*;

fn is_lost(desk: &Desk) -> bool {
    matches!(desk.duty, Duty::On { connected, .. } if !connected)
}

#[test]
fn a_log_on_that_fails_says_why_and_can_be_tried_again() {
    let mut desk = Desk::new(true);
    desk.take(Input::LogOnFailed("No token.".to_owned()));
    assert_eq!(desk.duty, Duty::Off("No token.".to_owned()));
    assert_eq!(desk.take(Input::LogOn), [Effect::LogOn]);
    assert_eq!(desk.duty, Duty::LoggingOn);
}

#[test]
fn a_poll_that_fails_is_shown_until_the_next_one_succeeds() {
    let mut desk = with_ann();
    desk.take(Input::Heard(OWN, Err(unreachable())));
    assert!(is_lost(&desk));
    assert_eq!(desk.front, Some(ANN), "nothing is lost but the connection");
    hear(&mut desk, &[]);
    assert!(!is_lost(&desk));
}

#[test]
fn a_session_that_is_over_ends_the_desk_and_an_older_one_does_not() {
    let mut desk = with_ann();
    desk.take(Input::Heard(ClientId(46), Err(refused(403))));
    assert!(desk.is_available());
    desk.take(Input::Heard(OWN, Err(refused(403))));
    assert!(matches!(desk.duty, Duty::Off(_)));
    assert_eq!(desk.conversations, []);
}

#[test]
fn logging_off_asks_first_when_a_conversation_is_open() {
    let mut desk = with_ann();
    assert_eq!(click(&mut desk, Click::LogOff), []);
    click(&mut desk, Click::Stay);
    assert_eq!(click(&mut desk, Click::LogOff), []);
    let log_off = Request::LogOff { force: true };
    assert_eq!(
        click(&mut desk, Click::LogOff),
        std::slice::from_ref(&log_off)
    );
    answer(&mut desk, &log_off, Ok(()));
    assert_eq!(desk.duty, Duty::Off("You are logged off.".to_owned()));
}

#[test]
fn logging_off_without_a_conversation_asks_nothing() {
    let log_off = Request::LogOff { force: false };
    assert_eq!(click(&mut on_duty(), Click::LogOff), [log_off]);
}

#[test]
fn the_streams_errors_are_shown_and_its_unknown_messages_are_not() {
    let mut desk = with_ann();
    let error = json!({"ChatSystemError": {"errorCondition": "X", "text": "Something broke."}});
    hear(&mut desk, &[json!({"ChatNovelty": {}}), error]);
    assert_eq!(desk.notice.as_deref(), Some("Something broke."));
    click(&mut desk, Click::DismissNotice);
    assert_eq!(desk.notice, None);
}
