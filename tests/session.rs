//! How the page is asked for a session: why, how often, and until when.

#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::expect_used,
    reason = "a test that cannot go on says so by a panic"
)]

mod page;

use page::{Fetch, Widget, function, object, until, window};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// Remembers why it was asked, and gives the next of some tokens. Their claims are `{"exp":1}`,
/// long ago, and `{"exp":9999999999}`.
const REMEMBERING: &str = "
    const tokens = { old: 'a.eyJleHAiOjF9.c', fresh: 'a.eyJleHAiOjk5OTk5OTk5OTl9.c' };
    window.reasons.push(arguments[0].reason);
    window.signal = arguments[0].signal;
    const next = window.given.shift();
    return next ? { jwt: tokens[next], domain: 'chat.example.com', chatSiteName: 'shop', poolId: '1:1' }
        : new Promise(() => {})";

/// A widget whose page gives these tokens, one after the other, and whose chat server answers with
/// these statuses.
async fn started(tokens: &str, statuses: &str) -> (Widget, Fetch) {
    let given = ["window.reasons = []; window.given = ", tokens].concat();
    let statuses = ["; window.statuses = ", statuses].concat();
    let call = |body: &str| function(body).call0(&window()).expect("the script runs");
    call(&[given, statuses].concat());
    let fetch = Fetch::replaced_by(
        "return Promise.resolve(new Response('{}', { status: window.statuses.shift() ?? 500 }))",
    );
    let widget = Widget::mounted(&object(&[("getSession", function(REMEMBERING).into())]));
    widget.open().await;
    widget.click("[part=start]").await;
    (widget, fetch)
}

async fn asked(expected: &str) {
    let reasons = function("return window.reasons.join(' ')");
    until(expected, || {
        let told = reasons.call0(&window()).ok()?.as_string()?;
        (told == expected).then_some(())
    })
    .await;
}

#[wasm_bindgen_test]
async fn a_token_that_has_run_out_is_replaced_before_it_is_used() {
    let (widget, _fetch) = started("['old', 'fresh']", "[500]").await;
    widget
        .sees("[part~=failed] h3", "The chat service has a fault")
        .await;
    asked("start expiring").await;
}

#[wasm_bindgen_test]
async fn a_page_that_gives_old_tokens_only_is_not_asked_for_ever() {
    let (widget, _fetch) = started("['old', 'old']", "[500]").await;
    widget
        .sees("[part~=failed] h3", "The chat service has a fault")
        .await;
    asked("start expiring").await;
}

#[wasm_bindgen_test]
async fn a_token_that_the_server_refuses_is_replaced_once() {
    let (widget, _fetch) = started("['fresh', 'fresh']", "[403, 403]").await;
    widget
        .sees("[part~=failed] h3", "Your pass for the chat was refused")
        .await;
    asked("start rejected").await;
}

#[wasm_bindgen_test]
async fn who_leaves_before_the_page_has_answered_is_not_waited_for() {
    let (widget, _fetch) = started("[]", "[]").await;
    asked("start").await;
    widget.click("[part=leave]").await;
    let aborted = function("return window.signal.aborted ? 'yes' : 'no'");
    until("the signal", || {
        let told = aborted.call0(&window()).ok()?.as_string()?;
        (told == "yes").then_some(())
    })
    .await;
}

/// Such a tab is alone: it waits for no other, and so it leads.
#[wasm_bindgen_test]
async fn a_tab_that_may_not_speak_to_others_asks_by_itself() {
    let channel = function(
        "if (!it) { window.BroadcastChannel = window.ownChannel; return }
        window.ownChannel = window.BroadcastChannel;
        window.BroadcastChannel = function () { throw new Error('refused') }",
    );
    let refuse = |refuse: bool| channel.call1(&window(), &refuse.into()).expect("it runs");
    refuse(true);
    let (_widget, _fetch) = started("[]", "[]").await;
    asked("start").await;
    refuse(false);
}
