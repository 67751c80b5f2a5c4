use super::*;

#[test]
fn a_message_is_posted_once_and_its_fate_is_shown() {
    let mut desk = with_ann();
    for (outcome, fate) in [
        (Ok(()), Delivery::Sent),
        (Err(refused(409)), Delivery::Refused),
        (Err(unreachable()), Delivery::Unsure),
    ] {
        click(&mut desk, Click::Draft(" hello \n".to_owned()));
        let index = desk.in_front().unwrap().entries.len();
        let post = Request::Post(ANN, index, "hello".to_owned());
        assert_eq!(
            click(&mut desk, Click::Send),
            [post.clone(), signal(ANN, ActivityMode::Listening, true)]
        );
        assert_eq!(click(&mut desk, Click::Send), [], "twice");
        assert_eq!(lines(&desk)[index].0, From::Agent(Delivery::Sending));
        answer(&mut desk, &post, outcome);
        assert_eq!(lines(&desk)[index], (From::Agent(fate), "hello"));
    }
}

#[test]
fn blanks_are_not_sent() {
    let mut desk = with_ann();
    click(&mut desk, Click::Draft(" \n ".to_owned()));
    assert_eq!(click(&mut desk, Click::Send), []);
}

#[test]
fn the_visitor_is_told_what_the_agent_does_once_each() {
    let mut desk = with_ann();
    let mut draft = |text: &str| click(&mut desk, Click::Draft(text.to_owned()));
    assert_eq!(draft("H"), [signal(ANN, ActivityMode::Responding, true)]);
    assert_eq!(draft("Hi"), []);
    assert_eq!(draft(""), [signal(ANN, ActivityMode::Listening, true)]);
    let researching = signal(ANN, ActivityMode::Researching, true);
    assert_eq!(click(&mut desk, Click::Research), [researching]);
    let again = click(&mut desk, Click::Draft("I".to_owned()));
    assert_eq!(again, [signal(ANN, ActivityMode::Responding, true)]);
}

#[test]
fn only_the_conversation_that_is_seen_has_the_focus() {
    let mut desk = with_ann_and_bob();
    assert_eq!(
        click(&mut desk, Click::ToFront(ANN)),
        [
            signal(ANN, ActivityMode::Listening, true),
            signal(BOB, ActivityMode::Listening, false)
        ]
    );
    click(&mut desk, Click::Draft("Hel".to_owned()));
    assert_eq!(
        asked(desk.take(Input::Visible(false))),
        [signal(ANN, ActivityMode::Listening, false)]
    );
    assert_eq!(
        asked(desk.take(Input::Visible(true))),
        [signal(ANN, ActivityMode::Responding, true)]
    );
}

#[test]
fn messages_go_to_the_engagement_that_is_their_destination() {
    let mut desk = with_ann_and_bob();
    hear(
        &mut desk,
        &[
            posted(ANN, "to Ann's", "END_USER", 5),
            posted(BOB, "to Bob's", "END_USER", 6),
            posted(EngagementId(77), "to nobody's", "END_USER", 7),
        ],
    );
    assert_eq!(lines(&desk), [(From::Visitor, "to Bob's")]);
    assert_eq!(desk.conversations[0].unread, 1);
    click(&mut desk, Click::ToFront(ANN));
    assert_eq!(lines(&desk), [(From::Visitor, "to Ann's")]);
    assert_eq!(desk.conversations[0].unread, 0);
}

#[test]
fn senders_are_told_apart_and_an_echo_is_not_shown_twice() {
    let mut desk = with_ann();
    hear(
        &mut desk,
        &[
            added(ANN, "CONFEREE", "Eve", 48),
            posted(ANN, "hello", "AGENT", 48),
            posted(ANN, "closing soon", "SYSTEM", 0),
            posted(ANN, "my own", "AGENT", OWN.0),
            gone(ANN, "PARTICIPANT_LEFT", "CONFEREE", 48),
        ],
    );
    assert_eq!(
        lines(&desk),
        [
            (From::System, "Eve joined."),
            (From::Colleague("Eve".to_owned()), "hello"),
            (From::System, "closing soon"),
            (From::System, "Eve left."),
        ]
    );
    assert_eq!(desk.in_front().unwrap().stage, Stage::Open);
}

#[test]
fn typing_is_shown_until_the_message_comes() {
    let mut desk = with_ann();
    let mut after = |message: Value| {
        hear(&mut desk, &[message]);
        let typing = desk.in_front().unwrap().typing.clone();
        typing.map(|typing| (typing.writing, typing.text))
    };
    let shown = |writing, text: &str| Some((writing, text.to_owned()));
    assert_eq!(after(typing(ANN, "RESPONDING", None)), shown(true, ""));
    assert_eq!(
        after(typing(ANN, "RESPONDING", Some("It"))),
        shown(true, "It")
    );
    assert_eq!(
        after(typing(ANN, "LISTENING", Some("It"))),
        shown(false, "It")
    );
    assert_eq!(after(posted(ANN, "It is", "END_USER", 5)), None);
    after(typing(ANN, "RESPONDING", Some("x")));
    assert_eq!(after(typing(ANN, "LISTENING", None)), None);
}
