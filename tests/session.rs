//! Requests for a session to the page: their reasons, how many there are, and when they are aborted.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::expect_used, reason = "a panic fails the test")]

mod page;

use page::{Fetch, Widget, function, object, wait_until, window};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// A `getSession` that records the reason and gives the next of some tokens. The claims of the tokens are `{"exp":1}`, which
/// is long ago, and `{"exp":9999999999}`.
const RECORDING_SESSIONS: &str = "
    const tokens = { old: 'a.eyJleHAiOjF9.c', fresh: 'a.eyJleHAiOjk5OTk5OTk5OTl9.c' };
    window.reasons.push(arguments[0].reason);
    window.signal = arguments[0].signal;
    const next = window.given.shift();
    return next ? { jwt: tokens[next], domain: 'chat.example.com', chatSiteName: 'shop', poolId: '1:1' }
        : new Promise(() => {})";

/// A widget whose visitor has started a chat. Its page gives these tokens one after the other, and its chat server answers
/// with these statuses.
async fn started(tokens: &str, statuses: &str) -> (Widget, Fetch) {
    let given = ["window.reasons = []; window.given = ", tokens].concat();
    let statuses = ["; window.statuses = ", statuses].concat();
    let call = |body: &str| function(body).call0(&window()).expect("the script runs");
    call(&[given, statuses].concat());
    let fetch = Fetch::replaced_by(
        "return Promise.resolve(new Response('{}', { status: window.statuses.shift() ?? 500 }))",
    );
    let widget = Widget::mounted(&object(&[(
        "getSession",
        function(RECORDING_SESSIONS).into(),
    )]));
    widget.open().await;
    widget.start_chat().await;
    (widget, fetch)
}

/// Waits until the page was asked for these reasons.
async fn wait_for_reasons(expected: &str) {
    let reasons = function("return window.reasons.join(' ')");
    wait_until(expected, || {
        let recorded = reasons.call0(&window()).ok()?.as_string()?;
        (recorded == expected).then_some(())
    })
    .await;
}

#[wasm_bindgen_test]
async fn an_expired_token_is_replaced_before_it_is_used() {
    let (widget, _fetch) = started("['old', 'fresh']", "[500]").await;
    widget
        .wait_for_text("[part~=failed] h3", "The chat service has a problem")
        .await;
    wait_for_reasons("start expiring").await;
}

#[wasm_bindgen_test]
async fn a_page_that_gives_only_expired_tokens_is_asked_twice() {
    let (widget, _fetch) = started("['old', 'old']", "[500]").await;
    widget
        .wait_for_text("[part~=failed] h3", "The chat service has a problem")
        .await;
    wait_for_reasons("start expiring").await;
}

#[wasm_bindgen_test]
async fn a_token_that_the_server_refuses_is_replaced_once() {
    let (widget, _fetch) = started("['fresh', 'fresh']", "[403, 403]").await;
    widget
        .wait_for_text("[part~=failed] h3", "Your access to the chat was refused")
        .await;
    wait_for_reasons("start rejected").await;
}

/// `JSON.stringify` gives no text for the first three, and throws an error for the last two.
#[wasm_bindgen_test]
async fn a_page_that_gives_no_session_gets_an_error_instead_of_a_broken_widget() {
    let results = [
        "undefined",
        "function () {}",
        "Symbol()",
        "1n",
        "(() => { const cycle = {}; return (cycle.cycle = cycle) })()",
    ];
    for result in results {
        let get_session = function(&["return ", result].concat());
        let widget = Widget::mounted(&object(&[("getSession", get_session.into())]));
        widget.open().await;
        widget.start_chat().await;
        widget
            .wait_for_text(
                "[part~=failed] p",
                "The access this page received isn't valid. Please contact us another way.",
            )
            .await;
    }
}

#[wasm_bindgen_test]
async fn the_request_is_aborted_when_the_visitor_leaves_before_the_page_has_answered() {
    let (widget, _fetch) = started("[]", "[]").await;
    wait_for_reasons("start").await;
    widget.click("[part=leave]").await;
    let aborted = function("return window.signal.aborted ? 'yes' : 'no'");
    wait_until("the signal", || {
        let answer = aborted.call0(&window()).ok()?.as_string()?;
        (answer == "yes").then_some(())
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
    wait_for_reasons("start").await;
    refuse(false);
}
