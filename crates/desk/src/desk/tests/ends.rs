//! Tests of conversations that end. An ended conversation is in *wrap-up* until the agent releases it.
//!
//! The helper functions are in `tests/mod.rs`: `with_ann` makes the desk of an agent who has an open conversation with
//! the visitor Ann, `act` performs an action of the agent, `act_and_succeed` also lets its request succeed, `receive`
//! passes messages of a poll to the desk, `answer` passes the answer to a request, and `refused` is the error of a
//! request that the server has refused with a status.

use super::*;

#[test]
fn a_concluded_conversation_is_in_wrap_up_until_its_release_asks_for_the_next_engagement() {
    let mut desk = with_ann_and_bob();
    assert_eq!(
        act(&mut desk, Action::Release),
        [],
        "only an ended conversation can be released"
    );
    act_and_succeed(&mut desk, Action::Conclude);
    assert_eq!(
        transcript(&desk),
        [(Sender::System, "You ended the conversation.")]
    );
    // The conversation with Bob was selected, so the agent has ended this one. When the server confirms that the agent
    // is available, the desk asks for another engagement.
    assert_eq!(
        act_and_succeed(&mut desk, Action::SetAvailable(true)),
        [assignment_request(1)],
        "Bob's engagement counts as idle: it has ended and is not released"
    );
    assert_eq!(
        act_and_succeed(&mut desk, Action::Release),
        [
            assignment_request(0),
            signal_request(ANN, ActivityMode::Listening, true)
        ]
    );
    assert_eq!(desk.selected, Some(ANN));
}

#[test]
fn each_end_adds_one_entry_with_its_reason() {
    for (reason, text) in [
        ("END_USER_CONCLUDED", "The visitor ended the conversation."),
        ("AGENT_CONCLUDED", "An agent ended the conversation."),
        (
            "IDLE_TIMEOUT",
            "The conversation ended: nobody wrote for a while.",
        ),
        ("EJECTED", "The visitor was removed from the conversation."),
        ("PARTICIPANT_LEFT", "The visitor has left the conversation."),
        ("SOMETHING_NEW", "The visitor has left the conversation."),
    ] {
        let mut desk = with_ann();
        let notification = disconnect(ANN, reason, "END_USER", ANN_CLIENT);
        // The second notification of the same end adds no entry.
        receive(&mut desk, &[notification.clone(), notification]);
        assert_eq!(transcript(&desk), [(Sender::System, text)]);
        assert_eq!(desk.selected_conversation().unwrap().stage, Stage::WrapUp);
    }
}

#[test]
fn a_visitor_who_is_transferred_to_the_queue_is_removed() {
    let mut desk = with_ann();
    let transfer = disconnect(ANN, "TRANSFERRED_TO_QUEUE", "LEAD", OWN_CLIENT.0);
    assert_eq!(receive(&mut desk, &[transfer]), [assignment_request(0)]);
    assert_eq!(desk.conversations, []);
    assert_eq!(desk.notice.as_deref(), Some("Ann waits again."));
}

#[test]
fn a_failed_request_can_be_repeated_but_an_unknown_engagement_is_removed() {
    let mut desk = with_ann();
    let conclude = act(&mut desk, Action::Conclude);
    // 500 says that the server had an error of its own.
    answer(&mut desk, &conclude[0], Err(refused(500)));
    assert!(desk.notice.is_some());
    assert_eq!(act(&mut desk, Action::Conclude), conclude);
    answer(&mut desk, &conclude[0], Ok(()));
    let release = act(&mut desk, Action::Release);
    // 404 says that the server does not know the engagement.
    answer(&mut desk, &release[0], Err(refused(404)));
    assert_eq!(desk.conversations, []);
}

#[test]
fn a_transfer_lets_the_visitor_wait_again() {
    let mut desk = with_ann();
    assert_eq!(act(&mut desk, Action::Transfer), [Request::Transfer(ANN)]);
    // The button is disabled until the answer has come.
    assert_eq!(act(&mut desk, Action::Transfer), []);
    answer(&mut desk, &Request::Transfer(ANN), Err(unreachable()));
    assert!(desk.notice.is_some());
    assert_eq!(act(&mut desk, Action::Transfer), [Request::Transfer(ANN)]);
    answer(&mut desk, &Request::Transfer(ANN), Ok(()));
    receive(
        &mut desk,
        &[disconnect(
            ANN,
            "TRANSFERRED_TO_QUEUE",
            "LEAD",
            OWN_CLIENT.0,
        )],
    );
    assert_eq!(desk.selected, None);
}
