//! The engine: under whatever happens, and from whatever was kept.

use std::str;

use crate::page::Page;
use crate::script::{steps, tells};

/// More steps than this tell nothing new.
const MOST_STEPS: usize = 300;

/// A conversation that goes well, with a reload in it.
const GOES_WELL: &str = r#"start
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

/// The bytes are a script (see `script`): an arbitrary sequence of what can happen to the engine.
pub fn engine(data: &[u8]) {
    let Ok(script) = str::from_utf8(data) else {
        return;
    };
    if tells(script) {
        return;
    }
    let mut page = Page::new();
    for step in steps(script).take(MOST_STEPS) {
        page.take(step);
    }
    page.reload();
}

/// The bytes are what stands in the tab's storage: the widget comes up with it and works.
pub fn stored(data: &[u8]) {
    let Ok(kept) = str::from_utf8(data) else {
        return;
    };
    if tells(kept) {
        return;
    }
    let mut page = Page::with(kept);
    page.names_each_entry_once();
    page.reload();
    for step in steps(GOES_WELL) {
        page.take(step);
    }
    assert!(page.phase().is_live(), "{:?}", page.phase());
}
