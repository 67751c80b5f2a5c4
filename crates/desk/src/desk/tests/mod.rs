//! The desk under messages and clicks.

mod ends;
mod offers;
mod session;
mod talk;

use pipit_fetch::NoAnswer;
use pipit_wire::{ExceptionCode, Refusal, WireValue as _};
use serde_json::{Value, json};

use super::*;

const OWN: ClientId = ClientId(47);
const ANN: EngagementId = EngagementId(9_007_199_254_740_993);
const BOB: EngagementId = EngagementId(2);

fn asked(effects: Vec<Effect>) -> Vec<Request> {
    let requests = effects.into_iter().map(|effect| match effect {
        Effect::Ask(request) => request,
        Effect::LogOn => panic!("logs on"),
    });
    requests.collect()
}

fn click(desk: &mut Desk, click: Click) -> Vec<Request> {
    asked(desk.take(Input::Click(click)))
}

fn hear(desk: &mut Desk, messages: &[Value]) -> Vec<Request> {
    let messages = messages.iter().map(|it| AgentMessage::read(it).unwrap());
    asked(desk.take(Input::Heard(OWN, Ok(messages.collect()))))
}

fn answer(desk: &mut Desk, request: &Request, answer: Result<(), AgentError>) -> Vec<Request> {
    asked(desk.take(Input::Answered(request.clone(), answer)))
}

/// Clicks, and lets the request that comes of it succeed.
fn click_through(desk: &mut Desk, what: Click) -> Vec<Request> {
    let requests = click(desk, what);
    answer(desk, &requests[0], Ok(()))
}

fn refused(status: u16) -> AgentError {
    AgentError::Refused(Refusal::new(status, &ExceptionCode::UnknownException, "no"))
}

fn unreachable() -> AgentError {
    AgentError::Unreachable(NoAnswer::Lost("Failed to fetch".to_owned()))
}

fn assignment(id: EngagementId, name: &str) -> Value {
    json!({"ChatEngagementAssignment": {
        "engagementId": id.0, "engagementIdString": id.to_string(), "type": "LEAD",
        "contactInfo": {"firstName": name, "lastName": "", "question": "Where is it?"}
    }})
}

fn posted(id: EngagementId, body: &str, sender_type: &str, sender: i64) -> Value {
    json!({"ChatPostMessage": {
        "body": body, "destinationId": id.0, "destinationType": "ENGAGEMENT",
        "senderId": sender, "senderType": sender_type
    }})
}

fn added(id: EngagementId, role: &str, name: &str, client: i64) -> Value {
    json!({"ChatEngagementParticipantAdded": {
        "engagementId": id.0, "clientId": client, "role": role, "name": name, "greeting": ""
    }})
}

fn gone(id: EngagementId, reason: &str, role: &str, client: i64) -> Value {
    json!({"ChatDisconnectNotification": {
        "engagementId": id.0, "clientId": client, "reason": reason, "role": role
    }})
}

fn typing(id: EngagementId, mode: &str, text: Option<&str>) -> Value {
    json!({"ChatActivitySignal": {"engagementId": id.0, "mode": mode, "sneakPreview": text}})
}

fn ask(idle: i32) -> Request {
    Request::Assignment { idle, max: 3 }
}

fn signal(id: EngagementId, mode: ActivityMode, focus: bool) -> Request {
    Request::Signal(id, Signal { mode, focus })
}

/// An agent who is available.
fn on_duty() -> Desk {
    let mut desk = Desk::new(true);
    assert_eq!(desk.take(Input::LogOn), [Effect::LogOn]);
    let requests = asked(desk.take(Input::LoggedOn(OWN)));
    assert_eq!(requests, [Request::SetAvailable(true)]);
    assert_eq!(answer(&mut desk, &requests[0], Ok(())), [ask(0)]);
    desk
}

/// A conversation with Ann in front.
fn with_ann() -> Desk {
    let mut desk = on_duty();
    hear(&mut desk, &[assignment(ANN, "Ann")]);
    click_through(&mut desk, Click::Accept(ANN));
    desk
}

/// The same, and one with Bob, who is in front.
fn with_ann_and_bob() -> Desk {
    let mut desk = with_ann();
    hear(&mut desk, &[assignment(BOB, "Bob")]);
    click_through(&mut desk, Click::Accept(BOB));
    desk
}

/// The transcript in front.
fn lines(desk: &Desk) -> Vec<(From, &str)> {
    let entries = desk.in_front().unwrap().entries.iter();
    entries
        .map(|entry| (entry.from.clone(), entry.text.as_str()))
        .collect()
}
