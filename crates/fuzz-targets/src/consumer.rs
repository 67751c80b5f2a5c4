//! The fuzz target for the answers of the consumer API: the chat server's answers to the visitor's chat widget.
//!
//! PAGE nnn: documented on that page of Oracle's API reference.

use pipit_wire::consumer::{
    ActivityResponse, ConcludeEngagementResponse, EngagementQueueResponse, GetMessagesResponse,
    Operation, PostMessageResponse, QueueStatsResponse, RequestEngagementResponse, Survey,
    SystemMessage,
};
use pipit_wire::{ClientSendTime, Refusal, Response, ServiceTime, UnexpectedBody, WireValue};
use serde_json::Value;

use crate::round_trip::{Body, check_error, check_value};

/// Reads the bytes as the answer to each operation of the consumer API, and as an answer with an error status. Panics if
/// a reader of `pipit-wire` breaks a promise, for example if something that was read is lost when it is written.
pub fn consumer_answer(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    // If the text cannot be read, checks that the error states the true reason. One type stands for all answers here.
    check_error::<RequestEngagementResponse>(&text);
    check_time(&text);
    check_refusal(&text);
    for operation in Operation::ALL {
        check_response(&text, &operation.read_response(200, &text));
    }
    let Some(body) = Body::parse(data) else {
        return;
    };
    if let Some(answer) = body.object::<RequestEngagementResponse>() {
        check_surveys(&answer);
    }
    if let Some(answer) = body.object::<GetMessagesResponse>() {
        answer.system_messages.iter().for_each(check_message);
    }
    body.object::<PostMessageResponse>();
    body.object::<ConcludeEngagementResponse>();
    body.object::<ActivityResponse>();
    body.object::<QueueStatsResponse>();
    body.object::<EngagementQueueResponse>();
    body.value::<SystemMessage>();
}

/// Reads a text as a time of the server. Checks that the time stays the same when it is written and read again. Also
/// checks that the client's time, which the API writes in another form, can be written and read again.
fn check_time(text: &str) {
    let json = Value::from(text);
    if let Some(time) = check_value::<ServiceTime>(&json) {
        let reread = ServiceTime::read(&time.write()).map(|reread| reread.epoch_millis());
        assert_eq!(reread, Some(time.epoch_millis()));
    }
    check_value::<ClientSendTime>(&json);
}

/// Checks what was read of a response that reports success and has this body: only a JSON object with members, or an
/// empty body, can be an answer.
pub(crate) fn check_response(text: &str, response: &Response) {
    let kind = UnexpectedBody::of(text);
    match response {
        Response::Answer(members) if members.0.is_empty() => {
            assert_eq!(kind, UnexpectedBody::Empty, "{text}");
        }
        // The end may be missing behind a list of messages.
        Response::Answer(_) => assert!(
            matches!(kind, UnexpectedBody::OtherJson | UnexpectedBody::Other),
            "{text}"
        ),
        Response::Refusal { status } => assert!((400..=500).contains(status), "{text}"),
        Response::Unexpected(unexpected) => assert_eq!(*unexpected, kind, "{text}"),
    }
}

/// Reads any text as the body of an answer with an error status. Checks that the result (a refusal) stays the same when
/// it is written and read again. The status 500 stands for any error status.
pub(crate) fn check_refusal(text: &str) {
    let refusal = Refusal::read(500, text);
    let reread = Refusal::read(500, &refusal.body());
    assert_eq!(reread.to_string(), refusal.to_string());
    assert_eq!(reread.error.code(), refusal.error.code());
}

/// Checks that every survey that is offered has both an id and an authentication parameter. The survey cannot be opened
/// without them: "you will need both" (PAGE 001).
fn check_surveys(answer: &RequestEngagementResponse) {
    let surveys = [
        answer.completed_survey(),
        answer.cancelled_survey(),
        answer.delayed_survey(),
    ];
    for Survey { id, auth } in surveys.into_iter().flatten() {
        assert!(id.0 != 0 && !auth.is_empty());
    }
}

/// Checks that a message keeps its name and its stamp (sequence number and time) when it is written and read again.
/// Checks also that a message about a new pool (a group of chat servers) never names a pool with an empty name.
fn check_message(message: &SystemMessage) {
    let name_and_stamp = |message: &SystemMessage| (message.name().to_owned(), message.stamp());
    let reread = SystemMessage::read(&message.write());
    assert_eq!(
        reread.as_ref().map(name_and_stamp),
        Some(name_and_stamp(message))
    );
    if let SystemMessage::ConfigurationChanged(change) = message {
        assert_ne!(change.new_pool(), Some(""));
    }
}
