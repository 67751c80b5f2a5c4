//! Tests of [`diff`]: which events the web page receives when one state of the panel and its conversation follows
//! another.

use std::rc::Rc;

use pipit_engine::{
    Agent, Conclusion, Connection, Content, Conversation, Delivery, Entry, EntryId, Failure, Phase,
    PostFailure, Wait,
};
use pipit_wire::vocabulary::{ActivityMode, ConnectionState, DisconnectReason, Role};
use pipit_wire::{ClientId, EngagementId};

use super::{ObservedState, diff};

/// The client id (the server's number for a participant) of the agent Ana.
const ANA: i64 = 35;

/// The agent Ana.
fn ana(activity: ActivityMode) -> Agent {
    agent("Ana", ANA, activity)
}

/// An agent. Every agent of these tests has the role of a lead, because [`diff`] ignores the roles.
fn agent(name: &str, client: i64, activity: ActivityMode) -> Agent {
    Agent {
        client_id: ClientId(client),
        account_id: None,
        name: name.into(),
        role: Role::Lead,
        activity,
        connection: ConnectionState::Active,
        is_virtual: false,
    }
}

fn message_of_ana(id: u64, text: &str) -> Rc<Entry> {
    entry(
        id,
        Content::Agent {
            client_id: ClientId(ANA),
            name: "Ana".into(),
            body: text.into(),
            rich: false,
        },
    )
}

fn message_of_visitor(id: u64, delivery: Delivery) -> Rc<Entry> {
    let text = "Hello".into();
    entry(id, Content::Visitor { text, delivery })
}

/// An entry of the transcript. All entries have the same time, because [`diff`] does not compare times.
fn entry(id: u64, content: Content) -> Rc<Entry> {
    Rc::new(Entry {
        id: EntryId(id),
        at: 1_000,
        sequence: None,
        content,
    })
}

fn state(phase: Phase, transcript: &[Rc<Entry>]) -> ObservedState {
    ObservedState {
        conversation: Rc::new(Conversation {
            phase,
            transcript: transcript.iter().cloned().collect(),
            ..Conversation::default()
        }),
        is_open: false,
        unread: 0,
    }
}

fn chatting(transcript: &[Rc<Entry>]) -> ObservedState {
    let agents = vec![ana(ActivityMode::Listening)];
    state(Phase::Chatting(agents), transcript)
}

fn concluded() -> Phase {
    Phase::Concluded(Conclusion {
        at: 0,
        engagement_id: EngagementId(1),
        reason: DisconnectReason::AgentConcluded,
        agent: None,
        survey: None,
        survey_by_mail: false,
    })
}

/// Asserts the names of the events between two states.
#[track_caller]
fn assert_events(before: &ObservedState, after: &ObservedState, expected: &[&str]) {
    let events = diff(before, after);
    let names: Vec<_> = events.iter().map(super::PageEvent::name).collect();
    assert_eq!(names, expected, "{events:?}");
}

#[test]
fn nothing_happens_between_equal_states() {
    let state = chatting(&[message_of_ana(1, "Hi")]);
    assert_events(&state, &state.clone(), &[]);
}

#[test]
fn the_panel_opens_and_closes() {
    let closed = state(Phase::Idle, &[]);
    let mut open = closed.clone();
    open.is_open = true;
    assert_events(&closed, &open, &["widget:opened"]);
    assert_events(&open, &closed, &["widget:closed"]);
}

#[test]
fn a_conversation_is_requested_then_queued_and_then_started() {
    let wait = |position| Wait {
        position: Some(position),
        ..Wait::default()
    };
    let idle = state(Phase::Idle, &[]);
    let starting = state(Phase::Starting, &[]);
    let second_in_queue = state(Phase::Queued(wait(2)), &[]);
    let first_in_queue = state(Phase::Queued(wait(1)), &[]);
    assert_events(&idle, &starting, &["chat:requested"]);
    assert_events(&starting, &second_in_queue, &["chat:queued"]);
    assert_events(&second_in_queue, &first_in_queue, &["queue:changed"]);
    let expected = ["chat:started", "agent:joined"];
    assert_events(&first_in_queue, &chatting(&[]), &expected);
}

#[test]
fn a_transfer_to_a_queue_does_not_start_a_second_chat() {
    let requeued = state(Phase::Requeued(Wait::default()), &[]);
    assert_events(&chatting(&[]), &requeued, &["chat:transferred"]);
    assert_events(&requeued, &chatting(&[]), &["agent:joined"]);
}

#[test]
fn an_agent_joins_before_the_first_message() {
    let starting = state(Phase::Starting, &[]);
    let after = chatting(&[message_of_ana(1, "Hi")]);
    let expected = ["chat:started", "agent:joined", "message:received"];
    assert_events(&starting, &after, &expected);
}

#[test]
fn the_chat_ends_after_the_last_message() {
    let after = state(concluded(), &[message_of_ana(1, "Goodbye")]);
    let expected = ["message:received", "chat:ended"];
    assert_events(&chatting(&[]), &after, &expected);
}

#[test]
fn the_events_tell_which_agents_join_leave_or_change_activity() {
    let both = [
        ana(ActivityMode::Responding),
        agent("Ben", 36, ActivityMode::Listening),
    ];
    let both = state(Phase::Chatting(both.to_vec()), &[]);
    let expected = ["agent:activity", "agent:joined"];
    assert_events(&chatting(&[]), &both, &expected);
    let expected = ["agent:left", "agent:activity"];
    assert_events(&both, &chatting(&[]), &expected);
}

#[test]
fn each_message_of_the_visitor_causes_one_event_when_sent_and_one_for_its_outcome() {
    let with_delivery = |delivery| chatting(&[message_of_visitor(1, delivery)]);
    let steps = [
        (Delivery::Sending, None),
        (Delivery::Accepted, Some("message:sent")),
        (Delivery::Unknown, Some("message:unknown")),
        (
            Delivery::Failed(PostFailure::Refused),
            Some("message:failed"),
        ),
    ];
    // Every outcome is compared with the queued message.
    let queued = with_delivery(Delivery::Queued);
    assert_events(&chatting(&[]), &queued, &["message:sending"]);
    for (delivery, event) in steps {
        let after = with_delivery(delivery);
        assert_events(&queued, &after, event.as_slice());
        // If the message is new and its outcome is already known, both events follow at once.
        let sending = ["message:sending"].into_iter().chain(event);
        assert_events(&chatting(&[]), &after, &sending.collect::<Vec<_>>());
    }
}

#[test]
fn an_entry_that_moves_to_another_index_is_no_new_message() {
    let (first, second) = (message_of_ana(1, "Hi"), message_of_ana(2, "there"));
    let before = chatting(std::slice::from_ref(&second));
    let after = chatting(&[first, second]);
    assert_events(&before, &after, &["message:received"]);
}

#[test]
fn a_changed_number_of_unread_messages_is_an_event() {
    let before = chatting(&[]);
    let mut after = before.clone();
    after.unread = 2;
    assert_events(&before, &after, &["unread:changed"]);
}

#[test]
fn a_change_of_the_connection_is_an_event_only_while_a_conversation_runs() {
    let with_lost_connection = |mut state: ObservedState| {
        Rc::make_mut(&mut state.conversation).connection = Connection::Lost;
        state
    };
    let after = with_lost_connection(chatting(&[]));
    assert_events(&chatting(&[]), &after, &["connection:changed"]);
    let idle = state(Phase::Idle, &[]);
    assert_events(&idle, &with_lost_connection(idle.clone()), &[]);
}

#[test]
fn a_failure_becomes_the_event_error_with_its_code() {
    let after = state(Phase::Failed(Failure::Unreachable), &[]);
    let events = diff(&state(Phase::Starting, &[]), &after);
    assert_eq!(
        events,
        [super::PageEvent::Error(super::FailureCode::Unreachable)]
    );
}
