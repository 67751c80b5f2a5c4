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

/// Chooses a file in the widget's file field, or several with a comma between their names.
async fn choose_file(widget: &Widget, names: &str) {
    let field = widget.wait_for("[part~=attach] input").await;
    let choose = "const data = new DataTransfer();
        names.split(',').forEach(name => data.items.add(new File(['text'], name)));
        it.files = data.files; it.dispatchEvent(new Event('change', { bubbles: true }))";
    Function::new_with_args("it, names", choose)
        .call2(&JsValue::NULL, &field, &names.into())
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
async fn several_files_are_sent_one_after_another() {
    let (_server, widget) = chat_with_files().await;
    choose_file(&widget, "one.pdf,two.pdf,three.pdf,four.pdf").await;
    // What is chosen meanwhile waits for its turn.
    widget.wait_for("[part~=upload]").await;
    choose_file(&widget, "five.pdf").await;
    assert_eq!(uploads(), "one.pdf");
    report_progress("done", ("url", "https://shop.example/files/1".into()));
    widget
        .wait_for_text("[part~=upload] .line-text", "Sending two.pdf")
        .await;
    // The error stays until the visitor has seen it.
    report_progress("refused", ("url", JsValue::UNDEFINED));
    widget.click("[part~=upload-failed] button").await;
    widget
        .wait_for_text("[part~=upload] .line-text", "Sending three.pdf")
        .await;
    widget.click("[part~=upload-cancel]").await;
    widget
        .wait_for_text("[part~=upload] .line-text", "Sending four.pdf")
        .await;
    assert_eq!(uploads(), "one.pdf two.pdf three.pdf cancelled four.pdf");
    widget.remove();
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

/// The messages to the visitor in this test, and the address of the picture that each shows; `None` if it shows none.
const LINKS: [(&str, Option<&str>); 9] = [
    (
        "See https://Pictures.example/a/my%20plant.JPG now",
        Some("https://pictures.example/a/my%20plant.JPG"),
    ),
    (
        "<p><a href='https://pictures.example/b.webp?size=2'>the pot</a></p>",
        Some("https://pictures.example/b.webp?size=2"),
    ),
    ("http://127.0.0.1:9/c.png", Some("http://127.0.0.1:9/c.png")),
    ("https://pictures.example/manual.pdf", None),
    ("https://pictures.example/drawing.svg", None),
    ("https://pictures.example/page?file=a.png", None),
    ("https://pictures.example:8443/a.png", None),
    ("http://pictures.example/a.png", None),
    ("https://sub.pictures.example/a.png", None),
];

#[wasm_bindgen_test]
async fn a_picture_is_shown_only_from_the_hosts_that_the_page_names() {
    let hosts = js_sys::Array::of3(
        &"PICTURES.example:443".into(),
        &"127.0.0.1:9".into(),
        &"help.example".into(),
    );
    let options = [
        ("pictureHosts", JsValue::from(hosts)),
        ("surveyBase", "https://help.example".into()),
    ];
    let (mut server, widget) = FakeServer::with_chat_and_options(&options).await;
    for (index, (text, picture)) in (1..).zip(LINKS) {
        let is_html = text.starts_with('<');
        server
            .deliver(vec![posted_message(35, text, is_html)])
            .await;
        wait_until("the message", || {
            (widget.count(".bubble a") == index).then_some(())
        })
        .await;
        let link = widget.wait_for(".row:last-child .bubble a").await;
        let shown = link.query_selector("img").expect("it is CSS");
        let address = shown.as_ref().and_then(|img| img.get_attribute("src"));
        assert_eq!(address.as_deref(), picture, "{text}");
        let Some(shown) = shown else { continue };
        let attribute = |name: &str| shown.get_attribute(name).unwrap_or_default();
        assert_eq!(
            (attribute("loading"), attribute("referrerpolicy")),
            ("lazy".into(), "no-referrer".into())
        );
        // The place of the picture is reserved before it is loaded, and is not wider than the bubble.
        let place = shown.get_bounding_client_rect();
        if place.width() > 0.0 {
            let bubble = link.closest(".bubble").expect("it is CSS");
            let bubble = bubble.map_or(0.0, |it| it.get_bounding_client_rect().width());
            assert!(place.width() > 200.0 && place.width() < bubble, "{text}");
            assert!(
                (place.width() * 0.75 - place.height()).abs() < 1.0,
                "{text}"
            );
        }
        // None of these hosts exists: the text of the link is back.
        wait_until("the failure of the picture", || {
            shown.get_attribute("hidden")
        })
        .await;
        wait_until("the text of the link", || {
            let text = link.query_selector("span").ok()??;
            (text.get_bounding_client_rect().width() > 0.0).then_some(())
        })
        .await;
        assert!(shown.get_bounding_client_rect().width() < 1.0);
    }
    assert_eq!(
        widget
            .element("img.picture")
            .and_then(|it| it.get_attribute("alt")),
        Some("my plant.JPG".into())
    );
    let file = json!({ "messageName": "RNEngagementFileAttachmentMessage", "clientId": 35,
        "userFileName": "pot.png", "localFileName": "x7", "contentType": "image/png",
        "fileSize": 10, "createdTime": "2026-11-05T12:00:00Z" });
    server.deliver(vec![file]).await;
    widget.wait_for("a[part~=file] img.picture").await;
    widget.wait_for_text("a[part~=file] bdi", "pot.png").await;
    widget.remove();
}

#[wasm_bindgen_test]
async fn without_named_hosts_no_picture_is_shown() {
    let (mut server, widget) = FakeServer::with_chat().await;
    server
        .agent_posts(["https://pictures.example/a.png".to_owned()])
        .await;
    widget.wait_for(".bubble a").await;
    assert_eq!(widget.count(".bubble img"), 0);
    widget.remove();
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
