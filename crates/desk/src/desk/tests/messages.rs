//! Tests of three things: messages and their delivery, the signals to the visitor about the agent's activity, and the
//! typing of the visitor that the desk shows.
//!
//! The helper functions are in `tests/mod.rs`: `with_ann` makes the desk of an agent who has an open conversation with
//! the visitor Ann, `act` performs an action of the agent, `receive` passes messages of a poll to the desk, `answer`
//! passes the answer to a request, and `signal_request` is the request that tells the visitor about the agent's activity
//! and focus.

use super::*;

#[test]
fn a_message_is_posted_once_and_its_delivery_is_shown() {
    let mut desk = with_ann();
    for (outcome, delivery) in [
        (Ok(()), Delivery::Sent),
        // The desk treats every refusal in the same way, whatever its status.
        (Err(refused(409)), Delivery::Refused),
        (Err(unreachable()), Delivery::Unsure),
    ] {
        act(&mut desk, Action::EditDraft(" hello \n".to_owned()));
        let index = desk.selected_conversation().unwrap().entries.len();
        let post = Request::Post(ANN, index, "hello".to_owned());
        assert_eq!(
            act(&mut desk, Action::Send),
            [
                post.clone(),
                signal_request(ANN, ActivityMode::Listening, true)
            ]
        );
        assert_eq!(
            act(&mut desk, Action::Send),
            [],
            "the second action has no effect, because the composer is empty"
        );
        assert_eq!(transcript(&desk)[index].0, Sender::Agent(Delivery::Sending));
        answer(&mut desk, &post, outcome);
        assert_eq!(transcript(&desk)[index], (Sender::Agent(delivery), "hello"));
    }
}

#[test]
fn a_draft_of_blanks_only_is_not_sent() {
    let mut desk = with_ann();
    act(&mut desk, Action::EditDraft(" \n ".to_owned()));
    assert_eq!(act(&mut desk, Action::Send), []);
}

#[test]
fn each_activity_of_the_agent_is_signalled_once() {
    let mut desk = with_ann();
    let mut edit_draft = |text: &str| act(&mut desk, Action::EditDraft(text.to_owned()));
    assert_eq!(
        edit_draft("H"),
        [signal_request(ANN, ActivityMode::Responding, true)]
    );
    assert_eq!(edit_draft("Hi"), []);
    assert_eq!(
        edit_draft(""),
        [signal_request(ANN, ActivityMode::Listening, true)]
    );
    let researching = signal_request(ANN, ActivityMode::Researching, true);
    assert_eq!(act(&mut desk, Action::ToggleResearching), [researching]);
    let requests = act(&mut desk, Action::EditDraft("I".to_owned()));
    assert_eq!(
        requests,
        [signal_request(ANN, ActivityMode::Responding, true)]
    );
}

#[test]
fn only_the_visible_selected_conversation_has_the_focus() {
    let mut desk = with_ann_and_bob();
    assert_eq!(
        act(&mut desk, Action::Select(ANN)),
        [
            signal_request(ANN, ActivityMode::Listening, true),
            signal_request(BOB, ActivityMode::Listening, false)
        ]
    );
    act(&mut desk, Action::EditDraft("Hel".to_owned()));
    assert_eq!(
        sent_requests(desk.handle(Input::VisibilityChanged(false))),
        [signal_request(ANN, ActivityMode::Listening, false)]
    );
    assert_eq!(
        sent_requests(desk.handle(Input::VisibilityChanged(true))),
        [signal_request(ANN, ActivityMode::Responding, true)]
    );
}

#[test]
fn messages_are_added_to_the_engagement_in_their_destination() {
    let mut desk = with_ann_and_bob();
    receive(
        &mut desk,
        &[
            message_posted(ANN, "to Ann's", "END_USER", ANN_CLIENT),
            message_posted(BOB, "to Bob's", "END_USER", BOB_CLIENT),
            // The desk has no engagement with this id.
            message_posted(EngagementId(77), "to nobody's", "END_USER", 7),
        ],
    );
    assert_eq!(transcript(&desk), [(Sender::Visitor, "to Bob's")]);
    assert_eq!(desk.conversations[0].unread_count, 1);
    act(&mut desk, Action::Select(ANN));
    assert_eq!(transcript(&desk), [(Sender::Visitor, "to Ann's")]);
    assert_eq!(desk.conversations[0].unread_count, 0);
}

#[test]
fn senders_are_distinguished_and_own_messages_are_not_repeated() {
    // Eve is a second agent, who joins the conversation (role `CONFEREE`).
    const EVE_CLIENT: i64 = 48;
    let mut desk = with_ann();
    receive(
        &mut desk,
        &[
            participant_added(ANN, "CONFEREE", "Eve", EVE_CLIENT),
            message_posted(ANN, "hello", "AGENT", EVE_CLIENT),
            message_posted(ANN, "closing soon", "SYSTEM", 0),
            message_posted(ANN, "my own", "AGENT", OWN_CLIENT.0),
            disconnect(ANN, "PARTICIPANT_LEFT", "CONFEREE", EVE_CLIENT),
        ],
    );
    assert_eq!(
        transcript(&desk),
        [
            (Sender::System, "Eve joined."),
            (Sender::OtherAgent("Eve".to_owned()), "hello"),
            (Sender::System, "closing soon"),
            (Sender::System, "Eve left."),
        ]
    );
    assert_eq!(desk.selected_conversation().unwrap().stage, Stage::Open);
}

#[test]
fn typing_is_shown_until_the_message_arrives_or_the_text_is_deleted() {
    let mut desk = with_ann();
    let mut typing_after = |message: Value| {
        receive(&mut desk, &[message]);
        let typing = desk.selected_conversation().unwrap().typing.clone();
        typing.map(|typing| (typing.is_writing, typing.text))
    };
    let typing = |is_writing, text: &str| Some((is_writing, text.to_owned()));
    assert_eq!(
        typing_after(activity_signal(ANN, "RESPONDING", None)),
        typing(true, "")
    );
    assert_eq!(
        typing_after(activity_signal(ANN, "RESPONDING", Some("It"))),
        typing(true, "It")
    );
    assert_eq!(
        typing_after(activity_signal(ANN, "LISTENING", Some("It"))),
        typing(false, "It")
    );
    assert_eq!(
        typing_after(message_posted(ANN, "It is", "END_USER", ANN_CLIENT)),
        None
    );
    typing_after(activity_signal(ANN, "RESPONDING", Some("x")));
    assert_eq!(typing_after(activity_signal(ANN, "LISTENING", None)), None);
}

#[test]
fn each_line_has_the_time_at_which_it_came() {
    let mut desk = with_ann();
    desk.now = 5_000;
    receive(
        &mut desk,
        &[message_posted(ANN, "Hello", "ENDUSER", ANN_CLIENT)],
    );
    desk.now = 6_000;
    act(&mut desk, Action::EditDraft("Hi".to_owned()));
    act(&mut desk, Action::Send);
    let entries = &desk.selected_conversation().unwrap().entries;
    let times: Vec<_> = entries.iter().rev().take(2).map(|entry| entry.at).collect();
    assert_eq!(times, [Some(6_000), Some(5_000)]);
}

#[test]
fn a_ready_answer_is_added_to_the_draft() {
    let mut desk = with_ann();
    act(&mut desk, Action::Insert("One moment.".to_owned()));
    assert_eq!(desk.selected_conversation().unwrap().draft, "One moment.");
    act(&mut desk, Action::EditDraft("Hi Ann. \n".to_owned()));
    act(&mut desk, Action::Insert("One moment.".to_owned()));
    assert_eq!(
        desk.selected_conversation().unwrap().draft,
        "Hi Ann. One moment."
    );
}

#[test]
fn the_greeting_of_another_agent_is_in_the_transcript() {
    let mut desk = with_ann();
    let mut joined = participant_added(ANN, "CONFEREE", "Ben", 9);
    joined["ChatEngagementParticipantAdded"]["greeting"] = "Ben here!".into();
    receive(&mut desk, &[joined]);
    let lines = transcript(&desk);
    assert_eq!(lines[lines.len() - 2].1, "Ben joined.");
    assert_eq!(
        lines[lines.len() - 1],
        (Sender::OtherAgent("Ben".to_owned()), "Ben here!")
    );
}
