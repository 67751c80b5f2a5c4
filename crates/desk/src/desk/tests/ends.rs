use super::*;

#[test]
fn concluding_leads_to_wrap_up_and_release_asks_for_the_next() {
    let mut desk = with_ann_and_bob();
    assert_eq!(click(&mut desk, Click::Release), [], "not over yet");
    click_through(&mut desk, Click::Conclude);
    assert_eq!(
        lines(&desk),
        [(From::System, "You ended the conversation.")]
    );
    assert_eq!(
        click_through(&mut desk, Click::SetAvailable(true)),
        [ask(1)],
        "Bob's is idle"
    );
    assert_eq!(
        click_through(&mut desk, Click::Release),
        [ask(0), signal(ANN, ActivityMode::Listening, true)]
    );
    assert_eq!(desk.front, Some(ANN));
}

#[test]
fn every_end_is_put_in_words_once() {
    for (reason, words) in [
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
        let end = gone(ANN, reason, "END_USER", 5);
        hear(&mut desk, &[end.clone(), end]);
        assert_eq!(lines(&desk), [(From::System, words)]);
        assert_eq!(desk.in_front().unwrap().stage, Stage::WrapUp);
    }
}

#[test]
fn a_visitor_put_back_into_the_queue_is_no_longer_here() {
    let mut desk = with_ann();
    let back = gone(ANN, "TRANSFERRED_TO_QUEUE", "LEAD", OWN.0);
    assert_eq!(hear(&mut desk, &[back]), [ask(0)]);
    assert_eq!(desk.conversations, []);
    assert_eq!(desk.notice.as_deref(), Some("Ann waits again."));
}

#[test]
fn a_step_that_failed_can_be_taken_again_unless_the_server_knows_of_nothing() {
    let mut desk = with_ann();
    let conclude = click(&mut desk, Click::Conclude);
    answer(&mut desk, &conclude[0], Err(refused(500)));
    assert!(desk.notice.is_some());
    assert_eq!(click(&mut desk, Click::Conclude), conclude);
    answer(&mut desk, &conclude[0], Ok(()));
    let release = click(&mut desk, Click::Release);
    answer(&mut desk, &release[0], Err(refused(404)));
    assert_eq!(desk.conversations, []);
}
