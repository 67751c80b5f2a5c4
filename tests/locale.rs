//! The words: of the visitor's locale, of the host, and what is wrong with them.

#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::expect_used,
    reason = "a test that cannot go on says so by a panic"
)]

mod page;

use std::sync::atomic::{AtomicUsize, Ordering};

use js_sys::{JSON, Reflect};
use page::{Fetch, Widget, function, next_frame, object, refused, window};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// A language's file, as the loader hands it over.
macro_rules! language {
    ($name:literal) => {
        JSON::parse(include_str!(concat!("../src/locale/", $name, ".json")))
            .expect("a language file is JSON")
    };
}

fn opened(options: &[(&str, JsValue)]) -> Widget {
    let never = function("return new Promise(() => {})");
    let own = [("getSession", never.into()), ("site", own_site().into())];
    Widget::mounted(&object(&[options, &own].concat()))
}

/// Widgets of one site share their conversation, as tabs do; here each is to begin anew.
fn own_site() -> String {
    static SITES: AtomicUsize = AtomicUsize::new(0);
    format!("shop{}", SITES.fetch_add(1, Ordering::Relaxed))
}

async fn attribute(widget: &Widget, css: &str, name: &str) -> String {
    next_frame().await;
    let element = widget.find(css).await;
    element.get_attribute(name).unwrap_or_default()
}

/// Checks what is told of a wait, in the words of a language.
async fn waits(tag: &str, language: JsValue, wait: &str, place: &str, expected: &str) {
    // A chat server that tells of this wait, and then nothing more.
    let server = Fetch::replaced_by(
        &r#"
        const messages = [{ messageName: "RNEngagementWaitInformationChangedMessage", WAIT }];
        const answer = (body) => Promise.resolve(new Response(JSON.stringify(body)));
        if (it.url.includes("/requestEngagement")) {
            return answer({ resultType: "SUCCESS", sessionId: "s", engagementId: 1, clientId: 2 });
        }
        if (it.url.includes("/getMessages") && !window.waitTold) {
            window.waitTold = true;
            return answer({ systemMessages: messages });
        }
        return new Promise(() => {});"#
            .replace("WAIT", wait),
    );
    Reflect::set(&window(), &"waitTold".into(), &false.into()).expect("it can be set");
    let widget = Widget::mounted(&object(&[
        ("locale", tag.into()),
        ("language", language),
        ("jwt", "a.b.c".into()),
        ("site", own_site().into()),
        ("baseUrl", "https://chat.example.com".into()),
    ]));
    widget.open().await;
    widget.click("[part~=start]").await;
    widget.sees(".place", place).await;
    widget.sees(".expected", expected).await;
    drop(server);
}

#[wasm_bindgen_test]
async fn without_a_locale_it_is_english() {
    let widget = opened(&[]);
    assert_eq!(attribute(&widget, "[lang]", "lang").await, "en");
    assert_eq!(attribute(&widget, "[lang]", "dir").await, "ltr");
}

#[wasm_bindgen_test]
async fn german() {
    let widget = opened(&[("locale", "de-AT".into()), ("language", language!("de"))]);
    assert_eq!(attribute(&widget, "[lang]", "lang").await, "de-AT");
    assert_eq!(attribute(&widget, "[lang]", "dir").await, "ltr");
    widget.open().await;
    widget.sees("[part~=start]", "Chat starten").await;
    let placeholder = attribute(&widget, "textarea", "placeholder").await;
    assert_eq!(placeholder, "Nachricht schreiben");
    widget.click("[part~=start]").await;
    widget
        .sees("[part~=status]", "Verbindung wird aufgebaut")
        .await;
}

#[wasm_bindgen_test]
async fn arabic_runs_from_right_to_left() {
    let widget = opened(&[("locale", "ar".into()), ("language", language!("ar"))]);
    assert_eq!(attribute(&widget, "[lang]", "lang").await, "ar");
    assert_eq!(attribute(&widget, "[lang]", "dir").await, "rtl");
    widget.open().await;
    widget.sees("[part~=start]", "بدء المحادثة").await;
    assert_eq!(widget.count("[part~=welcome]:dir(rtl)"), 1);
}

#[wasm_bindgen_test]
async fn waits_are_counted_by_the_rules_of_the_language() {
    let minutes =
        |position, seconds| format!("position: {position}, expectedWaitTimeSeconds: {seconds}");
    let english = JsValue::UNDEFINED;
    waits(
        "en",
        english.clone(),
        &minutes(2, 30),
        "You are second in line",
        "Less than a minute",
    )
    .await;
    waits(
        "en",
        english,
        &minutes(1_234, 60),
        "You are number 1,234 in line",
        "About a minute",
    )
    .await;
    waits(
        "de-AT",
        language!("de"),
        &minutes(1, 7_200),
        "Sie sind als Nächstes an der Reihe",
        "Etwa 2 Stunden",
    )
    .await;
    waits(
        "ar-EG",
        language!("ar"),
        &minutes(4, 180),
        "دورك رقم \u{2068}٤\u{2069} في قائمة الانتظار",
        "حوالي \u{2068}٣\u{2069} دقائق",
    )
    .await;
    waits(
        "ar-EG",
        language!("ar"),
        &minutes(3, 120),
        "دورك هو الثالث في قائمة الانتظار",
        "حوالي دقيقتين",
    )
    .await;
}

#[wasm_bindgen_test]
async fn the_host_s_words_come_first_then_the_language_s_then_english() {
    let language = object(&[
        ("tryAgain", "Noch einmal".into()),
        ("startChat", "Los".into()),
    ]);
    let words = object(&[("startChat", "Plaudern".into())]);
    let widget = opened(&[
        ("locale", "de".into()),
        ("language", language),
        ("words", words),
    ]);
    widget.open().await;
    widget.sees("[part~=start]", "Plaudern").await;
    widget
        .sees("[part~=welcome] h3", "Hello! How can we help?")
        .await;
}

#[wasm_bindgen_test]
async fn what_is_wrong_in_the_host_s_words_is_named() {
    for (key, text, told) in [
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
        let told = ["Pipit: the option `words`: ", told].concat();
        assert_eq!(refused(&[("words", object(&[(key, text)]))]).await, told);
    }
    let told = refused(&[("words", "Post".into())]).await;
    assert_eq!(told, "Pipit: the option `words` is not an object.");
}

#[wasm_bindgen_test]
async fn a_locale_that_is_no_tag_is_named() {
    let told = refused(&[("locale", "de_AT!".into())]).await;
    assert_eq!(
        told,
        "Pipit: the option `locale` is not a language tag: de_AT!"
    );
}
