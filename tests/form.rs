//! The form before a conversation: how a host describes it, and what its function is told.

#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::expect_used,
    reason = "a test that cannot go on says so by a panic"
)]

mod page;

use js_sys::{JSON, Reflect};
use page::{Widget, function, object, refused, until, window};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

fn json(text: &str) -> JsValue {
    JSON::parse(text).expect("the test writes JSON")
}

#[wasm_bindgen_test]
async fn a_mistake_in_the_form_is_told_with_field_and_member() {
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
        let told = refused(&[("form", json(form))]).await;
        let names = [field, member].map(|name| told.contains(&format!("`{name}`")));
        assert_eq!(names, [true, true], "{form}: {told}");
    }
    for (name, value) in [
        ("form", JsValue::from("question")),
        ("prefill", JsValue::from(7)),
        ("prefill", json(r#"{"firstName": true}"#)),
        ("consent", JsValue::from(7)),
    ] {
        let told = refused(&[(name, value)]).await;
        assert!(told.contains(&format!("`{name}`")), "{name}: {told}");
    }
}

#[wasm_bindgen_test]
async fn the_function_is_told_the_answers() {
    let get_session = function("window.answers = JSON.stringify(it.answers); throw 'no'");
    let widget = Widget::mounted(&object(&[
        ("getSession", get_session.into()),
        ("form", json(r#"[{"name": "question", "required": true}]"#)),
        ("prefill", json(r#"{"firstName": "Mia", "categoryId": 12}"#)),
    ]));
    widget.open().await;
    widget.write("Where is it?").await;
    widget.click("[part=start]").await;
    let answers = until("answers", || {
        Reflect::get(&window(), &"answers".into()).ok()?.as_string()
    })
    .await;
    let expected = r#"{"categoryId":12,"firstName":"Mia","question":"Where is it?"}"#;
    assert_eq!(answers, expected);
}
