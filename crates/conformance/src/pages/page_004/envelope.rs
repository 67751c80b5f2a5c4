//! The statements of PAGE 004 that hold for every answer to a poll: its own members, and the list of messages.

use serde_json::{Value, json};

use crate::answer::{Answer, Form, all};
use crate::run::Run;

/// Checks the members of the answer itself.
pub(super) fn check_envelope(run: &mut Run, answer: &Answer) {
    let list = answer.member("getResponseTypes", Form::List);
    run.see("004.1", all([answer.succeeds(), list]));
    run.see("004.2", answer.is_json_utf8());
    run.see("004.3", answer.twin("clientId"));
    run.see("004.4", answer.twin("sequenceNumber"));
    run.see("004.5", answer.member("sessionId", Form::Text));
    run.see("004.6", answer.member("clientSendTime", Form::Anything));
    run.see("004.7", answer.twin("responseSentMilliseconds"));
    let times = ["serviceStartTime", "serviceFinishTime"];
    run.see("004.8", answer.members(&times, Form::IsoTime));
    check_batch(run, answer);
}

/// Checks what holds for every answer: the flag of disconnections, and the form of the messages.
pub(super) fn check_batch(run: &mut Run, answer: &Answer) {
    let list = answer.json["getResponseTypes"].as_array();
    let messages: Vec<&Value> = list.into_iter().flatten().collect();
    let has_disconnect = messages
        .iter()
        .any(|message| message.get("ChatDisconnectNotification").is_some());
    let flag = answer.member("containsDisconnect", Form::Flag);
    let is_right = answer.json["containsDisconnect"] == json!(has_disconnect);
    run.see("004.9", if is_right { flag } else { flag.and_then(Err) });
    let has_one_member = |message: &&Value| {
        message
            .as_object()
            .is_some_and(|members| members.len() == 1)
    };
    let seen = format!("{} messages", messages.len());
    let is_right = messages.iter().all(has_one_member);
    run.see("004.10", if is_right { Ok(seen) } else { Err(seen) });
}
