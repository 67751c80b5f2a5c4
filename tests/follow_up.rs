//! After a conversation: the rating, and the transcript by email.

#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot continue panics"
)]

mod page;
mod server;

use js_sys::Function;
use page::{Widget, function, wait_until};
use serde_json::{Value, json};
use server::{FakeServer, global, set_global};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// Replaces the page's function that sends to the host. It stores what it gets, and fails if `window.fails` is set.
const SEND: &str = "(window.sent ??= []).push([it, arguments[1]]);
    return window.fails ? Promise.reject() : Promise.resolve()";

/// A widget in a chat with Ana, whose host has these options, too.
async fn chat_of_host(options: &[&'static str]) -> (FakeServer, Widget) {
    set_global("sent", &JsValue::UNDEFINED);
    set_global("fails", &JsValue::UNDEFINED);
    let mut all = vec![("sendToHost", function(SEND).into())];
    for option in options {
        all.push((option, "/host".into()));
    }
    let prefill = js_sys::JSON::parse(r#"{ "emailAddress": "mia@example.com" }"#);
    all.push(("prefill", prefill.expect("it is JSON")));
    FakeServer::with_chat_and_options(&all).await
}

async fn conclude(server: &mut FakeServer) {
    let end = json!({ "messageName": "RNEngagementConcludedMessage", "reason": "AGENT_CONCLUDED" });
    server.deliver(vec![end]).await;
}

/// The requests so far: the name of the option, and the body.
fn sent() -> Vec<(String, Value)> {
    let all = js_sys::JSON::stringify(&global("sent")).map(String::from);
    let all: Vec<(String, String)> =
        serde_json::from_str(&all.unwrap_or_default()).unwrap_or_default();
    all.into_iter()
        .map(|(option, body)| (option, serde_json::from_str(&body).expect("it is JSON")))
        .collect()
}

async fn wait_for_requests(count: usize) {
    wait_until("the requests", || (sent().len() == count).then_some(())).await;
}

fn call(element: &JsValue, body: &str) {
    function(body)
        .call1(&JsValue::NULL, element)
        .expect("the script runs");
}

#[wasm_bindgen_test]
async fn a_rating_is_sent_once_after_a_failure_and_stays_sent_after_a_reload() {
    let (mut server, widget) = chat_of_host(&["rates"]).await;
    assert_eq!(widget.count("[part~=rating]"), 0);
    conclude(&mut server).await;
    let card = widget.wait_for("[part~=rating]").await;
    assert_eq!(
        widget.texts("[part~=rating] legend"),
        ["How was this chat?"]
    );
    // Five radio buttons of one group, which the browser's own keys walk through.
    assert_eq!(widget.count("input[type=radio][name=rating]"), 5);
    let names = Function::new_with_args(
        "it",
        "return [...it.querySelectorAll('input')].map(it => it.ariaLabel).join()",
    );
    let names = names.call1(&JsValue::NULL, &card).expect("they have names");
    assert_eq!(names, JsValue::from("1 (Poor),2,3,4,5 (Great)"));
    // Nothing can be sent before a star is chosen.
    assert_eq!(widget.count("[part~=rate], [part~=email-transcript]"), 0);
    widget.click(".star:nth-child(4)").await;
    widget.wait_for("[part~=rate]").await;
    assert_eq!(widget.count(".star.filled"), 4);
    let comment = widget.wait_for("#rating-comment").await;
    call(
        &comment,
        "it.value = ' Quick!\\n'; it.dispatchEvent(new Event('input', { bubbles: true }))",
    );
    set_global("fails", &true.into());
    widget.click("[part~=rate]").await;
    widget
        .wait_for_text(
            "[part~=rating-not-sent]",
            "Your rating couldn't be sent. Please try again.",
        )
        .await;
    widget.wait_for_text("[part~=rate]", "Try again").await;
    set_global("fails", &JsValue::UNDEFINED);
    // A visitor may press twice.
    let button = widget.wait_for("[part~=rate]").await;
    call(&button, "it.click(); it.click()");
    widget
        .wait_for_text("[part~=rating-sent]", "Thank you for your rating")
        .await;
    wait_for_requests(2).await;
    let (option, body) = sent().pop().expect("a request");
    assert_eq!(option, "ratingEndpoint");
    assert_eq!(
        (&body["rating"], &body["comment"]),
        (&json!(4), &json!("Quick!"))
    );
    assert!(body["engagementId"].is_string(), "{body}");
    widget.remove();

    let widget = server.reload_widget_with(&[("rates", "/host".into())]);
    widget.wait_for("[part~=rating-sent]").await;
    assert_eq!(widget.count("[part~=rating]"), 0);
    widget.remove();
}

#[wasm_bindgen_test]
async fn the_transcript_is_sent_to_the_address_that_the_visitor_confirms() {
    let (mut server, widget) = chat_of_host(&["mails"]).await;
    server.agent_posts(["It is <b>there</b>".to_owned()]).await;
    conclude(&mut server).await;
    widget.click("[part~=email-transcript]").await;
    let field = widget.wait_for("#mail-address").await;
    let value = js_sys::Reflect::get(&field, &"value".into());
    assert_eq!(value, Ok("mia@example.com".into()));
    assert_eq!(widget.count("[part~=rating]"), 0);
    let enter = |address: &str| {
        let script = format!(
            "it.value = '{address}'; it.dispatchEvent(new Event('input', {{ bubbles: true }}))"
        );
        call(&field, &script);
    };
    enter("mia");
    widget.click("[part~=mail-send]").await;
    widget
        .wait_for_text("#mail-address-wrong", "Please check the email address")
        .await;
    enter(" mia@fernhill.example ");
    wait_until("no error", || {
        (widget.count("#mail-address-wrong") == 0).then_some(())
    })
    .await;
    set_global("fails", &true.into());
    widget.click("[part~=mail-send]").await;
    widget.wait_for("[part~=transcript-not-sent]").await;
    set_global("fails", &JsValue::UNDEFINED);
    widget.click("[part~=mail-send]").await;
    widget
        .wait_for_text("[part~=transcript-sent]", "The transcript was sent")
        .await;
    wait_for_requests(2).await;
    let (option, body) = sent().pop().expect("a request");
    assert_eq!(option, "transcriptEndpoint");
    assert_eq!(body["emailAddress"], "mia@fernhill.example");
    let has = |member: &str, text: &str| {
        body[member]
            .as_str()
            .is_some_and(|value| value.contains(text))
    };
    assert!(has("text", "Ana: It is <b>there</b>"), "{body}");
    assert!(has("html", "It is &lt;b&gt;there&lt;/b&gt;"), "{body}");
    assert!(has("title", "Support"), "{body}");
    widget.remove();
}

#[wasm_bindgen_test]
async fn neither_is_there_where_the_host_has_not_asked_for_it() {
    let (mut server, widget) = chat_of_host(&[]).await;
    conclude(&mut server).await;
    widget.wait_for(".foot").await;
    assert_eq!(widget.count("[part~=rating], [part~=email-transcript]"), 0);
    widget.remove();
}
