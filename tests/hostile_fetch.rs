//! A page may have wrapped `fetch` (an ad blocker, a consent tool), and the wrapper may do anything. The widget shows that
//! it cannot reach the service, and works again as soon as the wrapper does.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::expect_used, reason = "a panic fails the test")]

mod page;

use page::{Fetch, Widget, function, object};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// Asserts that the widget survives a `fetch` with this body.
async fn assert_survives(fetch: &str) {
    let hostile = Fetch::replaced_by(fetch);
    let session = function("return { jwt: 'a.b.c', pool: '1:1' }");
    let widget = Widget::mounted(&object(&[
        ("getSession", session.into()),
        ("site", "shop".into()),
        ("baseUrl", "https://chat.example.com".into()),
    ]));
    widget.open().await;
    widget.start_chat().await;
    widget
        .wait_for_text("[part~=failed] h3", "We can't reach the chat service")
        .await;
    drop(hostile);
    let friendly =
        Fetch::replaced_by("return Promise.resolve(new Response('{}', { status: 408 }))");
    widget.click("[part=try-again]").await;
    widget
        .wait_for_text(
            "[part~=failed] h3",
            "The chat service took too long to answer",
        )
        .await;
    drop(friendly);
}

#[wasm_bindgen_test]
async fn fetch_that_rejects_with_a_text() {
    assert_survives("return Promise.reject('blocked by the consent tool')").await;
}

#[wasm_bindgen_test]
async fn fetch_that_rejects_with_nothing() {
    assert_survives("return Promise.reject()").await;
}

#[wasm_bindgen_test]
async fn fetch_that_throws() {
    assert_survives("throw 'no'").await;
}

#[wasm_bindgen_test]
async fn fetch_that_returns_no_promise() {
    assert_survives("return 42").await;
}

#[wasm_bindgen_test]
async fn fetch_that_resolves_to_no_response() {
    assert_survives("return Promise.resolve({ status: 200 })").await;
}

#[wasm_bindgen_test]
async fn fetch_whose_body_cannot_be_read() {
    assert_survives(
        "const response = new Response('{}'); \
         response.text = () => Promise.reject('torn'); \
         return Promise.resolve(response)",
    )
    .await;
}
