//! Files: an agent's as a card, the visitor's on their way; and what the server says in HTML.

#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on says so by a panic"
)]

mod page;
mod server;

use js_sys::Function;
use page::{Widget, function, object, until};
use serde_json::json;
use server::{Server, get, posted, set};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// In the loader's place: keeps what it is called with.
fn attachments() -> JsValue {
    let upload = "const { uploads } = window; uploads.push(it.name); window.tell = arguments[1];
        return () => uploads.push('cancelled')";
    let download = "window.fetched = it + ' ' + arguments[1];
        return new Promise((resolve, reject) => { window.end = failed => failed ? reject() : resolve() })";
    set("uploads", &js_sys::Array::new());
    object(&[
        ("accept", ".pdf,.txt".into()),
        ("upload", function(upload).into()),
        ("download", function(download).into()),
    ])
}

async fn with_ana() -> (Server, Widget) {
    Server::with_ana_and(&[
        ("attachments", attachments()),
        ("surveyBase", "https://help.example".into()),
    ])
    .await
}

/// Chooses a file in the widget's field.
async fn chooses(widget: &Widget, name: &str) {
    let field = widget.find("[part~=attach] input").await;
    let choose = "const data = new DataTransfer(); data.items.add(new File(['text'], name));
        it.files = data.files; it.dispatchEvent(new Event('change', { bubbles: true }))";
    Function::new_with_args("it, name", choose)
        .call2(&JsValue::NULL, &field, &name.into())
        .expect("a file can be chosen");
}

/// Has the page report the progress of the upload, with one more member.
fn tells(status: &str, member: (&str, JsValue)) {
    let tell: Function = get("tell").dyn_into().expect("an upload is under way");
    tell.call1(
        &JsValue::NULL,
        &object(&[("status", status.into()), member]),
    )
    .expect("it can be told");
}

fn uploads() -> String {
    let all = js_sys::Array::from(&get("uploads"));
    all.join(" ").into()
}

async fn sends_file(server: &mut Server, size: i64) {
    let file = json!({ "messageName": "RNEngagementFileAttachmentMessage", "clientId": 35,
        "userFileName": "plan.pdf", "localFileName": "x7", "contentType": "application/pdf",
        "fileSize": size, "createdTime": "2026-11-05T12:00:00Z" });
    server.tells(vec![file]).await;
}

#[wasm_bindgen_test]
async fn an_agents_file_is_a_card_with_its_name_its_size_and_a_safe_link() {
    let (mut server, widget) = with_ana().await;
    sends_file(&mut server, 1_234_567).await;
    widget.sees("[part~=file] bdi", "plan.pdf").await;
    widget.sees("[part~=file] small", "1.2 MB").await;
    let link = widget.find("a[part~=file]").await;
    let of = |name: &str| link.get_attribute(name).unwrap_or_default();
    assert_eq!(
        of("href"),
        "https://help.example/ci/oit/getTempFile?contentType=application%2Fpdf\
         &createdTime=1793880000000&fileSize=1234567&localFileName=x7&userFileName=plan.pdf"
    );
    assert_eq!(
        (of("rel"), of("target")),
        ("noopener noreferrer".into(), "_blank".into())
    );
    widget
        .sees(
            "[aria-live=polite] p:last-child",
            "The agent sent the file plan.pdf",
        )
        .await;
    // Another one of the same agent belongs to the same group.
    assert_eq!(widget.count(".group.first"), 1);
}

#[wasm_bindgen_test]
async fn a_file_is_fetched_when_its_card_is_pressed_and_a_failure_is_told() {
    let (mut server, widget) = with_ana().await;
    sends_file(&mut server, 10).await;
    widget.click("a[part~=file]").await;
    let fetched = get("fetched").as_string().expect("it is fetched");
    assert!(
        fetched.ends_with("userFileName=plan.pdf plan.pdf"),
        "{fetched}"
    );
    let end = |failed: bool| {
        let end: Function = get("end").dyn_into().expect("it is under way");
        end.call1(&JsValue::NULL, &failed.into()).expect("it ends");
    };
    end(true);
    widget
        .sees(".said .wrong", "The file did not come. Please try again.")
        .await;
    widget.click("a[part~=file]").await;
    widget.sees(".said .wrong", "").await;
    end(false);
}

#[wasm_bindgen_test]
async fn the_visitors_file_shows_how_far_it_is_and_its_address_is_said() {
    let (_server, widget) = with_ana().await;
    chooses(&widget, "receipt.pdf").await;
    widget
        .sees("[part~=upload] .told", "Sending receipt.pdf")
        .await;
    tells("progress", ("percent", 40.into()));
    until("40 percent", || {
        (widget.element("progress")?.get_attribute("value")? == "40").then_some(())
    })
    .await;
    tells("done", ("url", "https://shop.example/files/1".into()));
    widget
        .sees(
            "[part~=message-visitor] .bubble",
            "receipt.pdf\nhttps://shop.example/files/1",
        )
        .await;
    assert_eq!(widget.count("[part~=upload]"), 0);
    assert_eq!(uploads(), "receipt.pdf");
}

#[wasm_bindgen_test]
async fn an_upload_can_be_cancelled_and_says_what_is_wrong() {
    let (_server, widget) = with_ana().await;
    chooses(&widget, "one.pdf").await;
    widget.click("[part~=upload-cancel]").await;
    until("no upload", || {
        (widget.count("[part~=upload]") == 0).then_some(())
    })
    .await;
    assert_eq!(uploads(), "one.pdf cancelled");
    let none = || ("url", JsValue::UNDEFINED);
    let wrongs = [
        (
            "large",
            ("maxBytes", 2_000_000.into()),
            "Too large: files of up to 2 MB can be sent",
        ),
        ("kind", none(), "Files of this kind cannot be sent"),
        ("empty", none(), "This file is empty"),
        (
            "refused",
            none(),
            "The file was not sent. Please try again.",
        ),
    ];
    for (status, member, told) in wrongs {
        chooses(&widget, "two.pdf").await;
        widget.find("[part~=upload]").await;
        tells(status, member);
        widget.sees("[part~=upload-failed] .told", told).await;
    }
    assert_eq!(widget.count("[part~=message-visitor]"), 0);
}

#[wasm_bindgen_test]
async fn where_the_site_takes_no_files_none_can_be_chosen() {
    let (_server, widget) = Server::with_ana().await;
    widget.find("[part~=send]").await;
    assert_eq!(widget.count("input[type=file]"), 0);
}

#[wasm_bindgen_test]
async fn what_the_server_says_in_html_is_drawn_as_rich_text() {
    let (mut server, widget) = Server::with_ana().await;
    server
        .tells(vec![
            posted(99, "Office <b>closes</b> soon", true),
            posted(99, "a <b> c", false),
        ])
        .await;
    until("the second", || {
        (widget.texts(".server").len() == 2).then_some(())
    })
    .await;
    assert_eq!(widget.texts(".server"), ["Office closes soon", "a <b> c"]);
    assert_eq!(widget.texts(".server b"), ["closes"]);
    until("its text said aloud", || {
        let said = widget.texts("[aria-live=polite] p");
        said.contains(&"Office closes soon".to_owned())
            .then_some(())
    })
    .await;
}
