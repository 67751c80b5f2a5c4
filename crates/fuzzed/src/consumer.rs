//! What the chat server answers to the visitor's widget.

use pipit_wire::consumer::{
    Accepted, ActivityResponse, EngagementQueueResponse, GetMessagesResponse, QueueStatsResponse,
    RequestEngagementResponse, Survey, SystemMessage,
};
use pipit_wire::{ClientSendTime, Refusal, ServiceTime, WireValue};
use serde_json::Value;

use crate::wire::{Body, says_what_is_wrong, value};

/// The bytes are an answer of the consumer API: of any operation, and one with an error status.
pub fn consumer_answer(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    says_what_is_wrong::<RequestEngagementResponse>(&text);
    time(&text);
    refusal(&text);
    let Some(body) = Body::of(data) else {
        return;
    };
    if let Some(answer) = body.object::<RequestEngagementResponse>() {
        surveys(&answer);
    }
    if let Some(answer) = body.object::<GetMessagesResponse>() {
        answer.system_messages.iter().for_each(message);
    }
    body.object::<Accepted>();
    body.object::<ActivityResponse>();
    body.object::<QueueStatsResponse>();
    body.object::<EngagementQueueResponse>();
    body.value::<SystemMessage>();
}

/// Any text may stand where a time is told. What is told in ISO text stays the same moment.
fn time(text: &str) {
    let text = Value::from(text);
    if let Some(time) = value::<ServiceTime>(&text) {
        let again = ServiceTime::read(&time.write()).map(|again| again.epoch_millis());
        assert_eq!(again, Some(time.epoch_millis()));
    }
    value::<ClientSendTime>(&text);
}

/// An error body may be anything; what is made of it reads the same.
pub(crate) fn refusal(text: &str) {
    let refusal = Refusal::read(500, text);
    let again = Refusal::read(500, &refusal.body());
    assert_eq!(again.to_string(), refusal.to_string());
    assert_eq!(again.error.code(), refusal.error.code());
}

/// "You will need both": there is no survey without an id and an authentication.
fn surveys(answer: &RequestEngagementResponse) {
    let surveys = [
        answer.completed_survey(),
        answer.cancelled_survey(),
        answer.delayed_survey(),
    ];
    for Survey { id, auth } in surveys.into_iter().flatten() {
        assert!(id.0 != 0 && !auth.is_empty());
    }
}

/// A message keeps its name and its place.
fn message(message: &SystemMessage) {
    let again = SystemMessage::read(&message.write());
    let again = again.map(|again| (again.name().to_owned(), again.stamp()));
    assert_eq!(again, Some((message.name().to_owned(), message.stamp())));
    if let SystemMessage::ConfigurationChanged(change) = message {
        assert_ne!(change.new_pool(), Some(""));
    }
}
