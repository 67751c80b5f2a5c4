//! What a host configures: the three shapes of a session, and errors that name what is wrong.

#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::expect_used,
    reason = "a test that cannot go on says so by a panic"
)]

mod page;

use page::{Fetch, Widget, function, object, refused, until, window};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// A `fetch` that keeps what it is asked first and answers 500.
const KEEPING: &str = "
    window.asked ??= [it.method, it.url, it.headers.get('Authorization')].join(' ');
    return Promise.resolve(new Response('{}', { status: 500 }))";

async fn asks(options: &[(&str, JsValue)], expected: &str) {
    js_sys::Reflect::delete_property(&window(), &"asked".into()).expect("it can be forgotten");
    let keeping = Fetch::replaced_by(KEEPING);
    let widget = Widget::mounted(&object(options));
    widget.open().await;
    widget.click("[part=start]").await;
    let asked = until("a request", || {
        js_sys::Reflect::get(&window(), &"asked".into())
            .ok()?
            .as_string()
    })
    .await;
    assert_eq!(asked, expected);
    widget
        .sees("[part~=failed] h3", "The chat service has a fault")
        .await;
    drop(keeping);
}

#[wasm_bindgen_test]
async fn the_raw_answer_of_establish_sessions() {
    let session = function(
        "return Promise.resolve({ siteName: 'shop', channelToken: 'a.b.c', \
         sessionServerResponse: '{\"domain\":\"chat.example.com\",\"pool\":\"297:1\"}' })",
    );
    asks(
        &[("getSession", session.into())],
        "POST https://chat.example.com/engagement/api/consumer/shop/v1/requestEngagement?pool=297:1 Bearer a.b.c",
    )
    .await;
}

#[wasm_bindgen_test]
async fn token_and_pool_with_the_rest_configured() {
    asks(
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
async fn the_fusion_shape_as_json_text() {
    let session = function(
        "return '{\"chatSiteName\":\"shop\",\"jwt\":\"a.b.c\",\"domain\":\"chat.example.com\",\"poolId\":\"1:1\"}'",
    );
    asks(
        &[("getSession", session.into())],
        "POST https://chat.example.com/engagement/api/consumer/shop/v1/requestEngagement?pool=1:1 Bearer a.b.c",
    )
    .await;
}

#[wasm_bindgen_test]
async fn a_token_alone() {
    asks(
        &[
            ("jwt", "a.b.c".into()),
            ("site", "shop".into()),
            ("baseUrl", "https://chat.example.com".into()),
        ],
        "POST https://chat.example.com/engagement/api/consumer/shop/v1/requestEngagement Bearer a.b.c",
    )
    .await;
}

async fn fails(get_session: &str, headline: &str) {
    let widget = Widget::mounted(&object(&[("getSession", function(get_session).into())]));
    widget.open().await;
    widget.click("[part=start]").await;
    widget.sees("[part~=failed] h3", headline).await;
}

#[wasm_bindgen_test]
async fn a_function_that_fails_is_told() {
    for body in ["throw 'no'", "return Promise.reject('no')"] {
        fails(body, "This page could not open a chat").await;
    }
}

#[wasm_bindgen_test]
async fn what_is_no_session_is_told() {
    for body in [
        "return 42",
        "return null",
        "return {}",
        "return ''",
        "return '{'",
    ] {
        fails(body, "This page could not open a chat").await;
    }
}

#[wasm_bindgen_test]
async fn a_session_without_an_address_is_told() {
    fails("return 'a.b.c'", "Chat is not set up").await;
}

#[wasm_bindgen_test]
async fn an_option_of_a_wrong_name_or_type_is_named() {
    for (name, value) in [
        ("titel", JsValue::from("Fernhill")),
        ("allowedHosts", JsValue::from(7)),
        ("mode", JsValue::from(7)),
    ] {
        let told = refused(&[(name, value)]).await;
        assert!(told.contains(name), "the error names {name}: {told}");
    }
}
