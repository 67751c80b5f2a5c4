//! Tests of log-on, log-off and lost connections. The helper functions are in `tests/mod.rs`: `with_ann` makes the desk
//! of an agent who has an open conversation with the visitor Ann, `act` performs an action of the agent, `receive`
//! passes messages of a poll to the desk, and `answer` passes the answer to a request.

use super::*;

/// Whether the agent is logged on and the most recent poll has failed.
fn is_disconnected(desk: &Desk) -> bool {
    matches!(desk.session, SessionState::LoggedOn { is_connected, .. } if !is_connected)
}

#[test]
fn a_failed_log_on_shows_the_reason_and_can_be_repeated() {
    let mut desk = Desk::new(true);
    desk.handle(Input::LogOnFailed("No token.".to_owned()));
    assert_eq!(
        desk.session,
        SessionState::LoggedOff("No token.".to_owned())
    );
    assert_eq!(desk.handle(Input::LogOn), [Effect::LogOn]);
    assert_eq!(desk.session, SessionState::LoggingOn);
}

#[test]
fn a_lost_connection_is_shown_until_a_poll_succeeds() {
    let mut desk = with_ann();
    desk.handle(Input::Polled(OWN_CLIENT, Err(unreachable())));
    assert!(is_disconnected(&desk));
    assert_eq!(desk.selected, Some(ANN), "the conversation stays selected");
    receive(&mut desk, &[]);
    assert!(!is_disconnected(&desk));
}

#[test]
fn the_answer_to_a_request_of_an_earlier_session_changes_nothing() {
    let mut desk = with_ann();
    let before = desk.clone();
    let requests = [
        Request::SetAvailable(false),
        Request::Conclude(ANN),
        Request::Release(ANN),
        Request::LogOff { force: true },
    ];
    for request in requests {
        // The agent had this client id in an earlier session.
        desk.handle(Input::Answered(ClientId(46), request, Ok(())));
        assert_eq!(desk, before);
    }
}

#[test]
fn a_refused_poll_logs_off_only_if_it_belongs_to_the_current_session() {
    let mut desk = with_ann();
    // The agent had this client id in an earlier session.
    desk.handle(Input::Polled(ClientId(46), Err(refused(403))));
    // The agent is still logged on.
    assert!(desk.is_available());
    desk.handle(Input::Polled(OWN_CLIENT, Err(refused(403))));
    assert!(matches!(desk.session, SessionState::LoggedOff(_)));
    assert_eq!(desk.conversations, []);
}

#[test]
fn logging_off_needs_confirmation_while_a_conversation_is_open() {
    let mut desk = with_ann();
    assert_eq!(act(&mut desk, Action::LogOff), []);
    act(&mut desk, Action::CancelLogOff);
    assert_eq!(act(&mut desk, Action::LogOff), []);
    let log_off = Request::LogOff { force: true };
    assert_eq!(
        act(&mut desk, Action::LogOff),
        std::slice::from_ref(&log_off)
    );
    answer(&mut desk, &log_off, Ok(()));
    assert_eq!(
        desk.session,
        SessionState::LoggedOff("You are logged off.".to_owned())
    );
}

#[test]
fn logging_off_without_a_conversation_needs_no_confirmation() {
    let log_off = Request::LogOff { force: false };
    assert_eq!(act(&mut available_agent(), Action::LogOff), [log_off]);
}

#[test]
fn error_messages_of_the_server_are_shown_and_unknown_messages_are_ignored() {
    let mut desk = with_ann();
    // The desk knows no message with the name `ChatNovelty`.
    let error = json!({"ChatSystemError": {"errorCondition": "X", "text": "Something broke."}});
    receive(&mut desk, &[json!({"ChatNovelty": {}}), error]);
    assert_eq!(desk.notice.as_deref(), Some("Something broke."));
    act(&mut desk, Action::DismissNotice);
    assert_eq!(desk.notice, None);
}
