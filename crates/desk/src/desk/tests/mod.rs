//! Tests of the desk's state machine: each test passes inputs to it, and compares the requests and the state that
//! follow.

mod ends;
mod messages;
mod offers;
mod session;

use pipit_wire::{ExceptionCode, Refusal, WireValue as _};
use serde_json::{Value, json};

use pipit_agent::{AgentError, Failure, NoAnswer};
use pipit_wire::agent::{AgentMessage, AssignmentAction, AssignmentType};
use pipit_wire::vocabulary::ActivityMode;
use pipit_wire::{ClientId, EngagementId};

use super::*;

/// The agent's client id.
const OWN_CLIENT: ClientId = ClientId(47);
/// The engagement (conversation) of the visitor Ann. Its id is above 2^53, the limit up to which JavaScript numbers are
/// exact.
const ANN: EngagementId = EngagementId(9_007_199_254_740_993);
/// The engagement of the visitor Bob.
const BOB: EngagementId = EngagementId(2);
/// Ann's client id.
const ANN_CLIENT: i64 = 5;
/// Bob's client id.
const BOB_CLIENT: i64 = 6;

/// The requests that the effects send. Panics if an effect is a log-on.
fn sent_requests(effects: Vec<Effect>) -> Vec<Request> {
    let requests = effects.into_iter().map(|effect| match effect {
        Effect::Send(request) => request,
        Effect::LogOn => panic!("unexpected log-on"),
    });
    requests.collect()
}

/// Performs an action of the agent. Returns the requests that follow.
fn act(desk: &mut Desk, action: Action) -> Vec<Request> {
    sent_requests(desk.handle(Input::Action(action)))
}

/// Passes messages of a poll to the desk. Returns the requests that follow.
fn receive(desk: &mut Desk, messages: &[Value]) -> Vec<Request> {
    let messages = messages.iter().map(|it| AgentMessage::read(it).unwrap());
    sent_requests(desk.handle(Input::Polled(OWN_CLIENT, Ok(messages.collect()))))
}

/// Passes the answer to a request to the desk. Returns the requests that follow.
fn answer(desk: &mut Desk, request: &Request, result: Result<(), AgentError>) -> Vec<Request> {
    sent_requests(desk.handle(Input::Answered(OWN_CLIENT, request.clone(), result)))
}

/// Performs an action and lets its request succeed. Returns the requests that follow.
fn act_and_succeed(desk: &mut Desk, action: Action) -> Vec<Request> {
    let requests = act(desk, action);
    answer(desk, &requests[0], Ok(()))
}

/// The error of a request that the server has refused with this status.
fn refused(status: u16) -> AgentError {
    failed(Failure::Refused(Refusal::new(
        status,
        &ExceptionCode::UnknownException,
        "no",
    )))
}

/// The error of a request that got no answer.
fn unreachable() -> AgentError {
    failed(Failure::Unreachable(NoAnswer::Lost(
        "Failed to fetch".to_owned(),
    )))
}

fn failed(failure: Failure) -> AgentError {
    AgentError {
        operation: "postMessage",
        failure,
    }
}

/// The server's message that offers an engagement with the visitor of this name.
fn assignment(id: EngagementId, name: &str) -> Value {
    json!({"ChatEngagementAssignment": {
        "engagementId": id.0, "engagementIdString": id.to_string(), "type": "LEAD",
        "contactInfo": {"firstName": name, "lastName": "", "question": "Where is it?"}
    }})
}

/// The server's message with a text that a participant has posted. `sender` is the participant's client id.
fn message_posted(id: EngagementId, body: &str, sender_type: &str, sender: i64) -> Value {
    json!({"ChatPostMessage": {
        "body": body, "destinationId": id.0, "destinationType": "ENGAGEMENT",
        "senderId": sender, "senderType": sender_type
    }})
}

/// The server's message that a participant has joined an engagement. `client` is the participant's client id.
fn participant_added(id: EngagementId, role: &str, name: &str, client: i64) -> Value {
    json!({"ChatEngagementParticipantAdded": {
        "engagementId": id.0, "clientId": client, "role": role, "name": name, "greeting": ""
    }})
}

/// The server's message that a participant has left an engagement. `client` and `role` are those of the participant.
fn disconnect(id: EngagementId, reason: &str, role: &str, client: i64) -> Value {
    json!({"ChatDisconnectNotification": {
        "engagementId": id.0, "clientId": client, "reason": reason, "role": role
    }})
}

/// The server's message about the visitor's typing. `text` is what the visitor has typed and not sent.
fn activity_signal(id: EngagementId, mode: &str, text: Option<&str>) -> Value {
    json!({"ChatActivitySignal": {"engagementId": id.0, "mode": mode, "sneakPreview": text}})
}

/// The request with which the desk asks for another engagement. `idle` is the number of engagements that have ended and
/// are not released. The agent takes at most three engagements at the same time.
fn assignment_request(idle: i32) -> Request {
    Request::Assignment { idle, max: 3 }
}

/// The request that tells the visitor about the agent's activity. With `focus` the agent looks at this conversation.
fn signal_request(id: EngagementId, mode: ActivityMode, focus: bool) -> Request {
    Request::Signal(id, Signal { mode, focus })
}

/// A desk whose agent is logged on and available.
fn available_agent() -> Desk {
    // `true`: the agent sees the desk.
    let mut desk = Desk::new(true);
    assert_eq!(desk.handle(Input::LogOn), [Effect::LogOn]);
    let requests = sent_requests(desk.handle(Input::LoggedOn(OWN_CLIENT)));
    assert_eq!(requests, [Request::SetAvailable(true)]);
    assert_eq!(
        answer(&mut desk, &requests[0], Ok(())),
        [assignment_request(0)]
    );
    desk
}

/// A desk with an open conversation with Ann, which is selected.
fn with_ann() -> Desk {
    let mut desk = available_agent();
    receive(&mut desk, &[assignment(ANN, "Ann")]);
    act_and_succeed(&mut desk, Action::Accept(ANN));
    desk
}

/// A desk with open conversations with Ann and Bob. Bob's is selected.
fn with_ann_and_bob() -> Desk {
    let mut desk = with_ann();
    receive(&mut desk, &[assignment(BOB, "Bob")]);
    act_and_succeed(&mut desk, Action::Accept(BOB));
    desk
}

/// The transcript of the selected conversation.
fn transcript(desk: &Desk) -> Vec<(Sender, &str)> {
    let entries = desk.selected_conversation().unwrap().entries.iter();
    entries
        .map(|entry| (entry.sender.clone(), entry.text.as_str()))
        .collect()
}
