//! The options of the host: each shape of a session leads to the same request, and each mistake has an error that names
//! it.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::expect_used, reason = "a panic fails the test")]

mod page;

use page::{Fetch, Widget, function, mount_error, object, wait_until, window};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// A `fetch` that records the first request and answers 500.
const RECORDING_FETCH: &str = "
    window.asked ??= [it.method, it.url, it.headers.get('Authorization')].join(' ');
    return Promise.resolve(new Response('{}', { status: 500 }))";

/// Asserts that a widget with these options begins with this request.
async fn assert_first_request(options: &[(&str, JsValue)], expected: &str) {
    js_sys::Reflect::delete_property(&window(), &"asked".into())
        .expect("a property of the window can be deleted");
    let recording = Fetch::replaced_by(RECORDING_FETCH);
    let widget = Widget::mounted(&object(options));
    widget.open().await;
    widget.start_chat().await;
    let asked = wait_until("a request", || {
        js_sys::Reflect::get(&window(), &"asked".into())
            .ok()?
            .as_string()
    })
    .await;
    assert_eq!(asked, expected);
    widget
        .wait_for_text("[part~=failed] h3", "The chat service has a problem")
        .await;
    drop(recording);
}

#[wasm_bindgen_test]
async fn a_session_may_be_the_raw_answer_of_establish_sessions() {
    let session = function(
        "return Promise.resolve({ siteName: 'shop', channelToken: 'a.b.c', \
         sessionServerResponse: '{\"domain\":\"chat.example.com\",\"pool\":\"297:1\"}' })",
    );
    assert_first_request(
        &[("getSession", session.into())],
        "POST https://chat.example.com/engagement/api/consumer/shop/v1/requestEngagement?pool=297:1 Bearer a.b.c",
    )
    .await;
}

#[wasm_bindgen_test]
async fn a_session_may_be_token_and_pool_with_the_rest_in_options() {
    assert_first_request(
        &[
            ("getSession", function("return { jwt: 'a.b.c', pool: null }").into()),
            ("site", "shop".into()),
            ("pool", "353:2".into()),
            ("baseUrl", "https://chat.example.com:8443/".into()),
        ],
        "POST https://chat.example.com:8443/engagement/api/consumer/shop/v1/requestEngagement?pool=353:2 Bearer a.b.c",
    )
    .await;
}

#[wasm_bindgen_test]
async fn a_session_may_have_the_fusion_shape_as_json_text() {
    let session = function(
        "return '{\"chatSiteName\":\"shop\",\"jwt\":\"a.b.c\",\"domain\":\"chat.example.com\",\"poolId\":\"1:1\"}'",
    );
    assert_first_request(
        &[("getSession", session.into())],
        "POST https://chat.example.com/engagement/api/consumer/shop/v1/requestEngagement?pool=1:1 Bearer a.b.c",
    )
    .await;
}

#[wasm_bindgen_test]
async fn a_session_may_be_a_token_alone() {
    assert_first_request(
        &[
            ("jwt", "a.b.c".into()),
            ("site", "shop".into()),
            ("baseUrl", "https://chat.example.com".into()),
        ],
        "POST https://chat.example.com/engagement/api/consumer/shop/v1/requestEngagement Bearer a.b.c",
    )
    .await;
}

/// Asserts that no conversation starts with this body of `getSession`, and that the panel shows this headline.
async fn assert_failure(get_session: &str, headline: &str) {
    let widget = Widget::mounted(&object(&[("getSession", function(get_session).into())]));
    widget.open().await;
    widget.start_chat().await;
    widget.wait_for_text("[part~=failed] h3", headline).await;
}

#[wasm_bindgen_test]
async fn a_function_that_fails_is_shown_as_a_failure() {
    for body in ["throw 'no'", "return Promise.reject('no')"] {
        assert_failure(body, "We couldn't open the chat").await;
    }
}

#[wasm_bindgen_test]
async fn a_value_that_is_no_session_is_shown_as_a_failure() {
    for body in [
        "return 42",
        "return null",
        "return {}",
        "return ''",
        "return '{'",
    ] {
        assert_failure(body, "We couldn't open the chat").await;
    }
}

#[wasm_bindgen_test]
async fn a_session_without_an_address_is_shown_as_a_failure() {
    assert_failure("return 'a.b.c'", "Chat isn't set up here").await;
}

#[wasm_bindgen_test]
async fn an_error_names_the_option_whose_name_or_type_is_wrong() {
    for (name, value) in [
        ("titel", JsValue::from("Fernhill")),
        ("allowedHosts", JsValue::from(7)),
        ("mode", JsValue::from(7)),
    ] {
        let message = mount_error(&[(name, value)]).await;
        assert!(message.contains(name), "the error names {name}: {message}");
    }
}
