//! The texts: of the visitor's locale and of the host, and the errors in the host's texts.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::expect_used, reason = "a test that cannot continue panics")]

mod page;

use std::sync::atomic::{AtomicUsize, Ordering};

use js_sys::{JSON, Reflect};
use page::{Fetch, Widget, function, mount_error, next_frame, object, window};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// The content of a language file, as the loader passes it.
macro_rules! language_file {
    ($name:literal) => {
        JSON::parse(include_str!(concat!("../src/locale/", $name, ".json")))
            .expect("a language file is JSON")
    };
}

fn mount_widget(options: &[(&str, JsValue)]) -> Widget {
    let never = function("return new Promise(() => {})");
    let own = [("getSession", never.into()), ("site", unique_site().into())];
    Widget::mounted(&object(&[options, &own].concat()))
}

/// Widgets of one site share their conversation, as tabs do. A site of its own lets each test start without one.
fn unique_site() -> String {
    static SITES: AtomicUsize = AtomicUsize::new(0);
    format!("shop{}", SITES.fetch_add(1, Ordering::Relaxed))
}

async fn attribute(widget: &Widget, css: &str, name: &str) -> String {
    next_frame().await;
    let element = widget.wait_for(css).await;
    element.get_attribute(name).unwrap_or_default()
}

/// Checks the texts of the queue card: the position and the expected wait.
async fn assert_wait_texts(
    tag: &str,
    language: JsValue,
    wait: &str,
    position: &str,
    expected: &str,
) {
    // A chat server that sends this wait once, and never answers again.
    let server = Fetch::replaced_by(
        &r#"
        const messages = [{ messageName: "RNEngagementWaitInformationChangedMessage", WAIT }];
        const answer = (body) => Promise.resolve(new Response(JSON.stringify(body)));
        if (it.url.includes("/requestEngagement")) {
            return answer({ resultType: "SUCCESS", sessionId: "s", engagementId: 1, clientId: 2 });
        }
        if (it.url.includes("/getMessages") && !window.isWaitSent) {
            window.isWaitSent = true;
            return answer({ systemMessages: messages });
        }
        return new Promise(() => {});"#
            .replace("WAIT", wait),
    );
    Reflect::set(&window(), &"isWaitSent".into(), &false.into())
        .expect("the window can be written");
    let widget = Widget::mounted(&object(&[
        ("locale", tag.into()),
        ("language", language),
        ("jwt", "a.b.c".into()),
        ("site", unique_site().into()),
        ("baseUrl", "https://chat.example.com".into()),
    ]));
    widget.open().await;
    widget.start_chat().await;
    widget.wait_for_text(".place", position).await;
    widget.wait_for_text(".expected", expected).await;
    drop(server);
}

#[wasm_bindgen_test]
async fn without_a_locale_the_texts_are_english() {
    let widget = mount_widget(&[]);
    assert_eq!(attribute(&widget, "[lang]", "lang").await, "en");
    assert_eq!(attribute(&widget, "[lang]", "dir").await, "ltr");
}

#[wasm_bindgen_test]
async fn a_german_locale_has_german_texts() {
    let widget = mount_widget(&[
        ("locale", "de-AT".into()),
        ("language", language_file!("de")),
    ]);
    assert_eq!(attribute(&widget, "[lang]", "lang").await, "de-AT");
    assert_eq!(attribute(&widget, "[lang]", "dir").await, "ltr");
    widget.open().await;
    widget
        .wait_for_text(
            "[part~=welcome] h3",
            "Guten Tag! Wie können wir Ihnen helfen?",
        )
        .await;
    let placeholder = attribute(&widget, "textarea", "placeholder").await;
    assert_eq!(placeholder, "Nachricht schreiben");
    widget.start_chat().await;
    widget
        .wait_for_text("[part~=status]", "Verbindung wird aufgebaut")
        .await;
}

#[wasm_bindgen_test]
async fn arabic_is_written_from_right_to_left() {
    let widget = mount_widget(&[("locale", "ar".into()), ("language", language_file!("ar"))]);
    assert_eq!(attribute(&widget, "[lang]", "lang").await, "ar");
    assert_eq!(attribute(&widget, "[lang]", "dir").await, "rtl");
    widget.open().await;
    widget.wait_for("[part~=welcome]").await;
    assert_eq!(widget.count("[part~=welcome]:dir(rtl)"), 1);
}

#[wasm_bindgen_test]
async fn waits_follow_the_plural_rules_of_the_language() {
    let wait =
        |position, seconds| format!("position: {position}, expectedWaitTimeSeconds: {seconds}");
    let english = JsValue::UNDEFINED;
    assert_wait_texts(
        "en",
        english.clone(),
        &wait(2, 30),
        "You are second in line",
        "Less than a minute",
    )
    .await;
    assert_wait_texts(
        "en",
        english,
        &wait(1_234, 60),
        "You are number 1,234 in line",
        "About a minute",
    )
    .await;
    assert_wait_texts(
        "de-AT",
        language_file!("de"),
        &wait(1, 7_200),
        "Sie sind als Nächstes an der Reihe",
        "Etwa 2 Stunden",
    )
    .await;
    assert_wait_texts(
        "ar-EG",
        language_file!("ar"),
        &wait(4, 180),
        "دورك رقم \u{2068}٤\u{2069} في قائمة الانتظار",
        "حوالي \u{2068}٣\u{2069} دقائق",
    )
    .await;
    assert_wait_texts(
        "ar-EG",
        language_file!("ar"),
        &wait(3, 120),
        "دورك هو الثالث في قائمة الانتظار",
        "حوالي دقيقتين",
    )
    .await;
}

#[wasm_bindgen_test]
async fn the_hosts_texts_come_first_then_the_languages_then_the_english_ones() {
    let language = object(&[
        ("tryAgain", "Noch einmal".into()),
        ("welcomeMore", "Los".into()),
    ]);
    let words = object(&[("welcomeMore", "Plaudern wir".into())]);
    let widget = mount_widget(&[
        ("locale", "de".into()),
        ("language", language),
        ("words", words),
    ]);
    widget.open().await;
    widget
        .wait_for_text("[part~=welcome] p", "Plaudern wir")
        .await;
    widget
        .wait_for_text("[part~=welcome] h3", "Hello! How can we help?")
        .await;
}

#[wasm_bindgen_test]
async fn an_error_in_the_hosts_texts_is_named() {
    for (key, text, problem) in [
        ("sned", "Post".into(), "`sned` is not a word."),
        ("send", 1.into(), "`send` is not a text."),
        (
            "sentAt",
            "At {tiem}".into(),
            "`sentAt` has no placeholder `{tiem}`.",
        ),
        (
            "expectedMinutes.one",
            "{n} min".into(),
            "`expectedMinutes.one` has no placeholder `{n}`.",
        ),
    ] {
        let message = ["Pipit: the option `words`: ", problem].concat();
        let texts = object(&[(key, text)]);
        assert_eq!(mount_error(&[("words", texts)]).await, message);
    }
    let message = mount_error(&[("words", "Post".into())]).await;
    assert_eq!(message, "Pipit: the option `words` is not an object.");
}

#[wasm_bindgen_test]
async fn an_invalid_locale_is_named() {
    let message = mount_error(&[("locale", "de_AT!".into())]).await;
    assert_eq!(
        message,
        "Pipit: the option `locale` is not a language tag: de_AT!"
    );
}
