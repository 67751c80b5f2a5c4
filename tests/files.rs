//! Files: the card of an agent's file, and the upload of a visitor's. Also the server's notices in HTML.

#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot continue panics"
)]

mod page;
mod server;

use js_sys::Function;
use page::{Widget, function, object, wait_until};
use serde_json::json;
use server::{FakeServer, global, posted_message, set_global};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// Replaces the page's object that moves files. It stores its arguments in global variables of the page.
fn attachments() -> JsValue {
    let upload =
        "const { uploads } = window; uploads.push(it.name); window.reportProgress = arguments[1];
        return () => uploads.push('cancelled')";
    let download = "window.fetched = it + ' ' + arguments[1];
        return new Promise((resolve, reject) => { window.end = failed => failed ? reject() : resolve() })";
    set_global("uploads", &js_sys::Array::new());
    object(&[
        ("accept", ".pdf,.txt".into()),
        ("upload", function(upload).into()),
        ("download", function(download).into()),
    ])
}

async fn chat_with_files() -> (FakeServer, Widget) {
    FakeServer::with_chat_and_options(&[
        ("attachments", attachments()),
        ("surveyBase", "https://help.example".into()),
    ])
    .await
}

/// Chooses a file in the widget's file field.
async fn choose_file(widget: &Widget, name: &str) {
    let field = widget.wait_for("[part~=attach] input").await;
    let choose = "const data = new DataTransfer(); data.items.add(new File(['text'], name));
        it.files = data.files; it.dispatchEvent(new Event('change', { bubbles: true }))";
    Function::new_with_args("it, name", choose)
        .call2(&JsValue::NULL, &field, &name.into())
        .expect("a file can be chosen");
}

/// Reports the progress of the upload, with one more member.
fn report_progress(status: &str, member: (&str, JsValue)) {
    let listener: Function = global("reportProgress")
        .dyn_into()
        .expect("an upload is running");
    listener
        .call1(
            &JsValue::NULL,
            &object(&[("status", status.into()), member]),
        )
        .expect("the progress can be reported");
}

/// The names of the uploaded files, and `cancelled` after each one that was cancelled.
fn uploads() -> String {
    let all = js_sys::Array::from(&global("uploads"));
    all.join(" ").into()
}

async fn deliver_file(server: &mut FakeServer, size: i64) {
    let file = json!({ "messageName": "RNEngagementFileAttachmentMessage", "clientId": 35,
        "userFileName": "plan.pdf", "localFileName": "x7", "contentType": "application/pdf",
        "fileSize": size, "createdTime": "2026-11-05T12:00:00Z" });
    server.deliver(vec![file]).await;
}

#[wasm_bindgen_test]
async fn an_agents_file_is_a_card_with_its_name_its_size_and_a_safe_link() {
    let (mut server, widget) = chat_with_files().await;
    deliver_file(&mut server, 1_234_567).await;
    widget.wait_for_text("[part~=file] bdi", "plan.pdf").await;
    widget.wait_for_text("[part~=file] small", "1.2 MB").await;
    let link = widget.wait_for("a[part~=file]").await;
    let attribute = |name: &str| link.get_attribute(name).unwrap_or_default();
    assert_eq!(
        attribute("href"),
        "https://help.example/ci/oit/getTempFile?contentType=application%2Fpdf\
         &createdTime=1793880000000&fileSize=1234567&localFileName=x7&userFileName=plan.pdf"
    );
    assert_eq!(
        (attribute("rel"), attribute("target")),
        ("noopener noreferrer".into(), "_blank".into())
    );
    widget
        .wait_for_text(
            ".pipit > [aria-live=polite] > :last-child > :last-child",
            "The agent sent the file plan.pdf",
        )
        .await;
    // The file begins the only group: a notice has none.
    assert_eq!(widget.count(".message.first-of-group"), 1);
}

#[wasm_bindgen_test]
async fn a_click_on_the_card_fetches_the_file_and_a_failure_is_shown() {
    let (mut server, widget) = chat_with_files().await;
    deliver_file(&mut server, 10).await;
    widget.click("a[part~=file]").await;
    let fetched = global("fetched").as_string().expect("the file is fetched");
    assert!(
        fetched.ends_with("userFileName=plan.pdf plan.pdf"),
        "{fetched}"
    );
    let finish = |failed: bool| {
        let finish: Function = global("end").dyn_into().expect("a download is running");
        finish
            .call1(&JsValue::NULL, &failed.into())
            .expect("the download ends");
    };
    finish(true);
    widget
        .wait_for_text(
            ".said .wrong",
            "The file couldn't be downloaded. Please try again.",
        )
        .await;
    widget.click("a[part~=file]").await;
    widget.wait_for_text(".said .wrong", "").await;
    finish(false);
}

#[wasm_bindgen_test]
async fn an_upload_shows_its_progress_and_then_sends_the_address_as_a_message() {
    let (_server, widget) = chat_with_files().await;
    choose_file(&widget, "receipt.pdf").await;
    widget
        .wait_for_text("[part~=upload] .line-text", "Sending receipt.pdf")
        .await;
    report_progress("progress", ("percent", 40.into()));
    wait_until("40 percent", || {
        (widget.element("progress")?.get_attribute("value")? == "40").then_some(())
    })
    .await;
    report_progress("done", ("url", "https://shop.example/files/1".into()));
    widget
        .wait_for_text(
            "[part~=message-visitor] .bubble",
            "receipt.pdf\nhttps://shop.example/files/1",
        )
        .await;
    assert_eq!(widget.count("[part~=upload]"), 0);
    assert_eq!(uploads(), "receipt.pdf");
}

#[wasm_bindgen_test]
async fn an_upload_can_be_cancelled_and_shows_why_it_failed() {
    let (_server, widget) = chat_with_files().await;
    choose_file(&widget, "one.pdf").await;
    widget.click("[part~=upload-cancel]").await;
    wait_until("no upload", || {
        (widget.count("[part~=upload]") == 0).then_some(())
    })
    .await;
    assert_eq!(uploads(), "one.pdf cancelled");
    let none = || ("url", JsValue::UNDEFINED);
    let failures = [
        (
            "large",
            ("maxBytes", 2_000_000.into()),
            "Too large: you can send files of up to 2 MB",
        ),
        ("kind", none(), "This type of file can't be sent"),
        ("empty", none(), "This file is empty"),
        (
            "refused",
            none(),
            "The file couldn't be sent. Please try again.",
        ),
    ];
    for (status, member, text) in failures {
        choose_file(&widget, "two.pdf").await;
        widget.wait_for("[part~=upload]").await;
        report_progress(status, member);
        widget
            .wait_for_text("[part~=upload-failed] .line-text", text)
            .await;
    }
    assert_eq!(widget.count("[part~=message-visitor]"), 0);
}

#[wasm_bindgen_test]
async fn a_site_that_accepts_no_files_has_no_attach_button() {
    let (_server, widget) = FakeServer::with_chat().await;
    widget.wait_for("[part~=send]").await;
    assert_eq!(widget.count("input[type=file]"), 0);
}

#[wasm_bindgen_test]
async fn a_notice_of_the_server_in_html_is_rendered_as_rich_text() {
    let (mut server, widget) = FakeServer::with_chat().await;
    server
        .deliver(vec![
            posted_message(99, "Office <b>closes</b> soon", true),
            posted_message(99, "a <b> c", false),
        ])
        .await;
    wait_until("the second notice", || {
        (widget.texts(".server").len() == 2).then_some(())
    })
    .await;
    assert_eq!(widget.texts(".server"), ["Office closes soon", "a <b> c"]);
    assert_eq!(widget.texts(".server b"), ["closes"]);
    wait_until("the announcement", || {
        let announced = widget.texts("[aria-live=polite] p");
        announced
            .contains(&"Office closes soon".to_owned())
            .then_some(())
    })
    .await;
}
