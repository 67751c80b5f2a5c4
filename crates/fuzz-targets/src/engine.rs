//! The fuzz targets for the chat engine. The target `engine` passes any sequence of inputs to the engine. The target
//! `stored` lets the engine restore any text, as if an earlier page had stored this text as its conversation.

use std::str;

use crate::engine_driver::EngineDriver;
use crate::script::{contains_private_answer, steps};

/// The maximum number of steps that are run. Longer scripts have found no further defects.
const MAX_STEPS: usize = 300;

/// A script of a conversation in which the server works. The page is reloaded once, and one answer near the end is lost.
/// The head of `script.rs` explains the steps. Here `serve 1` and `lost 1` end the request that posts a message, and
/// the second `serve 0` answers the first poll (the request for new messages).
const SUCCESSFUL_CONVERSATION: &str = r#"start
session {"jwt":"header.payload.signature","site":"demo","domain":"chat.example","pool":"297:1"}
serve 0
serve 0
messages {"messageName":"RNEngagementParticipantAddedMessage","name":"Ana","role":"LEAD","clientId":35}
send hello
serve 1
messages {"messageName":"RNEngagementMessagePostedMessage","clientId":35,"body":"hi"}
reload
wait 60000
send are you there
lost 1
wait 60000"#;

/// Runs the bytes as a script: each line is one step (see `script.rs`). Reloads the page at the end. Skips the
/// whole input if it is not UTF-8, or if it contains the text by which the checks find the visitor's private answers to
/// the form before the chat: the checks could not tell whether that text comes from the answers.
pub fn engine(data: &[u8]) {
    let Ok(script) = str::from_utf8(data) else {
        return;
    };
    if contains_private_answer(script) {
        return;
    }
    let mut driver = EngineDriver::new();
    for step in steps(script).take(MAX_STEPS) {
        driver.run(step);
    }
    driver.reload();
}

/// Loads a page with the bytes in its storage. Checks that a whole conversation is possible afterwards. Skips the same
/// inputs as [`engine`].
pub fn stored(data: &[u8]) {
    let Ok(stored) = str::from_utf8(data) else {
        return;
    };
    if contains_private_answer(stored) {
        return;
    }
    let mut driver = EngineDriver::with_storage(stored);
    // The stored text may give the same id to two entries of the transcript. The engine must repair this, because the view
    // tells entries apart by their ids.
    driver.check_entry_ids();
    // The engine has made a conversation of the text. This conversation must survive a reload.
    driver.reload();
    for step in steps(SUCCESSFUL_CONVERSATION) {
        driver.run(step);
    }
    // The script does not end the conversation, so it must be running now.
    assert!(driver.phase().is_live(), "{:?}", driver.phase());
}
