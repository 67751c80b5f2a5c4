//! The form before a conversation: errors in the host's description of it, and the answers that the host receives.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::expect_used, reason = "a test that cannot continue panics")]

mod page;

use js_sys::{JSON, Reflect};
use page::{Widget, function, mount_error, object, wait_until, window};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

fn parse_json(text: &str) -> JsValue {
    JSON::parse(text).expect("the text is JSON")
}

#[wasm_bindgen_test]
async fn an_error_in_the_form_names_the_field_and_the_member() {
    for (form, field, member) in [
        (r#"[{"label": "Name"}]"#, "1", "name"),
        (r#"[{"name": "plan"}]"#, "plan", "label"),
        (
            r#"[{"name": "question", "type": "date"}]"#,
            "question",
            "type",
        ),
        (
            r#"[{"name": "question", "requird": true}]"#,
            "question",
            "requird",
        ),
        (
            r#"[{"name": "question", "required": "yes"}]"#,
            "question",
            "required",
        ),
        (
            r#"[{"name": "question", "label": {}}]"#,
            "question",
            "label",
        ),
        (r#"[{"name": "productId"}]"#, "productId", "options"),
        (
            r#"[{"name": "productId", "options": ["Tents"]}]"#,
            "productId",
            "options",
        ),
        (
            r#"[{"name": "categoryId", "type": "text"}]"#,
            "categoryId",
            "type",
        ),
        (
            r#"[{"name": "question"}, {"name": "question"}]"#,
            "question",
            "name",
        ),
    ] {
        let message = mount_error(&[("form", parse_json(form))]).await;
        let names = [field, member].map(|name| message.contains(&format!("`{name}`")));
        assert_eq!(names, [true, true], "{form}: {message}");
    }
    for (name, value) in [
        ("form", JsValue::from("question")),
        ("messageForm", JsValue::from("question")),
        ("messageForm", parse_json(r#"[{"name": 7}]"#)),
        ("prefill", JsValue::from(7)),
        ("prefill", parse_json(r#"{"firstName": true}"#)),
        ("consent", JsValue::from(7)),
    ] {
        let message = mount_error(&[(name, value)]).await;
        assert!(message.contains(&format!("`{name}`")), "{name}: {message}");
    }
}

#[wasm_bindgen_test]
async fn the_function_get_session_receives_the_answers() {
    let get_session = function("window.answers = JSON.stringify(it.answers); throw 'no'");
    let widget = Widget::mounted(&object(&[
        ("getSession", get_session.into()),
        (
            "form",
            parse_json(r#"[{"name": "question", "required": true}]"#),
        ),
        (
            "prefill",
            parse_json(r#"{"firstName": "Mia", "categoryId": 12}"#),
        ),
    ]));
    widget.open().await;
    widget.type_text("Where is it?").await;
    widget.click("[part=start]").await;
    let answers = wait_until("answers", || {
        Reflect::get(&window(), &"answers".into()).ok()?.as_string()
    })
    .await;
    let expected = r#"{"categoryId":12,"firstName":"Mia","question":"Where is it?"}"#;
    assert_eq!(answers, expected);
}
